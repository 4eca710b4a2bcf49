"""The inner step compiled (`mollet[fast]`): the same climb as `_numpy`, and the same passes as `moments`, in blocks.

Each block of eight lanes walks along the nights on its own, so that its work arrays stay in the fastest memory, and
stops when its own lanes have arrived. A test holds this module to the NumPy twin, where the formulae are explained.
"""

import math
from typing import Any

import numpy as np

from mollet.inference._blocks import (
    WIDTH,
    compiled,
    exponential,
    filled,
    larger,
    largest_of,
    load,
    logarithm,
    logarithm_of_one_and,
    smaller,
    square_root,
    store,
)
from mollet.inference._numpy import LONGEST_STEP, MOST_HALVINGS, MOST_STEPS, Peaks, State
from mollet.inference.model import LARGEST_LOG_MEAN, LEAST_LOG_MEAN, Hyper, Problem
from mollet.inference.moments import Moments
from mollet.inference.priors import Floats


def peaks(target: Problem, hyper: Hyper, start: State, tolerance: float) -> Peaks:
    """Climb to the mode of drift and coefficients in all lanes: `_numpy.peaks`, compiled."""
    return visit(target, hyper, start, tolerance, False, False, None)[0]


def nodes(
    target: Problem, hyper: Hyper, start: State, tolerance: float, path: bool, outside: Floats | None
) -> tuple[Peaks, Moments]:
    """Climb, and return covariance and skewness at the modes: `moments.nodes`, compiled."""
    return visit(target, hyper, start, tolerance, True, path, outside)


def visit(
    target: Problem, hyper: Hyper, start: State, tolerance: float, moments: bool, path: bool, outside: Floats | None
) -> tuple[Peaks, Moments]:
    """Make the arrays, call the kernel, and name what it has put into them."""
    n, p, lanes = target.n_nights, target.n_columns, len(hyper.s)
    v, theta = start.v.copy(), start.theta.copy()
    offset = np.array(np.broadcast_to(target.offset, (n, lanes)), order="C") if target.is_offset else NO_OFFSET
    nightly, wide = np.empty((2 * n, lanes)), lanes if moments else 0
    one_each, leaning = np.empty((4, lanes)), np.empty((3 * p, wide))
    covariance, paths = np.empty((p * p, wide)), np.empty((n * p if path else 0, wide))
    steps = visit_all(
        target.counts, target.gap_kinds, target.gap_lengths, target.gap_times, target.nights_above, target.design,
        target.prior_mean, target.prior_precision, offset, np.array([hyper.s, hyper.rho, hyper.dispersion]), tolerance,
        outside is not None, v, theta, one_each, nightly, covariance, leaning, paths,
    )  # fmt: skip
    height, decrement, last_variance, next_order = one_each
    found = Peaks(State(v, theta), height + target.constant, nightly[:n], steps, decrement < tolerance)
    more = Moments(
        covariance.T.reshape(wide, p, p),
        leaning[:p],
        leaning[p : 2 * p],
        v[-1],
        last_variance,
        leaning[2 * p :],
        nightly[n:],
        paths.reshape(n if path else 0, p, wide),
        next_order,
    )
    return found, more


NO_OFFSET = np.zeros((1, WIDTH))
NEAR = 0.25
"""Squared Newton decrement, half a standard deviation, below which no step descends: the target is log-concave."""


