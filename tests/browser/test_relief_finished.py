"""What makes relief usable half asleep: the other leg, another way, a buzz, a lit screen, one thumb, a voice."""

import pytest
from tests.browser.worker import is_kept, until_worker

NIGHT = "2026-11-22T03:10:00+01:00"
HOLD_MS = 31_000

# The real lock of the screen, looked at: when it was asked for, and whether it was given back.
WATCH_LAMP = """
window.lamps = [];
const ask = navigator.wakeLock?.request.bind(navigator.wakeLock);
if (ask) navigator.wakeLock.request = async (kind) => {
  const lamp = await ask(kind);
  window.lamps.push(lamp);
  return lamp;
};
"""
WATCH_BUZZ = "window.buzzes = []; navigator.vibrate = (pattern) => { window.buzzes.push(pattern); return true; };"


@pytest.fixture
def relief(browse, open_house):
    """The relief page at three in the morning; ``before`` is a script that runs first."""

    def visit(lang="en", before="", clock=False, **options):
        page = browse(lang, **options)
        if clock:
            page.clock.install(time=NIGHT)
        if before:
            page.add_init_script(before)
        page.goto(open_house(NIGHT).origin + "relief/")
        page.locator(".dock .gone").wait_for()
        return page

    return visit


def test_the_other_leg_turns_the_drawing_over(relief):
    page = relief()

    page.get_by_role("button", name="Other leg").click()

    turned = page.locator(".way:visible .drawing").evaluate("one => new DOMMatrix(getComputedStyle(one).transform).a")
    assert turned == -1


@pytest.mark.parametrize(("lang", "button", "ways"), [
    ("en", "I can’t do this", {"Sitting", "With a towel or strap", "When pregnant"}),
    ("fr", "Je ne peux pas", {"En position assise", "Avec une serviette", "Pendant la grossesse"}),
])  # fmt: skip
def test_each_way_of_the_first_step_is_one_more_tap_away(relief, lang, button, ways):
    page = relief(lang)
    first, found = page.locator(".step:visible").get_attribute("id"), set()

    while page.locator(".step:visible").get_attribute("id") == first:
        found |= set(page.locator(".way:visible .chip").all_inner_texts())
        page.get_by_role("button", name=button).click()

    assert [way for way in ways if not any(words.startswith(way) for words in found)] == []


@pytest.mark.parametrize(("wish", "is_felt"), [("{}", True), ('{"vibration": false}', False)])
def test_the_end_of_a_hold_is_felt_unless_it_was_switched_off(relief, wish, is_felt):
    page = relief(before=f"localStorage['mollet.voice'] = '{wish}';" + WATCH_BUZZ, clock=True)

    page.clock.run_for(HOLD_MS)

    assert bool(page.evaluate("window.buzzes.length")) is is_felt


@pytest.mark.parametrize(("wish", "is_felt"), [("{}", True), ('{"vibration": false}', False)])
def test_the_routine_is_felt_unless_it_was_switched_off(browse, open_house, wish, is_felt):
    page = browse()
    page.add_init_script(f"localStorage['mollet.voice'] = '{wish}';" + WATCH_BUZZ)
    page.goto(open_house(NIGHT).address)
    page.goto(page.url.split("?")[0] + "plan/")

    page.locator("[data-begin]:visible").first.click()
    page.locator("[data-guide]:visible").wait_for()

    assert bool(page.evaluate("window.buzzes.length")) is is_felt


def test_the_screen_stays_lit_until_it_is_gone(relief):
    page = relief(before=WATCH_LAMP)
    page.wait_for_function("() => window.lamps.length > 0")
    lit = page.evaluate("window.lamps.at(-1).released")

    page.click(".dock .gone")
    page.locator("#tried").wait_for()
    page.wait_for_function("() => window.lamps.at(-1).released")

    assert lit is False


def test_every_button_of_the_dock_is_in_reach_of_one_thumb(relief):
    page = relief()

    boxes = [button.bounding_box() for button in page.locator(".dock button").all()]

    assert len(boxes) >= 4
    assert [box for box in boxes if box["y"] < 740 / 2 or box["y"] + box["height"] > 740] == []


def test_a_screen_reader_is_led_to_the_words_of_each_step(relief):
    page = relief()

    page.get_by_role("button", name="Next step").click()

    shown = page.locator(".step:visible h2:visible").inner_text()
    assert page.evaluate("document.activeElement.textContent") == shown


def test_a_screen_reader_hears_what_a_drawing_shows(relief):
    page = relief()

    drawing = page.locator(".way:visible svg.drawing")

    assert drawing.get_attribute("role") == "img"
    named = [page.locator(f"#{name}").inner_html() for name in drawing.get_attribute("aria-labelledby").split()]
    assert [words for words in named if len(words.split()) < 2] == []


def test_the_alarm_without_network_has_the_numbers_of_the_country_that_was_chosen(browse, open_house):
    house, page = open_house(NIGHT), browse()
    page.goto(house.address)
    until_worker(page)
    page.goto(house.origin + "me/")
    page.select_option("#country", "GB")
    page.get_by_role("button", name="Save").click()
    page.locator(".notice[role=status]:visible").wait_for()
    assert is_kept(page, "/alarm/", "tel:999")
    page.context.set_offline(True)

    page.goto(house.origin + "alarm/")

    assert page.locator('a[href="tel:999"]').first.is_visible()
