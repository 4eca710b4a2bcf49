// The evaluator of the pocket edition against the one of the house: MOLLET_CASES names the file that the house wrote,
// the rules in its first line, then one set of answers a line with what the house says of it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { nextScreen, resolve, routine, screensLeft, triage } from "../../src/mollet/web/static/rules.js";

const [first, ...lines] = readFileSync(process.env.MOLLET_CASES, "utf-8").trimEnd().split("\n");
const rules = JSON.parse(first);

test("the file holds all cases", () => assert.equal(lines.length, Number(process.env.MOLLET_COUNT)));

test("both say the same of everyone", () => {
  const wrong = lines.map((line) => difference(JSON.parse(line))).filter((one) => one !== null);

  assert.equal(wrong.length, 0, `${wrong.length} sets of answers differ, first:\n${wrong.slice(0, 3).join("\n")}`);
});

function difference({ answers, expected }) {
  try {
    assert.deepStrictEqual(says(answers, expected.seen), expected);
    return null;
  } catch (error) {
    return `${JSON.stringify(answers)}\n${error.message}`;
  }
}

function says(answers, seen) {
  const facts = resolve(answers, rules);
  const found = triage(facts, rules);
  const { first: urgent, parts } = routine(facts, rules);
  return {
    tier: found.tier,
    could_be: found.couldBe,
    settled: found.open.length === 0,
    findings: found.findings.map((one) => [one.id, one.tier, one.because]),
    avoid: [...found.avoid].sort(),
    open: found.open,
    ask_next: found.askNext,
    next: nextScreen(found, rules, seen),
    left: screensLeft(found, rules, seen),
    not_recognised: found.notRecognised,
    first: urgent,
    routine: parts.map((one) => [one.id, one.variant, one.conditions.length + Number(one.withSigns)]),
    seen,
  };
}
