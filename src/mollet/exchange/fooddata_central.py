"""Reads the tables of USDA FoodData Central, from the zip or folder that is downloaded.

What such tables do that one would not expect, and what is done about it:

- names and figures stand in tables of their own: all are needed, and joined by the number of the food;
- most foods are products of brands, or samples of one laboratory: only those meant as a food in general are read;
- a nutrient has two numbers, and some files use the other one: both are known;
- units are in the table of nutrients: where it is there it is believed.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from mollet.advice.foods import Amount, TableFood
from mollet.errors import FileError
from mollet.exchange import archive, tables
from mollet.exchange.food_tables import LONGEST_NAME, MOST_FOODS, amount, food_table
from mollet.exchange.incoming import Destination, Incoming
from mollet.exchange.measured import Left

NAME = "fooddata_central"
# The number of a nutrient, and the older one that some files use in its place.
NUTRIENTS = {
    **dict.fromkeys(("1051", "255"), "water_g"),
    **dict.fromkeys(("1087", "301"), "ca_mg"),
    **dict.fromkeys(("1090", "304"), "mg_mg"),
    **dict.fromkeys(("1092", "306"), "k_mg"),
    **dict.fromkeys(("1093", "307"), "na_mg"),
    **dict.fromkeys(("1057", "262"), "caffeine_mg"),
    **dict.fromkeys(("1018", "221"), "alcohol_g"),
}
IN_GENERAL = ("foundation_food", "sr_legacy_food", "survey_fndds_food")
"""Kinds of foods that mean a food, and no product and no sample; where two have one number the first is taken."""
_GRAMS = {"G": 1.0, "MG": 0.001, "UG": 0.000001}
_KINDS = {
    "food": {"fdc_id", "data_type", "description"},
    "figures": {"fdc_id", "nutrient_id", "amount"},
    "nutrients": {"id", "unit_name", "nutrient_nbr"},
    "portions": {"fdc_id", "gram_weight"},
    "numbers": {"fdc_id", "NDB_number"},
    "units": {"id", "name"},
}


@dataclass(slots=True)
class _Joined:
    """What the tables say of the foods that are read, by the number of the food."""

    names: dict[str, tuple[str, str]] = field(default_factory=dict)
    held: dict[str, dict[str, Amount]] = field(default_factory=lambda: defaultdict(dict))
    portions: dict[str, tuple[float, str]] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    factors: dict[str, float] = field(default_factory=dict)


def sniff(part: archive.Part) -> bool:
    """Tell whether a document is one of the tables that are read, by its columns."""
    return _kind(part) not in ("", "units")


def _kind(part: archive.Part) -> str:
    names = set(tables.header(part.head))
    kind = next((kind for kind, needed in _KINDS.items() if needed <= names), "")
    return kind if kind != "units" or part.name == "measure_unit.csv" else ""


def read(parts: list[archive.Part], to: Destination) -> Incoming:
    """Read the tables; nothing is kept yet."""
    by_kind: dict[str, list[archive.Part]] = defaultdict(list)
    for part in parts:
        by_kind[_kind(part)].append(part)
    for needed, file in (("food", "food.csv"), ("figures", "food_nutrient.csv")):
        if needed not in by_kind:
            raise FileError("error.file.fdc_part", part=file)
    left, joined = Left(), _Joined()
    take: dict[str, Callable[[dict[str, str], _Joined, Left], None]] = {
        "food": _food,
        "numbers": _number,
        "nutrients": _nutrient,
        "figures": _figure,
        "portions": _portion,
    }
    for kind, taken in take.items():
        for part in by_kind[kind]:
            for row in _rows(part, left):
                taken(row, joined, left)
    foods = list(_foods(joined))
    return food_table(NAME, archive.sha256(*parts), foods, left, to, parts[0].path.name)


def _rows(part: archive.Part, left: Left) -> Iterator[dict[str, str]]:
    for _, source in archive.documents([part]):
        named = tables.open_table(source, part.head)
        for _, row in named:
            yield row
        if named.table.is_cut:
            left.cut.append(part.name)


def _food(row: dict[str, str], joined: _Joined, left: Left) -> None:
    kind, number, name = row["data_type"], row["fdc_id"][:20], row["description"][:LONGEST_NAME]
    if kind not in IN_GENERAL:
        left.ignore(kind[:40])
    elif not number or not name:
        left.unreadable += 1
    elif len(joined.names) >= MOST_FOODS:
        raise FileError("error.file.too_many_foods", n=MOST_FOODS)
    else:
        joined.names[number] = (name, kind)


def _number(row: dict[str, str], joined: _Joined, left: Left) -> None:
    if row["fdc_id"] in joined.names and row["NDB_number"]:
        joined.codes[row["fdc_id"]] = row["NDB_number"].lstrip("0")


def _nutrient(row: dict[str, str], joined: _Joined, left: Left) -> None:
    unit = _GRAMS.get(row["unit_name"].upper())
    if unit is not None:
        for number in (row["id"], row["nutrient_nbr"].removesuffix(".0")):
            joined.factors[number] = unit


def _figure(row: dict[str, str], joined: _Joined, left: Left) -> None:
    kind = NUTRIENTS.get(row["nutrient_id"].removesuffix(".0"))
    if kind is None or row["fdc_id"] not in joined.names:
        return
    ours = 1.0 if kind.endswith("_g") else 0.001
    try:
        found = amount(row["amount"], kind, joined.factors.get(row["nutrient_id"].removesuffix(".0"), ours) / ours)
    except ValueError:
        left.unreadable += 1
        return
    if found is not None:
        joined.held[row["fdc_id"]][kind] = found


def _portion(row: dict[str, str], joined: _Joined, left: Left) -> None:
    """Keep the first portion of a food that has words."""
    grams = tables.number(row["gram_weight"])
    words = row.get("portion_description") or row.get("modifier") or ""
    count = tables.number(row.get("amount", "")) if not row.get("portion_description") else None
    if row["fdc_id"] in joined.names and words and grams and grams > 0:
        said = f"{count:g} {words}" if count else words
        joined.portions.setdefault(row["fdc_id"], (grams, said[:60]))


def _foods(joined: _Joined) -> Iterator[TableFood]:
    """Yield the foods; of several with one number only the first kind keeps it."""
    taken: set[str] = set()
    for number, (name, _) in sorted(joined.names.items(), key=lambda item: IN_GENERAL.index(item[1][1])):
        code = joined.codes.get(number, "")
        grams, words = joined.portions.get(number, (None, ""))
        yield TableFood(number, "", name, joined.held.get(number, {}), "" if code in taken else code, grams, words)
        taken.add(code)
