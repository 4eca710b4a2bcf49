"""Simulation-based calibration: truths drawn from the prior, diaries from the model, and where the truth then lies.

If the engine is right, the posterior probability below the truth is uniform (Talts et al. 2018, arXiv 1804.06788).
`make recovery` runs it in full; a small run is among the tests.
"""

import argparse
import math
import sys
import time

import numpy as np
from tests.inference.diaries import simulated

from mollet.inference import fit
from mollet.inference.engine import Twin
from mollet.inference.fit import Precision

NAMES = ("alpha", "gamma", "beta")
BINS = 21
"""One more than an even number of degrees of freedom, for which the chi-squared tail is a finite sum."""


def places(n: int, seed: int, precision: Precision, twin: Twin, n_nights: int = 60) -> np.ndarray:
    """Return the posterior probability below the truth of alpha, gamma and beta, shape (n, 3)."""
    found = np.empty((n, 3))
    for k, source in enumerate(np.random.SeedSequence(seed).spawn(n)):
        rng = np.random.default_rng(source)
        theta = np.array([rng.normal(-0.5, 1.25), rng.normal(0, 0.35), rng.normal(-0.25, 0.5)])
        s, kappa, rho = rng.exponential(1 / 3), rng.exponential(1 / 3), math.tanh(rng.normal(0.5, 0.5))
        diary = simulated(n_nights, theta, s, rho, kappa, rng)
        posterior = fit(*diary.arguments(), precision=precision, twin=twin)
        found[k] = [posterior.prob_below(j, theta[j]) for j in range(3)]
    return found


def chi_squared_p(values: np.ndarray) -> float:
    """Return the p-value of uniformity over 21 bins."""
    seen = np.histogram(values, bins=BINS, range=(0, 1))[0]
    expected = len(values) / BINS
    half = float(((seen - expected) ** 2).sum() / expected / 2)
    return math.exp(-half) * sum(half**k / math.factorial(k) for k in range((BINS - 1) // 2))


def kolmogorov_p(values: np.ndarray) -> float:
    """Return the asymptotic p-value of the largest distance from the uniform distribution."""
    n, ordered = len(values), np.sort(values)
    distance = max((np.arange(1, n + 1) / n - ordered).max(), (ordered - np.arange(n) / n).max())
    x = distance * (math.sqrt(n) + 0.12 + 0.11 / math.sqrt(n))
    return min(1.0, max(0.0, 2 * sum((-1) ** (k - 1) * math.exp(-2 * (k * x) ** 2) for k in range(1, 101))))


def coverage(values: np.ndarray, level: float) -> float:
    """Return the share of truths within the central interval of a level."""
    return float((np.abs(values - 0.5) <= level / 2).mean())


def main() -> None:
    """Print the calibration of the default engine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--twin", choices=["ready", "numpy", "kernels"], default="ready")
    chosen = parser.parse_args()
    begun = time.process_time()
    found = places(chosen.draws, chosen.seed, "default", chosen.twin)
    spent = time.process_time() - begun
    sys.stdout.write(f"{chosen.draws} diaries of 60 nights, 20 % not closed, one exposure; seed {chosen.seed}; ")
    sys.stdout.write(f"{spent:.0f} CPU s\n\n" + table(found))


def table(found: np.ndarray) -> str:
    """Return what was found as a table of Markdown."""
    lines = [
        "| coefficient | chi-squared p | KS p | 50 % covers | 90 % covers | 95 % covers |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, values in zip(NAMES, found.T, strict=True):
        covers = " | ".join(f"{coverage(values, level):.3f}" for level in (0.5, 0.9, 0.95))
        lines.append(f"| {name} | {chi_squared_p(values):.3f} | {kolmogorov_p(values):.3f} | {covers} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
