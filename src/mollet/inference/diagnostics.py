"""Is this fit to be believed? Nights that the model did not expect, and a check of the approximation by sampling."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mollet.inference._numpy import State, eliminate, peaks, substitute_back
from mollet.inference.model import (
    Hyper,
    Problem,
    drift,
    hyper_at,
    log_likelihood,
    log_prior,
    problem,
    slope_and_weight,
)
from mollet.inference.posterior import Evidence, Mixture, Posterior
from mollet.inference.priors import Floats, Priors

FAR = np.linspace(-7.0, 7.0, 57)
SURPRISE = 1e-3
"""Probability below which a diary is called a poor fit (arbitrary; about one good diary in a thousand is)."""


def is_poor(nights: Evidence) -> bool:
    """Whether one night is too surprising for the model, counting how many nights had the chance to be."""
    centre, variance = without_itself(nights)
    fewer, at_most = left_out(nights, strangest(nights, centre, variance), centre, np.sqrt(variance))
    tail = np.minimum(1 - fewer, at_most).min()
    return bool(2 * tail * len(nights.counts) < SURPRISE)


def without_itself(nights: Evidence) -> tuple[Floats, Floats]:
    """Return mean and variance of the log mean of each night as the others see it, shape (n_nights,).

    The night's own part is taken out of the Gaussian of its log mean (Vehtari et al. 2016, JMLR 17:103).
    """
    mean = np.exp(nights.log_mean)
    one = 1 + nights.dispersion * mean
    pull = (1 + nights.counts * nights.dispersion) * mean / one
    slope, weight = nights.counts - pull, pull / one
    left = np.maximum(1 - nights.variance * weight, 0.01)
    return nights.log_mean - nights.variance * slope / left, nights.variance / left


def strangest(nights: Evidence, centre: Floats, variance: Floats) -> NDArray[np.int64]:
    """Return the nights farthest from what the others expect, at most five to either side."""
    spread = np.exp(np.minimum(variance, 20.0))
    mean = np.exp(np.clip(centre, -50, 50)) * np.sqrt(spread)
    sd = np.sqrt(mean + mean**2 * (spread * (1 + nights.dispersion) - 1))
    order = np.argsort((nights.counts - mean) / sd)
    return np.unique(np.concatenate([order[:5], order[-5:]]))


def left_out(nights: Evidence, which: NDArray[np.int64], centre: Floats, sd: Floats) -> tuple[Floats, Floats]:
    """Return P(fewer) and P(at most) the cramps of some nights, predicted from all the others.

    Integrated over an even grid of the log mean, which sees far tails where Gauss-Hermite points do not.
    """
    share = np.exp(-0.5 * FAR**2)
    means = np.exp(np.clip(centre[which, None] + sd[which, None] * FAR, -50, 50))
    counts = nights.counts[which]
    below = [tails(int(y), row, nights.dispersion) @ share for y, row in zip(counts, means, strict=True)]
    both = np.array(below) / share.sum()
    return both[:, 0], both[:, 1]


def tails(count: int, mean: Floats, dispersion: float) -> Floats:
    """Return P(fewer) and P(at most) `count` cramps for each mean, shape (2, n_means)."""
    k = np.arange(count + 1)
    rising = np.concatenate([[0.0], np.cumsum(np.log1p(k[:-1] * dispersion) - np.log1p(k[:-1]))])
    log_one = np.log1p(dispersion * mean)
    log_p = rising[:, None] + k[:, None] * (np.log(mean) - log_one) - log_one / dispersion
    p = np.minimum(np.exp(log_p).cumsum(axis=0), 1.0)
    return np.array([p[-2] if count else np.zeros_like(mean), p[-1]])


# The approximation, checked by importance sampling


@dataclass(frozen=True, slots=True)
class Check:
    """What importance sampling says of a posterior.

    Parameters
    ----------
    log_evidence, se : float
        Log evidence and its standard error from the importance weights.
    ess : float
        Draws that the weighted ones are worth.
    n : int
        Draws made.
    pareto_k : float
        Shape of the weights' tail; above 0.7 the check itself cannot be relied upon.
    mean, sd : ndarray of shape (n_columns,)
        Of the coefficients.
    """

    log_evidence: float
    se: float
    ess: float
    n: int
    pareto_k: float
    mean: Floats
    sd: Floats

    @property
    def is_reliable(self) -> bool:
        """Whether the check can be relied upon."""
        return self.pareto_k < MOST_PARETO_K and self.ess > LEAST_EFFECTIVE


MOST_PARETO_K, LEAST_EFFECTIVE = 0.7, 100.0
DEGREES, WIDER = 6, 1.1
"""The proposal is a t distribution with 6 degrees of freedom and the mixture's covariance times 1.1."""
PATHS, CALMER = 32, 0.8
"""Drift paths drawn for each draw, half of them mirrored; the share of the counts' curvature in their proposal."""
AT_ONCE = 100


