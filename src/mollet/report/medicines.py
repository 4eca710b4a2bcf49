"""Medicines for the doctor's page: what is taken, what changed and when, and which are known to go with cramps."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from mollet.diary.entries import Medicine
from mollet.diary.fold import Course, Diary, medicine_day
from mollet.knowledge import names, rules
from mollet.knowledge.model import Catalogue, Cause, Text

# Of these strengths nothing speaks for a link: such a medicine is not named among those that may provoke cramps.
_NO_LINK = ("none", "contrary")


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A class of medicines that a medicine belongs to and that may provoke cramps, and how strong that link is."""

    name: Text
    strength: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """A medicine taken: its name and dose as said, since when if that was said, and what speaks against it."""

    name: str
    dose: str | None
    since: dt.date | None
    suspicions: tuple[Suspicion, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A medicine started, changed or stopped on a day."""

    on: dt.date
    change: str
    name: str
    dose: str | None
    suspicions: tuple[Suspicion, ...]


def taken(courses: Iterable[Course], listed: Sequence[str], catalogue: Catalogue) -> tuple[Taken, ...]:
    """Return the medicines of the time line, then those that only the list of the check-up names."""
    found = [Taken(one.name, one.dose, one.since, suspicions(one.name, catalogue)) for one in courses]
    there = {names.fold(one.name) for one in found}
    others = [name for name in listed if names.fold(name) not in there and not names.is_nothing(name, catalogue)]
    return (*found, *(Taken(name, None, None, suspicions(name, catalogue)) for name in others))


def changes(diary: Diary, span: tuple[dt.date, dt.date], catalogue: Catalogue) -> tuple[Change, ...]:
    """Return what was started, changed or stopped within a span, by day."""
    found = []
    for thing in diary.live:
        data = thing.held.data
        if isinstance(data, Medicine) and span[0] <= medicine_day(thing.held) <= span[1]:
            on = medicine_day(thing.held)
            found.append(Change(on, data.change, data.name, data.dose, suspicions(data.name, catalogue)))
    return tuple(sorted(found, key=lambda one: (one.on, one.name.casefold(), one.change)))


def suspicions(name: str, catalogue: Catalogue) -> tuple[Suspicion, ...]:
    """Return why a medicine of this name may provoke cramps, the strongest link first; nothing for an unknown name."""
    follows = names.implications(catalogue)
    own = dict.fromkeys(names.read_name(name, catalogue).facts)
    found: dict[str, Suspicion] = {}
    for cause in _causes(catalogue):
        told = {leaf.name for leaf, _ in rules.leaves(cause.when)}
        for fact in own:
            if told & {fact, *follows.get(fact, ())}:
                found.setdefault(fact, Suspicion(_class_name(fact, catalogue), cause.strength, cause.sources))
    return tuple(found.values())


def _causes(catalogue: Catalogue) -> Iterator[Cause]:
    """Yield the causes that are medicines, the best supported first."""
    order = ("strong", "moderate", "weak", "plausible", "conflicting")
    linked = [one for one in catalogue.causes.values() if one.kind == "medicine" and one.strength not in _NO_LINK]
    return iter(sorted(linked, key=lambda one: order.index(one.strength)))


def _class_name(fact: str, catalogue: Catalogue) -> Text:
    prefix, _, rest = fact.partition(":")
    name: Text = getattr(catalogue, names.KINDS[prefix])[rest].name
    return name
