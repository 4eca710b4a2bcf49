"""Pages of one thing that must have been said or sent first, before axe-core: in both themes and languages."""

import datetime as dt
import re

import pytest
from tests.browser.test_accessibility import axe, violations

__all__ = ["axe"]

TODAY = dt.datetime.now(dt.UTC).date()
DAYS = {"en": TODAY - dt.timedelta(days=3), "fr": TODAY - dt.timedelta(days=4)}
AWAY = {"en": TODAY - dt.timedelta(days=7), "fr": TODAY - dt.timedelta(days=9)}
DIARY = b"night,cramps\n2026-01-05,2\n2026-01-06,0\n"
TABLE = b"day,what happened,glasses\n05/01/2026,2,3\n06/01/2026,0,1\n"
UUID = re.compile(r"/[0-9a-f]{8}-[0-9a-f-]{27}/")


@pytest.fixture(scope="module")
def house(start_house, tmp_path_factory):
    with start_house(tmp_path_factory.mktemp("said")) as found:
        yield found


@pytest.fixture(scope="module")
def session(house, sign_in):
    return sign_in(house)


@pytest.fixture
def look(browse, house, session, axe):
    """Open a page of the person, send its form, look at what comes; what axe finds is gathered by page."""
    found = {}

    def begin(lang):
        page = browse(lang, service_workers="block", storage_state=session)

        def go(address):
            page.goto(house.origin + address)
            see()

        def send(form="main form[method=post]"):
            page.locator(f"{form} button.button").first.click()
            page.wait_for_load_state("load")
            see()

        def follow(word):
            """Go to the page of the one thing that a link with a name of its own leads to."""
            [address, *_] = [
                found
                for found in page.eval_on_selector_all("main a[href]", "all => all.map((one) => one.pathname)")
                if word in found and UUID.search(found)
            ]
            go(address.removeprefix("/"))

        def see():
            page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
            for theme in ("day", "night"):
                found[page.url.removeprefix(house.origin), theme] = violations(page, axe, theme)

        return page, go, send, follow

    yield begin
    assert found
    assert {where: what for where, what in found.items() if what} == {}


LANGUAGES = pytest.mark.parametrize("lang", ["en", "fr"])


@LANGUAGES
def test_a_note(look, lang):
    page, go, send, follow = look(lang)
    go(f"nights/{DAYS[lang]}/note/")
    page.fill("#text", "x")
    send()
    follow("/note/")
    assert page.locator("#text").input_value() == "x"


@LANGUAGES
def test_a_cramp_and_one_that_was_mistyped(look, lang):
    page, go, send, follow = look(lang)
    go(f"nights/{DAYS[lang]}/cramp/")
    page.fill("#time", "03:10")
    page.fill("#minutes", "x")
    send()
    assert page.locator(".error").count()
    page.fill("#minutes", "4")
    send()
    follow("/cramp/")
    assert page.locator("#minutes").input_value() == "4"


@LANGUAGES
def test_a_pause(look, lang):
    page, go, send, follow = look(lang)
    go(f"nights/pause/?first={AWAY[lang]}")
    page.fill("#last", str(AWAY[lang]))
    send()
    page.goto(page.url.split("nights/")[0] + f"nights/?month={AWAY[lang]:%Y-%m}")
    follow("/pause/")
    assert page.locator("#first").input_value() in map(str, AWAY.values())


@LANGUAGES
def test_names_that_were_read(look, lang):
    page, go, send, _ = look(lang)
    go("checkup/medicines_and_illnesses/")
    page.fill("#medicines", "furosemide\nzzqx")
    send()
    assert page.url.split("?")[0].endswith("/names/")


@LANGUAGES
@pytest.mark.parametrize(("name", "content"), [("diary.csv", DIARY), ("table.csv", TABLE)])
def test_a_file_that_is_brought_in(look, lang, name, content):
    page, go, send, _ = look(lang)
    go("data/")
    page.set_input_files("#file", {"name": name, "mimeType": "text/csv", "buffer": content})
    send("form[action='/data/import/']")
    page.wait_for_url(UUID)
    send("form[action*='/data/import/']")
    assert "/data/" in page.url
