"""What was believed before the diary: a prior for each column of the design, for drift and for overdispersion."""

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mollet.errors import DesignError

Floats = NDArray[np.float64]
LARGEST = 1e6
"""Of a mean or width on the log scale, and one over the least width: far beyond anything that could be believed."""


@dataclass(frozen=True, slots=True)
class Normal:
    """A Gaussian belief about one coefficient, on the log scale.

    Parameters
    ----------
    mean, sd : float
        Of the coefficient: a log rate, or a log rate ratio per unit of its column. ``sd`` is above zero, and
        neither is absurdly large or small (a million, a millionth).
    """

    mean: float
    sd: float

    def __post_init__(self) -> None:
        if not (abs(self.mean) <= LARGEST and 1 / LARGEST <= self.sd <= LARGEST):
            raise DesignError("error.design.prior", mean=self.mean, sd=self.sd)

    def prob_below(self, x: float) -> float:
        """Return the probability of a value below `x`."""
        return 0.5 * math.erfc((self.mean - x) / (self.sd * math.sqrt(2)))

    def log_density(self, x: float) -> float:
        """Return the log density at `x`."""
        return -0.5 * ((x - self.mean) / self.sd) ** 2 - math.log(self.sd * math.sqrt(2 * math.pi))


@dataclass(frozen=True, slots=True)
class Priors:
    """Beliefs about everything the model does not know; the defaults are weakly informative.

    Parameters
    ----------
    alpha : Normal
        Log of the cramps a night at baseline; goes with the first column of the design, the constant.
        The default has its median at 0.61 a night and 95 % within 0.05 and 7.0.
    columns : tuple of Normal
        Of the further columns, in their order; the arm is the last.
    s_rate, kappa_rate : float
        Rates of the exponential priors of `s`, sd of the drifting log level, and of `kappa`, sd of the night's gamma
        mixture. At 3, a value above 1 has a probability of 5 %.
    rho : Normal
        Of atanh(rho), the autocorrelation of the level from one night to the next.
    """

    alpha: Normal = field(default_factory=lambda: Normal(-0.5, 1.25))
    columns: tuple[Normal, ...] = ()
    s_rate: float = 3.0
    kappa_rate: float = 3.0
    rho: Normal = field(default_factory=lambda: Normal(0.5, 0.5))

    def __post_init__(self) -> None:
        for name in ("s_rate", "kappa_rate"):
            rate = getattr(self, name)
            if not 1 / LARGEST <= rate <= LARGEST:
                raise DesignError("error.design.rate", name=name, rate=rate)

    @property
    def coefficients(self) -> tuple[Normal, ...]:
        """All the coefficients' priors, the constant's first and the arm's last."""
        return (self.alpha, *self.columns)

    @property
    def means(self) -> Floats:
        """Prior means of the coefficients, shape (n_columns,)."""
        return np.array([prior.mean for prior in self.coefficients], dtype=np.float64)

    @property
    def precisions(self) -> Floats:
        """One over the prior variances of the coefficients, shape (n_columns,)."""
        return np.array([prior.sd**-2 for prior in self.coefficients], dtype=np.float64)


SLOW_TREND = Normal(-0.2, 0.3)
"""Prior of the column `slow_trend`: people begin a diary when it is bad, and fall back to their usual by themselves."""


def slow_trend(gaps: NDArray[np.int64]) -> Floats:
    """Return the column of a slow trend: it rises from 0 to 1 over the first 30 days, and is flat from then on.

    Parameters
    ----------
    gaps : ndarray of shape (n_nights - 1,)
        Nights from each closed night to the next.

    Returns
    -------
    ndarray of shape (n_nights,)
    """
    days = np.concatenate([[0], np.cumsum(gaps)])
    return np.minimum(days / 30.0, 1.0)
