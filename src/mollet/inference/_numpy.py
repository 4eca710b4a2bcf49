"""The inner step in NumPy: mode and curvature of drift and coefficients for many (s, rho, kappa) at once.

This is the specification. All arrays carry their lanes last, so that the walk along the nights is a Python loop over
rows whose every operation serves all lanes. `_kernels` is the same step compiled, and is held to this one by a test.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mollet.inference.model import (
    LARGEST_LOG_MEAN,
    LEAST_LOG_MEAN,
    Drift,
    Hyper,
    Problem,
    drift,
    log_kernel,
    log_normaliser,
    slope_and_weight,
)
from mollet.inference.priors import Floats

MOST_STEPS = 60
MOST_HALVINGS = 30
LONGEST_STEP = 5.0
"""Newton decrement at which a first step is shortened, about five posterior standard deviations; twice as much is
allowed after every shortened step that led upwards, so that a start far out is no long way."""


@dataclass(frozen=True, slots=True)
class State:
    """A place: drift v of shape (n_nights, n_lanes) and coefficients of shape (n_columns, n_lanes)."""

    v: Floats
    theta: Floats

    def lanes(self, index: object) -> "State":
        """Return some of the lanes."""
        return State(self.v[:, index], self.theta[:, index])  # type: ignore[index]


@dataclass(frozen=True, slots=True)
class Peaks:
    """What the inner step found in each lane.

    Parameters
    ----------
    state : State
        The mode.
    log_joint : ndarray of shape (n_lanes,)
        Laplace approximation of log p(counts | s, rho, kappa).
    log_mean : ndarray of shape (n_nights, n_lanes)
        eta at the mode.
    steps : int
        Newton steps of the slowest lane.
    converged : ndarray of bool, shape (n_lanes,)
    """

    state: State
    log_joint: Floats
    log_mean: Floats
    steps: int
    converged: NDArray[np.bool_]


def peaks(target: Problem, hyper: Hyper, start: State, tolerance: float) -> Peaks:
    """Climb to the mode of drift and coefficients by Newton's method, in all lanes at once: `factored`."""
    return factored(target, hyper, start, tolerance)[0]


def factored(target: Problem, hyper: Hyper, start: State, tolerance: float) -> "tuple[Peaks, System]":
    """Climb, and return besides what was found the last Newton system.

    The target is log-concave, so that Newton with shortened steps always arrives. A lane is done when its squared
    Newton decrement is below `tolerance`; half of it is then added to the height. Where not even the shortest step
    leads upwards, numbers have come to their end, and nothing more is tried.

    Parameters
    ----------
    target : Problem
        Nights, design, priors.
    hyper : Hyper
        One value in each lane.
    start : State
        Where to set out, one place in each lane.
    tolerance : float
        Squared Newton decrement at which to stop.
    """
    q = drift(target.gaps, hyper.rho)
    state, eta = start, log_mean(target, hyper, start)
    height, mean = height_and_mean(target, hyper, q, state, eta)
    longest, stuck = np.full(len(hyper.s), LONGEST_STEP), np.zeros(len(hyper.s), dtype=np.bool_)
    for step in range(1, MOST_STEPS + 1):
        system = solve(target, hyper, q, state, mean)
        if ((system.decrement < tolerance) | stuck).all() or step == MOST_STEPS:
            break
        state, eta, height, mean = climb(target, hyper, q, state, height, system, longest, stuck)
    height = height + log_normaliser(target, hyper.dispersion)
    return finish(target, hyper, q, state, height, system, tolerance, step), system


def log_mean(target: Problem, hyper: Hyper, state: State) -> Floats:
    """Return eta, kept within what exp() bears; shape (n_nights, n_lanes)."""
    eta = target.design @ state.theta + hyper.s * state.v + target.offset
    return np.clip(eta, LEAST_LOG_MEAN, LARGEST_LOG_MEAN)


def height_and_mean(target: Problem, hyper: Hyper, q: Drift, state: State, eta: Floats) -> tuple[Floats, Floats]:
    """Return log likelihood plus log prior (without their constants) at a place, and the mean of each night there."""
    mean = np.exp(eta)
    away = state.theta - target.prior_mean[:, None]
    height = log_kernel(target, eta, mean, hyper.dispersion)
    height -= 0.5 * (state.v * q.times(state.v)).sum(axis=0) + 0.5 * (target.prior_precision @ away**2)
    return height, mean


@dataclass(frozen=True, slots=True)
class System:
    """The Newton system at a place, factored, with its step and squared decrement.

    Parameters
    ----------
    pivots, links : ndarray of shape (n_nights, n_lanes) and (n_nights - 1, n_lanes)
        D and the subdiagonal of L in T = L D L', where T = Q + s^2 W is the drift's curvature.
    border : ndarray of shape (n_nights, n_columns, n_lanes)
        L^-1 B, with B = s W X.
    schur : ndarray of shape (n_lanes, n_columns, n_columns)
        Curvature of the coefficients with the drift integrated out; its inverse is their covariance.
    step : State
    decrement : ndarray of shape (n_lanes,)
    """

    pivots: Floats
    links: Floats
    border: Floats
    schur: Floats
    step: State
    decrement: Floats


