"""Phones under test: each with two tabs of a real browser, a clock and a zone of its own, and a line that may fail."""

import datetime as dt
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.browser.network import WAYS, Line
from tests.browser.worker import through_reloads, until_worker

WATCHED = Path(__file__).with_name("watched.js")
NAMES = ("hers", "the tablet")
TABS = (0, 1)
FLUSHES = 30
ZONES = ("Europe/Paris", "Europe/London", "America/Montreal", "Asia/Kolkata", "Pacific/Auckland", "Pacific/Honolulu")
LEGS = ("left", "right", "both")
SPANS = (5, 40, 180, 400, 660, 1000)
JUMPS = (-3 * 86400, -90000, -3600, -61, 61, 3600, 43200, 90000, 3 * 86400)

Step = tuple[Any, ...]
Told = tuple[str, ...]


@dataclass
class Phone:
    """One browser of its own; what it told the person is written down."""

    context: Any
    line: Line
    cookies: list[Any]
    tabs: list[Any] = field(default_factory=list)
    zones: list[Any] = field(default_factory=list)
    told: list[tuple[str, Any]] = field(default_factory=list)

    @property
    def origin(self) -> str:
        """Its address of the house: the line's."""
        return f"http://localhost:{self.line.port}/"

    def prepare(self) -> None:
        """Open relief once while all is quiet, so that its worker keeps the pages; then two tabs."""
        self.context.add_init_script(path=WATCHED)
        self.context.add_cookies(self.cookies)
        for _ in TABS:
            tab = self.context.new_page()
            tab.set_default_timeout(90_000)
            tab.on("pageerror", lambda error: self.see("error", str(error.stack or error)))
            self.tabs.append(tab)
            self.zones.append(self.context.new_cdp_session(tab))
            tab.goto(self.origin)
            until_worker(tab)
            tab.wait_for_function("() => localStorage['mollet.ahead']")
            tab.goto(self.origin + "offline/")

    def is_on(self, tab: int, page: str) -> bool:
        """Whether a tab shows a page."""
        return str(self.tabs[tab].url).split("?")[0] == self.origin + page

    def is_ours(self, tab: int) -> bool:
        """Whether a tab shows a page of mollet, and neither one of the network itself nor an error."""
        is_here = str(self.tabs[tab].url).startswith(self.origin)
        return is_here and bool(self.run(tab, "ours"))

    def open(self, tab: int, page: str) -> None:
        """Open a page that this phone keeps, or try to open one that it does not."""
        from playwright.sync_api import Error

        for place in (page, *["offline/"] * 5):
            try:
                self.tabs[tab].goto(self.origin + place, wait_until="load")
            except Error as problem:
                # A browser without network says so; so does a page that another one overtakes.
                if "ERR_" not in str(problem) and "interrupted" not in str(problem):
                    raise
            else:
                return
        raise AssertionError(page)

    def run(self, tab: int, script: str, *values: Any) -> Any:
        """Let a page do something; it may be on its way to another one and begin again."""
        return through_reloads(self.tabs[tab], f"(values) => window.test.{script}(...values)", list(values))

    def pass_time(self, seconds: int) -> None:
        """Let time go by, or move the clock, in every tab."""
        self.run(0, "pass", seconds)
        self.run(1, "pass", 0)

    def see(self, kind: str, told: Any) -> None:
        """Write down what the person was told."""
        self.told.append((kind, told))

    def zone(self, name: str) -> None:
        """Come to another zone."""
        for chrome in self.zones:
            chrome.send("Emulation.setTimezoneOverride", {"timezoneId": name})

    def sign_out(self) -> None:
        """Lose the session."""
        self.context.clear_cookies()

    def sign_in(self) -> None:
        """Be known to the house again."""
        self.context.add_cookies(self.cookies)

    def be_quiet(self) -> None:
        """Everything that cut it from the house is over."""
        self.line.become("quiet")
        self.context.set_offline(False)
        self.sign_in()

    def rest(self) -> dict[str, list[Any]]:
        """Send what waits until nothing does, or until no flush helps, and return what is still here."""
        for tab in TABS:
            if not self.is_ours(tab):
                self.open(tab, "offline/")
        found: dict[str, list[Any]] = self.run(0, "rest")
        # A page that shows itself anew is deaf while it loads: it is asked again.
        for _ in range(FLUSHES):
            if not found["waiting"]:
                break
            self.tabs[0].wait_for_timeout(100)
            found = self.run(0, "rest")
        return found

    def book(self) -> dict[str, dict[str, Any]]:
        """Return what was tried, what was truly kept, and what was kept under one id with two contents."""
        found: dict[str, dict[str, Any]] = self.run(0, "book")
        return found

    def anew(self) -> None:
        """Begin a new sequence, by day: at night this phone asks about no night."""
        self.told.clear()
        self.zone(_zone_of_morning(dt.datetime.now(dt.UTC)))
        self.run(0, "anew")


def _zone_of_morning(now: dt.datetime) -> str:
    """Return the zone without summer time in which it is between nine and ten in the morning."""
    ahead = (9 - now.hour + 12) % 24 - 12
    # Their names count the hours behind.
    return f"Etc/GMT{-ahead:+d}"


# --- what may happen -------------------------------------------------------------------------------------------------


def opens_relief(phone: Phone, tab: int, value: Any) -> None:
    """Open relief, or open it again: a clock begins, or goes on."""
    phone.open(tab, "relief/")


def opens_last_night(phone: Phone, tab: int, value: Any) -> None:
    """Open the first page of a phone without its house."""
    phone.open(tab, "offline/")


