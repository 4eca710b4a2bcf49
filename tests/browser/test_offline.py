"""Without a house: a server that is gone, one that accepts and never answers, a network that is cut."""

import json
import signal

import pytest
from tests.browser.test_relief import gone, until_sent, waiting
from tests.browser.worker import until_worker

NIGHT = "2026-11-22T03:10:00+01:00"
MORNING = "2026-11-22T08:00:00+01:00"
PATIENCE_MS = 5000
"""How long the worker waits for a house before it shows what is kept: a page that took less waited for nothing."""
WAITED = "(([one]) => one.responseStart - one.workerStart)(performance.getEntriesByType('navigation'))"


@pytest.fixture(scope="module")
def house(start_house, tmp_path_factory):
    """One server for the tests of this module that leave it alive."""
    with start_house(tmp_path_factory.mktemp("offline")) as found:
        yield found


def visit(page, address):
    page.goto(address)
    until_worker(page)


def known_ahead(page):
    page.wait_for_function("() => localStorage['mollet.ahead']")


def test_the_manifest_has_no_errors_and_mollet_can_be_installed(browse, house):
    page = browse()
    visit(page, house.origin + "relief/")
    chrome = page.context.new_cdp_session(page)

    assert chrome.send("Page.getAppManifest")["errors"] == []
    errors = chrome.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [one["errorId"] for one in errors if one["errorId"] != "in-incognito"] == []


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_relief_and_alarm_open_without_network_from_the_first_visit_on(browse, house, lang):
    page = browse(lang)
    visit(page, house.origin + "relief/")
    page.context.set_offline(True)

    page.goto(house.origin + "relief/")
    page.locator(".dock .gone").wait_for()
    page.goto(house.origin + "alarm/")

    assert page.locator(".call").count() > 0


def test_relief_opens_before_a_house_that_is_gone(browse, open_house):
    house, page = open_house(NIGHT), browse()
    visit(page, house.origin + "relief/")

    house.process.kill()
    house.process.wait(20)
    page.goto(house.origin + "relief/")

    assert page.locator(".dock .gone").is_visible()


def test_a_house_that_accepts_and_never_answers_is_not_waited_for(browse, open_house):
    house, page = open_house(NIGHT), browse()
    visit(page, house.address)

    house.process.send_signal(signal.SIGSTOP)
    try:
        page.goto(house.origin + "relief/")
        page.locator(".dock .gone").wait_for()
        waited = page.evaluate(WAITED)
        page.goto(house.origin + "nights/")
        assert page.locator(".offline .relief-button").is_visible()
    finally:
        house.process.send_signal(signal.SIGCONT)

    assert waited < PATIENCE_MS


def test_a_morning_answer_without_network_reaches_its_night(browse, open_house, entries):
    house, page = open_house(MORNING), browse()
    page.clock.set_fixed_time(MORNING)
    visit(page, house.address)
    known_ahead(page)
    page.context.set_offline(True)

    page.goto(house.origin + "nights/")
    asked = page.evaluate("document.querySelector('[data-dates]').textContent")
    page.click("#last-night [data-cramps='2']")
    page.locator("#said").wait_for()
    page.context.set_offline(False)
    page.goto(house.origin)
    until_sent(page)

    [night] = entries(house)
    assert night["data"]["cramps"] == 2
    assert str(int(night["data"]["night"][-2:])) in asked


def test_a_morning_tap_whose_network_has_just_gone_leads_to_the_page_that_keeps_it(browse, open_house, entries):
    house, page = open_house(MORNING), browse()
    page.clock.set_fixed_time(MORNING)
    visit(page, house.address)
    known_ahead(page)
    page.context.set_offline(True)

    page.locator("form[action='/answer/'] button[value='2']").first.click()
    page.click("#last-night [data-cramps='2']")
    page.locator("#said").wait_for()
    page.context.set_offline(False)
    page.goto(house.origin)
    until_sent(page)

    assert [one["data"]["cramps"] for one in entries(house)] == [2]


