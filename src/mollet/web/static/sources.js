// What advice rests on, one tap away: folded lists that hold names, filled from what travels beside the page once one is opened.
import { unpack } from "./fill.js";

const { lang } = document.documentElement;
const beside = (name) => new URL(`../${name}`, import.meta.url);
const places = document.querySelector("meta[name=pocket]") ? [beside("sources.bin"), beside(`${lang}/words.bin`)] : ["/offline/sources.json", `/offline/words.${lang}.json`];

// A list for a sentence that a script writes: names of documents, the last one "standard" where the wording is only usual practice.
export function folded(names, [one, more]) {
  const made = document.createElement("details");
  made.className = "sources";
  made.dataset.sources = names.join(" ");
  made.append(written("summary", names.filter((name) => name !== "standard").length > 1 ? more : one));
  return made;
}

async function list(details) {
  const { sources: asked } = details.dataset;
  delete details.dataset.sources;
  try {
    const [{ documents, lists }, { sources: words }] = await Promise.all(places.map(unpack));
    // Lists that stand in pages travel once for both languages: there a number stands for one.
    const names = (lists[asked] ?? asked).split(" ");
    const lines = document.createElement("ul");
    for (const name of names) {
      if (name === "standard") continue;
      const [reference, identifier, read] = documents[name];
      const line = written("li", `${reference} `);
      line.append(written("span", identifier), " ", written("span", `(${name}; ${words.read[read]})`));
      lines.append(line);
    }
    if (lines.children.length) details.append(lines);
    if (names.includes("standard")) details.append(written("p", words.standard));
  } catch {
    // What cannot be had now is asked for again at the next tap.
    details.dataset.sources = asked;
  }
}

function written(tag, text) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (tag === "span") made.className = "soft";
  return made;
}

// Lists come and go with what scripts write: one ear for all of them.
document.addEventListener("toggle", ({ target }) => { if (target.open && target.dataset.sources) list(target); }, true);
for (const details of document.querySelectorAll("details[open][data-sources]")) list(details);
