// To the pages of the language that was used last, else of the phone.
const spoken = ["fr", "en"];
const last = localStorage.getItem("mollet.language");
location.replace(`${spoken.includes(last) ? last : spoken.find((lang) => navigator.language.startsWith(lang)) ?? "en"}/`);
