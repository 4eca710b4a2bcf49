import numpy as np
import pytest

from mollet.errors import DesignError
from mollet.inference import Normal, Priors, carry_over
from mollet.inference.carry import come_through

N = 112
ARMS = np.resize(np.repeat([0.0, 1.0], 7), N)
PRIORS = Priors(columns=(Normal(0, 0.5),))


def averaged(counts, arms=ARMS, **options):
    n = len(counts)
    design = np.column_stack([np.ones(n), arms[-n:]])
    return carry_over(counts, np.ones(n - 1), design, PRIORS, arms, precision="preview", **options)


def test_half_of_a_change_has_come_through_after_one_half_life():
    through = come_through(np.ones(5), half_life=2.0)

    assert through[1] == pytest.approx(0.5)
    assert through[3] == pytest.approx(0.75)


def test_without_carry_over_the_arm_is_what_it_is():
    assert (come_through(ARMS, 0.0) == ARMS).all()


def test_weights_add_up_to_one():
    found = averaged(np.random.default_rng(1).poisson(2 * np.exp(-0.7 * ARMS)))

    assert found.weights.sum() == pytest.approx(1.0)
    assert 0.0 < found.prob_any < 1.0


def test_an_effect_that_lasts_is_seen_to_last():
    through = come_through(ARMS, 7.0)
    at_once, lasting = (
        averaged(np.random.default_rng(2).poisson(12 * np.exp(-1.5 * arm))).prob_any for arm in (ARMS, through)
    )

    assert lasting > 0.9
    assert at_once < lasting


def test_an_effect_that_lasts_is_not_underrated():
    counts = np.random.default_rng(3).poisson(12 * np.exp(-1.5 * come_through(ARMS, 4.0)))

    found = averaged(counts)

    ignored = found.posteriors[0].mean(-1)
    assert abs(found.average.mean(-1) + 1.5) < abs(ignored + 1.5)


def test_a_belief_weighs_in():
    counts = np.random.default_rng(4).poisson(1.0, size=N)

    certain = averaged(counts, half_lives=(0.0, 4.0), belief=(1.0, 0.0))

    assert certain.prob_any == pytest.approx(0.0, abs=1e-12)


def test_nights_before_the_first_closed_one_count():
    counts = np.random.default_rng(5).poisson(1.0, size=N - 20)

    assert averaged(counts).weights.sum() == pytest.approx(1.0)


def test_too_few_arms_are_refused():
    with pytest.raises(DesignError):
        carry_over([1, 2, 0], [1, 3], np.ones((3, 2)), PRIORS, [0, 1, 0])


def test_the_evidence_of_the_average_is_the_average_of_the_evidence():
    found = averaged(np.random.default_rng(4).poisson(np.exp(-0.5 * ARMS)))
    each = np.array([one.log_evidence for one in found.posteriors])

    assert found.average.log_evidence == pytest.approx(np.log(np.exp(each - each[0]).mean()) + each[0], abs=1e-9)


@pytest.mark.parametrize("belief", [(1.0, 1.0), (0.0,) * 5, (1, 1, 1, 1, -1), (1, 1, 1, 1, float("nan"))])
def test_a_belief_in_half_lives_that_is_none_is_refused(belief):
    with pytest.raises(DesignError):
        averaged(np.ones(N), belief=belief)
