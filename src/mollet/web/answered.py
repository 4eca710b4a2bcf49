"""What the person answered: what holds now, what has expired, and the facts that follow."""

import contextlib
import datetime as dt
from collections.abc import Collection, Mapping

from mollet.diary import fold
from mollet.diary.entries import Answer
from mollet.diary.facts import check_answers, resolve
from mollet.diary.fold import Diary, Value
from mollet.errors import EntryError
from mollet.knowledge import Catalogue, Facts, load
from mollet.store import read
from mollet.web import clock
from mollet.web.page import PersonalRequest


def facts(request: PersonalRequest) -> Facts:
    """Return the facts that follow from what the person answered and what has not expired."""
    diary = read.diary(request.person)
    today = clock.local(request.person.zone).date()
    return resolve(answers(diary, load()), load(), [course.name for course in fold.medicines(diary, today)])


def answers(diary: Diary, catalogue: Catalogue, at: dt.datetime | None = None) -> dict[str, Value]:
    """Return the answers that hold, now unless said otherwise; one that the catalogue no longer allows is not known."""
    holds = {question.id: question.holds for question in catalogue.questions.values()}
    return _usable(fold.answers(diary, at or clock.now(), holds), catalogue)


def expired(diary: Diary, catalogue: Catalogue) -> dict[str, Value]:
    """Return the answers that were given once and hold no longer."""
    ever = fold.answers(diary, clock.now(), dict.fromkeys(catalogue.questions, fold.UNTIL_CHANGED))
    held = answers(diary, catalogue)
    return {key: value for key, value in _usable(ever, catalogue).items() if key not in held}


def until(request: PersonalRequest, keys: Collection[str], catalogue: Catalogue) -> dt.datetime | None:
    """Return when the first of some answers expires; None where all hold until they are changed."""
    last = moments(read.diary(request.person))
    ends = (last[key] + held for key in keys if key in last and (held := holds(key, catalogue)) is not None)
    return min(ends, default=None)


def moments(diary: Diary) -> dict[str, dt.datetime]:
    """Return when each question was answered last."""
    last: dict[str, dt.datetime] = {}
    for thing in diary.live:
        data = thing.held.data
        if isinstance(data, Answer):
            last[data.question] = max(thing.held.at, last.get(data.question, thing.held.at))
    return last


def holds(question: str, catalogue: Catalogue) -> dt.timedelta | None:
    """Return how long an answer to a question holds; None where it holds until it is changed."""
    unit, _, count = catalogue.questions[question].holds.partition(":")
    return dt.timedelta(**{unit: int(count)}) if count else None


def has_answers(diary: Diary) -> bool:
    """Tell whether any question of the check-up was ever answered."""
    asked = load().questions
    return any(isinstance(data := thing.held.data, Answer) and data.question in asked for thing in diary.live)


def _usable(said: Mapping[str, Value], catalogue: Catalogue) -> dict[str, Value]:
    usable: dict[str, Value] = {}
    for key, value in said.items():
        with contextlib.suppress(EntryError):
            usable.update(check_answers({key: value}, catalogue))
    return usable
