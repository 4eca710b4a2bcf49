"""The outer step: find where (s, rho, kappa) are likely, lay a grid of nodes there, and mix what each node says."""

import math
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations, product
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from mollet.errors import FitError
from mollet.inference._numpy import Peaks, State
from mollet.inference.engine import Engine, Twin, engine
from mollet.inference.model import LARGEST_LOG_MEAN, LEAST_LOG_MEAN, Hyper, Problem, hyper_at, log_prior, problem
from mollet.inference.moments import Moments, weighty
from mollet.inference.posterior import Evidence, Mixture, Posterior
from mollet.inference.priors import Floats, Priors

Precision = Literal["preview", "default", "high"]

STENCIL_STEP = 0.25
LEAST_CURVATURE = 0.3
"""Floor of the curvature of (s, rho, kappa); their priors alone give about one."""
SPLIT_AT, SPLIT_FAR = 1.5, 3.0
"""Standard deviations from the mode at which the surface is measured on either side of each axis."""
CROOKED = 0.3
"""Difference of log reach, near to far or below to above, from which an axis takes one node more."""
MISSED = 1.0
"""Divergence of the nodes' weights from a Gaussian's from which they are laid again, 9 a side: about one diary in a
hundred, most of them with two modes. The next after those had 0.8, and nothing to gain."""
FARTHEST_GUESS = 2.4
"""Standard deviations from the mode up to which drift and coefficients are extrapolated as a start."""
LONGEST_MOVE, FARTHEST_Z = 1.5, 6.0
NEAR_ENOUGH = 0.03
"""Squared Newton decrement in z at which one last step is near enough to the mode for laying nodes."""
FEW_CRAMPS = 10
"""Below it the baseline is so skewed that its marginal takes the five-point form (an arbitrary, cautious bound)."""
FIVE_POINTS = np.array([-2.6, -1.3, 1.3, 2.6])
MOST_OUTER_STEPS = 25
MOST_CUBIC = 1 / 6
"""Cubic part of a log density, in standard deviations, that outweighs the Gaussian at three of them. With the default
priors it stays below 0.1; priors several times as wide and next to no cramps bring it there, and nothing holds then."""
LIKELY = 1e-2
TOLERANCE = 1e-5
"""Squared Newton decrement at which the inner step stops."""
NODES_A_SIDE = {"preview": 3, "default": 5, "high": 5}
MORE_NODES_A_SIDE = 9


def fit(
    counts: object,
    gaps: object,
    design: object,
    priors: Priors,
    *,
    precision: Precision = "default",
    evidence: bool = False,
    start: Posterior | None = None,
    twin: Twin = "ready",
) -> Posterior:
    """Posterior of the nightly cramp rate and of what changes it.

    Open and unlogged nights are left out beforehand and bridged by `gaps`; they are never zeros.

    Parameters
    ----------
    counts, gaps : array_like of shape (n_nights,) and (n_nights - 1,), whole numbers
        Cramps of each closed night; nights from each to the next, 1 when none is left out.
    design : array_like of shape (n_nights, n_columns)
        A constant, the covariates, the arm.
    priors : Priors
        Of each column (log scale), of drift and of overdispersion.
    precision : {"default", "high", "preview"}
        "high" follows every coefficient by the full Laplace approximation at five points; "preview" has 27 nodes
        instead of 125.
    evidence : bool
        Whether the next-order term enters the weights and the log evidence of a preview too; otherwise it always
        does.
    start : Posterior, optional
        An earlier posterior with the same columns, from whose mode to set out.
    twin : {"ready", "numpy", "kernels"}
        The compiled kernels where they stand ready, or one of the two whatever it takes. They agree to 1e-4 sd.

    Returns
    -------
    Posterior
        Marginal densities on a grid, quantiles, draws on request, and diagnostics. Where nothing could be computed it
        is the prior, and `problems` holds `not_converged`.

    Raises
    ------
    DesignError
        Where the arrays do not fit together. A fit that went badly is no error but `Posterior.problems`.
    FitError
        Where there is no such precision or twin.
    """
    if precision not in NODES_A_SIDE:
        raise FitError("error.fit.precision", precision=precision, known=", ".join(NODES_A_SIDE))
    if twin not in get_args(Twin):
        raise FitError("error.fit.twin", twin=twin, known=", ".join(get_args(Twin)))
    target = problem(counts, gaps, design, priors)
    if target.n_nights == 0:
        return prior_only(priors)
    try:
        with np.errstate(all="ignore"):
            found = fit_problem(target, priors, engine(twin), precision, evidence, start)
    except (ValueError, ArithmeticError):  # a factor of no matrix, a logarithm of nothing
        return failed(priors)
    return found if found.mixture.is_finite() else failed(priors)


