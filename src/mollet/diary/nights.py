"""Which night an instant belongs to, and what a night is.

A night runs from noon to noon by the local clock and bears the date of its evening; who sleeps by day has it from
midnight to midnight. Its length is whatever the zone makes of it. The night of a date starts at the first instant at
which the local clock has reached that date's noon (or midnight), and ends where the next one starts: nights tile time
without gap or overlap whatever the clock does.
"""

import datetime as dt
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from mollet.diary.entries import Data, Entry
from mollet.diary.entries import Night as Answered

# Since when (an instant) the person sleeps by day, or no longer does; in the order of the instants.
Changes = tuple[tuple[dt.datetime, bool], ...]
ByDay = bool | Changes

State = Literal["closed", "open", "unlogged", "paused"]

_NOON = dt.time(12)
_MIDNIGHT = dt.time(0)
_ONE_DAY = dt.timedelta(days=1)
_ONE_SECOND = dt.timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Window:
    """The instants of a night, in UTC: its start is its own, its end the next one's; equal where a zone skipped it."""

    date: dt.date
    start: dt.datetime
    end: dt.datetime


@dataclass(frozen=True, slots=True)
class Episode:
    """One cramp as it now stands, with the sayings that a correction of it would replace."""

    about: UUID
    at: dt.datetime
    zone: str
    end: dt.datetime | None = None
    end_known: bool = False
    leg: str | None = None
    place: str | None = None
    severity: int | None = None
    helped: tuple[str, ...] = ()
    woke: bool | None = None
    leaves: tuple[UUID, ...] = ()

    @property
    def minutes(self) -> float | None:
        """Length of the episode; None unless the person ended it."""
        if self.end is None or not self.end_known:
            return None
        return (self.end - self.at) / dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Night:
    """One night of the diary.

    Parameters
    ----------
    date : date
        Of its evening.
    cramps : int or None
        What the morning answer said; None until there is one that holds against what was recorded, never a zero by
        default.
    at_least : int
        Episodes recorded.
    answers : tuple of Entry
        The morning answers that hold, the last one first in right; those that differ are "two answers".
    is_paused : bool
        A pause covers it, whatever else was said.
    """

    date: dt.date
    cramps: int | None = None
    episodes: tuple[Episode, ...] = ()
    awake_minutes: int | None = None
    sleep: int | None = None
    answers: tuple[Entry, ...] = ()
    is_paused: bool = False

    @property
    def at_least(self) -> int:
        """How many episodes were recorded."""
        return len(self.episodes)

    @property
    def state(self) -> State:
        """Closed by a morning answer that holds, open while cramps wait for one, else paused or unlogged."""
        if self.cramps is not None:
            return "closed"
        if self.episodes:
            return "open"
        return "paused" if self.is_paused else "unlogged"

    @property
    def asks(self) -> bool:
        """Fewer cramps were said than recorded: to be asked, never guessed; until then the night is open."""
        return self.cramps is None and bool(self.answers)

    @property
    def said(self) -> int | None:
        """What the last morning answer said, whether it holds yet or is still asked about."""
        last = self.answers[-1].data if self.answers else None
        return getattr(last, "cramps", None)

    @property
    def differing(self) -> tuple[Entry, ...]:
        """The morning answers without those that a later one says again: what is said twice is one answer."""
        last = {_content(answer): answer for answer in self.answers}
        return tuple(answer for answer in self.answers if last[_content(answer)] is answer)

    @property
    def has_two_answers(self) -> bool:
        """Two devices answered differently, and nothing has replaced both yet."""
        return len(self.differing) > 1


def _content(answer: Entry) -> Data:
    """What a morning answer says of its night, whether it names that night or not."""
    return replace(answer.data, night=None) if isinstance(answer.data, Answered) else answer.data


def night_of(at: dt.datetime, zone: str, by_day: ByDay = False) -> dt.date:
    """Date of the night that an instant belongs to.

    Parameters
    ----------
    at : datetime
        With its offset.
    zone : str
        IANA name of the zone the person was in.
    by_day : bool or changes of it
        Whether the person sleeps by day: always, never, or since when. A change counts from the next local midnight on,
        so that it moves no instant that lies before it.
    """
    instant = at.astimezone(dt.UTC)
    date = instant.astimezone(ZoneInfo(zone)).date()
    while _start(date, zone, by_day) > instant:
        date -= _ONE_DAY
    while _start(date + _ONE_DAY, zone, by_day) <= instant:
        date += _ONE_DAY
    return date


def today(now: dt.datetime, zone: str, by_day: ByDay = False) -> dt.date:
    """The last date that is not to come at an instant: the day's own, or that of the night which runs."""
    return max(now.astimezone(ZoneInfo(zone)).date(), night_of(now, zone, by_day))


def window(night: dt.date, zone: str, by_day: ByDay = False) -> tuple[dt.datetime, dt.datetime]:
    """Start and end of a night as UTC instants; the end is the start of the next night."""
    return _start(night, zone, by_day), _start(night + _ONE_DAY, zone, by_day)


def windows(today: dt.date, n: int, zone: str, by_day: ByDay = False) -> list[Window]:
    """The last n nights up to that of `today`, oldest first, for those who must not compute a night themselves."""
    dates = [today - days * _ONE_DAY for days in reversed(range(n))]
    return [Window(date, *window(date, zone, by_day)) for date in dates]


def _start(date: dt.date, zone: str, by_day: ByDay) -> dt.datetime:
    return _first_instant(date, _MIDNIGHT if _sleeps_by_day(date, zone, by_day) else _NOON, zone)


def _sleeps_by_day(date: dt.date, zone: str, by_day: ByDay) -> bool:
    if isinstance(by_day, bool):
        return by_day
    held = False
    for since, value in by_day:
        if since.astimezone(ZoneInfo(zone)).date() < date:
            held = value
    return held


@lru_cache(maxsize=100_000)
def _first_instant(date: dt.date, time: dt.time, zone: str) -> dt.datetime:
    """First instant, to the second, at which the clock of a zone has reached a date and time."""
    wall = dt.datetime.combine(date, time)
    here = ZoneInfo(zone)
    early, late = sorted(wall.replace(tzinfo=here, fold=fold).astimezone(dt.UTC) for fold in (0, 1))
    if early == late or _clock(early, here) >= wall:
        return early
    # The clock jumps over this time: between the two readings lies the jump, the first instant that is past it.
    while late - early > _ONE_SECOND:
        middle = early + (late - early) // 2
        early, late = (early, middle) if _clock(middle, here) >= wall else (middle, late)
    return late.replace(microsecond=0)


def _clock(instant: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    return instant.astimezone(zone).replace(tzinfo=None)
