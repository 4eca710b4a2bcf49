"""What must hold for whoever answers whatever, checked on many random people; all of them under MOLLET_SOAK."""

import re
from functools import lru_cache

import pytest
from tests.advice.people import COUNT, answer, people

from mollet.advice.plan import plan
from mollet.advice.plan import to_json as plan_json
from mollet.advice.relief import relief
from mollet.advice.triage import to_json, triage
from mollet.diary.facts import resolve
from mollet.knowledge import load
from mollet.knowledge.rules import Fact, leaves

CATALOGUE = load()
RANK = {name: tier.rank for name, tier in CATALOGUE.tiers.items()}
ITEMS = {**CATALOGUE.relief, **CATALOGUE.remedies}


def found(said):
    return triage(resolve(said, CATALOGUE), CATALOGUE)


def signs():
    """Questions that red flags take as a sign, and none takes as a relief."""
    named = [leaf for flag in CATALOGUE.red_flags.values() for leaf in leaves(flag.when)]
    relieving = {leaf.name for leaf, negated in named if negated}
    return sorted(
        {leaf.name for leaf, negated in named if isinstance(leaf, Fact) and not negated and ":" not in leaf.name}
        - relieving
    )


SIGNS = signs()


def holds(rule, known):
    """Value of a rule by the truth table, written anew: nothing of the gate or of its compiled tests is used."""
    written = type(rule).__name__
    if written == "Fact":
        return known.get(rule.name)
    if written == "Compare":
        got = known.get(rule.name)
        if got is None:
            return None
        compared = {
            "<": lambda: got < rule.limit,
            "<=": lambda: got <= rule.limit,
            ">": lambda: got > rule.limit,
            ">=": lambda: got >= rule.limit,
            "==": lambda: got == rule.limit,
            "!=": lambda: got != rule.limit,
            "in": lambda: got in rule.limit,
        }
        return compared[rule.operator]()
    if written == "Not":
        inner = holds(rule.rule, known)
        return None if inner is None else not inner
    values = [holds(part, known) for part in rule.rules]
    if values.count(True) >= rule.number:
        return True
    return False if len(values) - values.count(False) < rule.number else None


def is_forbidden(item, facts):
    """Whether a contraindication or a red flag that holds speaks against an item, worked out without the gate."""
    if any(one.outcome != "adapt" and holds(one.when, facts.values) for one in item.contraindications):
        return True
    return any(item.id in flag.avoid and holds(flag.when, facts.values) for flag in CATALOGUE.red_flags.values())


def must_be_asked_first(item, facts):
    """Whether a contraindication that is asked first is not known."""
    return any(
        one.if_unknown == "ask_first" and holds(one.when, facts.values) is None for one in item.contraindications
    )


def test_a_further_yes_to_a_sign_never_lowers_the_tier():
    for rng, said in people(1):
        sign = rng.choice(SIGNS)
        without = {key: value for key, value in said.items() if key != sign}

        with_no, with_yes = found({**without, sign: False}), found({**without, sign: True})

        assert RANK[with_yes.tier] >= RANK[with_no.tier], (sign, said)
        assert RANK[with_yes.tier] >= RANK[found(without).tier], (sign, said)


def test_an_answer_taken_back_never_lowers_what_it_could_be():
    """But for one that other answers tell as well: no cramp now, no minutes of it. That is known, and no silence."""
    for rng, said in people(2):
        if not said:
            continue
        key = rng.choice(sorted(said))
        less = {name: value for name, value in said.items() if name != key}
        if key in resolve(less, CATALOGUE).values:
            continue

        assert RANK[found(less).could_be] >= RANK[found(said).could_be], (key, said)


def test_nothing_to_do_is_forbidden_by_an_answer():
    for _, said in people(3):
        facts = resolve(said, CATALOGUE)
        for one in triage(facts, CATALOGUE).do:
            kind, _, name = (one.item or "").partition("/")
            if kind in ("relief", "remedies"):
                assert not is_forbidden(ITEMS[name], facts), (name, said)
                assert not must_be_asked_first(ITEMS[name], facts), (name, said)


