"""Every page and state before axe-core, in both themes and languages; narrow, magnified, forced colours, keyboard."""

import os
from pathlib import Path

import pytest
from tests.browser.conftest import phones_of
from tests.browser.test_relief import gone, let_pass
from tests.pages import pages

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
NIGHT = "2026-11-22T03:10:00+01:00"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = pages()
VIEWS = ("steps", "check", "danger", "gone", "thanks", "undone", "stopped")


@pytest.fixture(scope="module")
def axe():
    if not AXE.exists():
        why = "axe-core is missing: npm ci --ignore-scripts"
        pytest.fail(why) if os.environ.get("MOLLET_CI") else pytest.skip(why)
    return AXE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def house(start_house, tmp_path_factory):
    with start_house(tmp_path_factory.mktemp("accessible"), demo=True) as found:
        yield found


@pytest.fixture(scope="module")
def session(house, sign_in):
    return sign_in(house)


@pytest.fixture
def signed_in(browse, session):
    """A browser of the person, in a language: ``signed_in("fr")``."""
    return lambda lang="en": browse(lang, service_workers="block", storage_state=session)


def violations(page, axe, theme):
    """What axe finds on the page as it stands, in a theme, by rule and place."""
    page.evaluate("look => Object.assign(document.documentElement.dataset, look)", {"theme": theme, "hour": theme})
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(axe)
    found = page.evaluate("tags => axe.run(document, { runOnly: tags, resultTypes: ['violations'] })", TAGS)
    return [(one["id"], node["target"], node["failureSummary"]) for one in found["violations"] for node in one["nodes"]]


@pytest.fixture(scope="module")
def walk(chromium, house, session):
    """One browser for each language goes from page to page: ``walk("fr", "plan/")``; no script may fail on the way."""
    pages = {}
    with phones_of(chromium) as open_page:

        def go(lang, address):
            if lang not in pages:
                pages[lang] = open_page(lang, service_workers="block", storage_state=session)
            pages[lang].goto(house.origin + address)
            return pages[lang]

        yield go


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("address", PAGES)
def test_axe_finds_nothing_on_a_page(walk, axe, lang, address):
    page = walk(lang, address)
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")

    assert [found for theme in ("day", "night") for found in violations(page, axe, theme)] == []


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_axe_finds_nothing_in_any_state_of_relief(browse, house, axe, lang):
    page = browse(lang, service_workers="block")
    page.goto(house.origin + "relief/")
    page.locator(".dock .gone").wait_for()
    found = {}
    for state in VIEWS:
        page.evaluate(
            """state => {
              document.body.dataset.view = state;
              for (const part of document.querySelectorAll("[data-in]")) {
                part.hidden = !part.dataset.in.split(" ").includes(state);
              }
              const told = "#tried, #kept, #danger [data-tier], #danger [data-sign]";
              for (const part of document.querySelectorAll(told)) part.hidden = false;
            }""",
            state,
        )
        found |= {(state, theme): violations(page, axe, theme) for theme in ("day", "night")}

    assert {where: what for where, what in found.items() if what} == {}


def test_axe_finds_nothing_on_the_closed_page(browse, house, axe):
    page = browse(service_workers="block")
    page.goto(house.origin)

    assert [found for theme in ("day", "night") for found in violations(page, axe, theme)] == []


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_nothing_sticks_out_at_320_px(signed_in, house, lang):
    page = signed_in(lang)
    page.set_viewport_size({"width": 320, "height": 640})
    wide = {}
    for address in PAGES:
        page.goto(house.origin + address)
        page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
        wide[address] = page.evaluate("document.documentElement.scrollWidth")

    assert {address: size for address, size in wide.items() if size > 320} == {}


def test_relief_can_be_used_at_four_hundred_percent(browse, house):
    # 1280 x 1024 magnified four times shows 320 x 256 of the page.
    page = browse(service_workers="block")
    page.set_viewport_size({"width": 320, "height": 256})
    page.goto(house.origin + "relief/")
    page.locator(".dock .gone").wait_for()

    page.get_by_role("button", name="Next step").click()
    words = page.locator(".step:visible h2:visible")
    words.scroll_into_view_if_needed()
    box, dock = words.bounding_box(), page.locator(".dock").bounding_box()

    assert box["y"] >= 0
    assert dock["height"] <= 256 / 2


REACHED = """() => {
  const at = document.activeElement;
  const bar = document.querySelector("nav.bar, .dock:not([hidden])");
  const box = at.getBoundingClientRect();
  const below = bar && getComputedStyle(bar).position === "fixed" ? bar.getBoundingClientRect().top : innerHeight;
  const inBar = Boolean(at.closest("nav.bar, .dock"));
  const hidden = !inBar && (box.top >= below || box.bottom <= 0);
  // Inside a field for a date or a time the browser itself marks the part that is aimed at.
  const seen = ["date", "time"].includes(at.type) || getComputedStyle(at).outlineStyle !== "none";
  window.reached ??= new Set();
  if (at !== document.body) window.reached.add(at);
  return { is: at === document.body ? null : at.outerHTML.slice(0, 120), hidden, seen, count: window.reached.size };
}"""
# One stop for each link, field, button and group of choices that is shown, in the order of the page.
STOPS = """() => {
  const groups = new Set();
  const kinds = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  return [...document.querySelectorAll(kinds)]
    .filter((one) => one.checkVisibility() && !one.disabled && one.closest("[inert]") === null)
    .filter((one) => one.type !== "radio" || (!groups.has(one.name) && groups.add(one.name))).length;
}"""


