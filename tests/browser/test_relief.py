"""Three in the morning, with a real browser before a real server."""

import re

import pytest
from tests.browser.worker import through_reloads

NIGHT = "2026-11-22T03:10:00+01:00"


def let_pass(page, seconds):
    """Move the running clock back, as if so many seconds had passed since it began."""
    page.evaluate(
        """seconds => {
          const state = JSON.parse(localStorage["mollet.cramp"]);
          state.onset -= seconds * 1000;
          localStorage["mollet.cramp"] = JSON.stringify(state);
        }""",
        seconds,
    )


def leave_untouched(page, minutes):
    """Move both the beginning and the last touch back."""
    page.evaluate(
        """minutes => {
          const state = JSON.parse(localStorage["mollet.cramp"]);
          state.onset -= minutes * 60000;
          state.touched -= minutes * 60000;
          localStorage["mollet.cramp"] = JSON.stringify(state);
        }""",
        minutes,
    )


def waiting(page):
    """How many records wait on the phone."""
    return page.evaluate(
        """() => new Promise((done, failed) => {
          const open = indexedDB.open("mollet", 1);
          open.onerror = () => failed(open.error);
          open.onsuccess = () => {
            const count = open.result.transaction("waiting").objectStore("waiting").count();
            count.onsuccess = () => { open.result.close(); done(count.result); };
          };
        })"""
    )


UNTIL_SENT = """() => new Promise((done, failed) => {
  const open = indexedDB.open("mollet", 1);
  let looks = 0;
  open.onerror = () => failed(open.error);
  open.onsuccess = function look() {
    const count = open.result.transaction("waiting").objectStore("waiting").count();
    count.onsuccess = () => {
      if (count.result && (looks += 1) > 1200) failed(new Error(`${count.result} still waiting`));
      else if (count.result) setTimeout(look, 50);
      else { open.result.close(); done(); }
    };
  };
})"""


def until_sent(page):
    """Wait until nothing waits on the phone any more; the page may show itself anew when that is so."""
    through_reloads(page, UNTIL_SENT)


def until_heard(page):
    """Wait until a tap counts: a screen that has just come hears none."""
    page.wait_for_function("() => !document.body.style.pointerEvents")


def gone(page, after=180):
    page.locator(".dock .gone").wait_for()
    let_pass(page, after)
    page.click(".dock .gone")
    page.locator("#kept").wait_for()
    until_heard(page)


@pytest.mark.parametrize(("lang", "words"), [("en", "Knee straight."), ("fr", "Genou tendu.")])
def test_one_tap_shows_the_first_step_and_starts_the_clock(browse, open_house, lang, words):
    page = browse(lang)
    page.goto(open_house(NIGHT).address)

    page.click(".relief-button")
    page.locator(".dock .gone").wait_for()

    assert words in page.locator(".step:visible h2:visible").inner_text()
    assert re.fullmatch(r"0:\d\d", page.locator("#clock").inner_text())


def test_the_relief_button_fills_two_fifths_of_the_screen_at_night(browse, open_house):
    page = browse()
    page.goto(open_house(NIGHT).address)

    box = page.locator(".relief-button").bounding_box()

    assert box["width"] * box["height"] >= 0.4 * 360 * 740


def test_it_is_gone_is_under_the_thumb_without_scrolling(browse, open_house):
    page = browse()
    page.goto(open_house(NIGHT).origin + "relief/")

    box = page.locator(".dock .gone").bounding_box()

    assert box["y"] > 740 / 2
    assert box["y"] + box["height"] <= 740


def test_a_cramp_comes_into_the_diary_with_its_minutes(browse, open_house, entries):
    house, page = open_house(NIGHT), browse()
    page.goto(house.address)
    page.goto(house.origin + "relief/")

    gone(page, after=180)
    until_sent(page)

    [cramp] = entries(house)
    assert cramp["data"]["end_known"] is True
    lasted = page.evaluate("([a, b]) => (new Date(b) - new Date(a)) / 1000", [cramp["at"], cramp["data"]["end"]])
    assert 178 <= lasted <= 200


