"""How hard the words are to read, in both languages: about level B1.

The measure is LIX (Björnsson 1968), as textstat counts it: words a sentence, plus the share of words of more than six
letters. It needs no list of syllables, so it is the same for both languages and works without network. On its own scale
below 30 is very easy, to 40 easy as in stories, to 50 ordinary as in newspapers, above 60 the language of authorities.
The Council of Europe describes a reader at B1 as one of straightforward factual texts, which is not a number: we take
"no harder than a newspaper" for advice and "easy" for what is read in pain. French words are longer than English ones,
which LIX does not know, so French has less room than it seems. No formula knows whether a word is understood.
"""

import re
from collections.abc import Iterator
from statistics import mean

import pytest
import textstat

from mollet.knowledge import Text, load
from mollet.words.say import _sentences

NEWSPAPER, EASY = 50, 40
LONGEST = {"en": 30, "fr": 35}
"""Words of the longest sentence; French needs about a sixth more words for the same thing."""
USUAL = 20
"""Words of a mean sentence: guides to plain language ask for 15 to 20."""
NOT_FOR_READERS = ("cli.", "error.", "serve.", "verdict.", "exchange.", "import.", "drawing.", "reason.")
"""Words of the command line, of errors that quote programs, and descriptions of pictures."""


def relief() -> Iterator[Text]:
    for step in load().relief.values():
        yield from (step.does, step.stop, *(each.does for each in step.variants))


def remedies() -> Iterator[Text]:
    for remedy in load().remedies.values():
        yield from (remedy.does, remedy.says, *(each.does for each in remedy.variants))
        yield from (step.does for step in remedy.steps)


def conditions() -> Iterator[Text]:
    items = (*load().relief.values(), *load().remedies.values())
    yield from (one.says for item in items for one in item.contraindications)


def claims() -> Iterator[Text]:
    for claim in load().claims.values():
        yield from (claim.we_say, claim.known)


KINDS = {
    "relief": relief,
    "red flags": lambda: (flag.says for flag in load().red_flags.values()),
    "remedies": remedies,
    "conditions": conditions,
    "claims": claims,
    "questions": lambda: (question.asks for question in load().questions.values()),
}


def interface(lang: str) -> list[str]:
    """Sentences of the pages, of eight words and more: a button is no sentence."""
    said = {key: words if isinstance(words, str) else words[-1] for key, words in _sentences(lang).items()}
    shown = (words for key, words in said.items() if not key.startswith(NOT_FOR_READERS))
    return [words for words in shown if len(words.split()) >= 8]


def texts(kind: str, lang: str) -> list[str]:
    return interface(lang) if kind == "interface" else [text.to(lang) for text in KINDS[kind]()]


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?])\s+", text) if re.search(r"\w", part)]


def hardness(said: list[str]) -> float:
    return textstat.lix("\n".join(text if text[-1] in ".!?" else f"{text}." for text in said))


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("kind", [*KINDS, "interface"])
def test_nothing_reads_harder_than_a_newspaper(kind, lang):
    assert hardness(texts(kind, lang)) <= (EASY if kind in ("relief", "interface") else NEWSPAPER)


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("kind", [*KINDS, "interface"])
def test_no_sentence_is_too_long_to_keep_in_mind(kind, lang):
    said = [sentence for text in texts(kind, lang) for sentence in sentences(text)]

    assert [sentence for sentence in said if len(sentence.split()) > LONGEST[lang]] == []


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("kind", [*KINDS, "interface"])
def test_sentences_are_as_short_as_plain_language_asks(kind, lang):
    assert mean(len(sentence.split()) for text in texts(kind, lang) for sentence in sentences(text)) <= USUAL


@pytest.mark.parametrize(
    "text",
    [
        "Notwithstanding contraindications established earlier, pharmacological intervention requires authorisation.",
        "Nonobstant les contre-indications préalablement établies, toute intervention médicamenteuse nécessite accord.",
    ],
)
def test_the_measure_knows_the_language_of_authorities(text):
    assert hardness([text]) > NEWSPAPER
