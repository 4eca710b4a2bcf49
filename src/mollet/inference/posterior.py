"""What is believed after the diary: a mixture of slightly skewed Gaussians, one for each node of (s, rho, kappa)."""

import math
import sys
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mollet.errors import DesignError, FitError
from mollet.inference.model import as_floats
from mollet.inference.priors import Floats, Priors

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

GRID_POINTS, GRID_REACH = 281, 7.5
"""Points of the grid, and standard deviations of the mixture that it reaches to either side."""
NARROWEST = 1e-10
"""Width, relative to where it is, below which neighbouring points of a grid could no longer be told apart."""
NEGLIGIBLE = 1e-6
"""Weight, relative to the largest, of nodes that a marginal does without."""
GRID = np.linspace(-GRID_REACH, GRID_REACH, GRID_POINTS)
SKEWED_POINTS = np.linspace(-7.0, 7.0, 281)


@dataclass(frozen=True)
class Mixture:
    """The nodes: weights, hyperparameters, Gaussians of the coefficients and the last night's drift.

    Parameters
    ----------
    weight : ndarray of shape (n_nodes,)
        Adds up to one.
    log_evidence : float
    z : ndarray of shape (3, n_nodes)
        Where the nodes lie; `model.hyper_at` turns it into s, rho, kappa.
    s, rho, kappa : ndarray of shape (n_nodes,)
    mode : ndarray of shape (n_columns, n_nodes)
    covariance : ndarray of shape (n_nodes, n_columns, n_columns)
    shape : ndarray of shape (4, n_columns, n_nodes)
        Powers 1 to 4 of u, standard deviations from the mode, that are added to the Gaussian log density.
    clamp : ndarray of shape (n_columns,)
        |u| from which powers 2 to 4 stay as they are.
    last_mean, last_variance : ndarray of shape (n_nodes,)
        Drift on the last night given the coefficients at the mode.
    last_slope : ndarray of shape (n_columns, n_nodes)
        Its change with each coefficient.
    summit_z, summit_theta : ndarray of shape (3,) and (n_columns,)
        The likeliest node, from which a later fit can set out.
    """

    weight: Floats
    log_evidence: float
    z: Floats
    s: Floats
    rho: Floats
    kappa: Floats
    mode: Floats
    covariance: Floats
    shape: Floats
    clamp: Floats
    last_mean: Floats
    last_variance: Floats
    last_slope: Floats
    summit_z: Floats
    summit_theta: Floats

    def sd(self, column: int) -> Floats:
        """Standard deviation of one coefficient's Gaussian in each node, shape (n_nodes,)."""
        value: Floats = np.sqrt(self.covariance[:, column, column])
        return value

    def is_finite(self) -> bool:
        """Whether there is nothing in it but numbers, and widths above zero."""
        parts = (self.weight, self.mode, self.covariance, self.shape, self.last_mean, self.last_variance)
        widths = np.einsum("ljj->lj", self.covariance)
        return all(bool(np.isfinite(part).all()) for part in (*parts, self.log_evidence)) and bool((widths > 0).all())


@dataclass(frozen=True)
class Evidence:
    """The nights as the likeliest node sees them, kept to judge the fit.

    Parameters
    ----------
    counts, log_mean, variance : ndarray of shape (n_nights,)
        Cramps; mean and variance of the log mean.
    dispersion : float
    """

    counts: Floats
    log_mean: Floats
    variance: Floats
    dispersion: float


@dataclass(frozen=True)
class Marginal:
    """One coefficient's density on a grid, with its distribution function."""

    grid: Floats
    density: Floats
    below: Floats


