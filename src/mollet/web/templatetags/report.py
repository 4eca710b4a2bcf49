"""Numbers on paper and of what is kept, for the templates."""

from django import template

from mollet.words import number

register = template.Library()


@register.filter
def one_decimal(value: float | None, lang: str) -> str:
    """Write a number with one decimal."""
    return "" if value is None else number(value, lang, "0.0")
