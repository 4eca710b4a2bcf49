import re

import pytest
from tests.advice.answers import ordinary

from mollet.diary.entries import Answer
from mollet.knowledge import load
from mollet.store import read
from mollet.web import answered

MORNING = "2026-11-22T09:00:00+01:00"


@pytest.fixture(autouse=True)
def morning(at):
    at(MORNING)


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def said(person) -> dict:
    held = [thing.held.data for thing in read.diary(person).live if isinstance(thing.held.data, Answer)]
    return {answer.question: answer.value for answer in held}


def booleans(group: str) -> list[str]:
    return [one.id for one in load().questions.values() if one.group == group and one.type == "boolean"]


def test_the_first_screen_asks_for_danger(house):
    first = next(iter(load().groups))

    assert house.get("/checkup/begin/")["Location"].startswith(f"/checkup/{first}/")


def test_none_of_these_says_no_to_every_question_of_the_screen(house, person):
    house.post("/checkup/danger_now/", {"none": "none"})

    assert said(person) == dict.fromkeys(booleans("danger_now"), False)


def test_what_is_left_open_is_not_a_no(house, person):
    house.post("/checkup/danger_now/", {"chest_pain": "no"})

    assert said(person) == {"chest_pain": False}


def test_i_do_not_know_leaves_it_unknown(house, person):
    house.post("/checkup/danger_now/", {"chest_pain": "unknown"})

    assert said(person) == {}


def test_i_do_not_know_takes_an_earlier_answer_back(house, person, at):
    house.post("/checkup/danger_now/", {"chest_pain": "no"})
    at("2026-11-22T09:01:00+01:00")
    house.post("/checkup/danger_now/", {"chest_pain": "unknown"})

    assert answered.answers(read.diary(person), load()) == {}


def test_a_yes_together_with_none_of_these_is_asked_about(house, person):
    page = house.post("/checkup/danger_now/", {"chest_pain": "yes", "none": "none"})

    assert ("Which is right?" in words(page), said(person)) == (True, {})


def test_what_was_ticked_stays_when_the_form_is_wrong(house):
    page = house.post("/checkup/danger_now/", {"chest_pain": "yes", "none": "none"}).content.decode()

    assert re.search(r'name="chest_pain" value="yes" checked', page)


def test_an_emergency_stops_every_other_question(house):
    after = house.post("/checkup/danger_now/", {"chest_pain": "yes", "faint_or_collapse": "yes"})

    assert after["Location"] == "/checkup/result/"


def test_an_emergency_shows_the_number_of_the_country(house, person):
    house.post("/checkup/danger_now/", {"chest_pain": "yes", "faint_or_collapse": "yes"})

    page = house.get("/checkup/result/").content.decode()
    assert [number for number in load().countries["FR"].emergency if f'href="tel:{number}"' not in page] == []


def test_an_emergency_begins_with_what_to_do(house):
    house.post("/checkup/danger_now/", {"chest_pain": "yes", "faint_or_collapse": "yes"})

    heading = re.search(r"<h1>(.*?)</h1>", house.get("/checkup/result/").content.decode())[1]
    assert heading == load().tiers["emergency"].do.en.replace("'", "&#x27;")


def test_a_screen_of_this_round_is_not_asked_again(house):
    after = house.post("/checkup/danger_now/", {"chest_pain": "unknown"})

    assert not after["Location"].startswith("/checkup/danger_now/")


def test_an_unfinished_check_up_never_says_all_is_well(house):
    house.post("/checkup/danger_now/", {"none": "none"})

    page = words(house.get("/checkup/result/"))
    assert "The check-up is not finished" in page
    assert load().tiers["self_care"].do.en not in page


def test_an_answer_that_expired_is_asked_again(house, at):
    house.post("/checkup/danger_now/", {"none": "none"})
    at("2026-11-24T09:00:00+01:00")

    assert "Last time you said no" in words(house.get("/checkup/danger_now/"))


def test_a_number_out_of_range_is_named_and_kept_on_the_page(house):
    page = house.post("/checkup/you/", {"age_years": "670"}).content.decode()

    assert "“670” is not between" in page
    assert 'value="670"' in page


def test_names_are_shown_back_with_what_they_were_taken_for(house):
    page = house.post("/checkup/medicines_and_illnesses/", {"medicines": "furosemide\nzzyxxomil"}, follow=True)

    assert re.search(r"furosemide → [^→]*diuretic.*zzyxxomil → not recognised", words(page))


