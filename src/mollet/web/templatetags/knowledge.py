"""Show what is known, sources one tap away and evidence with its certainty, and what a form could not take."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import mark_safe

from mollet.advice.evidence import UNREVIEWED, Behind, Cited, behind
from mollet.knowledge import Text, load
from mollet.knowledge.model import Claim, Remedy, Source
from mollet.web.wording import worded
from mollet.words import say
from mollet.words.say import keys

register = template.Library()


@register.inclusion_tag("parts/known_sources.html", takes_context=True)
def sources(context: Context, ids: Iterable[str], status: str = "", *, packed: bool = False) -> dict[str, Any]:
    """List the documents behind a sentence, folded until asked for; where there is none, that it is usual practice.

    ``packed``: only their names stand here, and a script fills the list once it is opened. So does the pocket edition,
    which carries the documents once, beside its pages; and what only a script can show, where each byte counts.
    """
    known = load().sources
    found = [known[id] for id in ids if id in known]
    is_unreviewed = status in UNREVIEWED or not found
    named = (*(one.id for one in found), *(["standard"] if is_unreviewed else []))
    line = " ".join(named) if packed or context.get("pocket") else ""
    return {"lang": context["lang"], "sources": found, "is_unreviewed": is_unreviewed, "packed": line}


@register.simple_tag
def all_behind(*items: Cited | Iterable[Cited]) -> Behind:
    """Put together what several sentences rest on: items, and lists of them."""
    return behind(one for item in items for one in (item if isinstance(item, Iterable) else (item,)))


@register.inclusion_tag("parts/known_evidence.html", takes_context=True)
def evidence(context: Context, found: Iterable[Any]) -> dict[str, Any]:
    """List what was found, each with how sure that is and who says so."""
    return {"lang": context["lang"], "evidence": list(found)}


@register.inclusion_tag("parts/form_problems.html", takes_context=True)
def form_problems(context: Context) -> dict[str, Any]:
    """Sum up at the top of the page what could not be taken, each with a link to its field."""
    problems = context.get("problems") or []
    said = [
        (problem.field, worded(problem.key, context["lang"], problem.values, _hours(context))) for problem in problems
    ]
    return {"lang": context["lang"], "said": said}


@register.simple_tag(takes_context=True)
def problem(context: Context, field: str) -> str:
    """Say beside a field what could not be taken there; nothing when all is well."""
    found = [problem for problem in context.get("problems") or [] if problem.field == field]
    words = (worded(problem.key, context["lang"], problem.values, _hours(context)) for problem in found)
    return format_html_join("", '<p class="error" id="{}-error">{}</p>', ((field, sentence) for sentence in words))


def _hours(context: Context) -> str:
    return getattr(context.get("person"), "hours", None) or "24"


@register.simple_tag
def once() -> str:
    """Give a form an id of its own, so that two quick taps on its button say one thing."""
    return format_html('<input type="hidden" name="once" value="{}">', uuid.uuid4())


@register.filter
def at(values: Any, key: Any) -> Any:
    """Look a key up; nothing when it is not there."""
    return values.get(key) if values else None


@register.simple_tag(takes_context=True)
def read_how(context: Context, source: Source) -> str:
    """Say how a document was read: in full, its abstract, a copy."""
    return say(f"sources.read.{source.read}", context["lang"])


@register.simple_tag(takes_context=True)
def certainty(context: Context, sure: str | None) -> str:
    """Say how sure a sentence is, with its dots; nothing where nobody could rate it."""
    if sure is None:
        return ""
    words = say(f"certainty.{sure}", context["lang"])
    return format_html('<span class="certainty" data-sure="{}">{}</span>', sure, words)


@register.simple_tag(takes_context=True)
def of(context: Context, family: str, value: object) -> str:
    """Say one word of a family of keys: ``{% of "nights.leg" cramp.leg %}``."""
    return say(f"{family}.{value}", context["lang"])


@register.simple_tag(takes_context=True)
def claim_home(context: Context, claim: Claim) -> str:
    """Say on which screen a claim lives."""
    return say(f"claims.where.{claim.where.strip('/')}", context["lang"])


@register.simple_tag(takes_context=True)
def shorts(context: Context, keys: Iterable[str]) -> str:
    """Name questions in short, each a link to the screen that asks it."""
    known = load().questions
    links = ((known[key].group, key, known[key].short.to(context["lang"])) for key in keys if key in known)
    return format_html_join(", ", '<a href="/checkup/{}/#{}">{}</a>', links)


@register.simple_tag(takes_context=True)
def offered_links(context: Context, ids: Iterable[str], offered: Mapping[str, Remedy]) -> str:
    """Name the remedies that are offered, each a link to its place in the plan."""
    links = ((id, offered[id].name.to(context["lang"])) for id in ids if id in offered)
    return format_html_join(", ", '<a href="/plan/#{}">{}</a>', links)


@register.simple_tag(takes_context=True)
def texts(context: Context, found: Iterable[Text]) -> str:
    """Write bilingual phrases one after the other."""
    return ", ".join(text.to(context["lang"]) for text in found)


@register.simple_tag(takes_context=True)
def say_html(context: Context, key: str, **values: Any) -> str:
    """Say a sentence whose values may be links of our own; everything else in it is escaped."""
    return mark_safe(say(key, context["lang"], **{name: conditional_escape(value) for name, value in values.items()}))


@register.simple_tag(takes_context=True)
def kind_name(context: Context, kind: str) -> str:
    """Name what a row or a measure is about; as it is written where it is a column of the person's own."""
    lang = context["lang"]
    if kind in load().exposures:
        return load().exposures[kind].name.to(lang)
    return say(f"data.kind.{kind}", lang) if f"data.kind.{kind}" in keys(lang) else kind


@register.simple_tag(takes_context=True)
def item_name(context: Context, item: str | None) -> str:
    """Name an item of the catalogue by its place: ``relief/massage``."""
    kind, _, id = (item or "").partition("/")
    found = load().relief.get(id) if kind == "relief" else load().remedies.get(id) if kind == "remedies" else None
    return found.name.to(context["lang"]) if found else ""
