"""What the bedside card and the fridge sheet share: a drawing with its words, and whom to call for which signs."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass

from mollet.advice.lasting import asking_minute, judge
from mollet.knowledge import Facts
from mollet.knowledge.model import Catalogue, Country
from mollet.words import date, say

STILL = "hard"
"""The sign that a cramp has not let go."""
URGENT = ("emergency", "same_day")
"""Tiers that a paper on the wall speaks of, the most urgent first."""

Drawings = Mapping[str, str]
"""Name of a drawing and its SVG, complete: what is on paper finds no style sheet."""


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose paper it is, and when and in which language it is made.

    Attributes
    ----------
    facts : Facts
        What is known of the person.
    catalogue : Catalogue
        What is known.
    country : str
        Whose numbers to call.
    drawings : mapping of str to str
        The drawings there are, as complete SVG.
    today : date
        The day the paper is made; what it says holds for the answers of that day.
    lang : str
        Language of the paper.
    name : str
        Stands on the paper where it is wished.
    """

    facts: Facts
    catalogue: Catalogue
    country: str
    drawings: Drawings
    today: dt.date
    lang: str
    name: str = ""

    def say(self, key: str, **values: object) -> str:
        """Return words of the interface in the language of the paper."""
        return say(key, self.lang, **values)

    def foot(self) -> str:
        """Return when the paper was made, and when to make it again."""
        return self.say("paper.made", day=date(self.today, self.lang, "d MMMM y"))


@dataclass(frozen=True, slots=True)
class Drawn:
    """One step: its drawing with what it shows, the few words, and what is said below in smaller letters."""

    words: str
    drawing: str
    svg: str
    describes: str
    says: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Urgency:
    """A degree of urgency: what to do, the numbers, what is said beside them, and the signs that ask for it.

    ``also`` names the other findings of this degree, where the paper has room for them.
    """

    do: str
    numbers: tuple[str, ...]
    says: tuple[str, ...]
    signs: tuple[str, ...]
    also: str = ""


def sentences(made: object) -> Iterator[str]:
    """Return everything a paper says, in the order of reading; of a picture, what it shows."""
    if isinstance(made, str):
        if made:
            yield made
    elif isinstance(made, tuple):
        for part in made:
            yield from sentences(part)
    elif is_dataclass(made):
        for field in fields(made):
            if field.name not in ("svg", "drawing", "lang"):
                yield from sentences(getattr(made, field.name))


def picture(names: Iterable[str], whose: Whose) -> tuple[str, str, str]:
    """Return the first of some drawings that there is: its name, itself, and what it shows in words."""
    found = next((name for name in names if name in whose.drawings), None)
    return (found, whose.drawings[found], whose.say(f"drawing.{found}.desc")) if found else ("", "", "")


def calls(catalogue: Catalogue, country: str) -> Country:
    """Return whom to call there; where no number was checked, a sentence without one."""
    return catalogue.countries.get(country) or catalogue.countries["ZZ"]


def lasting(whose: Whose, *, in_full: bool = False) -> tuple[Urgency, ...]:
    """Return what the signs of the ten-minute screen ask for, by the rules that the screen itself follows.

    Parameters
    ----------
    whose : Whose
        Whose paper it is.
    in_full : bool
        Whether the other findings of each degree are named too.
    """
    signs: dict[str, list[str]] = {tier: [] for tier in URGENT}
    for sign in whose.catalogue.signs:
        tier, with_hard = _tier([sign], whose.catalogue), _tier([STILL, sign], whose.catalogue)
        signs[tier].append(_sign(sign, whose))
        if with_hard != tier:
            signs[with_hard].append(whose.say("paper.and", one=_sign(STILL, whose), other=_lower(_sign(sign, whose))))
    return tuple(_urgency(tier, told, whose, in_full) for tier, told in signs.items())


def _urgency(tier: str, signs: Iterable[str], whose: Whose, in_full: bool) -> Urgency:
    catalogue, where, lang = whose.catalogue, calls(whose.catalogue, whose.country), whose.lang
    numbers, says = _emergency(where, lang) if tier == "emergency" else _today(where, lang)
    flags = sorted(catalogue.red_flags.values(), key=lambda flag: flag.code) if in_full else ()
    also = " · ".join(flag.name.to(lang) for flag in flags if flag.tier == tier)
    return Urgency(catalogue.tiers[tier].do.to(lang), tuple(numbers), tuple(says), tuple(signs), also)


def _tier(signs: list[str], catalogue: Catalogue) -> str:
    return judge(catalogue, list(dict.fromkeys(signs)), late=True).tier


def _sign(sign: str, whose: Whose) -> str:
    if sign == STILL:
        return whose.say("paper.still_hard", n=int(asking_minute(whose.catalogue)))
    return whose.catalogue.signs[sign].name.to(whose.lang)


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _emergency(where: Country, lang: str) -> tuple[Iterator[str], Iterator[str]]:
    return iter(where.emergency), (text.to(lang) for text in (where.says,) if text)


def _today(where: Country, lang: str) -> tuple[Iterator[str], Iterator[str]]:
    if where.same_day:
        return iter(()), (service.says.to(lang) for service in where.same_day)
    said = where.today or where.says
    return iter(()), (text.to(lang) for text in (said,) if text)
