"""From what was said, in any order and any number of times, to what now holds."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from mollet.diary.entries import (
    CLOCKS_DIFFER,
    Answer,
    Cramp,
    Dose,
    Entry,
    Exposure,
    Medicine,
    Note,
    Pause,
    Withdrawn,
)
from mollet.diary.entries import Night as NightAnswer
from mollet.diary.measures import Measure
from mollet.diary.nights import Changes, Episode, Night, night_of, window

SLEEPS_BY_DAY = "sleeps_by_day"
MEDICINES = "medicines"
UNTIL_CHANGED = "until_changed"

_ONE_DAY = dt.timedelta(days=1)
_OF_A_NIGHT = (Cramp, NightAnswer, Exposure, Dose, Note, Answer)

Value = bool | float | str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing the diary is about: the sayings that nothing has replaced, as they were said; the last one holds."""

    about: UUID
    leaves: tuple[Entry, ...]

    @property
    def held(self) -> Entry:
        """The saying that holds."""
        return self.leaves[-1]

    @property
    def is_withdrawn(self) -> bool:
        """It was taken back."""
        return isinstance(self.held.data, Withdrawn)

    @property
    def is_disputed(self) -> bool:
        """Two devices said different things of it, and nothing has replaced both yet; the same said twice is one."""
        # When it happened is a part of what is said of a cramp; of other things it is when they were said.
        return len({(leaf.data, leaf.at if isinstance(leaf.data, Cramp) else None) for leaf in self.leaves}) > 1


@dataclass(frozen=True, slots=True)
class Course:
    """A medicine being taken: its name as said, its dose if said, and since when, if its start was said."""

    name: str
    dose: str | None
    since: dt.date | None


@dataclass(frozen=True, slots=True)
class Exposed:
    """What was said of one exposure on one night."""

    night: dt.date
    what: str
    value: bool | float
    unit: str | None
    leaves: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """A remedy done, taken or knowingly left out on one night."""

    night: dt.date
    remedy: str
    amount: float | None
    done: bool
    about: UUID
    leaves: tuple[UUID, ...]


@dataclass(frozen=True)
class Diary:
    """Everything one person said, with the measures their imports brought; what follows from it is computed once.

    Parameters
    ----------
    entries : tuple of Entry
        In any order; repeats of an id are harmless.
    measures : tuple of Measure
        Those that hold, one for each night and kind.
    zone : str
        IANA name of the zone the person lives in: for nights of which nothing was said.
    """

    entries: tuple[Entry, ...] = ()
    measures: tuple[Measure, ...] = ()
    zone: str = "Europe/Paris"

    @cached_property
    def by_day(self) -> Changes:
        """Since when the person sleeps by day, or no longer does."""
        return changes(self.entries)

    @cached_property
    def things(self) -> Mapping[UUID, Thing]:
        """What holds of each thing, by its id."""
        return fold(self.entries, self.by_day)

    @cached_property
    def live(self) -> tuple[Thing, ...]:
        """The things not taken back, by when they happened."""
        there = [thing for thing in self.things.values() if not thing.is_withdrawn]
        return tuple(sorted(there, key=lambda thing: (thing.held.at, thing.held.id)))

    @cached_property
    def said_nights(self) -> Mapping[dt.date, Night]:
        """The nights of which something was said: cramps, or a morning answer."""
        return _said_nights(self)


def fold(entries: Iterable[Entry], by_day: Changes | None = None) -> dict[UUID, Thing]:
    """What holds of each thing, whatever the order and the number of times the sayings arrived.

    A saying is replaced by one about the same thing that names it; a morning answer, identified by its night, also by
    another answer of that night. The name of a saying about another thing is ignored; that of a saying that has not
    arrived yet counts once it has.
    """
    known = _by_id(entries)
    moved = changes(known.values()) if by_day is None else by_day
    about: dict[UUID, list[Entry]] = defaultdict(list)
    for entry in known.values():
        about[entry.about].append(entry)
    replaced = {
        earlier.id
        for entry in known.values()
        if entry.replaces
        for earlier in _replaced_by(entry, known, about[entry.about], moved)
    }
    things = {}
    for thing, said in about.items():
        leaves = [entry for entry in said if entry.id not in replaced] or _leaves_of_a_ring(said, known)
        if leaves:
            things[thing] = Thing(thing, tuple(sorted(leaves, key=_order)))
    return things


def changes(entries: Iterable[Entry]) -> Changes:
    """The dated setting "I sleep by day", from the answers that hold."""
    said = list(_by_id(entries).values())
    settings = {entry.about for entry in said if _is_setting(entry)}
    held = [thing.held for thing in fold((entry for entry in said if entry.about in settings), ()).values()]
    answers = sorted((entry for entry in held if _is_setting(entry)), key=lambda entry: (entry.at, *_order(entry)))
    return tuple((entry.at, entry.data.value is True) for entry in answers if isinstance(entry.data, Answer))


