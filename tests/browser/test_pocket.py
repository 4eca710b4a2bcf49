"""The pocket edition before a plain static server: relief, morning, check-up, and its file taken home."""

import functools
import http.server
import json
import os
import subprocess
import sys
import threading
import zlib

import pytest
from tests.browser.test_accessibility import axe, violations
from tests.browser.test_night import nights
from tests.browser.test_relief import gone
from tests.browser.worker import until_worker

__all__ = ["axe"]

MORNING = "2026-11-22T08:00:00+01:00"
NIGHT = "2026-11-22T03:10:00+01:00"
WRITE = "import sys; from mollet.cli import main; sys.argv[1:] = ['pocket', sys.argv[1], '--lang', 'en']; main()"


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A plain server of files that says nothing."""

    def log_message(self, format, *arguments):
        """Say nothing."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("pocket")
    surroundings = {**os.environ, "MOLLET_DATA": str(place / "data")}
    subprocess.run(
        [sys.executable, "-c", WRITE, str(place / "site")], env=surroundings, check=True, capture_output=True
    )
    return place / "site"


@pytest.fixture(scope="module")
def pocket(folder):
    """Address of the folder, in a corner of a site."""
    handler = functools.partial(Quiet, directory=str(folder.parent))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/site/"
        server.shutdown()


def away(browse, pocket, lang):
    """A phone that keeps the folder, and has no network any more."""
    page = browse(lang)
    page.goto(f"{pocket}{lang}/")
    until_worker(page)
    page.context.set_offline(True)
    return page


def answer_the_check_up(page, most=24):
    """Say "none of these" on every screen until the result stands there."""
    page.click("[data-begin-checkup]")
    for _ in range(most):
        page.locator("#screen form, #screen .tier").first.wait_for()
        if page.locator("#screen .tier").count():
            return
        heading = page.locator("#screen h1").inner_text()
        for field in page.locator("#screen input[inputmode=decimal]").all():
            field.fill("67" if field.get_attribute("id") == "age_years" else "5")
        for box in page.locator("#screen input[name$=_none]").all():
            box.check(force=True)
        for choice in page.locator("#screen fieldset:not(.yes-no):has(input[type=radio])").all():
            choice.locator("input[type=radio]").first.check(force=True)
        for question in page.locator("#screen fieldset.yes-no").all():
            question.locator("input[value=no]").check(force=True)
        page.locator("#screen form button:visible").last.click()
        page.wait_for_function("words => document.querySelector('#screen h1').innerText !== words", arg=heading)
    raise AssertionError("no result")


def test_the_folder_is_small(folder):
    assert sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) <= 250_000


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_relief_opens_from_the_folder_without_network(browse, pocket, lang):
    page = browse(lang)
    page.goto(pocket)
    page.wait_for_url(f"**/{lang}/")
    until_worker(page)
    page.context.set_offline(True)

    page.locator("main .relief-button").click()
    page.locator(".dock .gone").wait_for()
    page.get_by_role("button", name={"en": "Next step", "fr": "Étape suivante"}[lang]).click()

    assert page.locator(".way:visible .drawing title").count() == 1


def test_an_unknown_country_is_never_given_a_number_and_a_chosen_one_stays(browse, pocket):
    page = browse("en", timezone_id="Asia/Kolkata")
    assert numbers(page, pocket + "en/alarm/") == []

    page.locator("#country").select_option("FR")
    page.goto(pocket + "en/relief/")

    page.locator("[data-calls='emergency'] .call").first.wait_for(state="attached")
    assert page.locator("[data-calls='emergency'] .call").first.get_attribute("href") == "tel:15"


