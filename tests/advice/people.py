"""Random people, many of them and fast: sets of answers drawn from a seed, from the silent to those who answer all."""

from collections.abc import Iterator
from os import environ
from random import Random

from mollet.knowledge import load
from mollet.knowledge.model import Question
from mollet.knowledge.names import KINDS

COUNT = 20_000 if environ.get("MOLLET_SOAK") else 300
"""Sets of answers in a property: few in every run of the tests, all of them in a soak."""

Answers = dict[str, object]
UNKNOWN_NAME = "xyzabc"


def people(seed: int, count: int = COUNT) -> Iterator[tuple[Random, Answers]]:
    """Sets of answers, each with the generator that drew it, so that a failure can be drawn again."""
    for number in range(count):
        rng = Random(f"{seed}-{number}")
        yield rng, one_person(rng)


def one_person(rng: Random) -> Answers:
    """Someone who answers some share of the questions, and says yes to some share of those."""
    answered, yes = rng.choice((0.05, 0.3, 0.7, 1.0)), rng.choice((0.03, 0.1, 0.4))
    return {one.id: answer(one, rng, yes) for one in load().questions.values() if rng.random() < answered}


def answer(question: Question, rng: Random, yes: float) -> object:
    """One answer that the question allows."""
    if question.type == "boolean":
        return rng.random() < yes
    if question.type == "number":
        low, high = question.min or 0, question.max or 100
        return round(rng.choice((rng.uniform(low, high), rng.uniform(low, min(high, low + 30)))))
    choices = [one.id for one in question.values]
    if question.type == "choice":
        return rng.choice(choices)
    names = choices if question.list_of == "topic" else names_of(str(question.list_of))
    return [rng.choice(names) for _ in range(rng.choice((0, 0, 1, 2, 4)))]


def names_of(prefix: str) -> list[str]:
    """One name of each class of a kind, and one that nobody knows."""
    return [*_names[prefix], UNKNOWN_NAME]


def _first_names(prefix: str) -> list[str]:
    found = []
    for one in getattr(load(), KINDS[prefix]).values():
        names = (*one.generic, *one.lay.en, *one.brand.en, *one.brand.fr, *(each.name for each in one.products))
        found.extend(names[:1])
    return found


_names = {prefix: _first_names(prefix) for prefix in KINDS}
