"""Relief: the steps in their order, without those that would harm."""

from mollet.advice.relief import relief, to_json
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