@compiled
def visit_all(
    counts: Any, kinds: Any, lengths: Any, times: Any, above: Any, design: Any, prior_mean: Any, prior_precision: Any,
    offsets: Any, hyper: Any, tolerance: float, next_too: bool,
    all_v: Any, all_theta: Any, one_each: Any, nightly: Any, covariance: Any, leaning: Any, paths: Any,
) -> int:  # fmt: skip
    """Climb in every block, and take the moments there where arrays for them are given; returns most Newton steps."""
    n, p = design.shape
    v, step, inverse, links, right = room(n + 1), room(n + 1), room(n + 1), room(n + 1), room(n + 1)
    border, offset, log_mean = room((n + 1) * p + 1), room(max(len(offsets), 1)), room(n)
    theta, turn, next_turn, pull, corner = room(p + 1), room(p + 1), room(p + 1), room(p + 1), room(p * p + 1)
    here, three, left, beside = room(p + 1), room(3), room(len(lengths) + 1), room(len(lengths) + 1)
    share, found, result, ratio = room(1), room(4), room(4), room(n)
    slowest = 0
    for first in range(0, hyper.shape[1], WIDTH):
        take(hyper, first, three)
        take(all_v, first, v)
        take(all_theta, first, theta)
        if len(offsets) > 1:
            take(offsets, first, offset)
        drift(lengths, times, three, left, beside, found)
        steps = climb(
            counts, kinds, design, prior_mean, prior_precision, offset, three, left, beside, tolerance,
            v, step, theta, turn, next_turn, here, pull, share, log_mean, ratio, inverse, links, right, border, corner,
            found,
        )  # fmt: skip
        slowest = max(slowest, steps)
        put_together(counts, above, three, inverse, corner, p, tolerance, found, result)
        log_means_at(design, offset, three, v, theta, log_mean)
        put(v, all_v, first, n)
        put(theta, all_theta, first, p)
        put(log_mean, nightly, first, n)
        if leaning.shape[1] > 0:
            lean(
                counts, design, three, inverse, links, border, corner, log_mean, next_too, first,
                result, covariance, leaning, nightly[n:], paths,
            )  # fmt: skip
        put(result, one_each, first, 4)
    return slowest


# Blocks in and out of the arrays with all lanes


@compiled
def room(rows: int) -> Any:
    """Return a work array of one block."""
    return np.zeros((rows, WIDTH))


@compiled
def take(whole: Any, first: int, part: Any) -> None:
    """Copy a block out of an array with all lanes; one that is not full is filled up with its last lane."""
    lanes = whole.shape[1] - first
    if lanes >= WIDTH:
        for i in range(len(whole)):
            store(part, i, 0, load(whole, i, first))
    else:
        for i in range(len(whole)):
            for k in range(WIDTH):
                part[i, k] = whole[i, first + min(k, lanes - 1)]


@compiled
def put(part: Any, whole: Any, first: int, rows: int) -> None:
    """Copy the first rows of a block into an array with all lanes."""
    lanes = whole.shape[1] - first
    if lanes >= WIDTH:
        for i in range(rows):
            store(whole, i, first, load(part, i, 0))
    else:
        for i in range(rows):
            for k in range(lanes):
                whole[i, first + k] = part[i, k]


# The climb


@compiled
def drift(lengths: Any, times: Any, three: Any, left: Any, beside: Any, found: Any) -> None:
    """Put 1/(1 - r^2) and -r/(1 - r^2) of each length of a gap into their arrays; `model.drift`.

    After the last night comes a gap without end. The log determinant is the third row of `found`.
    """
    for kind in range(len(lengths)):
        for k in range(WIDTH):
            r = three[1, k] ** int(lengths[kind])
            left[kind, k] = 1.0 / (1.0 - r * r)
            beside[kind, k] = -r * left[kind, k]
    log_determinant = filled(0.0)
    for kind in range(len(lengths)):
        log_determinant = log_determinant + times[kind] * logarithm(load(left, kind, 0))
    store(found, 2, 0, log_determinant)
    store(left, len(lengths), 0, filled(1.0))
    store(beside, len(lengths), 0, filled(0.0))