def test_leg_and_pain_replace_what_was_kept_first(browse, open_house, entries):
    house, page = open_house(NIGHT), browse()
    page.goto(house.address)
    page.goto(house.origin + "relief/")
    gone(page)

    page.get_by_label("Left", exact=True).check(force=True)
    page.get_by_label("7", exact=True).check(force=True)
    page.click("#marks .pair button >> nth=0")
    page.get_by_text("Sleep well.").wait_for()
    until_sent(page)

    # Under a clock that stands, both were said at one moment: whichever came first, one replaces the other.
    first, second = sorted(entries(house), key=lambda entry: len(entry["replaces"]))
    assert second["replaces"] == [first["id"]]
    assert (second["data"]["leg"], second["data"]["severity"]) == ("left", 7)


def test_under_twenty_seconds_nothing_is_recorded(browse, open_house, entries):
    house, page = open_house(NIGHT), browse()
    page.goto(house.address)
    page.goto(house.origin + "relief/")

    page.click(".dock .gone")
    page.locator("#tried").wait_for()

    assert waiting(page) == 0
    assert entries(house) == []


def middle(page, selector):
    box = page.locator(selector).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def standing_still(browse, house):
    """Three minutes into a cramp, with a clock that stands: a second tap comes at once, however slow the machine."""
    page = browse()
    page.clock.install(time=NIGHT)
    page.goto(house.address)
    page.goto(house.origin + "relief/")
    page.locator(".dock .gone").wait_for()
    let_pass(page, 180)
    until_heard(page)
    page.clock.pause_at("2026-11-22T03:15:00+01:00")
    return page


@pytest.mark.parametrize("button", ["#marks .pair button:not([data-do])", "[data-do=later]", "[data-do=undo]"])
def test_the_second_tap_of_a_double_tap_answers_nothing(browse, open_house, entries, button):
    house = open_house(NIGHT)
    page = standing_still(browse, house)

    page.mouse.click(*middle(page, ".dock .gone"))
    page.locator("#kept").wait_for()
    page.mouse.click(*middle(page, button))
    page.clock.resume()
    until_heard(page)
    page.get_by_label("Left", exact=True).check(force=True)
    page.click("#marks .pair button >> nth=0")
    page.get_by_text("Sleep well.").wait_for()
    until_sent(page)

    assert sorted(one["data"].get("leg") or one["data"]["kind"] for one in entries(house)) == ["cramp", "left"]


def test_a_double_tap_that_is_faster_than_the_phone_keeps_the_questions(browse, open_house):
    page = standing_still(browse, open_house(NIGHT))

    page.mouse.dblclick(*middle(page, ".dock .gone"))

    page.locator("#kept").wait_for()


def test_the_keyboard_is_heard_at_once_after_it_is_gone(browse, open_house):
    page = standing_still(browse, open_house(NIGHT))

    page.mouse.click(*middle(page, ".dock .gone"))
    page.locator("#kept").wait_for()
    page.locator("[data-do=later]").focus()
    page.keyboard.press("Enter")

    page.get_by_text("Sleep well.").wait_for()


def test_a_reload_asks_for_leg_and_pain_again_and_begins_no_cramp(browse, open_house, entries):
    house, page = open_house(NIGHT), browse()
    page.goto(house.address)
    page.goto(house.origin + "relief/")
    gone(page)
    lasted = page.locator("#lasted").inner_text()

    page.reload()
    page.locator("#kept").wait_for()
    until_heard(page)
    assert page.locator("#lasted").inner_text() == lasted
    page.get_by_label("Left", exact=True).check(force=True)
    page.click("#marks .pair button >> nth=0")
    page.get_by_text("Sleep well.").wait_for()
    until_sent(page)

    first, second = sorted(entries(house), key=lambda entry: len(entry["replaces"]))
    assert (second["replaces"], second["data"]["leg"]) == ([first["id"]], "left")
    assert page.evaluate("localStorage['mollet.cramp']") is None


