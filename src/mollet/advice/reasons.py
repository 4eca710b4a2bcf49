"""Say which answers a finding rests on: as ids of questions, and in words."""

from collections.abc import Iterable
from functools import lru_cache

from mollet.diary.facts import question_of
from mollet.knowledge.model import Catalogue, Text
from mollet.knowledge.names import KINDS
from mollet.knowledge.rules import Facts
from mollet.words import LANGUAGES, say


def questions(names: Iterable[str], facts: Facts, catalogue: Catalogue) -> tuple[str, ...]:
    """Ids of the questions that tell some facts, each once."""
    origin = facts.origin
    return tuple(dict.fromkeys([origin.get(name) or question_of(name, catalogue) for name in names]))


def phrases(names: Iterable[str], facts: Facts, catalogue: Catalogue) -> tuple[Text, ...]:
    """Noun phrases for some facts: a class with the words it was recognised from, else the short form of a question."""
    return tuple(dict.fromkeys([_phrase(name, facts, catalogue) for name in names]))


def _phrase(name: str, facts: Facts, catalogue: Catalogue) -> Text:
    text = _plain_phrase(name, catalogue)
    if name in facts.said:
        said = ", ".join(facts.said[name])
        return Text(f"{text.en} ({said})", f"{text.fr} ({said})")
    value = facts.values.get(name)
    return _with_value(name, value, catalogue) or text if isinstance(value, str) else text


@lru_cache(maxsize=8192)
def _plain_phrase(name: str, catalogue: Catalogue) -> Text:
    """Words for a fact, whatever was answered."""
    prefix, _, rest = name.partition(":")
    if prefix in KINDS and rest in getattr(catalogue, KINDS[prefix]):
        text: Text = getattr(catalogue, KINDS[prefix])[rest].name
        return text
    if prefix == "asks":
        return _topic(rest, catalogue)
    if prefix == "taken":
        return Text(*(say(f"advice.taken.{rest}", lang) for lang in LANGUAGES))
    question = catalogue.questions.get(name)
    return question.short if question else Text(name, name)


@lru_cache(maxsize=8192)
def _with_value(name: str, value: str, catalogue: Catalogue) -> Text | None:
    """A choice says what was chosen: "which leg" alone is no reason."""
    question = catalogue.questions.get(name)
    chosen = next((one.name for one in question.values if one.id == value), None) if question else None
    if question is None or chosen is None:
        return None
    said = {lang: say("advice.choice", lang, name=question.short.to(lang), value=chosen.to(lang)) for lang in LANGUAGES}
    return Text(**said)


def _topic(topic: str, catalogue: Catalogue) -> Text:
    choices = (choice for question in catalogue.questions.values() for choice in question.values)
    return next((choice.name for choice in choices if choice.id == topic), Text(topic, topic))
