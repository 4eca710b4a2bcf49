"""Say a sentence of the interface, or write a date, a time or a number, in a person's language."""

import datetime as dt
import re
from functools import cache
from importlib.resources import files

from babel.dates import format_date, format_time
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

LANGUAGES = ("en", "fr")
_LOCALES = {"en": "en_GB", "fr": "fr_FR"}
# In French the first of a month is "1er"; the day stands in a pattern as one d.
_DAY_ALONE = re.compile(r"(?<!d)d(?!d)")


def say(key: str, lang: str, **values: object) -> str:
    """Return the sentence that stands under a key, with its values filled in.

    A sentence with a plural form takes it from the value ``n``.

    Raises
    ------
    KeyError
        The key has no words in this language: a defect, never shown to a person.
    """
    forms = _sentences(lang)[key]
    sentence = forms if isinstance(forms, str) else forms[_plural(lang, values["n"])]
    return sentence.format(**values) if values else sentence


def keys(lang: str) -> frozenset[str]:
    """Every key that has words in a language."""
    return frozenset(_sentences(lang))


def date(day: dt.date, lang: str, pattern: str = "EEEE d MMMM") -> str:
    """Write a date, by default with its weekday and without its year."""
    if lang == "fr" and day.day == 1:
        pattern = _DAY_ALONE.sub("d'er'", pattern)
    return format_date(day, format=pattern, locale=_LOCALES[lang])


def weekday(day: dt.date, lang: str) -> str:
    """Write the name of a weekday."""
    return format_date(day, format="EEEE", locale=_LOCALES[lang])


def clock(moment: dt.time | dt.datetime, lang: str, hours: str = "24") -> str:
    """Write a time of day, on 24 or 12 hours."""
    pattern = "HH:mm" if hours == "24" else "h:mm a"
    return format_time(moment, format=pattern, locale=_LOCALES[lang])


def number(value: float, lang: str, pattern: str | None = None) -> str:
    """Write a number with the separators of the language."""
    return format_decimal(value, format=pattern, locale=_LOCALES[lang])


def _plural(lang: str, n: object) -> int:
    count = abs(float(str(n)))
    return int(count != 1) if lang == "en" else int(count >= 2)


@cache
def _sentences(lang: str) -> dict[str, str | tuple[str, ...]]:
    return {
        _key(message.id): message.string if isinstance(message.string, str) else tuple(message.string)
        for message in _catalog(lang)
        if message.id and message.string and not message.fuzzy
    }


def _key(identity: str | list[str] | tuple[str, ...]) -> str:
    return identity if isinstance(identity, str) else identity[0]


def _catalog(lang: str) -> Catalog:
    if lang not in LANGUAGES:
        raise KeyError(lang)
    with files(__package__).joinpath(f"{lang}.po").open("rb") as stream:
        return read_po(stream, locale=lang)
