"""Where advice stands, its sources stand one tap away."""

import re

import pytest

from mollet.knowledge import load


@pytest.fixture(autouse=True)
def morning(at):
    at("2026-11-22T09:00:00+01:00")


def named(page):
    """Documents that a page names in its folded lists of sources."""
    lists = re.findall(r'<details class="sources">.*?</details>', page, re.DOTALL)
    return {id for id in load().sources if any(f"({id};" in one for one in lists)}


def test_the_relief_page_names_what_its_steps_rest_on(stranger):
    page = stranger.get("/relief/").content.decode()

    assert {source for step in load().relief.values() for source in step.sources} <= named(page)


def test_the_alarm_page_names_what_its_signs_rest_on(stranger):
    shown = stranger.get("/alarm/").content.decode()

    flags = [flag for flag in load().red_flags.values() if f'data-flag="{flag.id}"' in shown]
    assert {source for flag in flags for source in flag.sources} <= named(shown)


def test_the_answer_to_the_signs_of_a_cramp_names_its_sources(stranger):
    page = stranger.post("/relief/check/", {"hard": "yes", "breath": "yes", "late": "yes"}).content.decode()

    assert set(load().red_flags["lasting_cramp_with_signs"].sources) <= named(page)


def test_what_is_urgent_on_the_plan_names_its_sources(house):
    house.post("/checkup/danger_now/", {"chest_pain": "yes"})

    page = house.get("/plan/").content.decode()

    assert set(load().red_flags["chest_pain_or_collapse"].sources) <= named(page)


def test_when_to_see_a_doctor_names_its_sources(house):
    page = house.get("/plan/").content.decode()
    told = page[page.index('id="see"') : page.index('id="review"')]

    assert {source for flag in load().red_flags.values() if flag.in_plan for source in flag.sources} <= named(told)
