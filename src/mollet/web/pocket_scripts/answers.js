// What was answered on this phone and still holds: the last saying of each question, until it expires.
import { records } from "./outbox.js";

const HOUR = 3_600_000;

export async function answers(rules, now = Date.now()) {
  const said = new Map();
  for (const { entry } of await records()) {
    if (entry.data.kind === "answer") said.set(entry.data.question, entry);
  }
  const held = {};
  for (const [key, { said: moment, data }] of said) {
    const question = rules.questions[key];
    if (question && data.value !== null && now - new Date(moment) <= lasts(question.holds)) held[key] = data.value;
  }
  return held;
}

function lasts(holds) {
  const [unit, count] = holds.split(":");
  return { hours: count * HOUR, days: count * 24 * HOUR }[unit] ?? Infinity;
}
