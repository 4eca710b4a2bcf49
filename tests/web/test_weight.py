"""What travels over the wire, as the house sends it: pages compressed, files compressed once."""

import gzip

import pytest
from tests.pages import NEEDING_MORE, NO_PAGE, named, pages

from mollet.web import statics

STYLES = ("tokens.css", "base.css", "parts.css", "pages.css")


def sent(content):
    return len(gzip.compress(content, 6))


def file(name):
    """A file as it travels: scripts and style sheets without comments."""
    content = statics.content(name)
    return sent(statics.lean(name, content) if name.endswith((".js", ".css")) else content)


def scripts():
    return sorted(file.name for file in (statics.SOURCE).glob("*.js"))


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("page", pages())
def test_a_page_with_all_it_names_weighs_at_most_sixty_kilobytes(house, person, page, lang):
    person.language = lang
    person.save()
    files = sum(file(name) for name in (*STYLES, "icon.svg", *scripts()))

    assert sent(house.get(f"/{page}").content) + files <= 60_000


def test_all_scripts_together_weigh_at_most_twenty_five_kilobytes():
    assert sum(file(name) for name in scripts()) <= 25_000


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_relief_with_all_it_names_weighs_at_most_thirty_kilobytes(stranger, lang):
    page = stranger.get("/relief/", headers={"accept-language": lang}).content
    files = (*STYLES, "icon.svg", "hour.js", "relief.js", "outbox.js", "clock.js", "speak.js")

    assert sent(page) + sum(file(name) for name in files) <= 30_000


def test_every_address_is_a_page_or_said_to_be_none():
    assert (NO_PAGE | NEEDING_MORE) - {name for _, name in named()} == set()


@pytest.mark.parametrize("page", [page for page in pages() if page != "nowhere/"])
def test_what_is_called_a_page_is_one(house, page):
    answer = house.get(f"/{page}")

    assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (200, "text/html")
