import datetime as dt
import re

import pytest

from mollet.diary import fold
from mollet.knowledge import load
from mollet.store import read

EVENING = "2026-11-21T21:30:00+01:00"
TONIGHT = dt.date(2026, 11, 21)


@pytest.fixture(autouse=True)
def evening(at):
    at(EVENING)


def routine(page: str) -> str:
    return page[page.index('id="tonight"') : page.index('id="day"')]


def doses(person, night=TONIGHT):
    return [(dose.remedy, dose.done) for dose in fold.doses(read.diary(person), night, night)]


def test_the_plan_stands_before_any_question(house):
    assert 'id="calf_hamstring_stretch"' in routine(house.get("/plan/").content.decode())


def test_the_steps_can_be_read_without_scripts(house):
    page = routine(house.get("/plan/").content.decode())

    steps = load().remedies["calf_hamstring_stretch"].steps
    assert [step.words.en for step in steps if step.words.en not in page] == []


def test_the_guide_is_hidden_until_a_script_can_run_it(house):
    assert 'type="button" data-begin hidden' in house.get("/plan/").content.decode()


def test_done_is_noted_for_tonight(house, person):
    house.post("/plan/done/", {"remedy": "calf_hamstring_stretch", "done": "yes"})

    assert doses(person) == [("calf_hamstring_stretch", True)]


def test_not_tonight_is_noted_too(house, person):
    house.post("/plan/done/", {"remedy": "calf_hamstring_stretch", "done": "no"})

    assert doses(person) == [("calf_hamstring_stretch", False)]


def test_said_again_it_replaces_what_was_said(house, person):
    for done in ("no", "yes"):
        house.post("/plan/done/", {"remedy": "calf_hamstring_stretch", "done": done})

    assert doses(person) == [("calf_hamstring_stretch", True)]


def test_done_can_be_undone(house, person):
    for done in ("yes", "undo"):
        house.post("/plan/done/", {"remedy": "calf_hamstring_stretch", "done": done})

    assert doses(person) == []


def test_after_midnight_tonight_is_still_the_same_night(house, person, at):
    at("2026-11-22T01:00:00+01:00")
    house.post("/plan/done/", {"remedy": "calf_hamstring_stretch", "done": "yes"})

    assert doses(person) == [("calf_hamstring_stretch", True)]


def test_in_the_morning_tonight_is_the_night_to_come(house, person, at):
    at("2026-11-22T09:00:00+01:00")
    house.post("/plan/done/", {"remedy": "calf_hamstring_stretch", "done": "yes"})

    assert doses(person, dt.date(2026, 11, 22)) == [("calf_hamstring_stretch", True)]


def test_a_remedy_nobody_knows_is_not_noted(house):
    assert house.post("/plan/done/", {"remedy": "nothing", "done": "yes"}).status_code == 404


def test_tiptoe_is_never_offered(house):
    page = house.get("/plan/").content.decode()

    assert page.index('id="tiptoe"') > page.index('id="never"')


def test_quinine_stands_only_where_nothing_is_offered(house):
    page = house.get("/plan/").content.decode()

    assert page.index('id="quinine"') > min(page.index('id="doctor"'), page.index('id="never"'))


def test_danger_comes_before_the_plan(house):
    house.post("/checkup/danger_now/", {"chest_pain": "yes", "faint_or_collapse": "yes"})

    page = house.get("/plan/").content.decode()
    assert "First see to this" in page
    assert "data-routine" not in page


def test_every_remedy_has_its_place(house):
    page = house.get("/plan/").content.decode()
    shown = [one.id for one in load().remedies.values() if one.stance not in ("allow", "tolerate")]

    assert [id for id in shown if f'id="{id}"' not in page] == []


def test_food_is_shown_against_the_intake_of_the_person(house):
    house.post("/checkup/you/", {"age_years": "67", "sex": "female"})

    page = re.sub(r"\s+", " ", house.get("/plan/").content.decode())
    intakes = [one for one in load().reference["intake"] if one["nutrient"] == "calcium" and one["body"] == "EFSA"]
    [intake] = [one["value"] for one in intakes if one["from_years"] <= 67 < one.get("below_years", 120)]
    assert f"Reference intake a day: {intake} mg (EFSA)" in page


def test_potassium_foods_are_not_offered_with_failing_kidneys(house):
    house.post("/checkup/medicines_and_illnesses/", {"conditions": "dialysis", "medicines_none": "on"})

    page = house.get("/plan/").content.decode()
    offered = page[page.index('id="tonight"') : page.index('id="left"')]
    assert "Foods with potassium" not in offered


def test_before_the_routine_is_done_the_page_says_when_to_look_back(house):
    page = house.get("/plan/").content.decode()

    assert "Look back after 6 weeks" in page[page.index('id="review"') :]


def test_once_begun_the_page_says_how_often_it_was_done(house, at):
    house.post("/plan/done/", {"remedy": "calf_hamstring_stretch", "done": "yes"})
    at("2026-11-25T21:30:00+01:00")

    page = house.get("/plan/").content.decode()
    assert "Begun on 21 November: done on 1 of 4 nights so far. Look back on 2 January" in page


def test_after_six_weeks_the_page_looks_back(house, at):
    house.post("/plan/done/", {"remedy": "calf_hamstring_stretch", "done": "yes"})
    at("2027-01-05T21:30:00+01:00")

    page = house.get("/plan/").content.decode()
    assert "done on 1 of 42 nights" in page
    assert "Before: not known" in page


@pytest.mark.parametrize("remedy", ["toe_raises", "water", "ankle_rotations"])
def test_what_is_done_by_day_is_noted_with_one_tap_and_taken_back_with_a_second(house, person, remedy):
    said = []
    for _ in range(2):
        page = house.get("/plan/").content.decode()
        form = next(one for one in page[page.index('id="today"') :].split("<form")[1:] if f'value="{remedy}"' in one)
        house.post("/plan/done/", dict(re.findall(r'name="(remedy|to|done)" value="(\w+)"', form)))
        said.append(doses(person))

    assert said == [[(remedy, True)], []]


def test_every_planned_remedy_of_the_day_can_be_done_or_not(house):
    page = house.get("/plan/").content.decode()
    shown = page[page.index('id="today"') : page.index('id="today"') + 20000]
    forms = re.findall(r'action="/plan/done/" class="done".*?name="remedy" value="(\w+)"', page, flags=re.S)

    assert set(re.findall(r'name="remedy" value="(\w+)"', shown)) <= set(forms)
    assert {"toe_raises", "water"} <= set(forms)


def test_a_remedy_of_the_day_that_was_left_out_says_so(house):
    house.post("/plan/done/", {"remedy": "water", "done": "no"})

    assert "Not done today" in house.get("/plan/").content.decode()
