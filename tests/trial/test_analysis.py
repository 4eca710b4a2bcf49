import json
import subprocess
import sys
from dataclasses import replace
from math import exp, log

import pytest
from tests.trial.diaries import diary, drawn, weeks

from mollet.trial.analysis import Before, Question, analyse, milliseconds, to_json
from mollet.trial.verdict import Prior

QUESTION = Question("b")
PAIRS = (0, 1, 1, 0, 0, 1, 1, 0)
DRAWN = replace(QUESTION, protocol=drawn(*PAIRS))
# Eight weeks: about nine cramps a week on A, two on B, with no pattern within the week.
BETTER = [
    1 if arm and number % 4 == 1 else 0 if arm else (2, 1, 0, 2, 1, 1, 2)[number % 7]
    for number, arm in enumerate(weeks(*PAIRS))
]
# Eight weeks: the same on both arms.
EQUAL = [(2, 1, 0, 2, 3, 1, 2)[number % 7] for number in range(56)]


def told(rows, question=QUESTION, lang="en"):
    return to_json(analyse(rows, question), lang)


def test_an_experiment_with_a_large_effect_helps():
    answer = analyse(diary(BETTER, weeks(*PAIRS)), DRAWN)

    assert answer.verdict == "helps"


def test_the_same_nights_without_a_draw_only_go_with_fewer():
    answer = told(diary(BETTER, weeks(*PAIRS)))

    assert answer["verdict"] == "goes_with_fewer"
    assert answer["problems"] == ["not_randomised"]


def test_a_and_b_swapped_invert_the_ratio():
    rows, swapped = diary(BETTER, weeks(*PAIRS)), diary(BETTER, [1 - arm for arm in weeks(*PAIRS)])

    ratio, inverted = analyse(rows, QUESTION).ratio, analyse(swapped, QUESTION).ratio

    # The prior of the rate itself sits on A, so that the mirror is not perfect.
    assert inverted.mean == pytest.approx(-ratio.mean, abs=0.15)


def test_swapped_arms_that_help_harm():
    question = replace(DRAWN, protocol=drawn(*(1 - arm for arm in PAIRS)))

    assert analyse(diary(BETTER, [1 - arm for arm in weeks(*PAIRS)]), question).verdict == "harms"


def test_counts_of_nights_and_cramps_are_given_by_arm():
    answer = told(diary([1, 2, None, 4, 0], [0, 0, 0, 1, 1]))

    assert (answer["nights"], answer["closed"]) == (5, 4)
    assert answer["closed_by_arm"] == {"a": 2, "b": 2}
    assert answer["cramps"] == {"a": 3, "b": 4}


def test_equal_arms_cannot_be_told_apart():
    assert analyse(diary(EQUAL, weeks(*PAIRS)), DRAWN).verdict in ("cannot_tell", "no_use")


def test_before_the_planned_end_the_answer_waits():
    answer = told(diary(BETTER[:42], weeks(*PAIRS)[:42]), DRAWN)

    assert answer["verdict"] == "cannot_tell"
    assert "not_ended" in answer["problems"]


def test_the_bets_on_the_coin_are_told_with_a_draw_alone():
    rows = diary(BETTER, weeks(*PAIRS))

    assert 1 < told(rows, DRAWN)["wealth"] <= 2**4
    assert told(rows)["wealth"] is None


def test_unequal_closing_takes_praise_back_and_says_why():
    counts = [
        None if arm and number % 2 else count
        for number, (count, arm) in enumerate(zip(BETTER, weeks(*PAIRS), strict=True))
    ]

    answer = told(diary(counts, weeks(*PAIRS)), DRAWN)

    assert answer["verdict"] == "cannot_tell"
    assert "unequal_closing" in answer["problems"]


def test_a_protocol_that_was_changed_takes_praise_back():
    answer = told(diary(BETTER, weeks(*PAIRS)), replace(DRAWN, departs=True))

    assert answer["verdict"] == "cannot_tell"
    assert "protocol_changed" in answer["problems"]


def test_an_arm_that_was_never_on_leaves_the_prior():
    answer = told(diary([1, 0, 2] * 5, [0] * 15), replace(QUESTION, before=Before(Prior(-0.2, 0.6))))

    assert answer["verdict"] == "nothing_to_compare"
    assert (answer["log_rate_ratio"]["mean"], answer["log_rate_ratio"]["sd"]) == (-0.2, 0.6)
    assert answer["expected_per_week"]["b"] is None


def test_without_any_cramp_there_is_nothing_to_compare():
    answer = told(diary([0] * 20, [0, 1] * 10), replace(QUESTION, protocol=drawn(*[0, 1] * 10, nights=1)))

    assert answer["verdict"] == "nothing_to_compare"
    assert "no_cramp" in answer["problems"]


@pytest.mark.parametrize("rows", [[], diary([None], [1]), diary([3], [1]), diary([3], [None])])
def test_a_diary_of_next_to_nothing_has_an_honest_answer(rows):
    answer = told(rows)

    assert answer["verdict"] == "nothing_to_compare"
    assert json.dumps(answer, allow_nan=False)