def fit_problem(
    target: Problem, priors: Priors, inner: Engine, precision: Precision, evidence: bool, start: Posterior | None
) -> Posterior:
    """Fit a checked problem with one of the two engines."""
    search = Search(target, priors, inner)
    summit = find_summit(search, *starting_place(target, start))
    columns = followed(target, precision)
    next_order = evidence or precision != "preview"
    nodes = lay_nodes(summit, summit.sides(NODES_A_SIDE[precision]) if precision != "preview" else THREE_EACH)
    found, more, log_weight = weighed(search, summit, nodes, bool(columns), next_order)
    arrived = bool(found.peaks.converged.all())
    if precision != "preview" and arrived and divergence(log_weight, nodes) > MISSED:
        nodes = lay_nodes(summit, (MORE_NODES_A_SIDE,) * 3)
        found, more, log_weight = weighed(search, summit, nodes, bool(columns), next_order)
    mixture = mix(target, priors, found, more, log_weight, columns, inner)
    return Posterior(mixture, priors, problems_of(summit, found, mixture), evidence_of(target, found, more))


def weighed(
    search: "Search", summit: "Summit", nodes: "Nodes", path: bool, next_order: bool
) -> tuple["Found", Moments, Floats]:
    """Visit the nodes; returns their log weights too."""
    found, more = search.nodes(nodes, summit.predicted(nodes.z), path, next_order)
    log_weight = found.log_joint + nodes.log_volume
    return found, more, log_weight + where_it_weighs(more.next_order, log_weight)


def divergence(log_weight: Floats, nodes: "Nodes") -> float:
    """Return the Kullback-Leibler divergence of the nodes' weights from those of a Gaussian surface."""
    share = np.exp(log_weight - log_weight.max())
    share /= share.sum()
    here = share > 0
    return float(share[here] @ (np.log(share[here]) - nodes.log_gaussian[here]))


def where_it_weighs(next_order: Floats, log_weight: Floats) -> Floats:
    """Return the next-order term of each node; nodes of no weight are given the average of the others."""
    lanes = weighty(log_weight)
    share = np.exp(log_weight[lanes] - log_weight[lanes].max())
    terms = next_order[lanes]
    whole = np.full(len(log_weight), float(terms @ share / share.sum()))
    whole[lanes] = terms
    return whole


# Going to the summit of (s, rho, kappa)


class HopelessError(ArithmeticError):
    """Nowhere does the climb arrive: no node would, and all of them would take long over it."""


@dataclass(frozen=True)
class Found:
    """Lanes that were visited: where, how high, and what was there."""

    z: Floats
    hyper: Hyper
    peaks: Peaks
    log_joint: Floats


@dataclass(frozen=True)
class Search:
    """The surface log p(counts, z), to be visited at many z at once."""

    target: Problem
    priors: Priors
    inner: Engine

    def at(self, z: Floats, start: State) -> Found:
        """Visit z of shape (3, n_lanes)."""
        hyper = hyper_at(z, self.priors)
        peaks = self.inner.peaks(self.target, hyper, start, TOLERANCE)
        return found_at(z, hyper, peaks, log_prior(z, hyper, self.priors))

    def nodes(self, nodes: "Nodes", start: State, path: bool, next_order: bool) -> tuple[Found, Moments]:
        """Visit nodes, and take the moments there."""
        z = nodes.z
        hyper = hyper_at(z, self.priors)
        prior = log_prior(z, hyper, self.priors)
        outside = prior + nodes.log_volume if next_order else None
        peaks, more = self.inner.nodes(self.target, hyper, start, TOLERANCE, path, outside)
        return found_at(z, hyper, peaks, prior), more


def found_at(z: Floats, hyper: Hyper, peaks: Peaks, prior: Floats) -> Found:
    """Put the prior of z to what the inner step has found; what is no number is out of the question."""
    height = peaks.log_joint + prior
    return Found(z, hyper, peaks, np.where(np.isfinite(height), height, -1e300))


