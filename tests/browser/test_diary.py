"""The diary without effort, by taps: one a morning, few for a missed week, one for what is usual."""

import pytest
from tests.browser.test_relief import until_sent

MORNING = "2026-11-22T09:00:00+01:00"


class Taps:
    """Counts what a person touches."""

    def __init__(self, page):
        self.page, self.n = page, 0

    def __call__(self, locator):
        self.n += 1
        locator.click()


@pytest.fixture
def morning(browse, open_house):
    """A person at home on a morning, in a browser that stands in the zone that is asked for."""

    def visit(lang="en", **options):
        house, page = open_house(MORNING), browse(lang, **options)
        page.goto(house.address)
        return house, page

    return visit


def said(found):
    return {one["data"]["night"]: one["data"]["cramps"] for one in found if one["data"]["kind"] == "night"}


@pytest.mark.parametrize(("lang", "words"), [("en", "No cramp"), ("fr", "Aucune crampe")])
def test_the_morning_is_one_tap(morning, entries, lang, words):
    house, page = morning(lang)

    page.get_by_role("button", name=words).click()
    page.locator(".notice[role=status]:visible").wait_for()

    assert said(entries(house)) == {"2026-11-21": 0}


@pytest.mark.parametrize("scripts", [True, False])
def test_a_missed_week_takes_at_most_ten_taps(morning, entries, scripts):
    house, page = morning(scripts=scripts)
    tap = Taps(page)

    tap(page.get_by_role("link", name="Fill in missed nights"))
    page.locator("fieldset.missed").first.wait_for()
    for row in page.locator("fieldset.missed").all():
        tap(row.locator("input[value='0']"))
    tap(page.get_by_role("button", name="Keep these nights"))
    page.locator(".notice[role=status]:visible").wait_for()

    assert (len(said(entries(house))), tap.n <= 10) == (7, True)


def test_a_missed_week_is_filled_with_the_keyboard_alone(morning, entries):
    house, page = morning()
    page.goto(house.origin + "missed/")

    rows = page.locator("fieldset.missed")
    rows.nth(0).locator("input:checked").focus()
    for _ in range(rows.count()):
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".notice[role=status]:visible").wait_for()

    assert list(said(entries(house)).values()) == [0] * 7


def test_big_buttons_fit_a_small_screen(morning):
    house, page = morning("fr")
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(house.origin + "missed/")

    boxes = [label.bounding_box() for label in page.locator("fieldset.missed").first.locator("label").all()]

    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert min(min(box["width"], box["height"]) for box in boxes) >= 48


def test_usual_values_are_kept_by_one_tap_and_not_before(morning, entries):
    house, page = morning()
    for day in (16, 17, 18):
        page.goto(f"{house.origin}nights/2026-11-{day}/")
        page.get_by_text("Note the habits of that day").click()
        page.locator("#coffee_cups").fill("2")
        page.get_by_role("button", name="Save the habits").click()
        page.locator(".notice[role=status]:visible").wait_for()
    page.goto(house.origin)
    page.get_by_role("button", name="No cramp").click()
    page.locator("#usual").wait_for()
    before = coffees(entries(house))

    page.get_by_role("button", name="Yes, keep what is ticked").click()
    page.locator(".notice[role=status]:visible").wait_for()

    assert (len(before), coffees(entries(house))[-1]) == (3, ("2026-11-21", 2))


def coffees(found):
    return [(one["data"]["night"], one["data"]["value"]) for one in found if one["data"]["kind"] == "exposure"]


def test_a_pause_with_its_end_is_neither_open_nor_asked_for(morning):
    house, page = morning()
    page.goto(house.origin + "nights/pause/")
    page.locator("#first").fill("2026-11-15")
    page.locator("#last").fill("2026-11-20")
    page.get_by_label("hospital").check(force=True)
    page.get_by_role("button", name="Save").click()
    page.locator(".notice[role=status]:visible").wait_for()

    states = page.locator('.night-dot[href^="/nights/2026-11-1"]').evaluate_all(
        "all => all.map((one) => one.dataset.state)"
    )
    page.goto(house.origin + "missed/")

    assert (states[5:], page.locator("fieldset.missed").count()) == (["paused"] * 5, 1)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_pause_that_was_forgotten_is_ended_by_one_tap(morning, entries, scripts):
    house, page = morning(scripts=scripts)
    page.goto(house.origin + "nights/pause/")
    page.locator("#first").fill("2026-11-14")
    page.get_by_role("button", name="Save").click()
    page.locator(".notice[role=status]:visible").wait_for()
    page.goto(house.origin)

    page.get_by_role("button", name="I am back").click()
    page.locator(".notice[role=status]:visible").wait_for()

    assert [one["data"].get("last") for one in entries(house)] == [None, "2026-11-21"]


@pytest.mark.parametrize(("zone", "is_asked"), [("America/New_York", True), ("Europe/Berlin", False)])
def test_a_phone_in_other_hours_asks(browse, open_house, zone, is_asked):
    page = browse(timezone_id=zone)
    page.goto(open_house(MORNING).address, wait_until="networkidle")

    assert page.locator("#zone-asks").is_visible() is is_asked


def test_the_zone_changes_only_by_a_tap(browse, open_house, entries):
    house = open_house(MORNING)
    page = browse(timezone_id="America/New_York")
    page.goto(house.address)
    page.locator("#zone-asks").wait_for()
    page.goto(house.origin + "me/")
    before = page.locator("#zone").input_value()

    page.goto(house.origin)
    page.get_by_role("button", name="Yes, use the time of New York").click()
    page.wait_for_load_state()
    page.goto(house.origin + "me/")

    assert (before, page.locator("#zone").input_value()) == ("Europe/Paris", "America/New_York")


def test_a_zone_that_was_declined_is_not_asked_for_again(browse, open_house):
    house = open_house(MORNING)
    page = browse(timezone_id="America/New_York")
    page.goto(house.address)
    page.get_by_role("button", name="No, keep the time of my diary").click()

    page.reload(wait_until="networkidle")

    assert page.locator("#zone-asks").is_hidden()


def test_a_note_is_found_again(morning):
    house, page = morning()
    page.goto(house.origin + "nights/2026-11-20/note/")
    page.locator("textarea").fill("Long walk with George")
    page.get_by_role("button", name="Save").click()
    page.locator(".notice[role=status]:visible").wait_for()

    page.goto(house.origin + "nights/")
    page.get_by_role("link", name="Search the diary").click()
    page.locator("#q").fill("george")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="20 November 2026").click()

    assert "Long walk with George" in page.locator("main").inner_text()


@pytest.mark.parametrize(("hours", "time"), [("24", "15:10"), ("12", "3:10 pm")])
def test_times_follow_the_chosen_clock(morning, hours, time):
    house, page = morning()
    page.goto(house.origin + "me/")
    page.locator(f'input[name=hours][value="{hours}"]').check(force=True)
    page.get_by_role("button", name="Save").click()
    page.locator(".notice[role=status]:visible").wait_for()
    page.goto(house.origin + "nights/2026-11-20/cramp/")
    page.locator("#time").fill("15:10")
    page.get_by_role("button", name="Save").click()
    page.locator(".notice[role=status]:visible").wait_for()

    assert time in page.locator("main").inner_text().replace("\u202f", " ")


def test_help_opens_without_network(browse, open_house):
    page = browse()
    page.goto(open_house(MORNING).address)
    page.evaluate("navigator.serviceWorker.ready")
    page.reload()
    until_sent(page)
    page.context.set_offline(True)

    page.goto(page.url.split("?")[0] + "help/")

    assert page.get_by_role("heading", name="Take everything out").is_visible()
