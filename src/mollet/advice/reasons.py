"""Say which answers a finding rests on: as ids of questions, and in words."""

from collections.abc import Iterable

from mollet.diary.facts import question_of
from mollet.knowledge.model import Catalogue, Text
from mollet.knowledge.names import KINDS
from mollet.knowledge.rules import Facts
from mollet.words import say


def questions(names: Iterable[str], facts: Facts, catalogue: Catalogue) -> tuple[str, ...]:
    """Ids of the questions that tell some facts, each once."""
    origin = facts.origin
    return tuple(dict.fromkeys([origin.get(name) or question_of(name, catalogue) for name in names]))


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
    if question is None:
        return Text(name, name)
    chosen = next((one.name for one in question.values if one.id == facts.values.get(name)), None)
    return _with_value(question.short, chosen) if chosen else question.short


def _with_value(name: Text, value: Text) -> Text:
    """A choice says what was chosen: "which leg" alone is no reason."""
    return Text(*(say("advice.choice", lang, name=name.to(lang), value=value.to(lang)) for lang in ("en", "fr")))


def _topic(topic: str, catalogue: Catalogue) -> Text:
    choices = (choice for question in catalogue.questions.values() for choice in question.values)
    return next((choice.name for choice in choices if choice.id == topic), Text(topic, topic))
