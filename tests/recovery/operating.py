"""How often the one decision rule is right and wrong: `python -m tests.recovery.operating [--experiments N]`.

Experiments with a known truth are simulated, judged by the very code that judges a person's, and counted. Writes
``src/mollet/trial/operating.csv`` and ``docs/reference/operating.md``. The seed is fixed: the same versions give the
same figures.
"""

import argparse
import csv
import datetime as dt
import os
import platform
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import product
from math import sqrt
from pathlib import Path

import numpy as np

from mollet import __version__
from mollet.trial import operating
from mollet.trial.analysis import MODEL, Question, judge
from mollet.trial.operating import Cell
from mollet.trial.protocol import Period, Protocol
from mollet.trial.verdict import WEALTH_TO_STOP
from mollet.trial.wealth import wealth

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "operating.md"
DATA = ROOT / "src" / "mollet" / "trial" / operating.FILE

SEED = 20260105
RATIOS = (1.0, 0.9, 0.7, 0.5)
RATES = (0.1, 0.3, 1.0, 3.0)
NIGHTS = (28, 56, 84, 112, 168)
WORDS = ("helps", "may_help", "cannot_tell", "no_use", "harms", "nothing_to_compare")
PERIOD = 7

# The drift and the scatter of a person's nights, as in the power figures that the design was chosen by.
SD_OF_LEVEL, AUTOCORRELATION, KAPPA = 0.4, 0.5, 0.5

# Share of nights that are closed: quiet on A, quiet on B, with cramps on either.
CLOSING = {"equal": (0.8, 0.8, 0.95), "unequal": (0.5, 0.9, 0.95)}
FIRST = dt.date(2026, 1, 5)


@dataclass(frozen=True)
class Truth:
    """What is true of simulated people."""

    closing: str
    rate: float
    nights: int
    ratio: float


@dataclass(frozen=True)
class Line:
    """One night of a simulated diary."""

    line: int
    night: dt.date
    values: dict[str, float]


