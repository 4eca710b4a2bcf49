"""Pictures of nights as SVG that needs no script; each picture has a table of the same numbers beside it."""

import calendar as months
import datetime as dt
from collections.abc import Mapping, Sequence
from math import ceil
from xml.sax.saxutils import escape

from mollet.diary.nights import Night
from mollet.diary.summary import NIGHTS_A_WEEK, Summary
from mollet.report.trend import Rate
from mollet.words import date, number, say


def month(first: dt.date, nights: Mapping[dt.date, Night]) -> tuple[tuple[Night | None, ...], ...]:
    """Lay the nights of a month out in rows from Monday to Sunday; None for other months and nights not given."""
    rows = months.Calendar(firstweekday=0).monthdatescalendar(first.year, first.month)
    return tuple(tuple(nights.get(day) if day.month == first.month else None for day in row) for row in rows)


def night_words(night: Night, lang: str) -> str:
    """Say in words what the square of a night shows."""
    if night.state == "closed":
        return say("charts.night.closed", lang, n=night.cramps) if night.cramps else say("charts.night.none", lang)
    if night.state == "open":
        return say("charts.night.open", lang, n=night.at_least)
    return say(f"charts.night.{night.state}", lang)


_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 360, 190, 26, 12, 32


def weekly_chart(shown: Sequence[Summary], lang: str, rates: Sequence[Rate | None] = ()) -> str:
    """Draw the cramps of each week as bars, from closed nights only, and over them the smoothed rate with its band.

    A week with some nights not closed has an open bar, for its count is that of fewer nights; a week with none has a
    dash on the ground line and no bar, and the curve has a gap there.

    Parameters
    ----------
    shown : sequence of Summary
        One a week, in order of time; about 8 to 26 are readable.
    rates : sequence of (Rate or None), optional
        One a week; without any, there is no curve.
    lang : str
        Language of the words in the picture.

    Returns
    -------
    str
        One SVG element with a title and a description; the numbers stand in the table next to it.
    """
    highest = max((ceil(rate.high) for rate in rates if rate), default=0)
    top = _ceiling(max([highest, *(week.cramps for week in shown)]))
    step = (_WIDTH - _LEFT - 8) / max(len(shown), 1)
    describes = "charts.weekly.describe_curve" if any(rates) else "charts.weekly.describe"
    inner = [f"<title>{escape(say('charts.weekly.title', lang))}</title>"]
    inner.append(f"<desc>{escape(say(describes, lang, weeks=len(shown)))}</desc>")
    inner += _grid(top, lang)
    every = max(1, -(-len(shown) // 4))
    for index, week in enumerate(shown):
        inner += _bar(week, _LEFT + index * step, step, top)
        if index % every == 0:
            inner.append(_tick(_LEFT + (index + 0.5) * step, date(week.first, lang, "d MMM")))
    for first, run in _runs(rates):
        inner += _curve(run, _LEFT + first * step, step, top)
    return _svg(_WIDTH, _HEIGHT, inner)


def _runs(rates: Sequence[Rate | None]) -> list[tuple[int, list[Rate]]]:
    """Return the rates of weeks that follow each other, with the place of their first."""
    runs: list[tuple[int, list[Rate]]] = []
    for place, rate in enumerate(rates):
        if rate and place and rates[place - 1]:
            runs[-1][1].append(rate)
        elif rate:
            runs.append((place, [rate]))
    return runs


def _curve(run: Sequence[Rate], x: float, step: float, top: int) -> list[str]:
    """Draw some weeks' band and, over it, their smoothed rate; the line lies on a pale one, to be seen on the bars."""
    lows, middles, highs = (
        _points([getattr(rate, name) for rate in run], x, step, top) for name in ("low", "middle", "high")
    )
    band = f'<polygon class="chart-band" points="{" ".join([*highs, *reversed(lows)])}"/>'
    edges = [f'<polyline class="chart-edge" points="{" ".join(points)}"/>' for points in (lows, highs)]
    line = f'points="{" ".join(middles)}"/>'
    return [band, *edges, f'<polyline class="chart-halo" {line}', f'<polyline class="chart-line" {line}']


def _points(values: Sequence[float], x: float, step: float, top: int) -> list[str]:
    """Return the middle of each week at its height, level as far as the edges of the first week and the last."""
    places = [x, *(x + (index + 0.5) * step for index in range(len(values))), x + len(values) * step]
    return [f"{a:.1f},{_y(b, top):.1f}" for a, b in zip(places, [values[0], *values, values[-1]], strict=True)]


_LINE_WIDTH, _LINE_HEIGHT, _MARK = 760, 150, 8
_MARK_APART, _MARK_ROWS, _USUAL_ROWS = 2 * _MARK + 1, 5, 2


def time_line(shown: Sequence[Summary], marks: Sequence[dt.date], describes: str, lang: str) -> str:
    """Draw the cramps of each week as bars, with a numbered mark on the day of each change of a medicine.

    Parameters
    ----------
    shown : sequence of Summary
        One a week, in order of time, at least one.
    marks : sequence of date
        Days to mark, in order; the first is 1.
    describes : str
        What the picture shows, in words.
    lang : str
        Language of the dates in it.

    Returns
    -------
    str
        One SVG element that also prints in black on white where no style sheet reaches it.
    """
    top = _ceiling(max(week.cramps for week in shown))
    left = 26
    step = (_LINE_WIDTH - left) / len(shown)
    monday = shown[0].first - dt.timedelta(days=shown[0].first.weekday())
    places = [left + (on - monday).days / NIGHTS_A_WEEK * step for on in marks]
    rows = _mark_rows(places)
    more = max(0, max(rows, default=0) + 1 - _USUAL_ROWS) * 2 * _MARK
    height = _LINE_HEIGHT + more
    ground, ceiling = height - 22, 5 * _MARK + more if marks else _MARK
    inner = [f"<title>{escape(describes)}</title>"]
    for value in (0, top // 2, top):
        y = ground - (ground - ceiling) * value / top
        ends = f'x1="{left}" y1="{y:.1f}" x2="{_LINE_WIDTH}" y2="{y:.1f}"'
        inner.append(f'<line class="chart-grid" stroke="#bbb" {ends}/>')
        inner.append(_words(left - 6, y + 4, number(value, lang), "end"))
    for index, week in enumerate(shown):
        inner.append(_line_bar(week, left + index * step, step, ground, (ground - ceiling) / top))
    inner += _months(shown, left, step, height, lang)
    for place, (x, row) in enumerate(zip(places, rows, strict=True), 1):
        inner.append(_mark(x, place, row, ground))
    return f'<svg class="time-line" role="img" viewBox="0 0 {_LINE_WIDTH} {height}">{"".join(inner)}</svg>'


def _line_bar(week: Summary, x: float, step: float, ground: float, unit: float) -> str:
    if not week.closed:
        return _words(x + step / 2, ground - 4, "–", "middle")
    height = max(week.cramps * unit, 1.0)
    is_full = week.closed == NIGHTS_A_WEEK
    name, fill = ("chart-bar", "#333") if is_full else ("chart-bar-part", "none")
    size = f'x="{x + step * 0.15:.1f}" y="{ground - height:.1f}" width="{step * 0.7:.1f}" height="{height:.1f}"'
    return f'<rect class="{name}" fill="{fill}" stroke="#333" {size}/>'


def _months(shown: Sequence[Summary], left: float, step: float, height: float, lang: str) -> list[str]:
    """Name each month at its first whole week, with the year at the beginning and where it changes."""
    parts, free = [], 0.0
    for place, week in enumerate(shown):
        is_new_year = place == 0 or week.first.year != shown[place - 1].first.year
        is_new_month = place == 0 or week.first.month != shown[place - 1].first.month
        x = left + place * step
        width = 56.0 if is_new_year else 34.0
        if is_new_month and x >= free and x + width <= _LINE_WIDTH:
            words = date(week.first, lang, "MMM y" if is_new_year else "MMM")
            parts.append(_words(x, height - 6, words, "start"))
            free = x + width
    return parts


def _mark_rows(places: Sequence[float]) -> list[int]:
    """Return the row of each mark, the first in which it covers no number before it; beyond the last, the last."""
    rows: list[int] = []
    ends: list[float] = []
    for x in places:
        row = next((at for at, end in enumerate(ends) if x - end >= _MARK_APART), min(len(ends), _MARK_ROWS - 1))
        ends[row : row + 1] = [x]
        rows.append(row)
    return rows


def _mark(x: float, place: int, row: int, ground: float) -> str:
    """Draw a line on its day, with its number on top, in a row of its own where neighbours are near."""
    y = _MARK + 1 + row * (2 * _MARK)
    line = f'<line class="chart-mark" stroke="#000" x1="{x:.1f}" y1="{y + _MARK}" x2="{x:.1f}" y2="{ground}"/>'
    ring = f'<circle class="chart-ring" fill="#fff" stroke="#000" cx="{x:.1f}" cy="{y}" r="{_MARK}"/>'
    return line + ring + _words(x, y + 4, str(place), "middle")


def _words(x: float, y: float, words: str, anchor: str) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text class="chart-words" font-size="12" {place}>{escape(words)}</text>'


def _ceiling(highest: int) -> int:
    """Return the top of the scale: the next multiple of 4, and never below 4, so that the ticks are whole cramps."""
    return max(4, -(-highest // 4) * 4)


def _y(value: float, top: int) -> float:
    return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - value / top)


def _grid(top: int, lang: str) -> list[str]:
    parts = []
    for value in (0, top // 4, top // 2, 3 * top // 4, top):
        y = _y(value, top)
        parts.append(f'<line class="chart-grid" x1="{_LEFT}" y1="{y:.1f}" x2="{_WIDTH}" y2="{y:.1f}"/>')
        words = escape(number(value, lang))
        parts.append(f'<text class="chart-words" x="{_LEFT - 6}" y="{y + 5:.1f}" text-anchor="end">{words}</text>')
    return parts


def _bar(week: Summary, x: float, step: float, top: int) -> list[str]:
    ground, width = _y(0, top), step * 0.7
    left = x + step * 0.15
    if not week.closed:
        return [f'<text class="chart-words" x="{x + step / 2:.1f}" y="{ground - 4:.1f}" text-anchor="middle">–</text>']
    y = min(_y(week.cramps, top), ground - 2)
    name = "chart-bar" if week.closed == NIGHTS_A_WEEK else "chart-bar-part"
    size = f'width="{width:.1f}" height="{ground - y:.1f}"'
    return [f'<rect class="{name}" x="{left:.1f}" y="{y:.1f}" {size} rx="2"/>']


def _tick(x: float, words: str) -> str:
    return f'<text class="chart-words" x="{x:.1f}" y="{_HEIGHT - 10}" text-anchor="middle">{escape(words)}</text>'


def _svg(width: int, height: int, inner: list[str]) -> str:
    return f'<svg class="weekly-chart" role="img" viewBox="0 0 {width} {height}">{"".join(inner)}</svg>'
