from dataclasses import replace

import pytest

from mollet.trial.verdict import Belief, Circumstances, Prior, could_show, of_twenty, verdict

DRAWN = Circumstances(worthwhile=0.7, is_randomised=True)
OBSERVED = Circumstances(worthwhile=0.7)


def belief(fewer: float, worthwhile: float = 0.5, sd: float = 0.15, prior: Prior | None = None) -> Belief:
    return Belief(mean=-0.1, sd=sd, prob_fewer=fewer, prob_worthwhile=worthwhile, prior=prior or Prior())


def test_helps_needs_both_priors():
    assert verdict(belief(0.96), belief(0.95), DRAWN) == "helps"
    assert verdict(belief(0.96), belief(0.94), DRAWN) == "may_help"


def test_harms_needs_both_priors():
    assert verdict(belief(0.04), belief(0.05), DRAWN) == "harms"
    assert verdict(belief(0.04), belief(0.06), DRAWN) == "cannot_tell"


def test_what_certainly_makes_cramps_more_frequent_harms_rather_than_being_of_no_use():
    assert verdict(belief(0.01, 0.0), belief(0.01, 0.0), DRAWN) == "harms"


def test_may_help_asks_the_informed_prior_alone():
    assert verdict(belief(0.80), belief(0.60), DRAWN) == "may_help"
    assert verdict(belief(0.79), belief(0.79), DRAWN) == "cannot_tell"


def test_no_use_needs_both_priors():
    assert verdict(belief(0.6, 0.10), belief(0.5, 0.10), DRAWN) == "no_use"
    assert verdict(belief(0.6, 0.11), belief(0.5, 0.10), DRAWN) == "cannot_tell"


def test_no_use_is_not_said_where_the_nights_could_not_have_shown_an_effect():
    wide = belief(0.6, 0.05, sd=0.4)

    assert verdict(wide, wide, DRAWN) == "cannot_tell"


def test_no_use_is_not_said_of_single_nights_of_what_may_act_slowly():
    circumstances = replace(DRAWN, may_be_too_short=True)

    assert verdict(belief(0.6, 0.05), belief(0.5, 0.05), circumstances) == "cannot_tell"


def test_a_narrow_prior_alone_shows_nothing():
    prior = Prior(-0.05, 0.22)

    assert not could_show(Belief(-0.05, 0.22, 0.59, 0.08, prior), 0.7)


def test_many_nights_can_show_the_smallest_worthwhile_effect_under_a_narrow_prior():
    assert could_show(Belief(0.0, 0.1, 0.5, 0.01, Prior(-0.05, 0.22)), 0.7)


def test_a_smaller_effect_is_harder_to_show():
    nights = belief(0.5, sd=0.17)

    assert could_show(nights, 0.7)
    assert not could_show(nights, 0.9)


@pytest.mark.parametrize("fewer", [0.99, 0.85])
@pytest.mark.parametrize("problem", ["unequal_closing", "protocol_changed", "poor_fit", "fit_failed"])
def test_what_is_wrong_takes_praise_back(fewer, problem):
    circumstances = replace(DRAWN, problems=frozenset({problem}))

    assert verdict(belief(fewer), belief(fewer), circumstances) == "cannot_tell"


def test_unequal_closing_does_not_silence_harm():
    circumstances = replace(DRAWN, problems=frozenset({"unequal_closing"}))

    assert verdict(belief(0.01), belief(0.01), circumstances) == "harms"


def test_a_poor_fit_carries_no_word_at_all():
    circumstances = replace(DRAWN, problems=frozenset({"poor_fit"}))

    assert verdict(belief(0.01), belief(0.01), circumstances) == "cannot_tell"


def test_before_the_end_certainty_alone_does_not_speak():
    circumstances = replace(DRAWN, has_ended=False)

    assert verdict(belief(0.999), belief(0.999), circumstances) == "cannot_tell"


def test_before_the_end_the_bets_may_speak():
    circumstances = replace(DRAWN, has_ended=False, wealth=20.0)

    assert verdict(belief(0.9), belief(0.9), circumstances) == "helps"


def test_without_a_draw_nothing_helps():
    assert verdict(belief(0.99), belief(0.99), OBSERVED) == "goes_with_fewer"
    assert verdict(belief(0.01), belief(0.01), OBSERVED) == "goes_with_more"
    assert verdict(belief(0.90), belief(0.90), OBSERVED) == "cannot_tell"


@pytest.mark.parametrize("problem", ["arm_without_nights", "no_cramp"])
@pytest.mark.parametrize("circumstances", [DRAWN, OBSERVED])
def test_there_is_nothing_to_compare_with_or_without_a_draw(problem, circumstances):
    known = replace(circumstances, problems=frozenset({problem, "poor_fit"}))

    assert verdict(belief(0.99), belief(0.99), known) == "nothing_to_compare"


def test_the_sceptic_expects_nothing_and_is_never_wider_than_the_prior():
    assert Prior(-0.2, 0.6).sceptical() == Prior(0.0, 0.35)
    assert Prior(-0.05, 0.22).sceptical() == Prior(0.0, 0.22)


@pytest.mark.parametrize(("probability", "count"), [(0.85, 17), (1.0, 19), (0.0, 1), (0.52, 10)])
def test_a_probability_is_told_as_so_many_of_twenty_and_never_as_certainty(probability, count):
    assert of_twenty(probability) == count
