"""What do the numbers say? Counts, gaps and a design in, a posterior out; nothing here knows of people or diaries.

The model is a negative binomial count around a drifting level, fitted by nested Laplace approximation with skewness
corrected; `docs/why/inference.md` derives it.
"""

from mollet.inference.carry import CarryOver, carry_over, come_through
from mollet.inference.diagnostics import Check, check
from mollet.inference.engine import prepare
from mollet.inference.fit import fit, log_evidence_without, prior_only
from mollet.inference.posterior import Posterior
from mollet.inference.priors import SLOW_TREND, Normal, Priors, slow_trend

__all__ = [
    "SLOW_TREND",
    "CarryOver",
    "Check",
    "Normal",
    "Posterior",
    "Priors",
    "carry_over",
    "check",
    "come_through",
    "fit",
    "log_evidence_without",
    "prepare",
    "prior_only",
    "slow_trend",
]