def night_of_entry(entry: Entry, by_day: Changes) -> dt.date:
    """The night an entry names, or else the one it happened in."""
    named = entry.data.night if isinstance(entry.data, NightAnswer | Exposure | Dose) else None
    return named or night_of(entry.at, entry.zone, by_day)


def nights(diary: Diary, since: dt.date, until: dt.date) -> list[Night]:
    """Every night from one date to another, both included; one that its zone skipped is left out unless spoken of."""
    paused = pauses(diary)
    every = [since + days * _ONE_DAY for days in range((until - since).days + 1)]
    return complete(every, diary.said_nights, paused, diary.zone, diary.by_day)


def complete(
    dates: Iterable[dt.date],
    said: Mapping[dt.date, Night],
    paused: Iterable[Pause],
    zone: str,
    by_day: Changes,
) -> list[Night]:
    """The nights of the dates: those spoken of and, between them, the unlogged; each marked where a pause covers it."""
    spans = [(pause.first, pause.last or dt.date.max) for pause in paused]
    full = []
    for date in dates:
        is_paused = any(first <= date <= last for first, last in spans)
        night = said.get(date)
        if night is not None:
            full.append(_marked(night, is_paused))
        elif _has_length(date, zone, by_day):
            full.append(Night(date, is_paused=is_paused))
    return full


def after(diary: Diary, day: dt.date) -> list[tuple[dt.date, Entry]]:
    """What holds of the nights after one, by night: what a device whose clock runs ahead left there.

    Replies to questions are among it: until their date comes nobody hears them.
    """
    found = {
        (night_of_entry(leaf, diary.by_day), leaf.about): leaf
        for thing in diary.live
        for leaf in thing.leaves
        if _is_of_a_night(leaf, thing) and _may_lie_after(leaf, day)
    }
    return sorted(((night, leaf) for (night, _), leaf in found.items() if night > day), key=_by_night)


def was_spoken_of(diary: Diary, night: dt.date) -> bool:
    """Whether anything was ever said of a night, taken back since or not."""
    before = night - _ONE_DAY
    return any(
        night_of_entry(entry, diary.by_day) == night
        for entry in diary.entries
        if isinstance(entry.data, _OF_A_NIGHT) and _may_lie_after(entry, before)
    )


def cramps(diary: Diary) -> list[Episode]:
    """Every episode that holds, by its onset."""
    return [_episode(thing) for thing in diary.live if isinstance(thing.held.data, Cramp)]


def answers(diary: Diary, at: dt.datetime, holds: Mapping[str, str]) -> dict[str, Value]:
    """What is known at an instant: the last answer to each question, unless it expired or went back to not known.

    Parameters
    ----------
    diary : Diary
        The person's. A medicine started or stopped after the list of medicines was answered enters or leaves that list;
        without a list the medicines are not known, whatever was started: one name says nothing of the others.
    at : datetime
        With its offset.
    holds : mapping of str to str
        How long an answer to each question holds: ``"hours:24"``, ``"days:30"`` or ``"until_changed"``. A question that
        is not named does not exist any more, and its answers are left out.
    """
    known: dict[str, Value] = {}
    for question, entry in _last_answers(diary, at).items():
        value = entry.data.value if isinstance(entry.data, Answer) else None
        if value is not None and question in holds and _still_holds(entry.at, at, holds[question]):
            known[question] = _since_listed(diary, entry, value, at) if question == MEDICINES else value
    return known


def medicines(diary: Diary, on: dt.date) -> list[Course]:
    """The medicines being taken on a date, by name; one that is stopped on the date is no longer among them."""
    taken: dict[str, Course] = {}
    for day, _, data in _medicine_steps(diary, on):
        before = taken.pop(_plain(data.name), None)
        if data.change != "stop":
            taken[_plain(data.name)] = _course(data, day, before)
    return sorted(taken.values(), key=lambda course: course.name.casefold())


def doses(diary: Diary, since: dt.date, until: dt.date) -> list[Done]:
    """Remedies done, taken or left out on the nights of a span, both dates included."""
    found = []
    for thing in diary.live:
        data = thing.held.data
        if isinstance(data, Dose):
            night = night_of_entry(thing.held, diary.by_day)
            found.append(Done(night, data.remedy, data.amount, data.done, thing.about, _ids(thing.leaves)))
    return sorted((dose for dose in found if since <= dose.night <= until), key=lambda d: (d.night, d.remedy, d.about))


