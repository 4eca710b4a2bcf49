"""The page for a doctor: what the diary and the answers say, counted from closed nights, with "not asked" kept."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from statistics import median
from zoneinfo import ZoneInfo

from mollet.advice.triage import Triage, triage
from mollet.diary import fold
from mollet.diary.entries import Answer, Entry
from mollet.diary.facts import resolve
from mollet.diary.fold import Course, Diary
from mollet.diary.nights import Night
from mollet.diary.summary import Summary, summary, weeks
from mollet.knowledge import names, rules
from mollet.knowledge.model import Catalogue, NameClass, Question, Text

_CLASSES = {"medicine": "medicines", "illness": "illnesses", "supplement": "supplements"}


@dataclass(frozen=True, slots=True)
class Sign:
    """A danger sign that was asked about: what was said of it, and on which day."""

    question: Question
    said: bool
    on: dt.date


@dataclass(frozen=True, slots=True)
class Named:
    """A medicine, illness or supplement as it was named, what it was recognised as, and when it was said."""

    name: str
    classes: tuple[Text, ...]
    on: dt.date


@dataclass(frozen=True, slots=True)
class Tried:
    """A remedy of which something was noted: nights on which it was done, and nights on which it was left out."""

    remedy: str
    name: Text
    done: int
    left_out: int
    first: dt.date
    last: dt.date


@dataclass(frozen=True, slots=True)
class Spread:
    """What several episodes or nights say of one number."""

    middle: float
    least: float
    most: float
    n: int


@dataclass(frozen=True, slots=True)
class Doctor:
    """Everything on the page, without a word of it.

    Parameters
    ----------
    nights : Summary
        Of the span; cramps are those of its closed nights.
    open_at_least : int
        Cramps recorded on nights that nobody confirmed: shown beside, in no rate.
    since : date or None
        About when the problem began, by the person's own answer.
    severity, minutes, awake_minutes, sleep : Spread or None
        Of the episodes with a severity, of those whose end is known, and of the closed nights on which it was said.
    legs, places, helped : mapping of str to int
        How many episodes name each.
    present, denied : tuple of Sign
        Danger signs said to be there, and said not to be there, with the day each was said.
    not_asked : tuple of Question
        Danger signs of which nothing is known: a gap, never a no.
    """

    nights: Summary
    weeks: tuple[Summary, ...]
    open_at_least: int
    since: dt.date | None
    severity: Spread | None
    minutes: Spread | None
    awake_minutes: Spread | None
    sleep: Spread | None
    episodes: int
    legs: Mapping[str, int]
    places: Mapping[str, int]
    helped: Mapping[str, int]
    courses: tuple[Course, ...]
    medicines: tuple[Named, ...] | None
    illnesses: tuple[Named, ...] | None
    supplements: tuple[Named, ...] | None
    present: tuple[Sign, ...]
    denied: tuple[Sign, ...]
    not_asked: tuple[Question, ...]
    tried: tuple[Tried, ...]
    triage: Triage


def doctor(diary: Diary, catalogue: Catalogue, at: dt.datetime, span: tuple[dt.date, dt.date], country: str) -> Doctor:
    """Gather what a doctor needs to know of a span of nights.

    Parameters
    ----------
    diary : Diary
        The person's.
    catalogue : Catalogue
        What is known.
    at : datetime
        The moment the page is made, with its offset.
    span : tuple of date
        First and last night, both included.
    country : str
        Whose numbers to call.
    """
    nights = fold.nights(diary, *span)
    episodes = [episode for night in nights for episode in night.episodes]
    said = _last_said(diary)
    known = fold.answers(diary, at, {question.id: question.holds for question in catalogue.questions.values()})
    asked = _danger_questions(catalogue)
    signs = [_sign(question, said[question.id]) for question in asked if _is_said(said.get(question.id))]
    listed = {kind: _named(kind, said, catalogue) for kind in _CLASSES}
    courses = tuple(fold.medicines(diary, span[1]))
    return Doctor(
        nights=summary(nights),
        weeks=tuple(weeks(nights)),
        open_at_least=sum(night.at_least for night in nights if night.state == "open"),
        since=_since(said.get("symptom_days")),
        severity=_spread(episode.severity for episode in episodes),
        minutes=_spread(episode.minutes for episode in episodes),
        awake_minutes=_spread(night.awake_minutes for night in _closed(nights)),
        sleep=_spread(night.sleep for night in _closed(nights)),
        episodes=len(episodes),
        legs=_counted(episode.leg for episode in episodes),
        places=_counted(episode.place for episode in episodes),
        helped=_counted(step for episode in episodes for step in episode.helped),
        courses=courses,
        medicines=listed["medicine"],
        illnesses=listed["illness"],
        supplements=listed["supplement"],
        present=tuple(sign for sign in signs if sign.said),
        denied=tuple(sign for sign in signs if not sign.said),
        not_asked=tuple(question for question in asked if not _is_said(said.get(question.id))),
        tried=_tried(diary, span, catalogue),
        triage=triage(resolve(known, catalogue, [course.name for course in courses]), catalogue, country),
    )


def denied_by_day(signs: Iterable[Sign]) -> dict[dt.date, list[Sign]]:
    """Gather signs by the day on which they were denied, the last day first."""
    days: dict[dt.date, list[Sign]] = {}
    for sign in sorted(signs, key=lambda sign: sign.on, reverse=True):
        days.setdefault(sign.on, []).append(sign)
    return days


def first_night(diary: Diary) -> dt.date | None:
    """Return the first night of which anything was said."""
    return min(diary.said_nights, default=None)


def _closed(nights: Iterable[Night]) -> Iterator[Night]:
    return (night for night in nights if night.state == "closed")


def _last_said(diary: Diary) -> dict[str, Entry]:
    """Return the last reply to each question, expired or not: on paper it stands with its day."""
    replies = [thing.held for thing in diary.live if isinstance(thing.held.data, Answer)]
    last: dict[str, Entry] = {}
    for entry in sorted(replies, key=lambda entry: (entry.at, entry.said, entry.id)):
        if isinstance(entry.data, Answer):
            last[entry.data.question] = entry
    return last


def _is_said(entry: Entry | None) -> bool:
    return entry is not None and isinstance(entry.data, Answer) and isinstance(entry.data.value, bool)


def _sign(question: Question, entry: Entry) -> Sign:
    return Sign(question, isinstance(entry.data, Answer) and entry.data.value is True, _day(entry))


def _day(entry: Entry) -> dt.date:
    return entry.at.astimezone(ZoneInfo(entry.zone)).date()


def _since(entry: Entry | None) -> dt.date | None:
    if entry is None or not isinstance(entry.data, Answer) or not isinstance(entry.data.value, float | int):
        return None
    return _day(entry) - dt.timedelta(days=round(entry.data.value))


def _danger_questions(catalogue: Catalogue) -> tuple[Question, ...]:
    """Return the yes-or-no questions whose yes is a sign of danger, in the order of the check-up."""
    leaves = (leaf for flag in catalogue.red_flags.values() for leaf in rules.leaves(flag.when))
    used = {fact.name for fact, is_negated in leaves if not is_negated}
    return tuple(one for one in catalogue.questions.values() if one.type == "boolean" and one.id in used)


def _spread(values: Iterable[float | None]) -> Spread | None:
    said = [value for value in values if value is not None]
    return Spread(median(said), min(said), max(said), len(said)) if said else None


def _counted(values: Iterable[str | None]) -> dict[str, int]:
    return dict(Counter(value for value in values if value is not None).most_common())


def _named(kind: str, said: Mapping[str, Entry], catalogue: Catalogue) -> tuple[Named, ...] | None:
    """Return what a list names; None where it was never asked, which is not the same as none."""
    question = next((one for one in catalogue.questions.values() if one.list_of == kind), None)
    entry = said.get(question.id) if question else None
    if entry is None or not isinstance(entry.data, Answer) or not isinstance(entry.data.value, tuple):
        return None
    there = [name for name in entry.data.value if not names.is_nothing(name, catalogue)]
    return tuple(Named(name, _classes(name, catalogue), _day(entry)) for name in there)


def _classes(name: str, catalogue: Catalogue) -> tuple[Text, ...]:
    got = names.read_name(name, catalogue)
    found = (fact.partition(":") for fact in got.facts)
    known: Iterator[NameClass] = (getattr(catalogue, _CLASSES[kind])[id] for kind, _, id in found)
    return tuple(one.name for one in known) if got.is_whole else ()


def _tried(diary: Diary, span: tuple[dt.date, dt.date], catalogue: Catalogue) -> tuple[Tried, ...]:
    by_remedy: dict[str, list[fold.Done]] = {}
    for dose in fold.doses(diary, *span):
        by_remedy.setdefault(dose.remedy, []).append(dose)
    return tuple(_one_tried(remedy, doses, catalogue) for remedy, doses in by_remedy.items())


def _one_tried(remedy: str, doses: list[fold.Done], catalogue: Catalogue) -> Tried:
    known = catalogue.remedies.get(remedy)
    done = len({dose.night for dose in doses if dose.done})
    left_out = len({dose.night for dose in doses if not dose.done})
    name = known.name if known else Text(remedy, remedy)
    return Tried(remedy, name, done, left_out, doses[0].night, doses[-1].night)
