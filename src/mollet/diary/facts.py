"""Turn answers into facts: names become classes, and what was not said stays not known."""

import json
import math
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from functools import lru_cache

from mollet.errors import EntryError
from mollet.knowledge.amounts import Amount, amounts, limits
from mollet.knowledge.model import Catalogue, Question
from mollet.knowledge.names import KINDS, implications, is_nothing, read_name, recognise
from mollet.knowledge.rules import Facts, Value

Answers = dict[str, bool | float | str | tuple[str, ...]]

# Kinds of facts that are told by a list of another name.
_ASKED_WITH: Mapping[str, str] = {"asks": "topic", "taken": "supplement"}
# Longest name of a medicine or an illness that is read; arbitrary, far above any real one.
_LONGEST_NAME = 300


def check_answers(obj: object, catalogue: Catalogue) -> Answers:
    """Return the answers in an object of questions and values; ``null`` means not known, like a missing key.

    Raises
    ------
    EntryError
        The object, a key or a value is not usable; the error names the key, the value and what may stand there.
    """
    if not isinstance(obj, Mapping):
        raise EntryError("error.answers.not_an_object", value=_short(obj))
    for key in obj:
        if key not in catalogue.questions:
            raise _unknown_key(str(key), catalogue)
    return {key: _check(catalogue.questions[key], value) for key, value in obj.items() if value is not None}


def resolve(answers: Mapping[str, object], catalogue: Catalogue, taken: Iterable[str] = ()) -> Facts:
    """Return what is known of a person from the answers that still hold.

    A list ``[]`` means none, a missing list not known. A name not recognised leaves every class of its kind that
    is not otherwise found not known, for it could be any of them.

    Parameters
    ----------
    answers : mapping of str to object
        Question ids and their answers.
    catalogue : Catalogue
        What is known.
    taken : iterable of str
        Medicines that the diary says are being taken: each is a yes, and says nothing of the others.
    """
    checked = check_answers(answers, catalogue)
    values: dict[str, Value] = {}
    origin: dict[str, str] = {}
    said: dict[str, tuple[str, ...]] = {}
    not_recognised: list[str] = []
    for key, value in checked.items():
        if not isinstance(value, tuple):
            values[key] = value
    over = _add_names(checked, catalogue, values, said, not_recognised)
    _add_amounts(checked, catalogue, values, not_recognised)
    _add_taken(taken, catalogue, values, said)
    _add_topics(checked, catalogue, values)
    _add_set_facts(catalogue, values, origin, over)
    _add_implied_answers(catalogue, values, origin)
    return Facts(values, tuple(dict.fromkeys(not_recognised)), said, origin, frozenset(checked))


@lru_cache(maxsize=8192)
def question_of(fact: str, catalogue: Catalogue) -> str:
    """Id of the question that tells a fact: ``medicines`` for ``medicine:statin``, the fact itself for most."""
    if fact in catalogue.questions:
        return fact
    prefix = fact.partition(":")[0]
    return _list_questions(catalogue).get(_ASKED_WITH.get(prefix, prefix), fact)


def _unknown_key(key: str, catalogue: Catalogue) -> EntryError:
    near = get_close_matches(key, list(catalogue.questions), n=1)
    if near:
        return EntryError("error.answers.unknown_key_near", question=key, near=near[0])
    return EntryError("error.answers.unknown_key", question=key)


def _check(question: Question, value: object) -> bool | float | str | tuple[str, ...]:
    return _CHECKS[question.type](question, value)


