"""The model: cramps of a night are negative binomial around a level that drifts as a stationary AR(1).

Cramps of closed night i are negative binomial with mean mu_i = exp(eta_i) and variance mu_i + d mu_i^2, d = kappa^2;
eta_i = x_i' theta + s v_i, where v is Gaussian with unit variance and corr(v_i, v_j) = rho^|t_i - t_j|.
Arrays carry *lanes* as their last axis: one lane is one value of (s, rho, kappa).
"""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mollet.errors import DesignError
from mollet.inference.priors import Floats, Priors

LEAST_DISPERSION = 1e-10
"""Below it the negative binomial is the Poisson to the last digit that matters."""
LEAST_LOG_MEAN, LARGEST_LOG_MEAN = -700.0, 50.0
"""Keep exp() finite on the way to the mode; no diary comes near."""
LARGEST_RHO = 0.9999
MOST_CRAMPS, LONGEST_GAP = 10_000, 10_000
"""Of a night, and in nights: what is beyond is a slip of the pen, and would take memory by its size."""


@dataclass(frozen=True)
class Problem:
    """What is to be fitted, checked once: nights, design and the Gaussian priors of its columns.

    Parameters
    ----------
    counts : ndarray of shape (n_nights,), dtype=float64
        Cramps of each closed night.
    gaps : ndarray of shape (n_nights - 1,), dtype=float64
        Nights from each closed night to the next.
    design : ndarray of shape (n_nights, n_columns)
    prior_mean, prior_precision : ndarray of shape (n_columns,)
    offset : ndarray of shape (n_nights, 1) or (n_nights, n_lanes)
        Added to the log mean.
    """

    counts: Floats
    gaps: Floats
    design: Floats
    prior_mean: Floats
    prior_precision: Floats
    offset: Floats

    @property
    def n_nights(self) -> int:
        """Number of closed nights."""
        return len(self.counts)

    @property
    def n_columns(self) -> int:
        """Number of columns of the design."""
        return int(self.design.shape[1])

    @cached_property
    def nights_above(self) -> Floats:
        """Number of nights with more than k cramps, for k = 0 .. max - 1."""
        nights = np.bincount(self.counts.astype(np.int64))
        return np.cumsum(nights[:0:-1])[::-1].astype(np.float64)

    @cached_property
    def gap_lengths(self) -> Floats:
        """Lengths of gap that occur, each once."""
        return np.array(sorted(set(self.gaps.tolist())))

    @cached_property
    def gap_kinds(self) -> NDArray[np.int64]:
        """Which of `gap_lengths` follows each night, shape (n_nights,); the last is followed by none of them."""
        return np.append(np.searchsorted(self.gap_lengths, self.gaps), len(self.gap_lengths)).astype(np.int64)

    @cached_property
    def gap_times(self) -> Floats:
        """How often each of `gap_lengths` occurs."""
        return np.bincount(self.gap_kinds, minlength=len(self.gap_lengths) + 1)[:-1].astype(np.float64)

    @cached_property
    def constant(self) -> float:
        """What all places have in common: factorials, and the prior's precision."""
        return 0.5 * float(np.log(self.prior_precision).sum()) - self.log_factorials

    @cached_property
    def is_offset(self) -> bool:
        """Whether anything is added to the log mean."""
        return bool(self.offset.any())

    @cached_property
    def log_factorials(self) -> float:
        """Sum over the nights of log(cramps!)."""
        return float(self.nights_above @ np.log(np.arange(1, len(self.nights_above) + 1)))

    @cached_property
    def squares(self) -> Floats:
        """Products of each two columns of the design, shape (n_nights, n_columns ** 2)."""
        return (self.design[:, :, None] * self.design[:, None, :]).reshape(self.n_nights, self.n_columns**2)

    def holding(self, column: int, value: Floats) -> "Problem":
        """Return the problem with one coefficient held at a value in each lane.

        Parameters
        ----------
        column : int
            Which.
        value : ndarray of shape (n_lanes,)
            At what.
        """
        return Problem(
            self.counts,
            self.gaps,
            np.ascontiguousarray(np.delete(self.design, column, axis=1)),
            np.delete(self.prior_mean, column),
            np.delete(self.prior_precision, column),
            self.offset + self.design[:, column, None] * value,
        )


