// What is known on this phone of what was answered, and still holds: the newest saying of each question, until it expires.
import { heldAnswers } from "./ahead.js";
import { records } from "./outbox.js";

const HOUR = 3_600_000;

export async function answers(rules, now = Date.now()) {
  const own = (await records()).map(({ entry }) => entry).filter(({ data }) => data.kind === "answer");
  const newest = new Map();
  for (const { question, value, at } of [...heldAnswers(), ...own.map(({ at, data }) => ({ at, ...data }))]) {
    if (!(new Date(newest.get(question)?.at) > new Date(at))) newest.set(question, { value, at });
  }
  const held = {};
  for (const [key, { value, at }] of newest) {
    const question = rules.questions[key];
    if (question && value !== null && now - new Date(at) <= lasts(question.holds)) held[key] = value;
  }
  return held;
}

function lasts(holds) {
  const [unit, count] = holds.split(":");
  return { hours: count * HOUR, days: count * 24 * HOUR }[unit] ?? Infinity;
}