def _check_boolean(question: Question, value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise EntryError("error.answers.not_boolean", question=question.id, value=_short(value))


def _check_number(question: Question, value: object) -> float:
    """Check the bounds only: ``whole`` is for the form, and half a year of age is still an age."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise EntryError("error.answers.not_number", question=question.id, value=_short(value))
    if isinstance(value, float) and math.isinf(value):
        raise EntryError("error.answers.too_large", question=question.id)
    if isinstance(value, float) and math.isnan(value):
        raise EntryError("error.answers.not_number", question=question.id, value=_short(value))
    low, high = question.min, question.max
    if low is not None and value < low:
        raise EntryError("error.answers.too_low", question=question.id, value=_short(value), low=f"{low:g}")
    if high is not None and value > high:
        raise EntryError("error.answers.too_high", question=question.id, value=_short(value), high=f"{high:g}")
    return value


def _check_choice(question: Question, value: object) -> str:
    allowed = [choice.id for choice in question.values]
    if isinstance(value, str) and value in allowed:
        return value
    raise EntryError("error.answers.not_choice", question=question.id, value=_short(value), allowed=", ".join(allowed))


def _check_list(question: Question, value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise EntryError("error.answers.not_list", question=question.id, value=_short(value))
    for one in value:
        if isinstance(one, str) and not one.strip():
            raise EntryError("error.answers.empty_name", question=question.id)
        if not isinstance(one, str):
            raise EntryError("error.answers.not_name", question=question.id, value=_short(one))
        if len(one) > _LONGEST_NAME:
            raise EntryError("error.answers.long_name", question=question.id, n=len(one), most=_LONGEST_NAME)
        if question.list_of == "topic":
            _check_choice(question, one)
    return tuple(value)


_CHECKS: Mapping[str, Callable[[Question, object], bool | float | str | tuple[str, ...]]] = {
    "boolean": _check_boolean,
    "number": _check_number,
    "choice": _check_choice,
    "list": _check_list,
}


def _short(value: object) -> str:
    """Quote a value as it stands in the file: ``"3"`` is not 3."""
    written = json.dumps(value, ensure_ascii=False, default=repr)
    return written if len(written) <= 60 else written[:60] + "…"


def _add_names(
    checked: Answers,
    catalogue: Catalogue,
    values: dict[str, Value],
    said: dict[str, tuple[str, ...]],
    not_recognised: list[str],
) -> frozenset[str]:
    """Add the classes of what was named; a class not named is a no only where everything named was understood.

    Returns
    -------
    frozenset of str
        Classes that were named as something that may be over, and nowhere as something of today.
    """
    past: set[str] = set()
    now: set[str] = set()
    classes = _classes(catalogue)
    open_facts: set[str] = set()
    found: set[str] = set()
    follows = implications(catalogue)
    for kind, key in _list_questions(catalogue).items():
        named = checked.get(key)
        if kind == "topic" or not isinstance(named, tuple):
            continue
        values.update(dict.fromkeys(classes[kind], False))
        for text in named:
            if is_nothing(text, catalogue):
                continue
            got = read_name(text, catalogue)
            implied = [one for fact in got.facts for one in sorted(follows[fact])]
            found.update(implied)
            said.update({fact: (*said.get(fact, ()), text) for fact in dict.fromkeys(implied)})
            open_facts |= got.open
            past |= got.past
            now |= set(got.facts) - got.past
            if not got.is_whole or not _answers_the_question(kind, got.facts):
                not_recognised.append(text)
                open_facts.update(classes[kind])
    for fact in open_facts - found:
        values.pop(fact, None)
    values.update(dict.fromkeys(found, True))
    return frozenset(past - now)


def _add_amounts(
    checked: Answers, catalogue: Catalogue, values: dict[str, Value], not_recognised: Iterable[str]
) -> None:
    """Add what the named supplements bring in a day; what is only a lower bound is not known below a limit.

    A bound that is above the limit of the catalogue already says enough.
    """
    lists = _list_questions(catalogue)
    # Medicines and supplements are told apart by nobody but pharmacists: Magné B6 is named in either list.
    said = [checked.get(lists.get(kind, "")) for kind in ("supplement", "medicine")]
    named = [name for each in said if isinstance(each, tuple) for name in each]
    found = amounts(named, catalogue)
    is_read = isinstance(said[0], tuple) and not set(named) & set(not_recognised)
    for fact, limit in limits(catalogue).items():
        amount = found.get(fact, Amount(0.0, is_whole=True))
        if amount.mg >= limit or (amount.is_whole and is_read):
            values[fact] = amount.mg


def _answers_the_question(kind: str, facts: Iterable[str]) -> bool:
    """Whether a name is of the kind asked: "migraine tablets" names an illness, and no medicine.

    Medicines and supplements are told apart by nobody but pharmacists, and stand for each other here.
    """
    kinds = {fact.partition(":")[0] for fact in facts}
    return "illness" in kinds if kind == "illness" else bool(kinds & {"medicine", "supplement"})


def _add_taken(
    taken: Iterable[str], catalogue: Catalogue, values: dict[str, Value], said: dict[str, tuple[str, ...]]
) -> None:
    """Add the classes of medicines that are certainly taken; nothing follows for any other class."""
    follows = implications(catalogue)
    for name in taken:
        for fact in recognise(name, catalogue):
            for implied in sorted(follows[fact]):
                values[implied] = True
                said[implied] = tuple(dict.fromkeys((*said.get(implied, ()), name)))


def _add_topics(checked: Answers, catalogue: Catalogue, values: dict[str, Value]) -> None:
    key = _list_questions(catalogue).get("topic", "")
    asked = checked.get(key)
    if isinstance(asked, tuple):
        values.update({f"asks:{choice.id}": choice.id in asked for choice in catalogue.questions[key].values})


def _add_set_facts(
    catalogue: Catalogue, values: dict[str, Value], origin: dict[str, str], over: frozenset[str]
) -> None:
    """Add the answers that an illness or a medicine gives by itself, unless the person answered otherwise.

    An illness that may be over, and was named with a year or a word of the past, answers nothing: it is asked.
    """
    for fact, (sets, may_be_over) in _set_by_class(catalogue).items():
        if values.get(fact) is True and not (may_be_over and fact in over):
            for one in sets:
                if one not in values:
                    values[one] = True
                    origin[one] = question_of(fact, catalogue)


def _add_implied_answers(catalogue: Catalogue, values: dict[str, Value], origin: dict[str, str]) -> None:
    """Add what an answer says of other questions; an answer that was given is never changed."""
    for question in _implying(catalogue):
        value = values.get(question.id)
        told = question.confirms if value is True else question.denies if value is False else ()
        _add_missing(told, value is True, question.id, values, origin)
    for question in _implying(catalogue):
        if question.no_when is not None and question.id not in values and question.no_when.value(values):
            _, reasons = question.no_when.weigh(values)
            _add_missing((question.id,), False, question_of(reasons[0], catalogue), values, origin)


def _add_missing(
    told: Iterable[str], value: bool, question: str, values: dict[str, Value], origin: dict[str, str]
) -> None:
    for fact in told:
        if fact not in values:
            values[fact] = value
            origin[fact] = question


@lru_cache(maxsize=4)
def _list_questions(catalogue: Catalogue) -> Mapping[str, str]:
    """Id of the question that asks for each kind of names, in the order of the questions."""
    return {str(one.list_of): one.id for one in catalogue.questions.values() if one.list_of}


@lru_cache(maxsize=4)
def _classes(catalogue: Catalogue) -> Mapping[str, tuple[str, ...]]:
    return {prefix: tuple(f"{prefix}:{name}" for name in getattr(catalogue, kind)) for prefix, kind in KINDS.items()}


@lru_cache(maxsize=4)
def _set_by_class(catalogue: Catalogue) -> Mapping[str, tuple[tuple[str, ...], bool]]:
    return {
        f"{prefix}:{one.id}": (one.sets, one.may_be_over)
        for prefix, kind in KINDS.items()
        for one in getattr(catalogue, kind).values()
        if one.sets
    }


@lru_cache(maxsize=4)
def _implying(catalogue: Catalogue) -> tuple[Question, ...]:
    return tuple(one for one in catalogue.questions.values() if one.denies or one.confirms or one.no_when is not None)
