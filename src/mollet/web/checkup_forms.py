"""The screens of the check-up: each question as the page shows it, and what was answered, read into entries' data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mollet.diary.fold import Value
from mollet.knowledge.model import Catalogue, Question
from mollet.knowledge.names import is_nothing, read_name
from mollet.web.typed import Problem, Typed

YES_NO = ("yes", "no", "unknown")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the page shows it: what its field holds, and what was said before it expired."""

    question: Question
    typed: str
    ticked: tuple[str, ...]
    before: Value | None
    unit: str


@dataclass(frozen=True, slots=True)
class ReadName:
    """A name as it was written, with what it was taken for; nothing when it was not recognised."""

    name: str
    classes: tuple[str, ...]


def asked(
    group: str,
    catalogue: Catalogue,
    held: Mapping[str, Value],
    expired: Mapping[str, Value],
    lang: str,
    typed: Typed | None,
) -> list[Asked]:
    """Lay out the questions of a screen; what was just typed stands before what is held."""
    return [
        _asked(question, held.get(question.id), expired.get(question.id), lang, typed)
        for question in catalogue.questions.values()
        if question.group == group
    ]


def read_answers(group: str, catalogue: Catalogue, held: Mapping[str, Value], typed: Typed) -> list[dict[str, Any]]:
    """Read the answers of a screen; "none of these" says no to each of its yes-or-no questions.

    What is left open stays as it was; "I do not know" takes an earlier answer back.
    """
    questions = [question for question in catalogue.questions.values() if question.group == group]
    denies = "none" in typed.fields
    said = [
        {"kind": "answer", "question": question.id, "value": value}
        for question in questions
        for is_said, value in [_read(question, typed, denies, held)]
        if is_said
    ]
    if denies and (yes := [q.id for q in questions if q.type == "boolean" and typed.fields.get(q.id) == "yes"]):
        typed.problems += [Problem(key, "checkup.yes_and_none", {}) for key in yes]
    return said


def names_read(group: str, catalogue: Catalogue, held: Mapping[str, Value], lang: str) -> dict[str, list[ReadName]]:
    """Tell for each list of a screen how every name was understood."""
    return {
        question.id: [_name_read(name, catalogue, lang) for name in value if not is_nothing(name, catalogue)]
        for question in catalogue.questions.values()
        if question.group == group and question.list_of not in (None, "topic")
        if isinstance(value := held.get(question.id), tuple) and value
    }


def _asked(question: Question, held: Value | None, before: Value | None, lang: str, typed: Typed | None) -> Asked:
    unit = question.unit if isinstance(question.unit, str) else question.unit.to(lang) if question.unit else ""
    ticked = tuple(typed.fields.getlist(question.id)) if typed else held if isinstance(held, tuple) else ()
    written = typed.fields.get(question.id, "") if typed else _written(held)
    return Asked(question, written, ticked, before, unit)


def _written(value: Value | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "\n".join(value) if value else "none"
    return value if isinstance(value, str) else f"{value:g}"


def _read(question: Question, typed: Typed, denies: bool, held: Mapping[str, Value]) -> tuple[bool, Any]:
    """Return whether something was said, and what; None takes an earlier answer back."""
    value = _READERS[question.type](question, typed)
    if question.type == "boolean":
        if value == "unknown" or (value is None and not denies):
            return value == "unknown" and question.id in held, None
        return True, value == "yes"
    if value is None:
        is_taken_back = question.id in held and question.id in typed.fields and not typed.problems
        return is_taken_back, None
    return True, value


def _read_list(question: Question, typed: Typed) -> tuple[str, ...] | None:
    if question.list_of == "topic":
        ticked = typed.some(question.id, [choice.id for choice in question.values])
        return ticked if ticked or f"{question.id}_none" in typed.fields else None
    lines = typed.lines(question.id)
    if lines and f"{question.id}_none" in typed.fields:
        typed.problems.append(Problem(question.id, "checkup.names_and_none", {}))
    too_long = next((line for line in lines if len(line) > 200), None)
    if too_long:
        typed.problems.append(Problem(question.id, "form.too_long", {"n": 200}))
    return lines if lines or f"{question.id}_none" in typed.fields else None


def _read_number(question: Question, typed: Typed) -> float | None:
    least, most = question.min or 0, question.max if question.max is not None else 1e6
    if question.whole:
        whole = typed.whole(question.id, int(least), int(most))
        return None if whole is None else float(whole)
    return typed.number(question.id, least, most)


_READERS: Mapping[str, Any] = {
    "boolean": lambda question, typed: typed.choice(question.id, YES_NO),
    "choice": lambda question, typed: typed.choice(question.id, [choice.id for choice in question.values]),
    "number": _read_number,
    "list": _read_list,
}


def _name_read(name: str, catalogue: Catalogue, lang: str) -> ReadName:
    got = read_name(name, catalogue)
    kinds = {"medicine": catalogue.medicines, "illness": catalogue.illnesses, "supplement": catalogue.supplements}
    classes = (kinds[kind][id].name.to(lang) for kind, _, id in (fact.partition(":") for fact in got.facts))
    return ReadName(name, tuple(classes) if got.is_whole else ())
