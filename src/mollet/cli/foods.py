"""``mollet foods``: what a food holds, by the table that was imported or by our own list."""

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from mollet.advice.foods import HELD, Amount, Guarded, TableFood, figure, guarded
from mollet.cli.options import command, json_option, lang_option, person_option, print_json
from mollet.diary.facts import resolve
from mollet.knowledge import load
from mollet.store import start
from mollet.words import say

if TYPE_CHECKING:
    from mollet.store.foods import LookedUp
    from mollet.store.models import Person


@command("foods")
@click.argument("words", nargs=-1)
@person_option
@lang_option
@json_option
def foods(words: tuple[str, ...], person: str | None, lang: str, as_json: bool) -> None:
    """Look up what a food holds; what this person is not to eat more of is said first."""
    start.open_store()
    from mollet.store import foods as kept
    from mollet.store import people

    if start.has_tables() or person:
        start.require_tables()
        who = people.person(person)
        found, against = kept.look_up(who, " ".join(words), load(), lang), _guarded(who)
    else:  # our own list needs no diary; nothing is known of whoever asks
        found, against = kept.of_our_list(" ".join(words), load(), lang), guarded(resolve({}, load()), load())
    if as_json:
        print_json(_document(found, against, lang))
        return
    for line in _lines(" ".join(words), found, against, lang):
        click.echo(line)


def _guarded(who: "Person") -> tuple[Guarded, ...]:
    from mollet.diary import fold
    from mollet.store import read
    from mollet.web import answered

    diary, now = read.diary(who), dt.datetime.now(dt.UTC)
    taken = [course.name for course in fold.medicines(diary, now.date())]
    return guarded(resolve(answered.answers(diary, load(), now), load(), taken), load())


def _lines(words: str, found: "LookedUp", against: tuple[Guarded, ...], lang: str) -> Iterator[str]:
    yield say("foods.from_table", lang, name=found.table) if found.table else say("foods.from_us", lang)
    for one in against:
        yield from (says.to(lang) for says in one.judgement.says)
    if not found.foods:
        yield say("foods.none", lang, words=words)
    for food in found.foods:
        yield ""
        yield food.named(lang)
        yield from (f"  {line}" for line in _portions(food, lang))
    if found.has_more:
        yield ""
        yield say("foods.more", lang, n=len(found.foods))


def _portions(food: TableFood, lang: str) -> Iterator[str]:
    portions = [(100.0, say("foods.in_100_g", lang))]
    if food.portion_g:
        portions.append((food.portion_g, say("foods.in_portion", lang, what=food.portion, g=f"{food.portion_g:g}")))
    for grams, what in portions:
        held = (
            f"{say(f'foods.holds.{kind}', lang)} {figure(food.holds.get(kind), kind, grams, lang)}" for kind in HELD
        )
        yield say("foods.line", lang, what=what, held=", ".join(held))


def _document(found: "LookedUp", against: tuple[Guarded, ...], lang: str) -> dict[str, Any]:
    return {
        "table": found.table or None,
        "not_more_of": [
            {"nutrient": one.nutrient, "state": one.judgement.state}
            | {"says": [says.to(lang) for says in one.judgement.says]}
            for one in against
        ],
        "foods": [
            {"number": food.number, "name": food.named(lang), "portion_g": food.portion_g, "portion": food.portion}
            | {"in_100_g": {kind: _amount(amount) for kind, amount in food.holds.items()}}
            for food in found.foods
        ],
        "more": found.has_more,
    }


def _amount(amount: Amount) -> dict[str, float | None]:
    return {"value": amount.value, "at_most": amount.at_most}
