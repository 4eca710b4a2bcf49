// Rules with three answers - yes, no, not known - over compiled knowledge: what the house computes in Python, for a phone without a house.
// Nothing here touches the page; a test holds it to the other evaluator over random answers.

const ELISION = /\b(?:[ldnjmtsc]|qu)['’]/g;
const OPERATORS = {
  "==": (got, limit) => got === limit,
  "!=": (got, limit) => got !== limit,
  "<": (got, limit) => got < limit,
  "<=": (got, limit) => got <= limit,
  ">": (got, limit) => got > limit,
  ">=": (got, limit) => got >= limit,
  in: (got, limit) => limit.includes(got),
};

// --- names ------------------------------------------------------------------------------------------------------------

// A name without accents, capitals, elided articles or punctuation.
export function fold(text) {
  const lower = text.toLowerCase().replaceAll("ß", "ss").replaceAll("œ", "oe").replaceAll("æ", "ae").replaceAll("µ", "u").replace(ELISION, " ");
  return lower.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[^0-9a-z]+/g, " ").trim();
}

// Only the whole name as it is listed; anything else is not recognised, and leaves open what it might be.
export function readName(text, rules) {
  rules.places ??= new Map(rules.names.flatMap((names, meaning) => apart(names).map((name) => [name, meaning])));
  const place = rules.places.get(fold(text));
  if (place === undefined) return { facts: [], open: [], whole: false };
  const [facts, open, whole] = rules.meanings[place];
  return { facts, open, whole };
}

// A capital says how many letters a name shares with the one before it.
function apart(names) {
  let name = "";
  return [...names.matchAll(/([A-Z])([^A-Z]*)/g)].map(([, shared, rest]) => (name = name.slice(0, shared.charCodeAt(0) - 65) + rest));
}

export function isNothing(text, rules) {
  return rules.nothing.some((word) => fold(word) === fold(text));
}

// --- facts ------------------------------------------------------------------------------------------------------------

// From answers to facts: missing is not known, an empty list is none.
export function resolve(answers, rules) {
  const facts = { known: new Map(), origin: new Map(), said: new Map(), answered: new Set(), notRecognised: [] };
  for (const [key, value] of Object.entries(answers)) {
    if (value === null || value === undefined || !rules.questions[key]) continue;
    facts.answered.add(key);
    if (!Array.isArray(value)) facts.known.set(key, value);
  }
  addNames(answers, rules, facts);
  addTopics(answers, rules, facts);
  addSetFacts(rules, facts);
  addImplied(rules, facts);
  return facts;
}

function listQuestions(rules) {
  return Object.entries(rules.questions).filter(([, question]) => question.list_of).map(([key, question]) => [question.list_of, key]);
}

function addNames(answers, rules, facts) {
  const open = new Set();
  const found = new Set();
  for (const [kind, key] of listQuestions(rules)) {
    const named = answers[key];
    if (kind === "topic" || !Array.isArray(named)) continue;
    const all = rules.classes[kind].map((name) => `${kind}:${name}`);
    all.forEach((fact) => facts.known.set(fact, false));
    for (const text of named.filter((one) => !isNothing(one, rules))) {
      const got = readName(text, rules);
      const implied = new Set(got.facts.flatMap((fact) => [fact, ...rules.implies[fact] ?? []]));
      implied.forEach((fact) => { found.add(fact); facts.said.set(fact, [...facts.said.get(fact) ?? [], text]); });
      got.open.forEach((fact) => open.add(fact));
      if (!got.whole || !answersTheQuestion(kind, got.facts)) {
        facts.notRecognised.push(text);
        all.forEach((fact) => open.add(fact));
      }
    }
  }
  open.forEach((fact) => { if (!found.has(fact)) facts.known.delete(fact); });
  found.forEach((fact) => facts.known.set(fact, true));
}

function answersTheQuestion(kind, names) {
  const kinds = names.map((fact) => fact.split(":")[0]);
  return kind === "illness" ? kinds.includes("illness") : kinds.includes("medicine") || kinds.includes("supplement");
}

function addTopics(answers, rules, facts) {
  const key = Object.fromEntries(listQuestions(rules)).topic;
  if (!Array.isArray(answers[key])) return;
  for (const topic of rules.questions[key].values) facts.known.set(`asks:${topic}`, answers[key].includes(topic));
}

function addSetFacts(rules, facts) {
  for (const [fact, sets] of Object.entries(rules.sets)) {
    if (facts.known.get(fact) !== true) continue;
    addMissing(sets, true, questionOf(fact, rules), facts);
  }
}

function addImplied(rules, facts) {
  for (const [key, question] of Object.entries(rules.questions)) {
    const value = facts.known.get(key);
    if (value === true) addMissing(question.confirms ?? [], true, key, facts);
    if (value === false) addMissing(question.denies ?? [], false, key, facts);
  }
  for (const [key, question] of Object.entries(rules.questions)) {
    if (!question.no_when || facts.known.has(key)) continue;
    const [value, reasons] = weigh(question.no_when, facts.known);
    if (value) addMissing([key], false, questionOf(reasons[0], rules), facts);
  }
}

function addMissing(names, value, question, facts) {
  for (const name of names.filter((one) => !facts.known.has(one))) {
    facts.known.set(name, value);
    facts.origin.set(name, question);
  }
}

export function questionOf(fact, rules) {
  return rules.questions[fact] ? fact : rules.origin[fact.split(":")[0]] ?? fact;
}

function questions(names, facts, rules) {
  return [...new Set(names.map((name) => facts.origin.get(name) ?? questionOf(name, rules)))];
}

// --- rules ------------------------------------------------------------------------------------------------------------