def check(
    counts: object,
    gaps: object,
    design: object,
    priors: Priors,
    posterior: Posterior,
    rng: np.random.Generator,
    n: int = 1500,
) -> Check:
    """Check a posterior by importance sampling of coefficients and (s, rho, kappa).

    For each draw the drift is integrated by an unbiased estimate: importance sampling of whole paths from the Gaussian
    at their mode. The weights are thus exact in expectation (Andrieu and Roberts 2009, Ann Statist 37:697), and no part
    of the nested Laplace approximation stays in the answer.

    Parameters
    ----------
    counts, gaps, design, priors
        As for `fit`.
    posterior : Posterior
        What `fit` made of them; it shapes the proposal.
    rng : Generator
        Source of chance.
    n : int
        Number of draws.
    """
    target = problem(counts, gaps, design, priors)
    centre, spread = centre_and_spread(posterior.mixture)
    draws, log_proposal = student(centre, spread, n, rng)
    theta, z = draws[: target.n_columns], draws[target.n_columns :]
    log_weight = prior_density(target, theta) + log_prior(z, hyper_at(z, priors), priors) - log_proposal
    for first in range(0, n, AT_ONCE):
        part = slice(first, first + AT_ONCE)
        log_weight[part] += log_path_average(target, hyper_at(z[:, part], priors), theta[:, part], rng)
    return weighed(log_weight, theta)


def centre_and_spread(mixture: Mixture) -> tuple[Floats, Floats]:
    """Return mean and covariance of coefficients and z together, from the nodes."""
    sd = np.sqrt(np.einsum("ljj->jl", mixture.covariance))
    places = np.concatenate([mixture.mode + sd * np.clip(mixture.shape[0], -2, 2), mixture.z])
    centre = places @ mixture.weight
    away = places - centre[:, None]
    spread = (away * mixture.weight) @ away.T
    p = len(mixture.mode)
    spread[:p, :p] += np.einsum("l,lij->ij", mixture.weight, mixture.covariance)
    spread[range(p, p + 3), range(p, p + 3)] += 1e-6
    return centre, spread


