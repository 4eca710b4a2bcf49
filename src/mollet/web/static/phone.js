// This phone: what waits, what needs attention, storage that is promised, installing, and how loud it may be.
import { attention, offer, out, putAway, records, sayInstead } from "./outbox.js";
import { entry, name } from "./clock.js";
import { lastNight } from "./ahead.js";
import { aloud, canSpeak, speak, wish, wishes } from "./speak.js";

const find = (selector, where = document) => where.querySelector(selector);
const card = find("#attention");

async function show() {
  const [wanting, all] = [await attention(), await records()];
  const ids = new Set(wanting.map((record) => record.id));
  const queued = all.filter((record) => !ids.has(record.id)).length;
  const words = find("#queued");
  words.textContent = words.dataset[queued ? out ? "out" : "some" : "none"].replace("{n}", queued);
  if (out) find("#let-in").hidden = !queued;
  card.hidden = !wanting.length;
  find("[data-list]", card).replaceChildren(...wanting.map(line));
  offer(find("[data-export]", card), wanting);
}

function line(record) {
  const made = find("#one").content.cloneNode(true);
  const { dataset } = find("[data-list]", card);
  const { at, data } = record.entry;
  find("[data-what]", made).textContent = dataset[data.kind] ?? dataset.thing;
  find("[data-when]", made).textContent = new Intl.DateTimeFormat(document.documentElement.lang === "en" ? "en-GB" : "fr", { dateStyle: "medium", timeStyle: "short" }).format(new Date(at));
  find("[data-why]", made).textContent = record.reason ?? dataset.other;
  offerLastNight(record, made);
  return made;
}

// A clock that ran days ahead asked for a night that was yet to come. Now that it is right, one tap says which one was meant.
function offerLastNight(record, made) {
  const button = find("[data-instead]", made);
  const { kind, night, cramps } = record.entry.data;
  const last = lastNight();
  if (!record.reason || kind !== "night" || !last || !(night > last.date)) return;
  const day = new Intl.DateTimeFormat(document.documentElement.lang === "en" ? "en-GB" : "fr", { dateStyle: "long" }).format(new Date(`${last.date}T12:00`));
  button.textContent = button.dataset.instead.replace("{day}", day);
  button.hidden = false;
  const id = name();
  button.addEventListener("click", () => sayInstead(record.id, entry(id, id, [], Date.now(), { kind, night: last.date, cramps })), { once: true });
}

// Only after it was saved may the list be put away, and only by a tap that says so.
find("[data-export]", card).addEventListener("click", () => { find("[data-away]", card).hidden = false; });
find("[data-away]", card).addEventListener("click", async () => putAway((await attention()).map((record) => record.id)));
document.addEventListener("outbox", show);
show();

// --- storage that the browser promises to keep -------------------------------------------------------------------------

const persist = find("#persist");
const persisted = find("#persisted");
if (!navigator.storage?.persist) persisted.textContent = persisted.dataset.cannot;
else if (await navigator.storage.persisted()) persisted.textContent = persisted.dataset.yes;
else persist.hidden = false;
persist.addEventListener("click", async () => {
  const promised = await navigator.storage.persist();
  persisted.textContent = persisted.dataset[promised ? "yes" : "no"];
  persist.hidden = promised;
});

// --- on the home screen ------------------------------------------------------------------------------------------------

const place = find("#install-button");
let offered;
addEventListener("beforeinstallprompt", (event) => { event.preventDefault(); offered = event; place.hidden = false; });
place.addEventListener("click", () => { offered.prompt(); place.hidden = true; });
// Installed: the one moment, besides a tap, at which the browser is asked to keep what is here.
addEventListener("appinstalled", () => navigator.storage?.persist?.());

// --- speech, sound, vibration -------------------------------------------------------------------------------------------

const form = find("#voice");
const told = find("#voiced");
for (const box of form.querySelectorAll("input")) box.checked = wishes()[box.name];
form.addEventListener("change", (event) => {
  wish({ [event.target.name]: event.target.checked });
  told.textContent = told.dataset.kept;
});
form.addEventListener("submit", (event) => event.preventDefault());
find("#hear").addEventListener("click", () => {
  if (!canSpeak()) { told.textContent = told.dataset.none; return; }
  aloud(true);
  speak(told.dataset.words);
});