@pytest.mark.parametrize(("lang", "words"), [("en", "Not sent yet"), ("fr", "Pas encore envoyé")])
def test_what_was_written_stays_on_its_page_when_the_network_has_just_gone(browse, open_house, entries, lang, words):
    house, page = open_house(MORNING), browse(lang)
    visit(page, house.address)
    page.goto(house.origin + "nights/2026-11-20/note/")
    page.fill("#text", "After the long walk.")
    page.context.set_offline(True)

    page.locator("main form .button").click()

    page.locator("#unsent", has_text=words).wait_for()
    assert (page.input_value("#text"), entries(house)) == ("After the long walk.", [])
    page.context.set_offline(False)
    page.locator("main form .button").click()
    page.locator(".notice[role=status]:visible").wait_for()
    assert [one["data"]["text"] for one in entries(house)] == ["After the long walk."]


@pytest.fixture
def two_said(browse, open_house):
    """A house, and a phone that said "2 cramps" without it."""
    house, page = open_house(MORNING), browse()
    page.clock.set_fixed_time(MORNING)
    visit(page, house.address)
    known_ahead(page)
    page.context.set_offline(True)
    page.goto(house.origin + "nights/")
    page.click("#last-night [data-cramps='2']")
    page.get_by_text("Noted: 2 cramps.").wait_for()
    return house, page


def test_a_changed_answer_stands_in_the_place_of_the_first(two_said, entries):
    house, page = two_said
    page.click("[data-again]")
    page.click("#last-night [data-cramps='1']")
    page.get_by_text("Noted: 1 cramp.").wait_for()

    page.context.set_offline(False)
    page.goto(house.origin)
    until_sent(page)

    said = {entry["data"]["cramps"]: entry for entry in entries(house)}
    assert said[1]["replaces"] == [said[2]["id"]]


def alone(browse, house, moment):
    """A phone without its house, at a moment, on the page that stands in for the first one."""
    page = browse()
    page.clock.set_fixed_time(moment)
    visit(page, house.address)
    known_ahead(page)
    page.context.set_offline(True)
    page.goto(house.origin + "nights/")
    page.locator(".offline .relief-button").wait_for()
    page.wait_for_load_state("networkidle")
    return page


def test_without_network_no_night_is_asked_about_while_it_still_runs(browse, open_house):
    page = alone(browse, open_house(NIGHT), NIGHT)
    page.clock.set_fixed_time("2026-11-22T07:00:00+01:00")
    page.evaluate("dispatchEvent(new Event('hour'))")
    page.locator("#last-night").wait_for()

    page.clock.set_fixed_time("2026-11-22T21:00:00+01:00")
    page.evaluate("dispatchEvent(new Event('hour'))")

    page.locator("#last-night").wait_for(state="hidden")


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_relief_is_the_largest_thing_at_night_without_network_and_comes_first(browse, open_house, lang):
    house, page = open_house(NIGHT), browse(lang)
    page.clock.set_fixed_time(NIGHT)
    visit(page, house.address)
    page.context.set_offline(True)
    page.goto(house.origin + "nights/")
    button = page.locator(".offline .relief-button").bounding_box()

    assert button["height"] >= 0.4 * page.viewport_size["height"]
    assert button["y"] < page.locator("main h1").bounding_box()["y"]
    assert page.locator("#last-night").is_hidden()


TWICE = """(chosen) => {
  const button = document.querySelector(`#last-night [data-cramps='${chosen}']`);
  for (const detail of [1, 2]) {
    button.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, detail }));
  }
}"""
AT_ONCE = TWICE.replace("detail of [1, 2]", "detail of [1, 1]")


@pytest.mark.parametrize("gesture", [TWICE, AT_ONCE])
def test_a_double_tap_on_a_morning_answer_says_it_once(browse, open_house, gesture):
    page = alone(browse, open_house(MORNING), MORNING)

    page.evaluate(gesture, "2")
    page.get_by_text("Noted: 2 cramps.").wait_for()
    # Whatever the second tap began would be kept before what is said now: the store takes one after the other.
    page.click("[data-again]")
    page.click("#last-night [data-cramps='1']")
    page.get_by_text("Noted: 1 cramp.").wait_for()

    assert waiting(page) == 2


SLOW = """
Object.defineProperty(IDBRequest.prototype, "onsuccess", {
  set(tell) { this.addEventListener("success", (event) => setTimeout(() => tell(event), 200)); },
});
"""
TAP = """() => {
  const said = document.querySelector("#said");
  window.told = [];
  new MutationObserver(() => told.push(said.querySelector("[data-said]").textContent))
    .observe(said, { subtree: true, childList: true, attributes: true });
  document.querySelector("#last-night [data-cramps='1']").click();
}"""


