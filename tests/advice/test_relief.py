"""Relief: the steps in their order, without those that would harm."""

import pytest

from mollet.advice.relief import beside, relief, to_json
from mollet.diary.facts import resolve
from mollet.knowledge import Facts, load


def steps(said):
    return [one.step.id for one in relief(resolve(said, load()), load()).steps]


def test_nobody_needs_to_answer_before_relief():
    assert len(relief(Facts({}), load()).steps) == len(load().relief)


def test_the_foot_is_pulled_up_before_anything_that_needs_standing():
    order = steps({})

    assert order.index("foot_up") < order.index("heel_walk")


def test_a_possible_clot_is_not_rubbed():
    assert "massage" not in steps({"calf_swollen_one_leg": True})


def test_a_step_left_out_says_why():
    left = relief(resolve({"calf_swollen_one_leg": True}, load()), load()).left_out

    assert all(one.judgement.says and one.because for one in left)


def test_a_step_with_a_condition_says_it():
    told = to_json(relief(Facts({}), load()), "fr")

    assert all(one["conditions"] for one in told["steps"] if one["state"] == "with_condition")


def test_standing_on_tiptoe_is_no_step():
    assert "tiptoe" not in load().relief


@pytest.mark.parametrize("sign", [{"calf_swollen_one_leg": True}, {"muscle_hard_and_tense": True, "weakness": True}])
def test_where_no_remedy_may_stretch_no_relief_step_does(sign):
    assert [name for name in steps(sign) if load().relief[name].stretches] == []


def test_one_step_stays_beside_an_emergency():
    left = beside("emergency", resolve({"chest_pain": True}, load()), load()).steps

    assert [one.step.id for one in left] == ["breathe"]


def test_beside_another_alarm_every_step_stays_that_nothing_forbids():
    facts = resolve({"calf_swollen_one_leg": True}, load())

    left = beside("same_day", facts, load()).steps

    assert [one.step for one in left] == [one.step for one in relief(facts, load()).steps]
