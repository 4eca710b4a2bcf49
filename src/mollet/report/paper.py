"""What the bedside card and the fridge sheet share: a drawing with its words, and whom to call for which signs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass

from mollet.advice.lasting import asking_minute, judge
from mollet.knowledge.model import Catalogue, Country
from mollet.words import say

STILL = "hard"
"""The sign that a cramp has not let go."""
URGENT = ("emergency", "same_day")
"""Tiers that a paper on the wall speaks of, the most urgent first."""

Drawings = Mapping[str, str]
"""Name of a drawing and its SVG, complete: what is on paper finds no style sheet."""


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


def picture(names: Iterable[str], drawings: Drawings, lang: str) -> tuple[str, str, str]:
    """Return the first of some drawings that there is: its name, itself, and what it shows in words."""
    found = next((name for name in names if name in drawings), None)
    return (found, drawings[found], say(f"drawing.{found}.desc", lang)) if found else ("", "", "")


def calls(catalogue: Catalogue, country: str) -> Country:
    """Return whom to call there; where no number was checked, a sentence without one."""
    return catalogue.countries.get(country) or catalogue.countries["ZZ"]


def lasting(catalogue: Catalogue, country: str, lang: str, *, in_full: bool = False) -> tuple[Urgency, ...]:
    """Return what the signs of the ten-minute screen ask for, by the rules that the screen itself follows.

    Parameters
    ----------
    catalogue : Catalogue
        What is known.
    country : str
        Whose numbers to call.
    lang : str
        Language of the paper.
    in_full : bool
        Whether the other findings of each degree are named too.
    """
    signs: dict[str, list[str]] = {tier: [] for tier in URGENT}
    for sign in catalogue.signs:
        tier, with_hard = _tier([sign], catalogue), _tier([STILL, sign], catalogue)
        signs[tier].append(_sign(sign, catalogue, lang))
        if with_hard != tier:
            both = say("paper.and", lang, one=_sign(STILL, catalogue, lang), other=_lower(_sign(sign, catalogue, lang)))
            signs[with_hard].append(both)
    return tuple(
        _urgency(tier, told, catalogue, calls(catalogue, country), lang, in_full) for tier, told in signs.items()
    )


def _urgency(
    tier: str, signs: Iterable[str], catalogue: Catalogue, where: Country, lang: str, in_full: bool
) -> Urgency:
    numbers, says = _emergency(where, lang) if tier == "emergency" else _today(where, lang)
    flags = sorted(catalogue.red_flags.values(), key=lambda flag: flag.code) if in_full else ()
    also = " · ".join(flag.name.to(lang) for flag in flags if flag.tier == tier)
    return Urgency(catalogue.tiers[tier].do.to(lang), tuple(numbers), tuple(says), tuple(signs), also)


def _tier(signs: list[str], catalogue: Catalogue) -> str:
    return judge(catalogue, list(dict.fromkeys(signs)), late=True).tier


def _sign(sign: str, catalogue: Catalogue, lang: str) -> str:
    words = catalogue.signs[sign].name.to(lang)
    return say("paper.still_hard", lang, n=int(asking_minute(catalogue))) if sign == STILL else words


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _emergency(where: Country, lang: str) -> tuple[Iterator[str], Iterator[str]]:
    return iter(where.emergency), (text.to(lang) for text in (where.says,) if text)


def _today(where: Country, lang: str) -> tuple[Iterator[str], Iterator[str]]:
    if where.same_day:
        return iter(()), (service.says.to(lang) for service in where.same_day)
    said = where.today or where.says
    return iter(()), (text.to(lang) for text in (said,) if text)
