import numpy as np
import pytest
from tests.inference.diaries import NAMES, reference, usual

from mollet.errors import FitError
from mollet.inference import Normal, Priors, fit, log_evidence_without, prior_only, slow_trend
from mollet.inference.engine import NUMPY
from mollet.inference.fit import fit_problem
from mollet.inference.model import Problem, problem

EVIDENCE = {"d1_T28_mid": -26.696, "d2_T90_tan": -55.091, "d3_T90_hal": -164.985, "d7_T14_sparse": -2.863}
"""Log evidence by importance sampling with a particle filter, to about 0.015."""


def distance(posterior, j, quantiles):
    """Largest distance of the distribution functions at the reference's quantiles."""
    return max(abs(posterior.prob_below(j, x) - float(q)) for q, x in quantiles.items())


def noise(figures):
    """Three Monte Carlo standard errors of a reference's mean, in standard deviations."""
    return 3 / figures["ess"] ** 0.5


@pytest.fixture(scope="module", params=NAMES)
def compared(request):
    diary, expected = reference(request.param)
    return fit(*diary.arguments(), twin="numpy"), expected


@pytest.fixture(scope="module", params=NAMES)
def compared_high(request):
    diary, expected = reference(request.param)
    return fit(*diary.arguments(), precision="high", evidence=True, twin="numpy"), expected


def test_the_effect_has_the_mean_of_long_sampling(compared):
    posterior, expected = compared
    beta = expected["parameters"]["beta"]

    assert abs(posterior.mean(-1) - beta["mean"]) / beta["sd"] <= max(0.01, noise(beta))


def test_the_effect_has_the_width_of_long_sampling(compared):
    posterior, expected = compared

    assert 0.985 <= posterior.sd(-1) / expected["parameters"]["beta"]["sd"] <= 1.015


def test_the_effect_has_the_distribution_of_long_sampling(compared):
    posterior, expected = compared

    assert distance(posterior, -1, expected["parameters"]["beta"]["quantiles"]) <= 0.006


def test_the_chance_of_fewer_cramps_is_that_of_long_sampling(compared):
    posterior, expected = compared

    assert posterior.prob_below(-1, 0.0) == pytest.approx(expected["prob_fewer"], abs=0.004)
    assert posterior.prob_below(-1, np.log(0.7)) == pytest.approx(expected["prob_fewer_by_30_percent"], abs=0.006)


def test_every_other_coefficient_is_near_long_sampling(compared):
    posterior, expected = compared

    for j, name in enumerate(posterior.names[:-1]):
        figures = expected["parameters"][name]
        assert abs(posterior.mean(j) - figures["mean"]) / figures["sd"] <= 0.04
        assert distance(posterior, j, figures["quantiles"]) <= 0.025


def test_the_hyperparameters_are_near_long_sampling(compared):
    posterior, expected = compared

    for name, (mean, _sd) in posterior.hyper().items():
        figures = expected["parameters"][name]
        assert abs(mean - figures["mean"]) / figures["sd"] <= 0.12


def test_high_precision_is_closer_still(compared_high):
    posterior, expected = compared_high
    beta = expected["parameters"]["beta"]

    assert 0.98 <= posterior.sd(-1) / beta["sd"] <= 1.015
    assert distance(posterior, -1, beta["quantiles"]) <= 0.0125


def test_the_log_evidence_is_that_of_importance_sampling(compared_high):
    posterior, expected = compared_high

    assert posterior.log_evidence == pytest.approx(EVIDENCE[expected["diary"]], abs=0.08)


def test_turning_the_arm_round_inverts_the_ratio():
    diary = usual()
    halves, turned = diary.design.copy(), diary.design.copy()
    halves[:, -1] -= 0.5
    turned[:, -1] = 0.5 - turned[:, -1]
    priors = Priors(columns=(Normal(0, 0.35), Normal(0, 0.5)))

    one, other = (fit(diary.counts, diary.gaps, design, priors, twin="numpy") for design in (halves, turned))

    assert one.mean(-1) == pytest.approx(-other.mean(-1), abs=1e-4)
    assert one.prob_below(-1, 0.0) == pytest.approx(1 - other.prob_below(-1, 0.0), abs=1e-4)