@dataclass(frozen=True)
class Place:
    """A z, with drift and coefficients there (one lane) and their change with each z (three lanes)."""

    z: Floats
    state: State
    moves: State

    def predicted(self, z: Floats) -> State:
        """Return where drift and coefficients should be at other z, to first order."""
        away = z - self.z[:, None]
        return State(self.state.v + self.moves.v @ away, self.state.theta + self.moves.theta @ away)


@dataclass(frozen=True)
class Summit:
    """The mode in z, its axes, and what was found on either side of it.

    Parameters
    ----------
    z : ndarray of shape (3,)
        The mode.
    axes : ndarray of shape (3, 3)
        Orthogonal directions in its columns.
    sd, below, above : ndarray of shape (3,)
        Standard deviation along each axis by the curvature, and towards either side by what was measured there.
    crooked : ndarray of bool, shape (3,)
        Whether an axis is far from Gaussian.
    states : State
        Drift and coefficients at the mode, 1.5 sd above it on each axis, and 1.5 sd below; seven lanes.
    reached : bool
        Whether the climb came to its end.
    """

    z: Floats
    axes: Floats
    sd: Floats
    below: Floats
    above: Floats
    crooked: NDArray[np.bool_]
    states: State
    reached: bool

    def sides(self, least: int) -> tuple[int, int, int]:
        """Return how many nodes each axis takes."""
        one, two, three = (least + int(crooked) for crooked in self.crooked)
        return one, two, three

    def predicted(self, z: Floats) -> State:
        """Return where drift and coefficients should be at other z: a parabola through what was found on each axis."""
        away = within(self.axes.T @ (z - self.z[:, None]) / self.sd[:, None], -FARTHEST_GUESS, FARTHEST_GUESS)
        share = np.concatenate([away * (away + SPLIT_AT), away * (away - SPLIT_AT)]) / (2 * SPLIT_AT**2)
        return State(
            *(part[:, :1] + (part[:, 1:] - part[:, :1]) @ share for part in (self.states.v, self.states.theta))
        )


def within(values: Floats, least: float, most: float) -> Floats:
    """Return values kept between two bounds (`numpy.clip` takes several times as long for so few)."""
    return np.minimum(np.maximum(values, least), most)


def starting_place(target: Problem, start: Posterior | None) -> tuple[Floats, State]:
    """Return z and a state to set out from: an earlier posterior's, or a guess."""
    v, theta = np.zeros((target.n_nights, 1)), target.prior_mean[:, None].copy()
    if start is not None and start.n_columns == target.n_columns:
        return start.mixture.summit_z.copy(), State(v, start.mixture.summit_theta[:, None].copy())
    if target.n_columns:
        theta[0] = math.log(target.counts.mean() + 0.1)
    return np.array([usual_size(target.counts), 0.05, 0.1]), State(v, theta)


def usual_size(counts: Floats) -> float:
    """Return z1, the size of drift and mixture together, where the mode usually is for such counts.

    A straight line through 124 simulated diaries: it shortens the way and decides nothing.
    """
    mean = float(counts.mean())
    excess = (float(counts.var()) - mean) / max(mean, 1e-9) ** 2
    return 0.24 + 0.45 * math.log(min(max(excess, 0.02), 10.0)) * mean / (mean + 0.5)


def stencil() -> Floats:
    """Return the 13 places of a second-order finite difference in three dimensions, shape (3, 13)."""
    axis = np.eye(3)
    pairs = [axis[i] + axis[j] for i, j in PAIRS]
    places = [np.zeros(3), *axis, *-axis, *pairs, *(-pair for pair in pairs)]
    return STENCIL_STEP * np.array(places).T


PAIRS = tuple(combinations(range(3), 2))
STENCIL = stencil()


