// The first page without a house: relief, last night, tonight's routine. What is said goes into the outbox like everything else.
import { keep, records } from "./outbox.js";
import { entry, name } from "./clock.js";
import { day, heldNights, known, lastNight } from "./ahead.js";
import { show } from "./routine.js";

const find = (selector, where = document) => where.querySelector(selector);
const lang = document.documentElement.lang;
const question = find("#last-night");
let asked;
let isAnswering = false;

function written(date, options) {
  return new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, options).format(new Date(`${date}T12:00`));
}

// At night nothing is asked about the night that is still running: relief stands alone. Who sleeps by day has no night by the clock.
function isNight() {
  const byDay = Boolean(known().nights?.at(-1)?.by_day);
  document.body.classList.toggle("by-day", byDay);
  return document.documentElement.dataset.hour === "night" && !byDay;
}

// A page that stood open may be looked at again after another night. It asks once it knows what was said already: what is
// told then is never about an older answer than the one just tapped.
async function look() {
  if (isNight()) {
    asked = undefined;
    question.hidden = find("#said").hidden = find("#not-kept").hidden = true;
    return;
  }
  const night = lastNight() ?? { date: day(new Date(), -1) };
  const earlier = await said(night.date).catch(() => []);
  if (night.date === asked || isNight()) return;
  asked = night.date;
  ask(night);
  if (earlier.length === 1) tell(earlier[0].data.cramps);
}

function ask(night) {
  const evening = written(asked, { weekday: "long", day: "numeric", month: "long" });
  const next = day(new Date(`${asked}T12:00`), 1);
  const dates = find("[data-dates]", question);
  if (night.by_day) find("h2", question).textContent = dates.dataset.sleep;
  dates.textContent = dates.dataset[night.by_day ? "day" : "dates"]
    .replace("{day}", evening)
    .replace("{evening}", evening)
    .replace("{morning}", written(next, { weekday: "long" }));
  find("#said").hidden = find("#not-kept").hidden = true;
  find("details", question).open = find("form", question).hidden = question.hidden = false;
}

// What the house knew, and this phone already said, of that night; a later answer stands in the place of an earlier one.
async function said(date) {
  const every = [...heldNights(date), ...(await records()).map((record) => record.entry)].filter(({ data }) => data.kind === "night" && data.night === date);
  const mine = [...new Map(every.map((one) => [one.id, one])).values()];
  const replaced = new Set(mine.flatMap((one) => one.replaces));
  return mine.filter((one) => !replaced.has(one.id));
}

// One gesture says one thing: its second tap finds the first under way.
async function tapped(event) {
  const button = event.target.closest("button[data-cramps]");
  if (!button) return;
  event.preventDefault();
  if (isAnswering) return;
  isAnswering = true;
  await answer(Number(button.dataset.cramps)).finally(() => { isAnswering = false; });
}

async function answer(cramps) {
  const night = asked;
  const earlier = await said(night);
  // Said here already. What only the house knew is said anew: it may have been taken back on another device since.
  const mine = (await records()).some(({ id }) => id === earlier[0]?.id);
  if (mine && earlier.length === 1 && earlier[0].data.cramps === cramps) return again(cramps);
  const id = name();
  const about = earlier.at(-1)?.about ?? id;
  try {
    await keep(entry(id, about, earlier.map((one) => one.id), Date.now(), { kind: "night", night, cramps }));
  } catch {
    find("#not-kept").hidden = false;
    return;
  }
  again(cramps);
}

function again(cramps) {
  tell(cramps);
  find("[data-again]").focus();
}

function tell(cramps) {
  const words = find("#said");
  find("[data-said]", words).textContent = cramps ? words.dataset[cramps === 1 ? "one" : "several"].replace("{n}", cramps) : words.dataset.none;
  words.hidden = false;
  find("form", question).hidden = true;
}

const { routine = [], first = [] } = known();
if (find("#routine")) show(routine, first.map((one) => (one.says ? { words: one.says, sources: one.sources } : { words: one })));
question.addEventListener("click", tapped);
find("[data-again]").addEventListener("click", () => { find("#said").hidden = true; find("form", question).hidden = false; });
document.addEventListener("visibilitychange", () => document.hidden || look());
// The page turns to night, or to morning, while it is looked at.
new MutationObserver(look).observe(document.documentElement, { attributeFilter: ["data-hour"] });
await look();

// --- only with a house -----------------------------------------------------------------------------------------------

// A morning answer that the house has kept is not asked for again.
if (/[?&]said=/.test(location.search)) question.hidden = true;
