"""Whatever happens between two phones and their house: nothing is lost, nothing is there twice, no order matters.

Sequences of taps, reloads, retries, tabs, lost sessions, moved clocks, other zones and a network that fails in every
way, in real pages of a real browser before a real server. When one goes wrong, its seed and the shortest sequence that
still goes wrong are told.
"""

import contextlib
import json
import os
import random
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.browser.network import Line
from tests.browser.phones import NAMES, Phone, happen, sequence, written
from tests.browser.worker import leave

from mollet.diary.entries import Kept, as_json, read_entries
from mollet.diary.fold import Diary
from mollet.store import people, read, write
from mollet.web import statics

SEQUENCES = int(os.environ.get("MOLLET_SEQUENCES") or (10_000 if os.environ.get("MOLLET_SOAK") else 300))
# A house and its phones take as long to begin as some fifty sequences to happen.
IN_A_HOUSE = 100 if SEQUENCES <= 1000 else 250
TRIES = 200
SEED = os.environ.get("MOLLET_SEED", "mollet")


@dataclass
class Home:
    """A house that dies and comes back, and two phones on their own lines to it."""

    place: Path
    serve: object
    chromium: object
    sign_in: object
    rewrite: object = None
    house: object = None
    standing: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    phones: dict[str, Phone] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)

    def __enter__(self):
        self.begin()
        [cookie] = [one for one in self.sign_in(self.house)["cookies"] if one["name"].startswith("mollet_session")]
        for name in NAMES:
            line = Line(self.port, self.kill, self.rewrite).open()
            self.lines.append(line)
            mine = {**cookie, "name": f"mollet_session_{line.port}"}
            context = self.chromium.new_context(
                viewport={"width": 360, "height": 740}, locale="en", reduced_motion="reduce"
            )
            self.phones[name] = Phone(context, line, [mine])
            self.phones[name].prepare()
        return self

    def __exit__(self, *problem):
        for phone in self.phones.values():
            phone.line.become("refused")
            leave(phone.context)
        for line in self.lines:
            line.close()
        self.standing.close()

    @property
    def port(self):
        return int(self.house.origin.rsplit(":", 1)[1].strip("/"))

    def begin(self):
        """Start the house, or start it again on what it left."""
        self.standing.close()
        self.house = self.standing.enter_context(self.serve(self.place))
        for line in self.lines:
            line.upstream = self.port

    def kill(self):
        """Let the house die as it stands."""
        self.house.process.kill()
        self.house.process.wait(20)

    def rows(self, statement):
        """What stands in the file of the house."""
        with contextlib.closing(sqlite3.connect(self.house.folder / "mollet.sqlite3", timeout=20)) as connection:
            return [json.loads(content) for (content,) in connection.execute(statement)]

    def play(self, steps):
        """Let a sequence happen; return what is wrong afterwards."""
        for phone in self.phones.values():
            phone.anew()
        for step in steps:
            happen(self.phones, step)
        for phone in self.phones.values():
            phone.be_quiet()
            # What is still on its way may be the request after which the house dies.
            phone.line.until_idle()
        if self.house.process.poll() is not None:
            self.begin()
        return judge(self)


def judge(home):
    """What is wrong after one last flush on a quiet line: an empty list, or the things that are."""
    # A page shows itself anew once what waited is sent, and may settle a clock then: what is in the book goes last.
    for phone in home.phones.values():
        phone.rest()
    books = [phone.book() for phone in home.phones.values()]
    left = [phone.rest() for phone in home.phones.values()]
    tried = {id_: entry for book in books for id_, entry in book["tried"].items()}
    said = {id_: entry for book in books for id_, entry in book["said"].items()}
    stored = {entry["id"]: entry for entry in home.rows("select content from store_entry order by key")}
    refused = {entry["id"]: entry for each in left for entry in each["refused"]}
    home.lately = {id_: entry for id_, entry in stored.items() if id_ in tried}
    return [
        *(("still waits", entry) for each in left for entry in each["waiting"]),
        *(("lost", entry) for id_, entry in said.items() if id_ not in stored and id_ not in refused),
        *(("refused for nothing", entry) for entry in refused.values() if isinstance(*read_entries([entry]), Kept)),
        *(("another content", entry) for id_, entry in said.items() if id_ in stored and differs(entry, stored[id_])),
        *(("one id, two contents", book["changed"]) for book in books if book["changed"]),
        *(("twice", about) for about in begun_twice(home.lately.values())),
        *promised(home.phones.values(), [*home.lately.values(), *refused.values()]),
        *wrong_nights(home, list(stored.values())),
    ]


def differs(said, stored):
    """Whether the house keeps something else than was said."""
    [reading] = read_entries([said])
    return as_json(reading.entry) != stored


