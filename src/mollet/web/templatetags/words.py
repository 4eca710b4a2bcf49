"""Template tags that speak: ``{% say "key" name=value %}``, ``{{ text|to:lang }}``, dates, times and numbers."""

import datetime as dt

from django import template
from django.template import Context

from mollet.knowledge import Text
from mollet.words import clock, date, number, say, weekday

register = template.Library()


@register.simple_tag(name="say", takes_context=True)
def say_tag(context: Context, key: str, **values: object) -> str:
    """Say a sentence of the interface in the language of the page."""
    return say(key, context["lang"], **values)


@register.filter
def to(text: Text | None, lang: str) -> str:
    """Return a bilingual text in one language; nothing for a text that is not there."""
    return "" if text is None else text.to(lang)


@register.filter(name="day")
def day_filter(day: dt.date, lang: str) -> str:
    """Write a date with its weekday, without its year."""
    return date(day, lang)


@register.filter(name="short_day")
def short_day(day: dt.date, lang: str) -> str:
    """Write a date in short: weekday, day and month."""
    return date(day, lang, "EEE d MMM")


@register.filter(name="full_day")
def full_day(day: dt.date, lang: str) -> str:
    """Write a date with its year."""
    return date(day, lang, "d MMMM y")


@register.filter(name="weekday")
def weekday_filter(day: dt.date, lang: str) -> str:
    """Write the name of the weekday."""
    return weekday(day, lang)


@register.filter(name="short_weekday")
def short_weekday(day: dt.date, lang: str) -> str:
    """Write the name of the weekday in short."""
    return date(day, lang, "EEE")


@register.filter(name="number")
def number_filter(value: float | None, lang: str) -> str:
    """Write a number with the separators of the language; nothing for one that is not known."""
    return "" if value is None else number(value, lang)


@register.simple_tag(name="time", takes_context=True)
def time_tag(context: Context, moment: dt.time | dt.datetime) -> str:
    """Write a time of day on the 24 or 12 hours that the person chose."""
    person = context.get("person")
    return clock(moment, context["lang"], getattr(person, "hours", None) or "24")
