"""Answers that make a rule hold, found from the rule: each the least that is needed, and no more."""

from collections.abc import Iterator
from functools import cache
from itertools import combinations, islice, product

from mollet.diary.facts import question_of
from mollet.knowledge import load
from mollet.knowledge.names import KINDS, recognise
from mollet.knowledge.rules import Compare, Fact, Not, Rule

Term = dict[str, object]
"""Facts and the values they need."""


def terms(rule: Rule, most: int = 40) -> list[Term]:
    """The first ways in which a rule can hold, each the least that is needed."""
    found: dict[frozenset[tuple[str, object]], Term] = {}
    for pairs in islice(_ways(rule, True), 20_000):
        term: Term = {}
        if all(term.setdefault(name, value) == value for name, value in pairs):
            found.setdefault(frozenset(term.items()), term)
        if len(found) == most:
            break
    return list(found.values())


def _ways(rule: Rule, wanted: bool) -> Iterator[tuple[tuple[str, object], ...]]:
    if isinstance(rule, Not):
        yield from _ways(rule.rule, not wanted)
    elif isinstance(rule, Fact):
        yield ((rule.name, wanted),)
    elif isinstance(rule, Compare):
        yield from (((rule.name, value),) for value in _values(rule, wanted))
    else:
        parts = list(rule.parts())
        number = rule.number if wanted else len(parts) - rule.number + 1  # type: ignore[attr-defined]
        for some in combinations(parts, number):
            for chosen in product(*(list(_ways(part, wanted)) for part in some)):
                yield tuple(pair for part in chosen for pair in part)


def _values(rule: Compare, wanted: bool) -> list[object]:
    if rule.operator in ("<", "<=", ">", ">="):
        number = float(rule.limit)  # type: ignore[arg-type]
        at, beside = {">=": (0, -1), ">": (1, 0), "<=": (0, 1), "<": (-1, 0)}[rule.operator]
        return [number + (at if wanted else beside)]
    allowed = rule.limit if isinstance(rule.limit, frozenset) else {rule.limit}
    every = [one.id for one in load().questions[rule.name].values]
    return [one for one in every if (one in allowed) is (wanted is (rule.operator != "!="))]


def answers_of(term: Term) -> dict[str, object]:
    """What a person answers so that these facts come out; a class is told by one of its names."""
    said: dict[str, object] = {}
    for fact, value in term.items():
        prefix = fact.partition(":")[0]
        if prefix in KINDS and value:
            listed = said.setdefault(question_of(fact, load()), [])
            assert isinstance(listed, list)
            listed.append(a_name_of(fact))
        elif prefix not in KINDS:
            said[fact] = value
    return said


@cache
def a_name_of(fact: str) -> str:
    """A name that stands for a class and for no other."""
    prefix, _, name = fact.partition(":")
    one = getattr(load(), KINDS[prefix])[name]
    names = (
        *one.generic,
        *one.brand.en,
        *one.brand.fr,
        *one.lay.en,
        *one.lay.fr,
        *(each.name for each in one.products),
    )
    return next(each for each in names if recognise(each, load()) == (fact,))


def denied(term: Term, fact: str) -> Term:
    """The same facts, but for one that is not so."""
    value = term[fact]
    rest = {name: one for name, one in term.items() if name != fact}
    return {**rest, fact: not value} if isinstance(value, bool) else rest
