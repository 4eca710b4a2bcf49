"""Words and marks of nights for the templates."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID
from zoneinfo import ZoneInfo

from django import template
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from mollet.diary.entries import Entry, Pause
from mollet.diary.fold import Done, Thing
from mollet.diary.nights import Episode, Night
from mollet.exchange import telling
from mollet.exchange.incoming import Incoming
from mollet.knowledge import load
from mollet.report import charts
from mollet.report.trend import Rate
from mollet.words import clock, date, number, say

register = template.Library()
_ONE_DAY = dt.timedelta(days=1)


@register.filter
def month(day: dt.date, lang: str) -> str:
    """Write a month with its year."""
    return date(day, lang, "MMMM y").capitalize()


@register.filter
def short_weekday(day: dt.date, lang: str) -> str:
    """Write the first letters of a weekday."""
    return date(day, lang, "EEEEEE").rstrip(".")


@register.filter
def short_date(day: dt.date, lang: str) -> str:
    """Write day, month and year in short."""
    return date(day, lang, "d MMM y")


@register.filter
def day_and_month(day: dt.date, lang: str) -> str:
    """Write day and month in short."""
    return date(day, lang, "d MMM")


@register.simple_tag(takes_context=True)
def night_words(context: Context, night: Night) -> str:
    """Say what the square of a night shows."""
    return charts.night_words(night, context["lang"])


@register.simple_tag(takes_context=True)
def night_title(context: Context, day: dt.date, by_day: bool) -> str:
    """Name a night by its evening and its morning, or by its day for who sleeps by day; in another year with it."""
    lang, morning = context["lang"], day + _ONE_DAY
    in_full = "EEEE d MMMM" if context["local_now"].year in (day.year, morning.year) else "EEEE d MMMM y"
    if by_day:
        return say("nights.day_of", lang, day=date(day, lang, in_full))
    evening = date(day, lang, "EEEE d" if morning.month == day.month else "EEEE d MMMM")
    return say("nights.night_of", lang, evening=evening, morning=date(morning, lang, in_full))


@register.simple_tag(takes_context=True)
def said_at(context: Context, entry: Entry) -> str:
    """Say when something was said."""
    moment = entry.said.astimezone(ZoneInfo(entry.zone))
    return say("nights.two.said_at", context["lang"], day=date(moment, context["lang"]), time=_time(context, moment))


@register.simple_tag(takes_context=True)
def pause_words(context: Context, pause: Pause) -> str:
    """Say why a pause is, and from when to when."""
    lang = context["lang"]
    reason, first = say(f"nights.pause.{pause.reason}", lang), short_date(pause.first, lang)
    if pause.last is None:
        return f"{reason}, {say('nights.pause.since', lang, first=first)}"
    return f"{reason}, {say('nights.pause.span', lang, first=first, last=short_date(pause.last, lang))}"


@register.simple_tag(takes_context=True)
def cramp_says(context: Context, key: str, cramp: Episode) -> str:
    """Say a sentence that names a cramp by its time."""
    return say(key, context["lang"], time=_time(context, cramp.at.astimezone(ZoneInfo(cramp.zone))))


@register.simple_tag(takes_context=True)
def helped(context: Context, ids: Iterable[str]) -> str:
    """Say what helped during a cramp."""
    known = load().relief
    names = [known[id].name.to(context["lang"]) if id in known else id for id in ids]
    return say("nights.helped", context["lang"], what=", ".join(names).lower())


@register.simple_tag(takes_context=True)
def minutes(context: Context, cramp: Episode) -> str:
    """Say how long a cramp lasted, to the minute, and that one shorter than that lasted less."""
    if cramp.minutes is None:
        return say("nights.end_unknown", context["lang"])
    if cramp.minutes < 1:
        return say("nights.under_a_minute", context["lang"])
    return say("nights.minutes", context["lang"], n=round(cramp.minutes))


@register.simple_tag(takes_context=True)
def pair(context: Context, name: object, value: object) -> str:
    """Say a name and its value with the colon of the language."""
    return say("nights.pair", context["lang"], name=name, value=value)


@register.simple_tag(takes_context=True)
def amount(context: Context, value: bool | float | None, unit: str | None = None) -> str:
    """Say a value that was recorded: yes, no, or a number with its unit."""
    lang = context["lang"]
    if isinstance(value, bool):
        return say("nights.yes" if value else "nights.no", lang)
    return "" if value is None else f"{number(value, lang)}\u00a0{unit or ''}".strip()


@register.simple_tag(takes_context=True)
def smoothed(context: Context, rate: Rate | None) -> str:
    """Write the smoothed cramps of a week with their band; a dash where the curve has a gap."""
    if rate is None:
        return "–"
    low, middle, high = (number(round(value, 1), context["lang"]) for value in (rate.low, rate.middle, rate.high))
    band = say("nights.smoothed_between", context["lang"], low=low, high=high)
    return format_html('{} <span class="band">{}</span>', middle, band)


@register.simple_tag
def marks(name: str, chosen: object) -> SafeString:
    """Offer one row of marks from 0 to 10."""
    row = ((name, mark, "checked" if str(chosen) == str(mark) else "", mark) for mark in range(11))
    button = '<label><input type="radio" name="{}" value="{}" {}><span>{}</span></label>'
    return format_html_join("", button, row)


@register.simple_tag
def replacing(thing: Episode | Done | Thing | Night) -> SafeString:
    """Name in a form the thing it is about and the sayings that the page showed; of a night, all of its answers."""
    fields = '<input type="hidden" name="about" value="{}"><input type="hidden" name="replaces" value="{}">'
    about = thing.answers[-1].about if isinstance(thing, Night) else thing.about
    return format_html(fields, about, " ".join(str(one) for one in _leaves(thing)))


@register.simple_tag(takes_context=True)
def nothing_in(context: Context, incoming: Incoming) -> str:
    """Say why a file cannot bring anything; empty where it can."""
    nothing = telling.nothing_in(incoming)
    return telling.tell(nothing, context["lang"]) if nothing else ""


@register.simple_tag
def recorded(night: Night) -> SafeString:
    """Name in a form the cramps that the page showed: an answer given with them before one's eyes holds."""
    leaves = " ".join(str(leaf) for episode in night.episodes for leaf in episode.leaves[-1:])
    return format_html('<input type="hidden" name="replaces" value="{}">', leaves)


def _leaves(thing: Episode | Done | Thing | Night) -> tuple[UUID, ...]:
    leaves = thing.answers if isinstance(thing, Night) else thing.leaves
    return tuple(leaf.id if isinstance(leaf, Entry) else leaf for leaf in leaves)


def _time(context: Context, moment: dt.datetime) -> str:
    return clock(moment, context["lang"], getattr(context.get("person"), "hours", None) or "24")
