import re

import pytest

from mollet.knowledge import load


@pytest.fixture(autouse=True)
def morning(at):
    at("2026-11-22T09:00:00+01:00")


def sections(page: str) -> dict[str, str]:
    """What stands under each heading of the three lists."""
    parts = re.split(r'<h2 id="(applies|unknown|not)">', page)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_cause_is_shown(house):
    page = house.get("/causes/").content.decode()

    assert [id for id in load().causes if f'id="{id}"' not in page] == []


def test_without_answers_age_is_not_known(house):
    assert 'id="age"' in sections(house.get("/causes/").content.decode())["unknown"]


def test_an_answer_moves_a_cause_to_what_applies(house):
    house.post("/checkup/you/", {"age_years": "67"})

    assert 'id="age"' in sections(house.get("/causes/").content.decode())["applies"]


def test_a_cause_that_is_not_known_links_to_the_question_that_is_missing(house):
    page = house.get("/causes/").content.decode()

    assert '<a href="/checkup/you/#age_years">' in page


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_each_cause_says_how_strong_its_link_is(house, person, lang):
    person.language = lang
    person.save()

    page = house.get("/causes/").content.decode()
    assert page.count('class="cause"') == page.count("</span></summary>") == len(load().causes)


def test_what_is_never_advised_is_not_named_as_help(house):
    page = house.get("/causes/").content.decode()
    refused = [one.id for one in load().remedies.values() if one.stance in ("never", "with_doctor")]

    assert [id for id in refused if f'href="/plan/#{id}"' in page] == []


def test_what_the_answers_forbid_is_not_named_as_help(house):
    house.post("/checkup/medicines_and_illnesses/", {"conditions": "dialysis", "medicines_none": "on"})

    assert 'href="/plan/#potassium_foods"' not in house.get("/causes/").content.decode()


def test_beside_a_cause_stands_what_the_diary_says(house, person):
    house.post("/nights/2026-11-21/habits/", {"standing_hours": "9"})

    page = house.get("/causes/").content.decode()
    assert "Hours standing: noted on 1 day, around 9\u00a0h" in page[page.index('id="long_standing"') :]
