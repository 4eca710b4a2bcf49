// Relief while it hurts: one step at a time, a ring that fills, a clock, and "It's gone" always under the thumb.
import { flush, keep, keepAll, start } from "./outbox.js";
import { aloud, buzz, canSpeak, isAloud, speak, tone } from "./speak.js";
import { TRIED_MS, answer, begin, close, elapsed, entry, episode, forget, isUntouched, name, read, resume, settle, touch } from "./clock.js";

const REST_MS = 5000;
const HUSH_MS = 700;
const body = document.body;
const find = (selector, where = document) => where.querySelector(selector);
const steps = [...document.querySelectorAll(".step")];
const form = find("#check form");
// A page that comes again: by a reload, by going back, or by a phone that had let it go and may not say so. Nobody asked for a new clock.
const comesAgain = !/navigate|prerender/.test(performance.getEntriesByType("navigation")[0]?.type);
const after = comesAgain && history.state; // what stood there, once a clock was stopped
const minutesToAsk = Number(form.dataset.minutes);
let way = 0;
let holdBegan = 0;
let beat;
let lamp;
let hushed;
let gone = null; // what was just kept: { state, end, leaf, told }

function view(which) {
  hush();
  body.dataset.view = which;
  // A clock that runs is known anyway; what is asked after it must outlive a reload, and no reload begins another cramp.
  history.replaceState("steps check danger".includes(which) ? null : { which, gone }, "");
  document.querySelectorAll("[data-in]").forEach((part) => { part.hidden = !part.dataset.in.split(" ").includes(which); });
  scrollTo(0, 0);
  find(`[data-in~="${which}"] [data-heading]`)?.focus({ preventScroll: true });
}

// The second tap of one gesture must not answer the screen that came in between. A key is heard at once.
function hush() {
  body.style.pointerEvents = "none";
  clearTimeout(hushed);
  hushed = setTimeout(() => { body.style.pointerEvents = ""; }, HUSH_MS);
}

// --- the steps ------------------------------------------------------------------------------------------------------

function show(index, wayIndex = 0) {
  const place = index % steps.length;
  way = wayIndex;
  steps.forEach((step, n) => {
    step.hidden = n !== place;
    [...step.querySelectorAll(".way")].forEach((each, m) => { each.hidden = m !== way; });
  });
  // One ring for all: it stands beside the drawing that is shown.
  find(".way:not([hidden]) .figure", steps[place]).append(find(".ring"));
  // A page that comes again is no hand that touches.
  if (beat || !comesAgain) touch({ step: place });
  holdBegan = Date.now();
  find(".way:not([hidden]) [data-heading]", steps[place])?.focus({ preventScroll: true });
  scrollTo(0, 0);
  readAloud();
  tick();
}

// The words first, then what they mean; the same that stands on the screen.
function readAloud() {
  const shown = find(".way:not([hidden])", current());
  speak([find("h2", shown), find(".does", shown)].map((part) => part.textContent.trim()).join(" "));
}

function toggleAloud(event) {
  aloud(!isAloud());
  event.target.closest("button").setAttribute("aria-pressed", String(isAloud()));
  readAloud();
}

function current() {
  return steps[read()?.step ?? 0] ?? steps[0];
}

function anotherWay() {
  const ways = current().querySelectorAll(".way").length;
  if (way + 1 < ways) show(steps.indexOf(current()), way + 1);
  else show(steps.indexOf(current()) + 1);
}

function otherLeg() {
  body.classList.toggle("mirrored");
  touch();
  holdBegan = Date.now();
  tick();
}

// --- clock and ring ---------------------------------------------------------------------------------------------------

function tick() {
  const state = read();
  if (!state) return;
  const passed = elapsed(state);
  find("#clock").textContent = written(passed);
  ring(current());
  if (isUntouched(state)) return stopUntouched();
  if (!state.asked && passed >= minutesToAsk * 60_000 && !(body.dataset.view === "check" && isLate())) askSigns(true);
}