@pytest.mark.parametrize("count", [40, 400])
def test_a_night_of_very_many_cramps_has_finite_numbers(count):
    answer = told(diary([count, *EQUAL[1:]], weeks(*PAIRS)))

    assert json.dumps(answer, allow_nan=False)
    assert abs(answer["log_rate_ratio"]["mean"]) < 3


def test_few_cramps_are_told():
    answer = told(diary([1, 0, 0, 0] * 7, weeks(0, 1, 1, 0)))

    assert "few_cramps" in answer["problems"]


def test_the_expected_week_follows_the_ratio():
    answer = told(diary(BETTER, weeks(*PAIRS)))

    ratio = answer["expected_per_week"]["b"] / answer["expected_per_week"]["a"]
    assert ratio == pytest.approx(exp(answer["log_rate_ratio"]["mean"]), rel=1e-5)


def test_quantiles_rise():
    quantiles = list(told(diary(EQUAL, weeks(*PAIRS)))["log_rate_ratio"]["quantiles"].values())

    assert quantiles == sorted(quantiles)


def test_the_worthwhile_effect_is_the_persons_own():
    rows = diary(BETTER, weeks(*PAIRS))

    modest, large = (told(rows, replace(QUESTION, worthwhile=ratio)) for ratio in (0.9, 0.3))

    assert modest["prob_worthwhile"] > large["prob_worthwhile"]
    assert modest["prob_fewer_by_30_percent"] == large["prob_fewer_by_30_percent"]


def test_the_sceptic_is_less_convinced():
    answer = told(diary(BETTER, weeks(*PAIRS)))

    assert answer["sceptical"]["prob_fewer"] < answer["prob_fewer"]


def test_evidence_of_a_large_effect_is_above_that_of_none():
    evidence = told(diary(BETTER, weeks(*PAIRS)))["log_evidence"]

    assert evidence["with_effect"] > evidence["without"] + log(10)


def test_the_verdict_says_when_it_depends_on_open_nights():
    forgotten = [number % 7 == 3 for number in range(56)]
    counts = [None if missing else count for count, missing in zip(BETTER, forgotten, strict=True)]
    recorded = [9 if missing and arm else None for arm, missing in zip(weeks(*PAIRS), forgotten, strict=True)]

    answer = told(diary(counts, weeks(*PAIRS), at_least=recorded), DRAWN)

    assert answer["verdict"] == "helps"
    assert answer["without_answer"]["none"]["verdict"] == "helps"
    assert answer["without_answer"]["at_least"]["verdict"] != "helps"
    assert "open_nights_matter" in answer["problems"]


def test_a_slow_trend_may_be_allowed_for():
    falling = [4, 3, 3, 2, 3, 2, 2] + [2, 1, 2, 1, 1, 1, 2] + [0, 1, 0, 0, 1, 0, 1] * 2
    rows = diary(falling, weeks(0, 0, 1, 1))

    plain, with_trend = analyse(rows, QUESTION), analyse(rows, replace(QUESTION, trend=True))

    assert with_trend.ratio.mean > plain.ratio.mean


def test_a_covariate_that_is_a_constant_changes_nothing():
    rows = diary(BETTER, weeks(*PAIRS), x=[1] * 56)

    plain, answer = told(rows), told(rows, replace(QUESTION, covariates=("x",)))

    assert answer["log_rate_ratio"] == plain["log_rate_ratio"]
    assert "covariate_constant: x" in answer["problems"]


def test_a_fit_that_failed_is_a_problem_and_never_a_number(monkeypatch):
    from mollet import inference

    def fail(*_arguments, **_options):
        raise FloatingPointError

    monkeypatch.setattr(inference, "fit", fail)
    answer = told(diary(BETTER, weeks(*PAIRS)), DRAWN)

    assert answer["verdict"] == "cannot_tell"
    assert "fit_failed" in answer["problems"]
    assert (answer["log_rate_ratio"], answer["prob_fewer"]) == (None, None)


def test_the_same_diary_gives_the_same_answer():
    rows = diary(BETTER, weeks(*PAIRS))

    assert told(rows) == told(rows)


def test_the_time_of_a_fit_is_measured():
    assert milliseconds(diary(EQUAL, weeks(*PAIRS)), QUESTION, times=1) > 0


def test_knowing_of_analyses_brings_neither_numpy_nor_django():
    script = (
        "import sys, mollet.trial.analysis, mollet.cli.analyse; print(*{name.split('.')[0] for name in sys.modules})"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert {"numpy", "numba", "django"}.isdisjoint(done.stdout.split())


def test_how_people_alike_fare_is_told_with_a_draw_alone():
    rows = diary(BETTER, weeks(*PAIRS))

    assert list(told(rows, DRAWN)["of_100_alike"]) == ["1", "0.9", "0.7", "0.5"]
    assert told(rows)["of_100_alike"] == {}


def test_arms_that_changed_every_night_are_told_of_what_may_act_slowly():
    rows, nightly = diary(EQUAL[:20], [0, 1] * 10), drawn(*[0, 1] * 10, nights=1)

    assert "single_nights" in told(rows, replace(QUESTION, protocol=nightly))["problems"]
    assert (
        "single_nights" not in told(rows, replace(QUESTION, protocol=replace(nightly, acts="same_night")))["problems"]
    )
