// Whom to call: for the country that the page names, which the house or this phone knows; else a sentence without a number.
import { folded } from "./sources.js";

export function country(known) {
  const named = document.querySelector("[data-country]")?.dataset.country;
  return named in known ? named : "ZZ";
}

export function fillCalls(where, tier, service, words) {
  const rows = [];
  if (tier === "emergency") {
    rows.push(...service.emergency.map((number) => link("tel", number, words.call)));
    if (service.text) rows.push(link("sms", service.text, words.text));
    if (service.says) rows.push(sentence(service.says));
  } else if (tier === "same_day") {
    for (const one of service.same_day) rows.push(link("tel", one.number, words.call), sentence(one.says));
    const said = service.today ?? service.says;
    if (!service.same_day.length && said) rows.push(sentence(said));
  }
  if (rows.length) rows.push(folded(service.sources.split(" "), words.sources));
  where.replaceChildren(...rows);
}

function link(kind, number, words) {
  const made = document.createElement("a");
  made.classList.add("button", "danger", "call");
  made.href = `${kind}:${number.replaceAll(" ", "")}`;
  made.textContent = words.replace("{number}", number);
  return made;
}

function sentence(words) {
  return Object.assign(document.createElement("p"), { textContent: words });
}
