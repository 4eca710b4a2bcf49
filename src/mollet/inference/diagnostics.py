"""Is this fit to be believed? Nights that the model did not expect, and a check of the approximation by sampling."""

import math

import numpy as np

from mollet.inference.posterior import Evidence
from mollet.inference.priors import Floats

SURPRISE = 1e-3
"""Probability below which a diary is called a poor fit (arbitrary; about one good diary in a thousand is)."""


def is_poor(nights: Evidence) -> bool:
    """Whether one night, or the nights together, are too surprising for the model."""
    low = left_out(nights)[0]
    return bool((1 - low).min() * len(low) < SURPRISE)


def left_out(nights: Evidence) -> tuple[Floats, Floats]:
    """Return P(fewer) and P(at most) the cramps of each night, predicted from all the others, shape (n_nights,) each.

    The night's own part is taken out of the Gaussian of its log mean (Vehtari et al. 2016, JMLR 17:103), the rest is
    integrated over seven Gauss-Hermite points.
    """
    mean = np.exp(nights.log_mean)
    one = 1 + nights.dispersion * mean
    pull = (1 + nights.counts * nights.dispersion) * mean / one
    slope, weight = nights.counts - pull, pull / one
    left = np.maximum(1 - nights.variance * weight, 0.05)
    centre, sd = nights.log_mean - nights.variance * slope / left, np.sqrt(nights.variance / left)
    points, weights = np.polynomial.hermite_e.hermegauss(7)
    share = weights / weights.sum()
    means = np.exp(np.clip(centre[:, None] + sd[:, None] * points, -50, 50))
    below = [tails(int(y), row, nights.dispersion) @ share for y, row in zip(nights.counts, means, strict=True)]
    both = np.array(below)
    return both[:, 0], both[:, 1]


def tails(count: int, mean: Floats, dispersion: float) -> Floats:
    """Return P(fewer) and P(at most) `count` cramps for each mean, shape (2, n_means)."""
    k = np.arange(count + 1)
    rising = np.concatenate([[0.0], np.cumsum(np.log1p(k[:-1] * dispersion) - np.log1p(k[:-1]))])
    log_one = np.log1p(dispersion * mean)
    log_p = rising[:, None] + k[:, None] * (np.log(mean) - log_one) - log_one / dispersion
    p = np.minimum(np.exp(log_p).cumsum(axis=0), 1.0)
    return np.array([p[-2] if count else np.zeros_like(mean), p[-1]])


def is_finite(value: float) -> bool:
    """Whether a value is a number."""
    return math.isfinite(value)
