"""Does the arm work on after it ends, or slowly into its effect? An average over how long that takes."""

from dataclasses import dataclass

import numpy as np

from mollet.errors import DesignError
from mollet.inference.engine import Twin
from mollet.inference.fit import Precision, fit
from mollet.inference.model import as_floats
from mollet.inference.posterior import Posterior, averaged
from mollet.inference.priors import Floats, Priors

HALF_LIVES = (0.0, 1.0, 2.0, 4.0, 7.0)
"""Nights after which half of a change of arm has come through; 0 is at once."""


@dataclass(frozen=True)
class CarryOver:
    """The posterior averaged over half-lives of the carry-over.

    Parameters
    ----------
    half_lives : tuple of float
        Nights.
    weights : ndarray of shape (n_half_lives,)
        Posterior probability of each.
    posteriors : tuple of Posterior
        One for each half-life; the arm's coefficient is the full effect, once it has come through.
    average : Posterior
        Their mixture.
    """

    half_lives: tuple[float, ...]
    weights: Floats
    posteriors: tuple[Posterior, ...]
    average: Posterior

    @property
    def prob_any(self) -> float:
        """Posterior probability that there is a carry-over at all."""
        return float(self.weights[np.array(self.half_lives) > 0].sum())


def carry_over(
    counts: object,
    gaps: object,
    design: object,
    priors: Priors,
    arms: object,
    *,
    half_lives: tuple[float, ...] = HALF_LIVES,
    belief: tuple[float, ...] | None = None,
    precision: Precision = "default",
    twin: Twin = "ready",
) -> CarryOver:
    """Average over how long the arm takes to come through and to wear off.

    Parameters
    ----------
    counts, gaps, design, priors
        As for `fit`. The last column of the design, the arm, is replaced by what of it has come through.
    arms : array_like of shape (n_nights_of_the_calendar,)
        The arm (0 or 1) of every night up to the last closed one, closed or not; it may begin before the first
        closed night. Before its first night nobody was on the arm.
    half_lives : tuple of float
        Nights.
    belief : tuple of float, optional
        Prior probability of each half-life; all alike by default, which is arbitrary. Only their proportions count.
    precision, twin
        As for `fit`.

    Returns
    -------
    CarryOver
        Weights are evidence times belief (Hoeting et al. 1999, Statist Sci 14:382); the average's log evidence is that
        of all half-lives together.

    Raises
    ------
    DesignError
        Where the calendar is shorter than the diary, or `belief` is no belief in these half-lives.
    """
    nightly, gap = as_floats("arms", arms), as_floats("gaps", gaps)
    rows = len(nightly) - 1 - int(gap.sum()) + np.concatenate([[0], np.cumsum(gap)]).astype(np.int64)
    if nightly.ndim != 1 or rows[0] < 0:
        raise DesignError("error.design.arms", nights=len(nightly), needed=int(gap.sum()) + 1)
    posteriors: list[Posterior] = []
    for half_life in half_lives:
        columns = as_floats("design", design)
        columns[:, -1] = come_through(nightly, half_life)[rows]
        start = posteriors[-1] if posteriors else None
        posteriors.append(fit(counts, gaps, columns, priors, precision=precision, start=start, twin=twin))
    log_weight = np.array([one.log_evidence for one in posteriors]) + np.log(shares(belief, len(half_lives)))
    total = float(np.logaddexp.reduce(log_weight))
    weights = np.exp(log_weight - total)
    return CarryOver(half_lives, weights, tuple(posteriors), averaged(posteriors, weights, total))


def shares(belief: tuple[float, ...] | None, n: int) -> Floats:
    """Return beliefs as shares of one; no belief at all is held a little above zero."""
    believed = np.ones(n) if belief is None else as_floats("belief", belief)
    if believed.shape != (n,) or (believed < 0).any() or not believed.any():
        raise DesignError("error.design.not_numbers", name="belief")
    share: Floats = np.maximum(believed / believed.sum(), 1e-300)
    return share


def come_through(arms: Floats, half_life: float) -> Floats:
    """Return what of the arm has come through by each night: c_t = m c_{t-1} + (1 - m) a_t, m = 2^(-1/half_life)."""
    if half_life <= 0:
        return arms.copy()
    stays = 2.0 ** (-1 / half_life)
    through, so_far = np.empty_like(arms), 0.0
    for night, arm in enumerate(arms):
        so_far = stays * so_far + (1 - stays) * arm
        through[night] = so_far
    return through
