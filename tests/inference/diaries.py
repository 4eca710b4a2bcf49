"""Diaries for the tests of the engine: the four references, and simulated ones."""

import csv
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from mollet.inference import Normal, Priors

REFERENCE = Path(__file__).resolve().parent.parent / "reference"
NAMES = ("d1_T28_mid", "d2_T90_tan", "d3_T90_hal", "d7_T14_sparse")


@dataclass(frozen=True)
class Diary:
    """What `fit` is given."""

    counts: np.ndarray
    gaps: np.ndarray
    design: np.ndarray
    priors: Priors

    def arguments(self) -> tuple[Any, Any, Any, Priors]:
        """Return the arguments of `fit`, in order."""
        return self.counts, self.gaps, self.design, self.priors


def reference(name: str) -> tuple[Diary, dict[str, Any]]:
    """Return a reference diary and what long sampling found for it."""
    with (REFERENCE / "diaries" / f"{name}.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["cramps"]]
    exposures = [column for column in rows[0] if column.startswith("x")]
    columns = [[1.0] + [float(row[x]) for x in exposures] + [float(row["treatment"])] for row in rows]
    days = np.array([date.fromisoformat(row["night"]).toordinal() for row in rows])
    priors = Priors(columns=(*[Normal(0, 0.35)] * len(exposures), Normal(-0.25, 0.5)))
    diary = Diary(np.array([int(row["cramps"]) for row in rows]), np.diff(days), np.array(columns), priors)
    return diary, json.loads((REFERENCE / f"{name}.json").read_text())


def pairs(n_nights: int, rng: np.random.Generator, length: int = 7) -> np.ndarray:
    """Return the arm of each night: randomised pairs of periods."""
    n_pairs = -(-n_nights // (2 * length))
    orders = [np.repeat(rng.permutation([0.0, 1.0]), length) for _ in range(n_pairs)]
    return np.concatenate(orders)[:n_nights]


def drifting(n_nights: int, rho: float, rng: np.random.Generator) -> np.ndarray:
    """Return a stationary AR(1) of unit variance."""
    v = rng.standard_normal(n_nights)
    for night in range(1, n_nights):
        v[night] = rho * v[night - 1] + np.sqrt(1 - rho**2) * v[night]
    return v


def simulated(
    n_nights: int, theta: np.ndarray, s: float, rho: float, kappa: float, rng: np.random.Generator, missing: float = 0.2
) -> Diary:
    """Simulate a diary from the model; theta is the constant, the exposures and the arm."""
    design = np.column_stack([np.ones(n_nights), rng.standard_normal((n_nights, len(theta) - 2)), pairs(n_nights, rng)])
    mean = np.exp(np.clip(design @ theta + s * drifting(n_nights, rho, rng), -20, 12))
    counts = rng.poisson(mean * rng.gamma(1 / max(kappa, 1e-4) ** 2, size=n_nights) * max(kappa, 1e-4) ** 2)
    kept = np.flatnonzero(rng.random(n_nights) >= missing)
    priors = Priors(columns=(*[Normal(0, 0.35)] * (len(theta) - 2), Normal(-0.25, 0.5)))
    return Diary(counts[kept], np.diff(kept), design[kept], priors)


def usual(seed: int = 4, n_nights: int = 60) -> Diary:
    """Return a diary of the usual kind: one cramp a night, one exposure, half as many on the arm."""
    return simulated(n_nights, np.array([0.0, 0.2, -0.6]), 0.4, 0.5, 0.3, np.random.default_rng(seed))
