// The check-up on a phone without its house: danger signs first, one screen at a time, then how urgent it is and why.
import { flush, keepAll, records } from "./outbox.js";
import { entry, name } from "./clock.js";
import { fill, unpack } from "./fill.js";
import { answers } from "./answers.js";
import { country, fillCalls } from "./calls.js";
import { folded } from "./sources.js";
import { nextScreen, resolve, triage } from "./rules.js";

const find = (selector, where = document) => where.querySelector(selector);
const place = find("#screen");
const seen = [];
// What was said on this page, also where the browser can keep nothing: a danger sign counts all the same.
const here = {};
let rules, words;

async function known() {
  return { ...await answers(rules).catch(() => ({})), ...here };
}

async function begin() {
  const { dataset } = place;
  [rules, words] = await Promise.all([unpack(dataset.rules), unpack(dataset.words)]);
  await onward();
}

async function judged() {
  const held = await known();
  // All names of all medicines are the heaviest part: fetched once one was named.
  if (!rules.names && Object.entries(held).some(([key, value]) => Array.isArray(value) && rules.questions[key]?.list_of in rules.classes)) Object.assign(rules, await unpack(place.dataset.names));
  return triage(resolve(held, rules), rules);
}

async function onward() {
  const found = await judged();
  const group = nextScreen(found, rules, seen);
  if (group === null) result(found);
  else ask(group);
}

// --- one screen -------------------------------------------------------------------------------------------------------

async function ask(group) {
  const held = await known();
  const keys = Object.keys(rules.questions).filter((key) => rules.questions[key].group === group);
  const made = fill("#group", { name: words.groups[group].name, intro: words.groups[group].intro ?? "" });
  const list = find("[data-list]", made);
  for (const key of keys) list.append(question(key, held[key]));
  find("[data-none]", made).hidden = keys.filter((key) => rules.questions[key].type === "boolean").length < 2;
  const form = find("form", made);
  form.addEventListener("submit", (event) => send(event, group, keys));
  find("[data-stop]", made).addEventListener("click", async () => result(await judged()));
  show(made);
}

function question(key, held) {
  const { type, list_of: kind, values = [] } = rules.questions[key];
  const said = words.questions[key];
  const template = type === "boolean" ? "#yes-no" : type === "choice" ? "#choice" : kind === "topic" ? "#topics" : type === "number" ? "#number" : "#names";
  const made = fill(template, { asks: said.asks, help: [said.help, type === "number" && said.unit ? `(${said.unit})` : ""].filter(Boolean).join(" ") });
  for (const input of made.querySelectorAll("input, textarea")) input.name = input.name.replace("KEY", key);
  made.querySelectorAll("label[for]").forEach((label) => { label.htmlFor = key; });
  const field = find("[data-field]", made);
  if (field) {
    field.id = key;
    field.value = Array.isArray(held) ? held.join("\n") : held ?? "";
  }
  const options = find("[data-values]", made);
  if (options) values.forEach((value) => options.before(option(key, value, said.values[value], type, held)));
  if (type === "boolean" && held !== undefined) find(`input[value=${held ? "yes" : "no"}]`, made).checked = true;
  if (Array.isArray(held) && !held.length) find(`[name=${key}_none]`, made).checked = true;
  return made;
}

function option(key, value, text, type, held) {
  const made = fill(type === "choice" ? "#one-of" : "#some-of", { words: text });
  const input = find("input", made);
  input.name = key;
  input.value = value;
  input.checked = Array.isArray(held) ? held.includes(value) : held === value;
  return made;
}

async function send(event, group, keys) {
  event.preventDefault();
  const form = new FormData(event.target);
  const denies = event.submitter?.name === "none";
  const problem = find("[data-problem]", event.target);
  const held = await known();
  const said = [];
  for (const key of keys) {
    const value = read(key, form, denies);
    if (value instanceof Error) {
      problem.textContent = `${words.questions[key].asks} ${problem.dataset.wrong}`;
      problem.hidden = false;
      problem.focus();
      return;
    }
    if (value !== undefined && !(value === null && (held[key] ?? null) === null)) said.push({ kind: "answer", question: key, value });
  }
  for (const { question, value } of said) here[question] = value;
  try {
    await keepAll(said.map((data) => named(name(), data)));
    flush();
  } catch {
    find("[data-not-kept]").hidden = false;
  }
  seen.push(group);
  onward();
}

function named(id, data) {
  return entry(id, id, [], Date.now(), data);
}

