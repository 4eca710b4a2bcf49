"""What each lane gives besides its mode: covariance, skewness of each coefficient, last night, next-order term.

References: Rue, Martino, Chopin 2009 (J R Stat Soc B 71:319) for the correction of each marginal; Shun and McCullagh
1995 (J R Stat Soc B 57:749) for the next-order term of Laplace's approximation; Dutta, van Niekerk, Rue (arXiv
2502.19083) for why rare counts need it.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mollet.inference._numpy import Peaks, State, System, factored, substitute_back
from mollet.inference.model import Hyper, Problem, fourth, third
from mollet.inference.priors import Floats

Lanes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Moments:
    """The Gaussian of each lane and how its marginals lean.

    Parameters
    ----------
    covariance : ndarray of shape (n_lanes, n_columns, n_columns)
        Of the coefficients.
    tilt, cube : ndarray of shape (n_columns, n_lanes)
        Log density of coefficient j at u standard deviations from the mode: -u^2/2 + tilt u + cube u^3.
    last_mean, last_variance : ndarray of shape (n_lanes,)
        Drift v on the last night, given the coefficients at their mode.
    last_slope : ndarray of shape (n_columns, n_lanes)
        Change of that mean for each unit of a coefficient.
    variance : ndarray of shape (n_nights, n_lanes)
        Variance of the log mean.
    path : ndarray of shape (n_nights, n_columns, n_lanes)
        Minus the change of the whole drift for each unit of a coefficient: T^-1 B. Without nights where not asked for.
    next_order : ndarray of shape (n_lanes,)
        The next-order term of the log evidence, of the lanes that weigh if it was asked for.
    """

    covariance: Floats
    tilt: Floats
    cube: Floats
    last_mean: Floats
    last_variance: Floats
    last_slope: Floats
    variance: Floats
    path: Floats
    next_order: Floats


NEGLIGIBLE = 1e-2
"""Weight, relative to the largest, below which a node's next-order term is taken from the others."""


def nodes(
    target: Problem, hyper: Hyper, start: State, tolerance: float, path: bool, outside: Floats | None
) -> tuple[Peaks, Moments]:
    """Climb to the modes, and return what each gives besides.

    Parameters
    ----------
    target, hyper, start, tolerance
        As for `_numpy.peaks`.
    path : bool
        Whether it is wanted.
    outside : ndarray of shape (n_lanes,), optional
        What the log weight of each lane has besides its `log_joint`, if the next-order term is wanted.
    """
    found, system = factored(target, hyper, start, tolerance)
    lanes = np.arange(0) if outside is None else weighty(found.log_joint + outside)
    return found, moments(target, hyper, found, system, path, lanes)


def weighty(log_weight: Floats) -> Lanes:
    """Return the lanes that are not negligible."""
    known = np.where(np.isfinite(log_weight), log_weight, -1e300)
    return np.flatnonzero(known >= known.max() + math.log(NEGLIGIBLE))


def moments(target: Problem, hyper: Hyper, found: Peaks, system: System, path_too: bool, lanes: Lanes) -> Moments:
    """Return covariance and skewness at the modes, in one more pass along the nights.

    With C_i = x_i - s (T^-1 B)_i and G_i = S^-1 C_i: V_i = s^2 (T^-1)_ii + C_i'G_i is the variance of eta_i. For
    coefficient j with variance c and a_i = G_ij / c, to third order in the likelihood,
    log p(theta_j) = -delta^2/(2c) + c1 delta + c3 delta^3/6, where
    c1 = 1/2 sum l'''_i a_i (V_i - a_i^2 c), c3 = sum l'''_i a_i^3.
    """
    covariance = np.asarray(np.linalg.inv(system.schur), dtype=np.float64)
    path = system.border / system.pivots[:, None, :]
    substitute_back(system.links, path)
    across = target.design[:, :, None] - hyper.s * path
    with_log_mean = np.einsum("lij,njl->nil", covariance, across)
    own = hyper.s**2 * inverse_diagonal(system.pivots, system.links)
    variance = own + (across * with_log_mean).sum(axis=1)
    mean = np.exp(found.log_mean)
    bend = third(target.counts, mean, hyper.dispersion)
    sd: Floats = np.sqrt(np.einsum("ljj->jl", covariance))
    reach = with_log_mean / sd
    tilt = 0.5 * (bend[:, None, :] * reach * (variance[:, None, :] - reach**2)).sum(axis=0)
    cube = (bend[:, None, :] * reach**3).sum(axis=0) / 6
    order = np.zeros_like(variance[0])
    if len(lanes):
        single = (fourth(target.counts, mean, hyper.dispersion) * variance**2).sum(axis=0) / 8
        links, directions, bends, owns, variances = (
            part[..., lanes] for part in (system.links, across, bend, own, variance)
        )
        order[lanes] = single[lanes] + double_sum(links, directions, bends, owns, variances, covariance[lanes])
    return Moments(
        covariance,
        tilt,
        cube,
        found.state.v[-1],
        1 / system.pivots[-1],
        -path[-1],
        variance,
        path if path_too else path[:0],
        order,
    )


