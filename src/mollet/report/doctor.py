"""The page for a doctor: what the diary and the answers say, counted from closed nights, with "not asked" kept.

Facts alone: ``sheet.py`` gives them words, the same for the screen and for paper.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from statistics import median
from zoneinfo import ZoneInfo

from mollet.advice.causes import CauseFound, causes
from mollet.advice.triage import Triage, triage
from mollet.diary import fold
from mollet.diary.entries import Answer, Entry
from mollet.diary.facts import resolve
from mollet.diary.fold import Course, Diary
from mollet.diary.nights import Night
from mollet.diary.summary import Summary, summary, weeks
from mollet.knowledge import Facts, names, rules
from mollet.knowledge.model import Catalogue, Claim, NameClass, Question, RedFlag, Text
from mollet.report.medicines import Change, Taken, changes, taken

# What the person adds for this page alone; the check-up does not ask it, and no rule reads it.
OWN_NAME, OWN_QUESTIONS, OWN_TESTS = "report:name", "report:asks", "report:tests"

# The time line looks back a year, so that a medicine started months ago stands on it; a choice for reading.
TIME_LINE_NIGHTS = 364

_TESTS = "blood_tests"
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
class Who:
    """The person, by their own answers: each may be missing, and nothing here was checked by anybody."""

    name: str | None
    age_years: float | None
    age_said: dt.date | None
    sex: Text | None
    is_answered_by_other: bool


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
    before : Summary or None
        Of as many nights before the span; None where the diary does not reach back that far.
    time_line : tuple of Summary
        Weeks of the picture, a year of them where the diary has it.
    taken, changes : tuple of Taken, tuple of Change
        Medicines taken on the last night, and what was started, changed or stopped within the time line.
    triage_when_said : Triage or None
        What called for more haste when it was said than what still holds: a sign of last week is no sign of today.
    topics, own_questions, tests_done : tuple
        What the person asks about, in the check-up and in their own words, and tests already done, in their own words.
    """

    who: Who
    nights: Summary
    before: Summary | None
    weeks: tuple[Summary, ...]
    time_line: tuple[Summary, ...]
    diary_since: dt.date | None
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
    taken: tuple[Taken, ...]
    changes: tuple[Change, ...]
    medicines: tuple[Named, ...] | None
    illnesses: tuple[Named, ...] | None
    supplements: tuple[Named, ...] | None
    present: tuple[Sign, ...]
    denied: tuple[Sign, ...]
    not_asked: tuple[Question, ...]
    tried: tuple[Tried, ...]
    topics: tuple[Text, ...]
    own_questions: tuple[str, ...]
    tests_done: tuple[str, ...]
    tests: Claim
    causes: tuple[CauseFound, ...]
    triage: Triage
    triage_when_said: Triage | None


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
    facts = resolve(known, catalogue, [course.name for course in courses])
    line = _time_line(diary, span)
    today = triage(facts, catalogue, country)
    return Doctor(
        who=_who(said, catalogue),
        nights=summary(nights),
        before=_before(diary, span),
        weeks=tuple(weeks(nights)),
        time_line=tuple(weeks(fold.nights(diary, *line))),
        diary_since=first_night(diary),
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
        taken=taken(courses, _lines(known.get(fold.MEDICINES)), catalogue),
        changes=changes(diary, line, catalogue),
        medicines=listed["medicine"],
        illnesses=listed["illness"],
        supplements=listed["supplement"],
        present=tuple(sign for sign in signs if sign.said),
        denied=tuple(sign for sign in signs if not sign.said),
        not_asked=_not_asked(asked, said, facts, catalogue),
        tried=_tried(diary, span, catalogue),
        topics=_topics(said, catalogue),
        own_questions=_own(said, OWN_QUESTIONS),
        tests_done=_own(said, OWN_TESTS),
        tests=catalogue.claims[_TESTS],
        causes=causes(facts, catalogue).applies,
        triage=today,
        triage_when_said=_when_said(diary, catalogue, at, courses, country, today),
    )


def _when_said(
    diary: Diary, catalogue: Catalogue, at: dt.datetime, courses: tuple[Course, ...], country: str, today: Triage
) -> Triage | None:
    """Return what all answers called for when they were said, where that is more urgent than what still holds."""
    said = fold.answers(diary, at, dict.fromkeys(catalogue.questions, "until_changed"))
    found = triage(resolve(said, catalogue, [course.name for course in courses]), catalogue, country)
    return found if catalogue.tiers[found.tier].rank > catalogue.tiers[today.tier].rank else None