@compiled
def climb(
    counts: Any, kinds: Any, design: Any, prior_mean: Any, prior_precision: Any, offset: Any, three: Any, left: Any,
    beside: Any, tolerance: float, v: Any, step: Any, theta: Any, turn: Any, next_turn: Any, here: Any, pull: Any,
    share: Any, log_mean: Any, ratio: Any, inverse: Any, links: Any, right: Any, border: Any, corner: Any, found: Any,
) -> int:  # fmt: skip
    """Bring a block to its modes: `_numpy.peaks`.

    A place is v + share step, theta + share turn; one pass along the nights gives the next step from there. Heights
    take a pass of their own: on the way they are looked at only while a mode is not near, where a step could descend.
    """
    n, p = design.shape
    step[:], turn[:], share[:] = 0.0, 0.0, 1.0
    allowed = np.ones(WIDTH)
    best, longest = np.full(WIDTH, -math.inf), np.full(WIDTH, LONGEST_STEP)
    steps, halvings = 0, 0
    while True:
        forward(
            counts, kinds, design, prior_mean, prior_precision, offset, three, left, beside, v, step, theta, turn,
            next_turn, here, pull, share, log_mean, ratio, inverse, links, right, border, corner, found,
        )  # fmt: skip
        if largest(found[1]) > NEAR:
            add_likelihood(counts, three, log_mean, ratio, found)
            if steps > 0 and halvings < MOST_HALVINGS and halve_where_lower(best, found, share):
                halvings += 1
                continue
            best[:] = found[0]
        elif largest(found[1]) < tolerance or steps + 1 == MOST_STEPS:
            add_likelihood(counts, three, log_mean, ratio, found)
        steps, halvings = steps + 1, 0
        backward(v, step, share, inverse, links, right, border, next_turn, p)
        theta[:p], turn[:p] = here[:p], next_turn[:p]
        if largest(found[1]) < tolerance or steps == MOST_STEPS:
            break
        shorten(found, allowed, share, longest)
    for i in range(n):
        store(v, i, 0, load(v, i, 0) + load(step, i, 0))
    for j in range(p):
        store(theta, j, 0, load(theta, j, 0) + load(turn, j, 0))
    return steps


@compiled
def add_likelihood(counts: Any, three: Any, log_mean: Any, ratio: Any, found: Any) -> None:
    """Add the log likelihood of a place, without its normaliser, to its height."""
    d, height = load(three, 2, 0), load(found, 0, 0)
    over = 1.0 / d
    for i in range(len(counts)):
        y, part = counts[i], load(ratio, i, 0)
        one = 1.0 + part
        height = height + (y * load(log_mean, i, 0) - (over + y) * logarithm_of_one_and(part, one, 1.0 / one))
    store(found, 0, 0, height)


@compiled
def shorten(found: Any, allowed: Any, share: Any, longest: Any) -> None:
    """Decide what share of the next Newton step is taken: `_numpy.climb`."""
    for k in range(WIDTH):
        if allowed[k] < 1.0 and share[0, k] == allowed[k]:
            longest[k] *= 2.0
        allowed[k] = min(1.0, longest[k] / math.sqrt(max(found[1, k], 1e-300)))
        share[0, k] = allowed[k]


@compiled
def largest(values: Any) -> float:
    """Return the largest value; a lane that is not a number counts as far from done."""
    most = 0.0
    for k in range(WIDTH):
        if not values[k] <= most:
            most = values[k] if values[k] == values[k] else math.inf
    return most


@compiled
def halve_where_lower(best: Any, found: Any, share: Any) -> bool:
    """Halve the share of each lane that has descended; says whether there was one."""
    lower = False
    for k in range(WIDTH):
        if not found[0, k] >= best[k] - 1e-9 * (1.0 + abs(best[k])):
            share[0, k] *= 0.5
            lower = True
    return lower


