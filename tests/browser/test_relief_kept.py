"""What the screens of relief keep, what the first page makes of it, and what can be reached on a small screen."""

import pytest
from tests.browser.test_relief import until_heard

NIGHT = "2026-11-22T03:10:00+01:00"

PASS = """([onset, touched]) => {
  const state = JSON.parse(localStorage["mollet.cramp"]);
  state.onset -= onset * 1000;
  state.touched -= touched * 1000;
  localStorage["mollet.cramp"] = JSON.stringify(state);
}"""
SENT = """() => new Promise((done) => {
  const open = indexedDB.open("mollet", 1);
  open.onsuccess = function look() {
    const count = open.result.transaction("waiting").objectStore("waiting").count();
    count.onsuccess = () => { if (count.result) setTimeout(look, 50); else { open.result.close(); done(); } };
  };
})"""

# Until the phone has noted what was said of the signs; it asks nothing of the page but what lies there.
KEPT = """value => new Promise((done) => (function look() {
  const signs = Object.values(JSON.parse(localStorage["mollet.cramp"]).signs ?? {});
  if (signs.some((sign) => sign.value === value)) done(); else setTimeout(look, 20);
})())"""


def begun(browse, house, lang="en"):
    page = browse(lang)
    page.goto(house.address)
    page.goto(house.origin + "relief/")
    page.locator(".dock .gone").wait_for()
    return page


def ten_minutes(page):
    page.evaluate(PASS, [605, 0])
    page.locator("#check").wait_for()
    until_heard(page)


def answers(entries):
    """What holds by question: the order in which entries came says nothing, what they replace does."""
    replaced = {id_ for one in entries for id_ in one["replaces"]}
    said = [one["data"] for one in entries if one["data"]["kind"] == "answer" and one["id"] not in replaced]
    return {one["question"]: one["value"] for one in said}


def test_what_was_ticked_at_ten_minutes_is_kept(browse, open_house, entries):
    house = open_house(NIGHT)
    page = begun(browse, house)
    ten_minutes(page)

    page.locator("input[name=hard]").check(force=True)
    page.click("#check form button >> nth=0")
    page.locator("#danger").wait_for()
    page.evaluate(KEPT, True)
    page.evaluate(SENT)

    kept = answers(entries(house))
    assert kept["still_hard_after_stretch"] is True
    assert 10 <= kept["this_cramp_minutes"] < 12


def test_a_tick_that_is_taken_away_is_taken_back(browse, open_house, entries):
    house = open_house(NIGHT)
    page = begun(browse, house)
    ten_minutes(page)
    page.locator("input[name=breath]").check(force=True)
    page.click("#check form button >> nth=0")
    page.evaluate(KEPT, True)

    page.click("#danger [data-do=back]")
    page.click("[data-do=signs]")
    until_heard(page)
    page.locator("input[name=breath]").uncheck(force=True)
    page.click("#check form button >> nth=0")
    page.evaluate(KEPT, None)
    page.evaluate(SENT)

    assert answers(entries(house))["breathless"] is None


@pytest.mark.parametrize(("lang", "words"), [("en", "Nothing was ticked."), ("fr", "Rien n’a été coché.")])
def test_nothing_ticked_is_said_and_the_screen_stays(browse, open_house, lang, words):
    page = begun(browse, open_house(NIGHT), lang)
    ten_minutes(page)

    page.click("#check form button >> nth=0")

    assert page.locator("#nothing").is_visible()
    assert page.locator("#check").is_visible()
    assert page.locator("#check [data-do=back]").is_visible()
    assert words in page.locator("#nothing").inner_text()


def state(page):
    return page.evaluate("JSON.parse(localStorage['mollet.cramp'])")


def test_the_question_of_ten_minutes_is_asked_again_by_every_reload(browse, open_house):
    page = begun(browse, open_house(NIGHT))
    ten_minutes(page)

    for _ in range(2):
        page.reload()
        page.locator("#check").wait_for()

    assert page.locator("#check").get_attribute("data-late") == "yes"


def test_nothing_ticked_is_no_answer_and_the_question_outlives_a_reload(browse, open_house):
    page = begun(browse, open_house(NIGHT))
    ten_minutes(page)
    page.click("#check form button >> nth=0")
    page.locator("#nothing").wait_for()

    page.reload()

    page.locator("#check").wait_for()


@pytest.mark.parametrize("sign", [None, "breath"])
def test_an_answered_question_is_not_asked_again_by_a_reload(browse, open_house, sign):
    page = begun(browse, open_house(NIGHT))
    ten_minutes(page)
    if sign:
        page.locator(f"input[name={sign}]").check(force=True)
        page.click("#check form button >> nth=0")
        page.locator("#danger").wait_for()
    else:
        page.click("#check [data-do=back]")

    page.reload()
    page.wait_for_function("() => document.querySelector('#clock').textContent.startsWith('10:')")

    assert page.evaluate("document.body.dataset.view") == "steps"


def test_signs_told_before_ten_minutes_do_not_answer_for_then(browse, open_house):
    page = begun(browse, open_house(NIGHT))
    page.click("[data-do=signs]")
    page.click("#check [data-do=back]")

    ten_minutes(page)

    assert page.locator("#check").get_attribute("data-late") == "yes"


def test_a_reload_is_no_touch(browse, open_house):
    page = begun(browse, open_house(NIGHT))
    ten_minutes(page)
    before = state(page)["touched"]

    page.reload()
    page.locator("#check").wait_for()

    assert state(page)["touched"] == before


