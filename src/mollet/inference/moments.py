"""What each lane gives besides its mode: covariance, skewness of each coefficient, last night, next-order term.

References: Rue, Martino, Chopin 2009 (J R Stat Soc B 71:319) for the correction of each marginal; Shun and McCullagh
1995 (J R Stat Soc B 57:749) for the next-order term of Laplace's approximation; Dutta, van Niekerk, Rue (arXiv
2502.19083) for why rare counts need it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mollet.inference._numpy import Peaks, substitute_back
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
    path : ndarray of shape (n_nights, n_columns, n_lanes)
        Minus the change of the whole drift for each unit of a coefficient: T^-1 B.
    with_log_mean : ndarray of shape (n_nights, n_columns, n_lanes)
        Covariance of coefficients and log means.
    across : ndarray of shape (n_nights, n_columns, n_lanes)
        x_i - s (T^-1 B)_i.
    drift_variance, variance : ndarray of shape (n_nights, n_lanes)
        Diagonal of T^-1; variance of the log mean.
    """

    covariance: Floats
    tilt: Floats
    cube: Floats
    last_mean: Floats
    last_variance: Floats
    last_slope: Floats
    path: Floats
    with_log_mean: Floats
    across: Floats
    drift_variance: Floats
    variance: Floats


def moments(target: Problem, hyper: Hyper, found: Peaks) -> Moments:
    """Return covariance and skewness at the modes, in one more pass along the nights.

    With C_i = x_i - s (T^-1 B)_i and G_i = S^-1 C_i: V_i = s^2 (T^-1)_ii + C_i'G_i is the variance of eta_i. For
    coefficient j with variance c and a_i = G_ij / c, to third order in the likelihood,
    log p(theta_j) = -delta^2/(2c) + c1 delta + c3 delta^3/6, where
    c1 = 1/2 sum l'''_i a_i (V_i - a_i^2 c), c3 = sum l'''_i a_i^3.
    """
    covariance = np.asarray(np.linalg.inv(found.schur), dtype=np.float64)
    path = found.border / found.pivots[:, None, :]
    substitute_back(found.links, path)
    across = target.design[:, :, None] - hyper.s * path
    with_log_mean = np.einsum("lij,njl->nil", covariance, across)
    drift_variance = inverse_diagonal(found.pivots, found.links)
    variance = hyper.s**2 * drift_variance + (across * with_log_mean).sum(axis=1)
    bend = third(target.counts, np.exp(found.log_mean), hyper.dispersion)[:, None, :]
    sd: Floats = np.sqrt(np.einsum("ljj->jl", covariance))
    reach = with_log_mean / sd
    tilt = 0.5 * (bend * reach * (variance[:, None, :] - reach**2)).sum(axis=0)
    cube = (bend * reach**3).sum(axis=0) / 6
    return Moments(
        covariance,
        tilt,
        cube,
        found.state.v[-1],
        1 / found.pivots[-1],
        -path[-1],
        path,
        with_log_mean,
        across,
        drift_variance,
        variance,
    )


def inverse_diagonal(pivots: Floats, links: Floats) -> Floats:
    """Return the diagonal of T^-1 from T = L D L': (T^-1)_ii = 1/D_i + m_{i+1}^2 (T^-1)_{i+1,i+1}."""
    diagonal = 1 / pivots
    for i in range(len(links) - 1, -1, -1):
        diagonal[i] += links[i] ** 2 * diagonal[i + 1]
    return diagonal


def next_order(target: Problem, hyper: Hyper, found: Peaks, more: Moments, lanes: Lanes) -> Floats:
    """Return R, the next-order term of the log evidence, of some of the lanes.

    R = sum_i l''''_i V_i^2 / 8 + sum_ij l'''_i l'''_j (V_i V_ij V_j / 8 + V_ij^3 / 12), with V_ij the covariance of
    eta_i and eta_j: O(n_nights^2) for each lane.
    """
    first, bends = single_order(target, hyper, found, more, lanes)
    seconds = [second_order(hyper, found, more, bends[:, k], lane) for k, lane in enumerate(lanes)]
    total: Floats = first + np.array(seconds)
    return total


def single_order(target: Problem, hyper: Hyper, found: Peaks, more: Moments, lanes: Lanes) -> tuple[Floats, Floats]:
    """Return the single sum of `next_order`, and the third derivatives for the double one."""
    mean, dispersion = np.exp(found.log_mean[:, lanes]), hyper.dispersion[lanes]
    first: Floats = (fourth(target.counts, mean, dispersion) * more.variance[:, lanes] ** 2).sum(axis=0) / 8
    return first, third(target.counts, mean, dispersion)


def second_order(hyper: Hyper, found: Peaks, more: Moments, bend: Floats, lane: int) -> float:
    """Return the double sum of `next_order` in one lane."""
    v = log_mean_covariance(hyper, found, more, lane)
    pull = bend * more.variance[:, lane]
    return float(pull @ v @ pull / 8 + bend @ (v * v * v) @ bend / 12)


def log_mean_covariance(hyper: Hyper, found: Peaks, more: Moments, lane: int) -> Floats:
    """Return the covariance of all log means in one lane, shape (n_nights, n_nights).

    Off the diagonal (T^-1)_ij = (T^-1)_jj times the product of -m between them, i < j.
    """
    links = -found.links[:, lane]
    size = np.concatenate([[0.0], np.cumsum(np.log(np.abs(links) + 1e-300))])
    sign = np.concatenate([[1.0], np.cumprod(np.where(links < 0, -1.0, 1.0))])
    upper = np.triu(np.exp(np.minimum(size[None, :] - size[:, None], 0.0)) * sign[:, None] * sign)
    upper *= more.drift_variance[:, lane]
    drifts = upper + np.triu(upper, 1).T
    value: Floats = hyper.s[lane] ** 2 * drifts + more.across[:, :, lane] @ more.with_log_mean[:, :, lane].T
    return value
