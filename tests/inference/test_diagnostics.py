import math

import numpy as np
import pytest
from tests.inference.diaries import reference, simulated, usual

from mollet.inference import check, fit
from mollet.inference.diagnostics import is_poor, left_out, log_path_average, pareto_shape, tails, without_itself
from mollet.inference.model import Hyper, problem
from mollet.inference.posterior import Evidence


def test_importance_sampling_finds_the_log_evidence_of_the_fit():
    diary, _ = reference("d1_T28_mid")
    posterior = fit(*diary.arguments(), evidence=True, twin="numpy")

    found = check(*diary.arguments(), posterior, np.random.default_rng(1), n=600)

    assert found.log_evidence == pytest.approx(posterior.log_evidence, abs=0.03 + 3 * found.se)
    assert found.is_reliable


def test_importance_sampling_finds_the_effect_of_long_sampling():
    diary, expected = reference("d2_T90_tan")
    posterior = fit(*diary.arguments(), twin="numpy")

    found = check(*diary.arguments(), posterior, np.random.default_rng(2), n=1500)

    beta = expected["parameters"]["beta"]
    assert abs(found.mean[-1] - beta["mean"]) / beta["sd"] < 4 / found.ess**0.5


def test_importance_sampling_agrees_on_a_year_of_strong_drift():
    diary = simulated(365, np.array([-0.3, 0.2, -0.4]), 0.8, 0.95, 0.4, np.random.default_rng(95), 0.12)
    posterior = fit(*diary.arguments(), twin="numpy")

    found = check(*diary.arguments(), posterior, np.random.default_rng(1), n=1500)

    assert found.is_reliable
    assert abs(posterior.mean(-1) - found.mean[-1]) / found.sd[-1] < 0.02 + 4 / found.ess**0.5
    assert posterior.sd(-1) / found.sd[-1] == pytest.approx(1, abs=0.03 + 3 / (2 * found.ess) ** 0.5)
    assert posterior.log_evidence == pytest.approx(found.log_evidence, abs=0.08 + 3 * found.se)


def test_a_wrong_posterior_is_found_out():
    diary, other = usual(1), usual(2)
    wrong = fit(other.counts * 9, other.gaps, other.design, other.priors, twin="numpy")

    found = check(*diary.arguments(), wrong, np.random.default_rng(3), n=600)

    assert not found.is_reliable


def test_the_average_over_paths_is_exact_without_drift():
    diary = usual()
    target = problem(*diary.arguments())
    theta = np.array([[0.1], [0.2], [-0.4]])
    tiny = Hyper(np.array([1e-9]), np.array([0.5]), np.array([0.6]))

    found = log_path_average(target, tiny, theta, np.random.default_rng(4))[0]

    size, mean = 1 / 0.36, np.exp(target.design @ theta[:, 0])
    expected = sum(
        math.lgamma(y + size) - math.lgamma(size) - math.lgamma(y + 1)
        + size * math.log(size / (size + m)) + y * math.log(m / (size + m))
        for y, m in zip(target.counts, mean, strict=True)
    )  # fmt: skip
    assert found == pytest.approx(expected, abs=1e-6)


def test_tails_add_up_to_the_whole_distribution():
    below = np.array([tails(count, np.array([2.0]), 0.5)[:, 0] for count in range(60)])

    assert below[0, 0] == 0.0
    np.testing.assert_allclose(below[1:, 0], below[:-1, 1], atol=1e-12)
    assert below[-1, 1] == pytest.approx(1.0, abs=1e-9)


def nights(counts, mean=1.0):
    n = len(counts)
    return Evidence(np.array(counts, dtype=float), np.full(n, math.log(mean)), np.full(n, 0.01), 0.1)


def test_a_usual_diary_is_no_poor_fit():
    assert not is_poor(nights([0, 1, 2, 0, 1, 3, 1, 0, 0, 2]))


def test_a_night_that_the_model_cannot_explain_is_a_poor_fit():
    assert is_poor(nights([0, 1, 2, 0, 1, 30, 1, 0, 0, 2]))


def test_good_fits_are_seldom_called_poor():
    poor = [fit(*usual(seed).arguments(), precision="preview", twin="numpy").problems for seed in range(40)]

    assert sum("poor_fit" in problems for problems in poor) <= 1


def test_a_night_is_judged_by_the_others():
    given = nights([1, 1, 8])
    centre, variance = without_itself(given)

    fewer, at_most = left_out(given, np.arange(3), centre, np.sqrt(variance))

    assert fewer[2] > 0.99
    assert (at_most >= fewer).all()


@pytest.mark.parametrize(("cramps", "expected"), [(3, ()), (400, ("poor_fit",))])
def test_a_night_of_400_cramps_is_not_believed(cramps, expected):
    diary = usual(n_nights=80)
    counts = diary.counts.copy()
    counts[20] = cramps

    assert fit(counts, diary.gaps, diary.design, diary.priors, twin="numpy").problems == expected


@pytest.mark.parametrize("k", [0.2, 0.5, 1.0])
def test_the_shape_of_a_heavy_tail_is_found(k):
    draws = (np.random.default_rng(5).random(4000) ** -k - 1) / k

    assert pareto_shape(draws) == pytest.approx(k, abs=0.2)