def opens_home(phone: Phone, tab: int, value: Any) -> None:
    """Open the first page; on a silent line that would only be waiting."""
    if phone.line.way != "silent":
        phone.open(tab, "")


def reloads(phone: Phone, tab: int, value: Any) -> None:
    """Load a page again."""
    place = str(phone.tabs[tab].url).removeprefix(phone.origin)
    phone.open(tab, place if place in ("relief/", "offline/") else "offline/")


def says_gone(phone: Phone, tab: int, value: Any) -> None:
    """Tap "It's gone" on a clock that runs."""
    if phone.is_on(tab, "relief/") and (seen := phone.run(tab, "gone")):
        phone.see(*seen)


def says_gone_and_vanishes(phone: Phone, tab: int, value: Any) -> None:
    """Tap "It's gone", and the page dies before it can say anything."""
    if phone.is_on(tab, "relief/"):
        phone.run(tab, "tap", "[data-do=gone]")
        phone.open(tab, "offline/")


def cramps(phone: Phone, tab: int, value: Any) -> None:
    """Wake up, open relief, and say some minutes later that it is gone."""
    phone.open(tab, "relief/")
    phone.pass_time(value)
    says_gone(phone, tab, None)


def marks(phone: Phone, tab: int, value: Any) -> None:
    """Say which leg, and how bad."""
    if phone.is_on(tab, "relief/") and phone.run(tab, "marks", *value):
        phone.see("marks", list(value))


def undoes(phone: Phone, tab: int, value: Any) -> None:
    """Say that it was no cramp."""
    if phone.is_on(tab, "relief/") and phone.run(tab, "undo"):
        phone.see("undone", None)


def answers(phone: Phone, tab: int, value: Any) -> None:
    """Answer for last night, or change the answer."""
    if not phone.is_on(tab, "offline/"):
        phone.open(tab, "offline/")
    phone.see(str(phone.run(tab, "night", value)), value)


def ticks(phone: Phone, tab: int, value: Any) -> None:
    """Tick a sign of the ten-minute screen, and take it away again."""
    if phone.is_on(tab, "relief/") and phone.run(tab, "signs", True):
        phone.run(tab, "tap", "#danger [data-do=back]")
        phone.run(tab, "signs", False)


def waits(phone: Phone, tab: int, value: Any) -> None:
    """Let time go by."""
    phone.pass_time(value)


def retries(phone: Phone, tab: int, value: Any) -> None:
    """Be online again, or come back to the page: whatever waits is sent."""
    phone.tabs[tab].evaluate("name => (name === 'online' ? window : document).dispatchEvent(new Event(name))", value)


def changes_line(phone: Phone, tab: int, value: Any) -> None:
    """The network becomes another one."""
    phone.line.become(value)


def goes_offline(phone: Phone, tab: int, value: Any) -> None:
    """The phone itself has no network, or has it again."""
    phone.context.set_offline(value)


def is_signed_out(phone: Phone, tab: int, value: Any) -> None:
    """The session is lost, or is there again."""
    if value:
        phone.sign_out()
    else:
        phone.sign_in()


def travels(phone: Phone, tab: int, value: Any) -> None:
    """Come to another zone."""
    phone.zone(value)


def kills_the_house(phone: Phone, tab: int, value: Any) -> None:
    """The house dies between two requests."""
    phone.line.kill()


_CHOICES: dict[Callable[[Phone, int, Any], None], tuple[int, Callable[[random.Random], Any]]] = {
    opens_relief: (3, lambda chance: None),
    opens_last_night: (1, lambda chance: None),
    opens_home: (1, lambda chance: None),
    reloads: (3, lambda chance: None),
    says_gone: (5, lambda chance: None),
    says_gone_and_vanishes: (2, lambda chance: None),
    cramps: (6, lambda chance: chance.choice(SPANS)),
    marks: (6, lambda chance: (chance.choice(LEGS), chance.randint(1, 10))),
    undoes: (2, lambda chance: None),
    answers: (7, lambda chance: chance.randint(0, 5)),
    ticks: (1, lambda chance: None),
    waits: (5, lambda chance: chance.choice(SPANS)),
    retries: (6, lambda chance: chance.choice(("online", "visibilitychange"))),
    changes_line: (9, lambda chance: chance.choice(WAYS)),
    goes_offline: (4, lambda chance: chance.random() < 0.6),
    is_signed_out: (3, lambda chance: chance.random() < 0.6),
    travels: (2, lambda chance: chance.choice(ZONES)),
    kills_the_house: (1, lambda chance: None),
}
_HAPPENS = {happens.__name__: happens for happens in _CHOICES}


def clock_jumps(phone: Phone, tab: int, value: Any) -> None:
    """The clock of the phone is put forward or back."""
    phone.pass_time(value)


_CHOICES[clock_jumps] = (2, lambda chance: chance.choice(JUMPS))
_HAPPENS["clock_jumps"] = clock_jumps


def sequence(seed: str) -> list[Step]:
    """What happens, one thing after another: always the same for the same seed."""
    chance = random.Random(seed)
    weights = [weight for weight, _ in _CHOICES.values()]
    return [
        (happens.__name__, chance.choice(NAMES), chance.choice(TABS), _CHOICES[happens][1](chance))
        for happens in chance.choices(list(_CHOICES), weights, k=chance.randint(4, 10))
    ]


def happen(phones: dict[str, Phone], step: Step) -> None:
    """Let one thing happen."""
    name, phone, tab, value = step
    _HAPPENS[name](phones[phone], tab, value)


def written(steps: list[Step]) -> str:
    """A sequence as it can be read."""
    return "\n".join(f"  {name}({phone}, tab {tab}, {json.dumps(value)})" for name, phone, tab, value in steps)
