"""How often the 95 % interval holds a fixed truth: `python -m tests.recovery.coverage [--experiments N]`.

Truths that are fixed and not drawn from the prior need not be covered at that rate: the interval leans towards what was
believed. The figures are printed, and no test holds them.
"""

import argparse
import math
import sys
from itertools import product

import numpy as np
from tests.recovery.operating import NIGHTS, RATES, RATIOS, SEED, Truth, diary, draw

from mollet.inference import Normal, Priors, fit
from mollet.trial.table import compared_nights, table

PRIORS = Priors(columns=(Normal(0, 0.5),))


def covered(truth: Truth, number: int, experiments: int) -> int:
    """Return in how many experiments the central 95 % interval holds the true ratio."""
    rng = np.random.default_rng([SEED, 1, number])
    held = 0
    for _ in range(experiments):
        protocol = draw(truth.nights, rng)
        nights, _ = compared_nights(diary(truth, protocol, rng), "b", protocol)
        fitted = table(nights)
        posterior = fit(fitted.counts, fitted.gaps, fitted.design, PRIORS)
        held += 0.025 <= posterior.prob_below(-1, math.log(truth.ratio)) <= 0.975
    return held


def main() -> None:
    """Print one table: true ratio and rate by nights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--experiments", type=int, default=100, help="of each kind")
    n = parser.parse_args().experiments
    out = sys.stdout
    out.write(f"\nOf 100 fixed truths, the 95 % interval holds ({n} experiments each):\n\n")
    out.write("| true ratio | cramps a night on A | " + " | ".join(f"{nights} nights" for nights in NIGHTS) + " |\n")
    out.write("| --- | --- |" + " --- |" * len(NIGHTS) + "\n")
    for number, (ratio, rate) in enumerate(product(RATIOS, RATES)):
        cells = [
            covered(Truth("equal", rate, nights, ratio), len(NIGHTS) * number + place, n)
            for place, nights in enumerate(NIGHTS)
        ]
        out.write(f"| {ratio:g} | {rate:g} | " + " | ".join(f"{100 * held / n:.0f}" for held in cells) + " |\n")


if __name__ == "__main__":
    main()
