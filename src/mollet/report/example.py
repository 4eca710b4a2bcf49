"""The example year: a documented model that makes up one person's diary, the same to the byte for the same seed.

The person is a woman of 68 with a thiazide for her blood pressure, in the northern half of the world. What the model
assumes is written as constants below and described in ``docs/reference/example-year.md``. It is there to show the pages
with something on them, and to test what works on a diary; it is evidence of nothing.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import cos, exp, log, pi
from random import Random
from uuid import UUID

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
from mollet.diary.nights import window

NIGHTS = 365
# The last night but one before today is the last spoken of: nothing is ever said in the future.
LAST_NIGHT_BEFORE = dt.timedelta(days=2)

# Cramps a week, before season, spells and night-to-night luck: as in people who seek help (S-TAN24, S-FRU99).
RATE_PER_WEEK = 2.6
# Log amplitude of a season that peaks in mid-July, below that of the population, which is no individual's (S-GARR15).
SEASON_LOG_AMPLITUDE = 0.25
SEASON_PEAK_DAY_OF_YEAR = 196
# Shape of the gamma that multiplies each night's rate (negative binomial size; a choice, nothing is published).
NIGHT_SHAPE = 2.0

DIURETIC_FROM, DIURETIC_LOG_RATIO = 60, 0.25
BAD_PATCH, BAD_PATCH_LOG_RATIO = range(96, 118), 0.7
STRETCHING_FROM, STRETCHING_LOG_RATIO, STRETCHING_ADHERENCE = 182, -0.3, 0.8
HOLIDAY = range(228, 240)
CHECKUPS = (20, 150, 330)

RECORDED_AT_NIGHT = 0.8
ANSWERED_AFTER_CRAMPS, ANSWERED_AFTER_QUIET = 0.9, 0.84
END_UNKNOWN = 0.08
MEAN_CRAMP_MINUTES = 6.0

_HOUR, _MINUTE, _DAY = dt.timedelta(hours=1), dt.timedelta(minutes=1), dt.timedelta(days=1)
_NOTHING_ALARMING = (
    "chest_pain",
    "breathless",
    "faint_or_collapse",
    "palpitations",
    "calf_swollen_one_leg",
    "calf_warm",
    "calf_red",
    "saddle_numbness",
    "bladder_or_bowel_change",
    "weakness",
    "dark_urine",
    "fever",
    "previous_clot",
    "cancer",
    "falls",
)
_USUAL: tuple[tuple[str, bool | float | str | tuple[str, ...]], ...] = (
    ("age_years", 68.0),
    ("sex", "female"),
    ("main_problem", "cramp"),
    ("site", "calf"),
    ("at_night", True),
    ("relieved_by_stretching", True),
    ("sleep_disturbed", True),
    ("long_standing", True),
    ("smoker", False),
    ("asks_about", ("magnesium", "stretching")),
)


@dataclass(slots=True)
class Year:
    """A year being made up, night by night, from one stream of chance."""

    rng: Random
    zone: str
    first: dt.date
    entries: list[Entry] = field(default_factory=list)

    def say(self, data: Data, at: dt.datetime, about: UUID | None = None, replaces: tuple[UUID, ...] = ()) -> Entry:
        """Add one saying, under an id drawn from the stream."""
        identity = UUID(int=self.rng.getrandbits(128), version=4)
        moment = at.replace(microsecond=0)
        entry = entry_of(data, moment, self.zone, identity, about=about, replaces=replaces)
        self.entries.append(entry)
        return entry

    def night(self, number: int) -> dt.date:
        """Date of a night, counted from the first."""
        return self.first + number * _DAY

    def noon(self, number: int) -> dt.datetime:
        """First instant of a night."""
        return window(self.night(number), self.zone)[0]

    def chance(self, probability: float) -> bool:
        """Draw a yes with a probability."""
        return self.rng.random() < probability


def example_entries(seed: int, today: dt.date, zone: str = "Europe/Paris") -> list[Entry]:
    """Make up the diary of the year that ends the day before yesterday.

    The number of cramps of a night is Poisson with mean ``rate x luck``: ``luck`` is gamma with mean 1 and shape
    ``NIGHT_SHAPE``; the log of the rate adds a season, the weeks after a diuretic was started, a bad patch and evening
    stretching. A cramp is recorded at night with probability ``RECORDED_AT_NIGHT``; the morning answer follows with a
    probability that is higher after cramps, so that some nights stay open and others unlogged; on holiday nothing is
    said.

    Parameters
    ----------
    seed : int
        Of ``random.Random``: the same seed, day and zone give the same entries, ids included.
    today : date
        Nothing is said on it or later.
    zone : str
        IANA name of the zone she lives in.

    Returns
    -------
    list of Entry
        In the order they were said; each passes the door.
    """
    year = Year(Random(seed), zone, today - LAST_NIGHT_BEFORE - (NIGHTS - 1) * _DAY)
    _tell_medicines(year)
    for number in range(NIGHTS):
        if number in CHECKUPS:
            _tell_checkup(year, number)
        if number == HOLIDAY.start:
            _tell_holiday(year)
        if number not in HOLIDAY:
            _tell_day(year, number)
            _tell_night(year, number)
    _tell_mistakes(year)
    return sorted(year.entries, key=lambda entry: (entry.said, entry.id))


def rate(number: int, night: dt.date) -> float:
    """Mean cramps of a night, before its luck."""
    from_peak = night.timetuple().tm_yday - SEASON_PEAK_DAY_OF_YEAR
    log_rate = log(RATE_PER_WEEK / 7) + SEASON_LOG_AMPLITUDE * cos(2 * pi * from_peak / 365.25)
    log_rate += DIURETIC_LOG_RATIO if number >= DIURETIC_FROM else 0.0
    log_rate += BAD_PATCH_LOG_RATIO if number in BAD_PATCH else 0.0
    log_rate += STRETCHING_LOG_RATIO if number >= STRETCHING_FROM else 0.0
    return exp(log_rate)


def _tell_medicines(year: Year) -> None:
    start = year.noon(0) - 3 * _HOUR
    year.say(Medicine("start", "amlodipine", "5 mg", year.night(0) - 900 * _DAY), start)
    year.say(Medicine("start", "hydrochlorothiazide", "12.5 mg", year.night(DIURETIC_FROM)), year.noon(DIURETIC_FROM))


def _tell_checkup(year: Year, number: int) -> None:
    at = year.noon(number) + 4 * _HOUR
    medicines = ("amlodipine", "hydrochlorothiazide") if number >= DIURETIC_FROM else ("amlodipine",)
    year.say(Answer("medicines", medicines), at)
    year.say(Answer("conditions", ("hypertension",)), at)
    year.say(Answer("supplements", ()), at)
    for question, value in _USUAL:
        year.say(Answer(question, value), at)
    for question in _NOTHING_ALARMING:
        year.say(Answer(question, False), at)
    year.say(Answer("new_medicine_recent", 0 <= number - DIURETIC_FROM < 90), at)


def _tell_holiday(year: Year) -> None:
    first, last = year.night(HOLIDAY.start), year.night(HOLIDAY.stop - 1)
    year.say(Pause(first, last, "travel"), year.noon(HOLIDAY.start) - 2 * _HOUR)


def _tell_day(year: Year, number: int) -> None:
    """Say what the day held, on most days; what was not said stays unknown."""
    night, evening = year.night(number), year.noon(number) + 8 * _HOUR
    if year.chance(0.7):
        warm = 200.0 * max(0.0, cos(2 * pi * (night.timetuple().tm_yday - SEASON_PEAK_DAY_OF_YEAR) / 365.25))
        water = 50.0 * round((year.rng.gauss(1300.0, 250.0) + warm) / 50)
        year.say(Exposure("water_ml", max(300.0, water), None, night), evening)
    if year.chance(0.6):
        year.say(Exposure("standing_hours", float(year.rng.choice((2, 3, 3, 4, 4, 5, 7))), None, night), evening)
    if year.chance(0.5):
        year.say(Exposure("alcohol_drinks", float(year.rng.choice((0, 0, 0, 1, 1, 2))), None, night), evening)
    if year.chance(0.5):
        year.say(Exposure("unusual_effort", year.chance(0.12), None, night), evening)
    if number >= STRETCHING_FROM and year.chance(0.93):
        done = year.chance(STRETCHING_ADHERENCE)
        year.say(Dose("calf_hamstring_stretch", None, done, night), evening + 2 * _HOUR)


def _tell_night(year: Year, number: int) -> None:
    cramps = _poisson(year.rng, rate(number, year.night(number)) * year.rng.gammavariate(NIGHT_SHAPE, 1 / NIGHT_SHAPE))
    recorded = sum(year.chance(RECORDED_AT_NIGHT) for _ in range(cramps))
    for onset in _onsets(year, number, recorded):
        _tell_cramp(year, onset)
    if year.chance(ANSWERED_AFTER_CRAMPS if cramps else ANSWERED_AFTER_QUIET):
        _tell_morning(year, number, cramps)


def _onsets(year: Year, number: int, count: int) -> Iterator[dt.datetime]:
    """Yield when cramps began, most between one and six in the morning (S-NAF93), half an hour apart or more."""
    hours = sorted(year.rng.triangular(10.5, 18.5, 15.0) for _ in range(count))
    for place, hour in enumerate(hours):
        yield year.noon(number) + (hour + 0.5 * place) * _HOUR


def _tell_cramp(year: Year, onset: dt.datetime) -> None:
    minutes = min(14.0, max(0.5, year.rng.gammavariate(2.0, MEAN_CRAMP_MINUTES / 2)))
    severity = min(10, max(1, round(year.rng.gauss(6.4, 1.6))))
    start = onset.replace(microsecond=0)
    is_known = not year.chance(END_UNKNOWN)
    end = start + dt.timedelta(seconds=round(minutes * 60)) if is_known else None
    leg = year.rng.choice(("left", "left", "left", "right", "right", "both"))
    place = year.rng.choice(("calf", "calf", "calf", "calf", "foot"))
    helped = ("foot_up",) if year.chance(0.6) else ("foot_flat", "massage") if year.chance(0.5) else ()
    year.say(Cramp(end, is_known, leg, place, severity, helped, True), start)  # type: ignore[arg-type]


def _tell_morning(year: Year, number: int, cramps: int) -> None:
    awake = min(180, max(5, round(cramps * year.rng.gauss(25.0, 10.0)))) if cramps else None
    sleep = min(10, max(1, round(year.rng.gauss(7.2 - 1.3 * min(cramps, 3), 1.1))))
    at = year.noon(number) + (19.5 + 2 * year.rng.random()) * _HOUR
    year.say(Night(cramps, year.night(number), awake, sleep), at)


def _tell_mistakes(year: Year) -> None:
    """Correct one answer, take back a cramp touched by accident, and leave two notes."""
    answers = [entry for entry in year.entries if isinstance(entry.data, Night)]
    wrong = answers[len(answers) // 3]
    right = Night(wrong.data.cramps + 1, wrong.data.night, 30, 4) if isinstance(wrong.data, Night) else wrong.data
    year.say(right, wrong.at + 90 * _MINUTE, wrong.about, (wrong.id,))
    accident = year.say(Cramp(), year.noon(75) + 9 * _HOUR)
    year.say(Withdrawn(), accident.at + 2 * _MINUTE, accident.about, (accident.id,))
    year.say(Note("14 km"), year.noon(100) + 7 * _HOUR)
    year.say(Note("Dr Martin: 17/3, 10:30"), year.noon(151) + 3 * _HOUR)


def _poisson(rng: Random, mean: float) -> int:
    """Draw a Poisson count by multiplying uniforms (Knuth), exact for the small means met here."""
    limit, product, count = exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count