@dataclass(frozen=True)
class Posterior:
    """What the diary and the priors say together. Column j = -1 is the arm: its coefficient is the log rate ratio.

    Parameters
    ----------
    mixture : Mixture
    priors : Priors
    troubles : tuple of str
        What went wrong on the way; `problems` adds what the nights say.
    nights : Evidence or None
        None when there were no nights.
    """

    mixture: Mixture
    priors: Priors
    troubles: tuple[str, ...]
    nights: Evidence | None

    def __repr__(self) -> str:
        n = 0 if self.nights is None else len(self.nights.counts)
        lines = [f"Posterior: {n} closed nights, log evidence {self.log_evidence:.2f}, problems {list(self.problems)}"]
        for j, name in enumerate(self.names):
            low, middle, high = (self.quantile(j, q) for q in (0.025, 0.5, 0.975))
            lines.append(
                f"  {name:>6} {middle:7.3f}  95 % [{low:.3f}, {high:.3f}]  P(<0) {self.prob_below(j, 0.0):.3f}"
            )
        lines.extend(f"  {name:>6} {mean:7.3f}  sd {sd:.3f}" for name, (mean, sd) in self.hyper().items())
        return "\n".join(lines)

    def __getstate__(self) -> dict[str, Any]:
        """Return the fields alone: what was computed from them is computed again."""
        return {field.name: self.__dict__[field.name] for field in fields(self)}

    @property
    def n_columns(self) -> int:
        """Number of coefficients."""
        return len(self.mixture.mode)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the coefficients: alpha, x1, x2, ... and beta, the arm."""
        middle = [f"x{k}" for k in range(1, self.n_columns - 1)]
        return ("alpha", *middle, "beta")[: max(self.n_columns, 1)]

    @property
    def log_evidence(self) -> float:
        """Log probability of the counts, everything unknown averaged over."""
        return self.mixture.log_evidence

    @cached_property
    def problems(self) -> tuple[str, ...]:
        """What a reader must know before believing this: `not_converged`, `too_skewed`, `poor_fit`."""
        from mollet.inference.diagnostics import is_poor

        poor = self.nights is not None and is_poor(self.nights)
        return (*self.troubles, *(["poor_fit"] if poor else []))

    # Marginals

    @cached_property
    def _marginals(self) -> dict[int, Marginal]:
        return {}

    def marginal(self, j: int) -> Marginal:
        """Return density and distribution function of coefficient j on a grid (computed once)."""
        column = range(self.n_columns)[j]
        if column not in self._marginals:
            self._marginals[column] = marginal_of(self.mixture, column)
        return self._marginals[column]

    def density(self, j: int) -> tuple[Floats, Floats]:
        """Return the grid of coefficient j and its density there, each of shape (281,)."""
        one = self.marginal(j)
        return one.grid, one.density

    def mean(self, j: int) -> float:
        """Return the posterior mean of coefficient j."""
        one = self.marginal(j)
        return float((one.grid * one.density).sum() * (one.grid[1] - one.grid[0]))

    def sd(self, j: int) -> float:
        """Return the posterior standard deviation of coefficient j."""
        one, centre = self.marginal(j), self.mean(j)
        return float(np.sqrt(((one.grid - centre) ** 2 * one.density).sum() * (one.grid[1] - one.grid[0])))

    def quantile(self, j: int, q: float) -> float:
        """Return the value that coefficient j is below with probability `q`; `FitError` where `q` is none."""
        if not 0 <= q <= 1:
            raise FitError("error.fit.probability", value=q)
        one = self.marginal(j)
        return float(np.interp(q, one.below, one.grid))

    def prob_below(self, j: int, x: float) -> float:
        """Return the probability that coefficient j is below `x`; `FitError` where `x` is no number."""
        if math.isnan(x):
            raise FitError("error.fit.not_a_number", value=x)
        one = self.marginal(j)
        return float(np.interp(x, one.grid, one.below))

    def hyper(self) -> dict[str, tuple[float, float]]:
        """Return mean and standard deviation of s, rho and kappa."""
        mixed = {}
        for name in ("s", "rho", "kappa"):
            values, weight = getattr(self.mixture, name), self.mixture.weight
            mean = float(weight @ values)
            mixed[name] = (mean, float(np.sqrt(weight @ (values - mean) ** 2)))
        return mixed

    # Draws

    def draws(self, n: int, rng: np.random.Generator) -> Floats:
        """Return exact, independent draws of the coefficients.

        Each marginal is the one of `density`; within a node the coefficients hang together by a Gaussian copula.

        The array has the shape (n, n_columns).
        """
        return self._draws(n, rng)[1]

    def _draws(self, n: int, rng: np.random.Generator) -> tuple[NDArray[np.int64], Floats]:
        node = rng.choice(len(self.mixture.weight), size=n, p=self.mixture.weight / self.mixture.weight.sum())
        theta = np.empty((n, self.n_columns))
        for k in np.unique(node):
            mine = node == k
            normal = rng.standard_normal((int(mine.sum()), self.n_columns))
            theta[mine] = skewed(self.mixture, int(k), normal)
        return node, theta

    def predict(
        self, n_nights: int, design_rows: object, rng: np.random.Generator, n: int = 2000, gap: int = 1
    ) -> NDArray[np.int64]:
        """Return draws of the cramps of the coming nights.

        Parameters
        ----------
        n_nights : int
            How many.
        design_rows : array_like of shape (n_nights, n_columns)
            The design of those nights.
        rng : Generator
            Source of chance.
        n : int
            Number of draws.
        gap : int
            Nights from the last closed night to the first of these.

        Returns
        -------
        ndarray of int64, shape (n, n_nights)

        Raises
        ------
        DesignError
            Where the rows are not numbers of that shape, or the gap is less than a night.
        """
        rows = as_floats("design_rows", design_rows)
        if rows.shape != (n_nights, self.n_columns) or gap < 1:
            raise DesignError("error.design.coming", design=rows.shape, nights=n_nights, columns=self.n_columns)
        node, theta = self._draws(n, rng)
        mix = self.mixture
        slope = mix.last_slope[:, node].T
        v = mix.last_mean[node] + (slope * (theta - mix.mode[:, node].T)).sum(axis=1)
        v += np.sqrt(mix.last_variance[node]) * rng.standard_normal(n)
        counts = np.empty((n, n_nights), dtype=np.int64)
        for night in range(n_nights):
            r = mix.rho[node] ** (gap if night == 0 else 1)
            v = r * v + np.sqrt(1 - r**2) * rng.standard_normal(n)
            counts[:, night] = nightly_counts(theta @ rows[night] + mix.s[node] * v, mix.kappa[node], rng)
        return counts

    def to_arviz(self, n: int = 4000, seed: int = 0) -> Any:
        """Return draws as an ArviZ `InferenceData`; ArviZ must be installed."""
        import arviz  # type: ignore[import-not-found]

        theta = self.draws(n, np.random.default_rng(seed))
        return arviz.from_dict(posterior={name: theta[None, :, j] for j, name in enumerate(self.names)})


def marginal_of(mixture: Mixture, column: int) -> Marginal:
    """Return the mixture's density of one coefficient on a grid: the nodes' densities, normalised, by weight."""
    kept = np.flatnonzero(mixture.weight > NEGLIGIBLE * mixture.weight.max())
    weight, mode = mixture.weight[kept], mixture.mode[column, kept]
    least = NARROWEST * float(np.abs(mode).max())
    sd: Floats = np.maximum(np.sqrt(mixture.covariance[kept, column, column]), least)
    shape = mixture.shape[:, column, kept]
    centre = mode + sd * np.minimum(np.maximum(shape[0], -2.0), 2.0)
    total = weight.sum()
    middle = float(weight @ centre / total)
    spread = math.sqrt(float(weight @ (sd**2 + (centre - middle) ** 2) / total))
    grid = middle + spread * GRID
    density = mixing()(grid, mode, sd, shape, float(mixture.clamp[column]), weight)
    below = np.zeros(len(density))
    np.cumsum(density[1:] + density[:-1], out=below[1:])
    step = grid[1] - grid[0]
    return Marginal(grid, density * (2 / step / below[-1]), below / below[-1])


def mixing() -> "Callable[[Floats, Floats, Floats, Floats, float, Floats], Floats]":
    """Return what mixes densities: `mixed`, or its compiled twin where that is loaded."""
    kernels = sys.modules.get("mollet.inference._kernels")
    return mixed if kernels is None else kernels.mixed


def mixed(grid: Floats, mode: Floats, sd: Floats, shape: Floats, clamp: float, weight: Floats) -> Floats:
    """Return the density of a mixture of leaning Gaussians on a grid, each normalised there.

    Parameters
    ----------
    grid : ndarray of shape (n_points,)
        Where the density is wanted.
    mode, sd, weight : ndarray of shape (n_nodes,)
        Of the Gaussians.
    shape : ndarray of shape (4, n_nodes)
        As in `Mixture`, of one column.
    clamp : float
        As in `Mixture`, of one column.
    """
    dense = leaning((grid[:, None] - mode) / sd, shape, clamp)
    dense -= dense.max(axis=0)
    np.exp(dense, out=dense)
    density: Floats = dense @ (weight / dense.sum(axis=0))
    return density


def leaning(u: Floats, shape: Floats, clamp: float) -> Floats:
    """Return the log density of a leaning Gaussian at u standard deviations, without its constant.

    Shapes are (n_points, n_nodes) for `u` and (4, n_nodes) for `shape`.
    """
    held = np.clip(u, -clamp, clamp)
    lean: Floats = held * shape[3]
    lean += shape[2]
    lean *= held
    lean += shape[1]
    lean *= held
    lean *= held
    lean += u * (shape[0] - 0.5 * u)
    return lean


def skewed(mixture: Mixture, node: int, normal: Floats) -> Floats:
    """Turn standard normal draws into draws of one node's coefficients, shape (n, n_columns).

    They are given the node's correlations, and each is carried to its leaning marginal by equal probability.
    """
    covariance = mixture.covariance[node]
    sd = np.sqrt(np.diagonal(covariance))
    u = normal @ np.linalg.cholesky(covariance / sd / sd[:, None]).T
    for j in range(len(sd)):
        u[:, j] = carried(u[:, j], mixture.shape[:, j, node], float(mixture.clamp[j]))
    value: Floats = mixture.mode[:, node] + sd * u
    return value


def carried(u: Floats, shape: Floats, clamp: float) -> Floats:
    """Carry standard normal values to a leaning Gaussian by equal probability."""
    points = SKEWED_POINTS
    leant = leaning(points[:, None], shape[:, None], clamp)[:, 0]
    ends = cumulative(np.exp(leant - leant.max()))
    value: Floats = np.interp(np.interp(u, points, cumulative(np.exp(-0.5 * points**2))), ends, points)
    return value


def cumulative(density: Floats) -> Floats:
    """Return the distribution function of a density on an even grid."""
    below = np.concatenate([[0.0], np.cumsum(density[1:] + density[:-1])])
    value: Floats = below / below[-1]
    return value


def nightly_counts(log_mean: Floats, kappa: Floats, rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw negative binomial counts as Poisson counts of a gamma mixture."""
    size = 1 / np.maximum(kappa**2, 1e-10)
    mean = np.exp(np.clip(log_mean, -50, 20))
    return rng.poisson(mean * rng.gamma(size) / size)