def test_nothing_planned_is_forbidden_by_an_answer():
    for _, said in people(4):
        facts = resolve(said, CATALOGUE)
        made = plan(facts, CATALOGUE)
        for one in (one for _, section in made.sections for one in section):
            assert not is_forbidden(one.remedy, facts), (one.remedy.id, said)
            assert not must_be_asked_first(one.remedy, facts), (one.remedy.id, said)
            assert one.remedy.stance == "offer"
            assert one.variant is None or one.variant.when is None or holds(one.variant.when, facts.values)
            assert holds(one.remedy.suits, facts.values) is not False if one.remedy.suits else True


def test_no_food_is_planned_that_is_forbidden_as_a_remedy():
    for _, said in people(5):
        facts = resolve(said, CATALOGUE)
        planned = {one.remedy.id for _, section in plan(facts, CATALOGUE).sections for one in section}
        forbidden = {one.id for one in CATALOGUE.remedies.values() if one.foods and is_forbidden(one, facts)}

        assert not planned & forbidden, said


def test_no_relief_step_is_shown_that_an_answer_forbids():
    for _, said in people(6):
        facts = resolve(said, CATALOGUE)

        assert not [one.step.id for one in relief(facts, CATALOGUE).steps if is_forbidden(one.step, facts)], said


def test_an_adapted_form_stands_in_the_plan_with_its_reason():
    for _, said in people(7):
        facts = resolve(said, CATALOGUE)
        for one in (one for _, section in plan(facts, CATALOGUE).sections for one in section):
            adapt = {each.says for each in one.remedy.contraindications if holds(each.when, facts.values)}

            assert adapt <= set(one.judgement.conditions), (one.remedy.id, said)


def test_an_emergency_offers_nothing_but_help():
    for _, said in people(8):
        got = found(said)
        if got.tier == "emergency":
            assert all(one.item is None or one.item.startswith("red_flags/") for one in got.do), said
            asked = {f"{topic}" for topic in said.get("asks_about", ())}
            assert asked <= {one.id for one in got.avoid}, said


def test_what_is_settled_stays_whatever_is_answered_next():
    for rng, said in people(9):
        got = found(said)
        if not got.settled:
            continue
        missing = [one for one in CATALOGUE.questions.values() if one.id not in said]
        more = {one.id: answer(one, rng, 0.5) for one in missing if one.group != "asks" and rng.random() < 0.7}

        assert found({**said, **more}).tier == got.tier, (said, more)


def test_an_open_question_can_change_the_tier_and_no_other_one_can():
    for rng, said in people(10, max(COUNT // 10, 30)):
        got = found(said)
        closed = [one for one in CATALOGUE.questions.values() if one.id not in said and one.id not in got.open]
        for one in rng.sample(closed, min(4, len(closed))):
            if one.type == "boolean":
                assert found({**said, one.id: True}).tier == got.tier or not got.settled, (one.id, said)


NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


@lru_cache(maxsize=20_000)
def numbers(text):
    """Figures of a sentence that many are told; the decimal comma of French is a point, its thousands have no space."""
    flat = re.sub(r"(?<=\d)[\u00a0\u202f](?=\d{3}\b)", "", text)
    return tuple(sorted(one.replace(",", ".") for one in NUMBER.findall(flat)))


def _texts(value):
    if isinstance(value, dict):
        for key, one in value.items():
            yield from ((f"{key}.{place}", text) for place, text in _texts(one))
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from ((f"{place}.{inside}", text) for inside, text in _texts(one))
    elif isinstance(value, str):
        yield "", value


@pytest.mark.parametrize("write", ["triage", "plan"])
def test_french_and_english_say_the_same_things_with_the_same_figures(write):
    for _, said in people(11):
        facts = resolve(said, CATALOGUE)
        result = triage(facts, CATALOGUE) if write == "triage" else plan(facts, CATALOGUE)
        english, french = ((to_json if write == "triage" else plan_json)(result, lang) for lang in ("en", "fr"))
        places = dict(_texts(english)), dict(_texts(french))

        assert places[0].keys() == places[1].keys(), said
        wrong = [
            (text, places[1][place]) for place, text in places[0].items() if numbers(text) != numbers(places[1][place])
        ]
        assert wrong == [], wrong[:3]