// The value of a rule - true, false, or null for not known - and the facts that decided it, or that are missing.
export function weigh(rule, known) {
  if (typeof rule === "string") return [known.get(rule) ?? null, [rule]];
  if (Array.isArray(rule)) {
    const [name, operator, limit] = rule;
    return [known.has(name) ? OPERATORS[operator](known.get(name), limit) : null, [name]];
  }
  if (rule.not !== undefined) {
    const [value, reasons] = weigh(rule.not, known);
    return [value === null ? null : !value, reasons];
  }
  const weighed = rule.of.map((part) => weigh(part, known));
  const yes = weighed.filter(([value]) => value === true).length;
  const possible = weighed.filter(([value]) => value !== false).length;
  const decided = yes >= rule.least ? true : possible < rule.least ? false : null;
  return [decided, weighed.filter(([value]) => value === decided).flatMap(([, reasons]) => reasons)];
}

function judgeFlags(facts, rules) {
  const held = [];
  const open = [];
  for (const flag of rules.flags) {
    const [value, reasons] = weigh(flag.when, facts.known);
    if (value !== false) (value ? held : open).push({ flag, reasons: [...new Set(reasons)] });
  }
  const urgency = (a, b) => rules.tiers[b.flag.tier] - rules.tiers[a.flag.tier];
  return { held: held.sort(urgency), open: open.sort(urgency) };
}

// --- how urgent -------------------------------------------------------------------------------------------------------

export function triage(facts, rules) {
  const { held, open } = judgeFlags(facts, rules);
  const tier = held.length ? held[0].flag.tier : "self_care";
  const higher = open.filter(({ flag }) => rules.tiers[flag.tier] > rules.tiers[tier]);
  const wanted = new Set(higher.flatMap(({ reasons }) => questions(reasons, facts, rules)));
  const wanting = Object.keys(rules.questions).filter((key) => wanted.has(key)).sort((a, b) => place(a, rules) - place(b, rules));
  return {
    tier,
    couldBe: higher.length ? higher[0].flag.tier : tier,
    findings: held.map(({ flag, reasons }) => ({ id: flag.id, tier: flag.tier, because: questions(reasons, facts, rules) })),
    avoid: [...new Set(held.flatMap(({ flag }) => flag.avoid))],
    open: wanting,
    unasked: wanting.filter((key) => !facts.answered.has(key)),
    askNext: askNext(higher, facts, rules),
    notRecognised: [...new Set(facts.notRecognised)],
  };
}

function place(key, rules) {
  return rules.groups.indexOf(rules.questions[key].group);
}

// The screen that touches the most urgent open flags, most of them, and comes first; what was answered is not asked again.
function askNext(higher, facts, rules) {
  const touched = new Map();
  for (const { flag, reasons } of higher) {
    const fresh = questions(reasons, facts, rules).filter((key) => !facts.answered.has(key));
    const groups = new Set(fresh.map((key) => rules.questions[key].group));
    const rank = rules.tiers[flag.tier];
    for (const group of groups) {
      const counts = touched.get(group) ?? new Map();
      counts.set(rank, (counts.get(rank) ?? 0) + 1);
      touched.set(group, counts);
    }
  }
  return rules.groups.reduce((best, group) => {
    if (!touched.has(group)) return best;
    return best === null || outweighs(touched.get(group), touched.get(best)) ? group : best;
  }, null);
}

function outweighs(counts, others) {
  const sorted = (one) => [...one].sort(([a], [b]) => b - a).flat();
  const [mine, theirs] = [sorted(counts), sorted(others)];
  const length = Math.min(mine.length, theirs.length);
  for (let n = 0; n < length; n += 1) if (mine[n] !== theirs[n]) return mine[n] > theirs[n];
  return mine.length > theirs.length;
}

// The screen to show next in a round; one that was seen is not shown again for what stays not known.
export function nextScreen(found, rules, seen) {
  if (found.tier === "emergency") return null;
  if (found.askNext === null || !seen.includes(found.askNext)) return found.askNext;
  return screensLeft(found, rules, seen)[0] ?? null;
}

export function screensLeft(found, rules, seen) {
  const groups = new Set(found.unasked.map((key) => rules.questions[key].group));
  return rules.groups.filter((group) => groups.has(group) && !seen.includes(group));
}

// --- tonight's routine ------------------------------------------------------------------------------------------------

// What may be done before bed: nothing while something urgent holds, and nothing that an answer forbids or must first allow.
export function routine(facts, rules) {
  const { held, open } = judgeFlags(facts, rules);
  const urgent = held.filter(({ flag }) => rules.tiers[flag.tier] >= rules.tiers.same_day).map(({ flag }) => flag.id);
  if (urgent.length) return { first: urgent, parts: [] };
  const forbidden = new Set(held.flatMap(({ flag }) => flag.avoid));
  const doubtful = new Set(open.flatMap(({ flag }) => flag.avoid));
  const parts = rules.routine.map((remedy) => judge(remedy, facts, forbidden, doubtful)).filter((one) => one !== null);
  return { first: [], parts };
}

function judge(remedy, facts, forbidden, doubtful) {
  if (forbidden.has(remedy.id) || (remedy.suits && weigh(remedy.suits, facts.known)[0] === false)) return null;
  const conditions = [];
  for (const [n, one] of remedy.against.entries()) {
    const [value] = weigh(one.when, facts.known);
    if (value === null && one.ask) return null;
    if (value && !one.adapt) return null;
    if (value !== false) conditions.push(n);
  }
  const variant = remedy.variants.find((one) => weigh(one.when, facts.known)[0]) ?? null;
  return { id: remedy.id, variant: variant && variant.id, conditions, withSigns: doubtful.has(remedy.id) };
}