def differences() -> Floats:
    """Return the weights of the 13 heights in gradient and Hessian at the middle of the stencil, shape (12, 13)."""
    one = np.eye(13)
    middle, plus, minus, both, neither = one[0], one[1:4], one[4:7], one[7:10], one[10:13]
    h2 = STENCIL_STEP**2
    hessian = np.zeros((3, 3, 13))
    for i in range(3):
        hessian[i, i] = (plus[i] + minus[i] - 2 * middle) / h2
    for k, (i, j) in enumerate(PAIRS):
        mixed = both[k] + neither[k] + 2 * middle - plus[i] - minus[i] - plus[j] - minus[j]
        hessian[i, j] = hessian[j, i] = mixed / (2 * h2)
    return np.concatenate([(plus - minus) / (2 * STENCIL_STEP), hessian.reshape(9, 13)])


DIFFERENCES = differences()


def find_summit(search: Search, z: Floats, state: State) -> Summit:
    """Climb to the mode of z by Newton's method with finite differences, 13 lanes a step."""
    still = np.zeros((1, 3))
    place = Place(z, state, State(still.repeat(len(state.v), axis=0), still.repeat(len(state.theta), axis=0)))
    best, last = -math.inf, place
    for _ in range(MOST_OUTER_STEPS):
        around = place.z[:, None] + STENCIL
        found = search.at(around, place.predicted(around))
        if not found.peaks.converged.any():
            raise HopelessError
        if found.log_joint[0] < best - 1e-3:
            place = between(last, place)
            continue
        best = float(found.log_joint[0])
        slopes = DIFFERENCES @ found.log_joint
        slope, (curvature, axes) = slopes[:3], axes_of(slopes[3:].reshape(3, 3))
        move = axes @ ((axes.T @ slope) / curvature)
        last = Place(place.z, found.peaks.state.lanes(slice(0, 1)), moves_of(found.peaks.state))
        place = moved(last, move)
        if slope @ move < NEAR_ENOUGH:
            return split(search, place, axes, 1 / np.sqrt(curvature), True)
    return split(search, last, np.eye(3), np.ones(3), False)


def between(here: Place, there: Place) -> Place:
    """Return the place halfway back, where a step has led downwards."""
    z = 0.5 * (here.z + there.z)
    return Place(z, here.predicted(z[:, None]), here.moves)


def moved(place: Place, move: Floats) -> Place:
    """Return the place after a step, which is kept short and within what the priors leave possible."""
    short = move * min(1.0, LONGEST_MOVE / max(float(np.abs(move).max()), 1e-12))
    z = within(place.z + short, -FARTHEST_Z, FARTHEST_Z)
    return Place(z, place.predicted(z[:, None]), place.moves)


def axes_of(hessian: Floats) -> tuple[Floats, Floats]:
    """Return curvatures, floored, and axes of minus a Hessian; flat ground where it is not finite."""
    if not np.isfinite(hessian).all():
        return np.ones(3), np.eye(3)
    curvature, axes = np.linalg.eigh(-hessian)
    return np.maximum(curvature, LEAST_CURVATURE), axes


def moves_of(state: State) -> State:
    """Return the change of drift and coefficients with each z, from the stencil's lanes."""
    return State(*((part[:, 1:4] - part[:, 4:7]) / (2 * STENCIL_STEP) for part in (state.v, state.theta)))


def split(search: Search, place: Place, axes: Floats, sd: Floats, reached: bool) -> Summit:
    """Measure how far the surface reaches on either side of each axis: a split normal (Martins et al. 2013).

    Near the mode and farther out, and the shorter reach is taken: behind a plateau there is often a slope.
    """
    near, far = SPLIT_AT * axes * sd, SPLIT_FAR * axes * sd
    there = place.z[:, None] + np.concatenate([np.zeros((3, 1)), near, -near, far, -far], axis=1)
    found = search.at(there, place.predicted(there))
    drop = np.maximum(found.log_joint[0] - found.log_joint[1:], 1e-6).reshape(4, 3)
    reach = within(MEASURED_AT / np.sqrt(2 * drop), 1 / 3, 2.0)
    shorter = np.minimum(reach[:2], reach[2:])
    log_reach = np.log(np.concatenate([reach, shorter]))
    crooked = np.abs(log_reach[[0, 1, 4]] - log_reach[[2, 3, 5]]).max(axis=0) > CROOKED
    if not found.peaks.converged.any():
        raise HopelessError
    states = found.peaks.state.lanes(slice(0, 7))
    return Summit(place.z, axes, sd, sd * shorter[1], sd * shorter[0], crooked, states, reached)


