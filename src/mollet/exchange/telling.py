"""Says what was wrong with a file, or that it brought nothing; dates and reasons stand in the sentence's language."""

import contextlib
import datetime as dt
import re

from mollet.errors import FileError, MolletError
from mollet.exchange.incoming import Incoming
from mollet.words import date, say

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def tell(problem: MolletError, lang: str) -> str:
    """Say a problem; a date in it is written out, and a reason that is a problem itself is said too.

    The name of the file stands before a sentence that does not quote it.
    """
    says = say(problem.key, lang, **{name: _quoted(value, lang) for name, value in problem.values.items()})
    file = problem.file if isinstance(problem, FileError) else ""
    return say("error.in_file", lang, file=file, says=says) if file and file not in says else says


def nothing_in(incoming: Incoming) -> MolletError | None:
    """Say why a file cannot bring anything at all: nothing in it could be read, or it holds nothing for a diary."""
    holds = (
        incoming.entries,
        incoming.measures,
        incoming.generations,
        incoming.differing,
        incoming.settings,
        incoming.foods,
    )
    if any(holds) or incoming.same or incoming.asked:
        return None
    return MolletError("import.nothing_read" if incoming.problems else "import.holds_nothing")


def nothing_kept(incoming: Incoming, known: int, refused: int) -> MolletError:
    """Say why nothing of a file was kept, of which so many entries were known already and so many refused."""
    if nothing := nothing_in(incoming):
        return nothing
    if refused and not known:
        return MolletError("import.none_kept")
    is_clean = not (refused or incoming.problems or incoming.differing)
    return MolletError("import.all_known" if is_clean else "import.nothing_new")


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
