"""One gate: what the answers forbid is never offered."""

import re

import pytest
from hypothesis import given
from tests.advice.answers import answers, ordinary

from mollet.advice.gate import judge
from mollet.diary.facts import resolve
from mollet.knowledge import load
from mollet.words import LANGUAGES


def state(item, said):
    catalogue = load()
    found = catalogue.relief.get(item) or catalogue.remedies[item]
    return judge(found, resolve(said, catalogue), catalogue).state


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ("massage", {"calf_swollen_one_leg": True}),
        ("massage", {"medicines": ["warfarin"]}),
        ("magnesium", {"conditions": ["dialysis"]}),
        ("magnesium", {"conditions": ["chronic kidney disease"]}),
        ("magnesium", {"conditions": ["heart block"]}),
        ("magnesium", {"conditions": ["myasthenia gravis"]}),
        ("magnesium", {"supplements": ["Magné B6"]}),
        ("vitamin_b_complex", {"supplements": ["Magné B6"]}),
        ("vitamin_k2", {"medicines": ["Previscan"]}),
        ("potassium_foods", {"medicines": ["spironolactone"]}),
        ("potassium_foods", {"conditions": ["chronic kidney disease"]}),
        ("salt_substitute", {"medicines": ["ramipril"]}),
        ("potassium_tablets", {}),
        ("ibuprofen", {"medicines": ["ramipril"]}),
        ("ibuprofen", {"pregnant": True}),
        ("warmth", {"numbness": True}),
        ("warmth", {"conditions": ["artérite"]}),
        ("cold", {"conditions": ["Raynaud"]}),
        ("compression_stockings", {"conditions": ["peripheral artery disease"]}),
        ("water", {"conditions": ["heart failure"]}),
        ("water", {"fluid_limit": True}),
        ("water", {"conditions": ["dialysis"]}),
        ("water", {"conditions": ["low sodium"]}),
        ("less_alcohol", {"alcohol_heavy": True}),
        ("less_alcohol", {"pregnant": True}),
        ("less_alcohol", {"conditions": ["cirrhosis"]}),
        ("quinine", {}),
        ("tiptoe", {}),
    ],
)
def test_what_may_do_harm_is_withheld(item, said):
    assert state(item, ordinary(**said)) == "withheld"


GUARD = load().reference["guard"]
ABOVE = [
    one.id
    for one in load().supplements.values()
    if one.daily and (one.daily.magnesium_mg or 0) > GUARD["magnesium_supplement_mg"]
]


@pytest.mark.parametrize("name", ABOVE)
def test_where_the_labelled_dose_is_above_the_limit_the_sentence_says_so(name):
    catalogue, kind = load(), load().supplements[name]
    facts = resolve(ordinary(supplements=[kind.generic[0]]), catalogue)

    says = " ".join(text.en for text in judge(catalogue.remedies["magnesium"], facts, catalogue).says)

    dose = kind.daily
    figures = (dose.magnesium_mg, dose.b6_mg, GUARD["magnesium_supplement_mg"], GUARD["vitamin_b6_mg"])
    assert [figure for figure in figures if f"{figure:g}" not in says] == []


def test_a_labelled_dose_is_above_the_limit():
    assert "magnesium_b6" in ABOVE


@pytest.mark.parametrize("item", ["magnesium", "vitamin_k2", "potassium_foods", "salt_substitute", "ibuprofen"])
def test_what_may_do_harm_is_not_offered_in_silence(item):
    assert state(item, {}) in ("ask_first", "withheld")


@pytest.mark.parametrize("item", ["foot_up", "massage", "warmth", "calf_hamstring_stretch", "water"])
def test_an_ordinary_cramp_is_offered_what_is_safe(item):
    assert state(item, ordinary()) == "offered"


@pytest.mark.parametrize("item", ["foot_up", "massage", "warmth"])
def test_relief_needs_no_answers_but_says_its_condition(item):
    assert state(item, {}) == "with_condition"


def test_food_with_potassium_is_offered_without_a_risk():
    assert state("potassium_foods", ordinary()) == "offered"


def test_a_refusal_says_because_of_which_answer():
    catalogue = load()
    facts = resolve(ordinary(medicines=["warfarin"]), catalogue)

    assert "medicine:vitamin_k_antagonist" in judge(catalogue.relief["massage"], facts, catalogue).because


def test_what_must_be_asked_first_is_named():
    catalogue = load()

    assert judge(catalogue.remedies["magnesium"], resolve({}, catalogue), catalogue).unknown != ()


@given(answers())
def test_nothing_is_allowed_while_a_contraindication_that_refuses_holds(said):
    catalogue = load()
    facts = resolve(said, catalogue)
    wrong = [
        item.id
        for item in (*catalogue.relief.values(), *catalogue.remedies.values())
        if judge(item, facts, catalogue).is_allowed
        and any(one.outcome != "adapt" and one.when.value(facts.values) for one in item.contraindications)
    ]

    assert wrong == []


@given(answers())
def test_what_is_not_offered_always_says_why(said):
    catalogue = load()
    facts = resolve(said, catalogue)
    judged = (judge(item, facts, catalogue) for item in (*catalogue.relief.values(), *catalogue.remedies.values()))

    assert all(one.says for one in judged if one.state != "offered")


SAID_AS_A_FACT = {
    "en": re.compile(r"^(You|Your) |\byour (medicine|illness)\b|\bNot now\b"),
    "fr": re.compile(r"^(Vous|Votre|Vos) |\b(votre|vos) (médicaments?|maladies?)\b|\bPas maintenant\b"),
}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_condition_shown_without_answers_does_not_read_as_a_fact(lang):
    said = [
        (item.id, one.says.to(lang))
        for item in (*load().relief.values(), *load().remedies.values())
        for one in item.contraindications
        if one.if_unknown == "say_condition" and SAID_AS_A_FACT[lang].search(one.says.to(lang))
    ]

    assert said == []


def test_paracetamol_is_spoken_of_as_a_condition_while_medicines_are_not_known():
    catalogue = load()
    found = judge(catalogue.remedies["painkiller_after"], resolve({}, catalogue), catalogue)

    assert any(text.en.startswith("If you already take paracetamol") for text in found.conditions)
    assert not any(text.en.startswith("You ") for text in found.conditions)


def test_whom_a_remedy_suits_is_a_condition_while_it_is_not_known():
    catalogue = load()
    found = judge(catalogue.remedies["standing_breaks"], resolve({}, catalogue), catalogue)

    assert [text.en for text in found.conditions] == ["Only if you stand most of the day."]


@pytest.mark.parametrize(("lang", "words"), [("en", "eat as usual"), ("fr", "mangez comme d’habitude")])
def test_nobody_is_frightened_off_ordinary_food_while_nothing_is_known(lang, words):
    got = judge(load().remedies["potassium_foods"], resolve({}, load()), load())

    assert got.state == "ask_first"
    assert words in got.says[0].to(lang)
