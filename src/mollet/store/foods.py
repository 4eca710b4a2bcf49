"""Foods as a person has them: out of the public table they loaded, or else out of our own list."""

from dataclasses import dataclass

from mollet.advice import foods
from mollet.advice.foods import TableFood
from mollet.knowledge.model import Catalogue
from mollet.store import models, read

SHOWN = 20


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What was found for some words, of which table (empty: our own list), and whether there is more than is shown."""

    table: str
    foods: tuple[TableFood, ...]
    has_more: bool


def look_up(person: models.Person, words: str, catalogue: Catalogue, lang: str) -> LookedUp:
    """Find foods by words of their names; of those that our list knows too, with its usual portion."""
    table = read.food_table(person)
    if table is None:
        return of_our_list(words, catalogue, lang)
    found = read.table_foods(person, words, SHOWN + 1)
    ids = foods.codes(catalogue, table.format)
    same = foods.matched({ids[one.code]: one for one in found if one.code in ids}, catalogue)
    ours = {one.number: catalogue.foods[id] for id, one in same.items()}
    shown = tuple(
        foods.with_our_portion(one, ours[one.number], lang) if one.number in ours else one for one in found[:SHOWN]
    )
    return LookedUp(table.name or table.format, shown, len(found) > SHOWN)


def of_our_list(words: str, catalogue: Catalogue, lang: str) -> LookedUp:
    """Find foods of our own list by words of their names."""
    found = foods.of_our_list(words, catalogue, lang, SHOWN + 1)
    return LookedUp("", tuple(found[:SHOWN]), len(found) > SHOWN)


def in_place_of_ours(person: models.Person, catalogue: Catalogue) -> dict[str, TableFood]:
    """Foods of the table that holds, by the id of those of our list whose figures they replace."""
    table = read.food_table(person)
    if table is None:
        return {}
    return foods.matched(read.foods_by_code(person, foods.codes(catalogue, table.format)), catalogue)