@compiled
def forward(
    counts: Any, kinds: Any, design: Any, prior_mean: Any, prior_precision: Any, offset: Any, three: Any, left: Any,
    beside: Any, origin: Any, step: Any, theta_origin: Any, turn: Any, next_turn: Any, theta: Any, pull: Any,
    share: Any, log_mean: Any, ratios: Any, inverse: Any, links: Any, right: Any, border: Any, corner: Any, found: Any,
) -> None:  # fmt: skip
    """Find log prior, factors, squared decrement and the coefficients' next step of a place: `_numpy.solve`."""
    n, p = design.shape
    s, d, shares = load(three, 0, 0), load(three, 2, 0), load(share, 0, 0)
    is_held = len(offset) > 1
    height, decrement = filled(0.0), filled(0.0)
    for j in range(p):
        place = load(theta_origin, j, 0) + shares * load(turn, j, 0)
        away = place - prior_mean[j]
        height = height - 0.5 * prior_precision[j] * away * away
        store(theta, j, 0, place)
        store(pull, j, 0, -prior_precision[j] * away)
        store(border, j, 0, filled(0.0))
        for m in range(j + 1):
            store(corner, j * p + m, 0, filled(prior_precision[j] if m == j else 0.0))
    before, beside_before, link = filled(1.0), filled(0.0), filled(0.0)
    v_before, right_before, inverse_before = filled(0.0), filled(0.0), filled(0.0)
    v = load(origin, 0, 0) + shares * load(step, 0, 0)
    for i in range(n):
        after, beside_next = load(left, kinds[i], 0), load(beside, kinds[i], 0)
        v_next = load(origin, i + 1, 0) + shares * load(step, i + 1, 0)
        diagonal = before + after - 1.0
        held = diagonal * v + beside_before * v_before + beside_next * v_next
        eta = s * v
        if is_held:
            eta = eta + load(offset, i, 0)
        for j in range(p):
            eta = eta + design[i, j] * load(theta, j, 0)
        eta = larger(smaller(eta, LARGEST_LOG_MEAN), LEAST_LOG_MEAN)
        y = counts[i]
        mean = exponential(eta)
        ratio = d * mean
        one = 1.0 + ratio
        inverse_one = 1.0 / one
        expected = (1.0 + y * d) * mean * inverse_one
        slope = y - expected
        weight = expected * inverse_one
        height = height - 0.5 * v * held
        link = beside_before * inverse_before
        inverse_here = 1.0 / (diagonal + s * s * weight - link * beside_before)
        pulled = s * slope - held - link * right_before
        scaled = pulled * inverse_here
        decrement = decrement + pulled * scaled
        store(log_mean, i, 0, eta)
        store(ratios, i, 0, ratio)
        store(links, i, 0, link)
        store(inverse, i, 0, inverse_here)
        store(right, i, 0, pulled)
        heavy = s * weight
        for j in range(p):
            x = design[i, j]
            b = x * heavy - link * load(border, i * p + j, 0)
            store(border, (i + 1) * p + j, 0, b)
            store(pull, j, 0, load(pull, j, 0) + (x * slope - b * scaled))
            b, w = b * inverse_here, x * weight
            for m in range(j + 1):
                so_far = load(corner, j * p + m, 0) + design[i, m] * w
                store(corner, j * p + m, 0, so_far - b * load(border, (i + 1) * p + m, 0))
        before, beside_before, inverse_before = after, beside_next, inverse_here
        v_before, v, right_before = v, v_next, pulled
    factor(corner, p)
    for j in range(p):
        store(next_turn, j, 0, load(pull, j, 0))
    solve_with(corner, p, next_turn)
    for j in range(p):
        decrement = decrement + load(pull, j, 0) * load(next_turn, j, 0)
    store(found, 0, 0, height)
    store(found, 1, 0, decrement)


@compiled
def factor(a: Any, p: int) -> None:
    """Factor small matrices in place, A = L L'; rows of `a` are elements (j, m) at j p + m, its diagonal 1 / L_jj."""
    for j in range(p):
        for m in range(j + 1):
            total = load(a, j * p + m, 0)
            for q in range(m):
                total = total - load(a, j * p + q, 0) * load(a, m * p + q, 0)
            if m < j:
                store(a, j * p + m, 0, total * load(a, m * p + m, 0))
            else:
                store(a, j * p + j, 0, 1.0 / square_root(total))


