"""The words of the interface: both languages complete, and every key that the program names exists."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from string import Formatter

import pytest

from mollet.knowledge import Text, load
from mollet.words import LANGUAGES, clock, date, number, say
from mollet.words.say import _sentences, keys

SOURCE = Path(__file__).parents[2] / "src" / "mollet"
NAMED_IN_PYTHON = re.compile(r"""(?:\bsay|\w*Error|\brefused|\bRefused)\(\s*["']([a-z0-9_]+(?:\.[a-z0-9_]+)+)["']""")
NAMED_IN_TEMPLATES = re.compile(r"""{%\s*say\s+["']([a-z0-9_.]+)["']""")


def forms(key: str, lang: str) -> tuple[str, ...]:
    """Return the sentence under a key, or both its forms where it has a plural."""
    sentence = _sentences(lang)[key]
    return (sentence,) if isinstance(sentence, str) else tuple(sentence)


def placeholders(sentence: str) -> set[str]:
    """Return the names of the values that a sentence quotes."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def named_keys() -> dict[str, str]:
    """Return every key written out in code or templates, with the file that names it."""
    found = {}
    for path in SOURCE.rglob("*.py"):
        found |= dict.fromkeys(NAMED_IN_PYTHON.findall(path.read_text(encoding="utf-8")), path.name)
    for path in SOURCE.rglob("*.html"):
        found |= dict.fromkeys(NAMED_IN_TEMPLATES.findall(path.read_text(encoding="utf-8")), path.name)
    return found


def test_both_languages_have_the_same_keys():
    assert keys("en") == keys("fr")


def test_every_key_named_in_the_program_has_words():
    missing = {key: where for key, where in named_keys().items() if key not in keys("en")}

    assert missing == {}


def test_the_search_for_named_keys_finds_many():
    assert len(named_keys()) > 100


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_is_empty(lang):
    assert [key for key in keys(lang) if not all(form.strip() for form in forms(key, lang))] == []


def test_both_languages_quote_the_same_values():
    differing = [
        key
        for key in keys("en")
        if set().union(*map(placeholders, forms(key, "en"))) - {"n"}
        != set().union(*map(placeholders, forms(key, "fr"))) - {"n"}
    ]

    assert differing == []


def test_french_uses_the_typographic_apostrophe():
    wrong = [key for key in keys("fr") if any(re.search(r"\w'\w", form) for form in forms(key, "fr"))]

    assert [key for key in wrong if not key.startswith("cli.example")] == []


def test_english_uses_the_typographic_apostrophe():
    wrong = [key for key in keys("en") if any(re.search(r"\w'\w", form) for form in forms(key, "en"))]

    assert [key for key in wrong if not key.startswith("cli.example")] == []


def test_english_and_french_of_the_knowledge_use_the_typographic_apostrophe():
    def texts(value):
        if isinstance(value, Text):
            yield from (value.en, value.fr)
        elif is_dataclass(value):
            yield from (text for field in fields(value) for text in texts(getattr(value, field.name)))
        elif isinstance(value, Mapping):
            yield from (text for one in value.values() for text in texts(one))
        elif isinstance(value, tuple | list):
            yield from (text for one in value for text in texts(one))

    assert [text for text in texts(load()) if re.search(r"\w'\w", text)] == []


def test_french_keeps_a_no_break_space_before_double_punctuation():
    wrong = [
        key
        for key in keys("fr")
        if any(re.search(r"[^\s\u00a0\u202f:/?!.<][?!;]|\w [?!;:»%]|« ", form) for form in forms(key, "fr"))
    ]

    assert [key for key in wrong if not key.startswith("cli.example")] == []


def test_french_calls_the_diary_by_one_word():
    assert [key for key in keys("fr") if any("carnet" in form.casefold() for form in forms(key, "fr"))] == []


def test_a_plural_follows_the_language():
    assert say("nights.count", "en", n=0) == "0 nights"
    assert say("nights.count", "fr", n=0) == "0 nuit"
    assert say("nights.count", "fr", n=2) == "2 nuits"


def test_an_unknown_key_is_a_defect_and_not_a_blank():
    with pytest.raises(KeyError):
        say("no.such.key", "en")


def test_dates_times_and_numbers_follow_the_language():
    assert date(dt.date(2026, 11, 22), "fr") == "dimanche 22 novembre"
    assert clock(dt.time(15, 5), "en", "12") == "3:05 pm"
    assert number(1234.5, "fr") == "1\u202f234,5"


def test_the_first_of_a_month_is_premier_in_french_alone():
    assert date(dt.date(2026, 1, 1), "fr", "d MMMM y") == "1er janvier 2026"
    assert date(dt.date(2026, 1, 11), "fr", "d MMMM y") == "11 janvier 2026"
    assert date(dt.date(2026, 1, 1), "en", "d MMMM y") == "1 January 2026"