def student(centre: Floats, spread: Floats, n: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Draw from a multivariate t, shape (n_dimensions, n), with the log density of each draw."""
    size = len(centre)
    factor = np.linalg.cholesky(WIDER * spread)
    chi = rng.chisquare(DEGREES, size=n) / DEGREES
    normal = rng.standard_normal((size, n)) / np.sqrt(chi)
    constant = math.lgamma((DEGREES + size) / 2) - math.lgamma(DEGREES / 2) - 0.5 * size * math.log(DEGREES * math.pi)
    log_density = constant - np.log(np.diagonal(factor)).sum()
    log_density = log_density - 0.5 * (DEGREES + size) * np.log1p((normal**2).sum(axis=0) / DEGREES)
    return centre[:, None] + factor @ normal, log_density


def prior_density(target: Problem, theta: Floats) -> Floats:
    """Return the log prior density of coefficients of shape (n_columns, n)."""
    away = theta - target.prior_mean[:, None]
    constant = 0.5 * np.log(target.prior_precision / (2 * math.pi)).sum()
    value: Floats = constant - 0.5 * (target.prior_precision @ away**2)
    return value


def log_path_average(target: Problem, hyper: Hyper, theta: Floats, rng: np.random.Generator) -> Floats:
    """Return the log of an unbiased estimate of p(counts | coefficients, s, rho, kappa), shape (n_lanes,)."""
    n, lanes = target.n_nights, theta.shape[1]
    none = np.zeros((0, lanes))
    alone = Problem(target.counts, target.gaps, np.zeros((n, 0)), np.zeros(0), np.zeros(0), target.design @ theta)
    found = peaks(alone, hyper, State(np.zeros((n, lanes)), none), 1e-4)
    q = drift(target.gaps, hyper.rho)
    weight = slope_and_weight(target.counts, np.exp(found.log_mean), hyper.dispersion)[1]
    pivots, links = eliminate(q.diagonal + CALMER * hyper.s**2 * weight, q.beside, np.zeros((n, 0, lanes)))
    normal = rng.standard_normal((n, PATHS // 2, lanes))
    normal = np.concatenate([normal, -normal], axis=1)
    path = normal / np.sqrt(pivots)[:, None, :]
    substitute_back(links, path)
    v = (found.state.v[:, None, :] + path).reshape(n, PATHS * lanes)
    many = hyper.repeated(PATHS)
    eta = np.clip(np.tile(alone.offset, PATHS) + many.s * v, -50, 50)
    log_ratio = log_likelihood(target, eta, np.exp(eta), many.dispersion)
    log_ratio += 0.5 * (normal**2).sum(axis=0).reshape(-1) - 0.5 * (v * drift(target.gaps, many.rho).times(v)).sum(
        axis=0
    )
    determinants = 0.5 * (q.log_determinant - np.log(pivots).sum(axis=0))
    value: Floats = np.logaddexp.reduce(log_ratio.reshape(PATHS, lanes), axis=0) - math.log(PATHS) + determinants
    return value


def weighed(log_weight: Floats, theta: Floats) -> Check:
    """Return what the weighted draws say."""
    n, top = len(log_weight), float(log_weight.max())
    weight = np.exp(log_weight - top)
    average = float(weight.mean())
    share = weight / weight.sum()
    mean = theta @ share
    return Check(
        log_evidence=top + math.log(average),
        se=float(weight.std(ddof=1)) / average / math.sqrt(n),
        ess=1 / float(share @ share),
        n=n,
        pareto_k=pareto_shape(weight),
        mean=mean,
        sd=np.sqrt((theta - mean[:, None]) ** 2 @ share),
    )


def pareto_shape(weight: Floats) -> float:
    """Return the shape k of a generalised Pareto distribution fitted to the largest weights.

    Zhang and Stephens 2009 (Technometrics 51:316), with the tail's length and the weak prior of Vehtari et al. 2024
    (JMLR 25:72).
    """
    n = len(weight)
    length = min(n // 5, math.ceil(3 * math.sqrt(n)))
    ordered = np.sort(weight)
    tail = ordered[-length:] - ordered[-length - 1]
    if length < 5 or tail[0] <= 0:
        return math.inf
    points = 30 + int(math.sqrt(length))
    quarter = tail[int(length / 4 + 0.5) - 1]
    b = 1 / tail[-1] + (1 - np.sqrt(points / (np.arange(1, points + 1) - 0.5))) / 3 / quarter
    k = np.log1p(-b[:, None] * tail).mean(axis=1)
    log_profile = length * (np.log(-b / k) - k - 1)
    share = 1 / np.exp(log_profile - log_profile[:, None]).sum(axis=1)
    shape = float(np.log1p(-(share / share.sum() @ b) * tail).mean())
    return (shape * length + 0.5 * 10) / (length + 10)
