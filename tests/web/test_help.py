"""The help page: for everybody, without network, in both languages."""

import re

import pytest

from mollet.web.views.help import TERMS
from mollet.web.views.worker import PAGES


def shown(client, lang="en"):
    return client.get("/help/", headers={"accept-language": lang}).content.decode()


def test_a_phone_keeps_it_for_a_day_without_network():
    assert "/help/" in PAGES


@pytest.mark.parametrize(("lang", "words"), [("en", "Add to Home Screen"), ("fr", "Sur l’écran d’accueil")])
def test_it_says_how_to_put_mollet_on_the_home_screen(stranger, lang, words):
    assert words in shown(stranger, lang)


@pytest.mark.parametrize("term", TERMS)
def test_each_word_of_the_glossary_is_explained(stranger, term):
    [meaning] = re.findall(rf'<dt id="{term}">[^<]+</dt><dd>([^<]+)</dd>', shown(stranger))

    assert len(meaning.split()) > 5


@pytest.mark.parametrize("address", ["/", "/nights/", "/plan/", "/me/", "/data/", "/alarm/", "/phone/"])
def test_it_leads_where_it_speaks_of(stranger, address):
    assert f'href="{address}"' in shown(stranger)


def test_it_holds_nothing_of_the_person(house, person):
    assert str(person.diary) not in shown(house)


@pytest.mark.parametrize("address", ["/me/", "/offline/"])
def test_it_is_found_from_the_other_pages(house, address):
    assert 'href="/help/"' in house.get(address).content.decode()
