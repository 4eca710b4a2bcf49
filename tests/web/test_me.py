import pytest

from mollet.diary.nights import window
from mollet.store import people, read


@pytest.fixture(autouse=True)
def morning(at):
    at("2026-11-22T09:00:00+01:00")


SETTINGS = {
    "language": "fr",
    "theme": "night",
    "country": "GB",
    "zone": "Europe/London",
    "hours": "12",
    "by_day": "no",
}


def kept(person):
    person.refresh_from_db()
    return {name: getattr(person, name) for name in SETTINGS if name != "by_day"}


def test_every_setting_is_kept(house, person):
    house.post("/me/", SETTINGS)

    assert kept(person) == {name: value for name, value in SETTINGS.items() if name != "by_day"}


def test_the_page_speaks_the_language_that_was_chosen(house):
    assert '<html lang="fr"' in house.post("/me/", SETTINGS, follow=True).content.decode()


def test_a_zone_nobody_knows_changes_nothing(house, person):
    before = kept(person)
    house.post("/me/", {**SETTINGS, "zone": "Europe/Atlantis"})

    assert kept(person) == before


def test_a_wrong_zone_stays_in_its_field(house):
    page = house.post("/me/", {**SETTINGS, "zone": "Europe/Atlantis"}).content.decode()

    assert 'value="Europe/Atlantis"' in page


@pytest.mark.parametrize("field", ["language", "theme", "country", "hours"])
def test_a_choice_that_was_not_offered_changes_nothing(house, person, field):
    before = kept(person)
    house.post("/me/", {**SETTINGS, field: "nonsense"})

    assert kept(person) == before


def test_sleeping_by_day_counts_from_now_on(house, person, at):
    import datetime as dt

    house.post("/me/", {**SETTINGS, "zone": "Europe/Paris", "by_day": "yes"})
    by_day = read.diary(people.local_person()).by_day

    before, after = (window(dt.date(2026, 11, day), "Europe/Paris", by_day)[0].hour for day in (20, 25))
    assert (before, after) == (11, 23)  # noon and midnight of Paris, in UTC


def test_saving_the_same_again_says_nothing_new(house, person):
    house.post("/me/", SETTINGS)

    assert read.diary(person).entries == ()


def test_the_ways_to_the_papers_stand_on_the_page(house):
    page = house.get("/me/").content.decode()

    assert [address for address in ("/checkup/", "/report/", "/data/") if f'href="{address}"' not in page] == []


def test_another_zone_is_kept_once_it_is_said(house, person):
    house.post("/zone/", {"zone": "America/Montreal"})

    person.refresh_from_db()
    assert person.zone == "America/Montreal"


@pytest.mark.parametrize("zone", ["", "Middle/Earth", "<b>"])
def test_a_zone_that_is_none_changes_nothing_either(house, person, zone):
    house.post("/zone/", {"zone": zone})

    person.refresh_from_db()
    assert person.zone == "Europe/Paris"
