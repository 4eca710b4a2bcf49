// The first page without a house: relief, last night, tonight's routine. What is said goes into the outbox like everything else.
import { keep, records } from "./outbox.js";
import { entry, name } from "./clock.js";
import { day, known, lastNight } from "./ahead.js";
import { show } from "./routine.js";

const find = (selector, where = document) => where.querySelector(selector);
const lang = document.documentElement.lang;
const night = lastNight() ?? { date: day(new Date(), -1) };
const asked = night.date;
const question = find("#last-night");

function written(date, options) {
  return new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, options).format(new Date(`${date}T12:00`));
}

function ask() {
  const next = day(new Date(`${asked}T12:00`), 1);
  const dates = find("[data-dates]", question);
  if (night.by_day) find("h2", question).textContent = dates.dataset.sleep;
  dates.textContent = dates.dataset[night.by_day ? "day" : "dates"]
    .replace("{day}", written(asked, { weekday: "long", day: "numeric", month: "long" }))
    .replace("{evening}", written(asked, { weekday: "long", day: "numeric", month: "long" }))
    .replace("{morning}", written(next, { weekday: "long" }));
  question.hidden = false;
}

// What this phone already said of that night; a later answer stands in its place.
async function said() {
  const mine = (await records()).map((record) => record.entry).filter(({ data }) => data.kind === "night" && data.night === asked);
  const replaced = new Set(mine.flatMap((one) => one.replaces));
  return mine.filter((one) => !replaced.has(one.id));
}

async function answer(event) {
  const cramps = Number(event.target.closest("button[data-cramps]")?.dataset.cramps ?? NaN);
  if (Number.isNaN(cramps)) return;
  event.preventDefault();
  const earlier = await said();
  if (earlier.length === 1 && earlier[0].data.cramps === cramps) return tell(cramps);
  const id = name();
  const about = earlier.at(-1)?.about ?? id;
  try {
    await keep(entry(id, about, earlier.map((one) => one.id), Date.now(), { kind: "night", night: asked, cramps }));
  } catch {
    find("#not-kept").hidden = false;
    return;
  }
  tell(cramps);
}

function tell(cramps) {
  const words = find("#said");
  find("[data-said]", words).textContent = cramps ? words.dataset[cramps === 1 ? "one" : "several"].replace("{n}", cramps) : words.dataset.none;
  words.hidden = false;
  find("form", question).hidden = true;
  find("[data-again]").focus();
}

ask();
const { routine = [], first = [] } = known();
if (find("#routine")) show(routine, first.map((one) => (one.says ? { words: one.says, sources: one.sources } : { words: one })));
question.addEventListener("click", answer);
find("[data-again]").addEventListener("click", () => { find("#said").hidden = true; find("form", question).hidden = false; });
const earlier = await said().catch(() => []);
if (earlier.length === 1) tell(earlier[0].data.cramps);

// --- only with a house -----------------------------------------------------------------------------------------------

// A morning answer that the house has kept is not asked for again.
if (/[?&]said=/.test(location.search)) question.hidden = true;
