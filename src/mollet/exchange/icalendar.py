"""Reminders as a calendar: the morning question, tonight's routine as the plan offers it today, and the look back.

A calendar on a phone may show it weeks after it was fetched. So the routine, which is advice and may no longer suit
then, reaches only a few nights ahead; each fetch moves that end on.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from mollet.advice.plan import Plan, Planned, plan
from mollet.advice.review import review
from mollet.diary import fold
from mollet.diary.facts import check_answers, resolve
from mollet.diary.fold import Diary
from mollet.errors import EntryError
from mollet.knowledge.model import Catalogue
from mollet.words import say

if TYPE_CHECKING:
    from icalendar import Component

NAME = "calendar"
# How far ahead each reminder reaches: a choice. Advice must not outlive the answers it rests on for long.
MORNING_DAYS, ROUTINE_DAYS = 90, 14
_YEAR = dt.timedelta(days=366)
MORNING, EVENING = dt.time(8), dt.time(21, 30)


@dataclass(frozen=True, slots=True)
class Wishes:
    """When to remind, each None for never, in which language, and since which day."""

    morning: dt.time | None = MORNING
    evening: dt.time | None = EVENING
    lang: str = "en"
    since: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder that comes back each day: what it is, when, what it shows, and for how many days from today."""

    word: str
    at: dt.time
    title: str
    text: str
    days: int
    form: str
    """Where on the house it is answered."""
    on: dt.date | None = None
    """The day on which it comes once; none where it comes back."""


def reminders(diary: Diary, catalogue: Catalogue, now: dt.datetime, wishes: Wishes) -> tuple[Reminder, ...]:
    """Return what the calendar shows: the question, the routine where the plan offers one, and the day to look back.

    While something urgent holds the plan is empty, and no routine is shown.
    """
    lang, found = wishes.lang, []
    if wishes.morning:
        title, text = say("feed.morning", lang), say("feed.morning_text", lang)
        found.append(Reminder("morning", wishes.morning, title, text, MORNING_DAYS, "nights/last/"))
    made = _plan(diary, catalogue, now) if wishes.evening else None
    tonight = made.tonight if made else ()
    if wishes.evening and made and tonight:
        text = "\n".join(line for one in tonight for line in _lines(one, lang))
        found.append(
            Reminder("routine", wishes.evening, say("feed.routine", lang), text, ROUTINE_DAYS, "plan/#tonight")
        )
        found.extend(_look_back(diary, made.review_weeks, catalogue, now, wishes.evening, lang))
    return tuple(found)


def _look_back(
    diary: Diary, weeks: int | None, catalogue: Catalogue, now: dt.datetime, at: dt.time, lang: str
) -> Iterator[Reminder]:
    """Remind once, when the weeks of a routine that was begun are over."""
    today = now.astimezone(ZoneInfo(diary.zone)).date()
    begun = review(diary, weeks, today, catalogue)
    # Once its day is over the calendar has rung, and the plan shows the comparison itself.
    if begun is not None and begun.due >= today:
        text = say("feed.review_text", lang, n=begun.weeks)
        yield Reminder("review", at, say("feed.review", lang), text, 0, "plan/#review", begun.due)


def write(
    diary_id: UUID, diary: Diary, catalogue: Catalogue, now: dt.datetime, wishes: Wishes, house: str = ""
) -> bytes:
    """Write the calendar: local times with their zone, an alarm at the moment, names that stay the same.

    Where the address of the ``house`` is known, each reminder opens the form that answers it.
    """
    # Imported here: it takes a moment, and nobody else needs it.
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//mollet//reminders//EN")
    calendar.add("x-wr-calname", say("feed.name", wishes.lang))
    calendar.add("refresh-interval", dt.timedelta(hours=12), parameters={"VALUE": "DURATION"})
    for event in _events(diary_id, diary, catalogue, now, wishes, house):
        calendar.add_component(event)
    first = wishes.since or now.date()
    calendar.add_missing_timezones(first.replace(month=1, day=1), now.date() + 2 * _YEAR)
    made: bytes = calendar.to_ical()
    return made


def _events(
    diary_id: UUID, diary: Diary, catalogue: Catalogue, now: dt.datetime, wishes: Wishes, house: str
) -> "Iterator[Component]":
    from icalendar import Alarm, Event

    here = ZoneInfo(diary.zone)
    today = now.astimezone(here).date()
    for one in reminders(diary, catalogue, now, wishes):
        start = dt.datetime.combine(one.on or min(wishes.since or today, today), one.at, here)
        end = dt.datetime.combine(today + dt.timedelta(days=one.days), one.at, here)
        event = Event()
        event.add("uid", str(uuid5(diary_id, f"calendar:{one.word}")))
        event.add("dtstamp", now.astimezone(dt.UTC).replace(microsecond=0))
        event.add("dtstart", start)
        event.add("duration", dt.timedelta(minutes=10))
        if one.on is None:
            event.add("rrule", {"freq": "daily", "until": end.astimezone(dt.UTC)})
        event.add("summary", one.title)
        event.add("description", f"{one.text}\n\n{house}{one.form}" if house else one.text)
        if house:
            event.add("url", f"{house}{one.form}")
        event.add("class", "PRIVATE")
        event.add("transp", "TRANSPARENT")
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", one.title)
        alarm.add("trigger", dt.timedelta())
        event.add_component(alarm)
        yield event


def _lines(one: Planned, lang: str) -> Iterator[str]:
    """Say a part of the routine, how it is done, and the conditions on which it is offered."""
    name = one.variant.name if one.variant and one.variant.name else one.remedy.name
    does = one.variant.does if one.variant else one.remedy.does
    yield say("report.pair", lang, label=name.to(lang), value=does.to(lang).rstrip("."))
    if one.judgement.state == "with_condition":
        yield from (text.to(lang) for text in one.judgement.says)


def _plan(diary: Diary, catalogue: Catalogue, now: dt.datetime) -> Plan:
    holds = {question.id: question.holds for question in catalogue.questions.values()}
    known = {}
    for key, value in fold.answers(diary, now, holds).items():
        # An answer that the catalogue no longer allows is not known.
        with suppress(EntryError):
            known.update(check_answers({key: value}, catalogue))
    today = now.astimezone(ZoneInfo(diary.zone)).date()
    return plan(resolve(known, catalogue, [course.name for course in fold.medicines(diary, today)]), catalogue)
