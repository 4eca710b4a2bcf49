"""What a person with weak eyes meets: a narrow phone, a phone magnified twice, and what is told without being seen."""

import re

import pytest
from tests.browser.test_relief_kept import lines
from tests.pages import pages
from tests.report.test_pdf import needs_poppler, run

MORNING = "2026-11-22T08:10:00+01:00"
TWICE = {"width": 180, "height": 370}
"""What a phone of 360 by 740 shows of a page at 200 %."""


@pytest.fixture(scope="module")
def house(start_house, tmp_path_factory):
    with start_house(tmp_path_factory.mktemp("magnified"), now=MORNING, demo=True) as found:
        yield found


@pytest.fixture(scope="module")
def session(house, sign_in):
    return sign_in(house)


@pytest.fixture
def narrow(browse, house, session):
    """Open a page on a screen of some width: ``narrow("relief/", "fr", TWICE)``."""

    def go(address, lang, size):
        page = browse(lang, service_workers="block", storage_state=session)
        page.set_viewport_size(size)
        page.goto(house.origin + address)
        return page

    return go


OUTSIDE = """() => [...document.querySelectorAll("a[href], button, summary, input, select")]
  .filter((one) => one.checkVisibility() && one.className !== "skip")
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1 || one.getBoundingClientRect().left < -1)
  .map((one) => one.textContent.trim())"""


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("address", ["", "relief/", "alarm/", "nights/", "missed/", "plan/", "checkup/begin/"])
def test_no_control_is_cut_on_a_phone_magnified_twice(narrow, lang, address):
    page = narrow(address, lang, TWICE)
    page.locator("main").wait_for()
    if address == "relief/":
        page.locator(".dock .gone").wait_for()

    assert (page.evaluate(OUTSIDE), page.evaluate("document.documentElement.scrollWidth")) == ([], TWICE["width"])


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_words_of_relief_are_seen_at_once_on_a_phone_magnified_twice(narrow, lang):
    page = narrow("relief/", lang, TWICE)
    page.locator(".dock .gone").wait_for()
    words = page.locator(".step:not([hidden]) .way:not([hidden]) h2").first.bounding_box()

    assert words["y"] + words["height"] <= page.locator(".dock").bounding_box()["y"]


TABLES = """() => [...document.querySelectorAll(".table")].filter((one) => one.scrollWidth > one.clientWidth).length"""


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_no_number_of_a_food_is_cut_in_the_large_letters_of_the_night(narrow, lang):
    page = narrow("plan/foods/?q=potato", lang, {"width": 360, "height": 740})
    page.evaluate("document.documentElement.dataset.hour = 'night'")

    assert (page.locator(".table").count() > 1, page.evaluate(TABLES)) == (True, 0)


WIDTHS = (640, 360, 320)
BEYOND = """() => [...document.querySelectorAll("body *")]
  .filter((one) => one.checkVisibility() && !one.closest(".skip, .visually-hidden, .table, pre, svg"))
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
  .map((one) => `${one.tagName} ${one.textContent.trim().slice(0, 40)}`)"""
BROKEN = """() => {
  const range = document.createRange();
  const isBroken = (text, { index, 0: word }) => {
    range.setStart(text, index);
    range.setEnd(text, index + word.length);
    return new Set([...range.getClientRects()].filter((one) => one.width).map((one) => Math.round(one.top))).size > 1;
  };
  const texts = [...document.querySelectorAll("h1, h2, button, .button, .bar a, .choice span, .night-dot span")]
    .filter((one) => one.checkVisibility() && !one.closest(".paper article"))
    .flatMap((one) => [...one.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE));
  const broken = (text) => [...text.data.matchAll(/\\p{L}+|\\d+/gu)].filter((word) => isBroken(text, word));
  return texts.flatMap((text) => broken(text).map(String));
}"""


@pytest.fixture
def doubled(browse, house, session):
    """Go from page to page on a phone whose owner made all letters twice as large, and nothing else."""
    phones = {}

    def go(address, lang):
        if lang not in phones:
            phones[lang] = browse(lang, service_workers="block", storage_state=session)
        page = phones[lang]
        page.goto(house.origin + address)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
        return page

    return go


