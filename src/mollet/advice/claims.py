"""What is commonly said: find the claims that some words are about."""

from functools import lru_cache
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from mollet.knowledge.model import Catalogue, Claim
from mollet.knowledge.names import fold

# Where a word is found decides how near a claim is; only the order of these weights matters.
_IN_WORDS, _IN_SAID, _IN_TEXT = 8, 4, 1
# Shorter words are only found whole; longer ones also as the beginning of a word ("crampe" finds "crampes").
_SHORTEST_BEGINNING = 4
# A word that stands nowhere may be misspelt: one slip is forgiven, two in a long word; the first letter is right.
_SHORTEST_MISSPELT, _LONG = 5, 8
_NEARLY = 0.6


def search(words: str, catalogue: Catalogue, lang: str) -> tuple[Claim, ...]:
    """Return the claims that some words are about, the nearest first; all of them in their order without words.

    Accents, capitals and small slips do not matter, and words of the other language are found too, after those of
    ``lang``. Signs that are no letters are about nothing.
    """
    asked = [word for word in fold(words).split() if word not in _small_words(catalogue)] or fold(words).split()
    if not asked and words.strip():
        return ()
    if not asked:
        return tuple(sorted(catalogue.claims.values(), key=lambda claim: claim.number))
    weighed = [(_weight(asked, claim, catalogue, lang), claim) for claim in catalogue.claims.values()]
    found = [(weight, claim) for weight, claim in weighed if weight > 0]
    return tuple(claim for _, claim in sorted(found, key=lambda one: (-one[0], one[1].number)))


def to_json(claims: tuple[Claim, ...], catalogue: Catalogue, lang: str) -> dict[str, Any]:
    """Return claims as one JSON object, in one language."""
    return {"claims": [claim_to_json(one, lang) for one in claims], "knowledge_version": catalogue.version}


def claim_to_json(claim: Claim, lang: str) -> dict[str, Any]:
    """Return one claim in one language."""
    return {
        "id": claim.id,
        "number": claim.number,
        "said": claim.said.to(lang),
        "known": claim.known.to(lang),
        "we_say": claim.we_say.to(lang),
        "verdict": claim.verdict,
        "certainty": claim.certainty,
        "where": claim.where,
        "item": claim.item,
        "sources": list(claim.sources),
        "status": claim.status,
    }


def _weight(asked: list[str], claim: Claim, catalogue: Catalogue, lang: str) -> float:
    """How near a claim is: the sum over the words asked; nothing where most of them are nowhere."""
    weights = [max(_weight_of(word, claim, one, catalogue) * (1 if one == lang else 0.5) for one in ("en", "fr"))
               for word in asked]  # fmt: skip
    missing = sum(1 for weight in weights if weight == 0)
    return 0 if 2 * missing >= len(asked) and missing else sum(weights)


def _weight_of(word: str, claim: Claim, lang: str, catalogue: Catalogue) -> float:
    """How near a claim is to a word as it is written, or, where nobody says it so, to the words it may stand for."""
    meant = _meant(word, catalogue)
    if not meant:
        return _weight_in(word, claim, lang, catalogue)
    return _NEARLY * max(_weight_in(other, claim, lang, catalogue) for other in meant)


@lru_cache(maxsize=256)
def _meant(word: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Words of the claims that differ by a slip or two from one that stands nowhere; none for a word that does."""
    is_said = any(_match(word, found) for each in _folded(catalogue).values() for found in each)
    if is_said or len(word) < _SHORTEST_MISSPELT:
        return ()
    slips = 1 if len(word) < _LONG else 2
    found = process.extract(word, _vocabulary(catalogue), scorer=OSA.distance, score_cutoff=slips, limit=None)
    near = [(other, distance) for other, distance, _ in found if other[0] == word[0]]
    nearest = min((distance for _, distance in near), default=0)
    return tuple(other for other, distance in near if distance == nearest)


@lru_cache(maxsize=4)
def _vocabulary(catalogue: Catalogue) -> tuple[str, ...]:
    """Words by which claims are found, long enough to be misspelt."""
    words = {word for keywords, said, _ in _folded(catalogue).values() for word in keywords | said}
    return tuple(sorted(word for word in words if len(word) >= _SHORTEST_MISSPELT))


def _weight_in(word: str, claim: Claim, lang: str, catalogue: Catalogue) -> float:
    keywords, said, text = _folded(catalogue)[claim.id, lang]
    places = ((keywords, _IN_WORDS), (said, _IN_SAID), (text, _IN_TEXT))
    return max((weight * _match(word, found) for found, weight in places), default=0)


def _match(word: str, found: frozenset[str]) -> float:
    """1 for a whole word, less for its beginning, 0 for nothing."""
    if word in found:
        return 1
    stem = word.rstrip("sx")
    if len(stem) < _SHORTEST_BEGINNING:
        return 0
    return 0.8 if any(other.startswith(stem) for other in found) else 0


def _small_words(catalogue: Catalogue) -> frozenset[str]:
    return frozenset(catalogue.reading.fillers)


@lru_cache(maxsize=4)
def _folded(catalogue: Catalogue) -> dict[tuple[str, str], tuple[frozenset[str], frozenset[str], frozenset[str]]]:
    return {
        (claim.id, lang): (
            frozenset(fold(" ".join(getattr(claim.words, lang))).split()),
            frozenset(fold(claim.said.to(lang)).split()),
            frozenset(fold(f"{claim.known.to(lang)} {claim.we_say.to(lang)}").split()),
        )
        for claim in catalogue.claims.values()
        for lang in ("en", "fr")
    }
