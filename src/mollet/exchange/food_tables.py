"""What every public food table has in common: how a figure is written, which columns matter, and what is handed on."""

import re
from collections.abc import Iterable, Sequence

from mollet.advice.foods import Amount, TableFood, folded
from mollet.errors import FileError
from mollet.exchange.incoming import Destination, Incoming
from mollet.exchange.measured import Left
from mollet.exchange.tables import number

MOST_FOODS = 50_000
LONGEST_NAME = 200
LARGEST = {"water_g": 100.0, "alcohol_g": 100.0}
"""Grams in 100 g; of the minerals anything up to a whole 100 g."""
_LARGEST_MG = 100_000.0

NUTRIENTS = {
    "potassium": "k_mg",
    "magnesium": "mg_mg",
    "calcium": "ca_mg",
    "sodium": "na_mg",
    "eau": "water_g",
    "water": "water_g",
    "alcool": "alcohol_g",
    "alcohol": "alcohol_g",
    "cafeine": "caffeine_mg",
    "caffeine": "caffeine_mg",
}
_TITLE = re.compile(r"\s*([^(]+?)\s*\(\s*(g|mg|µg|μg|ug|mcg)\s*/\s*100\s*g\s*\)\s*")
_IN_MG = {"g": 1000.0, "mg": 1.0}
_NOT_KNOWN = {"", "-", "–", "nd", "n/a"}
_TRACES = {"traces", "trace", "tr"}


def nutrient(title: str) -> tuple[str, float] | None:
    """Tell from the title of a column, with its unit, what it holds and what one of its unit is in ours."""
    found = _TITLE.fullmatch(title)
    kind = NUTRIENTS.get(folded(found[1])) if found else None
    if kind is None or found is None:
        return None
    factor = _IN_MG.get(found[2], 0.001)
    return kind, factor / 1000 if kind.endswith("_g") else factor


def amount(text: str, kind: str, factor: float = 1.0) -> Amount | None:
    """Read a figure: ``-`` is not known, ``traces`` and ``< x`` are 0 and at most x; what is none is a ValueError."""
    plain = text.replace("\u00a0", " ").strip().casefold()
    if plain in _NOT_KNOWN:
        return None
    if plain in _TRACES:
        return Amount(0.0, None)
    value = number(plain.removeprefix("<").strip())
    if value is None or not 0 <= value * factor <= LARGEST.get(kind, _LARGEST_MG):
        raise ValueError(text)
    value = round(value * factor, 6)
    return Amount(0.0, value) if plain.startswith("<") else Amount(value, value)


def amounts(cells: Iterable[tuple[str, str, float]], left: Left) -> dict[str, Amount]:
    """Read figures, each with its kind and factor; one that cannot be read counts, and is not known."""
    held: dict[str, Amount] = {}
    for text, kind, factor in cells:
        try:
            found = amount(text, kind, factor)
        except ValueError:
            left.unreadable += 1
            continue
        if found is not None:
            held[kind] = found
    return held


def food_table(
    format: str,
    sha256: str,
    foods: Sequence[TableFood],
    left: Left,
    to: Destination,
    name: str,
    nameless: int = 0,
) -> Incoming:
    """Hand a table on: only foods of which anything is known, each number once."""
    held = {food.number: food for food in foods if food.holds}
    if not held:
        raise FileError("error.file.no_foods", name=name)
    counted = {
        "nameless_foods": nameless,
        "empty_foods": sum(not food.holds for food in foods),
        "odd_figures": left.unreadable,
    }
    return Incoming(
        format=format,
        sha256=sha256,
        foods=tuple(held.values()),
        ignored=dict(left.ignored),
        problems=left.problems(),
        notes=tuple(FileError(f"cli.exchange.{key}", n=n) for key, n in counted.items() if n),
        same=len(held) if sha256 == to.food_table else 0,
    )
