// Whom to call: for the country that was chosen on this phone, else for the region of its language, else a sentence without a number.
import { root, unpack } from "./pocket.js";

const PLACE = "mollet.country";

export function country(known) {
  const region = navigator.language.split("-")[1];
  return [localStorage.getItem(PLACE), region].find((one) => one in known) ?? "ZZ";
}

export function fillCalls(where, tier, service, words) {
  const rows = [];
  if (tier === "emergency") {
    rows.push(...service.emergency.map((number) => link("tel", number, words.call)));
    if (service.text) rows.push(link("sms", service.text, words.text));
    if (service.says) rows.push(sentence(service.says));
  } else if (tier === "same_day") {
    for (const one of service.same_day) rows.push(link("tel", one.number, words.call), sentence(one.says));
    if (!service.same_day.length && service.says) rows.push(sentence(service.says));
  }
  where.replaceChildren(...rows);
}

function link(kind, number, words) {
  const made = document.createElement("a");
  made.className = "button danger call";
  made.href = `${kind}:${number.replaceAll(" ", "")}`;
  made.textContent = words.replace("{number}", number);
  return made;
}

function sentence(words) {
  return Object.assign(document.createElement("p"), { textContent: words });
}

// On the pages of relief and of the alarm, which stand whole in their own files: what may come a moment later.
const form = document.querySelector("form[data-countries]");
if (document.querySelector("[data-calls]")) {
  const [known, shapes] = await Promise.all([unpack(new URL(`${document.documentElement.lang}/words.bin`, root)), unpack(new URL("drawings.bin", root))]);
  document.querySelectorAll("[data-shapes]").forEach((drawing, n) => draw(drawing, known.drawings[drawing.dataset.shapes], shapes, n));
  document.querySelectorAll("[data-named] [data-flag], p[data-flag]").forEach((line) => line.append(` ${known.flags[line.dataset.flag]}`));
  const show = () => document.querySelectorAll("[data-calls]").forEach((where) => fillCalls(where, where.dataset.calls, known.countries[country(known.countries)], known.calls));
  show();
  if (form) choose(known.countries, show);
}

export function draw(drawing, [title, description], shapes, n) {
  drawing.innerHTML = `<title id="s-${n}-t"></title><desc id="s-${n}-d"></desc>${shapes[drawing.dataset.shapes]}`;
  drawing.querySelector("title").textContent = title;
  drawing.querySelector("desc").textContent = description;
  drawing.removeAttribute("aria-hidden");
  drawing.classList.add("drawing");
  drawing.setAttribute("viewBox", shapes.box);
  drawing.setAttribute("role", "img");
  drawing.setAttribute("aria-labelledby", `s-${n}-t s-${n}-d`);
}

function choose(countries, show) {
  const choice = form.querySelector("select");
  choice.value = country(countries);
  form.querySelector("button").remove();
  choice.addEventListener("change", () => { localStorage.setItem(PLACE, choice.value); show(); });
}