@pytest.mark.parametrize("was_put_away", [False, True])
def test_going_back_to_relief_begins_no_cramp(browse, open_house, was_put_away):
    house, page = open_house(NIGHT), browse()
    if was_put_away:
        # A browser that says nothing of how a page came, as one does that had let it go.
        page.add_init_script("performance.getEntriesByType = () => []")
    page.goto(house.address)
    page.goto(house.origin + "relief/")
    gone(page)
    page.click("[data-do=later]")
    page.get_by_text("Sleep well.").wait_for()
    page.goto(house.origin + "nights/")

    page.go_back()
    page.get_by_text("Sleep well.").wait_for()

    assert page.evaluate("localStorage['mollet.cramp']") is None


def test_a_reload_after_the_thanks_begins_no_cramp(browse, open_house):
    page = browse()
    page.goto(open_house(NIGHT).origin + "relief/")
    gone(page)
    page.click("[data-do=later]")
    page.get_by_text("Sleep well.").wait_for()

    page.reload()
    page.get_by_text("Sleep well.").wait_for()

    assert page.evaluate("localStorage['mollet.cramp']") is None


def test_a_reload_after_a_try_can_still_record_it(browse, open_house):
    page = browse()
    page.goto(open_house(NIGHT).origin + "relief/")
    page.click(".dock .gone")
    page.locator("#tried").wait_for()

    page.reload()
    page.click("[data-do=anyway]")

    page.locator("#kept").wait_for()


def test_who_comes_to_relief_anew_has_a_clock_of_its_own(browse, open_house):
    house, page = open_house(NIGHT), browse()
    page.goto(house.address)
    page.goto(house.origin + "relief/")
    gone(page)

    page.goto(house.origin + "relief/")
    page.locator(".dock .gone").wait_for()

    assert page.locator("#clock").inner_text().startswith("0:")


def test_a_reload_lets_the_clock_run_on(browse, open_house):
    page = browse()
    page.goto(open_house(NIGHT).origin + "relief/")
    let_pass(page, 125)

    page.reload()

    page.wait_for_function("() => document.querySelector('#clock').textContent.startsWith('2:')")


def test_an_untouched_clock_stops_and_no_end_is_invented(browse, open_house, entries):
    house, page = open_house(NIGHT), browse()
    page.goto(house.address)
    page.goto(house.origin + "relief/")
    page.locator(".dock .gone").wait_for()

    leave_untouched(page, 15)
    page.get_by_text("The clock stopped.").wait_for()
    until_sent(page)

    asked, cramp = sorted(entries(house), key=lambda one: one["data"]["kind"])
    assert (cramp["data"]["end"], cramp["data"]["end_known"]) == (None, False)
    assert asked["data"] == {"kind": "answer", "question": "clock_left_running", "value": cramp["about"]}


def test_an_abandoned_clock_is_settled_by_any_page(browse, open_house, entries):
    house, page = open_house(NIGHT), browse()
    page.goto(house.address)
    page.goto(house.origin + "relief/")
    page.locator(".dock .gone").wait_for()
    leave_untouched(page, 40)

    page.goto(house.origin)
    page.wait_for_function("() => !localStorage['mollet.cramp']")
    until_sent(page)

    assert sorted(one["data"]["kind"] for one in entries(house)) == ["answer", "cramp"]


def test_at_ten_minutes_one_screen_asks_for_the_signs(browse, open_house):
    page = browse()
    page.goto(open_house(NIGHT).origin + "relief/")
    page.locator(".dock .gone").wait_for()

    let_pass(page, 600)

    page.get_by_label("Still hard").wait_for(state="attached")
    page.locator("#check").wait_for()
    assert page.locator(".dock .gone").is_visible()


