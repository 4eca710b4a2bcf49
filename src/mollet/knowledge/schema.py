"""Read a table of a knowledge file into a dataclass of the model, and say everything that is wrong with it."""

import datetime as dt
import types
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from mollet.knowledge.rules import Rule, read_rule

BAD: Any = object()
Place = Any  # a file name, or a pair of the place above and a key
Reader = Callable[[Any, Place, "list[str]"], Any]


def read_table(model: type, table: object, place: Place, complaints: list[str]) -> Any:
    """Read a table into a dataclass; complaints are added to the list, and ``BAD`` returned, when it cannot be."""
    return _reader(model)(table, place, complaints)


def complain(complaints: list[str], place: Place, what: str) -> Any:
    """Add one complaint, with its file and key, and return ``BAD``."""
    complaints.append(f"{_written(place)} {what}")
    return BAD


def _written(place: Place) -> str:
    keys: list[str | int] = []
    while isinstance(place, tuple):
        place, key = place
        keys.insert(0, key)
    path = ""
    for key in keys:
        path += f"[{key}]" if isinstance(key, int) else f".{key}"
    return f"{place}: {path.lstrip('.')}" if path else f"{place}:"


@cache
def _reader(hint: Any) -> Reader:
    """Choose how values of a type are read."""
    if hint is Rule:
        return _read_rule
    if is_dataclass(hint):
        return _table_reader(hint)  # type: ignore[arg-type]
    if get_origin(hint) is Literal:
        return _choice_reader(get_args(hint))
    if get_origin(hint) is tuple:
        return _list_reader(_reader(get_args(hint)[0]))
    if get_origin(hint) in (Union, types.UnionType):
        return _union_reader(hint)
    return _PLAIN[hint]


def _table_reader(model: type) -> Reader:
    hints = get_type_hints(model)
    known = [
        (
            str(one.metadata.get("toml", one.name)),
            one.name,
            _reader(hints[one.name]),
            one.default is MISSING and one.default_factory is MISSING,
        )
        for one in fields(model)
    ]
    keys = {key for key, *_ in known}

    def read(table: Any, place: Place, complaints: list[str]) -> Any:
        if not isinstance(table, dict):
            return complain(complaints, place, f"is {table!r}; use a table with {', '.join(sorted(keys))}.")
        before = len(complaints)
        for key in table.keys() - keys:
            complain(complaints, (place, key), f"is not known here; {_instead(key, keys)}")
        made = {}
        for key, name, read_value, required in known:
            if key in table:
                made[name] = read_value(table[key], (place, key), complaints)
            elif required:
                complain(complaints, (place, key), "is missing.")
        return BAD if len(complaints) > before else model(**made)

    return read


def _instead(key: str, keys: set[str]) -> str:
    near = get_close_matches(key, keys, n=1)
    return f"did you mean {near[0]}?" if near else f"use {', '.join(sorted(keys))}."


def _choice_reader(allowed: tuple[str, ...]) -> Reader:
    listed = ", ".join(allowed[:-1]) + f" or {allowed[-1]}"

    def read(value: Any, place: Place, complaints: list[str]) -> Any:
        if isinstance(value, str) and value in allowed:
            return value
        return complain(complaints, place, f"is {_quoted(value)}; use {listed}.")

    return read


def _list_reader(read_one: Reader) -> Reader:
    def read(value: Any, place: Place, complaints: list[str]) -> Any:
        if not isinstance(value, list):
            return complain(complaints, place, f"is {_quoted(value)}; use a list.")
        return tuple([read_one(one, (place, number), complaints) for number, one in enumerate(value, 1)])

    return read


def _union_reader(hint: Any) -> Reader:
    readers = [_reader(one) for one in get_args(hint) if one is not type(None)]

    def read(value: Any, place: Place, complaints: list[str]) -> Any:
        for read_one in readers:
            tried: list[str] = []
            got = read_one(value, place, tried)
            if not tried:
                return got
        complaints.extend(tried)
        return BAD

    return read if len(readers) > 1 else readers[0]


def _plain_reader(kinds: tuple[type, ...], wanted: str) -> Reader:
    def read(value: Any, place: Place, complaints: list[str]) -> Any:
        if type(value) in kinds:
            return value
        return complain(complaints, place, f"is {_quoted(value)}; use {wanted}.")

    return read


def _read_text(value: Any, place: Place, complaints: list[str]) -> Any:
    if type(value) is str and value.strip() and value == value.strip():
        return value
    if type(value) is str:
        return complain(complaints, place, f"is {_quoted(value)}; use text without spaces around it.")
    return complain(complaints, place, f"is {_quoted(value)}; use text.")


def _read_date(value: Any, place: Place, complaints: list[str]) -> Any:
    if type(value) is dt.date:
        return value
    try:
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        return complain(complaints, place, f"is {_quoted(value)}; use a date like 2026-11-20, without quotes.")


def _read_rule(value: Any, place: Place, complaints: list[str]) -> Any:
    try:
        return read_rule(value)
    except ValueError as error:
        return complain(complaints, place, f"cannot be read: {error}.")


def _quoted(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


_PLAIN: dict[Any, Reader] = {
    str: _read_text,
    bool: _plain_reader((bool,), "true or false"),
    int: _plain_reader((int,), "a whole number"),
    float: _plain_reader((int, float), "a number"),
    dt.date: _read_date,
}