@compiled
def solve_with(a: Any, p: int, x: Any) -> None:
    """Solve L L' x = b, in place."""
    half_solve(a, p, x)
    for j in range(p - 1, -1, -1):
        total = load(x, j, 0)
        for m in range(j + 1, p):
            total = total - load(a, m * p + j, 0) * load(x, m, 0)
        store(x, j, 0, total * load(a, j * p + j, 0))


@compiled
def half_solve(a: Any, p: int, x: Any) -> None:
    """Solve L x = b, in place."""
    for j in range(p):
        total = load(x, j, 0)
        for m in range(j):
            total = total - load(a, j * p + m, 0) * load(x, m, 0)
        store(x, j, 0, total * load(a, j * p + j, 0))


@compiled
def backward(
    v: Any, step: Any, share: Any, inverse: Any, links: Any, right: Any, border: Any, turn: Any, p: int
) -> None:
    """Go to the place that was looked at, and put the drift's part of the next Newton step into `step`."""
    shares, further = load(share, 0, 0), filled(0.0)
    for i in range(len(v) - 2, -1, -1):
        total = load(right, i, 0)
        for j in range(p):
            total = total - load(border, (i + 1) * p + j, 0) * load(turn, j, 0)
        further = total * load(inverse, i, 0) - load(links, i + 1, 0) * further
        store(v, i, 0, load(v, i, 0) + shares * load(step, i, 0))
        store(step, i, 0, further)


@compiled
def put_together(
    counts: Any, above: Any, three: Any, inverse: Any, corner: Any, p: int, tolerance: float, found: Any, result: Any
) -> None:  # fmt: skip
    """Put height, decrement and determinants together, without the constants that all lanes share."""
    d = load(three, 2, 0)
    log_determinant = load(found, 2, 0)
    product = filled(1.0)
    for i in range(len(counts)):
        product = product * load(inverse, i, 0)
        if i % 8 == 7:
            log_determinant = log_determinant + logarithm(product)
            product = filled(1.0)
    log_determinant = log_determinant + logarithm(product)
    for j in range(p):
        log_determinant = log_determinant + 2.0 * logarithm(load(corner, j * p + j, 0))
    rising = filled(0.0)
    for k in range(1, len(above)):
        ratio = float(k) * d
        one = 1.0 + ratio
        rising = rising + above[k] * logarithm_of_one_and(ratio, one, 1.0 / one)
    store(result, 0, 0, load(found, 0, 0) + 0.5 * log_determinant + rising)
    store(result, 1, 0, load(found, 1, 0))
    for k in range(WIDTH):
        if found[1, k] < tolerance:
            result[0, k] += 0.5 * found[1, k]
    store(result, 2, 0, load(inverse, len(counts) - 1, 0))
    store(result, 3, 0, filled(0.0))


@compiled
def log_means_at(design: Any, offset: Any, three: Any, v: Any, theta: Any, out: Any) -> None:
    """Put the log mean of each night into `out`: `_numpy.log_mean`."""
    n, p = design.shape
    s = load(three, 0, 0)
    for i in range(n):
        eta = s * load(v, i, 0)
        if len(offset) > 1:
            eta = eta + load(offset, i, 0)
        for j in range(p):
            eta = eta + design[i, j] * load(theta, j, 0)
        store(out, i, 0, larger(smaller(eta, LARGEST_LOG_MEAN), LEAST_LOG_MEAN))


# What each lane gives besides


