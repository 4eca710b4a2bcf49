// Everything on this phone as one file, in the format in which a house gives its diary away; and such a file back in.
import { diary, keepAll, offer, records } from "./outbox.js";

const PLACE = "mollet.country";
const find = (selector) => document.querySelector(selector);
const link = find("#take-out");
const told = find("#taken-in");

async function complete() {
  const entries = (await records()).map((record) => record.entry);
  const head = {
    format: "mollet-diary",
    version: 1,
    program: `mollet pocket ${find("meta[name=pocket]").content}`,
    diary: diary(),
    person: { language: document.documentElement.lang, zone: Intl.DateTimeFormat().resolvedOptions().timeZone, country: localStorage.getItem(PLACE) ?? undefined },
  };
  const lines = Object.entries(head).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)},`);
  const said = entries.map((entry) => JSON.stringify(entry)).join(",\n");
  return `{\n${lines.join("\n")}\n"entries": [\n${said}\n],\n"imports": []\n}\n`;
}

async function prepare() {
  offer(link, await complete());
}

// Each entry by itself: new, known already, or not readable; one that is not readable blocks no other.
async function takeIn(file) {
  let document;
  try {
    document = JSON.parse(await file.text());
  } catch {
    return told.dataset.wrong;
  }
  if (document?.format !== "mollet-diary" || !Array.isArray(document.entries)) return told.dataset.wrong;
  if (document.version > 1) return told.dataset.newer;
  const known = new Set((await records()).map((record) => record.id));
  const readable = document.entries.filter(isEntry);
  const fresh = readable.filter((entry) => !known.has(entry.id));
  if (!known.size && document.diary) localStorage.setItem("mollet.diary", document.diary);
  const place = document.person?.country;
  if (/^[A-Z]{2}$/.test(place) && !localStorage.getItem(PLACE)) localStorage.setItem(PLACE, place);
  await keepAll(fresh);
  const measures = Array.isArray(document.imports) && document.imports.length ? ` ${told.dataset.measures}` : "";
  return told.dataset.done
    .replace("{new}", fresh.length).replace("{known}", readable.length - fresh.length).replace("{refused}", document.entries.length - readable.length) + measures;
}

function isEntry(one) {
  const texts = ["id", "about", "at", "zone", "said"];
  return one !== null && typeof one === "object" && texts.every((key) => typeof one[key] === "string") && Array.isArray(one.replaces) && typeof one.data?.kind === "string"
    && !Number.isNaN(Date.parse(one.at)) && !Number.isNaN(Date.parse(one.said));
}

const taken = find("#take-in");

async function takeChosen() {
  if (!taken.files.length) return;
  told.textContent = await takeIn(taken.files[0]).catch(() => told.dataset.failed);
  taken.value = "";
  // What is kept here is counted again, and stands in the file that can be saved.
  document.dispatchEvent(new Event("outbox"));
}

taken.addEventListener("change", takeChosen);
// A file that was chosen before this script was here.
takeChosen();
document.addEventListener("outbox", prepare);
prepare();
