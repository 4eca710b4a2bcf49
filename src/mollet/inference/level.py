"""How the nightly rate went along in time: the drifting level of a diary without any arm, with its spread."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mollet.inference._numpy import State, eliminate, substitute_back
from mollet.inference.engine import Twin, engine
from mollet.inference.fit import TOLERANCE, fit
from mollet.inference.model import Hyper, Problem, drift, problem, slope_and_weight
from mollet.inference.posterior import Mixture, skewed
from mollet.inference.priors import Floats, Normal, Priors

SLOW = Priors(rho=Normal(1.5, 0.5))
"""Priors of a level that goes slowly: rho has its median at 0.91 and 95 % within 0.48 and 0.99, so that what one night
has and the next has not is that night's own. How slow is our choice: a curve is drawn to show weeks and not nights."""
DRAWS = 400
"""Paths drawn: a bound of the band is off by a tenth of a standard deviation at most (one standard error)."""
SEED = 20
"""Of the draws: the same diary has the same curve every time."""


@dataclass(frozen=True, slots=True)
class Level:
    """Draws of the cramps to be expected on each night, from the first closed one to the last.

    Parameters
    ----------
    rate : ndarray of shape (n_days, n_draws)
        Cramps a night; nights that are not closed are bridged and not left out.
    problems : tuple of str
        As of the posterior; with any, nothing should be shown.
    """

    rate: Floats
    problems: tuple[str, ...]

    def over(self, first: int, last: int, quantiles: tuple[float, ...]) -> tuple[float, ...]:
        """Return quantiles of the cramps a night, averaged over some nights.

        Parameters
        ----------
        first, last : int
            Of the nights, both included, counted from the first closed one, which is 0.
        quantiles : tuple of float
            Between 0 and 1.
        """
        average = self.rate[first : last + 1].mean(axis=0)
        return tuple(float(value) for value in np.quantile(average, quantiles))


def level(counts: object, gaps: object, priors: Priors = SLOW, *, twin: Twin = "ready") -> Level:
    """Return how the rate went along in time: intercept and drift, no arm.

    The coefficients and (s, rho, kappa) are drawn from the nodes of a fit; for each draw the drift of all the nights,
    closed or not, is drawn from the Gaussian at its mode. A night not closed has no likelihood, only neighbours.

    Parameters
    ----------
    counts, gaps : array_like of shape (n_nights,) and (n_nights - 1,), whole numbers
        Cramps of each closed night, at least one; nights from each to the next.
    priors : Priors
        Of the level, its drift and the overdispersion.
    twin : {"ready", "numpy", "kernels"}
        As for `fit`.

    Returns
    -------
    Level
    """
    design = np.ones((len(np.asarray(counts)), 1))
    target = problem(counts, gaps, design, priors)
    posterior = fit(counts, gaps, design, priors, precision="preview", twin=twin)
    if "not_converged" in posterior.problems:
        return Level(np.empty((0, 0)), posterior.problems)
    rng = np.random.default_rng(SEED)
    hyper, alpha = drawn(posterior.mixture, rng)
    return Level(paths(target, hyper, alpha, rng, twin), posterior.problems)


def drawn(mixture: Mixture, rng: np.random.Generator) -> tuple[Hyper, Floats]:
    """Return draws of (s, rho, kappa) and of the intercept; each node comes as often as it weighs."""
    below = np.cumsum(mixture.weight) / mixture.weight.sum()
    node = np.searchsorted(below, (np.arange(DRAWS) + rng.random()) / DRAWS).clip(max=len(below) - 1)
    alpha = np.empty(DRAWS)
    for one in np.unique(node):
        mine = node == one
        alpha[mine] = skewed(mixture, int(one), rng.standard_normal((int(mine.sum()), 1)))[:, 0]
    return Hyper(mixture.s[node], mixture.rho[node], mixture.kappa[node]), alpha


def paths(target: Problem, hyper: Hyper, alpha: Floats, rng: np.random.Generator, twin: Twin) -> Floats:
    """Return draws of the mean of every night, shape (n_days, n_draws).

    With the slope g and the curvature W of the counts at the drift's mode v, zero on nights that are not closed:
    Q v = s g gives the mode on every night, and Q + s^2 W is the precision around it.
    """
    lanes = len(alpha)
    alone = Problem(
        target.counts, target.gaps, np.zeros((target.n_nights, 0)), np.zeros(0), np.zeros(0),
        np.tile(alpha, (target.n_nights, 1)),
    )  # fmt: skip
    start = State(np.zeros((target.n_nights, lanes)), np.zeros((0, lanes)))
    found = engine(twin).peaks(alone, hyper, start, TOLERANCE)
    slope, weight = slope_and_weight(target.counts, np.exp(found.log_mean), hyper.dispersion)
    days = closed_days(target)
    q = drift(np.ones(days[-1]), hyper.rho)
    mode, curve = np.zeros_like(q.diagonal), q.diagonal.copy()
    mode[days] = hyper.s * slope
    curve[days] += hyper.s**2 * weight
    pivots, links = eliminate(q.diagonal, q.beside, mode)
    mode /= pivots
    substitute_back(links, mode)
    pivots, links = eliminate(curve, q.beside, np.zeros((len(curve), 0, lanes)))
    path: Floats = rng.standard_normal(mode.shape) / np.sqrt(pivots)
    substitute_back(links, path)
    rate: Floats = np.exp(alpha + hyper.s * (mode + path))
    return rate


def closed_days(target: Problem) -> NDArray[np.int64]:
    """Return the days of the closed nights, counted from the first."""
    return np.concatenate([[0], np.cumsum(target.gaps)]).astype(np.int64)
