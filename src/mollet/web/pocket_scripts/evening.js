// Tonight's routine by the answers on this phone: nothing that they forbid, nothing beside something urgent.
import { unpack } from "./fill.js";
import { root } from "./pocket.js";
import { answers } from "./answers.js";
import { resolve, routine } from "./rules.js";
import { show } from "./routine.js";
import { draw } from "./whole.js";

const [rules, words, shapes] = await Promise.all([unpack(new URL("rules.bin", root)), unpack("words.bin"), unpack(new URL("drawings.bin", root))]);
for (const { content, dataset } of document.querySelectorAll("template[data-drawing]")) {
  content.querySelectorAll("[data-shapes]").forEach((drawing) => draw(drawing, words.drawings[dataset.drawing], shapes, dataset.drawing));
}
const { first, parts } = routine(resolve(await answers(rules), rules), rules);
show(parts.map(laidOut), first.map((id) => ({ words: words.flags[id], sources: rules.behind.flags[id].split(" ") })));
document.getElementById("ask-first").hidden = first.length > 0 || parts.length > 0;

function laidOut({ id, variant, conditions, withSigns }) {
  const remedy = words.routine[id];
  const form = variant ? remedy.variants[variant] : remedy;
  return { sources: rules.behind.routine[id].split(" "), name: form.name, does: form.does, steps: form.steps, conditions: [...withSigns ? [words.with_signs] : [], ...conditions.map((n) => remedy.against[n])] };
}