// undefined: nothing was said; null: an earlier answer is taken back.
function read(key, form, denies) {
  const { type, list_of: kind, min = 0, max = 1e6 } = rules.questions[key];
  const typed = form.get(key);
  if (type === "boolean") return typed === "unknown" ? null : typed ? typed === "yes" : denies ? false : undefined;
  if (type === "choice") return typed || undefined;
  if (type === "number") {
    if (!typed?.trim()) return undefined;
    const value = Number(typed.trim().replace(",", "."));
    return Number.isFinite(value) && value >= min && value <= max ? value : new Error(key);
  }
  const none = form.get(`${key}_none`) !== null;
  const several = kind === "topic" ? form.getAll(key) : (typed ?? "").split(/[\n;]|,(?!\d)/).map((line) => line.trim()).filter(Boolean);
  if (none && several.length) return new Error(key);
  return several.length || none ? several : undefined;
}

// --- the result -------------------------------------------------------------------------------------------------------

async function result(found) {
  const tier = words.tiers[found.tier];
  const calm = rules.tiers[found.tier] < rules.tiers.same_day;
  const could = words.tiers[found.couldBe];
  const open = found.couldBe !== found.tier;
  // Silence is never "no": while something more urgent is possible, nothing reassures.
  const unfinished = open && calm;
  const made = fill("#result", { tier: tier.name, do: tier.do, net: unfinished ? "" : tier.safety_net });
  find(".tier", made).classList.toggle("danger", !calm);
  find(".tier", made).dataset.tier = found.tier;
  find(".tier", made).hidden = unfinished && !rules.tiers[found.tier];
  find("[data-first]", made).hidden = calm;
  const service = words.countries[country(words.countries)];
  const { call, text } = find("[data-call-words]", made).dataset;
  fillCalls(find("[data-call-words]", made), found.tier, service, { call, text, sources: words.sources.title });
  find(".tier", made).append(behind(rules.behind.tiers[found.tier]));
  const still = find("[data-open]", made);
  still.hidden = !open;
  const { could: more, couldUnread: unread } = find("[data-could]", still).dataset;
  find("[data-could]", still).textContent = (found.unasked.length ? more : unread).replace("{tier}", could.name);
  find("[data-on]", made).hidden = !found.unasked.length;
  if (unfinished) {
    find(".tier", made).before(still);
    find("[data-could]", still).setAttribute("role", "heading");
    find("[data-could]", still).setAttribute("aria-level", find(".tier", made).hidden ? 1 : 2);
  }
  lines(find("[data-findings]", made), found.findings.map((one) => `${words.flags[one.id]} (${one.because.map((key) => words.questions[key]?.short ?? key).join(", ")})`), found.findings.map(({ id }) => rules.behind.flags[id]));
  lines(find("[data-avoid]", made), found.avoid.map((id) => words.items[id]).filter(Boolean));
  find("[data-avoid]", made).append(behind(warnings(found)));
  lines(find("[data-unread]", made), found.notRecognised);
  find("[data-again]", made).addEventListener("click", () => { seen.length = 0; onward(); });
  find("[data-on]", made).addEventListener("click", () => { seen.length = 0; onward(); });
  show(made);
}

function lines(section, texts, sources = []) {
  section.hidden = !texts.length;
  find("ul", section).replaceChildren(...texts.map((text, n) => {
    const line = Object.assign(document.createElement("li"), { textContent: text });
    if (sources[n]) line.append(behind(sources[n]));
    return line;
  }));
}

function behind(names) {
  return folded(names.split(" "), words.sources.title);
}

// What the list of what to leave rests on: the signs that were found and warn of something.
function warnings(found) {
  const signs = rules.flags.filter(({ id, avoid }) => avoid.length && found.findings.some((one) => one.id === id));
  return [...new Set(signs.flatMap(({ id }) => rules.behind.flags[id].split(" ")))].join(" ");
}

function show(made) {
  place.replaceChildren(made);
  scrollTo(0, 0);
  [...place.querySelectorAll("[data-heading]")].find((one) => one.checkVisibility?.() ?? true)?.focus({ preventScroll: true });
}

const button = find("[data-begin-checkup]");
button.addEventListener("click", () => begin().catch(() => { find("[data-cannot]").hidden = false; }));
button.hidden = false;
// Begun before this page was opened: what was answered is here, and the next screen follows.
const begun = await records().catch(() => []);
if (begun.some(({ entry: { data } }) => data.kind === "answer" && data.question !== "clock_left_running")) button.textContent = find("[data-on]", find("#result").content).textContent;