def test_a_question_nobody_answers_stops_with_the_clock_after_a_reload_too(browse, open_house, entries):
    house = open_house(NIGHT)
    page = begun(browse, house)
    ten_minutes(page)
    page.reload()
    page.locator("#check").wait_for()

    page.evaluate(PASS, [300, 900])
    page.get_by_text("Nobody touched it").wait_for()
    page.evaluate(SENT)

    assert answers(entries(house)).keys() == {"clock_left_running"}


def test_a_clock_nobody_stopped_is_asked_about_on_the_first_page(browse, open_house, entries):
    house = open_house(NIGHT)
    page = begun(browse, house)
    page.evaluate(PASS, [1000, 1000])
    page.get_by_text("Nobody touched it").wait_for()
    page.evaluate(SENT)

    page.goto(house.origin)
    page.click("text=No, take it back")

    assert page.get_by_text("A cramp clock was started").count() == 0
    assert [one["data"]["kind"] for one in entries(house)].count("withdrawn") == 2


def test_only_looking_is_above_the_fold(browse, open_house):
    page = begun(browse, open_house(NIGHT), "fr")

    box = page.locator("[data-do=looking]").bounding_box()

    assert box["y"] + box["height"] <= page.locator(".dock").bounding_box()["y"]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_stop_can_be_read_above_the_buttons(browse, open_house, lang):
    page = begun(browse, open_house(NIGHT), lang)
    count = page.locator(".step").count()

    hidden = []
    for _ in range(count):
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        stop = page.locator(".step:not([hidden]) .stop").bounding_box()
        if stop["y"] + stop["height"] > page.locator(".dock").bounding_box()["y"]:
            hidden.append(page.locator(".step:not([hidden])").get_attribute("id"))
        page.click("[data-do=next]")

    assert hidden == []


def test_the_ring_stands_beside_its_drawing_on_a_wide_screen(browse, open_house):
    page = begun(browse, open_house(NIGHT))
    page.set_viewport_size({"width": 1280, "height": 800})

    drawing = page.locator(".step:not([hidden]) .way:not([hidden]) .drawing").bounding_box()
    ring = page.locator(".ring:visible").bounding_box()

    assert ring["x"] - (drawing["x"] + drawing["width"]) <= 48


def lines(page, selector):
    """How many lines the words of each element take."""
    return page.evaluate(
        """selector => [...document.querySelectorAll(selector)].map((part) => {
          const range = document.createRange();
          range.selectNodeContents(part);
          return new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size;
        })""",
        selector,
    )


def test_a_chosen_yes_or_no_stays_whole(browse, open_house):
    page = browse("fr")
    page.goto(open_house(NIGHT).address)
    page.goto(page.url.split("?")[0] + "checkup/danger_now/")

    for radio in page.locator("fieldset.yes-no input[value=no]").all():
        radio.check(force=True)

    assert set(lines(page, "fieldset.yes-no input:not([value=unknown]) + span")) == {1}


def test_the_days_of_the_week_stay_whole(browse, open_house):
    page = browse("fr")
    page.goto(open_house("2026-11-22T15:00:00+01:00").address)

    assert set(lines(page, ".night-dot [aria-hidden]")) == {1}
    inside = "[...document.querySelectorAll('.night-dot')].every((dot) => dot.scrollWidth <= dot.clientWidth)"
    assert page.evaluate(inside)


def test_a_healthy_person_ends_the_check_up_settled(browse, open_house):
    page = browse("en")
    house = open_house("2026-11-22T15:00:00+01:00")
    page.goto(house.address)
    page.goto(house.origin + "checkup/begin/")

    for _ in range(60):
        if "/result/" in page.url:
            break
        if "/names/" in page.url:
            page.locator("main .button").first.click()
            continue
        healthy(page)
    page.wait_for_url("**/checkup/result/**")

    assert page.locator(".still-open").count() == 0
    assert page.locator(".tier").get_attribute("data-tier") in ("self_care", "routine")


def healthy(page):
    """Answer a screen as somebody would who has night cramps and nothing else."""
    for box in page.locator("main form input[type=checkbox][name$=_none]").all():
        box.check(force=True)
    yes = ("relieved_by_stretching", "pulses_felt")
    known = {
        "age_years": "45",
        "this_cramp_minutes": "2",
        "duration_minutes": "2",
        "weight_kg": "70",
        "height_cm": "172",
    }
    for field in page.locator("main form input[inputmode=decimal]").all():
        field.fill(known.get(field.get_attribute("name"), "0"))
    for group in page.locator("main form fieldset.choice:not(.yes-no):not(.signs)").all():
        choice = {"sex": "male", "site": "calf"}.get(group.get_attribute("id"))
        wanted = group.locator(f"input[value={choice}]") if choice else group.locator("input[type=radio]")
        if wanted.count():
            wanted.first.check(force=True)
    for group in page.locator("main form fieldset.yes-no").all():
        value = "yes" if group.get_attribute("id") in yes else "no"
        group.locator(f"input[value={value}]").check(force=True)
    page.locator("main form .stack button").last.click()


@pytest.mark.parametrize(("address", "below"), [("", ".relief-button"), ("relief/", ".steps")])
def test_an_alarm_stands_above_everything_at_night(browse, open_house, address, below):
    house, page = open_house(NIGHT), browse()
    page.goto(house.address)
    page.goto(house.origin + "checkup/danger_now/")
    page.locator("input[name=chest_pain][value=yes]").check(force=True)
    with page.expect_navigation(url="**/checkup/result/**"):
        page.locator("main form .stack button").last.click()

    page.goto(house.origin + address)

    call = page.locator("#standing a[href='tel:15']").bounding_box()
    assert call["y"] + call["height"] <= page.locator(below).bounding_box()["y"]
    assert call["y"] + call["height"] <= 500
