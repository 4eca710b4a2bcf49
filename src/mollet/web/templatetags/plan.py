"""Words and numbers of the plan for the templates."""

from typing import Any

from django import template
from django.template.context import Context
from django.utils.safestring import mark_safe

from mollet.advice.foods import Foods
from mollet.advice.noted import Noted
from mollet.advice.review import Review
from mollet.diary.summary import Summary
from mollet.knowledge.model import Food, Remedy, Step
from mollet.report import dots
from mollet.trial.analysis import WORTHWHILE
from mollet.words import date, number, say

register = template.Library()


@register.simple_tag(takes_context=True)
def holds(context: Context, step: Step) -> str:
    """Say how long and how often a hold is done."""
    words = say("plan.holds", context["lang"], seconds=step.seconds, n=step.repeats)
    return f"{words} {say('plan.each_leg', context['lang'])}" if step.each_leg else words


@register.simple_tag(takes_context=True)
def intake(context: Context, table: Foods) -> str:
    """Say the reference intake of a day, with its bounds where they differ."""
    lang, least, most = context["lang"], table.least_mg or 0, table.most_mg or 0
    key = "plan.intake" if least == most else "plan.intake_between"
    return say(key, lang, body=table.body, least=whole(least, lang), most=whole(most, lang))


@register.simple_tag(takes_context=True)
def portion(context: Context, food: Food) -> str:
    """Say a usual portion with its weight."""
    return say("plan.portion_of", context["lang"], what=food.portion.to(context["lang"]), g=f"{food.portion_g:g}")


@register.simple_tag(takes_context=True)
def percent(context: Context, share: int | None) -> str:
    """Say a share in whole percent."""
    return "" if share is None else say("plan.percent", context["lang"], n=share)


@register.filter
def whole(value: float, lang: str) -> str:
    """Write a number without decimals."""
    return number(round(value), lang)


@register.inclusion_tag("parts/believed.html", takes_context=True)
def believed(context: Context, remedy: Remedy | None) -> dict[str, Any]:
    """Say what trials let us believe of a remedy before the person's own nights, as so many of 20, with the dots.

    Without a trial there is nothing to say, nor of what nobody should try without a doctor.
    """
    if remedy is None or remedy.stance not in ("offer", "allow") or remedy.prior is None or not remedy.prior.sources:
        return {}
    prior, lang = remedy.prior, context["lang"]
    found = dots.of_normal(prior.mean, prior.sd, WORTHWHILE)
    says = say("plan.believed", lang, n=found.fewer, m=found.worthwhile, k=round(10 * (1 - WORTHWHILE)))
    # The picture is made of numbers and escaped words alone.
    return {"lang": lang, "prior": prior, "says": says, "picture": mark_safe(dots.picture(found, lang))}


@register.simple_tag(takes_context=True)
def noted_says(context: Context, one: Noted) -> str:
    """Say what the diary holds of a habit: how often, how much, and the nights of those days."""
    lang, exposure = context["lang"], one.exposure
    name = exposure.name.to(lang)
    if not one.days:
        return say("causes.diary_nothing", lang, name=name)
    if one.middle is None or one.least is None or one.most is None:
        yes, no = one.yes, one.no
        words = {"a": yes.answered, "b": yes.with_cramps, "c": no.answered, "d": no.with_cramps}
        return say("causes.diary_yes_no", lang, name=name, n=one.days, **words)
    unit = exposure.unit if isinstance(exposure.unit, str) else exposure.unit.to(lang) if exposure.unit else ""
    amounts = {key: number(value, lang) for key, value in (("least", one.least), ("most", one.most))}
    middle = f"{number(one.middle, lang)}\u00a0{unit}".strip()
    answered, cramps = one.yes.answered + one.no.answered, one.yes.with_cramps + one.no.with_cramps
    return say("causes.diary_amount", lang, name=name, n=one.days, middle=middle, a=answered, b=cramps, **amounts)


@register.simple_tag(takes_context=True)
def review_state(context: Context, one: Review) -> str:
    """Say since when the routine is tried, on how many nights it was done, and when to look back."""
    lang = context["lang"]
    days = {"begun": date(one.begun, lang, "d MMMM"), "due": date(one.due, lang, "d MMMM")}
    key = "plan.review_over" if one.is_due else "plan.review_going"
    return say(key, lang, n=one.nights, done=one.done, weeks=one.weeks, **days)


@register.simple_tag(takes_context=True)
def review_nights(context: Context, key: str, one: Summary) -> str:
    """Say how many cramps a week there were in a span, from how many answered nights."""
    lang = context["lang"]
    if one.rate_per_week is None:
        return say(f"{key}_unknown", lang)
    return say(key, lang, n=one.closed, rate=number(round(one.rate_per_week, 1), lang))
