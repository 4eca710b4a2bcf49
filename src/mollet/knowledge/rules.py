"""Rules with three answers: yes, no, not known; the small language of ``when``, and how it is evaluated.

A rule says of resolved facts when something holds. What is not known never decides anything by itself (Kleene's strong
logic): a rule is true or false only if no answer that is still missing could make it otherwise, part by part.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from itertools import count
from operator import eq, ge, gt, le, lt, ne, or_
from typing import Any, Protocol, cast

Value = bool | float | str | frozenset[str]

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "==": eq,
    "!=": ne,
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
    "in": lambda value, allowed: value in allowed,
}
OPERATORS = tuple(_OPERATORS)


_places = count()


class _Bits(dict[str, int]):
    """One bit for each fact, so that a set of facts is a number, and sets are compared in one step."""

    def __missing__(self, name: str) -> int:
        return self.setdefault(name, 1 << next(_places))


_BITS = _Bits()


def bits(names: Iterable[str]) -> int:
    """Return a set of facts as a number, with one bit for each."""
    return reduce(or_, map(_BITS.__getitem__, names), 0)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a person: answers, with names resolved to classes; what is missing is not known.

    ``said`` keeps the words from which a class was recognised, ``origin`` the question that told another fact. The
    facts that are yes, that are no, and all that are known stand as sets of bits too.
    """

    values: Mapping[str, Value]
    not_recognised: tuple[str, ...] = ()
    said: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    origin: Mapping[str, str] = field(default_factory=dict)
    answered: frozenset[str] = frozenset()
    yes: int = field(init=False, repr=False, compare=False)
    no: int = field(init=False, repr=False, compare=False)
    known: int = field(init=False, repr=False, compare=False)
    decided: dict[int, bool | None] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Values of compiled rules for these facts: a rule that many others hold is worked out once."""

    def __post_init__(self) -> None:
        # Each fact has a bit of its own, so that a sum is a union; sums are faster.
        known = sum(map(_BITS.__getitem__, self.values))
        yes = sum([_BITS[name] for name, value in self.values.items() if value is True])
        no = sum([_BITS[name] for name, value in self.values.items() if value is False])
        object.__setattr__(self, "yes", yes)
        object.__setattr__(self, "no", no)
        object.__setattr__(self, "known", known)


Test = Callable[[Facts], bool | None]
"""From the facts to yes, no or not known."""
Tell = Callable[[Facts, bool | None], Iterable[str]]
"""From the facts, and the value of a rule, to the facts that decided it or are missing."""
Lack = Callable[[Facts], int]
"""From the facts to those that are missing to decide a rule, as bits."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule says: its value, the facts that decided it, or those that are missing to decide it."""

    value: bool | None
    because: tuple[str, ...]
    unknown: tuple[str, ...]


class Rule(Protocol):
    """Something that is true, false or not known of the facts."""

    def value(self, known: Mapping[str, Value]) -> bool | None:
        """Whether it holds; ``None`` when that is not known."""

    def weigh(self, known: Mapping[str, Value]) -> tuple[bool | None, tuple[str, ...]]:
        """Its value, and the facts that decided it or, when it is not decided, those that are missing."""

    def parts(self) -> "Iterator[Rule]":
        """The rules it is made of."""


@dataclass(frozen=True, slots=True)
class Fact:
    """That a fact is yes."""

    name: str

    def value(self, known: Mapping[str, Value]) -> bool | None:
        """Whether the fact is yes."""
        return known.get(self.name)  # type: ignore[return-value]

    def weigh(self, known: Mapping[str, Value]) -> tuple[bool | None, tuple[str, ...]]:
        """Its value, and the fact itself."""
        return self.value(known), (self.name,)

    def parts(self) -> Iterator[Rule]:
        """Nothing further."""
        return iter(())


@dataclass(frozen=True, slots=True)
class Compare:
    """That a fact stands in a relation to a fixed value."""

    name: str
    operator: str
    limit: float | str | frozenset[float | str]

    def value(self, known: Mapping[str, Value]) -> bool | None:
        """Whether the relation holds."""
        got = known.get(self.name)
        return None if got is None else _OPERATORS[self.operator](got, self.limit)

    def weigh(self, known: Mapping[str, Value]) -> tuple[bool | None, tuple[str, ...]]:
        """Its value, and the fact that is compared."""
        return self.value(known), (self.name,)

    def parts(self) -> Iterator[Rule]:
        """Nothing further."""
        return iter(())


@dataclass(frozen=True, slots=True)
class Not:
    """That a rule does not hold."""

    rule: Rule

    def value(self, known: Mapping[str, Value]) -> bool | None:
        """The opposite; of what is not known, not known."""
        inner = self.rule.value(known)
        return None if inner is None else not inner

    def weigh(self, known: Mapping[str, Value]) -> tuple[bool | None, tuple[str, ...]]:
        """The opposite, for the same reasons."""
        inner, reasons = self.rule.weigh(known)
        return None if inner is None else not inner, reasons

    def parts(self) -> Iterator[Rule]:
        """The rule inside."""
        yield self.rule