def denied_by_day(signs: Iterable[Sign]) -> dict[dt.date, list[Sign]]:
    """Gather signs by the day on which they were denied, the last day first."""
    days: dict[dt.date, list[Sign]] = {}
    for sign in sorted(signs, key=lambda sign: sign.on, reverse=True):
        days.setdefault(sign.on, []).append(sign)
    return days


def first_night(diary: Diary) -> dt.date | None:
    """Return the first night of which anything was said."""
    return min(diary.said_nights, default=None)


def own_words(diary: Diary) -> dict[str, tuple[str, ...]]:
    """Return what the person added for this page alone: a name, questions of their own, tests already done."""
    said = _last_said(diary)
    return {key: _own(said, key) for key in (OWN_NAME, OWN_QUESTIONS, OWN_TESTS)}


def _time_line(diary: Diary, span: tuple[dt.date, dt.date]) -> tuple[dt.date, dt.date]:
    """Return the nights of the picture: far enough back for medicines, and not before the diary began."""
    earliest = min(span[0], span[1] - dt.timedelta(days=TIME_LINE_NIGHTS - 1))
    begun = first_night(diary) or span[0]
    return max(earliest, min(begun, span[0])), span[1]


def _before(diary: Diary, span: tuple[dt.date, dt.date]) -> Summary | None:
    first, last = span[0] - (span[1] - span[0]) - dt.timedelta(days=1), span[0] - dt.timedelta(days=1)
    begun = first_night(diary)
    return summary(fold.nights(diary, first, last)) if begun and begun <= first else None


def _who(said: Mapping[str, Entry], catalogue: Catalogue) -> Who:
    age, sex = said.get("age_years"), _value(said.get("sex"))
    years = _value(age)
    names_ = {choice.id: choice.name for choice in catalogue.questions["sex"].values}
    return Who(
        name=next(iter(_own(said, OWN_NAME)), None),
        age_years=float(years) if isinstance(years, int | float) and not isinstance(years, bool) else None,
        age_said=_day(age) if age else None,
        sex=names_.get(sex) if isinstance(sex, str) else None,
        is_answered_by_other=_value(said.get("answering_for")) in ("child", "other"),
    )


def _value(entry: Entry | None) -> object:
    return entry.data.value if entry is not None and isinstance(entry.data, Answer) else None


def _lines(value: object) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _own(said: Mapping[str, Entry], key: str) -> tuple[str, ...]:
    return _lines(_value(said.get(key)))


def _topics(said: Mapping[str, Entry], catalogue: Catalogue) -> tuple[Text, ...]:
    question = next(one for one in catalogue.questions.values() if one.list_of == "topic")
    asked = _lines(_value(said.get(question.id)))
    return tuple(choice.name for choice in question.values if choice.id in asked)


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
    """Return the yes-or-no questions whose yes is a sign of danger, in the order of the check-up.

    What only calls for an ordinary visit is no danger; it stands among the findings.
    """
    used = _read_by(_danger_flags(catalogue))
    return tuple(one for one in catalogue.questions.values() if one.type == "boolean" and one.id in used)


def _danger_flags(catalogue: Catalogue) -> Iterator[RedFlag]:
    ordinary = catalogue.tiers["routine"].rank
    return (flag for flag in catalogue.red_flags.values() if catalogue.tiers[flag.tier].rank > ordinary)


def _read_by(flags: Iterable[RedFlag]) -> set[str]:
    """Return the facts whose yes speaks for any of some flags."""
    leaves = (leaf for flag in flags for leaf in rules.leaves(flag.when))
    return {fact.name for fact, is_negated in leaves if not is_negated}


def _not_asked(
    asked: Iterable[Question], said: Mapping[str, Entry], facts: Facts, catalogue: Catalogue
) -> tuple[Question, ...]:
    """Return the signs of which nothing is known; what cannot be at this age and of this sex is no gap."""
    told = {name: facts.values[name] for name in ("age_years", "sex") if name in facts.values}
    who = resolve(told, catalogue).values
    possible = _read_by(flag for flag in _danger_flags(catalogue) if flag.when.value(who) is not False)
    gaps = (one for one in asked if not _is_said(said.get(one.id)) and not _is_implied_no(one, facts))
    return tuple(one for one in gaps if one.id in possible)


def _is_implied_no(question: Question, facts: Facts) -> bool:
    """Tell whether another answer says no to it: nobody asks a man whether he is pregnant, and that is no gap."""
    return question.id in facts.origin and facts.values.get(question.id) is False


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
