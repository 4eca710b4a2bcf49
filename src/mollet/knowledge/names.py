"""Recognise medicines, illnesses and supplements by the names people use."""

import re
import unicodedata
from collections.abc import Iterator

from mollet.knowledge.model import NameClass

_NOT_LETTERS = re.compile(r"[^0-9a-z+]+")


def fold(text: str) -> str:
    """Write a name without accents, capitals or punctuation, words one space apart."""
    flat = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    letters = "".join(letter for letter in flat if not unicodedata.combining(letter))
    return _NOT_LETTERS.sub(" ", letters).strip()


def names_of(name_class: NameClass) -> Iterator[str]:
    """Every name that stands for one class and no other."""
    yield from name_class.generic
    for names in (name_class.brand, name_class.lay):
        yield from names.en
        yield from names.fr
    yield from (product.name for product in name_class.products)