@pytest.mark.parametrize(
    ("sign", "words"),
    [
        ("Still hard", "Be seen by a doctor today."),
        ("Breathless, or chest pain", "Call the emergency number now."),
        ("Cramp or sudden pain with a foot pale, cold, numb or unable to move", "Call the emergency number now."),
    ],
)
def test_a_sign_says_what_to_do_even_without_network(browse, open_house, sign, words):
    page = browse()
    page.goto(open_house(NIGHT).origin + "relief/")
    page.locator(".dock .gone").wait_for()
    page.context.set_offline(True)
    let_pass(page, 600)
    page.locator("#check").wait_for()
    until_heard(page)

    page.get_by_label(sign).check(force=True)
    page.get_by_role("button", name="What should I do?").click()

    assert words in page.locator("#danger").inner_text()


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_whatever_is_ticked_at_ten_minutes_a_reason_stands_beside_what_to_do(browse, open_house, lang):
    page = browse(lang)
    page.goto(open_house(NIGHT).origin + "relief/")
    page.locator(".dock .gone").wait_for()
    let_pass(page, 600)
    page.locator("#check").wait_for()

    reasons = page.evaluate(
        """() => {
          const form = document.querySelector("#check form");
          const boxes = [...form.querySelectorAll("[type=checkbox]")];
          return Array.from({ length: 2 ** boxes.length - 1 }, (_, index) => {
            boxes.forEach((box, place) => { box.checked = index + 1 >> place & 1; });
            form.requestSubmit();
            const said = [...document.querySelectorAll("#danger [data-sign] p")];
            return said.filter((one) => one.checkVisibility()).map((one) => one.dataset.flag).join(" ");
          });
        }"""
    )

    assert reasons[0b0011 - 1] == "lasting_cramp_with_signs"
    assert [index + 1 for index, reason in enumerate(reasons) if not reason] == []


def test_before_ten_minutes_no_reason_speaks_of_them(browse, open_house):
    page = browse()
    page.goto(open_house(NIGHT).origin + "relief/")
    page.click("[data-do=signs]")
    page.locator("#check").wait_for()
    until_heard(page)

    page.get_by_label("Still hard").check(force=True)
    page.get_by_label("Swollen, hot or red").check(force=True)
    page.get_by_label("Breathless, or chest pain").check(force=True)
    page.get_by_role("button", name="What should I do?").click()
    page.locator("#danger").wait_for()

    assert "10 minutes" not in page.locator("#danger").inner_text()


def test_a_cramp_without_network_waits_and_is_sent_later_once(browse, open_house, entries):
    house, page = open_house(NIGHT), browse()
    page.goto(house.address)
    page.goto(house.origin + "relief/")
    page.locator(".dock .gone").wait_for()
    page.context.set_offline(True)
    gone(page)
    assert waiting(page) == 1

    page.context.set_offline(False)
    until_sent(page)

    assert len(entries(house)) == 1


def test_a_cramp_kept_before_signing_in_is_sent_after(browse, open_house, entries):
    house, page = open_house(NIGHT), browse()
    page.goto(house.origin + "relief/")
    gone(page)
    assert waiting(page) == 1

    page.goto(house.address)
    until_sent(page)

    assert len(entries(house)) == 1


def test_records_of_another_diary_are_never_sent_to_this_one(browse, open_house, entries):
    house, page = open_house(NIGHT), browse()
    page.goto(house.origin + "relief/")
    page.evaluate("localStorage['mollet.diary'] = '00000000-0000-4000-8000-000000000000'")
    gone(page)

    page.goto(house.address)
    page.locator("[data-attention]").wait_for()

    assert waiting(page) == 1
    assert entries(house) == []


def test_two_tabs_that_send_at_once_make_one_cramp(browse, open_house, entries):
    house, page = open_house(NIGHT), browse()
    page.goto(house.address)
    page.goto(house.origin + "relief/")
    page.locator(".dock .gone").wait_for()
    page.context.set_offline(True)
    gone(page)
    other = page.context.new_page()

    page.context.set_offline(False)
    other.goto(house.origin)
    until_sent(page)

    assert len(entries(house)) == 1


