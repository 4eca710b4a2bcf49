"""Pictures of nights as SVG that needs no script; each picture has a table of the same numbers beside it."""

import calendar as months
import datetime as dt
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from mollet.diary.nights import Night
from mollet.diary.summary import NIGHTS_A_WEEK, Summary
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


def weekly_chart(shown: Sequence[Summary], lang: str) -> str:
    """Draw the cramps of each week as bars, from closed nights only.

    A week with some nights not closed has an open bar, for its count is that of fewer nights; a week with none has a
    dash on the ground line and no bar.

    Parameters
    ----------
    shown : sequence of Summary
        One a week, in order of time; about 8 to 26 are readable.
    lang : str
        Language of the words in the picture.

    Returns
    -------
    str
        One SVG element with a title and a description; the numbers stand in the table next to it.
    """
    top = _ceiling(max((week.cramps for week in shown), default=0))
    step = (_WIDTH - _LEFT - 8) / max(len(shown), 1)
    inner = [f"<title>{escape(say('charts.weekly.title', lang))}</title>"]
    inner.append(f"<desc>{escape(say('charts.weekly.describe', lang, weeks=len(shown)))}</desc>")
    inner += _grid(top, lang)
    every = max(1, -(-len(shown) // 4))
    for index, week in enumerate(shown):
        inner += _bar(week, _LEFT + index * step, step, top)
        if index % every == 0:
            inner.append(_tick(_LEFT + (index + 0.5) * step, date(week.first, lang, "d MMM")))
    return _svg(_WIDTH, _HEIGHT, inner)


_LINE_WIDTH, _LINE_HEIGHT, _MARK = 760, 150, 8


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
    ground, left = _LINE_HEIGHT - 22, 26
    ceiling = 5 * _MARK if marks else _MARK
    step = (_LINE_WIDTH - left) / len(shown)
    monday = shown[0].first - dt.timedelta(days=shown[0].first.weekday())
    inner = [f"<title>{escape(describes)}</title>"]
    for value in (0, top // 2, top):
        y = ground - (ground - ceiling) * value / top
        ends = f'x1="{left}" y1="{y:.1f}" x2="{_LINE_WIDTH}" y2="{y:.1f}"'
        inner.append(f'<line class="chart-grid" stroke="#bbb" {ends}/>')
        inner.append(_words(left - 6, y + 4, number(value, lang), "end"))
    for index, week in enumerate(shown):
        inner.append(_line_bar(week, left + index * step, step, ground, (ground - ceiling) / top))
    inner += _months(shown, left, step, lang)
    for place, on in enumerate(marks, 1):
        inner.append(_mark(left + (on - monday).days / NIGHTS_A_WEEK * step, place, ground))
    return f'<svg class="time-line" role="img" viewBox="0 0 {_LINE_WIDTH} {_LINE_HEIGHT}">{"".join(inner)}</svg>'


def _line_bar(week: Summary, x: float, step: float, ground: float, unit: float) -> str:
    if not week.closed:
        return _words(x + step / 2, ground - 4, "–", "middle")
    height = max(week.cramps * unit, 1.0)
    is_full = week.closed == NIGHTS_A_WEEK
    name, fill = ("chart-bar", "#333") if is_full else ("chart-bar-part", "none")
    size = f'x="{x + step * 0.15:.1f}" y="{ground - height:.1f}" width="{step * 0.7:.1f}" height="{height:.1f}"'
    return f'<rect class="{name}" fill="{fill}" stroke="#333" {size}/>'


def _months(shown: Sequence[Summary], left: float, step: float, lang: str) -> list[str]:
    """Name each month at its first whole week, with the year at the beginning and where it changes."""
    parts, free = [], 0.0
    for place, week in enumerate(shown):
        is_new_year = place == 0 or week.first.year != shown[place - 1].first.year
        is_new_month = place == 0 or week.first.month != shown[place - 1].first.month
        x = left + place * step
        width = 56.0 if is_new_year else 34.0
        if is_new_month and x >= free and x + width <= _LINE_WIDTH:
            words = date(week.first, lang, "MMM y" if is_new_year else "MMM")
            parts.append(_words(x, _LINE_HEIGHT - 6, words, "start"))
            free = x + width
    return parts


def _mark(x: float, place: int, ground: float) -> str:
    """Draw a line on its day, with its number on top, in one of two rows so that neighbours stay apart."""
    y = _MARK + 1 + (place - 1) % 2 * (2 * _MARK)
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