def exposures(diary: Diary, since: dt.date, until: dt.date) -> list[Exposed]:
    """What was said of each exposure on each night of a span; said twice, the last saying holds and both are named."""
    said: dict[tuple[dt.date, str], list[Entry]] = defaultdict(list)
    for thing in diary.live:
        for leaf in thing.leaves:
            if isinstance(leaf.data, Exposure):
                said[night_of_entry(leaf, diary.by_day), leaf.data.what].append(leaf)
    return [
        _exposed(night, sorted(leaves, key=_order))
        for (night, _), leaves in sorted(said.items())
        if since <= night <= until
    ]


def notes(diary: Diary, since: dt.date, until: dt.date) -> list[tuple[dt.date, Entry]]:
    """Notes of the nights of a span, by when they happened."""
    found = [
        (night_of_entry(thing.held, diary.by_day), thing.held)
        for thing in diary.live
        if isinstance(thing.held.data, Note)
    ]
    return [(night, entry) for night, entry in found if since <= night <= until]


def pauses(diary: Diary) -> list[Pause]:
    """The pauses that hold, by their first day."""
    held = [thing.held.data for thing in diary.live if isinstance(thing.held.data, Pause)]
    return sorted(held, key=lambda pause: (pause.first, pause.last or dt.date.max))


def _is_of_a_night(leaf: Entry, thing: Thing) -> bool:
    """Whether a saying stands in a night: of answers and habits each one does, of other things the one that holds."""
    is_held = leaf is thing.held and isinstance(leaf.data, _OF_A_NIGHT)
    return is_held or isinstance(leaf.data, NightAnswer | Exposure)


def _may_lie_after(entry: Entry, day: dt.date) -> bool:
    """Whether the night of a saying may be after a date; to compute it for every saying would take long."""
    named = entry.data.night if isinstance(entry.data, NightAnswer | Exposure | Dose) else None
    return named > day if named else entry.at.astimezone(dt.UTC).date() + _ONE_DAY >= day


def _by_night(one: tuple[dt.date, Entry]) -> tuple[dt.date, dt.datetime, UUID]:
    return one[0], one[1].at, one[1].id


def _order(entry: Entry) -> tuple[dt.datetime, UUID]:
    return entry.said, entry.id


def _by_id(entries: Iterable[Entry]) -> dict[UUID, Entry]:
    known: dict[UUID, Entry] = {}
    for entry in entries:
        twin = known.setdefault(entry.id, entry)
        if twin is not entry and twin != entry:
            # The store refuses a second content under one id; from elsewhere the choice must not hang on the order.
            known[entry.id] = max(twin, entry, key=repr)
    return known


def _ids(entries: Iterable[Entry]) -> tuple[UUID, ...]:
    return tuple(entry.id for entry in entries)


def _is_setting(entry: Entry) -> bool:
    return isinstance(entry.data, Answer) and entry.data.question == SLEEPS_BY_DAY


def _replaced_by(
    entry: Entry, known: Mapping[UUID, Entry], siblings: Iterable[Entry], by_day: Changes
) -> Iterable[Entry]:
    named = [known[earlier] for earlier in entry.replaces if earlier in known]
    same = [earlier for earlier in named if earlier.about == entry.about]
    others = [earlier for earlier in named if earlier.about != entry.about and isinstance(earlier.data, NightAnswer)]
    if not others:
        return same
    # Two phones answered for one night: what replaces the one may replace the other.
    own = [entry, *(sibling for sibling in siblings if sibling.id in entry.replaces)]
    spoken_of = {night_of_entry(one, by_day) for one in own if isinstance(one.data, NightAnswer)}
    return same + [earlier for earlier in others if night_of_entry(earlier, by_day) in spoken_of]


def _leaves_of_a_ring(said: list[Entry], known: Mapping[UUID, Entry]) -> list[Entry]:
    """Sayings that replace one another in a ring: no honest device makes one, and even then nothing may vanish."""
    return [entry for entry in said if _reaches_itself(entry, known)]


def _reaches_itself(entry: Entry, known: Mapping[UUID, Entry]) -> bool:
    seen: set[UUID] = set()
    ahead = list(entry.replaces)
    while ahead:
        earlier = known.get(ahead.pop())
        if earlier is None or earlier.id in seen:
            continue
        seen.add(earlier.id)
        ahead.extend(earlier.replaces)
    return entry.id in seen


def _said_nights(diary: Diary) -> dict[dt.date, Night]:
    episodes: dict[dt.date, list[Episode]] = defaultdict(list)
    replies: dict[dt.date, list[Entry]] = defaultdict(list)
    for thing in diary.live:
        if isinstance(thing.held.data, Cramp):
            episodes[night_of_entry(thing.held, diary.by_day)].append(_episode(thing))
        for leaf in thing.leaves:
            if isinstance(leaf.data, NightAnswer):
                replies[night_of_entry(leaf, diary.by_day)].append(leaf)
    abouts = {entry.id: entry.about for entry in diary.entries}
    return {date: _night(date, episodes[date], replies[date], abouts) for date in sorted({*episodes, *replies})}


