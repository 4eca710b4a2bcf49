import pytest
from tests.trial.diaries import diary, drawn, night, weeks

from mollet.errors import FileError
from mollet.trial.table import Closing, answered, closing, compared_nights, problem, table


def nights_of(*arguments, protocol=None, **columns):
    return compared_nights(diary(*arguments, **columns), "b", protocol)[0]


def test_open_and_unlogged_nights_are_left_out_and_bridged():
    nights = nights_of([1, None, None, 2, 0], [0, 0, 1, 1, 1], at_least=[None, 2, None, None, None])

    fitted = table(nights)

    assert fitted.counts == (1, 2, 0)
    assert fitted.gaps == (3, 1)


def test_rows_may_stand_in_any_order():
    rows = diary([1, 2, 3], [0, 1, 0])

    assert table(compared_nights(rows[::-1], "b")[0]) == table(compared_nights(rows, "b")[0])


def test_the_constant_comes_first_and_the_arm_last():
    fitted = table(nights_of([1, 2, 3], [0, 1, 0], water_ml=[500, 1500, 1000]), ["water_ml"])

    assert fitted.columns == ("constant", "water_ml", "arm")
    assert [row[0] for row in fitted.design] == [1, 1, 1]
    assert fitted.arms == (0, 1, 0)


def test_a_covariate_is_centred_and_divided_by_its_spread():
    fitted = table(nights_of([1, 2, 3, 4], [0, 1, 0, 0], water_ml=[0, 0, 1000, 1000]), ["water_ml"])

    assert [row[1] for row in fitted.design] == [-1, -1, 1, 1]


def test_a_scaled_covariate_is_taken_as_it_is():
    fitted = table(nights_of([1, 2, 3], [0, 1, 0], x=[0.5, -0.25, 2]), ["x"], scaled=True)

    assert [row[1] for row in fitted.design] == [0.5, -0.25, 2]


def test_a_column_that_is_always_the_same_is_left_out_and_told():
    fitted = table(nights_of([1, 2, 3], [0, 1, 0], x=[3, 3, 3]), ["x"])

    assert fitted.columns == ("constant", "arm")
    assert fitted.problems == (problem("covariate_constant", column="x"),)


def test_a_copy_of_the_arm_is_left_out_and_told():
    fitted = table(nights_of([1, 2, 3], [0, 1, 0], x=[10, 20, 10]), ["x"])

    assert fitted.problems == (problem("covariate_copy", column="x", other="arm"),)


def test_a_copy_of_another_covariate_in_other_units_is_left_out_and_told():
    fitted = table(nights_of([1, 2, 3], [0, 1, 0], ml=[1, 2, 4], l=[-3, -6, -12]), ["ml", "l"])

    assert fitted.columns == ("constant", "ml", "arm")
    assert fitted.problems == (problem("covariate_copy", column="l", other="ml"),)


def test_an_unknown_covariate_is_put_at_its_average_and_told():
    fitted = table(nights_of([1, 2, 3], [0, 1, 0], x=[2, None, 4]), ["x"])

    assert fitted.design[1][1] == 0
    assert fitted.problems == (problem("covariate_unknown", column="x", n=1),)


def test_a_covariate_is_scaled_over_the_closed_nights_alone():
    fitted = table(nights_of([1, 2, 3, None], [0, 1, 0, 0], x=[0, 0, 3, 1000]), ["x"])

    assert fitted.design[2][1] == pytest.approx(2**0.5)


def test_a_night_without_an_arm_is_left_out_and_counted():
    nights, problems = compared_nights(diary([1, 2, 3], [0, None, 1]), "b")

    assert [one.night for one in nights] == [night(0), night(2)]
    assert problems == (problem("arm_empty", n=1),)


def test_an_arm_that_is_neither_0_nor_1_names_line_and_column():
    with pytest.raises(FileError) as caught:
        compared_nights(diary([1, 2], [0, 0.5]), "b")

    assert caught.value.values == {"line": 3, "column": "b", "value": "0.5"}


def test_a_person_who_swaps_arms_is_analysed_as_drawn():
    said = [*weeks(0, 1)]
    said[0] = 1
    nights, problems = compared_nights(diary([1] * 14, said), "b", drawn(0, 1))

    assert [one.arm for one in nights] == weeks(0, 1)
    assert problems == (problem("arm_swapped", n=1),)


def test_an_arm_that_was_not_noted_is_the_drawn_one():
    nights, problems = compared_nights(diary([1] * 14, [None] * 14), "b", drawn(1, 0))

    assert [one.arm for one in nights] == weeks(1, 0)
    assert problems == ()


def test_closed_nights_outside_the_draw_are_left_out_and_counted():
    nights, problems = compared_nights(diary([1] * 16, [*weeks(0, 1), 0, 0]), "b", drawn(0, 1))

    assert len(nights) == 14
    assert problems == (problem("not_drawn", n=2),)


def test_a_drawn_night_without_a_row_counts_as_not_closed():
    rows = diary([1] * 14, weeks(0, 1))

    nights, _ = compared_nights([*rows[:3], *rows[5:]], "b", drawn(0, 1))

    assert closing(nights) == Closing(nights=(7, 7), closed=(5, 7))


def test_nights_to_come_are_not_counted_as_forgotten():
    nights, _ = compared_nights(diary([1] * 10, weeks(0, 1)[:10]), "b", drawn(0, 1))

    assert closing(nights) == Closing(nights=(7, 3), closed=(7, 3))


def test_clearly_unequal_closing_is_told():
    assert Closing((42, 42), (25, 36)).is_unequal


def test_a_difference_that_chance_makes_is_not_unequal_closing():
    assert not Closing((7, 7), (7, 6)).is_unequal
    assert not Closing((42, 42), (38, 34)).is_unequal


def test_twins_count_what_was_recorded_or_nothing():
    nights = nights_of([1, None, None], [0, 1, 1], at_least=[None, 2, None])

    assert [one.cramps for one in answered(nights, "at_least")] == [1, 2, 0]
    assert [one.cramps for one in answered(nights, "none")] == [1, 0, 0]


def test_the_twin_at_the_mean_keeps_the_average_in_whole_numbers():
    nights = nights_of([1, 2, None, None, None, None], [0] * 6)

    counted = [one.cramps for one in answered(nights, "arm_mean")]

    assert sum(counted[2:]) == 6
    assert set(counted[2:]) == {1, 2}