def test_a_second_tab_ends_with_the_first_and_begins_no_clock(browse, open_house):
    house, page = open_house(NIGHT), browse()
    page.goto(house.address)
    page.goto(house.origin + "relief/")
    page.locator(".dock .gone").wait_for()
    other = page.context.new_page()
    other.goto(house.origin + "relief/")
    other.locator(".dock .gone").wait_for()

    gone(page)
    other.get_by_text("Sleep well.").wait_for()

    assert page.evaluate("localStorage['mollet.cramp']") is None


def test_only_looking_stops_the_clock_and_shows_every_step(browse, open_house, entries):
    house, page = open_house(NIGHT), browse()
    page.goto(house.address)
    page.goto(house.origin + "relief/")
    page.locator(".dock .gone").wait_for()
    let_pass(page, 300)

    page.get_by_role("button", name="I am only looking").click()

    assert page.locator(".step:visible").count() > 3
    assert page.evaluate("localStorage['mollet.cramp']") is None
    assert entries(house) == []


def test_who_cannot_do_a_step_is_shown_another_way(browse, open_house):
    page = browse()
    page.goto(open_house(NIGHT).origin + "relief/")
    usual = page.locator(".step:visible h2:visible").inner_text()

    page.get_by_role("button", name="I can’t do this").click()

    assert page.locator(".step:visible h2:visible").inner_text() != usual


def test_without_scripts_every_step_can_be_read(browse, open_house):
    page = browse(scripts=False)
    page.goto(open_house(NIGHT).origin + "relief/")

    assert page.locator(".step:visible").count() > 3
    assert page.locator(".dock:visible").count() == 0


def test_without_scripts_the_ten_minute_screen_is_a_form(browse, open_house):
    page = browse(scripts=False)
    page.goto(open_house(NIGHT).origin + "relief/")

    page.get_by_label("Breathless, or chest pain").check(force=True)
    page.get_by_role("button", name="What should I do?").click()

    assert "Call the emergency number now." in page.locator("main").inner_text()


def test_no_request_leaves_the_house(browse, open_house):
    house, page = open_house(NIGHT), browse()
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    for address in (house.address, house.origin + "relief/", house.origin + "alarm/"):
        page.goto(address)

    assert [url for url in asked if not url.startswith(house.origin)] == []


def test_what_relief_says_of_danger_is_one_tap_from_its_sources(browse, open_house):
    house, page = open_house(NIGHT), browse("en")
    page.goto(house.origin + "relief/")
    page.locator(".dock .gone").wait_for()
    page.evaluate("document.querySelector('#danger').hidden = false")

    page.click("#danger .sources > summary")

    page.locator("#danger .sources").get_by_text("S-NHSDVT").wait_for()


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_relief_weighs_little_at_the_first_visit(browse, open_house, lang):
    house, page = open_house(NIGHT), browse(lang)
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    sizes = []
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))

    page.goto(house.origin + "relief/")
    page.locator(".dock .gone").wait_for()

    assert sum(sizes) <= 30_000


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("address", ["", "relief/", "alarm/"])
def test_nothing_sticks_out_of_a_small_screen(browse, open_house, lang, address):
    house, page = open_house(NIGHT), browse(lang)
    page.goto(house.address)
    page.set_viewport_size({"width": 320, "height": 640})

    page.goto(house.origin + address)

    assert page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_glares_at_night(browse, open_house, theme):
    house, page = open_house(NIGHT), browse(color_scheme=theme)
    page.clock.set_fixed_time(NIGHT)

    page.goto(house.origin + "relief/")

    ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert ground.startswith("oklch(0.135")


def test_relief_is_done_with_the_keyboard_alone(browse, open_house):
    house, page = open_house(NIGHT), browse()
    page.goto(house.address)

    page.locator(".relief-button").focus()
    page.keyboard.press("Enter")
    page.locator(".dock .gone").wait_for()
    page.locator(".dock .gone").focus()
    page.keyboard.press("Enter")

    page.locator("#tried").wait_for()
    assert page.evaluate("document.activeElement.closest('[data-in]').dataset.in") == "gone"
