"""What the products a person names bring in a day: as written beside the name, else at the labelled daily dose."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache

from mollet.knowledge.model import Catalogue, Daily, NameClass, Product
from mollet.knowledge.names import fold, read_name

TAKEN: Mapping[str, str] = {"taken:magnesium_mg": "magnesium_mg", "taken:b6_mg": "b6_mg"}
"""Facts that are amounts of a day, and the field of a product that brings each."""

_LIMITS: Mapping[str, str] = {"taken:magnesium_mg": "magnesium_supplement_mg", "taken:b6_mg": "vitamin_b6_mg"}
_BRINGS: Mapping[str, str] = {"supplement:magnesium": "magnesium_mg", "supplement:vitamin_b6": "b6_mg"}
_WEIGHT = re.compile(r"(?<!\d)(\d+(?:[.,]\d+)?)\s*mg\b")


@dataclass(frozen=True, slots=True)
class Amount:
    """What some products bring of a mineral or vitamin in a day; whether the amount of every one of them is known."""

    mg: float
    is_whole: bool


def amounts(named: Iterable[str], catalogue: Catalogue) -> dict[str, Amount]:
    """Add up what named products bring in a day, by fact; none is there for what no product brings.

    Parameters
    ----------
    named : iterable of str
        Names as the person wrote them, with or without how much of each is taken.
    catalogue : Catalogue
        Where the labelled doses stand.

    Returns
    -------
    dict of str to Amount
        Milligrams a day; a lower bound where the amount of a product is not known.
    """
    found = [one for name in dict.fromkeys(named) for one in _brought(name, catalogue)]
    return {
        fact: Amount(
            sum(mg for field, mg in found if field == brings and mg is not None),
            all(mg is not None for field, mg in found if field == brings),
        )
        for fact, brings in TAKEN.items()
        if any(field == brings for field, _ in found)
    }


def limits(catalogue: Catalogue) -> dict[str, float]:
    """Return the amount of a day above which a clinician must have a word, by fact; none where none is set."""
    guard = catalogue.reference.get("guard", {})
    return {fact: float(guard[key]) for fact, key in _LIMITS.items() if key in guard}


@lru_cache(maxsize=4096)
def _brought(name: str, catalogue: Catalogue) -> tuple[tuple[str, float | None], ...]:
    """What one name brings: each field with its milligrams a day, None where they are not known."""
    facts = read_name(name, catalogue).facts
    classes = [one for one in catalogue.supplements.values() if f"supplement:{one.id}" in facts]
    implied = {f"supplement:{one}" for each in classes for one in (each.id, *each.implies)}
    wanted = [brings for fact, brings in _BRINGS.items() if fact in implied]
    labelled = next(_labelled(name, classes, catalogue), None)
    if labelled is not None:
        return tuple((brings, getattr(labelled, brings)) for brings in wanted)
    return tuple((brings, _written(name, catalogue) if len(wanted) == 1 else None) for brings in wanted)


def _labelled(name: str, classes: Iterable[NameClass], catalogue: Catalogue) -> Iterator[Daily]:
    """Daily dose of the product that is named, so many of it as are written, else as on its label."""
    folded = f" {fold(name)} "
    for one in classes:
        products = [product for product in one.products if f" {fold(product.name)} " in folded]
        for product in products:
            count = _count(folded.replace(f" {fold(product.name)} ", " "), catalogue)
            whole = Daily(magnesium_mg=product.magnesium_mg, b6_mg=product.b6_mg)
            yield _times(product, count) if count is not None and product.one is not None else whole
        if one.daily is not None:
            yield one.daily


def _times(product: Product, count: float) -> Daily:
    held = {one.name: getattr(product.one, one.name) for one in fields(Daily)}
    return Daily(**{name: None if mg is None else mg * count for name, mg in held.items()})


def _written(name: str, catalogue: Catalogue) -> float | None:
    """Milligrams a day written beside a name; the weight of a salt says little of the mineral in it."""
    folded = fold(name)
    weight = _WEIGHT.search(name.casefold())
    if weight is None or any(salt in folded.split() for salt in catalogue.reading.salts):
        return None
    rest = fold(name.casefold().replace(weight[0], " "))
    return float(weight[1].replace(",", ".")) * (_count(f" {rest} ", catalogue) or 1)


def _count(folded: str, catalogue: Catalogue) -> float | None:
    """How many are taken in a day, as far as it is written: 6 tablets, 2 x 3, three times a day, 4 par jour."""
    reading = catalogue.reading
    number = re.search(rf" (\d+) ?(?:{_any_of((*reading.units, *reading.days))}) ", folded)
    often = re.search(r" (?:(\d+) ?x|(\d+) (?:fois|times)) ?", folded)
    said = next((one.n for one in reading.times if any(f" {word} " in folded for word in one.words)), None)
    times = float(often[1] or often[2]) if often else said
    # "2 x 3": what stands behind the sign is how many each time.
    behind = re.search(r"x ?(\d+) ", folded) if number is None else None
    each = float(number[1]) if number else float(behind[1]) if behind else None
    return None if each is None and times is None else (each or 1) * (times or 1)


def _any_of(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
