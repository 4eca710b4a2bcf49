import datetime as dt
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from mollet.diary.entries import Cramp, Data, Entry, Night, Pause, Withdrawn, as_json
from mollet.diary.fold import Diary, fold
from mollet.store import models, people, read, write

MIDNIGHT = dt.datetime(2026, 3, 28, 0, tzinfo=dt.UTC)
LATER = dt.timedelta(days=1)

phones = st.sampled_from(["hers", "the tablet"])
moments = st.integers(0, 50).map(lambda hours: MIDNIGHT + dt.timedelta(hours=hours))
sayings: st.SearchStrategy[Data] = st.one_of(
    st.builds(lambda severity: Cramp(severity=severity), st.integers(0, 10)),
    st.builds(lambda cramps, day: Night(cramps, dt.date(2026, 3, day)), st.integers(0, 3), st.integers(27, 29)),
    st.just(Pause(dt.date(2026, 3, 28), dt.date(2026, 3, 29))),
)


@dataclass
class Phone:
    """What one device has seen of the diary, and what waits on it to be sent."""

    seen: list[Entry] = field(default_factory=list)
    outbox: list[Entry] = field(default_factory=list)

    def says(self, entry: Entry) -> None:
        self.seen.append(entry)
        self.outbox.append(entry)


class TwoPhones(RuleBasedStateMachine):
    """Two devices say, correct, undo, redo, send, lose the answer and send again, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.person = people.add(str(uuid4()))
        self.phones = {"hers": Phone(), "the tablet": Phone()}
        self.acknowledged: set[UUID] = set()
        self.said: dict[UUID, Entry] = {}
        self.ids = 0

    def _id(self) -> UUID:
        self.ids += 1
        return UUID(int=self.ids)

    def _say(self, phone: str, entry: Entry) -> None:
        self.said[entry.id] = entry
        self.phones[phone].says(entry)

    @rule(phone=phones, data=sayings, at=moments, said=moments)
    def say(self, phone: str, data: Data, at: dt.datetime, said: dt.datetime) -> None:
        # Nobody tells of a night that has not begun: a clock is wrong in what it says of both.
        self._say(phone, Entry(1, self._id(), uuid4(), (), at, "Europe/Paris", max(at, said) + LATER, data))

    @precondition(lambda self: any(phone.seen for phone in self.phones.values()))
    @rule(data=st.data(), new=sayings | st.just(Withdrawn()), at=moments, said=moments)
    def correct_or_undo(self, data: st.DataObject, new: Data, at: dt.datetime, said: dt.datetime) -> None:
        phone = data.draw(st.sampled_from([name for name, phone in self.phones.items() if phone.seen]))
        thing = data.draw(st.sampled_from(sorted(fold(self.phones[phone].seen).values(), key=lambda t: t.held.id)))
        leaves = tuple(leaf.id for leaf in thing.leaves)
        told = max(at, said) + LATER
        self._say(phone, replace(thing.held, id=self._id(), replaces=leaves, at=at, said=told, data=new))

    @rule(phone=phones, size=st.integers(1, 5))
    def send(self, phone: str, size: int) -> None:
        batch = self.phones[phone].outbox[:size]
        results = write.receive(self.person, [as_json(entry) for entry in batch])
        self.acknowledged.update(result.id for result in results if result.id and result.state != "refused")
        del self.phones[phone].outbox[:size]

        assert all(result.state != "refused" for result in results)

    @rule(phone=phones, size=st.integers(1, 5))
    def send_and_lose_the_answer(self, phone: str, size: int) -> None:
        write.receive(self.person, [as_json(entry) for entry in self.phones[phone].outbox[-size:]])

    @rule(phone=phones)
    def see_what_the_other_said(self, phone: str) -> None:
        here = self.phones[phone]
        here.seen = list({entry.id: entry for entry in [*here.seen, *read.entries(self.person)]}.values())

    @rule(data=st.data())
    def a_stranger_uses_the_same_id(self, data: st.DataObject) -> None:
        if not self.acknowledged:
            return
        known = self.said[data.draw(st.sampled_from(sorted(self.acknowledged)))]
        (result,) = write.record(self.person, [replace(known, said=known.said + dt.timedelta(days=1))])

        assert (result.state, result.reason) == ("refused", "error.entry.different")

    @invariant()
    def nothing_acknowledged_is_lost(self) -> None:
        stored = {entry.id: entry for entry in read.entries(self.person)}

        assert self.acknowledged <= stored.keys()
        assert all(self.said[id_] == entry for id_, entry in stored.items())

    @invariant()
    def the_nights_are_those_of_a_fresh_fold(self) -> None:
        rows = models.Night.objects.filter(person=self.person)

        fresh = Diary(tuple(read.entries(self.person)), zone=self.person.zone).said_nights

        assert {row.date: read.read_night(row.content) for row in rows} == fresh

    def teardown(self) -> None:
        for phone in self.phones.values():
            write.record(self.person, phone.outbox)

        everything = Diary(tuple(self.said.values()), zone=self.person.zone)
        assert read.diary(self.person).said_nights == everything.said_nights


@pytest.mark.usefixtures("diary_file")
def test_two_phones_lose_and_double_nothing() -> None:
    run_state_machine_as_test(TwoPhones, settings=settings(stateful_step_count=25))  # type: ignore[no-untyped-call]


def test_a_database_file_is_used(diary_file: Path) -> None:
    people.add("claire")

    assert diary_file.stat().st_size > 0
