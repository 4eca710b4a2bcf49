"""Small wrongs done to the rules and to the gate on purpose, and which of the cases notice each of them.

A mutant is one rule with one slip of the pen: a clause dropped, *any* for *all*, a threshold moved; or one slip in the
gate: an outcome, what follows from not knowing, an entry of an avoid-list. It is killed when a case no longer comes out
as it is written in the vignettes. ``python -m tests.advice.mutants`` prints how many are, and every survivor.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib.resources import files
from typing import Any

from tests.advice.answers import ordinary
from tests.advice.vignettes import ITEMS, REASONS, STATES, forbids, has_reason, read, said, says

from mollet.advice.flags import flags
from mollet.advice.gate import judge
from mollet.advice.triage import topic
from mollet.diary.facts import resolve
from mollet.knowledge import Facts, load
from mollet.knowledge.rules import read_rule

CATALOGUE = load()
FOLDER = files("mollet.knowledge")
RANK = {name: tier.rank for name, tier in CATALOGUE.tiers.items()}
ITEM_OF = {topic(item): name for name, item in ITEMS.items()}
"""Items by the name under which a person asks about them."""
ANY_STATE = ("offered", "with_condition", "ask_first", "withheld")
GATE_KEYS: Mapping[str, tuple[str, ...]] = {
    **STATES,
    "avoid_has": STATES["withheld"],
    "relief_lacks": STATES["withheld"],
    "do_has": STATES["given"],
    "relief_has": STATES["given"],
}
"""What a case of advice says that the gate decides, with the states that agree."""
Written = Any
"""A rule as it is written in a file."""


@dataclass(frozen=True)
class Mutant:
    """One slip: where, which, and how to see whether some cases notice it."""

    place: str
    slip: str
    kind: str
    is_noticed: Callable[[bool], bool]
    """Whether the cases notice it; True: those written by hand only."""

    def __str__(self) -> str:
        return f"{self.place}: {self.slip}"


@dataclass(frozen=True)
class Case:
    """What a person answers, and what must come of it; ``by_hand``: written as a clinical case."""

    id: str
    facts: Facts
    tier: str | None
    could_be: str | None
    settled: bool | None
    holds: tuple[str, ...]
    holds_not: tuple[str, ...]
    by_hand: bool
    values: Mapping[str, bool | None]


@dataclass(frozen=True)
class GateCase:
    """What a person answers, and what the gate must say of one item."""

    item: str
    facts: Facts
    states: tuple[str, ...]
    by: tuple[str, ...] | None
    standing: Any
    by_hand: bool
    ruled_out: bool | None = None
    """Whether an answer or an alarm refuses it; for what stands only with a doctor the state does not show that."""
    says: str | None = None
    """A pattern that the sentences of the gate must hold."""
    reason: tuple[str, str] | None = None
    """The state of a reason that must be there, and a pattern for its words."""
    forbidden_by: str | None = None
    """The alarm that must speak against it."""


# --- what is written ---


def _toml(path: str) -> dict[str, Any]:
    return tomllib.loads(FOLDER.joinpath(path).read_text(encoding="utf-8"))


@cache
def derived() -> dict[str, Written]:
    """Rules that have a name, as written."""
    return {name: one["when"] for name, one in _toml("derived.toml").items()}


@cache
def written_flags() -> dict[str, Written]:
    """Rules of the red flags, as written."""
    return {name: _toml(f"red_flags/{name}.toml")["when"] for name in CATALOGUE.red_flags}


@cache
def written_guards() -> dict[str, list[Written]]:
    """Rules of the contraindications of each item, as written."""
    folders = [("relief", name) for name in CATALOGUE.relief] + [("remedies", name) for name in CATALOGUE.remedies]
    return {
        name: [one["when"] for one in _toml(f"{folder}/{name}.toml").get("contraindication", ())]
        for folder, name in folders
    }


def expanded(written: Written, named: Mapping[str, Written]) -> Written:
    """The rule with the named rules put in their places."""
    if isinstance(written, dict):
        return {key: expanded(one, named) for key, one in written.items()}
    if isinstance(written, list):
        return [expanded(one, named) for one in written]
    if isinstance(written, str) and written.startswith("derived:"):
        return expanded(named[written.removeprefix("derived:")], named)
    return written


def speaks_of(written: Written, name: str) -> bool:
    """Whether a rule speaks of a named rule, directly or through another one."""
    if isinstance(written, dict):
        return any(speaks_of(one, name) for one in written.values())
    if isinstance(written, list):
        return any(speaks_of(one, name) for one in written)
    if isinstance(written, str) and written.startswith("derived:"):
        other = written.removeprefix("derived:")
        return other == name or speaks_of(derived()[other], name)
    return False


# --- slips ---


def slips(written: Written) -> Iterator[tuple[str, Written]]:
    """Every slip in a rule: what it is, and the rule with it."""
    if isinstance(written, list):
        yield from _slips_of_compare(written)
    if not isinstance(written, dict):
        return
    if "not" in written:
        yield "not dropped", written["not"]
        yield from ((what, {"not": one}) for what, one in slips(written["not"]))
        return
    key = next(key for key in ("all", "any", "of") if key in written)
    parts = written[key]
    for place, part in enumerate(parts):
        if len(parts) > 1:
            rest = parts[:place] + parts[place + 1 :]
            number = {"at_least": min(written["at_least"], len(rest))} if key == "of" else {}
            yield f"{part} dropped", {**number, key: rest}
        for what, one in slips(part):
            yield what, {**written, key: [*parts[:place], one, *parts[place + 1 :]]}
    yield from _slips_of_group(written, key, parts)


def _slips_of_group(written: dict[str, Any], key: str, parts: list[Written]) -> Iterator[tuple[str, Written]]:
    if len(parts) > 1 and key in ("all", "any"):
        yield f"{key} made {'any' if key == 'all' else 'all'}", {"any" if key == "all" else "all": parts}
    if key == "of":
        for number in (written["at_least"] - 1, written["at_least"] + 1):
            if 1 <= number <= len(parts):
                yield f"at least {number}", {"at_least": number, "of": parts}


def _slips_of_compare(written: list[Any]) -> Iterator[tuple[str, Written]]:
    name, operator, limit = written
    turned = {">=": ">", ">": ">=", "<=": "<", "<": "<="}
    if operator in turned:
        yield f"{name} {turned[operator]} {limit}", [name, turned[operator], limit]
        for moved in (limit - 1, limit + 1):
            yield f"{name} {operator} {moved}", [name, operator, moved]
    elif operator == "in" and len(limit) > 1:
        for one in limit:
            yield f"{name} without {one}", [name, "in", [other for other in limit if other != one]]
    elif operator == "==":
        yield f"{name} != {limit}", [name, "!=", limit]


# --- cases ---


@cache
def cases() -> tuple[Case, ...]:
    """Every case about urgency: those written by hand, and those pinned clause by clause."""
    return (
        *(_case(one) for one in read("case")),
        *(_of_advice(one) for one in read("advice")),
        *(_pinned(one) for one in read("flag")),
    )


def _case(one: dict[str, Any]) -> Case:
    facts = resolve(one["answers"], CATALOGUE)
    return Case(
        one["id"], facts, one["tier"], one.get("could_be"), one.get("settled"),
        tuple(one["findings"]), tuple(one.get("not_findings", ())), True, _values(facts),
    )  # fmt: skip


def _of_advice(one: dict[str, Any]) -> Case:
    facts = resolve(said(one), CATALOGUE)
    return Case(
        one["id"], facts, one.get("tier"), None, None,
        tuple(one.get("findings", ())), tuple(one.get("not_findings", ())), True, _values(facts),
    )  # fmt: skip


def _pinned(one: dict[str, Any]) -> Case:
    facts = answered(one)
    held = (one["id"],)
    return Case(
        one["id"], facts, None, None, None,
        held if one["holds"] else (), () if one["holds"] else held, False, _values(facts),
    )  # fmt: skip


def answered(one: dict[str, Any]) -> Facts:
    """Someone ordinary, but for these answers, and with no answer to some questions."""
    said = ordinary(**one["answers"])
    return resolve({key: value for key, value in said.items() if key not in one.get("unknown", ())}, CATALOGUE)


def _values(facts: Facts) -> dict[str, bool | None]:
    return {name: flag.when.value(facts.values) for name, flag in CATALOGUE.red_flags.items()}


@cache
def gate_cases() -> Mapping[str, tuple[GateCase, ...]]:
    """Every case about the gate, by item."""
    found: dict[str, list[GateCase]] = {name: [] for name in ITEMS}
    for one in read("gate"):
        facts = answered(one)
        by = tuple(one["by"]) if "by" in one else None
        found[one["item"]].append(
            GateCase(one["item"], facts, (one["state"],), by, flags(facts, CATALOGUE), one.get("by_hand", False))
        )
    for one in read("advice"):
        for case in _gate_of_advice(one):
            found[case.item].append(case)
    return {name: tuple(some) for name, some in found.items()}


def _gate_of_advice(one: dict[str, Any]) -> Iterator[GateCase]:
    """What a case of advice asks of the gate, item by item."""
    facts = resolve(said(one), CATALOGUE)
    standing = flags(facts, CATALOGUE)
    for key, states in GATE_KEYS.items():
        for item in one.get(key, ()):
            yield GateCase(ITEM_OF.get(item, item), facts, states, None, standing, True)
    for key, ruled_out in (("ruled_out", True), ("with_doctor", False)):
        for item in one.get(key, ()):
            if ruled_out or item not in standing.against:
                yield GateCase(item, facts, ANY_STATE, None, standing, True, ruled_out=ruled_out)
    yield from _words_of_advice(one, facts, standing)


def _words_of_advice(one: dict[str, Any], facts: Facts, standing: Any) -> Iterator[GateCase]:
    """What a case of advice says of the reasons: their words, and which alarm forbids."""
    for item, words in one.get("says", {}).items():
        yield GateCase(item, facts, ANY_STATE, None, standing, True, says=words)
    for key, state in REASONS.items():
        for item, words in one.get(key, {}).items():
            yield GateCase(item, facts, ANY_STATE, None, standing, True, reason=(state, words))
    for flag, items in one.get("forbids", {}).items():
        for item in items:
            yield GateCase(item, facts, ANY_STATE, None, standing, True, forbidden_by=flag)


# --- who notices ---


def flag_is_noticed(rules: Mapping[str, Any], by_hand: bool) -> bool:
    """Whether some case notices that these flags have other rules."""
    return any(_differs(case, rules) for case in cases() if case.by_hand or not by_hand)


def _differs(case: Case, rules: Mapping[str, Any]) -> bool:
    changed = {name: rule.value(case.facts.values) for name, rule in rules.items()}
    if all(case.values[name] is value for name, value in changed.items()):
        return False
    if any(changed.get(name, True) is not True for name in case.holds):
        return True
    if any(changed.get(name) is True for name in case.holds_not):
        return True
    return case.tier is not None and _outcome_differs(case, {**case.values, **changed})


def _outcome_differs(case: Case, values: Mapping[str, bool | None]) -> bool:
    tiers = {name: RANK[CATALOGUE.red_flags[name].tier] for name in values}
    tier = max((tiers[name] for name, value in values.items() if value), default=0)
    could_be = max((tiers[name] for name, value in values.items() if value is not False), default=0)
    if tier != RANK[case.tier or ""]:
        return True
    if case.could_be is not None and max(could_be, tier) != RANK[case.could_be]:
        return True
    return case.settled is not None and (could_be <= tier) is not case.settled


def gate_is_noticed(item: Any, by_hand: bool) -> bool:
    """Whether some case notices that an item has other contraindications."""
    alone = replace(CATALOGUE, **{"relief": {}, "remedies": {}, _kind(item): {item.id: item}})
    asked = (case for case in gate_cases()[item.id] if case.by_hand or not by_hand)
    return any(not comes_out(case, judge(item, case.facts, alone, case.standing)) for case in asked)


def _kind(item: Any) -> str:
    return "relief" if item.id in CATALOGUE.relief else "remedies"


def comes_out(case: GateCase, judgement: Any) -> bool:
    """Whether the gate says what the case says: the state, and the grounds too where the case pins them."""
    state, by = grounds(judgement)
    return (
        state in case.states
        and case.by in (None, by)
        and case.ruled_out in (None, _is_ruled_out(judgement))
        and (case.says is None or says(judgement, case.says))
        and (case.reason is None or has_reason(judgement, *case.reason))
        and (case.forbidden_by is None or forbids(case.standing, case.forbidden_by, case.item))
    )


def _is_ruled_out(judgement: Any) -> bool:
    return any(one.state == "withheld" and one.ground in ("flag", "contraindication") for one in judgement.reasons)


def grounds(judgement: Any) -> tuple[str, tuple[str, ...]]:
    """State of an item, and on which grounds: its contraindications by the first words of what they say."""
    return judgement.state, tuple(_ground(reason) for reason in judgement.reasons)


def _ground(reason: Any) -> str:
    if reason.ground != "contraindication":
        return str(reason.ground)
    if reason.state == "ask_first":
        return f"ask {len(reason.unknown)}"
    return f"{reason.state}: {' '.join(reason.text.en.split()[:4])}"


# --- mutants ---


def mutants() -> Iterator[Mutant]:
    """Every slip in every rule and in the gate."""
    for name, written in written_flags().items():
        for what, one in slips(written):
            rules = {name: read_rule(expanded(one, derived()))}
            yield Mutant(f"red_flags/{name}", what, "flag", partial(flag_is_noticed, rules))
    yield from _mutants_of_derived()
    yield from _mutants_of_guards()
    yield from _mutants_of_avoid()


def _mutants_of_derived() -> Iterator[Mutant]:
    for name, written in derived().items():
        used = [flag for flag, rule in written_flags().items() if speaks_of(rule, name)]
        items = [item for item, rules in written_guards().items() if any(speaks_of(rule, name) for rule in rules)]
        for what, one in slips(written) if used or items else ():
            yield Mutant(f"derived/{name}", what, "derived", partial(_derived_is_noticed, name, one, used, items))


def _derived_is_noticed(name: str, written: Written, used: list[str], items: list[str], by_hand: bool) -> bool:
    named = {**derived(), name: written}
    rules = {flag: read_rule(expanded(written_flags()[flag], named)) for flag in used}
    if flag_is_noticed(rules, by_hand):
        return True
    for item in items:
        guards = [
            replace(one, when=read_rule(expanded(rule, named)))
            for one, rule in zip(ITEMS[item].contraindications, written_guards()[item], strict=True)
        ]
        if gate_is_noticed(replace(ITEMS[item], contraindications=tuple(guards)), by_hand):
            return True
    return False


def _mutants_of_guards() -> Iterator[Mutant]:
    for item, rules in written_guards().items():
        for number, written in enumerate(rules):
            place = f"{item}.contraindication[{number + 1}]"
            for what, one in slips(written):
                changed = {"when": read_rule(expanded(one, derived()))}
                yield Mutant(place, what, "guard", partial(_guard_is_noticed, item, number, changed))
            for what, changed in _slips_of_guard(ITEMS[item].contraindications[number]):
                yield Mutant(place, what, "gate", partial(_guard_is_noticed, item, number, changed))
            yield Mutant(place, "dropped", "gate", partial(_guard_is_noticed, item, number, {}))


def _slips_of_guard(one: Any) -> Iterator[tuple[str, dict[str, str]]]:
    """Slips of the gate; *never* for *doctor* changes no state, only who may still decide: the plan shows that."""
    yield "refuses or adapts", {"outcome": "never" if one.outcome == "adapt" else "adapt"}
    other = "say_condition" if one.if_unknown == "ask_first" else "ask_first"
    yield f"if not known {other}", {"if_unknown": other}


def _guard_is_noticed(item: str, number: int, changed: Mapping[str, Any], by_hand: bool) -> bool:
    guards = list(ITEMS[item].contraindications)
    guards[number : number + 1] = [replace(guards[number], **changed)] if changed else []
    return gate_is_noticed(replace(ITEMS[item], contraindications=tuple(guards)), by_hand)


def _mutants_of_avoid() -> Iterator[Mutant]:
    for flag in CATALOGUE.red_flags.values():
        for item in flag.avoid:
            yield Mutant(
                f"red_flags/{flag.id}", f"avoids no {item}", "avoid", partial(_avoid_is_noticed, flag.id, item)
            )


def _avoid_is_noticed(flag: str, item: str, by_hand: bool) -> bool:
    for case in gate_cases()[item]:
        if by_hand and not case.by_hand:
            continue
        left = tuple(one for one in case.standing.against.get(item, ()) if one[0].id != flag)
        open_ = {name: one for name, one in case.standing.open.items() if name != flag}
        standing = replace(case.standing, against={**case.standing.against, item: left}, open=open_)
        changed = replace(case, standing=standing)
        if not comes_out(changed, judge(ITEMS[item], case.facts, CATALOGUE, standing)):
            return True
    return False


def main() -> None:
    """Print the kill rate by kind, by hand-written cases and with the pinned ones, and every survivor."""
    total: dict[str, list[int]] = {}
    survivors = []
    for one in mutants():
        counts = total.setdefault(one.kind, [0, 0, 0])
        by_hand = one.is_noticed(True)
        killed = by_hand or one.is_noticed(False)
        counts[0] += 1
        counts[1] += by_hand
        counts[2] += killed
        if not killed:
            survivors.append(one)
    print("\n".join(map(str, survivors)))  # noqa: T201
    for kind, (made, hand, killed) in total.items():
        print(f"{kind}: {made} mutants, {hand} killed by hand-written cases, {killed} in all")  # noqa: T201
    made, hand, killed = (sum(counts[place] for counts in total.values()) for place in range(3))
    print(f"all: {made} mutants, {hand} ({hand / made:.1%}) by hand, {killed} ({killed / made:.1%})")  # noqa: T201


if __name__ == "__main__":
    main()
