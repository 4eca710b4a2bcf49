"""What the first page must come back to after a cramp: one that lasted, and a clock that nobody stopped."""

import contextlib
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from mollet.advice.lasting import MINUTES, STILL_HARD, asking_minute
from mollet.diary import fold
from mollet.diary.entries import Answer, Cramp, Entry
from mollet.diary.fold import Diary, Thing
from mollet.diary.nights import window
from mollet.knowledge import Catalogue
from mollet.web import answered
from mollet.web.page import PersonalRequest

CLOCK_LEFT = "clock_left_running"
"""The phone keeps this beside a cramp whose clock nobody stopped; its value names the cramp."""


@dataclass(frozen=True, slots=True)
class LongCramp:
    """A cramp of the last night that lasted: so many minutes at least, or still hard."""

    minutes: float | None
    still_hard: bool


@dataclass(frozen=True, slots=True)
class ClockLeft:
    """A cramp whose clock nobody stopped, and the thing that asks about it."""

    asked: Thing
    cramp: Thing

    @property
    def about(self) -> UUID:
        """Of the question."""
        return self.asked.about

    @property
    def at(self) -> dt.datetime:
        """When the clock was started, on the wall of that place."""
        return self.cramp.held.at


def asking_again(request: PersonalRequest, diary: Diary, night: dt.date, catalogue: Catalogue) -> LongCramp | None:
    """Return the long cramp of a night, or of what came since, until the check-up was answered after it."""
    start, _ = window(night, request.person.zone, diary.by_day)
    told = [entry for entry in _answers(diary) if entry.at >= start and _tells(entry, catalogue)]
    lasted = [
        (one.at, one.minutes)
        for one in fold.cramps(diary)
        if one.at >= start and (one.minutes or 0) >= asking_minute(catalogue)
    ]
    moments = [entry.at for entry in told] + [at for at, _ in lasted]
    if not moments or _is_answered_after(max(moments), diary, catalogue):
        return None
    minutes = [entry.data.value for entry in told if isinstance(entry.data, Answer) and entry.data.question == MINUTES]
    known = [float(value) for value in minutes if isinstance(value, int | float)] + [n or 0 for _, n in lasted]
    hard = any(isinstance(entry.data, Answer) and entry.data.question == STILL_HARD for entry in told)
    return LongCramp(max(known, default=None), hard)


def clock_left(diary: Diary) -> ClockLeft | None:
    """Return the last clock that nobody stopped and nobody spoke of since."""
    found = [left for thing in diary.live for left in _left(thing, diary)]
    return found[-1] if found else None


def _left(thing: Thing, diary: Diary) -> Iterator[ClockLeft]:
    data = thing.held.data
    if not isinstance(data, Answer) or data.question != CLOCK_LEFT:
        return
    with contextlib.suppress(ValueError):
        cramp = diary.things.get(UUID(str(data.value)))
        # A cramp that was corrected since is one.
        if cramp and isinstance(cramp.held.data, Cramp) and not cramp.held.replaces:
            yield ClockLeft(thing, cramp)


def _answers(diary: Diary) -> Iterator[Entry]:
    return (thing.held for thing in diary.live if isinstance(thing.held.data, Answer))


def _tells(entry: Entry, catalogue: Catalogue) -> bool:
    """Whether an answer says that a cramp did not let go in time."""
    if not isinstance(entry.data, Answer):
        return False
    if entry.data.question == MINUTES:
        value = entry.data.value
        return isinstance(value, int | float) and value >= asking_minute(catalogue)
    return entry.data.question == STILL_HARD and entry.data.value is True


def _is_answered_after(moment: dt.datetime, diary: Diary, catalogue: Catalogue) -> bool:
    """Whether the check-up was answered once what was said during the cramp held no longer."""
    over = moment + (answered.holds(MINUTES, catalogue) or dt.timedelta())
    screen = {MINUTES, *(fact for sign in catalogue.signs.values() for fact in sign.tells)}
    asked = {key: entry.at for entry in _answers(diary) if (key := _question(entry, catalogue))}
    return any(at > (over if key in screen else moment) for key, at in asked.items())


def _question(entry: Entry, catalogue: Catalogue) -> str:
    """Return the question of the check-up that an answer belongs to; nothing for a setting."""
    key = entry.data.question if isinstance(entry.data, Answer) else ""
    return key if key in catalogue.questions and catalogue.questions[key].group != "settings" else ""