def test_a_night_left_out_is_bridged_as_if_its_drift_were_there():
    diary = usual()
    days = np.concatenate([[0], np.cumsum(diary.gaps)])
    full = np.arange(days[-1] + 1)
    counts, design = np.zeros(len(full)), np.zeros((len(full), 3))
    # A mean of exp(-600) lets nothing be learnt from a night: its drift is there, its count is not.
    offset = np.full((len(full), 1), -600.0)
    counts[days], design[days], offset[days] = diary.counts, diary.design, 0.0
    given = problem(*diary.arguments())
    explicit = Problem(counts, np.ones(len(full) - 1), design, given.prior_mean, given.prior_precision, offset)

    bridged, latent = (fit_problem(one, diary.priors, NUMPY, "default", False, None) for one in (given, explicit))

    assert latent.log_evidence == pytest.approx(bridged.log_evidence, abs=1e-4)
    assert latent.mean(-1) == pytest.approx(bridged.mean(-1), abs=1e-4)
    assert latent.hyper()["rho"][0] == pytest.approx(bridged.hyper()["rho"][0], abs=1e-4)


def test_the_order_of_exposures_changes_nothing():
    diary, _ = reference("d3_T90_hal")

    one = fit(*diary.arguments(), twin="numpy")
    other = fit(diary.counts, diary.gaps, diary.design[:, [0, 4, 2, 1, 3, 5]], diary.priors, twin="numpy")

    assert one.mean(-1) == pytest.approx(other.mean(-1), abs=1e-5)
    assert one.mean(1) == pytest.approx(other.mean(3), abs=1e-5)


def test_a_fit_that_sets_out_from_another_arrives_at_the_same_place():
    diary = usual()
    cold = fit(*diary.arguments(), twin="numpy")

    warm = fit(*diary.arguments(), start=cold, twin="numpy")

    assert warm.mean(-1) == pytest.approx(cold.mean(-1), abs=2e-3)
    assert warm.log_evidence == pytest.approx(cold.log_evidence, abs=0.01)


def test_the_evidence_for_an_effect_agrees_with_the_density_at_no_effect():
    # Savage and Dickey: the two hypotheses are nested, so that their Bayes factor is a ratio of densities at zero.
    diary = usual(seed=11)
    posterior = fit(*diary.arguments(), precision="high", evidence=True, twin="numpy")
    grid, density = posterior.density(-1)

    with_against_without = posterior.log_evidence - log_evidence_without(*diary.arguments(), evidence=True)

    by_density = diary.priors.columns[-1].log_density(0.0) - np.log(np.interp(0.0, grid, density))
    assert with_against_without == pytest.approx(by_density, abs=0.05)


def test_an_empty_diary_gives_the_prior():
    priors = Priors(columns=(Normal(-0.2, 0.4),))

    posterior = fit([], [], np.empty((0, 2)), priors)

    assert posterior.mean(-1) == pytest.approx(-0.2, abs=1e-6)
    assert posterior.sd(-1) == pytest.approx(0.4, abs=1e-4)
    assert posterior.prob_below(-1, 0.0) == pytest.approx(priors.columns[-1].prob_below(0.0), abs=1e-4)


def test_the_prior_alone_has_the_moments_that_it_states():
    hyper = prior_only(Priors(columns=(Normal(0, 0.5),))).hyper()

    assert hyper["s"][0] == pytest.approx(1 / 3, abs=0.01)
    assert hyper["kappa"][0] == pytest.approx(1 / 3, abs=0.01)


def test_a_slow_trend_rises_for_thirty_days_and_stays():
    column = slow_trend(np.array([15, 15, 30]))

    assert column.tolist() == [0.0, 0.5, 1.0, 1.0]


@pytest.mark.parametrize("precision", ["preview", "default", "high"])
def test_a_baseline_alone_can_be_fitted(precision):
    posterior = fit([0, 1, 0, 2, 0], [1, 1, 4, 1], np.ones((5, 1)), Priors(), precision=precision, twin="numpy")

    assert posterior.names == ("alpha",)
    assert posterior.mean(0) == pytest.approx(np.log(0.6), abs=posterior.sd(0))


def test_an_unknown_precision_is_refused():
    with pytest.raises(FitError):
        fit([0, 1], [1], [[1, 0], [1, 1]], Priors(columns=(Normal(0, 0.5),)), precision="best")
