"""The engine against a truth that shares no line with it: priors and counts written again, the drift filtered."""

import math

import numpy as np
import pytest

from mollet.inference import Normal, Priors, fit

DRAWS, PARTICLES = 1200, 120
log_gamma = np.frompyfunc(math.lgamma, 1, 1)
below = np.frompyfunc(lambda x: 0.5 * math.erfc(-x / math.sqrt(2)), 1, 1)


def diary(n, seed, alpha, beta, s, rho, kappa, missing):
    """Nights of a known truth, some of them not closed."""
    rng = np.random.default_rng(seed)
    arm, v, counts = np.resize(np.repeat([0.0, 1.0], 5), n), rng.standard_normal(), []
    for i in range(n):
        mean = math.exp(alpha + beta * arm[i] + s * v)
        counts.append(rng.poisson(mean * rng.gamma(1 / kappa**2) * kappa**2))
        v = rho * v + math.sqrt(1 - rho**2) * rng.standard_normal()
    closed = np.flatnonzero(rng.random(n) > missing)
    return np.array(counts)[closed], np.diff(closed), np.column_stack([np.ones(len(closed)), arm[closed]])


def normal(x, mean, sd):
    return -0.5 * ((x - mean) / sd) ** 2 - math.log(sd * math.sqrt(2 * math.pi))


def filtered(counts, gaps, design, theta, s, rho, kappa, rng):
    """Return unbiased estimates of p(counts | theta, s, rho, kappa), as logs: a bootstrap particle filter."""
    v, total = rng.standard_normal((DRAWS, PARTICLES)), np.zeros(DRAWS)
    size = 1 / np.maximum(kappa**2, 1e-7)[:, None]
    for i, y in enumerate(counts):
        if i:
            r = (rho ** gaps[i - 1])[:, None]
            v = r * v + np.sqrt(1 - r**2) * rng.standard_normal(v.shape)
        mean = np.exp(np.clip((theta @ design[i])[:, None] + s[:, None] * v, -60, 15))
        constant = (log_gamma(y + size) - log_gamma(size)).astype(float) - math.lgamma(y + 1)
        log_p = constant - (size + y) * np.log1p(mean / size) + y * np.log(mean / size)
        top = log_p.max(axis=1, keepdims=True)
        weight = np.exp(log_p - top)
        total += top[:, 0] + np.log(weight.mean(axis=1))
        places = np.cumsum(weight, axis=1) / weight.sum(axis=1, keepdims=True)
        wanted = (np.arange(PARTICLES) + rng.random((DRAWS, 1))) / PARTICLES
        chosen = np.array([np.searchsorted(one, them) for one, them in zip(places, wanted, strict=True)])
        v = np.take_along_axis(v, chosen.clip(0, PARTICLES - 1), axis=1)
    return total


def truth(counts, gaps, design, posterior, rng):
    """Return log evidence, mean and sd of the effect, and effective draws; the engine only says where to look."""
    mix = posterior.mixture
    places = np.concatenate([mix.mode, mix.z])
    centre = places @ mix.weight
    spread = ((places - centre[:, None]) * mix.weight) @ (places - centre[:, None]).T
    spread[:2, :2] += np.einsum("l,lij->ij", mix.weight, mix.covariance)
    factor = np.linalg.cholesky(1.3 * spread + 1e-6 * np.eye(5))
    standard = rng.standard_normal((5, DRAWS)) / np.sqrt(rng.chisquare(5, DRAWS) / 5)
    alpha, beta, z1, z2, z3 = centre[:, None] + factor @ standard
    constant = math.lgamma(5) - math.lgamma(2.5) - 2.5 * math.log(5 * math.pi) - np.log(np.diagonal(factor)).sum()
    proposed = constant - 5 * np.log1p((standard**2).sum(axis=0) / 5)
    tau, angle = np.exp(0.7 * z1 - 0.7), math.pi / 2 * below(z3).astype(float)
    s, kappa, rho = tau * np.cos(angle), tau * np.sin(angle), np.tanh(0.5 + 0.5 * z2)
    prior = 2 * math.log(3) - 3 * (s + kappa) + np.log(0.7 * tau**2 * math.pi / 2) + normal(z2, 0, 1) + normal(z3, 0, 1)
    prior += normal(alpha, -0.5, 1.25) + normal(beta, 0, 0.5)
    found = filtered(counts, gaps, design, np.column_stack([alpha, beta]), s, rho, kappa, rng)
    log_weight = prior + found - proposed
    weight = np.exp(log_weight - log_weight.max())
    evidence = float(log_weight.max() + math.log(weight.mean()))
    share = weight / weight.sum()
    mean = float(share @ beta)
    return evidence, mean, float(np.sqrt(share @ (beta - mean) ** 2)), float(1 / (share @ share))


DRIFTING = (50, 11, -0.2, -0.7, 0.9, 0.85, 0.5, 0.2)
RARE = (70, 12, -2.0, -0.4, 0.5, 0.5, 0.6, 0.3)


@pytest.fixture(scope="module", params=[DRIFTING, RARE], ids=["drifting", "rare"])
def both(request):
    arrays = diary(*request.param)
    posterior = fit(*arrays, Priors(columns=(Normal(0, 0.5),)), twin="numpy")
    return posterior, truth(*arrays, posterior, np.random.default_rng(1))


def test_the_log_evidence_is_that_of_the_particle_filter(both):
    posterior, (evidence, _, _, effective) = both

    # 0.05 for the engine, and three standard errors of the weights.
    assert posterior.log_evidence == pytest.approx(evidence, abs=0.05 + 3 * math.sqrt(1 / effective - 1 / DRAWS))


def test_the_effect_is_that_of_the_particle_filter(both):
    posterior, (_, mean, sd, effective) = both

    assert posterior.mean(-1) == pytest.approx(mean, abs=(0.02 + 3 / math.sqrt(effective)) * sd)
    assert posterior.sd(-1) == pytest.approx(sd, rel=0.03 + 3 / math.sqrt(2 * effective))
