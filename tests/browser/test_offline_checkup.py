"""The check-up before a house that is dead: on the phone, by the rules it keeps, and its answers at home afterwards."""

import contextlib

import pytest
from tests.browser.network import Line
from tests.browser.test_accessibility import axe, violations
from tests.browser.test_pocket import answer_the_check_up
from tests.browser.test_relief import until_sent
from tests.browser.worker import is_kept, until_worker

__all__ = ["axe"]

TELL = """async (said) => {
  const me = await (await fetch("/api/me")).json();
  const at = me.nights[0].start;
  const entries = Object.entries(said).map(([question, value]) => {
    const id = crypto.randomUUID();
    const data = { kind: "answer", question, value };
    return { v: 1, id, about: id, replaces: [], at, zone: me.zone, said: at, data };
  });
  const headers = { "Content-Type": "application/json", "X-CSRFToken": me.csrf };
  const body = JSON.stringify({ diary: me.diary, entries });
  const { results } = await (await fetch("/api/entries", { method: "POST", headers, body })).json();
  return results.map(({ state }) => state);
}"""
CHECKUP = "/offline/checkup/"


class Home:
    """A house that dies and comes back behind one address."""

    def __init__(self, start, place, sign_in):
        self.start, self.place, self.standing = start, place, contextlib.ExitStack()
        self.begin()
        self.line = Line(self.port).open()
        [cookie] = [one for one in sign_in(self.house)["cookies"] if one["name"].startswith("mollet_session")]
        self.cookie = {**cookie, "name": f"mollet_session_{self.line.port}"}
        self.origin = f"http://localhost:{self.line.port}/"

    @property
    def port(self):
        return int(self.house.origin.rsplit(":", 1)[1].strip("/"))

    def begin(self):
        """Start it, or start it again on what it left."""
        self.house = self.standing.enter_context(self.start(self.place))

    def die(self):
        """Kill it as it stands: who asks is refused."""
        self.house.process.kill()
        self.house.process.wait(20)
        self.line.become("refused")

    def come_back(self):
        """Start it again, on another port behind the same address."""
        self.begin()
        self.line.upstream = self.port
        self.line.become("quiet")


@pytest.fixture
def home(start_house, tmp_path, sign_in):
    made = Home(start_house, tmp_path, sign_in)
    yield made
    made.line.close()
    made.standing.close()


@pytest.fixture
def left_alone(browse, home):
    """A signed-in phone whose house has died after the first visit: ``left_alone("fr", age_years=70)``."""

    def visit(lang="en", **said):
        page = browse(lang)
        page.context.add_cookies([home.cookie])
        page.goto(home.origin)
        until_worker(page)
        if said:
            assert page.evaluate(TELL, said) == ["kept"] * len(said)
            page.evaluate("delete localStorage['mollet.ahead']")
            page.reload()
        page.wait_for_function("() => localStorage['mollet.ahead']")
        assert is_kept(page, CHECKUP)
        home.die()
        page.goto(home.origin + "checkup/")
        return page

    return visit


def answer(page, *signs):
    """Say yes to some signs of the first screen, no to nothing."""
    page.click("[data-begin-checkup]")
    page.locator("#screen form").wait_for()
    for sign in signs:
        page.locator(f"#screen [name={sign}][value=yes]").check(force=True)
    page.locator("#screen form button:visible").last.click()
    page.locator("#screen .tier").wait_for()


def test_an_emergency_leads_to_the_alarm_page_without_a_house(left_alone):
    page = left_alone()
    answer(page, "breathless", "chest_pain")

    assert page.locator("#screen .tier").get_attribute("data-tier") == "emergency"
    page.click("#screen .tier a[href='/alarm/']")
    page.locator("body.alarm").wait_for()


def test_ordinary_answers_reassure_with_a_safety_net_and_reach_the_house_later(left_alone, home, entries):
    page = left_alone()
    answer_the_check_up(page)
    assert page.locator("#screen .tier").get_attribute("data-tier") in ("self_care", "routine")
    assert page.locator("#screen [data-net]").inner_text()

    home.come_back()
    page.goto(home.origin)
    until_sent(page)

    said = {one["data"]["question"]: one["data"]["value"] for one in entries(home.house) if "question" in one["data"]}
    assert (said["breathless"], said["age_years"]) == (False, 67)