MEASURED_AT = np.array([[SPLIT_AT], [SPLIT_AT], [SPLIT_FAR], [SPLIT_FAR]])


# Laying the nodes


@dataclass(frozen=True)
class Nodes:
    """Quadrature nodes in z, shape (3, n_nodes), with the log volume and the log Gaussian weight of each."""

    z: Floats
    log_volume: Floats
    log_gaussian: Floats


def lay_nodes(summit: Summit, sides: tuple[int, int, int]) -> Nodes:
    """Return a Gauss-Hermite product grid, stretched along each axis and to each side by the split normal."""
    grid, volume, log_gaussian = standard_nodes(sides)
    middle = 0.5 * (summit.below + summit.above)[:, None]
    stretch = np.where(grid > 1e-9, summit.above[:, None], np.where(grid < -1e-9, summit.below[:, None], middle))
    z = summit.z[:, None] + summit.axes @ (grid * stretch)
    return Nodes(z, volume + np.log(stretch).sum(axis=0), log_gaussian)


@cache
def standard_nodes(sides: tuple[int, int, int]) -> tuple[Floats, Floats, Floats]:
    """Return the product grid for a standard normal in three dimensions, with log volumes and log weights."""
    axes = [np.polynomial.hermite_e.hermegauss(side) for side in sides]
    grid = np.array(list(product(*(points for points, _ in axes)))).T
    log_weight = np.log(np.array(list(product(*(weights / weights.sum() for _, weights in axes))))).sum(axis=1)
    volume = log_weight + 0.5 * (grid**2).sum(axis=0) + 1.5 * math.log(2 * math.pi)
    return grid, volume, log_weight


THREE_EACH = (3, 3, 3)


# Mixing what the nodes say


def followed(target: Problem, precision: Precision) -> tuple[int, ...]:
    """Return the coefficients whose marginal takes the five-point form."""
    if precision == "high":
        return tuple(range(target.n_columns))
    return (0,) if target.counts.sum() < FEW_CRAMPS and precision == "default" else ()


def mix(
    target: Problem,
    priors: Priors,
    found: Found,
    more: Moments,
    log_weight: Floats,
    columns: tuple[int, ...],
    inner: Engine,
) -> Mixture:
    """Put the nodes together: their weights, their Gaussians and how each marginal leans."""
    total = float(np.logaddexp.reduce(log_weight))
    shape = np.zeros((4, *more.tilt.shape))
    shape[0], shape[2] = more.tilt, more.cube
    clamp = np.full(target.n_columns, 3.5)
    for column in columns:
        if not is_followable(more.cube[column], log_weight):
            continue
        shape[:, column] = follow(target, found, more, column, inner)
        clamp[column] = 3.0
    top = int(np.argmax(found.log_joint))
    return Mixture(
        weight=np.exp(log_weight - total),
        log_evidence=total,
        z=found.z,
        s=found.hyper.s,
        rho=found.hyper.rho,
        kappa=found.hyper.kappa,
        mode=found.peaks.state.theta,
        covariance=more.covariance,
        shape=shape,
        clamp=clamp,
        last_mean=more.last_mean,
        last_variance=more.last_variance,
        last_slope=more.last_slope,
        summit_z=found.z[:, top],
        summit_theta=found.peaks.state.theta[:, top],
    )


def is_followable(cube: Floats, log_weight: Floats) -> bool:
    """Whether five points make sense: 2.6 sd from a mode this skewed may be beyond all that a mean can be."""
    return bool((np.abs(cube[weighty(log_weight)]) < 1).all())