@compiled
def lean(
    counts: Any, design: Any, three: Any, inverse: Any, links: Any, border: Any, corner: Any, log_mean: Any,
    next_too: bool, first: int, result: Any, covariances: Any, leaning: Any, variances: Any, paths: Any,
) -> None:  # fmt: skip
    """Put covariance, skewness and the next-order term of a block into its arrays: `moments.moments`."""
    n, p = design.shape
    s, d = load(three, 0, 0), load(three, 2, 0)
    covariance, narrow, column = room(p * p + 1), room(p + 1), room(p + 1)
    path, across, reach, lean_of, variance = room(p + 1), room(p + 1), room(p + 1), room(3 * p + 1), room(n)
    sums = room(p + p * p + p * p * p + p + 1)
    invert(corner, p, column, covariance)
    for j in range(p):
        store(narrow, j, 0, 1.0 / square_root(load(covariance, j * p + j, 0)))
    inner, single, double, cubic, along, along3 = (
        filled(0.0), filled(0.0), filled(0.0), filled(0.0), filled(0.0), filled(0.0),
    )  # fmt: skip
    for i in range(n - 1, -1, -1):
        link, inverse_here = load(links, i + 1, 0), load(inverse, i, 0)
        mean = exponential(load(log_mean, i, 0))
        ratio = d * mean
        one = 1.0 / (1.0 + ratio)
        push = (1.0 + counts[i] * d) * mean * one * one
        bend = push * one * (ratio - 1.0)
        inner = inverse_here + link * link * inner
        own = s * s * inner
        whole = own
        for j in range(p):
            way = load(border, (i + 1) * p + j, 0) * inverse_here - link * load(path, j, 0)
            store(path, j, 0, way)
            store(across, j, 0, design[i, j] - s * way)
        half_solve(corner, p, across)
        for j in range(p):
            whole = whole + load(across, j, 0) * load(across, j, 0)
        add_leaning(corner, across, narrow, bend, whole, reach, lean_of, p)
        store(variance, i, 0, whole)
        if i == n - 1:
            for j in range(p):
                store(lean_of, 2 * p + j, 0, -1.0 * load(path, j, 0))
        if len(paths) > 0:
            put(path, paths[i * p : (i + 1) * p], first, p)
        if next_too:
            turn = -1.0 * link
            tug = bend * whole
            along, along3 = turn * along, turn * turn * turn * along3
            double = double + tug * (2.0 * along + tug * own)
            third = along3 + pairs(across, sums, turn, bend, own, tug, p)
            rest = whole - own
            cubic = cubic + bend * (2.0 * third + bend * (whole * whole * whole - rest * rest * rest))
            along, along3 = along + tug * own, along3 + bend * own * own * own
            single = single - push * one * one * (1.0 - 4.0 * ratio + ratio * ratio) * whole * whole
    if next_too:
        store(result, 3, 0, 0.125 * (single + double) + (1.0 / 12.0) * cubic + of_the_coefficients(sums, p))
    put(covariance, covariances, first, p * p)
    put(lean_of, leaning, first, 3 * p)
    put(variance, variances, first, n)


@compiled
def add_leaning(corner: Any, across: Any, narrow: Any, bend: Any, whole: Any, reach: Any, lean_of: Any, p: int) -> None:
    """Add a night's share of the skewness of each coefficient."""
    for j in range(p - 1, -1, -1):
        total = load(across, j, 0)
        for m in range(j + 1, p):
            total = total - load(corner, m * p + j, 0) * load(reach, m, 0)
        total = total * load(corner, j * p + j, 0)
        store(reach, j, 0, total)
        a = total * load(narrow, j, 0)
        store(lean_of, j, 0, load(lean_of, j, 0) + 0.5 * bend * a * (whole - a * a))
        store(lean_of, p + j, 0, load(lean_of, p + j, 0) + (1.0 / 6.0) * bend * a * a * a)


