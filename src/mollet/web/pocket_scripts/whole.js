// On the pages of relief and of the alarm, which stand whole in their own files: what may come a moment later.
import { country, fillCalls } from "./calls.js";
import { unpack } from "./fill.js";
import { choose, lists } from "./place.js";
import { folded } from "./sources.js";
import { root } from "./pocket.js";

const form = document.querySelector("form[data-countries]");
if (document.querySelector("[data-calls]")) {
  const [known, shapes] = await Promise.all([`${document.documentElement.lang}/words.bin`, "drawings.bin"].map((name) => unpack(new URL(name, root))));
  document.querySelectorAll("[data-shapes]").forEach((drawing, n) => draw(drawing, known.drawings[drawing.dataset.shapes], shapes, n));
  document.querySelectorAll("[data-named] > li").forEach((line, n) => line.append(` ${known.flags[known.named[n]]}`));
  document.querySelectorAll("p[data-flag]").forEach((line) => line.append(` ${known.flags[line.dataset.flag]}`));
  document.querySelectorAll("[data-rests]").forEach((place) => place.replaceWith(folded(lists[place.dataset.rests].split(" "), known.sources.title)));
  const show = () => document.querySelectorAll("[data-calls]").forEach((where) => fillCalls(where, where.dataset.calls, known.countries[country(known.countries)], { ...known.calls, sources: known.sources.title }));
  show();
  if (form) offer(known.countries, show);
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

function offer(countries, show) {
  const choice = form.querySelector("select");
  choice.append(...Object.entries(countries).map(([id, { name }]) => new Option(name, id)));
  choice.value = country(countries);
  form.querySelector("button").remove();
  choice.addEventListener("change", () => { choose(choice.value); show(); });
}
