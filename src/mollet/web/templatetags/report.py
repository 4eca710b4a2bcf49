"""Words and numbers of the doctor's page for the templates."""

import datetime as dt
from collections.abc import Iterable, Mapping

from django import template
from django.template.context import Context

from mollet.knowledge.model import Question
from mollet.report.doctor import Sign, Spread
from mollet.words import date, number, say

register = template.Library()


@register.filter
def one_decimal(value: float | None, lang: str) -> str:
    """Write a number with one decimal."""
    return "" if value is None else number(value, lang, "0.0")


@register.filter
def month_year(day: dt.date, lang: str) -> str:
    """Write a month with its year."""
    return date(day, lang, "MMMM y")


@register.simple_tag(takes_context=True)
def spread(context: Context, found: Spread, key: str) -> str:
    """Say the middle of several numbers, their bounds and how many they are."""
    lang = context["lang"]
    middle, least, most = (number(value, lang, "0.#") for value in (found.middle, found.least, found.most))
    return say(key, lang, middle=middle, least=least, most=most, n=found.n)


@register.simple_tag(takes_context=True)
def counted(context: Context, counts: Mapping[str, int], family: str) -> str:
    """Say how many episodes name each value."""
    return ", ".join(f"{say(f'{family}.{value}', context['lang'])} ({n})" for value, n in counts.items())


@register.simple_tag(takes_context=True)
def signs(context: Context, found: Iterable[Sign], *, dated: bool = False) -> str:
    """Name signs one after the other, each with its day where asked."""
    lang = context["lang"]
    named = [(sign.question.short.to(lang), date(sign.on, lang, "d MMMM y")) for sign in found]
    return say("report.semicolon", lang).join(f"{short} ({day})" if dated else short for short, day in named)


@register.simple_tag(takes_context=True)
def shorts_of(context: Context, questions: Iterable[Question]) -> str:
    """Name questions in short, one after the other."""
    return say("report.semicolon", context["lang"]).join(one.short.to(context["lang"]) for one in questions)
