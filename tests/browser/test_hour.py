"""The phone's own hour: a page is dark and silent at night, however old it is and whatever hour the house has."""

import pytest
from tests.browser.test_accessibility import speaking
from tests.browser.test_relief import until_heard

DAY, NIGHT = "2026-11-22T15:00:00+01:00", "2026-11-23T03:10:00+01:00"
LOOK = """() => {
  const { theme, hour } = document.documentElement.dataset;
  return [theme, hour, document.querySelector("meta[name=color-scheme]").content];
}"""
DARK, LIGHT = ["night", "night", "dark"], ["auto", "day", "light dark"]


@pytest.fixture(scope="module")
def house(start_house, tmp_path_factory):
    """It believes that it is afternoon."""
    with start_house(tmp_path_factory.mktemp("hour"), now=DAY) as found:
        yield found


@pytest.fixture
def opened(browse, house, session):
    """Open a page at an hour of the phone, without a worker: ``opened("nights/", NIGHT)``."""

    def open_page(address, now):
        page = browse(service_workers="block", storage_state=session)
        page.clock.set_fixed_time(now)
        page.goto(house.origin + address)
        return page

    return open_page


@pytest.fixture(scope="module")
def session(house, sign_in):
    return sign_in(house)


def look_again(page, kind):
    page.evaluate("kind => (kind === 'pageshow' ? window : document).dispatchEvent(new Event(kind))", kind)


@pytest.mark.parametrize("address", ["", "nights/", "relief/"])
def test_a_page_is_dark_at_night_on_the_phone_while_it_is_day_at_the_house(opened, address):
    assert opened(address, NIGHT).evaluate(LOOK) == DARK


def test_the_hour_is_known_before_a_style_sheet_is_there(opened):
    page = opened("relief/", NIGHT)
    order = page.evaluate("[...document.head.querySelectorAll('script, link[rel=stylesheet]')].map(one => one.tagName)")

    assert order[:2] == ["SCRIPT", "LINK"]
    assert page.evaluate("[document.scripts[0].type, document.scripts[0].async, document.scripts[0].defer]") == [
        "",
        False,
        False,
    ]


@pytest.mark.parametrize("kind", ["visibilitychange", "pageshow"])
def test_a_page_that_was_left_open_by_day_is_dark_when_it_is_looked_at_at_night(opened, kind):
    page = opened("", DAY)
    assert page.evaluate(LOOK) == LIGHT

    page.clock.set_fixed_time(NIGHT)
    look_again(page, kind)

    assert page.evaluate(LOOK) == DARK


def test_a_page_that_is_looked_at_while_night_falls_becomes_dark(browse, house):
    page = browse(service_workers="block")
    page.clock.install(time="2026-11-22T20:58:00+01:00")
    page.goto(house.origin + "relief/")
    assert page.evaluate(LOOK) == LIGHT

    page.clock.run_for("05:00")

    assert page.evaluate(LOOK) == DARK


def test_a_page_of_the_night_is_light_again_by_day(opened):
    page = opened("", NIGHT)

    page.clock.set_fixed_time("2026-11-23T07:00:00+01:00")
    look_again(page, "visibilitychange")

    assert page.evaluate(LOOK) == LIGHT


@pytest.mark.parametrize(("chosen", "now"), [("day", NIGHT), ("night", DAY)])
def test_a_theme_that_was_chosen_by_hand_stays(opened, chosen, now):
    page = opened("me/", DAY)
    page.locator(f"input[name=theme][value={chosen}]").check(force=True)
    page.locator("main form button").first.click()
    page.wait_for_url("**/me/?done=kept")

    page.clock.set_fixed_time(now)
    page.reload()

    assert page.evaluate("document.documentElement.dataset.theme") == chosen
    page.locator("input[name=theme][value=auto]").check(force=True)
    page.locator("main form button").first.click()
    page.wait_for_url("**/me/?done=kept")


def test_a_page_that_was_opened_by_day_does_not_speak_at_night(browse, house):
    page = speaking(browse(service_workers="block"))
    page.clock.install(time="2026-11-22T20:58:00+01:00")
    page.goto(house.origin + "phone/")
    page.locator("[name=speech]").check(force=True)
    page.goto(house.origin + "relief/")
    page.locator(".dock .gone").wait_for()
    page.wait_for_function("() => window.said.length")
    until_heard(page)

    page.clock.set_system_time("2026-11-22T21:00:00+01:00")
    page.evaluate("window.said.length = 0")
    page.get_by_role("button", name="Next step").click()

    assert page.evaluate("window.said.length") == 0
