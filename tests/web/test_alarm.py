import re

import pytest

from mollet.knowledge import load


def page(client, **query):
    return client.get("/alarm/", query).content.decode()


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_what_to_do_comes_before_the_reasons(stranger, lang):
    shown = stranger.get("/alarm/", headers={"accept-language": lang}).content.decode()

    assert shown.index(load().tiers["emergency"].do.to(lang)) < shown.index("<details")


def test_the_numbers_of_france_can_be_tapped(stranger):
    assert re.findall(r'href="(tel:[^"]+|sms:[^"]+)"', page(stranger, country="FR"))[:3] == [
        "tel:15",
        "tel:112",
        "sms:114",
    ]


def test_the_numbers_follow_the_chosen_country_not_the_language(house, person):
    person.country, person.language = "GB", "fr"
    person.save()

    assert 'href="tel:999"' in page(house)


@pytest.mark.parametrize("country", sorted(load().countries))
def test_only_numbers_that_were_checked_are_printed(stranger, country):
    known = load().countries[country]
    numbers = {number.replace(" ", "") for number in (*known.emergency, *(each.number for each in known.same_day))}

    assert set(re.findall(r'href="tel:([^"]+)"', page(stranger, country=country))) == numbers


@pytest.mark.parametrize("country", ["XX", "<script>", "", "fr"])
def test_a_country_nobody_knows_shows_the_chosen_one(stranger, country):
    assert 'href="tel:15"' in page(stranger, country=country)


def test_every_sign_of_an_emergency_stands_on_the_page(stranger):
    from django.utils.html import escape

    flags = [flag for flag in load().red_flags.values() if flag.tier in ("emergency", "same_day")]

    assert [flag.id for flag in flags if escape(flag.says.en) not in page(stranger)] == []


def test_what_a_danger_forbids_is_said_with_its_reason(stranger):
    from django.utils.html import escape

    assert escape(load().relief["massage"].stop.en) in page(stranger)


def test_the_choice_of_a_country_stands_before_the_signs(stranger):
    shown = page(stranger)

    assert shown.index('id="country"') < shown.index("data-flag")


def test_112_stands_beside_the_number_of_every_country_of_europe():
    europe = [one for one in load().countries.values() if any(zone.startswith("Europe/") for zone in one.zones)]

    assert [one.id for one in europe if "112" not in one.emergency] == []