@dataclass(frozen=True, slots=True)
class AtLeast:
    """That at least so many of some rules hold; ``all`` and ``any`` are its ends."""

    number: int
    rules: tuple[Rule, ...]

    def value(self, known: Mapping[str, Value]) -> bool | None:
        """Whether enough hold, or too many do not."""
        needed, spare = self.number, len(self.rules) - self.number
        if needed <= 0:
            return True
        for rule in self.rules:
            got = rule.value(known)
            if got:
                needed -= 1
                if needed == 0:
                    return True
            elif got is False:
                spare -= 1
                if spare < 0:
                    return False
        return None if spare >= 0 else False

    def weigh(self, known: Mapping[str, Value]) -> tuple[bool | None, tuple[str, ...]]:
        """Its value, and the reasons of the parts that have that value too."""
        weighed = [rule.weigh(known) for rule in self.rules]
        values = [value for value, _ in weighed]
        yes, possible = values.count(True), len(values) - values.count(False)
        decided = True if yes >= self.number else False if possible < self.number else None
        return decided, tuple([reason for value, reasons in weighed if value is decided for reason in reasons])

    def parts(self) -> Iterator[Rule]:
        """The rules counted."""
        return iter(self.rules)


def evaluate(rule: Rule, facts: Facts) -> Outcome:
    """Say whether a rule holds, because of which facts, or which are missing to tell."""
    value, weighed = rule.weigh(facts.values)
    reasons = tuple(dict.fromkeys(weighed))
    return Outcome(value, (), reasons) if value is None else Outcome(value, reasons, ())


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """A rule made into functions, many times faster than walking over its parts; it says what the rule says.

    ``speaks_of``: every fact in it, as bits; ``lacks``: for a rule that is not decided, the facts that are missing.
    """

    test: Test
    tell: Tell
    lacks: Lack
    speaks_of: int

    def outcome(self, facts: Facts) -> Outcome:
        """Say whether the rule holds, because of which facts, or which are missing to tell."""
        value = self.test(facts)
        reasons = tuple(dict.fromkeys(self.tell(facts, value)))
        return Outcome(value, (), reasons) if value is None else Outcome(value, reasons, ())


def compiled(rule: Rule) -> Compiled:
    """Make a rule into functions, once for many people; the same rule in two places is one and is decided once."""
    return _compiled(cast(Hashable, rule))


@lru_cache(maxsize=16384)
def _compiled(rule: Any) -> Compiled:
    if isinstance(rule, Not):
        inner = compiled(rule.rule)
        return Compiled(
            lambda facts: rule.value(facts.values),
            lambda facts, value: inner.tell(facts, None if value is None else not value),
            inner.lacks,
            inner.speaks_of,
        )
    if isinstance(rule, AtLeast):
        return _compiled_group(rule.number, rule.rules)
    name = rule.name
    bit = bits([name])
    if isinstance(rule, Fact):
        return Compiled(lambda facts: facts.values.get(name), lambda facts, value: (name,), lambda facts: bit, bit)  # type: ignore[arg-type,return-value]
    return Compiled(lambda facts: rule.value(facts.values), lambda facts, value: (name,), lambda facts: bit, bit)


def _compiled_group(number: int, rules: tuple[Rule, ...]) -> Compiled:
    """Look at the single facts first, all in one step; a group of groups is decided once for a person, and kept."""
    parts = tuple(part.name if isinstance(part, Fact) else compiled(part) for part in rules)
    single = [part for part in parts if isinstance(part, str)]
    inner = [part for part in parts if not isinstance(part, str)]
    speaks_of = reduce(or_, (part.speaks_of for part in inner), bits(single))
    tests = tuple(part.test for part in inner)
    if number == 1:
        decide = _any(bits(single), tests)
    elif number == len(parts):
        decide = _all(bits(single), tests)
    else:
        decide = _enough(number, tuple(single), tests)
    test = _kept(decide, speaks_of) if inner else decide
    return Compiled(test, _tell_of_group(parts), _lacks_of_group(bits(single), inner, speaks_of), speaks_of)


def _any(single: int, tests: tuple[Test, ...]) -> Test:
    def decide(facts: Facts) -> bool | None:
        """Decided by the first yes."""
        if facts.yes & single:
            return True
        is_open = facts.known & single != single
        for test in tests:
            got = test(facts)
            if got:
                return True
            if got is None:
                is_open = True
        return None if is_open else False

    return decide


