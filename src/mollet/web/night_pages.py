"""What the pages of nights show: a month, the last weeks, one night; gathered from the diary, without a word typed."""

import datetime as dt
from collections import Counter
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.safestring import mark_safe

from mollet.diary import fold, summary
from mollet.diary.entries import FIRST_DAY, Answer, Pause
from mollet.diary.fold import Diary, Thing
from mollet.diary.nights import Changes, Night, night_of, window
from mollet.diary.usual import usual as usual_values
from mollet.knowledge import load
from mollet.report import charts, trend
from mollet.web import clock
from mollet.web.night_forms import Usual, habits
from mollet.web.night_forms import usual as offered
from mollet.web.page import PersonalRequest

CHARTED_WEEKS = 12
MISSED_NIGHTS = 7
ASKED_NIGHTS = 60
"""How far back a night is still asked for: what one no longer knows is better left a gap. A choice."""
_ONE_DAY = dt.timedelta(days=1)


def month(diary: Diary, first: dt.date, tonight: dt.date) -> dict[str, Any]:
    """Return a month of nights up to tonight: its calendar, its list and whether nobody spoke of some night.

    Of the nights to come those are shown in which something stands; from tonight's month the way forward leads to the
    next month that has one.
    """
    ahead = {night for night, _ in fold.after(diary, tonight)}
    months = sorted({night.replace(day=1) for night in ahead})
    this_month, after = tonight.replace(day=1), (first + 32 * _ONE_DAY).replace(day=1)
    every = fold.nights(diary, first, after - _ONE_DAY)
    shown = [night for night in every if night.date <= tonight or night.date in ahead]
    by_date = {night.date: night for night in shown}
    earlier = [month for month in (this_month, *months) if month < first]
    later = [month for month in months if month > first]
    return {
        "first": first,
        "before": max(earlier) if first > this_month else (first - _ONE_DAY).replace(day=1),
        "after": after if after <= this_month else min(later, default=None),
        "weeks": charts.month(first, by_date),
        "heads": [dt.date(2024, 1, 1) + days * _ONE_DAY for days in range(7)],
        "listed": [night for night in reversed(shown) if night.state != "unlogged"],
        "has_gaps": any(night.state == "unlogged" for night in shown if night.date < tonight),
    }


def ahead(diary: Diary, today: dt.date) -> dict[str, Any]:
    """Return what is dated after today: how many things, and of which kinds on each night."""
    kinds = Counter((night, entry.data.kind) for night, entry in fold.after(diary, today))
    return {"ahead": kinds.total(), "ahead_kinds": [(night, kind, n) for (night, kind), n in kinds.items()]}


def replies(diary: Diary, day: dt.date, lang: str) -> list[tuple[str, Thing]]:
    """Return the replies to questions that are dated in a night, each under its question."""
    known = load().questions
    found = [entry for night, entry in fold.after(diary, day - _ONE_DAY) if night == day]
    return [
        (known[entry.data.question].asks.to(lang) if entry.data.question in known else entry.data.question, thing)
        for entry in found
        if isinstance(entry.data, Answer) and (thing := diary.things[entry.about])
    ]


def weeks(diary: Diary, tonight: dt.date, lang: str) -> dict[str, Any]:
    """Return the last weeks as a picture and a table, from the first one with a closed night on."""
    monday = tonight - tonight.weekday() * _ONE_DAY
    shown = fold.nights(diary, monday - 7 * (CHARTED_WEEKS - 1) * _ONE_DAY, tonight)
    charted = summary.weeks(shown)
    begun = next((index for index, week in enumerate(charted) if week.closed), None)
    if begun is None:
        return {"chart": "", "charted": []}
    charted = charted[begun:]
    found = trend.trend(shown, charted)
    return {
        # The picture is made of numbers and escaped words alone.
        "chart": mark_safe(charts.weekly_chart(charted, lang, found.rates)),
        "charted": list(zip(charted, found.rates, strict=True)),
        "trend": found,
        "of_twenty": trend.OF_TWENTY,
        "least_closed": trend.LEAST_CLOSED,
    }


def heading(diary: Diary, day: dt.date) -> dict[str, Any]:
    """Return what the heading of a night needs."""
    return {"night": Night(day), "by_day": is_by_day(day, diary.zone, diary.by_day)}


def doses(diary: Diary, day: dt.date, lang: str) -> list[tuple[str, bool]]:
    """Return what was done, or knowingly left out, against cramps on a night."""
    known = load().remedies
    done = fold.doses(diary, day, day)
    # What two devices said alike is shown once.
    said = ((known[dose.remedy].name.to(lang) if dose.remedy in known else dose.remedy, dose.done) for dose in done)
    return list(dict.fromkeys(said))


def is_by_day(day: dt.date, zone: str, by_day: Changes) -> bool:
    """Tell whether a night belongs to somebody who sleeps by day: it then begins at midnight and not at noon."""
    start, _ = window(day, zone, by_day)
    # Where the clock jumps over midnight or noon a night begins a little later: six hours tell the two apart.
    return start.astimezone(ZoneInfo(zone)).time() < dt.time(6)


def may_answer(request: PersonalRequest, diary: Diary, day: dt.date) -> bool:
    """Tell whether a night can be answered: on its own evening, before bedtime, an answer would be a guess."""
    start, _ = window(day, diary.zone, diary.by_day)
    is_bedtime = request.hour == "night" or request.local_now.date() > day
    return start <= clock.now() and (is_bedtime or is_by_day(day, diary.zone, diary.by_day))