function ring(step) {
  const hold = Number(step.dataset.seconds) * 1000;
  const passed = (Date.now() - holdBegan) % (hold + REST_MS);
  const resting = passed >= hold;
  const left = Math.ceil((hold - passed) / 1000);
  const shown = find(".ring");
  find(".arc", shown).setAttribute("stroke-dashoffset", String(100 - 100 * Math.min(1, passed / hold)));
  find(".ring-words", shown).textContent = resting ? find("#ring").dataset.rest : left < 100 ? left : written(hold - passed);
  if (resting !== (step.dataset.resting === "yes")) {
    step.dataset.resting = resting ? "yes" : "no";
    if (resting) { buzz(80); tone(); }
  }
}

function written(span) {
  const seconds = Math.floor(span / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

async function stayAwake() {
  if (!read() || document.visibilityState !== "visible") return;
  lamp = await navigator.wakeLock?.request("screen").catch(() => null);
}

function run() {
  body.classList.remove("looking");
  body.classList.add("running");
  gone = null;
  if (!read()) begin();
  holdBegan = Date.now();
  view("steps");
  show(read().step ?? 0);
  beat ??= setInterval(tick, 250);
  stayAwake();
}

function halt() {
  aloud(false);
  clearInterval(beat);
  beat = undefined;
  lamp?.release();
}

async function stopUntouched() {
  halt();
  await settle();
  view("stopped");
}

function onlyLooking() {
  hush();
  halt();
  forget();
  body.classList.replace("running", "looking");
  delete body.dataset.view;
  steps.forEach((step) => { step.hidden = false; step.querySelectorAll(".way").forEach((each) => { each.hidden = false; }); });
  document.querySelectorAll("[data-in]").forEach((part) => { part.hidden = part.dataset.in !== "steps" || part.dataset.needs === "clock"; });
  find("#check").hidden = false;
  find("#looking").hidden = false;
  scrollTo(0, 0);
}

// --- it's gone --------------------------------------------------------------------------------------------------------

async function itsGone() {
  const state = read();
  if (!state || gone) return;
  gone = { state, end: Date.now() };
  halt();
  if (elapsed(state) < TRIED_MS) {
    forget();
    told("tried");
  } else {
    await keepGone();
  }
}

async function keepGone() {
  hush();
  try {
    const state = await close(gone.end);
    // It was closed a moment ago: by another tab, or because nobody had touched it.
    if (!state) return view("thanks");
    gone = { ...gone, state, leaf: state.id };
    return told("kept");
  } catch {
    return told("not-kept");
  }
}

function told(which) {
  gone.told = which;
  find("#lasted").textContent = written(Math.max(0, gone.end - gone.state.onset));
  for (const id of ["tried", "kept", "not-kept"]) find(`#${id}`).hidden = id !== which;
  view("gone");
}

function recordAnyway() {
  resume(gone.state);
  keepGone();
}

// A later saying about the same cramp, in place of the one before.
async function sayMore(data) {
  hush();
  const id = name();
  await keep(entry(id, gone.state.about, [gone.leaf], gone.state.onset, data));
  gone.leaf = id;
}

async function saveMarks(event) {
  event.preventDefault();
  const chosen = new FormData(event.target);
  const said = {};
  if (chosen.get("leg")) said.leg = chosen.get("leg");
  if (chosen.get("severity")) said.severity = Number(chosen.get("severity"));
  if (Object.keys(said).length) await sayMore(episode(gone.state, said));
  view("thanks");
}

async function takeBack() {
  await sayMore({ kind: "withdrawn" });
  view("undone");
}

// --- ten minutes, and signs at any time ------------------------------------------------------------------------------------

const isLate = () => find("#check").dataset.late === "yes";

// The question of the ten minutes stays asked until then, whatever becomes of this page.
function answered() {
  touch(isLate() ? { asked: true } : {});
}

function askSigns(byClock = false) {
  // The clock asking is not the person answering: it does not count as a touch.
  const state = read();
  if (!byClock) touch();
  find("#check").dataset.late = state && elapsed(state) >= minutesToAsk * 60_000 ? "yes" : "no";
  find("#nothing").hidden = true;
  view("check");
  if (byClock) { buzz([120, 80, 120]); tone(); }
  speak(find("#check-title").textContent);
}

// The house worked out the urgency of every combination beforehand; here one only looks it up.
function judge(event) {
  event.preventDefault();
  const boxes = [...form.querySelectorAll("input[type=checkbox]")];
  const late = isLate();
  const index = boxes.reduce((sum, box, place) => sum + (box.checked ? 2 ** place : 0), 0);
  const tier = form.dataset[late ? "late" : "early"].split(" ")[index];
  if (index) answered(); else touch();
  // No tick is no answer: it says so and stays. A tick that was taken away is taken back.
  find("#nothing").hidden = Boolean(index);
  keepSigns(boxes).catch(() => {});
  if (!index) return scrollTo(0, 0);
  document.querySelectorAll("#danger [data-tier]").forEach((part) => { part.hidden = part.dataset.tier !== tier; });
  document.querySelectorAll("#danger [data-sign]").forEach((part) => { part.hidden = !late && "late" in part.dataset || !part.dataset.sign.split(" ").every((sign) => form.elements[sign].checked); });
  const calm = !document.querySelector(`#danger [data-tier="${tier}"]`);
  return view(calm ? "steps" : "danger");
}

// What was ticked is kept at once, as answers, whatever becomes of this page; what was not ticked stays not known.
async function keepSigns(boxes) {
  const state = read();
  if (!state) return;
  const now = Date.now();
  const facts = (box) => box.dataset.facts.split(" ");
  const ticked = boxes.filter((box) => box.checked).flatMap(facts);
  const said = { ...state.signs };
  const values = Object.fromEntries([...ticked.map((fact) => [fact, true]), ...Object.keys(said).filter((fact) => !ticked.includes(fact)).map((fact) => [fact, null])]);
  if (ticked.length) values[form.dataset.minutesFact] = Math.floor(elapsed(state) / 6000) / 10;
  const entries = Object.entries(values).filter(([fact, value]) => said[fact]?.value !== value).map(([question, value]) => {
    const id = name();
    const before = said[question];
    said[question] = { about: before?.about ?? id, id, value };
    return answer(id, said[question].about, before ? [before.id] : [], now, question, value, now);
  });
  await keepAll(entries);
  touch({ signs: said });
  flush();
}

// --- hands ----------------------------------------------------------------------------------------------------------------

const deeds = {
  gone: itsGone, next: () => show(steps.indexOf(current()) + 1), way: anotherWay, leg: otherLeg, signs: () => askSigns(),
  back: () => { answered(); view("steps"); }, looking: onlyLooking, anyway: recordAnyway, undo: takeBack, later: () => view("thanks"), again: run, aloud: toggleAloud,
};
document.addEventListener("click", (event) => {
  const deed = event.target.closest("[data-do]")?.dataset.do;
  if (deed) { event.preventDefault(); deeds[deed](event); }
});
form.addEventListener("submit", judge);
find("#marks").addEventListener("submit", saveMarks);
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") { tick(); stayAwake(); } });
// The clock was stopped in another tab: it stops here too, and no page begins another one by itself.
addEventListener("storage", (event) => { if (event.key === "mollet.cramp" && !event.newValue && beat) { halt(); view("thanks"); } });

// An alarm on a page kept on this phone, whose answers no longer hold: the house is asked for the page of now.
const standing = find("#standing");
if (standing?.dataset.until && !after && new Date(standing.dataset.until) < new Date() && !location.search) location.replace("?now");
// A page kept before an alarm was known: the steps stand at once, and the house is asked behind them.
if (!standing && !location.search && !find("meta[name=pocket]")) {
  fetch("/api/me", { cache: "no-store" })
    .then((answer) => (answer.ok ? answer.json() : {}))
    .then((me) => { if (me.first?.length && !history.state) location.replace("?now"); })
    .catch(() => {});
}

// What is said of danger names its sources: they come once somebody opens them, and nothing waits for them.
find("#danger").addEventListener("toggle", () => import("./sources.js"), true);

// A page that was only prepared in the background is not yet somebody with a cramp.
if (document.prerendering) await new Promise((seen) => document.addEventListener("prerenderingchange", seen, { once: true }));
if (await settle().catch(() => null)) {
  body.classList.add("running");
  view("stopped");
} else if (after) {
  body.classList.add("running");
  gone = after.gone;
  if (after.which === "gone") told(gone.told);
  else view(after.which);
} else {
  run();
}
const reader = find("[data-do=aloud]");
reader.hidden = !canSpeak();
reader.setAttribute("aria-pressed", String(isAloud()));
start(null, () => true);
flush();