@pytest.mark.parametrize("address", PAGES)
def test_every_control_is_reached_with_the_keyboard_and_seen_when_magnified(signed_in, house, address):
    # 320 x 256 is what a screen of 1280 x 1024 shows at 400 %.
    page = signed_in()
    page.set_viewport_size({"width": 320, "height": 256})
    page.goto(house.origin + address)
    page.wait_for_load_state("networkidle")
    stops = page.evaluate(STOPS)

    reached = []
    # Twice round: a page that puts the focus somewhere begins there. A date is three stops and more.
    for _ in range(2 * stops + 30):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(REACHED))
        if reached[-1]["count"] >= stops:
            break

    assert [one["is"] for one in reached if one["is"] and (one["hidden"] or not one["seen"])] == []
    assert reached[-1]["count"] >= stops


def test_the_morning_question_is_answered_with_the_keyboard(browse, open_house, entries):
    house, page = open_house("2026-11-22T08:05:00+01:00"), browse(service_workers="block")
    page.goto(house.address)

    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "2":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/?said=*")

    assert [entry["data"]["cramps"] for entry in entries(house)] == [2]


@pytest.mark.parametrize("address", PAGES)
def test_every_button_keeps_an_edge_in_forced_colours(browse, house, session, address):
    page = browse(forced_colors="active", service_workers="block", storage_state=session)
    page.goto(house.origin + address)

    bare = page.evaluate(
        """() => [...document.querySelectorAll(".button, input, select, textarea, .choice label > span")]
          .filter((one) => one.checkVisibility() && !["radio", "checkbox", "file", "hidden"].includes(one.type))
          .filter((one) => parseFloat(getComputedStyle(one).borderTopWidth) === 0)
          .map((one) => one.outerHTML.slice(0, 120))"""
    )

    assert bare == []


def test_forced_colours_leave_choices_and_drawings_visible(browse, house):
    page = browse(forced_colors="active", service_workers="block")
    page.goto(house.origin + "relief/")
    page.locator(".dock .gone").wait_for()

    seen = page.evaluate(
        """() => {
          const part = (selector) => getComputedStyle(document.querySelector(`.way:not([hidden]) ${selector}`));
          return [part(".drawing .skin").fill, part(".drawing .skin").stroke];
        }"""
    )

    assert seen[0] != seen[1]


def test_nothing_moves_for_who_wants_no_motion(browse, house):
    page = browse(reduced_motion="reduce", service_workers="block")
    page.goto(house.origin + "relief/")
    page.locator(".dock .gone").wait_for()

    assert page.evaluate("document.getAnimations().length") == 0


def test_the_whole_of_relief_is_done_with_the_keyboard(browse, house):
    page = browse(service_workers="block")
    page.goto(house.origin + "relief/")
    page.locator(".dock .gone").wait_for()

    def press(name):
        """Tab to a button by its name, as a person would, and press it."""
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent.trim()") == name:
                return page.keyboard.press("Enter")
        raise AssertionError(name)

    press("Next step")
    press("I can’t do this")
    let_pass(page, 60)
    press("It’s gone")
    page.locator("#kept").wait_for()

    assert page.evaluate("document.activeElement.closest('[data-in]').dataset.in") == "gone"


@pytest.mark.parametrize(("hour", "spoken"), [("03", 0), ("15", 1)])
def test_speech_that_was_chosen_is_silent_at_night(browse, open_house, hour, spoken):
    page = speaking(browse())
    page.clock.set_fixed_time(f"2026-11-22T{hour}:10:00+01:00")
    page.goto(open_house().origin + "phone/")
    page.locator("[name=speech]").check(force=True)

    page.goto(page.url.replace("phone/", "relief/"))
    page.locator(".dock .gone").wait_for()

    assert page.evaluate("Math.min(window.said.length, 1)") == spoken


@pytest.mark.parametrize(
    ("lang", "voice", "words"), [("en", "en-GB", "Knee straight."), ("fr", "fr-FR", "Genou tendu.")]
)
def test_a_tap_reads_the_step_aloud_also_at_night(browse, open_house, lang, voice, words):
    page = speaking(browse(lang))
    page.goto(open_house(NIGHT).origin + "relief/")
    page.locator(".dock .gone").wait_for()

    page.click("[data-do=aloud]")

    [(spoken, said)] = page.evaluate("window.said")
    assert (spoken, said.startswith(words)) == (voice, True)
    assert page.locator("[data-do=aloud]").get_attribute("aria-pressed") == "true"


def test_the_end_of_relief_stops_the_voice(browse, open_house):
    page = speaking(browse())
    page.goto(open_house(NIGHT).origin + "relief/")
    page.locator(".dock .gone").wait_for()
    page.click("[data-do=aloud]")

    gone(page)

    assert page.evaluate("window.silenced") >= 1


def speaking(page):
    """Let the voice write down what it would say."""
    page.context.add_init_script(
        """window.said = []; window.silenced = 0;
        Object.defineProperty(window, "speechSynthesis", { value: {
          speak: (one) => window.said.push([one.lang, one.text]), cancel: () => { window.silenced += 1; } } });"""
    )
    page.context.route("**/sw.js", lambda route: route.abort())
    return page


@pytest.mark.parametrize("theme", ["day", "night"])
def test_a_guided_hold_shows_its_drawing_and_passes_axe(signed_in, house, axe, theme):
    page = signed_in()
    page.goto(house.origin + "plan/")

    page.locator("[data-begin]:visible").first.click()
    page.locator("[data-guide]:visible").wait_for()

    assert page.locator("[data-guide] .drawing").count() == 1
    assert violations(page, axe, theme) == []
