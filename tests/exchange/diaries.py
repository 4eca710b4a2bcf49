"""Small diaries to take out and bring back."""

import datetime as dt
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from mollet.diary.entries import Answer, Cramp, Data, Dose, Entry, Exposure, Medicine, Night, Note, Pause

PARIS = ZoneInfo("Europe/Paris")
HERE = UUID("6f1c1f5e-0f0b-4c53-9f5e-3f9a52d7a001")
ELSEWHERE = UUID("6f1c1f5e-0f0b-4c53-9f5e-3f9a52d7a002")
NOV_3 = dt.date(2026, 11, 3)


def saying(number: int, data: Data, at: dt.datetime, replaces: int | None = None) -> Entry:
    """One entry with a number for an id; a correction is about the thing it replaces."""
    identity = uuid5(HERE, str(number))
    earlier = uuid5(HERE, str(replaces)) if replaces is not None else None
    return Entry(1, identity, earlier or identity, (earlier,) if earlier else (), at, "Europe/Paris", at, data)


def moment(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """A moment of November 2026 in Paris."""
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=PARIS)


def autumn() -> tuple[Entry, ...]:
    """A few nights that hold every kind of entry: closed, open, quiet, corrected."""
    ended = moment(4, 3, 16)
    return (
        saying(1, Cramp(ended, True, "left", "calf", 7, ("foot_up",), True), moment(4, 3, 10)),
        saying(2, Night(2, NOV_3, 40, 4), moment(4, 8)),
        saying(3, Night(1, NOV_3, 40, 4), moment(4, 9), replaces=2),
        saying(4, Cramp(severity=5), moment(5, 2, 30)),
        saying(5, Cramp(), moment(5, 4, 30)),
        saying(6, Night(0, dt.date(2026, 11, 5)), moment(6, 8)),
        saying(7, Exposure("water_ml", 1200.0, "mL", NOV_3), moment(3, 20)),
        saying(8, Exposure("tight_socks", True, None, NOV_3), moment(3, 20, 5)),
        saying(9, Dose("calf_hamstring_stretch", None, True, NOV_3), moment(3, 22)),
        saying(10, Medicine("start", "hydrochlorothiazide", "12,5 mg", NOV_3), moment(3, 9)),
        saying(11, Answer("calf_swollen_one_leg", False), moment(3, 10)),
        saying(12, Pause(dt.date(2026, 11, 10), dt.date(2026, 11, 12), "travel"), moment(9, 10)),
        saying(13, Note("À revoir : « la nuit du 3 »."), moment(6, 10)),
    )
