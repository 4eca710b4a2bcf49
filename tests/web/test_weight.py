"""What travels over the wire, as the house sends it: pages compressed, files compressed once."""

import gzip

import pytest

from mollet.web import statics

PAGES = ("", "nights/", "checkup/", "checkup/danger_now/", "checkup/result/", "causes/", "plan/", "claims/", "report/")
PAGES = (*PAGES, "data/", "me/", "phone/", "offline/", "alarm/", "relief/", "api/docs")
PAGES = (*PAGES, "me/phones/", "help/", "missed/", "search/", "card/", "fridge/")
STYLES = ("tokens.css", "base.css", "parts.css", "pages.css", "print.css")


def sent(content):
    return len(gzip.compress(content, 6))


def scripts():
    return sorted(file.name for file in (statics.SOURCE).glob("*.js"))


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_with_all_it_names_weighs_at_most_sixty_kilobytes(house, person, page, lang):
    person.language = lang
    person.save()
    files = sum(sent(statics.content(name)) for name in (*STYLES, "icon.svg", *scripts()))

    assert sent(house.get(f"/{page}").content) + files <= 60_000


def test_all_scripts_together_weigh_at_most_twenty_five_kilobytes():
    assert sum(sent(statics.content(name)) for name in scripts()) <= 25_000


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_relief_with_all_it_names_weighs_at_most_thirty_kilobytes(stranger, lang):
    page = stranger.get("/relief/", headers={"accept-language": lang}).content
    files = (*STYLES, "icon.svg", "relief.js", "outbox.js", "clock.js", "speak.js")

    assert sent(page) + sum(sent(statics.content(name)) for name in files) <= 30_000