def at_every_width(page, ask):
    """What was found, with the width at which it was: nothing where a page is as it should be."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 740})
        found += [f"{width} px: {one}" for one in page.evaluate(ask)]
    return found


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_letters_twice_as_large_stay_on_every_page(doubled, lang):
    found = {address: at_every_width(doubled(address, lang), BEYOND) for address in pages()}

    assert {address: beyond for address, beyond in found.items() if beyond} == {}


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_no_heading_button_or_figure_is_broken_by_letters_twice_as_large(doubled, lang):
    used_most = ("", "relief/", "alarm/", "nights/", "missed/", "plan/", "search/", "checkup/begin/")
    found = {address: at_every_width(doubled(address, lang), BROKEN) for address in used_most}

    assert {address: broken for address, broken in found.items() if broken} == {}


SIDEWAYS = {"width": 740, "height": 360}


@pytest.fixture
def sideways(narrow):
    """Relief on a phone on its side, its clock running."""

    def go(lang):
        page = narrow("relief/", lang, SIDEWAYS)
        page.locator(".dock .gone").wait_for()
        return page

    return go


def boxes(page, *selectors):
    step = ".step:not([hidden]) .way:not([hidden]) "
    return [page.locator(step + one if one != ".dock" else one).first.bounding_box() for one in selectors]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_phone_on_its_side_shows_the_whole_first_step_above_its_button(sideways, lang):
    drawing, ring, words, dock = boxes(sideways(lang), ".drawing", ".ring", "h2", ".dock")

    assert [one for one in (drawing, ring, words) if one["y"] + one["height"] > dock["y"]] == []
    assert dock["y"] + dock["height"] <= SIDEWAYS["height"]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_phone_on_its_side_has_the_drawing_left_of_the_words(sideways, lang):
    figure, words = boxes(sideways(lang), ".figure", "h2")

    assert figure["x"] + figure["width"] <= words["x"]
    assert figure["y"] < words["y"] + words["height"]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_four_words_stay_whole_on_the_narrowest_phone(narrow, lang):
    page = narrow("nights/", lang, {"width": 320, "height": 640})

    assert set(lines(page, ".bar a")) == {1}


GROUNDS = """() => [...document.querySelectorAll('.calendar .night-dot[data-state="closed"]')]
  .filter((dot) => Number(dot.dataset.count) < 3)
  .map((dot) => {
    const figure = dot.querySelector("[aria-hidden]");
    const room = dot.getBoundingClientRect();
    const fill = getComputedStyle(dot).boxShadow.match(/0px -([\\d.]+)px/);
    const filled = fill ? parseFloat(fill[1]) : 0;
    const isOver = figure.getBoundingClientRect().bottom > room.bottom - filled - 2;
    return getComputedStyle(figure).backgroundColor === "rgba(0, 0, 0, 0)" || isOver ? dot.textContent : "";
  })"""


def test_nothing_runs_through_the_figure_of_a_night(narrow):
    page = narrow("nights/?month=2026-10", "fr", {"width": 360, "height": 740})

    assert set(page.evaluate(GROUNDS)) == {""}


def test_what_is_wrong_in_a_form_is_where_the_reader_stands(narrow):
    page = narrow("nights/pause/", "fr", {"width": 360, "height": 740})
    page.fill("#first", "2026-11-21")
    page.fill("#last", "2026-11-10")
    page.locator("main form .button").last.click()

    assert page.locator(".error-summary").evaluate("(summary) => summary === document.activeElement")


def test_the_morning_answer_is_said_back_where_the_reader_stands(narrow):
    page = narrow("", "fr", {"width": 360, "height": 740})
    page.get_by_role("button", name="Aucune crampe").click()

    assert page.locator(".notice[role=status]:visible").evaluate("(notice) => notice === document.activeElement")


SMALLEST = """() => {
  const texts = document.createTreeWalker(document.querySelector("main article"), NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) {
    if (!texts.currentNode.data.trim()) continue;
    const points = Math.round(parseFloat(getComputedStyle(texts.currentNode.parentElement).fontSize) * 7.5) / 10;
    if (points < 10) found.push(`${points} ${texts.currentNode.data.trim()}`);
  }
  return found;
}"""


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("address", ["card/", "fridge/"])
def test_a_paper_printed_from_the_browser_has_nothing_smaller_than_ten_points(narrow, address, lang):
    page = narrow(address, lang, {"width": 1280, "height": 800})
    page.emulate_media(media="print")

    assert page.evaluate(SMALLEST) == []


@needs_poppler
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_card_printed_from_the_browser_has_two_sides_of_a5(narrow, lang):
    page = narrow("card/", lang, {"width": 1280, "height": 800})

    told = run("pdfinfo", page.pdf(prefer_css_page_size=True), "-")

    assert re.search(r"Pages:\s+2\b.*A5", told, re.S)


LOUD = """() => [...document.querySelectorAll(".sheet small")]
  .filter((one) => {
    const [own, around] = [one, one.parentElement].map((each) => parseFloat(getComputedStyle(each).fontSize));
    return own > around;
  })
  .map((one) => one.textContent)"""


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_what_is_beside_the_point_on_the_doctors_page_is_not_printed_larger(narrow, lang):
    page = narrow("report/", lang, {"width": 1280, "height": 800})
    page.emulate_media(media="print")

    assert (page.locator(".sheet small").count() > 0, page.evaluate(LOUD)) == (True, [])


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_all_numbers_to_call_stand_in_letters_of_one_size_when_letters_are_twice_as_large(narrow, lang):
    page = narrow("alarm/?country=FR", lang, {"width": 360, "height": 740})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    size = "one => getComputedStyle(one).fontSize"
    calls = page.locator("[data-calls=emergency] a.button")
    sizes = [calls.nth(place).evaluate(size) for place in range(calls.count())]

    assert (len(sizes), set(sizes)) == (3, {page.locator(".tier").first.evaluate(size)})