@compiled
def pairs(across: Any, sums: Any, turn: Any, bend: Any, own: Any, tug: Any, p: int) -> Any:
    """Add a night to the running sums of `moments.next_order`; returns its part with all later nights."""
    third = filled(0.0)
    for c in range(p):
        x = load(across, c, 0)
        bent = bend * x
        heard = bent * own
        later = turn * turn * load(sums, c, 0)
        third = third + 3.0 * x * later
        store(sums, c, 0, later + heard * own)
        for e in range(c + 1):
            z = load(across, e, 0)
            row = p + c * p + e
            later = turn * load(sums, row, 0)
            third = third + (3.0 if e == c else 6.0) * x * z * later
            store(sums, row, 0, later + heard * z)
            cube = bent * z
            for f in range(e + 1):
                row = p + p * p + (c * p + e) * p + f
                store(sums, row, 0, load(sums, row, 0) + cube * load(across, f, 0))
        row = p + p * p + p * p * p + c
        store(sums, row, 0, load(sums, row, 0) + tug * x)
    return third


@compiled
def of_the_coefficients(sums: Any, p: int) -> Any:
    """Return the part of the next-order term in which all pairs of nights meet through the coefficients alone."""
    double, cubic = filled(0.0), filled(0.0)
    for c in range(p):
        one = load(sums, p + p * p + p * p * p + c, 0)
        double = double + one * one
        for e in range(c + 1):
            for f in range(e + 1):
                one = load(sums, p + p * p + (c * p + e) * p + f, 0)
                orders = 6.0 if c != e and e != f else (1.0 if c == f else 3.0)
                cubic = cubic + orders * one * one
    return 0.125 * double + (1.0 / 12.0) * cubic


@compiled
def invert(corner: Any, p: int, column: Any, out: Any) -> None:
    """Put the inverse of small matrices, given factored, into `out`."""
    for m in range(p):
        for j in range(p):
            store(column, j, 0, filled(1.0 if j == m else 0.0))
        solve_with(corner, p, column)
        for j in range(p):
            store(out, j * p + m, 0, load(column, j, 0))


# Mixing the nodes

OUT_OF_REACH = 1e9
"""Standard deviations from the nodes at which a grid that does not fill its last block goes on."""


def mixed(grid: Floats, mode: Floats, sd: Floats, shape: Floats, clamp: float, weight: Floats) -> Floats:
    """Return the density of a mixture of leaning Gaussians on a grid: `posterior.mixed`, compiled."""
    points = len(grid)
    places = np.full((1, -(-points // WIDTH) * WIDTH), grid[-1] + OUT_OF_REACH * sd.max())
    places[0, :points] = grid
    density = np.zeros_like(places)
    mix_all(places, mode, 1 / sd, np.ascontiguousarray(shape), clamp, weight, density)
    return density[0, :points]


@compiled
def mix_all(places: Any, mode: Any, inverse_sd: Any, shape: Any, clamp: float, weight: Any, density: Any) -> None:
    """Add the nodes' normalised densities by their weight."""
    points = places.shape[1]
    dense = np.empty((1, points))
    for node in range(len(mode)):
        first, second, third, fourth = shape[0, node], shape[1, node], shape[2, node], shape[3, node]
        middle, narrow = mode[node], inverse_sd[node]
        top, total = filled(-math.inf), filled(0.0)
        for c in range(0, points, WIDTH):
            u = (load(places, 0, c) - middle) * narrow
            held = larger(smaller(u, clamp), -clamp)
            log_dense = held * held * (second + held * (third + held * fourth)) + u * (first - 0.5 * u)
            top = largest_of(top, log_dense)
            store(dense, 0, c, log_dense)
        highest = across_lanes(top, True)
        for c in range(0, points, WIDTH):
            one = exponential(larger(load(dense, 0, c) - highest, LEAST_LOG_MEAN))
            total = total + one
            store(dense, 0, c, one)
        share = weight[node] / across_lanes(total, False)
        for c in range(0, points, WIDTH):
            store(density, 0, c, load(density, 0, c) + share * load(dense, 0, c))


@compiled
def across_lanes(block: Any, largest: bool) -> Any:
    """Return the largest, or else the sum, of a block's lanes."""
    lanes = np.empty((1, WIDTH))
    store(lanes, 0, 0, block)
    return lanes.max() if largest else lanes.sum()
