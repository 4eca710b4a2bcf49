"""``mollet knowledge``: check, list and show the cited catalogue."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from importlib.resources import files
from typing import Any

import click

from mollet.cli.options import Spoken, SpokenGroup, json_option, lang_option, print_json
from mollet.errors import EntryError
from mollet.knowledge import Catalogue, Text, load
from mollet.knowledge.load import complaints_of
from mollet.knowledge.rules import AtLeast, Compare, Fact, Not, Rule
from mollet.words import LANGUAGES, say

_HIDDEN = ("version", "reference", "reading")


class Subject(Spoken):
    """A command of this group: its help stands under ``cli.help.knowledge_<name>``."""

    @property
    def spoken_name(self) -> str:
        """Name of the command in the keys of its words."""
        return f"knowledge_{self.name}"


@click.group("knowledge", cls=SpokenGroup)
def knowledge() -> None:
    """Look into the cited catalogue."""


@knowledge.command("check", cls=Subject)
@click.option("--unverified", is_flag=True)
@click.option("--language", type=click.Choice(LANGUAGES))
@lang_option
def check(unverified: bool, language: str | None, lang: str) -> None:
    """Say what is wrong in the files, what is not verified, or which texts a language lacks."""
    complaints = complaints_of(files("mollet.knowledge"))
    if complaints:
        click.echo("\n".join(complaints))
        click.echo(say("cli.knowledge.wrong", lang, n=len(complaints)), err=True)
        raise SystemExit(1)
    catalogue = load()
    if unverified:
        click.echo("\n".join(_unverified(catalogue)) or say("cli.knowledge.all_verified", lang))
    elif language:
        # The loader refuses a text without both languages, so that nothing can be missing here.
        click.echo(say("cli.knowledge.complete", lang, language=language))
    else:
        count = sum(len(items) for _, items in _kinds(catalogue))
        click.echo(say("cli.knowledge.fine", lang, n=count, version=catalogue.version))


@knowledge.command("list", cls=Subject)
@click.argument("kind", required=False)
@json_option
@lang_option
def list_(kind: str | None, as_json: bool, lang: str) -> None:
    """List the items, all of them or those of one kind."""
    kinds = dict(_kinds(load()))
    if kind is not None and kind not in kinds:
        raise click.BadParameter(say("cli.knowledge.unknown_kind", lang, kind=kind, allowed=", ".join(kinds)))
    shown = {kind: kinds[kind]} if kind else kinds
    if as_json:
        print_json(
            {name: [{"id": one.id, "name": _title(one, lang)} for one in shown[name].values()] for name in shown}
        )
        return
    for name, items in shown.items():
        click.echo("\n".join(f"{name}/{one.id}  {_title(one, lang)}" for one in items.values()))


@knowledge.command("show", cls=Subject)
@click.argument("id")
@json_option
@lang_option
def show(id: str, as_json: bool, lang: str) -> None:
    """Show one item with everything it says and its sources."""
    catalogue = load()
    found = {f"{kind}/{one.id}": one for kind, items in _kinds(catalogue) for one in items.values()}
    named = {place: one for place, one in found.items() if id in (place, one.id)}
    if not named:
        raise _unknown(id, found)
    if as_json:
        print_json({place: plain(one, lang) for place, one in named.items()})
        return
    for place, one in named.items():
        click.echo(place)
        click.echo("\n".join(_lines(plain(one, lang), "  ")))
        for source in getattr(one, "sources", ()):
            click.echo(f"  {source}: {catalogue.sources[source].reference}")


def _unknown(name: str, found: Mapping[str, Any]) -> EntryError:
    near = get_close_matches(name, [*found, *(one.id for one in found.values())], n=1)
    if near:
        return EntryError("error.knowledge.unknown_item_near", name=name, near=near[0])
    return EntryError("error.knowledge.unknown_item", name=name)


def _kinds(catalogue: Catalogue) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for one in dataclasses.fields(catalogue):
        if one.name not in _HIDDEN:
            yield one.name, getattr(catalogue, one.name)


def _unverified(catalogue: Catalogue) -> Iterator[str]:
    """Items whose status says that no source was read for them."""
    for kind, items in _kinds(catalogue):
        for one in items.values():
            if getattr(one, "status", None) in ("standard", "recalled"):
                yield f"{kind}/{one.id}  {one.status}"


def _named(item: Any, lang: str) -> dict[str, str]:
    return {"id": item.id, "name": _title(item, lang)}


def _title(item: Any, lang: str) -> str:
    for field in ("name", "said", "short", "why", "reference"):
        text = getattr(item, field, None)
        if text is not None:
            return text.to(lang) if isinstance(text, Text) else str(text)
    return ""


def plain(value: Any, lang: str) -> Any:
    """Return an item as plain JSON values, its texts in one language, its rules as they are written in the files."""
    if isinstance(value, Text):
        return value.to(lang)
    for kind, write in _WRITTEN.items():
        if isinstance(value, kind):
            return write(value)
    if dataclasses.is_dataclass(value):
        pairs = ((one.name, getattr(value, one.name)) for one in dataclasses.fields(value))
        return {name: plain(one, lang) for name, one in pairs if one not in (None, ())}
    if isinstance(value, tuple):
        return [plain(one, lang) for one in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def _rule(rule: Rule) -> Any:
    return next(write(rule) for kind, write in _WRITTEN.items() if isinstance(rule, kind))


def _at_least(rule: AtLeast) -> dict[str, Any]:
    parts = [_rule(part) for part in rule.rules]
    if rule.number == len(parts):
        return {"all": parts}
    return {"any": parts} if rule.number == 1 else {"at_least": rule.number, "of": parts}


def _compare(rule: Compare) -> list[Any]:
    limit = sorted(rule.limit, key=str) if isinstance(rule.limit, frozenset) else rule.limit
    return [rule.name, rule.operator, limit]


_WRITTEN: Mapping[type, Callable[[Any], Any]] = {
    Fact: lambda rule: rule.name,
    Compare: _compare,
    Not: lambda rule: {"not": _rule(rule.rule)},
    AtLeast: _at_least,
}


def _lines(value: Any, indent: str) -> Iterator[str]:
    for key, one in value.items():
        if isinstance(one, dict):
            yield f"{indent}{key}:"
            yield from _lines(one, indent + "  ")
        elif isinstance(one, list) and any(isinstance(part, dict) for part in one):
            for number, part in enumerate(one, 1):
                yield f"{indent}{key}[{number}]:"
                yield from _lines(part if isinstance(part, dict) else {"": part}, indent + "  ")
        else:
            yield f"{indent}{key}: {', '.join(map(str, one)) if isinstance(one, list) else one}"
