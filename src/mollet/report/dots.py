"""Twenty dots for what is believed of a remedy: each dot is one case of 20, at its own rate ratio.

A quantile dotplot (Kay and others 2016, CHI, "When (ish) is my bus?"; Fernandes and others 2018, CHI).
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor, log
from statistics import NormalDist
from xml.sax.saxutils import escape

from mollet.trial.verdict import of_twenty
from mollet.words import say

DOTS = 20
LEVELS = tuple((place + 0.5) / DOTS for place in range(DOTS))
"""Where the dots stand: at the middle of each twentieth of what is believed."""


@dataclass(frozen=True, slots=True)
class Dots:
    """Twenty equally likely values of the log rate ratio, in order.

    Parameters
    ----------
    values : tuple of float
        Quantiles at `LEVELS`; below zero there are fewer cramps.
    fewer, worthwhile : int
        So many of 20 that the ratio is below 1, and below the smallest worthwhile one.
    """

    values: tuple[float, ...]
    fewer: int
    worthwhile: int


def of_normal(mean: float, sd: float, worthwhile: float) -> Dots:
    """Return the dots of a normal belief about the log rate ratio.

    Parameters
    ----------
    mean, sd : float
        Of the log rate ratio.
    worthwhile : float
        The smallest worthwhile rate ratio, between 0 and 1.
    """
    believed = NormalDist(mean, sd)
    chances = (believed.cdf(0.0), believed.cdf(log(worthwhile)))
    return Dots(tuple(believed.inv_cdf(level) for level in LEVELS), *map(of_twenty, chances))


_SIDE = 8
_COLUMN = log(2) / 4
"""Columns on either side of the line, and the width of one: four halve the cramps, and all pictures compare."""
_SIZE, _HIGHEST, _FOOT = 20, 200, 34
_WIDTH = 2 * _SIDE * _SIZE
_TICKS = (("dots.half", -4), ("dots.same", 0), ("dots.double", 4))


def picture(dots: Dots, lang: str) -> str:
    """Draw the dots in columns on either side of the line where nothing changes.

    Full dots are those with fewer cramps, open ones those with as many or more: no colour is needed to tell them apart.
    A dot beyond a quarter or four times as many stands in the last column.

    Parameters
    ----------
    dots : Dots
        What is believed.
    lang : str
        Language of the words in the picture.

    Returns
    -------
    str
        One SVG element with a title and a description.
    """
    columns = Counter(_columns(dots))
    apart = min(_SIZE, _HIGHEST / max(columns.values()))
    ground = ceil(max(columns.values()) * apart) + 6
    inner = [f"<title>{escape(say('dots.title', lang, n=dots.fewer))}</title>"]
    inner.append(f"<desc>{escape(say('dots.describe', lang))}</desc>")
    inner.append(f'<path class="dots-line" d="M{_WIDTH // 2} 0V{ground + 6}M0 {ground}H{_WIDTH}"/>')
    inner += [_stack(column, n, ground, apart) for column, n in sorted(columns.items())]
    inner += [_tick(column, say(key, lang), ground) for key, column in _TICKS]
    return f'<svg class="dots" role="img" viewBox="0 0 {_WIDTH} {ground + _FOOT}">{"".join(inner)}</svg>'


def _columns(dots: Dots) -> Iterator[int]:
    """Return the column of each dot, none of them across the line: those left of it are as many as the words say."""
    for place, value in enumerate(sorted(dots.values)):
        least, most = (-_SIDE, -1) if place < dots.fewer else (0, _SIDE - 1)
        yield min(max(floor(value / _COLUMN), least), most)


def _stack(column: int, n: int, ground: int, apart: float) -> str:
    name = "dot-fewer" if column < 0 else "dot-more"
    x = _WIDTH / 2 + (column + 0.5) * _SIZE
    places = (f'cx="{x:g}" cy="{ground - 2 - (row + 0.5) * apart:g}"' for row in range(n))
    return "".join(f'<circle class="{name}" {place} r="{0.38 * apart:g}"/>' for place in places)


def _tick(column: int, words: str, ground: int) -> str:
    x = _WIDTH / 2 + column * _SIZE
    return f'<text class="chart-words" x="{x:g}" y="{ground + 22}" text-anchor="middle">{escape(words)}</text>'
