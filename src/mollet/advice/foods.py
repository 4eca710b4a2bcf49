"""Real foods against reference intakes: what a usual portion brings of a mineral."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mollet.knowledge.model import Catalogue, Food, Remedy
from mollet.knowledge.rules import Facts

_HELD_AS = {"potassium": "k_mg", "magnesium": "mg_mg", "calcium": "ca_mg"}
_BODY = {"US": "NASEM", "CA": "NASEM"}
_BODY_ELSEWHERE = "EFSA"


@dataclass(frozen=True, slots=True)
class Portion:
    """A usual portion of a food, and what it brings, in milligrams; ``share`` of the intake is in whole percent."""

    food: Food
    mg: float
    share: int | None


@dataclass(frozen=True, slots=True)
class Foods:
    """The foods of a remedy, richest first, and the reference intake of a day; two bounds where sex is unknown."""

    nutrient: str
    body: str
    least_mg: float | None
    most_mg: float | None
    portions: tuple[Portion, ...]
    sources: tuple[str, ...]


def foods(remedy: Remedy, facts: Facts, catalogue: Catalogue, country: str) -> Foods | None:
    """Return what usual portions bring of the mineral that a remedy is about; None for one that names no foods.

    The share is of the larger bound, so that it never promises more than it brings.
    """
    nutrient = next((name for name in _HELD_AS if remedy.foods and remedy.id.startswith(name)), None)
    if nutrient is None:
        return None
    body = _BODY.get(country, _BODY_ELSEWHERE)
    intakes = _intakes(nutrient, body, facts, catalogue)
    values = [float(intake["value"]) for intake in intakes]
    most = max(values, default=None)
    named = [catalogue.foods[id] for id in remedy.foods if id in catalogue.foods]
    portions = [_portion(food, nutrient, most) for food in named if getattr(food, _HELD_AS[nutrient]) is not None]
    sources = [source for intake in intakes for source in intake["sources"]]
    sources += [source for food in named for source in food.sources]
    ordered = tuple(sorted(portions, key=lambda portion: -portion.mg))
    return Foods(nutrient, body, min(values, default=None), most, ordered, tuple(dict.fromkeys(sources)))


def _portion(food: Food, nutrient: str, most: float | None) -> Portion:
    mg = float(getattr(food, _HELD_AS[nutrient])) * food.portion_g / 100
    return Portion(food, mg, round(100 * mg / most) if most else None)


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