def problem(counts: object, gaps: object, design: object, priors: Priors) -> Problem:
    """Check the arrays of a fit, once.

    Raises
    ------
    DesignError
        Naming what does not fit together: a shape, a value that is not finite, a negative count, a gap below one night.
        More than 10,000 cramps in a night or nights in a gap are a slip of the pen.
    """
    y, gap, x = (as_floats(name, given) for name, given in (("counts", counts), ("gaps", gaps), ("design", design)))
    if y.ndim != 1 or x.ndim != 2 or len(x) != len(y) or gap.shape != (max(len(y) - 1, 0),):
        raise DesignError("error.design.shape", counts=y.shape, gaps=gap.shape, design=x.shape)
    if x.shape[1] != len(priors.coefficients):
        raise DesignError("error.design.columns", columns=x.shape[1], priors=len(priors.coefficients))
    check_whole("counts", y, 0, MOST_CRAMPS)
    check_whole("gaps", gap, 1, LONGEST_GAP)
    return Problem(y, gap, np.ascontiguousarray(x), priors.means, priors.precisions, np.zeros((len(y), 1)))


def as_floats(name: str, given: object) -> Floats:
    """Return an array of finite numbers, or say which place is not one."""
    try:
        values = np.array(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DesignError("error.design.not_numbers", name=name) from error
    if not np.isfinite(values).all():
        where = tuple(int(k) for k in np.argwhere(~np.isfinite(values))[0])
        raise DesignError("error.design.not_finite", name=name, where=where)
    return values


def check_whole(name: str, values: Floats, least: int, most: int) -> None:
    """Refuse a count or gap that is too small, too large or not whole, naming the first."""
    wrong = np.flatnonzero((values < least) | (values > most) | (values != np.floor(values)))
    if len(wrong):
        raise DesignError("error.design.not_a_count", name=name, where=int(wrong[0]), value=float(values[wrong[0]]))


# What (s, rho, kappa) are, and how they are explored


@dataclass(frozen=True, slots=True)
class Hyper:
    """Values of the three parameters behind the nights, one in each lane.

    Parameters
    ----------
    s : ndarray of shape (n_lanes,)
        Standard deviation of the drifting log level.
    rho : ndarray of shape (n_lanes,)
        Its correlation from one night to the next.
    kappa : ndarray of shape (n_lanes,)
        Standard deviation of the night's own gamma factor; kappa ** 2 is the overdispersion d.
    """

    s: Floats
    rho: Floats
    kappa: Floats

    @property
    def dispersion(self) -> Floats:
        """Overdispersion d of each lane, kept away from zero where it would divide."""
        return np.maximum(self.kappa**2, LEAST_DISPERSION)

    def repeated(self, times: int) -> "Hyper":
        """Return the lanes, all of them `times` over."""
        return Hyper(np.tile(self.s, times), np.tile(self.rho, times), np.tile(self.kappa, times))


def hyper_at(z: Floats, priors: Priors) -> Hyper:
    """Return (s, rho, kappa) at polar coordinates z.

    The drift and the gamma mixture of single nights look alike: (s, kappa) is a ridge, which polar coordinates make
    straight. tau = exp(0.7 z1 - 0.7), t = (pi / 2) Phi(z3), s = tau cos(t), kappa = tau sin(t); atanh(rho) is its prior
    mean + sd z2. `z` has the shape (3, n_lanes).
    """
    tau = np.exp(0.7 * z[0] - 0.7)
    angle = 0.5 * math.pi * normal_cdf(z[2])
    rho = np.tanh(priors.rho.mean + priors.rho.sd * z[1])
    return Hyper(tau * np.cos(angle), np.minimum(np.maximum(rho, -LARGEST_RHO), LARGEST_RHO), tau * np.sin(angle))


def log_prior(z: Floats, hyper: Hyper, priors: Priors) -> Floats:
    """Return the log prior density of z, shape (n_lanes,): the exponential and Gaussian priors with their Jacobian."""
    scale = math.log(priors.s_rate) + math.log(priors.kappa_rate) + math.log(0.7 * math.pi / 2 / (2 * math.pi))
    log_tau = 0.7 * z[0] - 0.7
    rates = priors.s_rate * hyper.s + priors.kappa_rate * hyper.kappa
    prior: Floats = scale - rates + 2 * log_tau - 0.5 * (z[1] ** 2 + z[2] ** 2)
    return prior


_erfc = np.frompyfunc(math.erfc, 1, 1)


def normal_cdf(x: Floats) -> Floats:
    """Return the standard normal distribution function (numpy alone has none)."""
    below: Floats = 0.5 * np.asarray(_erfc(-x / math.sqrt(2)), dtype=np.float64)
    return below


# Likelihood of a night and its derivatives by the log mean


def log_likelihood(target: Problem, eta: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """Return the log probability of all the counts in each lane, shape (n_lanes,).

    log p = y eta - (y + 1/d) log(1 + d mu) + sum over k < y of [log(1 + k d) - log(k + 1)]. The sum stands for
    lgamma(y + 1/d) - lgamma(1/d), which cancels where d is small.

    `eta` and `mean` have the shape (n_nights, n_lanes), `dispersion` (n_lanes,).
    """
    return log_kernel(target, eta, mean, dispersion) + log_normaliser(target, dispersion)


def log_kernel(target: Problem, eta: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """Return the part of the log likelihood that holds the mean, shape (n_lanes,)."""
    y = target.counts[:, None]
    nightly = y * eta - (y + 1 / dispersion) * np.log1p(dispersion * mean)
    total: Floats = nightly.sum(axis=0)
    return total


def log_normaliser(target: Problem, dispersion: Floats) -> Floats:
    """Return the part of the log likelihood that does not hold the mean, shape (n_lanes,)."""
    k = np.arange(len(target.nights_above))
    rising: Floats = target.nights_above @ np.log1p(k[:, None] * dispersion)
    return rising - target.log_factorials


def slope_and_weight(counts: Floats, mean: Floats, dispersion: Floats) -> tuple[Floats, Floats]:
    """Return first derivative and minus the second of a night's log likelihood by eta, shape (n_nights, n_lanes)."""
    y = counts[:, None]
    one = 1 + dispersion * mean
    pull = (1 + y * dispersion) * mean / one
    return y - pull, pull / one


def third(counts: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """Return the third derivative of a night's log likelihood by eta, shape (n_nights, n_lanes)."""
    ratio = dispersion * mean
    value: Floats = -(1 + counts[:, None] * dispersion) * mean * (1 - ratio) / (1 + ratio) ** 3
    return value


def fourth(counts: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """Return the fourth derivative of a night's log likelihood by eta, shape (n_nights, n_lanes)."""
    ratio = dispersion * mean
    value: Floats = -(1 + counts[:, None] * dispersion) * mean * (1 - 4 * ratio + ratio**2) / (1 + ratio) ** 4
    return value


# Precision of the drift


@dataclass(frozen=True, slots=True)
class Drift:
    """Tridiagonal precision of the drift over the closed nights; nights between them are integrated out exactly.

    Parameters
    ----------
    diagonal : ndarray of shape (n_nights, n_lanes)
    beside : ndarray of shape (n_nights - 1, n_lanes)
        Element (i + 1, i).
    log_determinant : ndarray of shape (n_lanes,)
    """

    diagonal: Floats
    beside: Floats
    log_determinant: Floats

    def times(self, v: Floats) -> Floats:
        """Return the precision times v, shape (n_nights, n_lanes)."""
        product = self.diagonal * v
        product[1:] += self.beside * v[:-1]
        product[:-1] += self.beside * v[1:]
        return product


def drift(gaps: Floats, rho: Floats) -> Drift:
    """Return the precision of a unit-variance AR(1) seen only on the closed nights.

    With r_i = rho^(t_i - t_{i-1}): Q_ii = 1/(1 - r_i^2) + r_{i+1}^2/(1 - r_{i+1}^2), Q_{i,i-1} = -r_i/(1 - r_i^2),
    log|Q| = -sum log(1 - r_i^2) (Rue and Held 2005, Gaussian Markov Random Fields, ch. 1).
    """
    r = np.power(rho, gaps[:, None])
    left = 1 - r**2
    diagonal = np.ones((len(gaps) + 1, len(rho)))
    diagonal[1:] = 1 / left
    diagonal[:-1] += r**2 / left
    return Drift(diagonal, -r / left, -np.log(left).sum(axis=0))
