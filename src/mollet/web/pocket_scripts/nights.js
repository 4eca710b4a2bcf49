// What was said on this phone, by plain local dates. Which night an instant belongs to is decided when the file comes home.
import { records } from "./outbox.js";
import { fill } from "./fill.js";
import { written } from "./pocket.js";

export function leaves(entries) {
  const replaced = new Set(entries.flatMap((entry) => entry.replaces));
  return entries.filter((entry) => !replaced.has(entry.id) && entry.data.kind !== "withdrawn");
}

const list = document.querySelector("#said-list");
const { dataset: words } = list;
const said = leaves((await records()).map((record) => record.entry)).filter(({ data }) => data.kind === "night" || data.kind === "cramp");
said.sort((a, b) => moment(b) - moment(a));
list.append(...said.map(line));
document.querySelector("#none-yet").hidden = said.length > 0;

function moment({ at, data }) {
  return data.night ? new Date(`${data.night}T23:59`) : new Date(at);
}

function line({ at, data }) {
  if (data.kind === "cramp") {
    const minutes = data.end ? Math.max(1, Math.round((new Date(data.end) - new Date(at)) / 60_000)) : null;
    return fill("#line", { when: written(at, { dateStyle: "full", timeStyle: "short" }), what: minutes === null ? words.open : words.cramp.replace("{n}", minutes) });
  }
  const day = data.night ? `${data.night}T12:00` : at;
  const what = data.cramps ? words[data.cramps === 1 ? "one" : "several"].replace("{n}", data.cramps) : words.none;
  return fill("#line", { when: words.night.replace("{day}", written(day, { dateStyle: "full" })), what });
}