def follow(target: Problem, found: Found, more: Moments, column: int, inner: Engine) -> Floats:
    """Return a quartic for one coefficient's marginal in each lane, by full Laplace at five points.

    The coefficient is held at its mode -2.6, -1.3, 1.3, 2.6 standard deviations; all else is fitted again from the
    conditional mean. The differences from the Gaussian fix four powers of u; shape (4, n_lanes).
    """
    lanes, times = len(found.hyper.s), len(FIVE_POINTS)
    sd = np.sqrt(more.covariance[:, column, column])
    away = FIVE_POINTS[:, None] * sd
    change = np.concatenate([more.covariance[:, :, column].T / sd**2 * step for step in away], axis=1)
    theta = np.tile(found.peaks.state.theta, times) + change
    v = np.tile(found.peaks.state.v, times) - np.einsum("njl,jl->nl", np.tile(more.path, times), change)
    held = target.holding(column, theta[column])
    there = inner.peaks(held, found.hyper.repeated(times), State(v, np.delete(theta, column, axis=0)), TOLERANCE)
    precision = target.prior_precision[column]
    prior = 0.5 * np.log(precision) - 0.5 * precision * (theta[column] - target.prior_mean[column]) ** 2
    height = (there.log_joint + prior).reshape(times, lanes)
    middle = found.peaks.log_joint - np.log(sd)
    lean = height - middle + 0.5 * FIVE_POINTS[:, None] ** 2
    powers = FIVE_POINTS[:, None] ** np.arange(1, 5)
    quartic: Floats = np.linalg.solve(powers, np.where(np.isfinite(lean), lean, 0.0))
    return quartic


def problems_of(summit: Summit, found: Found, mixture: Mixture) -> tuple[str, ...]:
    """Return what a reader must know of the way the fit went."""
    likely = mixture.weight > LIKELY * mixture.weight.max()
    log_mean = found.peaks.log_mean[:, likely]
    inside = bool((log_mean > LEAST_LOG_MEAN).all() and (log_mean < LARGEST_LOG_MEAN).all())
    arrived = summit.reached and inside and bool(found.peaks.converged.all() and np.isfinite(found.log_joint).all())
    skewed = bool((np.abs(mixture.shape[2][:, likely]) > MOST_CUBIC).any())
    return (*(() if arrived else ("not_converged",)), *(("too_skewed",) if skewed else ()))


def evidence_of(target: Problem, found: Found, more: Moments) -> Evidence:
    """Keep, at the likeliest node, what is needed to judge the fit night by night."""
    top = int(np.argmax(found.log_joint))
    return Evidence(
        counts=target.counts,
        log_mean=found.peaks.log_mean[:, top],
        variance=more.variance[:, top],
        dispersion=float(found.hyper.dispersion[top]),
    )


# With nothing to compare


def failed(priors: Priors) -> Posterior:
    """Return what is left where nothing could be computed: the prior, with a warning."""
    return replace(prior_only(priors), troubles=("not_converged",))


def prior_only(priors: Priors) -> Posterior:
    """Return the posterior of an empty diary: the priors themselves."""
    nowhere = State(np.zeros((0, 1)), np.zeros((0, 1)))
    straight = np.zeros(3, dtype=np.bool_)
    summit = Summit(np.array([0.3, 0.0, 0.0]), np.eye(3), np.ones(3), np.ones(3), np.ones(3), straight, nowhere, True)
    nodes = lay_nodes(summit, (7, 7, 7))
    hyper = hyper_at(nodes.z, priors)
    log_weight = nodes.log_volume + log_prior(nodes.z, hyper, priors)
    weight = np.exp(log_weight - log_weight.max())
    lanes, p = len(weight), len(priors.coefficients)
    mixture = Mixture(
        weight=weight / weight.sum(),
        log_evidence=0.0,
        z=nodes.z,
        s=hyper.s,
        rho=hyper.rho,
        kappa=hyper.kappa,
        mode=np.repeat(priors.means[:, None], lanes, axis=1),
        covariance=np.repeat(np.diag(1 / priors.precisions)[None], lanes, axis=0),
        shape=np.zeros((4, p, lanes)),
        clamp=np.full(p, 3.5),
        last_mean=np.zeros(lanes),
        last_variance=np.ones(lanes),
        last_slope=np.zeros((p, lanes)),
        summit_z=summit.z,
        summit_theta=priors.means,
    )
    return Posterior(mixture, priors, (), None)


def log_evidence_without(counts: object, gaps: object, design: object, priors: Priors, **options: bool) -> float:
    """Return the log evidence of the diary if the arm changed nothing: a fit without the last column.

    Parameters
    ----------
    counts, gaps, design, priors
        As for `fit`, arm included; it is left out here.
    **options
        `evidence`, as for `fit`; use the same for both sides of a Bayes factor.
    """
    without = Priors(priors.alpha, priors.columns[:-1], priors.s_rate, priors.kappa_rate, priors.rho)
    return fit(counts, gaps, np.asarray(design)[:, :-1], without, evidence=options.get("evidence", False)).log_evidence