def test_a_name_that_nobody_knows_is_kept(house, person):
    house.post("/checkup/medicines_and_illnesses/", {"medicines": "zzyxxomil"})

    assert said(person)["medicines"] == ("zzyxxomil",)


def test_no_medicine_is_an_answer(house, person):
    house.post("/checkup/medicines_and_illnesses/", {"medicines": "", "medicines_none": "on"})

    assert said(person)["medicines"] == ()


def test_an_empty_list_without_none_is_no_answer(house, person):
    house.post("/checkup/medicines_and_illnesses/", {"medicines": ""})

    assert "medicines" not in said(person)


def test_a_comma_inside_a_dose_parts_nothing(house, person):
    house.post("/checkup/medicines_and_illnesses/", {"medicines": "digoxin 0,25 mg, aspirin"})

    assert said(person)["medicines"] == ("digoxin 0,25 mg", "aspirin")


def test_the_seven_features_of_a_cramp_stand_on_the_page(house):
    page = house.get("/checkup/").content.decode()

    assert [id for id in load().features if f'id="{id}"' not in page] == []


def test_a_screen_that_does_not_exist_is_not_found(house):
    assert house.get("/checkup/nothing/").status_code == 404


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("group", list(load().groups))
def test_every_screen_asks_all_its_questions(house, person, group, lang):
    person.language = lang
    person.save()
    page = house.get(f"/checkup/{group}/").content.decode()

    keys = [one.id for one in load().questions.values() if one.group == group]
    assert [key for key in keys if f'id="{key}"' not in page] == []


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_few_answers_and_nothing_found_are_never_a_reassuring_tier(house, person, lang):
    from mollet.knowledge import load

    person.language = lang
    person.save()
    house.post("/checkup/danger_now/", {"chest_pain": "no"})

    shown = house.get("/checkup/result/").content.decode()

    assert load().tiers["self_care"].name.to(lang) not in shown
    assert load().tiers["self_care"].do.to(lang) not in shown


def answered_all(house, **more):
    """Answer every question of every screen as someone with ordinary cramps does."""
    said = ordinary(**more)
    for group in load().groups:
        fields = {}
        for question in load().questions.values():
            value = said.get(question.id)
            if question.group == group and value is not None:
                fields |= _typed(question.id, value)
        house.post(f"/checkup/{group}/", fields)


def _typed(key, value):
    if isinstance(value, bool):
        return {key: "yes" if value else "no"}
    if isinstance(value, list):
        return {key: "\n".join(value)} if value else {f"{key}_none": "1"}
    return {key: str(value)}


def test_a_name_that_nobody_knows_does_not_ask_for_ever(house):
    answered_all(house, conditions=["xyzabc"])

    assert house.get("/checkup/begin/").headers["Location"] == "/checkup/result/"


def test_at_the_end_the_page_says_what_could_not_be_read(house):
    answered_all(house, conditions=["xyzabc"])
    page = words(house.get("/checkup/result/"))

    assert "Every question has been answered. One thing stays open" in page
    assert "could not be read" in page


def test_who_gave_a_stage_is_told_the_result(house):
    answered_all(house, conditions=["CKD stage 3"])

    assert "stays open" not in words(house.get("/checkup/result/"))


def test_every_point_to_discuss_has_its_sources_beside_it(house):
    answered_all(house, conditions=["dialysis"])
    page = house.get("/checkup/result/").content.decode()
    listed = page[page.index('aria-labelledby="discuss"') :].partition("</section>")[0]
    points = listed.split('<li class="advised"')[1:]

    assert points
    assert [one for one in points if "<details" not in one] == []


def test_answers_that_contradict_each_other_are_named_with_the_way_to_change_them(house):
    house.post("/checkup/you/", {"sex": "male", "pregnant": "yes"})

    page = house.get("/checkup/result/").content.decode()
    told = re.search(r'<section[^>]*aria-labelledby="contradicted".*?</section>', page, re.DOTALL)

    assert told
    assert 'href="/checkup/you/"' in told[0]


def test_a_result_without_contradiction_says_nothing_of_any(house):
    house.post("/checkup/you/", {"sex": "female", "pregnant": "yes"})

    assert 'aria-labelledby="contradicted"' not in house.get("/checkup/result/").content.decode()


def test_the_screens_of_the_check_up_leave_out_what_cannot_be(house):
    house.post("/checkup/you/", {"age_years": "70", "sex": "male"})

    page = house.get("/checkup/").content.decode()

    assert "/checkup/child/" not in page
    assert "/checkup/pregnancy/" not in page