@pytest.mark.parametrize("address", ["", "en/", "en/?nights", "fr/relief/", "fr/alarm/"])
def test_a_first_visit_at_night_is_dark(browse, pocket, address):
    page = browse(service_workers="block")
    page.clock.set_fixed_time("2026-11-22T03:10:00+01:00")
    if not address:
        page.route("**/language.js", lambda route: route.abort())

    page.goto(pocket + address)

    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor").startswith("oklch(0.135")


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_relief_is_the_largest_thing_of_the_pocket_at_night_and_no_running_night_is_asked_about(browse, pocket, lang):
    page = browse(lang, service_workers="block")
    page.clock.set_fixed_time(NIGHT)
    page.goto(f"{pocket}{lang}/")
    page.locator(".now .relief-button").wait_for()
    page.wait_for_load_state("networkidle")
    button = page.locator(".now .relief-button").bounding_box()

    assert button["height"] >= 0.4 * page.viewport_size["height"]
    assert button["y"] + button["height"] <= page.locator(".bar").bounding_box()["y"]
    assert page.locator("#last-night").is_hidden()


def test_a_pocket_that_was_left_open_by_day_is_dark_when_it_is_looked_at_at_night(browse, pocket):
    page = browse(service_workers="block")
    page.clock.set_fixed_time("2026-11-22T15:00:00+01:00")
    page.goto(pocket + "en/")
    page.locator("#last-night").wait_for()

    page.clock.set_fixed_time("2026-11-23T03:10:00+01:00")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    assert page.evaluate("document.documentElement.dataset.theme") == "night"


def test_a_pocket_that_was_left_open_asks_about_the_night_that_was_slept_since(browse, pocket):
    page = browse("en")
    page.clock.set_fixed_time("2026-11-22T08:00:00+01:00")
    page.goto(pocket + "en/")
    page.locator("#last-night").wait_for()
    page.click("#last-night [data-cramps='1']")
    page.locator("#said").wait_for()

    page.clock.set_fixed_time("2026-11-23T08:00:00+01:00")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.locator("#said").wait_for(state="hidden")

    assert "Sunday 22 November" in page.locator("#last-night [data-dates]").inner_text()
    assert page.locator("#last-night [data-cramps='0']").is_visible()


def test_a_check_up_that_was_begun_goes_on_after_a_reload(browse, pocket):
    page = browse("en")
    page.goto(pocket + "en/?checkup")
    page.locator("[data-begin-checkup]").wait_for()
    assert page.locator("[data-begin-checkup]").inner_text() == "Start"
    page.click("[data-begin-checkup]")
    page.locator("#screen form").wait_for()
    heading = page.locator("#screen h1").inner_text()
    page.locator("#screen form button[name=none]").click()
    page.wait_for_function("words => document.querySelector('#screen h1').innerText !== words", arg=heading)

    page.reload()

    page.get_by_role("button", name="Go on").wait_for()


def test_a_night_in_the_pocket_is_the_same_night_at_home(browse, pocket, open_house, tmp_path):
    page = browse("en")
    page.goto(pocket + "en/relief/")
    gone(page, after=180)
    page.clock.set_fixed_time(MORNING)
    page.goto(pocket + "en/")
    page.locator("#last-night").wait_for()
    page.click("#last-night [data-cramps='1']")
    page.locator("#said").wait_for()
    page.goto(pocket + "en/?checkup")
    answer_the_check_up(page)
    assert page.locator("#screen .tier").get_attribute("data-tier") in ("self_care", "routine")
    page.goto(pocket + "en/?nights")
    page.locator("#said-list li").nth(1).wait_for()
    assert page.locator("#said-list li").count() == 2

    page.goto(pocket + "en/?phone")
    page.wait_for_function("() => document.querySelector('#take-out')?.href.startsWith('blob:')")
    with page.expect_download() as taken:
        page.click("#take-out")
    file = tmp_path / "mollet-diary.json"
    taken.value.save_as(file)
    house, home = open_house(), browse("en")
    home.goto(house.address)
    home.goto(house.origin + "data/")
    home.set_input_files("#file", file)
    home.click("form[action='/data/import/'] button")
    home.click("form[action$='/confirm/'] button")

    said = json.loads(file.read_text(encoding="utf-8"))["entries"]
    [answer] = [entry["data"] for entry in said if entry["data"]["kind"] == "night"]
    assert [answer["night"], 1] in [[night, cramps] for night, cramps, _ in nights(house)]
    assert sum(at_least for _, _, at_least in nights(house)) == 1

    home.goto(house.origin + "data/")
    with home.expect_download() as complete:
        home.click("a[href='/data/export/diary-json/']")
    complete.value.save_as(tmp_path / "home.json")
    other = browse("fr")
    other.goto(pocket + "fr/?phone")
    other.locator("#take-in").set_input_files(tmp_path / "home.json")
    other.get_by_text(f"{len(said)}").first.wait_for()
    other.goto(pocket + "fr/?nights")
    other.locator("#said-list li").nth(1).wait_for()
    assert other.locator("#said-list li").count() == 2


def test_an_emergency_in_the_check_up_stops_it_and_says_so(browse, pocket):
    page = browse("en")
    page.goto(pocket + "en/?checkup")
    page.click("[data-begin-checkup]")
    page.locator("#screen form").wait_for()

    page.locator("#screen [name=breathless][value=yes]").check(force=True)
    page.locator("#screen [name=chest_pain][value=yes]").check(force=True)
    page.locator("#screen form button:visible").last.click()
    page.locator("#screen .tier").wait_for()

    assert page.locator("#screen .tier").get_attribute("data-tier") == "emergency"
    page.goto(pocket + "en/?plan")
    page.locator("#routine").wait_for()
    assert page.locator("#routine article").count() == 0


def opened(page):
    """Open every list of sources that is to be seen, each with one tap; return how many there are, all filled."""
    folded = page.locator("main details[data-sources] > summary:visible")
    folded.first.wait_for()
    summaries = folded.element_handles()
    for one in summaries:
        one.click()
    page.wait_for_function("() => !document.querySelector('details.sources[open]:not(:has(> ul .soft, > p))')")
    assert page.locator("details.sources[open]").count() == len(summaries)
    return len(summaries)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_all_advice_of_the_pocket_is_one_tap_from_its_sources_without_network(browse, pocket, lang):
    page = away(browse, pocket, lang)
    found = {}

    for address in ("relief/", "alarm/", "?plan"):
        page.goto(f"{pocket}{lang}/{address}")
        found[address] = opened(page)
    page.goto(f"{pocket}{lang}/?checkup")
    page.click("[data-begin-checkup]")
    page.locator("#screen [name=breathless][value=yes]").check(force=True)
    page.locator("#screen form button:visible").last.click()
    page.locator("#screen .tier").wait_for()
    found["?checkup"] = opened(page)

    assert all(found.values())


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_claim_of_the_pocket_shows_its_sources_without_network(browse, pocket, lang):
    page = away(browse, pocket, lang)
    page.goto(f"{pocket}{lang}/?claims")
    page.locator("[data-claim]").first.wait_for()
    page.evaluate("document.querySelectorAll('[data-claim]').forEach((one) => { one.open = true; })")

    page.locator("[data-claim] .sources > summary").last.click()
    page.locator("[data-claim]").last.locator(".sources :is(li, p)").first.wait_for()
    page.evaluate("document.querySelectorAll('.sources').forEach((one) => { one.open = true; })")
    page.wait_for_function("() => !document.querySelector('[data-claim]:not(:has(.sources :is(li, p)))')")

    assert page.locator("[data-claim]").count() > 50


def test_a_country_chosen_in_the_pocket_says_where_its_numbers_are_from(browse, pocket):
    page = browse("en")
    page.goto(pocket + "en/alarm/")
    page.locator("#country").select_option("FR")
    sources = page.locator("[data-calls=emergency] .sources")

    sources.locator("summary").click()

    sources.get_by_text("S-FR15").wait_for()


def test_what_the_pocket_says_of_danger_in_relief_shows_its_sources(browse, pocket):
    page = browse("en")
    page.goto(pocket + "en/relief/")
    page.locator("#danger > .sources").wait_for(state="attached")
    page.evaluate("document.querySelector('#danger').hidden = false")

    page.click("#danger > .sources > summary")

    page.locator("#danger > .sources").get_by_text("S-CCP").wait_for()


def test_claims_are_found_by_their_words(browse, pocket):
    page = browse("fr")
    page.goto(pocket + "fr/?claims")
    page.locator("#q").fill("savon")

    page.wait_for_function("() => document.querySelectorAll('[data-claim]:not([hidden])').length < 10")
    assert page.locator("[data-claim]:visible").count() >= 1


def test_no_request_leaves_the_folder(browse, pocket):
    page = browse("en")
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    for address in ("", "en/relief/", "en/alarm/", "en/?plan", "en/?claims", "en/?phone", "en/?nights", "en/?checkup"):
        page.goto(pocket + address)
        page.wait_for_load_state("networkidle")

    assert [url for url in asked if not url.startswith((pocket, "blob:"))] == []


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_axe_finds_nothing_on_the_pages_of_the_pocket(browse, pocket, axe, lang):
    page = browse(lang, service_workers="block")
    found = {}
    for address in ("", "alarm/", "?plan", "?claims", "?phone", "?nights", "?checkup"):
        page.goto(f"{pocket}{lang}/{address}")
        page.wait_for_load_state("networkidle")
        if address == "?checkup":
            page.click("[data-begin-checkup]")
            page.locator("#screen form").wait_for()
        found |= {(address, theme): violations(page, axe, theme) for theme in ("day", "night")}

    assert {where: what for where, what in found.items() if what} == {}


def test_the_emergency_is_read_out_before_everything_else(browse, pocket, axe):
    page = browse("en", service_workers="block")
    page.goto(pocket + "en/?checkup")
    page.click("[data-begin-checkup]")
    page.locator("#screen [name=breathless][value=yes]").check(force=True)
    page.locator("#screen form button:visible").last.click()
    page.locator("#screen .tier").wait_for()

    assert page.evaluate("document.activeElement.matches('.tier h1')")
    assert violations(page, axe, "night") == []


SEEN = "() => [...document.querySelectorAll('[data-calls=emergency] .call')].map((one) => one.getAttribute('href'))"


def numbers(page, address):
    """Numbers of the alarm page once its words are there."""
    page.goto(address)
    page.locator("[data-calls=emergency] p:last-of-type, [data-calls=emergency] details").first.wait_for()
    page.wait_for_function("() => document.querySelector('#country option:checked')")
    return page.evaluate(SEEN)


@pytest.mark.parametrize(
    ("lang", "zone", "expected"),
    [
        ("en-GB", "Europe/Paris", ["tel:15", "tel:112", "sms:114"]),
        ("fr-FR", "Europe/London", ["tel:999", "tel:112", "sms:999"]),
        ("en-US", "Europe/Berlin", ["tel:112"]),
        ("fr-FR", "America/Toronto", ["tel:911"]),
        ("fr-FR", "Asia/Kolkata", []),
    ],
)
def test_where_nobody_chose_a_country_the_time_zone_tells_it_and_never_the_language(
    browse, pocket, lang, zone, expected
):
    assert numbers(browse(lang, timezone_id=zone), f"{pocket}{lang[:2]}/alarm/") == expected


def test_the_check_up_of_the_pocket_follows_the_time_zone_too(browse, pocket):
    page = browse("en-GB")
    page.goto(pocket + "en/?checkup")
    page.click("[data-begin-checkup]")
    page.locator("#screen [name=breathless][value=yes]").check(force=True)
    page.locator("#screen form button:visible").last.click()
    page.locator("#screen .tier").wait_for()

    assert page.locator("#screen .call").first.get_attribute("href") == "tel:15"


ENTRY = {
    "v": 1,
    "id": "0190f0a0-0000-7000-8000-00000000000a",
    "about": "0190f0a0-0000-7000-8000-00000000000a",
    "replaces": [],
    "at": MORNING,
    "zone": "Europe/Paris",
    "said": MORNING,
    "data": {"kind": "night", "night": "2026-11-21", "cramps": 1},
}


def house_file(folder, country, entries=()):
    """A file of a house that holds nothing but the country that was chosen there, and some entries."""
    file = folder / "home.json"
    head = {"format": "mollet-diary", "version": 1, "diary": "0190f0a0-0000-7000-8000-000000000001"}
    file.write_text(json.dumps({**head, "person": {"country": country}, "entries": list(entries), "imports": []}))
    return file


def taken_in(page, file):
    page.locator("#take-in").set_input_files(file)
    page.wait_for_function("() => document.querySelector('#taken-in').textContent")


def test_the_country_of_a_house_holds_in_the_pocket_once_its_file_was_taken_in(browse, pocket, tmp_path):
    page = browse("en-GB")
    page.goto(pocket + "en/?phone")
    page.locator("#take-in").wait_for()

    taken_in(page, house_file(tmp_path, "CH"))

    assert numbers(page, pocket + "en/alarm/") == ["tel:144", "tel:112"]


def test_what_was_taken_in_is_counted_at_once(browse, pocket, tmp_path):
    page = browse("en-GB")
    assert kept(page, pocket + "en/?phone") == "Nothing is kept here."

    taken_in(page, house_file(tmp_path, "CH", [ENTRY]))

    page.get_by_text("Kept on this phone: 1.").wait_for()


@pytest.mark.parametrize(("lang", "other", "words"), [("en", "fr", "Français"), ("fr", "en", "English")])
def test_the_other_language_of_the_pocket_is_one_tap_away_and_stays(browse, pocket, lang, other, words):
    page = browse(lang)
    page.goto(f"{pocket}{lang}/?phone")
    link = page.get_by_role("link", name=words)
    assert (link.get_attribute("lang"), link.get_attribute("hreflang")) == (other, other)

    link.click()
    page.wait_for_url(f"**/{other}/?phone")
    page.locator("#take-out").wait_for()
    page.goto(pocket)

    page.wait_for_url(f"**/{other}/")


def test_a_country_chosen_on_the_phone_outlives_the_file_of_a_house(browse, pocket, tmp_path):
    page = browse("en-GB")
    numbers(page, pocket + "en/alarm/")
    page.locator("#country").select_option("US")
    page.goto(pocket + "en/?phone")
    page.locator("#take-in").wait_for()

    taken_in(page, house_file(tmp_path, "CH"))

    assert numbers(page, pocket + "en/alarm/") == ["tel:911"]


def test_the_country_chosen_in_the_pocket_stands_in_its_file(browse, pocket, tmp_path):
    page = browse("en-GB")
    numbers(page, pocket + "en/alarm/")
    page.locator("#country").select_option("CH")
    page.goto(pocket + "en/?phone")
    page.wait_for_function("() => document.querySelector('#take-out')?.href.startsWith('blob:')")
    with page.expect_download() as taken:
        page.click("#take-out")
    taken.value.save_as(tmp_path / "pocket.json")

    assert json.loads((tmp_path / "pocket.json").read_text(encoding="utf-8"))["person"]["country"] == "CH"


def test_the_choice_of_a_country_stands_below_the_numbers_and_before_the_signs(browse, pocket):
    page = browse("en")
    numbers(page, pocket + "en/alarm/")
    tops = [page.locator(one).first.bounding_box()["y"] for one in (".tier", "#country", "details.signs")]

    assert tops == sorted(tops)


def kept(page, address):
    page.goto(address)
    page.wait_for_function("() => !/script|scripts/.test(document.querySelector('#queued')?.textContent ?? 'script')")
    return page.locator("#queued").inner_text().replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("lang", "nothing", "one"),
    [
        ("en", "Nothing is kept here.", "Kept on this phone: 1. It leaves this phone only in the file that you save."),
        (
            "fr",
            "Rien n’est gardé ici.",
            "Gardé sur ce téléphone : 1. Cela ne quitte ce téléphone que dans le fichier que vous enregistrez.",
        ),
    ],
)
def test_the_pocket_never_says_that_what_it_keeps_waits_to_be_sent(browse, pocket, lang, nothing, one):
    page = browse(lang)
    page.clock.set_fixed_time(MORNING)
    before = kept(page, f"{pocket}{lang}/?phone")
    page.goto(f"{pocket}{lang}/")
    page.click("#last-night [data-cramps='1']")
    page.locator("#said").wait_for()

    assert (before, kept(page, f"{pocket}{lang}/?phone")) == (nothing, one)


def test_no_sentence_of_the_pocket_says_that_something_is_sent(folder):
    from mollet.words import say

    written = {name: zlib.decompress((folder / name / "pages.bin").read_bytes()).decode() for name in ("en", "fr")}
    keys = ("phone.waits_some", "phone.waits_none", "phone.keep_cannot")

    assert [(lang, key) for lang in written for key in keys if say(key, lang, n="{n}") in written[lang]] == []


def test_a_number_to_call_is_as_high_in_the_pocket_as_at_home(browse, pocket):
    page = browse("en")
    numbers(page, pocket + "en/alarm/")

    assert page.locator("[data-calls=emergency] .call").first.bounding_box()["height"] >= 64