def test_an_answer_tapped_at_once_is_never_told_as_an_older_one(two_said):
    _, page = two_said
    page.context.add_init_script(SLOW)
    page.reload()
    page.wait_for_function("() => document.querySelector('#last-night').checkVisibility()")
    page.evaluate(TAP)
    page.get_by_text("Noted: 1 cramp.").wait_for()

    assert set(page.evaluate("told")) == {"Noted: 1 cramp."}


def test_tonights_routine_can_be_read_without_network(browse, house, sign_in):
    page = browse(storage_state=sign_in(house))
    visit(page, house.origin)
    known_ahead(page)
    page.context.set_offline(True)

    page.goto(house.origin + "plan/")

    assert page.locator("#routine li .drawing").count() >= 2
    assert page.locator("#routine [data-begin]").first.is_visible()


@pytest.mark.parametrize(
    ("lang", "some", "button"),
    [
        ("en", "Kept safe on this phone: 1.", "Let this phone in again"),
        ("fr", "Gardé en sûreté sur ce téléphone : 1.", "Admettre de nouveau ce téléphone"),
    ],
)
def test_a_phone_that_was_sent_away_says_that_it_must_be_let_in_again(browse, open_house, lang, some, button):
    house, page = open_house(NIGHT), browse(lang)
    page.goto(house.address)
    page.goto(house.origin + "relief/")
    page.context.set_offline(True)
    gone(page)
    page.context.clear_cookies()
    page.context.set_offline(False)

    page.goto(house.origin + "phone/")
    page.get_by_text(some).wait_for()
    page.get_by_role("link", name=button).click()

    page.locator("#waiting [data-out]").wait_for()
    assert page.locator("#waiting [data-goes]").is_hidden()
    assert waiting(page) == 1


def test_what_the_house_refuses_is_listed_with_its_reason_and_can_be_taken_out(browse, open_house, tmp_path):
    house, page = open_house(NIGHT), browse()
    page.goto(house.address)
    page.goto(house.origin + "relief/")
    page.context.set_offline(True)
    gone(page)
    spoil(page)
    page.context.set_offline(False)
    page.goto(house.origin + "phone/")
    page.locator("#attention").wait_for()
    assert page.locator("#queued").inner_text() == "Nothing waits to be sent."

    with page.expect_download() as taken:
        page.click("#attention [data-export]")
    taken.value.save_as(tmp_path / "waiting.json")
    [record] = json.loads((tmp_path / "waiting.json").read_text(encoding="utf-8"))
    page.click("#attention [data-away]")
    page.locator("#attention").wait_for(state="hidden")

    assert record["entry"]["data"]["severity"] == 99
    assert record["reason"]


def test_the_phone_is_asked_to_keep_only_by_a_tap(browse, house):
    page = browse()
    page.add_init_script(
        "window.asked = 0; const real = navigator.storage;"
        "Object.defineProperty(navigator, 'storage', { value: {"
        " persisted: async () => false, persist: async () => { window.asked += 1; return true; } } });"
    )
    for address in ("relief/", "offline/", "phone/"):
        page.goto(house.origin + address)
        assert page.evaluate("window.asked") == 0

    page.click("#persist")

    page.wait_for_function("() => window.asked === 1")


def test_the_phone_is_asked_to_keep_when_it_was_installed(browse, house):
    page = browse()
    page.add_init_script(
        "window.asked = 0; Object.defineProperty(navigator, 'storage', { value: {"
        " persisted: async () => false, persist: async () => { window.asked += 1; return true; } } });"
    )
    page.goto(house.origin + "phone/")
    page.locator("#persist").wait_for()

    # What a browser sends after the person has put mollet on the home screen; no test can do that itself.
    page.evaluate("dispatchEvent(new Event('appinstalled'))")

    assert page.evaluate("window.asked") == 1