def _night(date: dt.date, episodes: list[Episode], replies: list[Entry], abouts: Mapping[UUID, UUID]) -> Night:
    said = tuple(sorted(replies, key=_order))
    last = said[-1].data if said else None
    if not isinstance(last, NightAnswer):
        return Night(date, episodes=tuple(episodes))
    cramps = last.cramps if _holds_against(said[-1], last.cramps, episodes, abouts) else None
    return Night(date, cramps, tuple(episodes), last.awake_minutes, last.sleep, said)


def _holds_against(answer: Entry, cramps: int, episodes: Iterable[Episode], abouts: Mapping[UUID, UUID]) -> bool:
    """Whether an answer holds against what was recorded: it says no fewer, or it names the cramps it counts less than.

    A saying replaces only sayings about its own thing; an answer that names a cramp takes nothing from it, but was
    given by somebody who had that cramp before their eyes. A cramp that arrives later asks again.
    """
    recorded = {episode.about for episode in episodes}
    return cramps >= len(recorded) or recorded <= {abouts.get(named) for named in answer.replaces}


def _marked(night: Night, is_paused: bool) -> Night:
    return night if night.is_paused == is_paused else replace(night, is_paused=is_paused)


def _has_length(date: dt.date, zone: str, by_day: Changes) -> bool:
    start, end = window(date, zone, by_day)
    return start < end


def _episode(thing: Thing) -> Episode:
    entry, data = thing.held, thing.held.data
    if not isinstance(data, Cramp):
        raise TypeError(data.kind)
    marks = (data.leg, data.place, data.severity, data.helped, data.woke)
    return Episode(thing.about, entry.at, entry.zone, data.end, data.end_known, *marks, _ids(thing.leaves))


def _last_answers(diary: Diary, at: dt.datetime) -> dict[str, Entry]:
    # A phone's clock may run ahead of the machine that asks: what it just said must not count as not yet said.
    said = [
        thing.held
        for thing in diary.live
        if isinstance(thing.held.data, Answer) and thing.held.at <= at + CLOCKS_DIFFER
    ]
    last: dict[str, Entry] = {}
    for entry in sorted(said, key=lambda entry: (entry.at, *_order(entry))):
        if isinstance(entry.data, Answer):
            last[entry.data.question] = entry
    return last


def _still_holds(since: dt.datetime, at: dt.datetime, holds: str) -> bool:
    if holds == UNTIL_CHANGED:
        return True
    unit, _, count = holds.partition(":")
    return at < since + dt.timedelta(**{unit: int(count)})


def _since_listed(diary: Diary, listed: Entry, value: Value, at: dt.datetime) -> Value:
    """The list of medicines as it was answered, with what was started and stopped since."""
    if not isinstance(value, tuple):
        return value
    names = {_plain(name): name for name in value}
    today = (at + CLOCKS_DIFFER).astimezone(ZoneInfo(listed.zone)).date()
    for _, entry, data in _medicine_steps(diary, today):
        if entry.at > listed.at:
            names.pop(_plain(data.name), None)
            if data.change != "stop":
                names[_plain(data.name)] = data.name
    return tuple(names.values())


def _medicine_steps(diary: Diary, until: dt.date) -> list[tuple[dt.date, Entry, Medicine]]:
    """What was started, changed and stopped up to a date, in that order of dates."""
    steps = [
        (medicine_day(thing.held), thing.held, thing.held.data)
        for thing in diary.live
        if isinstance(thing.held.data, Medicine)
    ]
    return sorted((step for step in steps if step[0] <= until), key=lambda step: (step[0], *_order(step[1])))


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def medicine_day(entry: Entry) -> dt.date:
    """The day a medicine was started, changed or stopped: the one that was named, else the day of the saying."""
    named = entry.data.on if isinstance(entry.data, Medicine) else None
    return named or entry.at.astimezone(ZoneInfo(entry.zone)).date()


def _course(data: Medicine, day: dt.date, before: Course | None) -> Course:
    if before is None:
        return Course(data.name, data.dose, day if data.change == "start" else None)
    return Course(data.name, data.dose or before.dose, before.since)


def _exposed(night: dt.date, leaves: list[Entry]) -> Exposed:
    data = leaves[-1].data
    if not isinstance(data, Exposure):
        raise TypeError(data.kind)
    return Exposed(night, data.what, data.value, data.unit, _ids(leaves))