def inverse_diagonal(pivots: Floats, links: Floats) -> Floats:
    """Return the diagonal of T^-1 from T = L D L': (T^-1)_ii = 1/D_i + m_{i+1}^2 (T^-1)_{i+1,i+1}."""
    diagonal = 1 / pivots
    for i in range(len(links) - 1, -1, -1):
        diagonal[i] += links[i] ** 2 * diagonal[i + 1]
    return diagonal


def double_sum(
    links: Floats, across: Floats, bend: Floats, own: Floats, variance: Floats, covariance: Floats
) -> Floats:
    """Return sum_ij l'''_i l'''_j (V_i V_ij V_j / 8 + V_ij^3 / 12), V_ij the covariance of eta_i and eta_j.

    V_ij = a_ij + b_ij: the drift's part is a_ij = s^2 (T^-1)_jj times the product of -m between i and j, i < j; the
    coefficients' is b_ij = C_i' S^-1 C_j. Powers of either fall apart into what belongs to i and what to j, so that
    running sums over all later nights take the place of all pairs: O(n_nights n_columns^3) and not O(n_nights^2).

    Parameters
    ----------
    links : ndarray of shape (n_nights - 1, n_lanes)
        m.
    across : ndarray of shape (n_nights, n_columns, n_lanes)
        C_i.
    bend, own, variance : ndarray of shape (n_nights, n_lanes)
        l'''_i, s^2 (T^-1)_ii and V_i.
    covariance : ndarray of shape (n_lanes, n_columns, n_columns)
        S^-1.
    """
    c = np.einsum("lkj,nkl->njl", np.linalg.cholesky(covariance), across)  # so that b_ij = c_i'c_j
    squares = c[:, :, None] * c[:, None]
    tug, heard = bend * variance, bend * own
    pulls, tugs = heard * own, tug * own
    through, through2 = np.einsum("nl,njl->jl", tug, c), np.einsum("nl,njl,nkl->njkl", heard, c, c)
    double = (tug * tugs).sum(axis=0) + (through**2).sum(axis=0)
    rest = variance - own
    cubic = (bend**2 * (variance**3 - rest**3)).sum(axis=0) + coefficients_alone(bend, c)
    later, later1 = np.zeros_like(tug[0]), np.zeros_like(tug[0])
    later2, later3 = np.zeros_like(c[0]), np.zeros_like(squares[0])
    for i in range(len(links) - 1, -1, -1):
        turn = -links[i]
        later = turn * (later + tugs[i + 1])
        later1 = turn**3 * (later1 + pulls[i + 1] * own[i + 1])
        later2 = turn**2 * (later2 + pulls[i + 1] * c[i + 1])
        later3 = turn * (later3 + through2[i + 1])
        double += 2 * tug[i] * later
        third_powers = later1 + 3 * ((c[i] * later2).sum(axis=0) + (squares[i] * later3).sum(axis=(0, 1)))
        cubic += 2 * bend[i] * third_powers
    total: Floats = double / 8 + cubic / 12
    return total


def coefficients_alone(bend: Floats, c: Floats) -> Floats:
    """Return sum_ij l'''_i l'''_j (c_i'c_j)^3 of each lane: the squared length of a tensor of third powers."""
    n, p, lanes = c.shape
    by_lane = np.ascontiguousarray(np.moveaxis(c, 2, 0))
    squares = (by_lane[:, :, :, None] * by_lane[:, :, None]).reshape(lanes, n, p * p)
    tensor = np.matmul((squares * bend.T[:, :, None]).transpose(0, 2, 1), by_lane)
    length: Floats = (tensor**2).sum(axis=(1, 2))
    return length
