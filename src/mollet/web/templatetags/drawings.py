"""Line drawings: one file of shapes each, to which the page adds a title and a description in its language."""

from functools import cache
from pathlib import Path

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from mollet.words import say

register = template.Library()
VIEW_BOX = "0 0 240 150"
FOLDER = Path(__file__).parent.parent / "templates" / "drawings"


@register.simple_tag(takes_context=True)
def drawing(context: Context, name: str, *, silent: bool = False) -> SafeString:
    """Draw; ``silent`` where the words beside it say the same already."""
    inside = shapes(name)
    if silent:
        return format_html('<svg class="drawing" viewBox="{}" aria-hidden="true">{}</svg>', VIEW_BOX, inside)
    place = _place(context, name)
    return format_html(
        '<svg class="drawing" viewBox="{box}" role="img" aria-labelledby="{id}-t {id}-d">'
        '<title id="{id}-t">{title}</title><desc id="{id}-d">{desc}</desc>{shapes}</svg>',
        box=VIEW_BOX,
        id=place,
        title=say(f"drawing.{name}.title", context["lang"]),
        desc=say(f"drawing.{name}.desc", context["lang"]),
        shapes=inside,
    )


def _place(context: Context, name: str) -> str:
    """Return an id that no other drawing of the page has."""
    drawn = context.dicts[0].setdefault("drawn", {})
    drawn[name] = drawn.get(name, 0) + 1
    return f"d-{name}" if drawn[name] == 1 else f"d-{name}-{drawn[name]}"


@cache
def is_drawn(name: str) -> bool:
    """Tell whether there is such a drawing."""
    return (FOLDER / f"{name}.svg").exists()


def drawn() -> list[str]:
    """Return the names of all drawings."""
    return sorted(file.stem for file in FOLDER.glob("*.svg"))


@cache
def shapes(name: str) -> SafeString:
    """Return what is inside a drawing."""
    # A file of the package and nothing a person wrote.
    return mark_safe((FOLDER / f"{name}.svg").read_text(encoding="utf-8").strip())
