"""Clause by clause: what each part of each rule adds, and that slips in rules and gate are noticed."""

import pytest
from tests.advice import mutants
from tests.advice.answers import ordinary
from tests.advice.terms import answers_of, denied, terms

from mollet.advice.causes import causes
from mollet.advice.gate import judge
from mollet.advice.triage import triage
from mollet.diary.facts import question_of, resolve
from mollet.knowledge import load
from mollet.knowledge.rules import leaves

CATALOGUE = load()
FLAGS = list(CATALOGUE.red_flags)
every_flag = pytest.mark.parametrize("name", FLAGS)
PINNED = [case for case in mutants.cases() if not case.by_hand]
GATE = [case for cases in mutants.gate_cases().values() for case in cases]


@pytest.mark.parametrize("case", PINNED, ids=[f"{case.id}-{number}" for number, case in enumerate(PINNED)])
def test_a_flag_holds_or_not_as_each_clause_says(case):
    got = {name for name, value in case.values.items() if value}

    assert set(case.holds) <= got
    assert not set(case.holds_not) & got


@pytest.mark.parametrize("case", GATE, ids=[f"{case.item}-{number}" for number, case in enumerate(GATE)])
def test_the_gate_says_what_each_clause_says(case):
    item = mutants.ITEMS[case.item]

    assert mutants.comes_out(case, judge(item, case.facts, CATALOGUE, case.standing))


def test_nine_of_ten_slips_in_rules_and_gate_are_noticed():
    made = list(mutants.mutants())

    killed = [one for one in made if one.is_noticed(False)]

    assert len(killed) / len(made) >= 0.9, f"{len(killed)} of {len(made)}"


def value(name, said):
    return CATALOGUE.red_flags[name].when.value(resolve(said, CATALOGUE).values)


@every_flag
def test_a_flag_holds_on_the_least_that_its_rule_asks_for(name):
    asked = [answers_of(term) for term in terms(CATALOGUE.red_flags[name].when)]

    assert asked
    assert [said for said in asked if value(name, said) is not True] == []


@every_flag
def test_a_flag_does_not_hold_where_all_it_asks_is_denied(name):
    facts = {leaf.name for leaf, _ in leaves(CATALOGUE.red_flags[name].when)}
    stopped = ordinary(symptom_days=3000, relieved_by_stretching=True, site="foot")

    assert value(name, stopped) is False, facts


@every_flag
def test_a_flag_that_nearly_holds_does_not_once_the_missing_sign_is_denied(name):
    """In an ordinary person, each way with one sign denied holds only if another way of the same rule does."""
    flag = CATALOGUE.red_flags[name]
    for term in terms(flag.when, 12):
        for fact in term:
            said = ordinary(**answers_of(denied(term, fact)))
            known = resolve(said, CATALOGUE).values
            others = [
                other
                for other in terms(flag.when, 4000)
                if all(_is(known.get(one), wanted, one, flag) for one, wanted in other.items())
            ]
            assert bool(flag.when.value(known)) is bool(others), (fact, said)


def _is(got, wanted, fact, flag):
    """Whether a fact is as a way asks: a number at least as far as the rule needs, anything else the same."""
    if isinstance(wanted, float) and got is not None:
        operators = {leaf.operator for leaf, _ in leaves(flag.when) if leaf.name == fact}
        return any(op in (">", ">=") and got >= wanted for op in operators) or any(
            op in ("<", "<=") and got <= wanted for op in operators
        )
    return got == wanted


@every_flag
def test_a_flag_with_a_sign_that_is_not_known_stays_open(name):
    flag = CATALOGUE.red_flags[name]
    rank = CATALOGUE.tiers[flag.tier].rank
    for term in terms(flag.when, 12):
        for fact in term:
            if term[fact] is False:
                continue
            said = answers_of({one: wanted for one, wanted in term.items() if one != fact})
            said.pop(question_of(fact, CATALOGUE), None)
            got = triage(resolve(said, CATALOGUE), CATALOGUE)

            assert CATALOGUE.tiers[got.could_be].rank >= rank, (fact, said)


@pytest.mark.parametrize("name", list(CATALOGUE.causes))
def test_each_cause_can_apply(name):
    asked = [answers_of(term) for term in terms(CATALOGUE.causes[name].when, 5)]

    for said in asked:
        assert name in {one.cause.id for one in causes(resolve(said, CATALOGUE), CATALOGUE).applies}, said


@pytest.mark.parametrize("name", list(CATALOGUE.causes))
def test_no_cause_is_found_by_silence(name):
    assert name in {one.cause.id for one in causes(resolve({}, CATALOGUE), CATALOGUE).not_known}


PROFILES = {
    "silent": {},
    "ordinary": ordinary(),
    "pregnant": ordinary(pregnant=True, pregnancy_weeks=30, age_years=31),
    "after_birth": ordinary(recently_gave_birth=True, age_years=31),
    "child": ordinary(age_years=9, answering_for="child"),
    "old": ordinary(age_years=84, falls=True),
    "dialysis": ordinary(conditions=["dialysis"]),
    "heart_failure": ordinary(conditions=["heart failure"], medicines=["furosemide", "ramipril"]),
    "artery_disease": ordinary(conditions=["artérite"], medicines=["Kardégic"]),
    "anticoagulant": ordinary(medicines=["warfarin"]),
    "statin": ordinary(medicines=["simvastatin"]),
    "quinine": ordinary(medicines=["quinine"], supplements=["tonic water"]),
    "possible_clot": ordinary(calf_swollen_one_leg=True, side="left"),
    "emergency": ordinary(chest_pain=True),
    "stroke": ordinary(face_or_one_sided_weakness=True, speech_trouble=True),
    "unknown_medicine": ordinary(medicines=["xyzabc"]),
}


@pytest.mark.parametrize("profile", list(PROFILES))
@pytest.mark.parametrize("topic", [choice.id for choice in CATALOGUE.questions["asks_about"].values])
def test_each_thing_asked_about_has_one_reply_for_everyone(topic, profile):
    got = triage(resolve({**PROFILES[profile], "asks_about": [topic]}, CATALOGUE), CATALOGUE)

    assert [one.id for one in (*got.do, *got.avoid)].count(topic) == 1
