"""What was said without a house, once it came home: the page that stands there says it, and nothing is asked twice."""

import functools

import pytest
from tests.browser.test_offline_checkup import Home
from tests.browser.test_relief import waiting
from tests.browser.worker import until_worker

MORNING = "2026-11-22T08:00:00+01:00"
SENT = "What waited on this phone has been sent."


@pytest.fixture
def home(start_house, tmp_path, sign_in):
    made = Home(functools.partial(start_house, now=MORNING), tmp_path, sign_in)
    yield made
    made.line.close()
    made.standing.close()


@pytest.fixture
def answered(browse, home):
    """A phone in the morning that said "no cramp" to a dead house, which has come back since."""
    page = browse()
    page.clock.set_fixed_time(MORNING)
    page.context.add_cookies([home.cookie])
    page.goto(home.origin)
    until_worker(page)
    page.wait_for_function("() => localStorage['mollet.ahead']")
    home.die()
    page.goto(home.origin)
    page.click("#last-night [data-cramps='0']")
    page.locator("#said").wait_for()
    come_back(page, home)
    page.opened = []
    page.on("request", lambda one: page.opened.append(one.url) if one.is_navigation_request() else None)
    return page


def come_back(page, home):
    """A house that has just begun is slow with its first page: it is asked for once, past the worker."""
    home.come_back()
    assert page.context.request.get(home.origin).ok


@pytest.fixture
def alone(answered, home):
    """The same phone once the house knows its answer, and is dead again."""
    answered.goto(home.origin)
    answered.get_by_text(SENT).wait_for()
    answered.wait_for_load_state("networkidle")
    home.die()
    answered.goto(home.origin)
    return answered


@pytest.mark.parametrize("address", ["", "nights/", "nights/2026-11-21/"])
def test_a_page_shows_what_was_sent_while_it_stood_there_and_says_so(answered, home, address):
    answered.goto(home.origin + address)
    answered.get_by_text(SENT).wait_for()
    answered.wait_for_load_state("networkidle")

    assert answered.locator("#last-night").count() == 0
    assert answered.opened == [home.origin + address] * 2


def test_a_page_that_was_touched_stays_as_it_is(answered, home):
    held = []
    answered.route("**/api/entries", lambda route: held.append(route))
    with answered.expect_request("**/api/entries"):
        answered.goto(home.origin)
    answered.click("#last-night summary")
    answered.wait_for_function("() => document.querySelector('#last-night details').open")
    held[0].continue_()
    answered.get_by_text(SENT).wait_for()

    assert answered.opened == [home.origin]
    assert answered.locator("#last-night details").get_attribute("open") is not None


def test_what_is_sent_at_once_has_not_waited(answered, home):
    answered.goto(home.origin)
    answered.get_by_text(SENT).wait_for()
    answered.reload()
    answered.wait_for_load_state("networkidle")

    assert answered.get_by_text(SENT).is_hidden()


def test_what_the_house_knows_as_answered_is_not_asked_again_without_it(alone):
    alone.locator("#said").wait_for()

    assert alone.locator("#last-night form").is_hidden()


def test_another_answer_without_the_house_stands_in_the_place_of_the_one_it_knows(alone, home, entries):
    alone.click("[data-again]")
    alone.click("#last-night [data-cramps='2']")
    alone.get_by_text("Noted: 2 cramps.").wait_for()
    come_back(alone, home)
    alone.goto(home.origin)
    alone.get_by_text(SENT).wait_for()

    first, second = entries(home.house)
    assert (second["data"]["cramps"], second["about"], second["replaces"]) == (2, first["about"], [first["id"]])


def test_an_answer_that_is_tapped_again_is_kept_also_where_the_house_knew_it(alone):
    alone.click("[data-again]")
    alone.click("#last-night [data-cramps='0']")
    alone.get_by_text("Noted: no cramp.").wait_for()

    assert waiting(alone) == 1
