"""Words and numbers of the plan for the templates."""

from django import template
from django.template.context import Context

from mollet.advice.foods import Foods
from mollet.knowledge.model import Food, Step
from mollet.words import number, say

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
