"""Say which answers a finding rests on: as ids of questions, and in words."""

from collections.abc import Iterable

from mollet.diary.facts import question_of
from mollet.knowledge.model import Catalogue, Text
from mollet.knowledge.names import KINDS
from mollet.knowledge.rules import Facts


def questions(names: Iterable[str], facts: Facts, catalogue: Catalogue) -> tuple[str, ...]:
    """Ids of the questions that tell some facts, each once."""
    told = (facts.origin.get(name) or question_of(name, catalogue) for name in names)
    return tuple(dict.fromkeys(told))


def phrases(names: Iterable[str], facts: Facts, catalogue: Catalogue) -> tuple[Text, ...]:
    """Noun phrases for some facts: a class with the words it was recognised from, else the short form of a question."""
    return tuple(dict.fromkeys(_phrase(name, facts, catalogue) for name in names))


def _phrase(name: str, facts: Facts, catalogue: Catalogue) -> Text:
    prefix, _, rest = name.partition(":")
    if prefix in KINDS and rest in getattr(catalogue, KINDS[prefix]):
        text: Text = getattr(catalogue, KINDS[prefix])[rest].name
        said = ", ".join(facts.said.get(name, ()))
        return Text(f"{text.en} ({said})", f"{text.fr} ({said})") if said else text
    if prefix == "asks":
        return _topic(rest, catalogue)
    question = catalogue.questions.get(name)
    return question.short if question else Text(name, name)


def _topic(topic: str, catalogue: Catalogue) -> Text:
    choices = (choice for question in catalogue.questions.values() for choice in question.values)
    return next((choice.name for choice in choices if choice.id == topic), Text(topic, topic))
