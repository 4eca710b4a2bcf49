"""Look things up in a diary: notes, medicines, pauses and nights, by words and dates as one writes them."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from mollet.diary import fold
from mollet.diary.entries import Medicine, Pause
from mollet.diary.fold import Diary
from mollet.words import LANGUAGES, date, say

Kind = Literal["night", "note", "medicine", "pause"]


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: what it is, the night or day it belongs to, its words; a pause with its id."""

    kind: Kind
    day: dt.date
    words: str
    pause: Pause | None = None
    about: UUID | None = None


def search(diary: Diary, query: str) -> list[Hit]:
    """Return what holds every word of a query, the latest first.

    A word is found by its beginning, without regard to accents and capitals. Dates are found as they are written in
    either language: "3 novembre", "November 2026", "2026-11-03", "3/11/2026".
    """
    wanted = _tokens(query)
    if not wanted:
        return []
    found = [hit for hit in _everything(diary) if _holds(hit, wanted)]
    return sorted(found, key=lambda hit: (hit.day, hit.kind), reverse=True)


def _everything(diary: Diary) -> Iterator[Hit]:
    yield from (Hit("night", night, "") for night in diary.said_nights)
    yield from (
        Hit("note", night, entry.data.text)  # type: ignore[union-attr]
        for night, entry in fold.notes(diary, dt.date.min, dt.date.max)
    )
    for thing in diary.live:
        data = thing.held.data
        if isinstance(data, Medicine):
            yield Hit("medicine", fold.medicine_day(thing.held), " ".join(filter(None, (data.name, data.dose))))
        elif isinstance(data, Pause):
            yield Hit("pause", data.first, _named(data), data, thing.about)


def _named(pause: Pause) -> str:
    """Write in every language what a pause is called, and why it was."""
    return " ".join(say(key, lang) for key in ("search.pause", f"nights.pause.{pause.reason}") for lang in LANGUAGES)


def _holds(hit: Hit, wanted: Iterable[str]) -> bool:
    words = {*_tokens(hit.words), *_tokens(_written(hit.day))}
    # A number is meant as it stands: 1 is no beginning of 12.
    return all(any(word == want or (not want.isdigit() and word.startswith(want)) for word in words) for want in wanted)


def _written(day: dt.date) -> str:
    """Write a day in every way that one may look for it."""
    spelt = " ".join(date(day, lang, "EEEE d MMMM y") for lang in LANGUAGES)
    return f"{spelt} {day.day} {day.isoformat()} {day.day}/{day.month}/{day.year} {day:%d/%m/%Y}"


def _tokens(text: str) -> list[str]:
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return [token.strip("-/") for token in re.findall(r"[\w/-]+", plain.casefold()) if token.strip("-/")]