def main(arguments: Sequence[str]) -> int:
    """Simulate, count, write."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--experiments", type=int, default=200, help="of each kind")
    asked.add_argument("--processes", type=int, default=os.cpu_count())
    options = asked.parse_args(arguments)
    truths = [Truth(*one) for one in product(CLOSING, RATES, NIGHTS, RATIOS)]
    start, begun_from = time.perf_counter(), commit()
    with ProcessPoolExecutor(options.processes) as pool:
        counted = list(pool.map(count, truths, range(len(truths)), [options.experiments] * len(truths)))
    seconds = time.perf_counter() - start
    cells = [cell for found, _ in counted for cell in found]
    early = {truth: times for truth, (_, times) in zip(truths, counted, strict=True)}
    write_data(cells)
    PAGE.write_text("\n".join(page(cells, early, options.experiments, seconds, begun_from)) + "\n", encoding="utf-8")
    return 0


def count(truth: Truth, number: int, experiments: int) -> tuple[list[Cell], int]:
    """Return how often each word was given at the end, and how often the bets on the coin spoke on the way."""
    rng = np.random.default_rng([SEED, number])
    words: Counter[str] = Counter()
    early = 0
    for _ in range(experiments):
        protocol = draw(truth.nights, rng)
        rows = diary(truth, protocol, rng)
        words[judge(rows, Question("b", protocol=protocol)).word] += 1
        early += has_spoken(protocol, rows)
    cells = [
        Cell(truth.closing, truth.rate, truth.nights, truth.ratio, word, words[word], experiments) for word in WORDS
    ]
    return cells, early


def draw(nights: int, rng: np.random.Generator) -> Protocol:
    """Draw the order of each pair of weeks."""
    arms = [arm for _ in range(nights // (2 * PERIOD)) for arm in rng.permutation(2)]
    periods = tuple(
        Period(
            FIRST + dt.timedelta(days=PERIOD * place),
            FIRST + dt.timedelta(days=PERIOD * place + PERIOD - 1),
            int(arm),
            place // 2,
        )
        for place, arm in enumerate(arms)
    )
    return Protocol(SEED, periods)


def diary(truth: Truth, protocol: Protocol, rng: np.random.Generator) -> list[Line]:
    """Simulate the nights: a level that drifts, counts that scatter, mornings that are forgotten."""
    quiet_a, quiet_b, with_cramps = CLOSING[truth.closing]
    level = rng.standard_normal()
    lines = []
    for number, (night, arm) in enumerate(protocol.arms().items()):
        mean = truth.rate * truth.ratio**arm * np.exp(SD_OF_LEVEL * level - SD_OF_LEVEL**2 / 2)
        cramps = int(rng.poisson(mean * rng.gamma(1 / KAPPA**2) * KAPPA**2))
        is_closed = rng.random() < (with_cramps if cramps else (quiet_a, quiet_b)[arm])
        cells = (
            {"b": float(arm), "cramps": float(cramps)} if is_closed else {"b": float(arm), "at_least": float(cramps)}
        )
        lines.append(Line(number + 2, night, cells))
        level = AUTOCORRELATION * level + sqrt(1 - AUTOCORRELATION**2) * rng.standard_normal()
    return lines


def has_spoken(protocol: Protocol, rows: Sequence[Line]) -> bool:
    """Tell whether the bets on the coin said `helps` after any pair before the last."""
    ends = [pair[-1].last for pair in protocol.blocks()][:-1]
    return any(
        wealth(
            protocol,
            {row.night: int(row.values["cramps"]) for row in rows if "cramps" in row.values and row.night <= end},
        )
        >= WEALTH_TO_STOP
        for end in ends
    )


def write_data(cells: Sequence[Cell]) -> None:
    """Write what is looked up for a person."""
    with DATA.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(["closing", "rate", "nights", "ratio", "word", "times", "simulated"])
        for cell in cells:
            table.writerow([cell.closing, cell.rate, cell.nights, cell.ratio, cell.word, cell.times, cell.simulated])


def page(
    cells: Sequence[Cell], early: dict[Truth, int], experiments: int, seconds: float, begun_from: str
) -> Iterator[str]:
    """Write the page."""
    yield "# How often the rule is right and wrong"
    yield ""
    yield "<!-- Made by `make recovery` (tests/recovery/operating.py); run it again, do not change this page. -->"
    yield ""
    asked = Question("b")
    yield (
        f"Each figure is the share, of 100, of {experiments} simulated experiments that ended with that word "
        f"([the rule](../why/verdict.md)); its standard error is at most {50 / sqrt(experiments):.1f}. "
        f"Weeks in drawn pairs; the level drifts (sd {SD_OF_LEVEL}, autocorrelation {AUTOCORRELATION}), "
        f"nights scatter (kappa {KAPPA}); the prior is Normal({asked.before.prior.mean:g}, {asked.before.prior.sd:g}), "
        f"the smallest worthwhile ratio {asked.worthwhile}."
    )
    yield ""
    for closing, (quiet_a, quiet_b, with_cramps) in CLOSING.items():
        yield (
            f"- Closing **{closing}**: {quiet_a:.0%} of the quiet nights on A and {quiet_b:.0%} on B have a morning "
            f"answer, {with_cramps:.0%} of the nights with cramps."
        )
    yield ""
    yield from summary(cells, early)
    for closing, nights in product(CLOSING, NIGHTS):
        yield from part([cell for cell in cells if (cell.closing, cell.nights) == (closing, nights)], closing, nights)
    yield ""
    yield (
        f"mollet {__version__} ({begun_from}), {MODEL}, Python {platform.python_version()}, NumPy {np.__version__}, "
        f"{platform.machine()}, {os.cpu_count()} cores; {seconds:.0f} s; seed {SEED}."
    )


def summary(cells: Sequence[Cell], early: dict[Truth, int]) -> Iterator[str]:
    """Write what matters most: how often something useless is praised."""
    yield "## Something useless (ratio 1)"
    yield ""
    yield (
        "| closing | cramps a night on A | helps | most in one kind | may help | no use | harms "
        "| helps before the end, by the bets | experiments |"
    )
    yield "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    for closing, rate in product(CLOSING, (*RATES, None)):
        useless = [
            cell
            for cell in cells
            if cell.closing == closing and cell.ratio == 1 and (rate is None or cell.rate == rate)
        ]
        praised = [cell for cell in useless if cell.word == "helps"]
        number = sum(cell.simulated for cell in praised)
        share = {word: sum(cell.times for cell in useless if cell.word == word) for word in WORDS}
        spoken = sum(
            times
            for truth, times in early.items()
            if truth.closing == closing and truth.ratio == 1 and (rate is None or truth.rate == rate)
        )
        counted = (share["helps"], share["may_help"], share["no_use"], share["harms"], spoken)
        helps, *others = [f"{100 * one / number:.1f}" for one in counted]
        most = f"{max(100 * cell.times / cell.simulated for cell in praised):.1f}"
        told = "all" if rate is None else f"{rate:g}"
        yield f"| {closing} | {told} | {' | '.join((helps, most, *others))} | {number} |"


def part(cells: Sequence[Cell], closing: str, nights: int) -> Iterator[str]:
    """Write one table: true rate and ratio by word."""
    yield ""
    yield f"## {nights} nights, {closing} closing"
    yield ""
    yield "| cramps a night on A | true ratio | helps | may help | cannot tell | no use | harms | nothing to compare |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for rate, ratio in product(RATES, RATIOS):
        found = {cell.word: cell.of_100 for cell in cells if (cell.rate, cell.ratio) == (rate, ratio)}
        yield f"| {rate:g} | {ratio:g} | {' | '.join(str(found[word]) for word in WORDS)} |"


def commit() -> str:
    """Return the commit that was run, where there is one."""
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "no commit"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
