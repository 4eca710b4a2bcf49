"""What the named products bring in a day together, against the limits of magnesium and of vitamin B6, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mollet.knowledge.amounts import limits
from mollet.knowledge.model import Catalogue, Text
from mollet.knowledge.rules import Facts

# What is said of an amount above its limit, and of one that is not; nothing where there are no words for it.
_WORDS: Mapping[str, tuple[str, str | None, str]] = {
    "taken:magnesium_mg": ("magnesium_over", "magnesium_under", "magnesium_sources"),
    "taken:b6_mg": ("b6_over", None, "b6_sources"),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """An amount of a day, the limit it counts against, and the sentence with both."""

    id: str
    mg: float
    limit_mg: float
    says: Text
    sources: tuple[str, ...]

    @property
    def is_over(self) -> bool:
        """Whether more is taken than the limit."""
        return self.mg > self.limit_mg


def counted(facts: Facts, catalogue: Catalogue) -> tuple[Counted, ...]:
    """Return the amounts about which there is something to say: any added magnesium, and too much vitamin B6."""
    return tuple(_counted(facts, catalogue))


def _counted(facts: Facts, catalogue: Catalogue) -> Iterator[Counted]:
    guard = catalogue.reference.get("guard", {})
    for fact, limit in limits(catalogue).items():
        mg = facts.values.get(fact)
        if not isinstance(mg, int | float) or not mg:
            continue
        over, under, sources = _WORDS[fact]
        words = guard[over] if mg > limit else guard[under] if under else None
        if words:
            figures = {"amount": f"{mg:g}", "limit": f"{limit:g}", "left": f"{max(limit - mg, 0):g}"}
            says = Text(*(words[lang].format(**figures) for lang in ("en", "fr")))
            name = fact.removeprefix("taken:").removesuffix("_mg")
            yield Counted(f"{name}_total", mg, limit, says, tuple(guard[sources]))


def to_json(one: Counted, lang: str) -> dict[str, object]:
    """Return an amount as one JSON object."""
    return {
        "id": one.id,
        "mg": one.mg,
        "limit_mg": one.limit_mg,
        "is_over": one.is_over,
        "says": one.says.to(lang),
        "sources": list(one.sources),
    }
