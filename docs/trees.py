"""Rules in words, as trees: what must hold, part by part, with the names of the rules that several others use."""

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from mollet.knowledge import Catalogue
from mollet.knowledge.names import KINDS

Written = Any
_BOUNDS = {">=": "{limit} or more", ">": "more than {limit}", "<=": "{limit} or less", "<": "less than {limit}"}


@cache
def _toml(path: str) -> dict[str, Any]:
    return tomllib.loads(files("mollet.knowledge").joinpath(path).read_text(encoding="utf-8"))


def when(path: str, catalogue: Catalogue) -> Iterator[str]:
    """The rule of one file, as a nested list."""
    yield from tree(_toml(path)["when"], catalogue)


def contraindications(path: str) -> list[dict[str, Any]]:
    """The contraindications of one file, as written."""
    found: list[dict[str, Any]] = _toml(path).get("contraindication", [])
    return found


def named_rules(catalogue: Catalogue) -> Iterator[str]:
    """Every rule that has a name, with whom it is about and what it asks."""
    for name, one in _toml("derived.toml").items():
        yield f"\n## {name}\n\n{one['why']['en']}\n"
        yield from tree(one["when"], catalogue)
        yield f"\nSources: {', '.join(one['sources']) or 'none'} · {one['status']}"


def contradictions(catalogue: Catalogue) -> Iterator[str]:
    """Answers that do not go together: what is said of them, and when."""
    for name, one in _toml("contradictions.toml").items():
        yield f"\n### {name}\n\n{one['says']['en']}\n"
        yield from tree(one["when"], catalogue)
        yield f"\nSources: {', '.join(one['sources']) or 'none'} · {one['status']}"


def tree(written: Written, catalogue: Catalogue, depth: int = 0) -> Iterator[str]:
    """A rule and its parts, each part below what it belongs to."""
    line = "  " * depth + "- "
    if isinstance(written, str):
        yield line + _fact(written, catalogue)
    elif isinstance(written, list):
        yield line + _compare(*written, catalogue)
    elif "not" in written:
        yield f"{line}not:"
        yield from tree(written["not"], catalogue, depth + 1)
    else:
        yield from _group(written, catalogue, depth)


def _group(written: dict[str, Any], catalogue: Catalogue, depth: int) -> Iterator[str]:
    key = next(key for key in ("all", "any", "of") if key in written)
    parts = written[key]
    if len(parts) == 1 and key != "of":
        yield from tree(parts[0], catalogue, depth)
        return
    yield "  " * depth + {"all": "- all of", "any": "- any of", "of": f"- at least {written.get('at_least')} of"}[key]
    for part in parts:
        yield from tree(part, catalogue, depth + 1)


def _fact(name: str, catalogue: Catalogue) -> str:
    prefix, _, rest = name.partition(":")
    if prefix == "derived":
        return f"[{rest}](rules.md#{rest}): {catalogue.derived[rest].why.en}"
    if prefix in KINDS:
        return f"{prefix}: {getattr(catalogue, KINDS[prefix])[rest].name.en}"
    if prefix == "asks":
        return f"asks about {rest.replace('_', ' ')}"
    return f"{catalogue.questions[name].short.en} (`{name}`)"


def _compare(name: str, operator: str, limit: Any, catalogue: Catalogue) -> str:
    if name.startswith("taken:"):
        return f"taken a day, all products together (`{name}`): {_BOUNDS[operator].format(limit=limit)}"
    question = catalogue.questions[name]
    if operator in _BOUNDS:
        return f"{question.short.en} (`{name}`): {_BOUNDS[operator].format(limit=limit)}"
    values = {one.id: one.name.en for one in question.values}
    chosen = [values[one] for one in (limit if isinstance(limit, list) else [limit])]
    return f"{question.short.en} (`{name}`): {'not ' if operator == '!=' else ''}{' or '.join(chosen)}"