def averaged(posteriors: "Sequence[Posterior]", weights: Floats, log_evidence: float) -> Posterior:
    """Return the mixture of several posteriors of the same coefficients (Bayesian model averaging).

    Parameters
    ----------
    posteriors : sequence of Posterior
        One for each way to see the diary.
    weights : ndarray of shape (n_posteriors,)
        Posterior probability of each, adding up to one.
    log_evidence : float
        Of all of them together.
    """
    mixtures = [one.mixture for one in posteriors]
    best = posteriors[int(np.argmax(weights))]
    joined = {
        name: np.concatenate([getattr(mixture, name) for mixture in mixtures], axis=axis)
        for name, axis in (
            ("z", 1),
            ("s", 0),
            ("rho", 0),
            ("kappa", 0),
            ("mode", 1),
            ("covariance", 0),
            ("shape", 2),
            ("last_mean", 0),
            ("last_variance", 0),
            ("last_slope", 1),
        )
    }
    weight = np.concatenate([share * mixture.weight for share, mixture in zip(weights, mixtures, strict=True)])
    mixture = replace(best.mixture, weight=weight, log_evidence=log_evidence, **joined)
    troubles = tuple(dict.fromkeys(trouble for one in posteriors for trouble in one.troubles))
    return Posterior(mixture, best.priors, troubles, best.nights)