def solve(target: Problem, hyper: Hyper, q: Drift, state: State, mean: Floats) -> System:
    """Solve the Newton system: an arrowhead of a tridiagonal drift and a small dense corner of coefficients.

    T = Q + s^2 W, border B = s W X, corner C = P + X'WX; with T = L D L' in O(n), the coefficients' system is
    S = C - (L^-1 B)' D^-1 (L^-1 B) (Rue, Martino, Chopin 2009, J R Stat Soc B 71:319, for the use of it).
    """
    n, p, lanes = target.n_nights, target.n_columns, mean.shape[1]
    slope, weight = slope_and_weight(target.counts, mean, hyper.dispersion)
    away = state.theta - target.prior_mean[:, None]
    slope_theta = target.design.T @ slope - target.prior_precision[:, None] * away
    right = np.empty((n, p + 1, lanes))
    right[:, 0] = hyper.s * slope - q.times(state.v)
    right[:, 1:] = target.design[:, :, None] * (hyper.s * weight)[:, None, :]
    slope_v = right[:, 0].copy()
    pivots, links = eliminate(q.diagonal + hyper.s**2 * weight, q.beside, right)
    scaled = right / pivots[:, None, :]
    cross = np.einsum("nil,njl->lij", scaled, right[:, 1:])
    corner = (weight.T @ target.squares).reshape(lanes, p, p) + np.diag(target.prior_precision)
    schur = corner - cross[:, 1:]
    step_theta = np.linalg.solve(schur, (slope_theta.T - cross[:, 0])[:, :, None])[:, :, 0].T
    step_v = scaled[:, 0] - np.einsum("nil,il->nl", scaled[:, 1:], step_theta)
    substitute_back(links, step_v)
    decrement = (slope_v * step_v).sum(axis=0) + (slope_theta * step_theta).sum(axis=0)
    return System(pivots, links, right[:, 1:], schur, State(step_v, step_theta), decrement)


def eliminate(diagonal: Floats, beside: Floats, right: Floats) -> tuple[Floats, Floats]:
    """Factor a tridiagonal matrix as L D L', and put L^-1 right into `right`; returns D and the subdiagonal of L."""
    pivots, links = diagonal.copy(), np.empty_like(beside)
    for i in range(1, len(diagonal)):
        np.divide(beside[i - 1], pivots[i - 1], out=links[i - 1])
        pivots[i] -= links[i - 1] * beside[i - 1]
        right[i] -= links[i - 1] * right[i - 1]
    return pivots, links


def substitute_back(links: Floats, right: Floats) -> None:
    """Put L'^-1 right into `right`, whose first axis is the nights."""
    for i in range(len(links) - 1, -1, -1):
        right[i] -= links[i] * right[i + 1]


def climb(
    target: Problem,
    hyper: Hyper,
    q: Drift,
    state: State,
    height: Floats,
    system: System,
    longest: Floats,
    stuck: NDArray[np.bool_],
) -> tuple[State, Floats, Floats, Floats]:
    """Take the Newton step, shortened where it is very long, halved in the lanes where it would descend.

    `longest` is changed, what the next step may be at most, and `stuck`: the lanes in which every step descends.
    """
    allowed = np.minimum(1.0, longest / np.sqrt(np.maximum(system.decrement, 1e-300)))
    share = np.where(stuck, 0.0, allowed)
    for _ in range(MOST_HALVINGS):
        there = State(state.v + share * system.step.v, state.theta + share * system.step.theta)
        eta = log_mean(target, hyper, there)
        found, mean = height_and_mean(target, hyper, q, there, eta)
        falls = ~(stuck | (found >= height - 1e-9 * (1 + np.abs(height))))
        if not falls.any():
            break
        share = np.where(falls, 0.5 * share, share)
    stuck |= falls
    longest[(allowed < 1) & (share == allowed)] *= 2
    return there, eta, found, mean


def finish(
    target: Problem,
    hyper: Hyper,
    q: Drift,
    state: State,
    height: Floats,
    system: System,
    tolerance: float,
    steps: int,
) -> Peaks:
    """Take the last small step, and put the height together with the determinants."""
    there = State(state.v + system.step.v, state.theta + system.step.theta)
    determinants = q.log_determinant + np.log(target.prior_precision).sum() - np.log(system.pivots).sum(axis=0)
    arrived = system.decrement < tolerance
    log_joint = height + 0.5 * np.where(arrived, system.decrement, 0.0)
    log_joint += 0.5 * (determinants - np.linalg.slogdet(system.schur)[1])
    return Peaks(
        there,
        log_joint,
        log_mean(target, hyper, there),
        steps,
        arrived,
    )
