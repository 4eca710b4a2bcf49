"""Scripts by themselves: the evaluator says what ours says over random answers; the worker keeps to its rules."""

import json
import os
import random
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from mollet.advice.checkup import next_screen, screens_left
from mollet.advice.compiled import compiled, routine_remedies
from mollet.advice.plan import plan
from mollet.advice.triage import triage
from mollet.diary.facts import resolve
from mollet.knowledge import load

CASES = 20_000 if os.environ.get("MOLLET_SOAK") else 5_000
UNKNOWN = ("zzqx", "something blue", "qwrtz 12")


@cache
def names(kind):
    """Names of a kind as a person may write them, and some that nobody knows."""
    classes = getattr(load(), {"medicine": "medicines", "illness": "illnesses", "supplement": "supplements"}[kind])
    every = [name for one in classes.values() for name in (*one.generic, *one.brand.fr, *one.lay.en, *one.lay.fr)]
    return [name for name in every if not set(name) & set(",;/+()")]


def value(question, chance):
    """A random answer to a question; danger signs are seldom present, as in life."""
    if question.type == "boolean":
        return chance.random() < 0.12
    if question.type == "choice":
        return chance.choice(question.values).id
    if question.type == "number":
        low, high = int(question.min or 0), int(question.max or 100)
        return chance.randint(low, min(high, max(low + 1, 100)))
    if question.list_of == "topic":
        return chance.sample([one.id for one in question.values], chance.randint(0, 3))
    known = chance.sample(names(question.list_of), chance.randint(0, 3))
    return known + ([chance.choice(UNKNOWN)] if chance.random() < 0.15 else [])


def answers(chance):
    """Random answers: from hardly any to nearly all."""
    share = chance.choice((0.05, 0.3, 0.7, 0.95, 1.0))
    return {key: value(one, chance) for key, one in load().questions.items() if chance.random() < share}


def expected(said, seen):
    """What the house says."""
    catalogue = load()
    facts = resolve(said, catalogue)
    found, planned = triage(facts, catalogue), plan(facts, catalogue)
    after = next_screen(found, catalogue, seen)
    ours = {one.id for one in routine_remedies(catalogue)}
    return {
        "tier": found.tier,
        "could_be": found.could_be,
        "settled": found.settled,
        "findings": [[one.flag.id, one.flag.tier, list(one.because)] for one in found.findings],
        "avoid": sorted({item for one in found.findings for item in one.flag.avoid}),
        "open": list(found.open),
        "ask_next": found.ask_next.group if found.ask_next else None,
        "next": None if found.tier == "emergency" or after is None else after.group,
        "left": [one.group for one in screens_left(found, catalogue, seen)],
        "not_recognised": list(found.not_recognised),
        "first": [flag.id for flag in planned.first],
        "routine": [
            [one.remedy.id, one.variant.id if one.variant else None, conditions(one)]
            for one in planned.tonight
            if one.remedy.id in ours
        ],
        "seen": list(seen),
    }


def conditions(one):
    """How many conditions stand beside a part of the routine."""
    return len(one.judgement.says) if one.judgement.state == "with_condition" else 0


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    """The rules, then one random set of answers a line, with what the house says of it."""
    chance = random.Random(20261122)
    groups = list(load().groups)
    file = tmp_path_factory.mktemp("rules") / "cases.jsonl"
    with file.open("w", encoding="utf-8") as stream:
        stream.write(json.dumps(compiled(load())) + "\n")
        for _ in range(CASES):
            said = answers(chance)
            case = {"answers": said, "expected": expected(said, chance.sample(groups, chance.randint(0, 4)))}
            stream.write(json.dumps(case) + "\n")
    return file


def failures(script, **surroundings):
    """What ``node --test`` says when something is wrong in a script."""
    node = shutil.which("node")
    if node is None:
        why = "node is missing, so scripts are not tested by themselves: apt-get install nodejs"
        pytest.fail(why) if os.environ.get("MOLLET_CI") else pytest.skip(why)
    command = [node, "--test", "--test-reporter=tap", str(Path(__file__).with_name(script))]
    done = subprocess.run(command, env={**os.environ, **surroundings}, capture_output=True, text=True, check=False)
    return [done.stdout + done.stderr] if done.returncode else []


def test_both_evaluators_say_the_same_of_five_thousand_people_and_more(cases):
    assert failures("rules.test.js", MOLLET_CASES=str(cases), MOLLET_COUNT=str(CASES)) == []


def test_the_worker_keeps_to_its_rules():
    assert failures("worker.test.js") == []


def test_the_cases_reach_every_tier(cases):
    _, *lines = cases.read_text(encoding="utf-8").splitlines()

    assert {json.loads(line)["expected"]["tier"] for line in lines} == set(load().tiers)
