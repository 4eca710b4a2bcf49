"""How often the one decision rule says which word: simulated beforehand, looked up for people alike.

``operating.csv`` is written by ``make recovery`` together with ``docs/reference/operating.md``: none of its figures
stands in Python.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import log

FILE = "operating.csv"


@dataclass(frozen=True, slots=True)
class Cell:
    """Simulated experiments of one kind.

    Parameters
    ----------
    closing : str
        ``equal`` or ``unequal`` closing of quiet nights between the arms.
    rate : float
        True cramps a night on A.
    nights : int
        Planned nights.
    ratio : float
        True rate ratio.
    word : str
        The verdict that is counted.
    times, simulated : int
        How often it was given, out of how many.
    """

    closing: str
    rate: float
    nights: int
    ratio: float
    word: str
    times: int
    simulated: int

    @property
    def of_100(self) -> int:
        """Return how many of 100 such people get the word."""
        return round(100 * self.times / self.simulated)


@cache
def cells() -> tuple[Cell, ...]:
    """Return everything that was simulated."""
    text = files(__package__).joinpath(FILE).read_text(encoding="utf-8")
    return tuple(
        Cell(
            row["closing"],
            float(row["rate"]),
            int(row["nights"]),
            float(row["ratio"]),
            row["word"],
            int(row["times"]),
            int(row["simulated"]),
        )
        for row in csv.DictReader(text.splitlines())
    )


def people_alike(rate: float, nights: int, word: str = "helps") -> tuple[Cell, ...]:
    """Return how often a word is given to people with about this rate and this many nights, by true ratio from 1 down.

    Parameters
    ----------
    rate : float
        Cramps a night on A.
    nights : int
        Planned nights.
    word : str
        The verdict.
    """
    known = [cell for cell in cells() if cell.closing == "equal" and cell.word == word]
    if not known or rate <= 0:
        return ()
    near_rate = _nearest(rate, {cell.rate for cell in known})
    near_nights = _nearest(nights, {cell.nights for cell in known})
    alike = [cell for cell in known if (cell.rate, cell.nights) == (near_rate, near_nights)]
    return tuple(sorted(alike, key=lambda cell: -cell.ratio))


def _nearest(value: float, known: Iterable[float]) -> float:
    return min(known, key=lambda one: abs(log(one / value)))
