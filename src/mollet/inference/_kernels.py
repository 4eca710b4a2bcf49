"""The inner step compiled (`mollet[fast]`): the same Newton climb as `_numpy`, in blocks of lanes.

Every innermost loop runs over the lanes of one block, so that the compiler turns it into vector instructions; for that,
exp and log are written out as polynomials (a call to the mathematics library would end the vector). A test holds this
module to `_numpy`, where the formulae are explained.
"""

import math
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np

from mollet.inference._numpy import LONGEST_STEP, MOST_HALVINGS, MOST_STEPS, Peaks, State
from mollet.inference.model import LARGEST_LOG_MEAN, LEAST_LOG_MEAN, Hyper, Problem, log_normaliser
from mollet.inference.moments import Lanes, Moments, single_order
from mollet.inference.priors import Floats

NARROW, WIDE = 16, 32
"""Lanes of one block: for the few of a finite difference, and for the many of the nodes."""

Kernel = TypeVar("Kernel", bound=Callable[..., Any])


def compiled(function: Kernel) -> Kernel:
    """Compile a kernel and keep it on the disk; products may be fused with sums, and nothing else is rearranged."""
    return cast("Kernel", numba.njit(cache=True, fastmath={"contract", "nsz"}, error_model="numpy")(function))


def peaks(target: Problem, hyper: Hyper, start: State, tolerance: float) -> Peaks:
    """Climb to the mode of drift and coefficients in all lanes: `_numpy.peaks`, compiled."""
    n, p, lanes = target.n_nights, target.n_columns, len(hyper.s)
    width = NARROW if lanes <= NARROW else WIDE
    size = -(-lanes // width) * width
    s, rho, dispersion = (padded(part, size) for part in (hyper.s, hyper.rho, hyper.dispersion))
    v, theta = padded(start.v, size), padded(start.theta, size)
    offset = padded(np.broadcast_to(target.offset, (n, lanes)), size)
    height = padded(log_normaliser(target, hyper.dispersion) + 0.5 * np.log(target.prior_precision).sum(), size)
    pivots, links, border = np.empty((n, size)), np.empty((n - 1, size)), np.empty((n, p, size))
    schur, eta, decrement = np.empty((p, p, size)), np.empty((n, size)), np.empty(size)
    steps = climb_all(
        target.counts, target.gaps, target.design, target.prior_mean, target.prior_precision, offset, s, rho,
        dispersion, v, theta, tolerance, height, pivots, links, border, schur, eta, decrement, width,
    )  # fmt: skip
    state = State(v[:, :lanes], theta[:, :lanes])
    return Peaks(
        state,
        height[:lanes],
        pivots[:, :lanes],
        links[:, :lanes],
        border[:, :, :lanes],
        np.moveaxis(schur[:, :, :lanes], 2, 0),
        eta[:, :lanes],
        steps,
        decrement[:lanes] < tolerance,
    )


def moments(target: Problem, hyper: Hyper, found: Peaks) -> Moments:
    """Return covariance and skewness at the modes: `moments.moments`, compiled."""
    n, p, lanes = target.n_nights, target.n_columns, len(hyper.s)
    width = NARROW if lanes <= NARROW else WIDE
    size = -(-lanes // width) * width
    s, dispersion, pivots, links, border, eta = (
        padded(part, size)
        for part in (hyper.s, hyper.dispersion, found.pivots, found.links, found.border, found.log_mean)
    )
    schur = padded(np.moveaxis(found.schur, 0, 2), size)
    covariance, tilt, cube = np.empty((p, p, size)), np.zeros((p, size)), np.zeros((p, size))
    path, reach, across = np.empty((n, p, size)), np.empty((n, p, size)), np.empty((n, p, size))
    drift_variance, variance = np.empty((n, size)), np.empty((n, size))
    lean_all(
        target.counts, target.design, s, dispersion, pivots, links, border, schur, eta,
        covariance, tilt, cube, path, reach, across, drift_variance, variance, width,
    )  # fmt: skip
    return Moments(
        np.moveaxis(covariance[:, :, :lanes], 2, 0),
        tilt[:, :lanes],
        cube[:, :lanes],
        found.state.v[-1],
        1 / found.pivots[-1],
        -path[-1, :, :lanes],
        path[:, :, :lanes],
        reach[:, :, :lanes],
        across[:, :, :lanes],
        drift_variance[:, :lanes],
        variance[:, :lanes],
    )


def next_order(target: Problem, hyper: Hyper, found: Peaks, more: Moments, lanes: Lanes) -> Floats:
    """Return the next-order term of some of the lanes: `moments.next_order`, compiled."""
    first, bends = single_order(target, hyper, found, more, lanes)
    width = NARROW
    size = -(-len(lanes) // width) * width
    chosen = np.concatenate([lanes, np.repeat(lanes[-1:], size - len(lanes))])
    out = np.empty(size)
    s, links, across, reach, inner, whole = (
        np.take(part, chosen, axis=-1)
        for part in (hyper.s, found.links, more.across, more.with_log_mean, more.drift_variance, more.variance)
    )
    second_order_all(s, links, across, reach, inner, whole, padded(bends, size), out, width)
    total: Floats = first + out[: len(lanes)]
    return total


def padded(part: Floats, size: int) -> Floats:
    """Return a copy whose last axis is filled up to whole blocks with its last lane."""
    lanes = part.shape[-1]
    whole = np.empty((*part.shape[:-1], size))
    whole[..., :lanes] = part
    whole[..., lanes:] = part[..., lanes - 1 : lanes]
    return whole


# exp and log for a block of lanes

LOG2_E = 1 / math.log(2)
LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
"""log 2 in two parts: the first has so few digits that a whole number times it is exact."""
EXP_TERMS = tuple(1 / math.factorial(k) for k in range(13, 1, -1))
LOG_TERMS = tuple(2 / (2 * k + 1) for k in range(11, 0, -1))


@compiled
def exponentials(x: Floats, out: Floats, bits: Any, powers: Floats) -> None:
    """Put exp(x) into `out`; `bits` and `powers` are one buffer, seen as integers and as numbers."""
    w = x.shape[0]
    for k in range(w):
        whole = np.floor(x[k] * LOG2_E + 0.5)
        r = (x[k] - whole * LN2_HIGH) - whole * LN2_LOW
        total = EXP_TERMS[0]
        for term in EXP_TERMS[1:]:
            total = total * r + term
        out[k] = 1.0 + r * (1.0 + r * total)
        bits[k] = (np.int64(whole) + 1023) << 52
    for k in range(w):
        out[k] *= powers[k]


@compiled
def logarithms(x: Floats, out: Floats, bits: Any, powers: Floats) -> None:
    """Put log(1 + x) into `out` for x >= 0, exact to the last digits also where x is tiny."""
    w = x.shape[0]
    for k in range(w):
        powers[k] = 1.0 + x[k]
    for k in range(w):
        u = 1.0 + x[k]
        out[k] = (x[k] - (u - 1.0)) / u
    for k in range(w):
        exponent = (bits[k] + 0x95F6200000000) >> 52
        out[k] += np.float64(exponent - 1023) * LN2_LOW
        x[k] = np.float64(exponent - 1023)
        bits[k] = bits[k] - ((exponent - 1023) << 52)
    for k in range(w):
        f = powers[k] - 1.0
        r = f / (2.0 + f)
        square = r * r
        total = LOG_TERMS[0]
        for term in LOG_TERMS[1:]:
            total = total * square + term
        out[k] += 2.0 * r + r * square * total
        out[k] += x[k] * LN2_HIGH


# The climb


@compiled
def climb_all(  # noqa: C901 - one walk: split further, its arrays would be handed over at every night
    counts: Any, gaps: Any, design: Any, prior_mean: Any, prior_precision: Any, offsets: Any, all_s: Any, all_rho: Any,
    all_d: Any, all_v: Any, all_theta: Any, tolerance: float, heights: Any, all_pivots: Any, all_links: Any,
    all_border: Any, all_schur: Any, all_eta: Any, decrements: Any, w: int,
) -> int:  # fmt: skip
    """Climb in every block, in small work arrays of its own; returns the Newton steps of the slowest."""
    n, p = design.shape
    offset, v, eta, mean, pivots, diagonal = room(n, w), room(n, w), room(n, w), room(n, w), room(n, w), room(n, w)
    next_v, next_eta, next_mean, step_v = room(n, w), room(n, w), room(n, w), room(n, w)
    links, beside = room(max(n - 1, 1), w), room(max(n - 1, 1), w)
    theta, next_theta, step_theta, corner = room(p, w), room(p, w), room(p, w), room(p * p, w)
    right = np.empty((n, p + 1, w))
    s, rho, d, constant, share = np.empty(w), np.empty(w), np.empty(w), np.empty(w), np.empty(w)
    height, next_height, decrement, log_q = np.empty(w), np.empty(w), np.empty(w), np.empty(w)
    slowest = 0
    for first in range(0, len(all_s), w):
        s[:], rho[:], d[:] = all_s[first : first + w], all_rho[first : first + w], all_d[first : first + w]
        constant[:] = heights[first : first + w]
        take(offsets, first, offset)
        take(all_v, first, v)
        take(all_theta, first, theta)
        drift(gaps, rho, diagonal, beside, log_q)
        look(counts, design, prior_mean, prior_precision, offset, s, d, diagonal, beside, v, theta, eta, mean, height)
        step = 0
        while True:
            step += 1
            newton(
                counts, design, prior_mean, prior_precision, s, d, diagonal, beside, v, theta, mean,
                pivots, links, right, corner, step_v, step_theta, decrement,
            )  # fmt: skip
            if largest(decrement) < tolerance or step == MOST_STEPS:
                break
            for k in range(w):
                share[k] = min(1.0, LONGEST_STEP / math.sqrt(max(decrement[k], 1e-300)))
            for _ in range(MOST_HALVINGS):
                move(v, step_v, share, next_v)
                move(theta, step_theta, share, next_theta)
                look(
                    counts, design, prior_mean, prior_precision, offset, s, d, diagonal, beside, next_v, next_theta,
                    next_eta, next_mean, next_height,
                )  # fmt: skip
                if not halve_where_lower(height, next_height, share):
                    break
            v[:], theta[:], mean[:], height[:] = next_v, next_theta, next_mean, next_height
        share[:] = 1.0
        move(v, step_v, share, next_v)
        move(theta, step_theta, share, next_theta)
        log_means(design, offset, s, next_v, next_theta, eta)
        for k in range(w):
            height[k] += constant[k] + 0.5 * (decrement[k] + log_q[k])
        take_off_determinants(pivots, corner, p, height)
        heights[first : first + w], decrements[first : first + w] = height, decrement
        put(next_v, all_v, first)
        put(next_theta, all_theta, first)
        put(pivots, all_pivots, first)
        put(links[: n - 1], all_links, first)
        put(eta, all_eta, first)
        for i in range(n):
            for j in range(p):
                for k in range(w):
                    all_border[i, j, first + k] = right[i, j + 1, k]
        put_schur(corner, p, all_schur, first)
        slowest = max(slowest, step)
    return slowest


@compiled
def room(rows: int, w: int) -> Any:
    """Return a work array of one block."""
    return np.empty((rows, w))


@compiled
def take(whole: Any, first: int, part: Any) -> None:
    """Copy a block out of an array with all lanes."""
    w = part.shape[1]
    for i in range(len(part)):
        for k in range(w):
            part[i, k] = whole[i, first + k]


@compiled
def put(part: Any, whole: Any, first: int) -> None:
    """Copy a block into an array with all lanes."""
    w = part.shape[1]
    for i in range(len(part)):
        for k in range(w):
            whole[i, first + k] = part[i, k]


@compiled
def largest(values: Any) -> float:
    """Return the largest value; a lane that is not a number counts as far from done."""
    w = values.shape[0]
    most = 0.0
    for k in range(w):
        if not values[k] <= most:
            most = values[k] if values[k] == values[k] else math.inf
    return most


@compiled
def move(origin: Any, step: Any, share: Any, out: Any) -> None:
    """Put origin + share * step into `out`."""
    w = out.shape[1]
    for i in range(len(origin)):
        for k in range(w):
            out[i, k] = origin[i, k] + share[k] * step[i, k]


@compiled
def halve_where_lower(height: Any, found: Any, share: Any) -> bool:
    """Halve the share of each lane that would descend; says whether there was one."""
    w = share.shape[0]
    lower = False
    for k in range(w):
        if not found[k] >= height[k] - 1e-9 * (1.0 + abs(height[k])):
            share[k] *= 0.5
            lower = True
    return lower


@compiled
def drift(gaps: Any, rho: Any, diagonal: Any, beside: Any, log_determinant: Any) -> None:
    """Put the tridiagonal precision of the drift, and its log determinant, into a block: `model.drift`."""
    w = rho.shape[0]
    last = 0.0
    power, left, product = np.empty(w), np.empty(w), np.empty(w)
    diagonal[:] = 1.0
    log_determinant[:] = 0.0
    product[:] = 1.0
    for i in range(len(gaps)):
        if gaps[i] != last:
            last = gaps[i]
            for k in range(w):
                power[k] = rho[k] ** int(last)
                left[k] = 1.0 - power[k] * power[k]
        for k in range(w):
            diagonal[i + 1, k] = 1.0 / left[k]
            diagonal[i, k] += power[k] * power[k] / left[k]
            beside[i, k] = -power[k] / left[k]
            product[k] *= left[k]
        if i % 16 == 15 or i == len(gaps) - 1:
            for k in range(w):
                log_determinant[k] -= math.log(product[k])
                product[k] = 1.0


@compiled
def log_means(design: Any, offset: Any, s: Any, v: Any, theta: Any, eta: Any) -> None:
    """Put the log mean of each night into `eta`."""
    w = s.shape[0]
    n, p = design.shape
    for i in range(n):
        for k in range(w):
            eta[i, k] = offset[i, k] + s[k] * v[i, k]
        for j in range(p):
            x = design[i, j]
            for k in range(w):
                eta[i, k] += x * theta[j, k]
        for k in range(w):
            eta[i, k] = min(max(eta[i, k], LEAST_LOG_MEAN), LARGEST_LOG_MEAN)


@compiled
def look(
    counts: Any, design: Any, prior_mean: Any, prior_precision: Any, offset: Any, s: Any, d: Any, diagonal: Any,
    beside: Any, v: Any, theta: Any, eta: Any, mean: Any, height: Any,
) -> None:  # fmt: skip
    """Put log means, means and height of a place into a block: `_numpy.height_and_mean` without its normaliser."""
    w = s.shape[0]
    n, p = design.shape
    log_means(design, offset, s, v, theta, eta)
    ratio, log_one, bits = np.empty(w), np.empty(w), np.empty(w, dtype=np.int64)
    powers = bits.view(np.float64)
    for k in range(w):
        height[k] = 0.0
    for i in range(n):
        exponentials(eta[i], mean[i], bits, powers)
        for k in range(w):
            ratio[k] = d[k] * mean[i, k]
        logarithms(ratio, log_one, bits, powers)
        y = counts[i]
        for k in range(w):
            height[k] += y * eta[i, k] - (y + 1.0 / d[k]) * log_one[k] - 0.5 * diagonal[i, k] * v[i, k] * v[i, k]
        if i > 0:
            for k in range(w):
                height[k] -= beside[i - 1, k] * v[i, k] * v[i - 1, k]
    for j in range(p):
        for k in range(w):
            away = theta[j, k] - prior_mean[j]
            height[k] -= 0.5 * prior_precision[j] * away * away


@compiled
def newton(  # noqa: C901
    counts: Any, design: Any, prior_mean: Any, prior_precision: Any, s: Any, d: Any, diagonal: Any, beside: Any, v: Any,
    theta: Any, mean: Any, pivots: Any, links: Any, right: Any, corner: Any, step_v: Any, step_theta: Any,
    decrement: Any,
) -> None:  # fmt: skip
    """Factor and solve the Newton system of a block in one pass along the nights: `_numpy.solve`."""
    w = s.shape[0]
    n, p = design.shape
    slope, weight, inverse = np.empty(w), np.empty(w), np.empty(w)
    slope_theta, slope_v = np.empty((p, w)), np.empty((n, w))
    for j in range(p):
        for k in range(w):
            slope_theta[j, k] = -prior_precision[j] * (theta[j, k] - prior_mean[j])
            step_theta[j, k] = slope_theta[j, k]
    corner[:] = 0.0
    for j in range(p):
        corner[j * p + j] = prior_precision[j]
    for i in range(n):
        y = counts[i]
        for k in range(w):
            one = 1.0 + d[k] * mean[i, k]
            pull = (1.0 + y * d[k]) * mean[i, k] / one
            slope[k] = y - pull
            weight[k] = pull / one
            right[i, 0, k] = s[k] * slope[k] - diagonal[i, k] * v[i, k]
            pivots[i, k] = diagonal[i, k] + s[k] * s[k] * weight[k]
        if i + 1 < n:
            for k in range(w):
                right[i, 0, k] -= beside[i, k] * v[i + 1, k]
        if i > 0:
            for k in range(w):
                right[i, 0, k] -= beside[i - 1, k] * v[i - 1, k]
        for k in range(w):
            slope_v[i, k] = right[i, 0, k]
        for j in range(p):
            x = design[i, j]
            for k in range(w):
                right[i, j + 1, k] = x * s[k] * weight[k]
                slope_theta[j, k] += x * slope[k]
                step_theta[j, k] += x * slope[k]
            for m in range(j + 1):
                xx = x * design[i, m]
                for k in range(w):
                    corner[j * p + m, k] += xx * weight[k]
        if i > 0:
            for k in range(w):
                links[i - 1, k] = beside[i - 1, k] * inverse[k]
                pivots[i, k] -= links[i - 1, k] * beside[i - 1, k]
            for j in range(p + 1):
                for k in range(w):
                    right[i, j, k] -= links[i - 1, k] * right[i - 1, j, k]
        for k in range(w):
            inverse[k] = 1.0 / pivots[i, k]
        for j in range(p):
            for k in range(w):
                step_theta[j, k] -= right[i, j + 1, k] * right[i, 0, k] * inverse[k]
            for m in range(j + 1):
                for k in range(w):
                    corner[j * p + m, k] -= right[i, j + 1, k] * right[i, m + 1, k] * inverse[k]
    cholesky(corner, p)
    solve_with(corner, p, step_theta)
    walk_back(pivots, links, right, step_theta, step_v)
    for k in range(w):
        decrement[k] = 0.0
    for i in range(n):
        for k in range(w):
            decrement[k] += slope_v[i, k] * step_v[i, k]
    for j in range(p):
        for k in range(w):
            decrement[k] += slope_theta[j, k] * step_theta[j, k]


@compiled
def cholesky(a: Any, p: int) -> None:
    """Factor the lower triangles of a block's small matrices in place; rows of `a` are elements (j, m) at j p + m."""
    w = a.shape[1]
    for j in range(p):
        for m in range(j + 1):
            for q in range(m):
                for k in range(w):
                    a[j * p + m, k] -= a[j * p + q, k] * a[m * p + q, k]
            if m < j:
                for k in range(w):
                    a[j * p + m, k] /= a[m * p + m, k]
        for k in range(w):
            a[j * p + j, k] = math.sqrt(a[j * p + j, k])


@compiled
def solve_with(a: Any, p: int, x: Any) -> None:
    """Solve with Cholesky factors, in place."""
    w = x.shape[1]
    for j in range(p):
        for m in range(j):
            for k in range(w):
                x[j, k] -= a[j * p + m, k] * x[m, k]
        for k in range(w):
            x[j, k] /= a[j * p + j, k]
    for j in range(p - 1, -1, -1):
        for m in range(j + 1, p):
            for k in range(w):
                x[j, k] -= a[m * p + j, k] * x[m, k]
        for k in range(w):
            x[j, k] /= a[j * p + j, k]


@compiled
def walk_back(pivots: Any, links: Any, right: Any, step_theta: Any, step_v: Any) -> None:
    """Put the drift's part of the Newton step into `step_v`."""
    w = step_v.shape[1]
    n, p = len(pivots), len(step_theta)
    for i in range(n - 1, -1, -1):
        for k in range(w):
            step_v[i, k] = right[i, 0, k]
        for j in range(p):
            for k in range(w):
                step_v[i, k] -= right[i, j + 1, k] * step_theta[j, k]
        for k in range(w):
            step_v[i, k] /= pivots[i, k]
        if i + 1 < n:
            for k in range(w):
                step_v[i, k] -= links[i, k] * step_v[i + 1, k]


@compiled
def take_off_determinants(pivots: Any, corner: Any, p: int, height: Any) -> None:
    """Take half the log determinants of drift and coefficients off the height."""
    w = height.shape[0]
    product = np.ones(w)
    for i in range(len(pivots)):
        for k in range(w):
            product[k] *= pivots[i, k]
        if i % 8 == 7 or i == len(pivots) - 1:
            for k in range(w):
                height[k] -= 0.5 * math.log(product[k])
                product[k] = 1.0
    for j in range(p):
        for k in range(w):
            height[k] -= math.log(corner[j * p + j, k])


@compiled
def put_schur(corner: Any, p: int, whole: Any, first: int) -> None:
    """Multiply the Cholesky factors out again, into the coefficients' curvature of all lanes."""
    w = corner.shape[1]
    for j in range(p):
        for m in range(j + 1):
            for k in range(w):
                total = 0.0
                for q in range(m + 1):
                    total += corner[j * p + q, k] * corner[m * p + q, k]
                whole[j, m, first + k] = total
                whole[m, j, first + k] = total


# What each lane gives besides


@compiled
def lean_all(  # noqa: C901
    counts: Any, design: Any, all_s: Any, all_d: Any, all_pivots: Any, all_links: Any, all_border: Any, all_schur: Any,
    all_eta: Any, covariance: Any, tilt: Any, cube: Any, all_path: Any, all_reach: Any, all_across: Any,
    drift_variance: Any, variance: Any, w: int,
) -> None:  # fmt: skip
    """Put `moments.moments` of every block into its arrays."""
    n, p = design.shape
    cov, path, across, reach = room(p * p, w), room(p, w), room(p, w), room(p, w)
    lean, cubed, bits = room(p, w), room(p, w), np.empty(w, dtype=np.int64)
    powers = bits.view(np.float64)
    link, inverse = np.empty(w), np.empty(w)
    s, d, sd, eta, mean, bend, inner, whole = (
        np.empty(w), np.empty(w), room(p, w), np.empty(w), np.empty(w), np.empty(w), np.empty(w), np.empty(w),
    )  # fmt: skip
    for first in range(0, len(all_s), w):
        s[:], d[:] = all_s[first : first + w], all_d[first : first + w]
        invert(all_schur, first, p, cov)
        for j in range(p):
            for k in range(w):
                sd[j, k] = math.sqrt(cov[j * p + j, k])
                lean[j, k] = cubed[j, k] = path[j, k] = 0.0
        inner[:] = 0.0
        for i in range(n - 1, -1, -1):
            eta[:] = all_eta[i, first : first + w]
            exponentials(eta, mean, bits, powers)
            for k in range(w):
                link[k] = all_links[i, first + k] if i + 1 < n else 0.0
                inverse[k] = 1.0 / all_pivots[i, first + k]
                inner[k] = inverse[k] + link[k] * link[k] * inner[k]
                whole[k] = s[k] * s[k] * inner[k]
                ratio = d[k] * mean[k]
                one = 1.0 + ratio
                bend[k] = -(1.0 + counts[i] * d[k]) * mean[k] * (1.0 - ratio) / (one * one * one)
            for j in range(p):
                for k in range(w):
                    path[j, k] = all_border[i, j, first + k] * inverse[k] - link[k] * path[j, k]
                    across[j, k] = design[i, j] - s[k] * path[j, k]
            for j in range(p):
                for k in range(w):
                    reach[j, k] = 0.0
                for m in range(p):
                    for k in range(w):
                        reach[j, k] += cov[j * p + m, k] * across[m, k]
                for k in range(w):
                    whole[k] += across[j, k] * reach[j, k]
            for j in range(p):
                for k in range(w):
                    a = reach[j, k] / sd[j, k]
                    lean[j, k] += 0.5 * bend[k] * a * (whole[k] - a * a)
                    cubed[j, k] += bend[k] * a * a * a / 6.0
                    all_path[i, j, first + k] = path[j, k]
                    all_reach[i, j, first + k] = reach[j, k]
                    all_across[i, j, first + k] = across[j, k]
            for k in range(w):
                drift_variance[i, first + k] = inner[k]
                variance[i, first + k] = whole[k]
        put(lean, tilt, first)
        put(cubed, cube, first)
        for j in range(p):
            for m in range(p):
                for k in range(w):
                    covariance[j, m, first + k] = cov[j * p + m, k]


@compiled
def invert(schur: Any, first: int, p: int, out: Any) -> None:
    """Put the inverses of a block's small matrices into `out`."""
    w = out.shape[1]
    factor, column = room(p * p, w), room(p, w)
    for j in range(p):
        for m in range(p):
            for k in range(w):
                factor[j * p + m, k] = schur[j, m, first + k]
    cholesky(factor, p)
    for m in range(p):
        column[:] = 0.0
        column[m] = 1.0
        solve_with(factor, p, column)
        for j in range(p):
            for k in range(w):
                out[j * p + m, k] = column[j, k]


@compiled
def second_order_all(
    all_s: Any, all_links: Any, all_across: Any, all_reach: Any, drift_variance: Any, variance: Any, bends: Any,
    out: Any, w: int,
) -> None:  # fmt: skip
    """Put the double sum of `moments.next_order` of every lane into `out`."""
    n, p = all_across.shape[0], all_across.shape[1]
    even = max(p + p % 2, 2)
    across, reach = np.zeros((n, even, w)), np.zeros((n, even, w))
    links, inner, whole, bend, s = room(n, w), room(n, w), room(n, w), room(n, w), np.empty(w)
    for first in range(0, len(all_s), w):
        for k in range(w):
            lane = first + k
            s[k] = all_s[lane]
            for i in range(n):
                links[i, k] = all_links[i, lane] if i + 1 < n else 0.0
                inner[i, k] = s[k] * s[k] * drift_variance[i, lane]
                whole[i, k] = variance[i, lane]
                bend[i, k] = bends[i, lane]
                for j in range(p):
                    across[i, j, k] = all_across[i, j, lane]
                    reach[i, j, k] = all_reach[i, j, lane]
        pair_sum(links, across, reach, inner, whole, bend, out[first : first + w])


@compiled
def pair_sum(links: Any, across: Any, reach: Any, inner: Any, whole: Any, bend: Any, out: Any) -> None:
    """Sum over all pairs of nights in a block, walking from each night back to the first; columns come in twos."""
    w = out.shape[0]
    n, p = across.shape[0], across.shape[1]
    along, v, total = np.empty(w), np.empty(w), np.zeros(w)
    for j in range(n):
        for k in range(w):
            pull = bend[j, k] * whole[j, k]
            total[k] += pull * pull * whole[j, k] * (5.0 / 24.0)
            along[k] = inner[j, k]
        for i in range(j - 1, -1, -1):
            for k in range(w):
                along[k] *= -links[i, k]
                v[k] = along[k] + across[i, 0, k] * reach[j, 0, k] + across[i, 1, k] * reach[j, 1, k]
            for m in range(2, p, 2):
                for k in range(w):
                    v[k] += across[i, m, k] * reach[j, m, k] + across[i, m + 1, k] * reach[j, m + 1, k]
            for k in range(w):
                cubic = whole[i, k] * whole[j, k] * (1.0 / 4.0) + v[k] * v[k] * (1.0 / 6.0)
                total[k] += bend[i, k] * bend[j, k] * v[k] * cubic
    for k in range(w):
        out[k] = total[k]
