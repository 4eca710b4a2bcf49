"""What a person with weak eyes meets: a narrow phone, a phone magnified twice, and what is told without being seen."""

import pytest
from tests.browser.test_relief_kept import lines

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

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