def begun_twice(entries):
    """Things that were begun more than once: a cramp that two tabs, or two tries, made into two."""
    first = [entry["about"] for entry in entries if not entry["replaces"] and entry["data"]["kind"] == "cramp"]
    return sorted({about for about in first if first.count(about) > 1})


def promised(phones, entries):
    """What a person was told is kept, and is nowhere."""
    cramps = {entry["about"] for entry in entries if entry["data"]["kind"] == "cramp"}
    nights = [entry["data"]["cramps"] for entry in entries if entry["data"]["kind"] == "night"]
    marks = [[entry["data"].get("leg"), entry["data"].get("severity")] for entry in entries]
    for phone in phones:
        for kind, told in phone.told:
            if kind == "#kept" and told not in cramps:
                yield "told kept", told
            if kind == "#said" and told not in nights:
                yield "told noted", told
            if kind == "marks" and told not in marks:
                yield "told saved", told
            if kind in ("#not-kept", "error"):
                yield f"told {kind}", told


def wrong_nights(home, stored):
    """Nights that are not those of the same sayings, said in another order."""
    entries = read.readable(stored)
    kept = {night.date: night for night in map(read.read_night, home.rows("select content from store_night"))}
    in_order = sorted(entries, key=lambda entry: entry.said)
    shuffled = random.Random(len(entries)).sample(entries, len(entries))
    for order in (in_order, shuffled):
        if Diary(tuple(order), zone="Europe/Paris").said_nights != kept:
            yield "nights", [entry.id for entry in order]


@pytest.fixture
def at_home(chromium, start_house, sign_in, tmp_path):
    """A home for some sequences: ``at_home("a name")``; ``rewrite`` changes what the house serves."""

    def make(name, rewrite=None):
        place = tmp_path / name
        place.mkdir()
        return Home(place, start_house, chromium, sign_in, rewrite)

    return make


def shortest(steps, home):
    """The shortest sequence that still goes wrong, by leaving out one thing after another."""
    number = 0
    place = 0
    while place < len(steps) and number < 40:
        number += 1
        fewer = steps[:place] + steps[place + 1 :]
        if home.play(fewer):
            steps = fewer
        else:
            place += 1
    return steps


def told(seed, steps, wrong):
    """What is said of a sequence that went wrong."""
    return f"MOLLET_SEED={seed}\n{written(steps)}\n" + "\n".join(f"{what}: {which}" for what, which in wrong)


@pytest.mark.parametrize("house", range(SEQUENCES // IN_A_HOUSE))
def test_nothing_is_lost_and_nothing_is_there_twice(at_home, house):
    with at_home("home") as home:
        for number in range(IN_A_HOUSE):
            seed = f"{SEED}-{house}-{number}"
            steps = sequence(seed)
            try:
                wrong = home.play(steps)
            except Exception as problem:
                problem.add_note(told(seed, steps, []))
                raise
            if wrong:
                fewest = shortest(steps, home)
                pytest.fail(f"{told(seed, steps, wrong)}\nshortest:\n{written(fewest)}")


FAULTS = {
    "an error empties the outbox": (
        "// No network, no house, a broken answer: everything stays where it is.",
        "await change((waiting) => waiting.clear());",
    ),
    "each try gives another name": (
        "entries: records.map((record) => record.entry)",
        "entries: records.map((record) => ({ ...record.entry, id: crypto.randomUUID() }))",
    ),
    "what is sent is thought to be there": (
        "const answer = await ask(",
        "await change((waiting) => records.forEach((one) => waiting.delete(one.id)));\nconst answer = await ask(",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_an_outbox_with_a_fault_is_found_out(at_home, fault):
    right, wrong = FAULTS[fault]
    source = statics.source("outbox.js")
    assert source.count(right) == 1
    found = []

    def spoilt(path, content):
        if "/outbox." not in path:
            return content
        found.append(path)
        return statics.lean("outbox.js", source.replace(right, wrong).encode())

    with at_home("home", spoilt) as home:
        assert any(home.play(sequence(f"{SEED}-fault-{number}")) for number in range(TRIES))
    assert found


def test_the_same_sayings_said_straight_into_the_diary_make_the_same_nights(at_home, diary_file):
    with at_home("home") as home:
        for number in range(10):
            home.play(sequence(f"{SEED}-straight-{number}"))
        stored = home.rows("select content from store_entry order by key")
        nights = {night.date: night for night in map(read.read_night, home.rows("select content from store_night"))}

    for entry in sorted(read.readable(stored), key=lambda entry: entry.said):
        write.record(people.local_person(), [entry])

    assert nights
    assert read.diary(people.local_person()).said_nights == nights
