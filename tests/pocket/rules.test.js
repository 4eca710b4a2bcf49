// The evaluator of the pocket edition against the one of the house: MOLLET_CASES names the file that the house wrote.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { nextScreen, resolve, routine, screensLeft, triage } from "../../src/mollet/web/pocket_scripts/rules.js";

const { rules, cases } = JSON.parse(readFileSync(process.env.MOLLET_CASES, "utf-8"));

test("the file holds cases", () => assert.ok(cases.length >= 100));

cases.forEach(({ answers, expected }, n) => {
  test(`case ${n}`, () => {
    const facts = resolve(answers, rules);
    const found = triage(facts, rules);
    const { first, parts } = routine(facts, rules);

    assert.deepEqual(
      {
        tier: found.tier,
        could_be: found.couldBe,
        findings: found.findings.map((one) => [one.id, one.because]),
        open: found.open,
        ask_next: found.askNext,
        next: nextScreen(found, rules, expected.seen),
        left: screensLeft(found, rules, expected.seen),
        not_recognised: found.notRecognised,
        first,
        routine: parts.map((one) => [one.id, one.variant, one.conditions.length + Number(one.withSigns)]),
        seen: expected.seen,
      },
      expected,
    );
  });
});