def _all(single: int, tests: tuple[Test, ...]) -> Test:
    def decide(facts: Facts) -> bool | None:
        """Decided by the first no."""
        if facts.no & single:
            return False
        is_open = facts.known & single != single
        for test in tests:
            got = test(facts)
            if got is False:
                return False
            if got is None:
                is_open = True
        return None if is_open else True

    return decide


def _enough(number: int, names: tuple[str, ...], tests: tuple[Test, ...]) -> Test:
    def decide(facts: Facts) -> bool | None:
        values = [*map(facts.values.get, names), *(test(facts) for test in tests)]
        if values.count(True) >= number:
            return True
        return False if len(values) - values.count(False) < number else None

    return decide


_numbers = count()


def _kept(decide: Test, speaks_of: int) -> Test:
    """Keep what was decided with the facts of the person; where nothing is known, nothing is decided."""
    key = next(_numbers)

    def remembered(facts: Facts) -> bool | None:
        if not facts.known & speaks_of:
            return None
        decided = facts.decided
        if key not in decided:
            decided[key] = decide(facts)
        return decided[key]

    return remembered


def _lacks_of_group(single: int, inner: list[Compiled], speaks_of: int) -> Lack:
    def lacks(facts: Facts) -> int:
        known = facts.known
        if not known & speaks_of:
            return speaks_of
        missing = single & ~known
        for part in inner:
            if part.test(facts) is None:
                missing |= part.lacks(facts)
        return missing

    return lacks


def _tell_of_group(parts: tuple[str | Compiled, ...]) -> Tell:
    def tell(facts: Facts, value: bool | None) -> list[str]:
        """The facts of the parts that have the value of the whole, in the order of the file."""
        told: list[str] = []
        known = facts.values
        for part in parts:
            if isinstance(part, str):
                if known.get(part) is value:
                    told.append(part)
            elif part.test(facts) is value:
                told.extend(part.tell(facts, value))
        return told

    return tell


def leaves(rule: Rule, negated: bool = False) -> Iterator[tuple[Fact | Compare, bool]]:
    """Every fact a rule speaks of, and whether it stands under an odd number of *not*."""
    if isinstance(rule, Fact | Compare):
        yield rule, negated
    for part in rule.parts():
        yield from leaves(part, negated != isinstance(rule, Not))


def read_rule(written: object) -> Rule:
    """Make a rule of the way it is written in a knowledge file.

    Raises
    ------
    ValueError
        It is not a rule; the sentence says what is wrong and what may stand there.
    """
    if isinstance(written, str):
        return Fact(_name(written))
    if isinstance(written, list):
        return _read_compare(written)
    if isinstance(written, dict):
        return _read_group(written)
    raise ValueError(f"{written!r} is not a rule; use a fact, a comparison, all, any, not or at_least")


def _read_group(written: dict[str, object]) -> Rule:
    keys = set(written)
    if keys == {"all"}:
        rules = _read_list(written["all"], "all")
        return AtLeast(len(rules), rules)
    if keys == {"any"}:
        return AtLeast(1, _read_list(written["any"], "any"))
    if keys == {"not"}:
        return Not(read_rule(written["not"]))
    if keys == {"at_least", "of"}:
        return _read_at_least(written["at_least"], _read_list(written["of"], "of"))
    has = ", ".join(sorted(keys)) or "nothing"
    raise ValueError(f"has {has}; use exactly one of all, any, not, or at_least with of")


def _read_list(written: object, key: str) -> tuple[Rule, ...]:
    if not isinstance(written, list) or not written:
        raise ValueError(f"{key} is {written!r}; use a list of rules that is not empty")
    return tuple(read_rule(part) for part in written)


def _read_at_least(number: object, rules: tuple[Rule, ...]) -> Rule:
    if type(number) is not int or not 1 <= number <= len(rules):
        raise ValueError(f"at_least is {number!r}; use a whole number from 1 to {len(rules)}")
    return AtLeast(number, rules)


def _read_compare(written: list[object]) -> Compare:
    if len(written) != 3 or written[1] not in _OPERATORS:
        raise ValueError(f"{written!r} is not a comparison; use [fact, one of {' '.join(OPERATORS)}, value]")
    name, operator, limit = written
    if operator == "in":
        if not isinstance(limit, list) or not limit or not all(_is_plain(one) for one in limit):
            raise ValueError(f"{written!r}: after in, use a list of values that is not empty")
        return Compare(_name(name), "in", frozenset(limit))
    if not isinstance(limit, str | int | float) or isinstance(limit, bool):
        raise ValueError(f"{written!r}: compare with a number or a choice; for yes or no write the fact alone")
    return Compare(_name(name), str(operator), limit)


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _name(written: object) -> str:
    if not isinstance(written, str) or not written.strip():
        raise ValueError(f"{written!r} is not the name of a fact")
    return written
