"""Check what items say of each other: sources, facts in rules, remedies, claims and their places."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from difflib import get_close_matches
from typing import Any
from zoneinfo import available_timezones

from mollet.knowledge.amounts import TAKEN
from mollet.knowledge.model import Catalogue, Question, RedFlag
from mollet.knowledge.names import KINDS, fold, names_of
from mollet.knowledge.rules import AtLeast, Compare, Fact, Not, Rule, leaves

_ITEM_KINDS = ("relief", "remedies", "causes", "red_flags", "claims", "medicines", "illnesses", "supplements")
_SCREENS = ("relief", "plan", "causes", "checkup", "claims", "alarm", "nights", "report", "me", "data")
_PLACES = tuple(f"/{screen}/" for screen in _SCREENS)


def check(catalogue: Catalogue) -> Iterator[str]:
    """Say everything that is wrong between the items of a catalogue."""
    facts = facts_known(catalogue)
    for kind in ("questions", "tiers", *KINDS.values()):
        if not getattr(catalogue, kind):
            yield f"{kind}: nothing is there yet; rules that speak of it are not checked."
    for kind, place, item in _items(catalogue):
        yield from _check_sources(catalogue, place, item)
        yield from _check_rules(catalogue, facts, place, item)
        if kind in _ITEM_KINDS:
            yield from _check_cited(place, item)
    for tier in catalogue.tiers.values():
        if not tier.sources:
            yield f"tiers.toml: {tier.id} sources is empty; what is said of an urgency names a source."
    yield from _check_questions(catalogue, facts)
    yield from _check_links(catalogue)
    yield from _check_asked(catalogue)
    yield from _check_classes(catalogue)
    yield from _check_zones(catalogue)


def _check_zones(catalogue: Catalogue) -> Iterator[str]:
    """Say which time zones nobody knows, and which stand in two countries."""
    of_all = [zone for one in catalogue.countries.values() for zone in one.zones]
    for zone in sorted(set(of_all) - available_timezones()):
        yield f'countries.toml: zones names "{zone}", which is no time zone{_near(zone, available_timezones())}.'
    for zone, times in Counter(of_all).items():
        if times > 1:
            yield f'countries.toml: zones names "{zone}" {times} times; a time zone tells one country.'


def facts_known(catalogue: Catalogue) -> dict[str, str]:
    """Every fact a rule may speak of, and its type."""
    known = {question.id: question.type for question in catalogue.questions.values() if question.type != "list"}
    for prefix, kind in KINDS.items():
        known.update({f"{prefix}:{name}": "boolean" for name in getattr(catalogue, kind)})
    asks = catalogue.questions.get("asks_about")
    known.update({f"asks:{choice.id}": "boolean" for choice in (asks.values if asks else ())})
    known.update(dict.fromkeys(TAKEN, "number"))
    return {**known, **{f"derived:{name}": "boolean" for name in catalogue.derived}}


def _items(catalogue: Catalogue) -> Iterator[tuple[str, str, Any]]:
    for one in fields(catalogue):
        kind = one.name
        if kind in ("version", "reference", "reading"):
            continue
        for name, item in getattr(catalogue, kind).items():
            yield kind, f"{kind}/{name}.toml:" if kind in _ITEM_KINDS else f"{kind}.toml: {name}", item


def _check_cited(place: str, item: Any) -> Iterator[str]:
    if not item.sources and item.status != "standard":
        yield f'{place} sources is empty and status is "{item.status}"; name a source, or use standard.'


def _check_sources(catalogue: Catalogue, place: str, item: Any) -> Iterator[str]:
    for cited in dict.fromkeys(_sources(item)):
        if cited not in catalogue.sources:
            yield f'{place} sources names "{cited}", which is not in sources.toml{_near(cited, catalogue.sources)}.'


def _sources(item: Any) -> Iterator[str]:
    for one in fields(item):
        value = getattr(item, one.name)
        if one.name == "sources":
            yield from value
        for part in value if isinstance(value, tuple) else (value,):
            if is_dataclass(part) and not isinstance(part, Fact | Compare | Not | AtLeast):
                yield from _sources(part)


def _check_rules(catalogue: Catalogue, facts: dict[str, str], place: str, item: Any) -> Iterator[str]:
    for key, rule in rules_of(item):
        for leaf, _ in leaves(rule):
            complaint = _complaint_of_leaf(catalogue, facts, leaf)
            if complaint:
                yield f"{place} {key} {complaint}"


def rules_of(item: Any, inside: str = "") -> Iterator[tuple[str, Rule]]:
    """Every rule in an item and its parts, with the key where it stands."""
    for one in fields(item):
        value = getattr(item, one.name)
        key = f"{inside}{one.metadata.get('toml', one.name)}"
        if isinstance(value, Fact | Compare | Not | AtLeast):
            yield key, value
        elif isinstance(value, tuple):
            for number, part in enumerate(value, 1):
                if is_dataclass(part):
                    yield from rules_of(part, f"{key}[{number}].")
        elif is_dataclass(value):
            yield from rules_of(value, f"{key}.")


def _complaint_of_leaf(catalogue: Catalogue, facts: dict[str, str], leaf: Fact | Compare) -> str | None:
    kind = facts.get(leaf.name)
    if kind is None and not _kind_of(catalogue, leaf.name):
        return None
    if kind is None:
        return f'speaks of "{leaf.name}", which is no question, class or derived fact{_near(leaf.name, facts)}.'
    if isinstance(leaf, Fact):
        return None if kind == "boolean" else f'takes "{leaf.name}" as yes or no; it is a {kind}, compare it.'
    if kind == "boolean":
        return f'compares "{leaf.name}"; it is yes or no, write the fact alone.'
    question = catalogue.questions.get(leaf.name)
    return _complaint_of_compare(question, leaf) if question else None


def _kind_of(catalogue: Catalogue, fact: str) -> Any:
    """Items of the kind a fact belongs to; empty while nobody has written any."""
    prefix = fact.partition(":")[0] if ":" in fact else ""
    return catalogue.derived if prefix == "derived" else getattr(catalogue, KINDS.get(prefix, "questions"))


def _complaint_of_compare(question: Question, leaf: Compare) -> str | None:
    limits = leaf.limit if isinstance(leaf.limit, frozenset) else {leaf.limit}
    if question.type == "number":
        words = [limit for limit in limits if isinstance(limit, str)]
        return f'compares the number "{leaf.name}" with {words[0]!r}; use a number.' if words else None
    allowed = {choice.id for choice in question.values}
    wrong = [str(limit) for limit in limits if limit not in allowed]
    if leaf.operator not in ("==", "!=", "in"):
        return f'orders the choice "{leaf.name}"; use ==, != or in.'
    return f'compares "{leaf.name}" with "{wrong[0]}"; use {", ".join(sorted(allowed))}.' if wrong else None


def _check_questions(catalogue: Catalogue, facts: dict[str, str]) -> Iterator[str]:
    for question in catalogue.questions.values():
        place = f"questions.toml: {question.id}"
        if question.group not in catalogue.groups:
            yield f'{place} group is "{question.group}"; use {", ".join(catalogue.groups)}.'
        if not _is_duration(question.holds):
            yield f'{place} holds is "{question.holds}"; use hours:24, days:30 (any whole number) or until_changed.'
        if question.type == "choice" and not question.values:
            yield f"{place} values is missing; a choice needs its values."
        if question.type == "list" and question.list_of is None:
            yield f"{place} list_of is missing; use medicine, illness, supplement or topic."
        yield from _check_told(place, (*question.denies, *question.confirms), facts)
    for sign in catalogue.signs.values():
        yield from _check_told(f"questions.toml: {sign.id}", sign.tells, facts)


def _check_told(place: str, names: tuple[str, ...], facts: dict[str, str]) -> Iterator[str]:
    for name in names:
        if facts.get(name) != "boolean":
            yield f'{place} names "{name}", which is no question of yes or no{_near(name, facts)}.'


def _is_duration(holds: str) -> bool:
    unit, _, number = holds.partition(":")
    return holds == "until_changed" or (unit in ("hours", "days") and number.isdecimal() and int(number) > 0)


def _check_links(catalogue: Catalogue) -> Iterator[str]:
    for both in sorted(catalogue.relief.keys() & catalogue.remedies.keys()):
        yield f'remedies/{both}.toml: id is "{both}", which is a relief step too; an id stands for one thing.'
    for flag in catalogue.red_flags.values():
        yield from _check_advised(catalogue, f"red_flags/{flag.id}.toml: avoid", flag.avoid)
        yield from _check_stretching(catalogue, flag)
        if catalogue.tiers and flag.tier not in catalogue.tiers:
            yield f'red_flags/{flag.id}.toml: tier is "{flag.tier}", which is not in tiers.toml.'
    for cause in catalogue.causes.values():
        yield from _check_advised(catalogue, f"causes/{cause.id}.toml: remedies", cause.remedies)
        for name in cause.exposures:
            if name not in catalogue.exposures:
                near = _near(name, catalogue.exposures)
                yield f'causes/{cause.id}.toml: exposures names "{name}", which is not in exposures.toml{near}.'
    for remedy in catalogue.remedies.values():
        for name in remedy.foods:
            if name not in catalogue.foods:
                yield f'remedies/{remedy.id}.toml: foods names "{name}", which is not in foods.toml.'
    yield from _check_claims(catalogue)


def _check_advised(catalogue: Catalogue, place: str, names: tuple[str, ...]) -> Iterator[str]:
    advised = {*catalogue.relief, *catalogue.remedies}
    for name in names:
        if name not in advised:
            yield f'{place} names "{name}", which is no relief step or remedy{_near(name, advised)}.'


def _check_stretching(catalogue: Catalogue, flag: RedFlag) -> Iterator[str]:
    """Where no remedy may stretch, no relief step may; an emergency leaves no step but one, and need not name them."""
    forbids = any(one.stretches and one.id in flag.avoid for one in catalogue.remedies.values())
    if forbids and flag.tier != "emergency":
        for step in catalogue.relief.values():
            if step.stretches and step.id not in flag.avoid:
                yield f"red_flags/{flag.id}.toml: avoid forbids a stretch; name {step.id} too, which stretches."


def _check_claims(catalogue: Catalogue) -> Iterator[str]:
    numbers = Counter(claim.number for claim in catalogue.claims.values())
    for claim in catalogue.claims.values():
        place = f"claims/{claim.id}.toml:"
        if numbers[claim.number] > 1:
            yield f"{place} number is {claim.number}, which another claim has; each number stands once."
        if claim.where.split("#")[0] not in _PLACES:
            yield f'{place} where is "{claim.where}"; use {", ".join(_PLACES)}.'
        if claim.item and claim.item != "recognise" and not _has_item(catalogue, claim.item):
            yield f'{place} item is "{claim.item}", which is not in the catalogue; use KIND/ID or recognise.'


def _has_item(catalogue: Catalogue, item: str) -> bool:
    kind, _, name = item.partition("/")
    return kind in (*_ITEM_KINDS, "foods", "questions", "features") and name in getattr(catalogue, kind)


def _check_asked(catalogue: Catalogue) -> Iterator[str]:
    """Each thing a person may ask about is answered by exactly one item."""
    asks = catalogue.questions.get("asks_about")
    if asks is None:
        return
    items = [("relief", item) for item in catalogue.relief.values()]
    items += [("remedies", item) for item in catalogue.remedies.values()]  # type: ignore[misc]
    answered = Counter(topic for _, item in items for topic in item.asks_about)
    allowed = {choice.id for choice in asks.values}
    for kind, item in items:
        for topic in item.asks_about:
            if topic not in allowed:
                yield f'{kind}/{item.id}.toml: asks_about names "{topic}", which questions.toml does not list.'
    for topic in sorted(allowed):
        if answered[topic] != 1:
            yield f"questions.toml: asks_about {topic} is answered by {answered[topic]} items; it needs exactly one."


def _check_classes(catalogue: Catalogue) -> Iterator[str]:
    for kind in KINDS.values():
        for name_class in getattr(catalogue, kind).values():
            place = f"{kind}/{name_class.id}.toml:"
            for implied in name_class.implies:
                if class_fact(implied, kind, catalogue) is None:
                    yield f'{place} implies names "{implied}", which is no class.'
            for fact in name_class.sets:
                if fact not in catalogue.questions or catalogue.questions[fact].type != "boolean":
                    yield f'{place} sets names "{fact}", which is no question of yes or no.'
            for combination in name_class.combinations:
                for one in combination.classes:
                    if class_fact(one, kind, catalogue) is None:
                        yield f'{place} combinations names "{one}", which is no class.'
    yield from _check_names(catalogue)


def class_fact(written: str, kind: str, catalogue: Catalogue) -> str | None:
    """Fact of a class named in a file of a kind: ``diuretic`` or, across kinds, ``medicine:diuretic``."""
    prefix, _, name = written.rpartition(":")
    prefix = prefix or next(one for one, folder in KINDS.items() if folder == kind)
    return f"{prefix}:{name}" if prefix in KINDS and name in getattr(catalogue, KINDS[prefix]) else None


def _check_names(catalogue: Catalogue) -> Iterator[str]:
    owners: dict[str, str] = {}
    for kind in KINDS.values():
        for name_class in getattr(catalogue, kind).values():
            for name in _distinct(fold(name) for name in names_of(name_class)):
                owner = owners.setdefault(name, f"{kind}/{name_class.id}")
                if owner != f"{kind}/{name_class.id}":
                    place = f"{kind}/{name_class.id}.toml:"
                    yield f'{place} the name "{name}" is in {owner}.toml too; a name has one class.'


def _distinct(names: Iterator[str]) -> Iterator[str]:
    return iter(dict.fromkeys(names))


def _near(name: str, known: Any) -> str:
    near = get_close_matches(name, list(known), n=1)
    return f" (did you mean {near[0]}?)" if near else ""


__all__ = ["check", "class_fact", "facts_known", "rules_of"]