def test_what_stays_open_is_no_reassurance(left_alone):
    page = left_alone()
    page.click("[data-begin-checkup]")
    page.locator("#screen [data-stop]").click()

    page.locator("#screen [data-open]").wait_for()
    assert page.locator("#screen .tier:visible").count() == 0
    assert page.locator("#screen [data-net]").inner_text() == ""


def test_what_the_house_was_told_is_known_without_it(left_alone):
    page = left_alone(age_years=71, breathless=True, chest_pain=True)
    page.click("[data-begin-checkup]")

    # What was said at the beginning of the week of a breath that is short now has expired; an age has not.
    page.locator("#screen form").wait_for()
    held = page.evaluate("async () => JSON.parse(localStorage['mollet.ahead']).answers")
    assert [(one["question"], one["value"]) for one in held] == [("age_years", 71)]


def test_what_was_just_sent_holds_until_the_house_says_what_it_knows(left_alone, home):
    page = left_alone()
    answer(page, "breathless", "chest_pain")
    page.goto(home.origin + "relief/")
    home.come_back()
    page.reload()
    page.wait_for_function("() => localStorage['mollet.told']")
    home.die()
    page.goto(home.origin + "checkup/")
    page.click("[data-begin-checkup]")

    page.locator("#screen .tier[data-tier=emergency]").wait_for()


def test_a_phone_that_was_sent_away_forgets_what_was_answered(left_alone, home):
    page = left_alone(age_years=71)
    home.come_back()
    # A house that has just begun may be slow with its first page: the phone then shows the one it keeps.
    for _ in range(10):
        page.goto(home.origin)
        if page.locator("meta[name=diary]").count():
            break
    page.context.clear_cookies()
    # The page of the person still stands there, and looks again; its own look, begun before, may come back after it.
    for _ in range(10):
        page.evaluate(
            """async () => {
              const worker = await (await fetch("/sw.js")).text();
              await (await import(worker.match(/\\/static\\/ahead\\.[^"]+/)[0])).look();
            }"""
        )
        held = page.evaluate("JSON.parse(localStorage['mollet.ahead']).answers")
        if not held:
            break

    assert held == []


def test_names_of_medicines_are_read_on_the_phone(left_alone):
    page = left_alone()
    unread = page.evaluate(
        """async () => {
          const cache = await caches.open((await caches.keys())[0]);
          const kept = async (name) => (await cache.match(`/offline/${name}.json`)).json();
          const [rules, names] = await Promise.all(["rules", "names"].map(kept));
          const file = (await cache.keys()).map(({ url }) => url).find((url) => url.includes("/static/rules."));
          const { resolve } = await import(file);
          return resolve({ medicines: ["furosemide", "zzqx"] }, { ...rules, ...names }).notRecognised;
        }"""
    )

    assert unread == ["zzqx"]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_axe_finds_nothing_in_any_state_of_it(browse, home, axe, lang):
    page = browse(lang, service_workers="block")
    page.goto(home.origin + "offline/checkup/")
    found = {}
    page.click("[data-begin-checkup]")
    page.locator("#screen form").wait_for()
    found |= {("asks", theme): violations(page, axe, theme) for theme in ("day", "night")}
    page.locator("#screen [data-stop]").click()
    page.locator("#screen [data-open]").wait_for()
    found |= {("open", theme): violations(page, axe, theme) for theme in ("day", "night")}
    page.click("#screen [data-on]")
    page.locator("#screen form").wait_for()
    page.locator("#screen [name=breathless][value=yes]").check(force=True)
    page.locator("#screen form button:visible").last.click()
    page.locator("#screen .tier").wait_for()
    found |= {("urgent", theme): violations(page, axe, theme) for theme in ("day", "night")}

    assert {where: what for where, what in found.items() if what} == {}
