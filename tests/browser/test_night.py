"""One night through the house: woken at 03:10, relief, the morning answer, check-up, causes, plan, and the way out."""

import datetime as dt
import json
import sqlite3

import pytest
from tests.browser.test_relief import gone, until_sent

NIGHT = "2026-11-22T03:10:00+01:00"
MORNING = "2026-11-22T08:05:00+01:00"
MOST_SCREENS = 16

WORDS = {
    "en": {"left": "Left", "save": "#marks .pair button >> nth=0", "minutes": "4 minutes", "self_care": "self_care"},
    "fr": {"left": "Gauche", "save": "#marks .pair button >> nth=0", "minutes": "4 minutes", "self_care": "self_care"},
}


def close(house):
    """Stop a server so that another may open the same folder."""
    house.process.terminate()
    house.process.wait(20)


def nights(house):
    """The nights as the house derived them."""
    connection = sqlite3.connect(house.folder / "mollet.sqlite3")
    rows = connection.execute("select date, cramps, at_least from store_night order by date").fetchall()
    connection.close()
    return rows


def relieve(page, house, words):
    """Relief at 03:10: one tap, four minutes, left leg, seven of ten."""
    page.clock.install(time=dt.datetime.fromisoformat(NIGHT))
    page.goto(house.address)
    page.click(".relief-button")
    gone(page, after=240)
    page.get_by_label(words["left"], exact=True).check(force=True)
    page.get_by_label("7", exact=True).check(force=True)
    page.click(words["save"])
    until_sent(page)


def answer_the_check_up(page, house):
    """Say "none of these" on every screen, and the least where something else is asked; return how many screens."""
    page.goto(house.origin + "checkup/begin/")
    for screens in range(MOST_SCREENS):
        if "/result/" in page.url:
            return screens
        for field in page.locator("form[action^='/checkup/'] input[inputmode=decimal]").all():
            field.fill({"age_years": "67"}.get(field.get_attribute("id"), "5"))
        for box in page.locator("input[type=checkbox][name$=_none]").all():
            box.check(force=True)
        for choice in page.locator("fieldset.choice:not(.yes-no):has(input[type=radio])").all():
            choice.locator("input[type=radio]").first.check(force=True)
        none = page.locator("button[name=none]")
        button = none if none.count() else page.locator("form[action^='/checkup/'] button").first
        if not none.count():
            for question in page.locator("fieldset.yes-no").all():
                question.locator("input[value=no]").check(force=True)
        with page.expect_navigation():
            button.click()
    raise AssertionError(f"not settled after {MOST_SCREENS} screens: {page.url}")


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_night_from_the_cramp_to_the_way_out(browse, open_house, tmp_path, lang):
    words = WORDS[lang]
    house, page = open_house(NIGHT), browse(lang)
    relieve(page, house, words)
    assert nights(house) == [("2026-11-21", None, 1)]

    close(house)
    house, page = open_house(MORNING), browse(lang)
    page.goto(house.address)
    page.click("#last-night button[name=cramps][value='1']")
    assert nights(house) == [("2026-11-21", 1, 1)]

    page.goto(house.origin + "nights/?month=2026-11")
    dot = page.locator(".calendar a[href='/nights/2026-11-21/']")
    assert (dot.get_attribute("data-state"), dot.get_attribute("data-count")) == ("closed", "1")
    dot.click()
    assert words["minutes"] in page.locator("main").inner_text()

    screens = answer_the_check_up(page, house)
    assert screens <= MOST_SCREENS
    assert page.locator(".tier").get_attribute("data-tier") in ("self_care", "routine")

    page.goto(house.origin + "causes/")
    assert page.locator("main h2").count() >= 2
    page.goto(house.origin + "plan/")
    assert page.locator("main li").count() >= 5

    page.goto(house.origin + "data/")
    with page.expect_download() as taken:
        page.click("a[href='/data/export/diary-json/']")
    complete = tmp_path / "diary.json"
    taken.value.save_as(complete)
    said = nights(house)

    empty, other = open_house(MORNING, folder="empty"), browse(lang)
    other.goto(empty.address)
    other.goto(empty.origin + "data/")
    other.set_input_files("#file", complete)
    other.click("form[action='/data/import/'] button")
    other.click("form[action$='/confirm/'] button")
    assert nights(empty) == said
    assert len(json.loads(complete.read_text(encoding="utf-8"))["entries"]) > 3
