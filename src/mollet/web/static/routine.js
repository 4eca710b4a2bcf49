// Tonight's routine laid out on a page without a house; plan.js then counts its holds.
import { folded } from "./sources.js";

const find = (selector, where = document) => where.querySelector(selector);

export function show(parts, first) {
  const place = find("#routine");
  for (const { words, sources } of first) place.append(filled("#urgent", { words }), behind(sources));
  if (!first.length) parts.forEach((part) => place.append(remedy(part)));
  place.hidden = !place.querySelector("article, p");
}

function remedy(part) {
  const made = filled("#remedy", { name: part.name, does: part.does });
  const conditions = find(".condition", made);
  part.conditions.forEach((words) => conditions.append(Object.assign(document.createElement("li"), { textContent: words })));
  conditions.hidden = !part.conditions.length;
  find("article", made).append(behind(part.sources));
  const list = find("[data-routine]", made);
  if (!part.steps.length) {
    list.remove();
    find("[data-begin]", made).closest("p").remove();
    return made;
  }
  for (const step of part.steps) {
    const item = find("li", filled("#hold", { words: step.words, does: step.does }));
    Object.assign(item.dataset, { seconds: step.seconds, repeats: step.repeats, rest: step.rest_seconds, legs: step.each_leg ? 2 : 1 });
    const drawn = find(`template[data-drawing="${step.drawing}"]`);
    if (drawn) item.prepend(drawn.content.cloneNode(true));
    list.append(item);
  }
  return made;
}

// A house of an earlier version may have named none.
function behind(names = ["standard"]) {
  const { source, several } = find("#remedy").dataset;
  return folded(names, [source, several]);
}

function filled(template, words) {
  const made = find(template).content.cloneNode(true);
  for (const [place, text] of Object.entries(words)) find(`[data-${place}]`, made).textContent = text;
  return made;
}
