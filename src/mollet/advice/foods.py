"""Real foods against reference intakes: what a usual portion brings of a mineral, by our list or by a table loaded."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from rapidfuzz.distance import OSA

from mollet.advice.gate import Judgement, judge
from mollet.knowledge.model import Catalogue, Food, Remedy
from mollet.knowledge.rules import Facts
from mollet.words import number, say

_HELD_AS = {"potassium": "k_mg", "magnesium": "mg_mg", "calcium": "ca_mg"}
_BODY = {"US": "NASEM", "CA": "NASEM"}
_BODY_ELSEWHERE = "EFSA"
HELD = ("k_mg", "mg_mg", "ca_mg", "na_mg", "water_g")
"""What is shown of a food, each in 100 g, in this order."""
_LETTERS_ALIKE = 4
_SHORTEST_MISSPELT = 5


@dataclass(frozen=True, slots=True)
class Amount:
    """What 100 g of a food hold; below a limit it is counted as 0, and ``at_most`` is that limit where it is told."""

    value: float
    at_most: float | None

    @property
    def is_exact(self) -> bool:
        """Whether it was measured, and not only found to be small."""
        return self.at_most == self.value


@dataclass(frozen=True, slots=True)
class TableFood:
    """A food of a public table: its number there, its names, and what 100 g hold; what is missing is not known.

    ``code`` is the number by which our list may know it (``ndb`` or ``ciqual``), or empty; ``number`` is unique.
    """

    number: str
    name: str
    name_en: str
    holds: Mapping[str, Amount]
    code: str = ""
    portion_g: float | None = None
    portion: str = ""

    def named(self, lang: str) -> str:
        """Name in a language as far as the table has one."""
        return (self.name_en or self.name) if lang == "en" else (self.name or self.name_en)


@dataclass(frozen=True, slots=True)
class Portion:
    """A usual portion of a food, and what it brings, in milligrams; ``share`` of the intake is in whole percent."""

    food: Food
    mg: float
    share: int | None
    is_from_table: bool = False


@dataclass(frozen=True, slots=True)
class Foods:
    """The foods of a remedy, richest first, and the reference intake of a day; two bounds where sex is unknown."""

    nutrient: str
    body: str
    least_mg: float | None
    most_mg: float | None
    portions: tuple[Portion, ...]
    sources: tuple[str, ...]

    @property
    def n_from_table(self) -> int:
        """How many figures are those of the table that was loaded."""
        return sum(one.is_from_table for one in self.portions)


@dataclass(frozen=True, slots=True)
class Guarded:
    """A mineral of which this person is not to seek more: the remedy that would, and what the gate says of it."""

    nutrient: str
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class _Own:
    """Figures of a food, ours or those of the table in their place."""

    food: Food
    replaced: frozenset[str] = field(default=frozenset())


def foods(
    remedy: Remedy, facts: Facts, catalogue: Catalogue, country: str, table: Mapping[str, TableFood] | None = None
) -> Foods | None:
    """Return what usual portions bring of the mineral that a remedy is about; None for one that names no foods.

    The share is of the larger bound, so that it never promises more than it brings. ``table`` holds, by the id of ours,
    foods of a table that was loaded: their figures take the place of ours.
    """
    nutrient = next((name for name in _HELD_AS if remedy.foods and remedy.id.startswith(name)), None)
    if nutrient is None:
        return None
    body = _BODY.get(country, _BODY_ELSEWHERE)
    intakes = _intakes(nutrient, body, facts, catalogue)
    values = [float(intake["value"]) for intake in intakes]
    most = max(values, default=None)
    named = [_figures(catalogue.foods[id], table or {}) for id in remedy.foods if id in catalogue.foods]
    portions = [_portion(own, nutrient, most) for own in named if getattr(own.food, _HELD_AS[nutrient]) is not None]
    sources = [source for intake in intakes for source in intake["sources"]]
    sources += [source for one in portions if not one.is_from_table for source in one.food.sources]
    ordered = tuple(sorted(portions, key=lambda portion: -portion.mg))
    return Foods(nutrient, body, min(values, default=None), most, ordered, tuple(dict.fromkeys(sources)))


def codes(catalogue: Catalogue, format: str) -> dict[str, str]:
    """Numbers in a public table (``ciqual``, or else FoodData Central's NDB) of the foods of our list, with our ids."""
    numbers = {food.id: food.ciqual if format == "ciqual" else food.ndb for food in catalogue.foods.values()}
    return {str(number).lstrip("0"): id for id, number in numbers.items() if number is not None}


def matched(found: Mapping[str, TableFood], catalogue: Catalogue) -> dict[str, TableFood]:
    """Those foods of a table, by the id of ours, whose names begin alike too: a number alone may be another food's."""
    return {id: food for id, food in found.items() if _is_alike(catalogue.foods[id], food)}


def guarded(facts: Facts, catalogue: Catalogue) -> tuple[Guarded, ...]:
    """Return the minerals that this person is not to seek in foods, or only after an answer, and why."""
    judged = [
        Guarded(nutrient, judge(remedy, facts, catalogue))
        for nutrient in _HELD_AS
        for remedy in catalogue.remedies.values()
        if remedy.foods and remedy.id.startswith(nutrient)
    ]
    return tuple(one for one in judged if not one.judgement.is_allowed)


def folded(text: str) -> str:
    """Write words without accents and capitals, to find them however they are typed."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    return " ".join("".join(letter if letter.isalnum() else " " for letter in plain if letter.isascii()).split())


def _is_alike(ours: Food, food: TableFood) -> bool:
    names = folded(f"{food.name} {food.name_en}")
    words = (folded(name).split()[0][:_LETTERS_ALIKE] for name in (ours.name.fr, ours.name.en))
    return any(f" {word}" in f" {names}" for word in words)


def _figures(food: Food, table: Mapping[str, TableFood]) -> _Own:
    there = table[food.id].holds if food.id in table else {}
    held = {name: amount.value for name, amount in there.items() if name in HELD}
    return _Own(replace(food, **held), frozenset(held))  # type: ignore[arg-type]


def _portion(own: _Own, nutrient: str, most: float | None) -> Portion:
    held = _HELD_AS[nutrient]
    mg = float(getattr(own.food, held)) * own.food.portion_g / 100
    return Portion(own.food, mg, round(100 * mg / most) if most else None, held in own.replaced)


def _intakes(nutrient: str, body: str, facts: Facts, catalogue: Catalogue) -> list[Mapping[str, Any]]:
    every = [
        intake
        for intake in catalogue.reference.get("intake", ())
        if intake["nutrient"] == nutrient and intake["body"] == body and _is_of(intake, facts)
    ]
    state = "pregnant" if facts.values.get("pregnant") is True else None
    return [one for one in every if one.get("state") == state] or [one for one in every if "state" not in one]


def _is_of(intake: Mapping[str, Any], facts: Facts) -> bool:
    """Tell whether an intake may be this person's; what is not known rules nothing out."""
    sex, age = facts.values.get("sex"), facts.values.get("age_years")
    if sex is not None and intake.get("sex", sex) != sex:
        return False
    if not isinstance(age, int | float):
        return True
    return bool(intake.get("from_years", 0) <= age < intake.get("below_years", 999))


def of_our_list(words: str, catalogue: Catalogue, lang: str, most: int) -> list[TableFood]:
    """Foods of our own list whose names have all the words, as a table would give them.

    Names of the language come before those of the other; only where neither has the words, a slip is forgiven.
    """
    wanted = folded(words).split()
    names = {each: [(folded(food.name.to(each)), food) for food in catalogue.foods.values()] for each in ("en", "fr")}
    ordered = sorted(names, key=lambda each: each != lang)
    tried = (_with_words(wanted, names[each], is_exact) for is_exact in (True, False) for each in ordered)
    found = next((foods for foods in tried if foods), [])
    return [_as_table_food(food, lang) for food in found[:most]]


def _with_words(wanted: list[str], named: list[tuple[str, Food]], is_exact: bool) -> list[Food]:
    found = [one for one in named if all(_stands_in(word, one[0], is_exact) for word in wanted)]
    return [food for _, food in sorted(found, key=lambda one: one[0])]


def _stands_in(word: str, name: str, is_exact: bool) -> bool:
    if is_exact or len(word) < _SHORTEST_MISSPELT:
        return word in name
    return any(other[0] == word[0] and OSA.distance(word, other, score_cutoff=1) <= 1 for other in name.split())


def with_our_portion(food: TableFood, ours: Food, lang: str) -> TableFood:
    """Give a food of a table the usual portion of the same food of our list, in words of a language."""
    return replace(food, portion_g=ours.portion_g, portion=ours.portion.to(lang))


def figure(amount: Amount | None, kind: str, grams: float, lang: str) -> str:
    """Say what so many grams of a food hold, in the unit that stands in the name of its kind; silence is not zero."""
    if amount is None:
        return say("foods.not_known", lang)
    if amount.at_most is None:
        return say("foods.traces", lang)
    value = (amount.value if amount.is_exact else amount.at_most) * grams / 100
    # Above ten the decimals of a table are no news; below, they are the figure.
    said = number(value, lang, "0" if value >= 10 else "0.##")
    key = "foods.figure" if amount.is_exact else "foods.below"
    return say(key, lang, value=said, unit=kind.rpartition("_")[2])


def _as_table_food(food: Food, lang: str) -> TableFood:
    figures = {name: getattr(food, name) for name in HELD}
    holds = {name: Amount(float(value), float(value)) for name, value in figures.items() if value is not None}
    return TableFood(food.id, food.name.fr, food.name.en, holds, "", food.portion_g, food.portion.to(lang))