def test_a_night_to_come_of_a_clock_that_ran_ahead_is_settled_with_one_tap(browse, open_house, entries):
    house, page = open_house("2026-11-22T08:00:00+01:00"), browse()
    visit(page, house.address)
    known_ahead(page)
    page.context.set_offline(True)
    page.clock.set_fixed_time("2026-11-26T08:00:00+01:00")
    page.goto(house.origin + "nights/")
    page.locator("#last-night").wait_for()
    page.clock.set_fixed_time("2026-11-22T08:00:00+01:00")
    page.click("#last-night [data-cramps='2']")
    page.locator("#said").wait_for()
    page.context.set_offline(False)
    page.goto(house.origin + "phone/")

    page.get_by_role("button", name="Send again for the night of 21 November 2026").click()
    page.locator("#attention").wait_for(state="hidden")
    until_sent(page)

    assert [(entry["data"]["night"], entry["data"]["cramps"]) for entry in entries(house)] == [("2026-11-21", 2)]


def spoil(page):
    """Put a value nobody accepts into what waits, as a faulty old version might have."""
    page.evaluate(
        """() => new Promise((done, failed) => {
          const open = indexedDB.open("mollet", 1);
          open.onerror = () => failed(open.error);
          open.onsuccess = () => {
            const store = open.result.transaction("waiting", "readwrite").objectStore("waiting");
            store.getAll().onsuccess = ({ target }) => {
              const [record] = target.result;
              record.entry.data.severity = 99;
              store.put(record).onsuccess = () => { open.result.close(); done(); };
            };
          };
        })"""
    )
    assert waiting(page) == 1


SLEEPS_BY_DAY = """async () => {
  const me = await (await fetch("/api/me")).json();
  const [id, at] = [crypto.randomUUID(), "2026-11-20T08:00:00+01:00"];
  const data = { kind: "answer", question: "sleeps_by_day", value: true };
  const entry = { v: 1, id, about: id, replaces: [], at, zone: "Europe/Paris", said: at, data };
  const headers = { "Content-Type": "application/json", "X-CSRFToken": me.csrf };
  await fetch("/api/entries", { method: "POST", headers, body: JSON.stringify({ diary: me.diary, entries: [entry] }) });
}"""


@pytest.mark.parametrize(
    ("by_day", "hour", "words"),
    [
        (False, "10", "From the evening of Saturday 19 December to Sunday morning"),
        (False, "13", "From the evening of Saturday 19 December to Sunday morning"),
        (True, "10", "The day of Saturday 19 December"),
        (True, "13", "The day of Sunday 20 December"),
    ],
)
def test_weeks_without_a_house_the_right_sleep_is_still_asked_about(browse, open_house, by_day, hour, words):
    house, page = open_house("2026-11-22T08:00:00+01:00"), browse()
    visit(page, house.address)
    if by_day:
        page.evaluate(SLEEPS_BY_DAY)
        page.evaluate("delete localStorage['mollet.ahead']")
        page.reload()
    known_ahead(page)
    page.context.set_offline(True)

    page.clock.set_fixed_time(f"2026-12-20T{hour}:00:00+01:00")
    page.goto(house.origin + "nights/")
    page.locator("#last-night").wait_for()

    assert page.locator("[data-dates]").inner_text() == words


def test_beyond_what_is_known_the_phone_asks_by_its_own_date(browse, open_house):
    house, page = open_house("2026-11-22T08:00:00+01:00"), browse()
    visit(page, house.address)
    known_ahead(page)
    page.context.set_offline(True)

    page.clock.set_fixed_time("2027-06-10T08:00:00+02:00")
    page.goto(house.origin + "nights/")
    page.locator("#last-night").wait_for()

    assert "9 June" in page.locator("[data-dates]").inner_text()


def doubled(page, address):
    """The page in letters twice as large, at night, when they are largest."""
    page.clock.set_fixed_time(NIGHT)
    page.goto(address)
    page.evaluate("document.documentElement.style.fontSize = '200%'")


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_link_past_the_navigation_is_out_of_sight_until_it_is_reached(browse, house, lang):
    page = browse(lang)
    doubled(page, house.origin + "offline/")
    skip = page.locator(".skip")
    before = skip.bounding_box()

    skip.focus()

    assert before["y"] + before["height"] <= 0 < skip.bounding_box()["y"]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_settings_never_scroll_sideways_in_letters_twice_as_large(browse, house, sign_in, lang):
    page = browse(lang, storage_state=sign_in(house))
    doubled(page, house.origin + "me/")

    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
