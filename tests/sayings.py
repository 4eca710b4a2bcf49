"""Whatever a person might say: strategies for hypothesis."""

import datetime as dt
from dataclasses import replace
from zoneinfo import available_timezones

from hypothesis import strategies as st

from mollet.diary.entries import (
    Answer,
    Cramp,
    Data,
    Dose,
    Entry,
    Exposure,
    Medicine,
    Night,
    Note,
    Pause,
    Withdrawn,
    entry_of,
)

NOTORIOUS = (
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Caracas",
    "America/Danmarkshavn",
    "America/Havana",
    "America/Sao_Paulo",
    "America/Scoresbysund",
    "Antarctica/Casey",
    "Antarctica/Troll",
    "Antarctica/Vostok",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Asia/Pyongyang",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "Europe/Paris",
    "Kwajalein",
    "Pacific/Apia",
    "Pacific/Kiritimati",
)

zones = st.one_of(st.sampled_from(NOTORIOUS), st.sampled_from(sorted(available_timezones())))
dates = st.dates(dt.date(1990, 1, 3), dt.date(2037, 12, 29))
offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)))
moments = st.datetimes(dt.datetime(1990, 1, 3), dt.datetime(2037, 12, 29), timezones=offsets)

_names = st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True)
_lines = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40)
_amounts = st.floats(-1e9, 1e9)
_scores = st.none() | st.integers(0, 10)
_nights = st.none() | dates

_pauses = st.builds(
    lambda first, days, reason: Pause(first, None if days is None else first + dt.timedelta(days=days), reason),
    dates,
    st.none() | st.integers(0, 20),
    st.sampled_from(["travel", "hospital", "other"]),
)

data: st.SearchStrategy[Data] = st.one_of(
    st.builds(
        Cramp,
        leg=st.sampled_from([None, "left", "right", "both"]),
        place=st.sampled_from([None, "calf", "foot", "thigh", "other"]),
        severity=_scores,
        helped=st.lists(_names, max_size=3).map(tuple),
        woke=st.none() | st.booleans(),
        kind=st.just("cramp"),
        end=st.none(),
        end_known=st.just(False),
    ),
    st.builds(
        Night,
        cramps=st.integers(0, 99),
        night=_nights,
        awake_minutes=st.none() | st.integers(0, 1440),
        sleep=_scores,
        kind=st.just("night"),
    ),
    st.builds(
        Exposure,
        what=_names,
        value=st.booleans() | _amounts,
        unit=st.none() | _lines,
        night=_nights,
        kind=st.just("exposure"),
    ),
    st.builds(
        Dose,
        remedy=_names,
        amount=st.none() | _amounts,
        done=st.booleans(),
        night=_nights,
        kind=st.just("dose"),
    ),
    st.builds(
        Medicine,
        change=st.sampled_from(["start", "change", "stop"]),
        name=_lines,
        dose=st.none() | _lines,
        on=_nights,
        kind=st.just("medicine"),
    ),
    st.builds(
        Answer,
        question=_names,
        value=st.none() | st.booleans() | _amounts | _lines | st.lists(_lines, max_size=3).map(tuple),
        kind=st.just("answer"),
    ),
    _pauses,
    st.builds(Note, text=_lines, kind=st.just("note")),
    st.just(Withdrawn()),
)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """One entry of any kind, told when it could be."""
    at, told, what = draw(moments), draw(moments), draw(data)
    about = what.night if isinstance(what, Night) and what.night else at.date()
    after = dt.datetime.combine(about, dt.time(12), dt.UTC)
    said = max(at, told, after) if isinstance(what, Night | Cramp) else told
    replaces = tuple(draw(st.lists(st.uuids(), max_size=2)))
    return entry_of(what, at, draw(zones), draw(st.uuids()), said=said, about=draw(st.uuids()), replaces=replaces)


@st.composite
def with_end(draw: st.DrawFn) -> Entry:
    """A cramp that ended."""
    entry = draw(entries())
    minutes = draw(st.integers(0, 600))
    cramp = Cramp(end=entry.at + dt.timedelta(minutes=minutes), end_known=draw(st.booleans()))
    told = max(entry.at, entry.said)
    return replace(entry, said=told, data=cramp)


_IDS = st.integers(1, 12)
# Close together, or a season apart.
_FEW_HOURS = st.integers(0, 60) | st.integers(2000, 2060)
_FEW_MOMENTS = _FEW_HOURS.map(lambda hours: dt.datetime(2026, 3, 27, tzinfo=dt.UTC) + dt.timedelta(hours=hours))
_FEW_DATA: st.SearchStrategy[Data] = st.one_of(
    st.just(Cramp()),
    st.just(Cramp(severity=7)),
    st.builds(
        lambda cramps, day: Night(cramps, dt.date(2026, 3, day) if day else None),
        st.integers(0, 3),
        st.sampled_from([0, 27, 28]),
    ),
    st.builds(lambda value: Answer("sleeps_by_day", value), st.booleans() | st.none()),
    st.builds(lambda value: Exposure("tight_socks", value, None, dt.date(2026, 3, 28)), st.booleans()),
    st.just(Pause(dt.date(2026, 3, 28))),
    st.just(Withdrawn()),
)


@st.composite
def tangles(draw: st.DrawFn) -> list[Entry]:
    """A few things said, corrected, undone and contradicted, so that everything meets everything."""
    from uuid import UUID

    numbers = draw(st.lists(_IDS, min_size=1, max_size=10, unique=True))
    tangle = []
    for number in numbers:
        replaced = {n for n in draw(st.lists(_IDS, max_size=3)) if n < number}
        tangle.append(
            entry_of(
                draw(_FEW_DATA),
                draw(_FEW_MOMENTS),
                draw(st.sampled_from(["Europe/Paris", "America/New_York", "Pacific/Kiritimati"])),
                UUID(int=number),
                said=draw(_FEW_MOMENTS),
                about=UUID(int=1000 + draw(st.integers(1, 3))),
                replaces=tuple(UUID(int=n) for n in sorted(replaced)),
            )
        )
    return tangle
