// The check-up on a phone without a house: danger signs first, one screen at a time, then how urgent it is and why.
import { keep } from "./outbox.js";
import { entry, name } from "./clock.js";
import { fill, root, unpack } from "./pocket.js";
import { answers } from "./answers.js";
import { country, fillCalls } from "./calls.js";
import { nextScreen, resolve, triage } from "./rules.js";

const find = (selector, where = document) => where.querySelector(selector);
const [rules, words] = await Promise.all([unpack(new URL("rules.bin", root)), unpack("words.bin")]);
const place = find("#screen");
const seen = [];

async function onward() {
  const found = triage(resolve(await answers(rules), rules), rules);
  const group = nextScreen(found, rules, seen);
  if (group === null) result(found);
  else ask(group);
}

// --- one screen -------------------------------------------------------------------------------------------------------

async function ask(group) {
  const held = await answers(rules);
  const keys = Object.keys(rules.questions).filter((key) => rules.questions[key].group === group);
  const made = fill("#group", { name: words.groups[group].name, intro: words.groups[group].intro ?? "" });
  const list = find("[data-list]", made);
  for (const key of keys) list.append(question(key, held[key]));
  find("[data-none]", made).hidden = keys.filter((key) => rules.questions[key].type === "boolean").length < 2;
  const form = find("form", made);
  form.addEventListener("submit", (event) => send(event, group, keys));
  find("[data-stop]", made).addEventListener("click", async () => result(triage(resolve(await answers(rules), rules), rules)));
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
  const held = await answers(rules);
  const said = [];
  for (const key of keys) {
    const value = read(key, form, denies);
    if (value instanceof Error) {
      problem.textContent = `${words.questions[key].asks} ${problem.dataset.wrong}`;
      problem.hidden = false;
      problem.focus();
      return;
    }
    if (value !== undefined && !(value === null && held[key] === undefined)) said.push({ kind: "answer", question: key, value });
  }
  for (const data of said) {
    const id = name();
    await keep(entry(id, id, [], Date.now(), data));
  }
  seen.push(group);
  onward();
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
  const several = kind === "topic" ? form.getAll(key) : (typed ?? "").split(/[\n,;]/).map((line) => line.trim()).filter(Boolean);
  if (none && several.length) return new Error(key);
  return several.length || none ? several : undefined;
}

// --- the result -------------------------------------------------------------------------------------------------------

async function result(found) {
  const tier = words.tiers[found.tier];
  const calm = rules.tiers[found.tier] < rules.tiers.same_day;
  const could = words.tiers[found.couldBe];
  const open = found.couldBe !== found.tier;
  const made = fill("#result", { tier: tier.name, do: tier.do, net: tier.safety_net });
  find(".tier", made).classList.toggle("danger", !calm);
  find(".tier", made).dataset.tier = found.tier;
  const service = words.countries[country(words.countries)];
  const { call, text } = find("[data-call-words]", made).dataset;
  fillCalls(find("[data-call-words]", made), found.tier, service, { call, text });
  const still = find("[data-open]", made);
  still.hidden = !open;
  find("[data-could]", still).textContent = find("[data-could]", still).dataset.could.replace("{tier}", could.name);
  // What is still open and more urgent stands before what would reassure.
  if (open && calm) find(".tier", made).before(still);
  lines(find("[data-findings]", made), found.findings.map((one) => `${words.flags[one.id]} (${one.because.map((key) => words.questions[key]?.short ?? key).join(", ")})`));
  lines(find("[data-avoid]", made), found.avoid.map((id) => words.items[id]).filter(Boolean));
  lines(find("[data-unread]", made), found.notRecognised);
  find("[data-again]", made).addEventListener("click", () => { seen.length = 0; onward(); });
  find("[data-on]", made).addEventListener("click", () => { seen.length = 0; onward(); });
  show(made);
}

function lines(section, texts) {
  section.hidden = !texts.length;
  find("ul", section).replaceChildren(...texts.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
}

function show(made) {
  place.replaceChildren(made);
  scrollTo(0, 0);
  find("[data-heading]", place)?.focus({ preventScroll: true });
}

const begin = find("[data-begin-checkup]");
begin.addEventListener("click", onward);
begin.hidden = false;
