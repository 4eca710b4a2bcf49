"""The bedside card and the fridge sheet on the screen and as a file; what they may say is tested with the report."""

import pytest
from django.utils.html import escape

from mollet.knowledge import load

NOON = "2026-11-22T12:00:00+01:00"
LASTING = {"en": "Still hard after 10 minutes", "fr": "Encore dur après 10\u00a0minutes"}


@pytest.fixture(autouse=True)
def noon(at):
    at(NOON)


def says(person, question, value):
    from mollet.store import write

    identity = "22222222-2222-4222-8222-222222222222"
    moment = {"at": "2026-11-22T08:00:00+01:00", "zone": "Europe/Paris", "said": "2026-11-22T08:00:00+01:00"}
    data = {"kind": "answer", "question": question, "value": value}
    write.receive(person, [{"v": 1, "id": identity, "about": identity, "replaces": [], **moment, "data": data}])


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("address", ["/card/", "/fridge/"])
def test_a_paper_speaks_the_language_that_was_asked_for(house, address, lang):
    page = house.get(address, {"lang": lang}).content.decode()

    assert LASTING[lang] in page


@pytest.mark.parametrize("address", ["/card/", "/fridge/"])
def test_a_paper_shows_the_numbers_of_the_country(house, person, address):
    person.country = "GB"
    person.save()

    assert 'href="tel:999"' in house.get(address).content.decode()


@pytest.mark.parametrize("address", ["/card/", "/fridge/"])
def test_where_no_number_was_checked_a_paper_invents_none(house, person, address):
    person.country = "ZZ"
    person.save()

    page = house.get(address).content.decode()

    assert ('href="tel:' in page, escape(load().countries["ZZ"].says.en) in page) == (False, True)


@pytest.mark.parametrize("address", ["/card/", "/fridge/"])
def test_the_name_stands_on_paper_only_where_it_is_wished(house, person, address):
    says(person, "report:name", ["Claire Martin"])

    plain, named = (house.get(address, {"name": name}).content.decode() for name in ("", "1"))

    assert ("<p>Claire Martin</p>" in plain, "<p>Claire Martin</p>" in named) == (False, True)


def test_what_the_answers_forbid_is_not_on_the_card(house, person):
    says(person, "calf_swollen_one_leg", True)

    assert escape(load().relief["massage"].words.en) not in house.get("/card/").content.decode()


@pytest.mark.parametrize("address", ["/card/pdf/", "/fridge/pdf/"])
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_paper_is_handed_over_as_pdf(house, address, lang):
    answer = house.get(address, {"lang": lang})

    assert (answer.content[:5], f"-{lang}.pdf" in answer["Content-Disposition"]) == (b"%PDF-", True)


@pytest.mark.parametrize("address", ["/card/", "/fridge/", "/card/pdf/"])
def test_a_stranger_gets_no_paper_of_anybody(stranger, address):
    assert stranger.get(address).status_code == 403


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_sheet_says_when_to_call_before_anything_that_is_done(house, lang):
    page = house.get("/fridge/", {"lang": lang}).content.decode()

    assert page.index(LASTING[lang]) < page.index('class="exercise"')
