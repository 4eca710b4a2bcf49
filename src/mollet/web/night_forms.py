"""The forms of a night: what each may hold, read into the data of an entry, and filled again from what was kept."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from mollet.diary.entries import Note, Pause
from mollet.diary.fold import Diary, Exposed
from mollet.diary.moments import at_clock, is_skipped
from mollet.diary.nights import Episode, Night, night_of, window
from mollet.knowledge.model import Exposure
from mollet.web.typed import Problem, Typed

LEGS = ("left", "right", "both")
PLACES = ("calf", "foot", "thigh", "other")
REASONS = ("travel", "hospital", "other")
MOST_CRAMPS = 99
MINUTES_OF_A_DAY = 1440


def answer(typed: Typed, night: dt.date) -> dict[str, Any] | None:
    """Read the morning answer."""
    cramps = typed.whole("cramps", 0, MOST_CRAMPS)
    awake = typed.whole("awake_minutes", 0, MINUTES_OF_A_DAY)
    sleep = typed.whole("sleep", 0, 10)
    if cramps is None and not typed.problems:
        typed.missing("cramps")
    if typed.problems:
        return None
    return {"kind": "night", "night": night, "cramps": cramps, "awake_minutes": awake, "sleep": sleep}


def cramp(typed: Typed, relief: Iterable[str]) -> dict[str, Any]:
    """Read a cramp, all but its moment and its end."""
    woke = typed.choice("woke", ("yes", "no"))
    return {
        "kind": "cramp",
        "leg": typed.choice("leg", LEGS),
        "place": typed.choice("place", PLACES),
        "severity": typed.whole("severity", 0, 10),
        "helped": typed.some("helped", tuple(relief)),
        "woke": None if woke is None else woke == "yes",
    }


def moment(typed: Typed, diary: Diary, night: dt.date, zone: str, before: Episode | None = None) -> dt.datetime | None:
    """Read the time of a cramp as an instant of its night; a time that was not touched keeps its seconds."""
    is_there = before is not None and night_of(before.at, before.zone, diary.by_day) == night
    if before is not None and is_there and typed.fields.get("time") == filled_cramp(before)["time"]:
        return before.at
    time = typed.clock("time")
    if time is None:
        if not typed.problems:
            typed.missing("time")
        return None
    at = at_clock(night, time, zone, diary.by_day)
    if at is None and is_skipped(night, time, zone, diary.by_day):
        typed.problems.append(Problem("time", "form.skipped_hour", {"typed": time}))
    elif at is None:
        typed.problems.append(_outside(time, window(night, zone, diary.by_day), zone))
    return at


def night_meant(typed: Typed, night: dt.date, before: Episode | None = None) -> dt.date:
    """Read to which night a cramp belongs: another one where its date was corrected."""
    return (typed.day("night") if before is not None else None) or night


def end(typed: Typed, at: dt.datetime | None, before: Episode | None = None) -> dict[str, Any]:
    """Read how long a cramp lasted as its end; without minutes the end is not known, and none is invented."""
    if before is not None and at is not None and typed.fields.get("minutes") == filled_cramp(before)["minutes"]:
        # A cramp that is moved lasts as long as it did.
        return {"end": before.end and before.end + (at - before.at), "end_known": before.end_known}
    minutes = typed.number("minutes", 0, MINUTES_OF_A_DAY)
    if at is None or minutes is None:
        return {}
    # In UTC: minutes that pass while the clock is put back or forward are minutes all the same.
    ended = (at.astimezone(dt.UTC) + dt.timedelta(minutes=minutes)).astimezone(at.tzinfo)
    return {"end": ended, "end_known": True}


def pause(typed: Typed) -> dict[str, Any] | None:
    """Read a pause."""
    first, last = typed.day("first"), typed.day("last")
    reason = typed.choice("reason", REASONS)
    if first is None and not typed.problems:
        typed.missing("first")
    if first and last and last < first:
        typed.problems.append(Problem("last", "form.before_first"))
    if typed.problems:
        return None
    return {"kind": "pause", "first": first, "last": last, "reason": reason or "other"}


@dataclass(frozen=True, slots=True)
class Habit:
    """One habit as the page shows it: its words, what is kept of it, and what its field holds."""

    id: str
    name: str
    unit: str
    is_yes_no: bool
    value: bool | float | None
    typed: str
    leaves: tuple[UUID, ...] = ()
    asked_back: bool = False


def habits(known: Iterable[Exposure], said: Iterable[Exposed], lang: str, typed: Typed | None = None) -> list[Habit]:
    """Lay out every habit that can be noted, with what was said of it; what was just typed comes first."""
    kept = {one.what: one for one in said}
    return [_habit(exposure, kept.get(exposure.id), lang, typed) for exposure in known]


def habit_value(habit: Habit, exposure: Exposure, typed: Typed) -> bool | float | None:
    """Read the field of a habit; empty is not known."""
    if habit.is_yes_no:
        said = typed.choice(habit.id, ("yes", "no"))
        return None if said is None else said == "yes"
    value = typed.number(habit.id, exposure.min or 0, exposure.max if exposure.max is not None else 1e6)
    if value is not None and value != habit.value and not typed.is_sure(habit.id):
        _ask_back(habit, exposure, value, typed)
    return value


@dataclass(frozen=True, slots=True)
class Usual:
    """A habit with its usual value, offered where nothing was said of it yet."""

    id: str
    name: str
    unit: str
    value: bool | float
    typed: str


def usual(habits: Iterable[Habit], values: Mapping[str, bool | float]) -> list[Usual]:
    """Return what may be offered of a day: the usual values of the habits of which nothing was said."""
    return [
        Usual(one.id, one.name, one.unit, values[one.id], _written(values[one.id], one.is_yes_no))
        for one in habits
        if one.value is None and one.id in values and isinstance(values[one.id], bool) == one.is_yes_no
    ]


def confirmed(habit: Habit, exposure: Exposure, typed: Typed) -> bool | float | None:
    """Read a usual value that was confirmed as it stood; a chip that was taken away says nothing."""
    if habit.is_yes_no:
        said = typed.choice(habit.id, ("yes", "no"))
        return None if said is None else said == "yes"
    return typed.number(habit.id, exposure.min or 0, exposure.max if exposure.max is not None else 1e6)


def missed(typed: Typed, night: dt.date) -> dict[str, Any] | None:
    """Read the answer of one row of the page of missed nights; a row left alone says nothing."""
    cramps = typed.whole(night.isoformat(), 0, MOST_CRAMPS)
    return None if cramps is None else {"kind": "night", "night": night, "cramps": cramps}


def check_hours(values: Mapping[str, bool | float | None], known: Iterable[Exposure], typed: Typed) -> None:
    """Ask back about hours that no day has: one does not stand and sit at the same time."""
    apart: dict[str, list[Exposure]] = {}
    for one in known:
        if one.apart and one.max is not None:
            apart.setdefault(one.apart, []).append(one)
    for exposures in apart.values():
        hours = sum(values.get(one.id) or 0 for one in exposures)
        most = max(one.max or 0 for one in exposures)
        if hours > most:
            words = {"n": f"{hours:g}", "most": f"{most:g}"}
            typed.problems.append(Problem(exposures[-1].id, "form.too_many_hours", words))


def _ask_back(habit: Habit, exposure: Exposure, value: float, typed: Typed) -> None:
    """Ask back about an amount that reads like another unit: litres in a field of millilitres, a part of a step."""
    is_litres = exposure.meant_below is not None and 0 < value < exposure.meant_below
    if is_litres or (exposure.type == "count" and value != int(value)):
        meant = round(value * 1000)
        words = {"typed": typed.fields[habit.id][:60], "unit": habit.unit or habit.name.lower(), "meant": meant}
        typed.problems.append(Problem(habit.id, "form.meant", words))


def filled_answer(night: Night) -> dict[str, object]:
    """Fill the form of the morning answer from what holds."""
    return {"cramps": _shown(night.said), "awake_minutes": _shown(night.awake_minutes), "sleep": _shown(night.sleep)}


def filled_cramp(cramp: Episode) -> dict[str, object]:
    """Fill the form of a cramp from what holds."""
    return {
        "time": cramp.at.astimezone(ZoneInfo(cramp.zone)).strftime("%H:%M"),
        "leg": cramp.leg,
        "place": cramp.place,
        "severity": _shown(cramp.severity),
        "minutes": "" if cramp.minutes is None else f"{cramp.minutes:.1f}".removesuffix(".0"),
        "helped": cramp.helped,
        "woke": {True: "yes", False: "no", None: ""}[cramp.woke],
    }


def filled_pause(pause: Pause) -> dict[str, object]:
    """Fill the form of a pause from what holds."""
    last = pause.last.isoformat() if pause.last else ""
    return {"first": pause.first.isoformat(), "last": last, "reason": pause.reason}


def retyped(typed: Typed) -> Mapping[str, object]:
    """Give back what was typed, so that nothing is lost when something was wrong."""
    return {**typed.fields.dict(), "helped": typed.fields.getlist("helped")}


def filled(data: object) -> Mapping[str, object]:
    """Fill the form of a pause or a note from what holds."""
    if isinstance(data, Pause):
        return filled_pause(data)
    return {"text": data.text} if isinstance(data, Note) else {}


def _habit(exposure: Exposure, kept: Exposed | None, lang: str, typed: Typed | None) -> Habit:
    is_yes_no = exposure.type == "boolean"
    unit = exposure.unit if isinstance(exposure.unit, str) else exposure.unit.to(lang) if exposure.unit else ""
    value = kept.value if kept else None
    held = _written(value, is_yes_no) if typed is None else typed.fields.get(exposure.id, "")
    leaves = kept.leaves if kept else ()
    asked_back = typed is not None and any(
        one.field == exposure.id and one.key == "form.meant" for one in typed.problems
    )
    return Habit(exposure.id, exposure.name.to(lang), unit, is_yes_no, value, held, leaves, asked_back)


def _written(value: bool | float | None, is_yes_no: bool) -> str:
    if value is None:
        return ""
    return ("yes" if value else "no") if is_yes_no else f"{value:g}"


def _shown(value: int | None) -> str:
    return "" if value is None else str(value)


def _outside(time: dt.time, span: tuple[dt.datetime, dt.datetime], zone: str) -> Problem:
    start, end = (at.astimezone(ZoneInfo(zone)) for at in span)
    words = {"typed": time, "start": start.time(), "end": end.time()}
    return Problem("time", "form.not_that_night", words)
