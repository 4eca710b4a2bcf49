"""Says what was wrong with a file, with the dates and the reasons inside a sentence in the same language."""

import contextlib
import datetime as dt
import re

from mollet.errors import MolletError
from mollet.words import date, say

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def tell(problem: MolletError, lang: str) -> str:
    """Say a problem; a date in it is written out, and a reason that is a problem itself is said too."""
    return say(problem.key, lang, **{name: _quoted(value, lang) for name, value in problem.values.items()})


def day(night: dt.date, lang: str) -> str:
    """Write a date of a file, with its year."""
    return date(night, lang, "d MMMM y")


def _quoted(value: object, lang: str) -> object:
    if isinstance(value, MolletError):
        return tell(value, lang)
    if isinstance(value, str) and _DAY.fullmatch(value):
        with contextlib.suppress(ValueError):
            value = dt.date.fromisoformat(value)
    return day(value, lang) if isinstance(value, dt.date) else value