def missed(diary: Diary, last: dt.date) -> list[Night]:
    """Return the nights of the week up to one of which the morning answer is still missing, pauses left out."""
    return _unanswered(diary, _first_of_week(last), last)


def overdue(diary: Diary, newest: dt.date) -> list[Night]:
    """Return the missed nights, everywhere the same: those since a night on that have no answer, pauses left out."""
    since = asked_since(diary, newest)
    return _unanswered(diary, since, newest) if since else []


def asked_since(diary: Diary, newest: dt.date) -> dt.date | None:
    """Return the first night whose answer can be missed; None while nothing was ever said.

    Nights before the first that was spoken of may be filled in, but they are nobody's omission.
    """
    begun = min(diary.said_nights, default=None)
    return None if begun is None else max(begun, _asked_for(newest))


def asked(diary: Diary, newest: dt.date) -> list[Night]:
    """Return every night that is still asked for, up to the newest."""
    return fold.nights(diary, _asked_for(newest), newest)


def pauses(diary: Diary) -> list[tuple[Thing, Pause]]:
    """Return the pauses that hold, by their first night."""
    found = [(thing, thing.held.data) for thing in diary.live if isinstance(thing.held.data, Pause)]
    return sorted(found, key=lambda one: one[1].first)


def pauses_going_on(diary: Diary, over: dt.date) -> list[tuple[Thing, Pause]]:
    """Return the pauses that hold on a night that is over and have not ended with it."""
    return [
        (thing, pause)
        for thing, pause in pauses(diary)
        if pause.first <= over and (pause.last is None or pause.last > over)
    ]


def missed_weeks(diary: Diary, last: dt.date, newest: dt.date) -> tuple[dt.date | None, dt.date | None]:
    """Return the last night of the nearest week before, and of the nearest after, in which answers are missing.

    The weeks are counted from the one that is shown, and reach as far as nights are asked for.
    """
    days = [(night.date - last).days for night in _unanswered(diary, _asked_for(newest), newest)]
    # Days from the last night of the week shown, in whole weeks, rounded towards later ones.
    before = max((-(-day // MISSED_NIGHTS) for day in days if day <= -MISSED_NIGHTS), default=None)
    after = min((-(-day // MISSED_NIGHTS) for day in days if day > 0), default=None)
    return (
        None if before is None else last + before * MISSED_NIGHTS * _ONE_DAY,
        None if after is None else min(last + after * MISSED_NIGHTS * _ONE_DAY, newest),
    )


def _asked_for(newest: dt.date) -> dt.date:
    return max(newest - (ASKED_NIGHTS - 1) * _ONE_DAY, FIRST_DAY)


def _unanswered(diary: Diary, since: dt.date, until: dt.date) -> list[Night]:
    return [night for night in fold.nights(diary, since, until) if not night.answers and not night.is_paused]


def week(diary: Diary, last: dt.date) -> list[Night]:
    """Return the nights of the week up to one."""
    return fold.nights(diary, _first_of_week(last), last)


def _first_of_week(last: dt.date) -> dt.date:
    return max(last - (MISSED_NIGHTS - 1) * _ONE_DAY, FIRST_DAY)


def usual(diary: Diary, day: dt.date, lang: str) -> list[Usual]:
    """Return the usual values that may be offered of a day of which they were not said yet."""
    known = habits(load().exposures.values(), fold.exposures(diary, day, day), lang)
    return offered(known, usual_values(diary, day))


def has_begun(diary: Diary, day: dt.date) -> bool:
    """Tell whether a night has begun: of one to come nothing can be answered."""
    start, _ = window(day, diary.zone, diary.by_day)
    return start <= clock.now()


def within(diary: Diary, day: dt.date, request: PersonalRequest) -> dt.datetime:
    """Return an instant of a night for what has none of its own: now while the night lasts, else its last minute."""
    start, end = window(day, diary.zone, diary.by_day)
    here = ZoneInfo(request.person.zone)
    return request.local_now if start <= clock.now() < end else (end - dt.timedelta(minutes=1)).astimezone(here)


def tonight(request: PersonalRequest, diary: Diary) -> dt.date:
    """Return the night that runs now."""
    return night_of(clock.now(), request.person.zone, diary.by_day)


def said_within(diary: Diary, pause: object) -> list[Night]:
    """Return the nights of a pause of which something was said: it stays, and an answered night counts."""
    if not isinstance(pause, Pause):
        return []
    last = pause.last or dt.date.max
    return [night for night in diary.said_nights.values() if pause.first <= night.date <= last]


def one(diary: Diary, day: dt.date) -> Night:
    """Return one night, whatever was said of it."""
    return next(iter(fold.nights(diary, day, day)), Night(day))


def first_day(month: str, diary: Diary, tonight: dt.date) -> dt.date:
    """Return the first day of the month asked for, or of this one; none is later than the last thing said."""
    try:
        first = dt.date.fromisoformat(f"{month}-01")
    except ValueError:
        first = tonight
    last = max((night for night, _ in fold.after(diary, tonight)), default=tonight)
    return min(max(first, FIRST_DAY), last).replace(day=1)
