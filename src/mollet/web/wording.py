"""What the door refused, said on a page: fields by the names the forms give them, dates in words."""

import datetime as dt
import re
from collections.abc import Mapping

from mollet.words import clock, date, say
from mollet.words.say import keys

_ENTRY = "error.entry."


def worded(key: str, lang: str, values: Mapping[str, object], hours: str = "24") -> str:
    """Say what was wrong; a refusal of the door names a field as forms do and quotes no value of a program.

    Times of day are written on 24 or 12 ``hours``.
    """
    if not key.startswith(_ENTRY):
        return say(key, lang, **{name: _time(value, lang, hours) for name, value in values.items()})
    said = {name: _in_words(value, lang, hours) for name, value in values.items()}
    if "field" in values:
        said["field"] = field_name(str(values["field"]), lang)
    return say(key, lang, **said)


def field_name(field: str, lang: str) -> str:
    """Name a field of an entry; one that no form has keeps the name it came with."""
    return say(f"field.{field}", lang) if f"field.{field}" in keys(lang) else field


def _time(value: object, lang: str, hours: str) -> object:
    """Write a time of day as the person reads it; anything else as it is."""
    return clock(value, lang, hours) if isinstance(value, dt.time) else value


def _in_words(value: object, lang: str, hours: str) -> object:
    """Write a date, or a moment, as one reads it; anything else as it was typed."""
    value = value.isoformat() if isinstance(value, dt.date) else value
    if not isinstance(value, str) or not re.match(r"\d{4}-\d\d-\d\d", value):
        return value
    try:
        return date(dt.date.fromisoformat(value), lang, "d MMMM y")
    except ValueError:
        pass
    try:
        moment = dt.datetime.fromisoformat(value)
    except ValueError:
        return value
    return f"{date(moment.date(), lang, 'd MMMM y')}, {clock(moment, lang, hours)}"
