"""The rules of the check-up and of the evening routine as plain data, for an evaluator that is not this one.

The pocket edition has no house to ask: it carries these. They are made from the same objects that decide here, names
are read by the same reader, and a test holds the other evaluator to this one.
"""

from collections.abc import Iterable
from itertools import takewhile
from string import ascii_uppercase
from typing import Any, get_args, get_type_hints

from mollet.advice.evidence import Cited, behind, said_of
from mollet.advice.gate import both
from mollet.diary.facts import question_of
from mollet.knowledge.model import Catalogue, Contraindication, ReliefStep, Remedy, Source, Step, Text, Variant
from mollet.knowledge.names import KINDS, implications, is_nothing, known_names, read_name
from mollet.knowledge.rules import AtLeast, Compare, Fact, Not, Rule, leaves
from mollet.words import say


def compiled(catalogue: Catalogue) -> dict[str, Any]:
    """Return what the evaluator computes with; no sentence is in it."""
    names, meanings = _names(catalogue)
    return {
        "version": catalogue.version,
        "groups": [group for group in catalogue.groups if group != "settings"],
        "questions": {key: _question(catalogue.questions[key]) for key in asked(catalogue)},
        "tiers": {tier.id: tier.rank for tier in catalogue.tiers.values()},
        "flags": [
            {"id": flag.id, "tier": flag.tier, "when": _rule(flag.when), "avoid": list(flag.avoid)}
            for flag in catalogue.red_flags.values()
        ],
        "routine": [_remedy(one) for one in routine_remedies(catalogue)],
        "behind": {
            "tiers": {one.id: named(one) for one in catalogue.tiers.values()},
            "flags": {one.id: named(one) for one in catalogue.red_flags.values()},
            "routine": {one.id: named(*said_of(one)) for one in routine_remedies(catalogue)},
        },
        "classes": {kind: list(getattr(catalogue, KINDS[kind])) for kind in KINDS},
        "origin": {prefix: question_of(f"{prefix}:", catalogue) for prefix in (*KINDS, "asks")},
        "implies": {fact: sorted(more - {fact}) for fact, more in implications(catalogue).items() if len(more) > 1},
        "sets": {
            f"{kind}:{one.id}": list(one.sets)
            for kind, plural in KINDS.items()
            for one in getattr(catalogue, plural).values()
            if one.sets
        },
        "nothing": [name for name in catalogue.reading.nothing if is_nothing(name, catalogue)],
        "names": names,
        "meanings": meanings,
    }


def named(*parts: Cited) -> str:
    """Name what sentences rest on in one line; its last word is ``standard`` where one of them was not reviewed."""
    found = behind(parts)
    return " ".join((*found.sources, *(["standard"] if found.is_unreviewed else [])))


def documents(catalogue: Catalogue) -> dict[str, list[str]]:
    """Return every document that a phone names: how it is cited, its identifier, and how it was read."""
    parts: list[Cited] = [*catalogue.tiers.values(), *catalogue.red_flags.values(), *catalogue.countries.values()]
    parts += catalogue.claims.values()
    advised: list[ReliefStep | Remedy] = [*catalogue.relief.values(), *routine_remedies(catalogue)]
    for item in advised:
        parts += said_of(item)
    known = (catalogue.sources[id] for id in behind(parts).sources)
    return {one.id: [one.reference, one.identifier, one.read] for one in known}


def zones(catalogue: Catalogue) -> dict[str, str]:
    """Return the time zones of each country, each by the last part of its name: no two places share that."""
    last = {one.id: dict.fromkeys(zone.split("/")[-1] for zone in one.zones) for one in catalogue.countries.values()}
    return {country: " ".join(places) for country, places in last.items() if places}


def sentences(catalogue: Catalogue, lang: str) -> dict[str, Any]:
    """Return the words that belong to the rules, in one language."""
    items: dict[str, ReliefStep | Remedy] = {**catalogue.relief, **catalogue.remedies}
    avoided = {name for flag in catalogue.red_flags.values() for name in flag.avoid}
    return {
        "groups": {
            one.id: {"name": one.name.to(lang), "intro": _to(one.intro, lang)} for one in catalogue.groups.values()
        },
        "questions": {
            one.id: {
                "asks": one.asks.to(lang),
                "short": one.short.to(lang),
                "help": _to(one.help, lang),
                "unit": one.unit if isinstance(one.unit, str) else _to(one.unit, lang),
                "values": {value.id: value.name.to(lang) for value in one.values},
            }
            for one in (catalogue.questions[key] for key in asked(catalogue))
        },
        "flags": {one.id: one.says.to(lang) for one in catalogue.red_flags.values()},
        "tiers": {
            one.id: {"name": one.name.to(lang), "do": one.do.to(lang), "safety_net": one.safety_net.to(lang)}
            for one in catalogue.tiers.values()
        },
        "countries": {
            one.id: {
                "name": one.name.to(lang),
                "emergency": list(one.emergency),
                "text": one.emergency_text,
                "same_day": [{"number": each.number, "says": each.says.to(lang)} for each in one.same_day],
                "says": _to(one.says, lang),
                "today": _to(one.today, lang),
                "sources": named(one),
            }
            for one in catalogue.countries.values()
        },
        "items": {name: items[name].name.to(lang) for name in sorted(avoided) if name in items},
        "routine": {one.id: _remedy_words(one, lang) for one in routine_remedies(catalogue)},
        "with_signs": both("advice.not_with_signs").to(lang),
        "sources": {
            "title": [say("sources.title", lang, n=n) for n in (1, 2)],
            "read": {how: say(f"sources.read.{how}", lang) for how in get_args(get_type_hints(Source)["read"])},
            "standard": say("sources.not_reviewed", lang),
        },
    }


def asked(catalogue: Catalogue) -> list[str]:
    """Return the questions on which a red flag or the routine rests, themselves or through another's answer."""
    rules = [flag.when for flag in catalogue.red_flags.values()]
    for one in routine_remedies(catalogue):
        rules += [each for each in (one.suits, *(variant.when for variant in one.variants)) if each is not None]
        rules += [each.when for each in one.contraindications]
    wanted = {question_of(leaf.name, catalogue) for rule in rules for leaf, _ in leaves(rule)}
    while True:
        more = wanted | {one.id for one in catalogue.questions.values() if wanted & {*one.denies, *one.confirms}}
        for key in wanted:
            rule = catalogue.questions[key].no_when if key in catalogue.questions else None
            more |= {question_of(leaf.name, catalogue) for leaf, _ in leaves(rule)} if rule is not None else set()
        if more == wanted:
            return [key for key in catalogue.questions if key in wanted]
        wanted = more


def routine_remedies(catalogue: Catalogue) -> list[Remedy]:
    """Return the remedies that are offered before bed, in their order."""
    offered = [one for one in catalogue.remedies.values() if one.stance == "offer" and one.plan]
    bedtime = [one for one in offered if one.plan and one.plan.when == "bedtime"]
    return sorted(bedtime, key=lambda one: one.plan.order if one.plan else 0)


def _to(text: Text | None, lang: str) -> str | None:
    return text.to(lang) if text else None


def _question(one: Any) -> dict[str, Any]:
    kept = {
        "group": one.group,
        "type": one.type,
        "holds": one.holds,
        "min": one.min,
        "max": one.max,
        "list_of": one.list_of,
        "values": [value.id for value in one.values],
        "denies": list(one.denies),
        "confirms": list(one.confirms),
        "no_when": _rule(one.no_when) if one.no_when is not None else None,
    }
    return {key: value for key, value in kept.items() if value not in (None, [])}


def _remedy(one: Remedy) -> dict[str, Any]:
    return {
        "id": one.id,
        "suits": _rule(one.suits) if one.suits is not None else None,
        "against": [_contraindication(each) for each in one.contraindications],
        "variants": [{"id": each.id, "when": _rule(each.when)} for each in one.variants if each.when is not None],
    }


def _contraindication(one: Contraindication) -> dict[str, Any]:
    return {"when": _rule(one.when), "adapt": one.outcome == "adapt", "ask": one.if_unknown == "ask_first"}


def _remedy_words(one: Remedy, lang: str) -> dict[str, Any]:
    return {
        "name": one.name.to(lang),
        "does": one.does.to(lang),
        "steps": _steps(one.steps, lang),
        "against": [each.says.to(lang) for each in one.contraindications],
        "variants": {each.id: _variant(each, one, lang) for each in one.variants},
    }


def _variant(variant: Variant, one: Remedy, lang: str) -> dict[str, Any]:
    return {
        "name": (variant.name or one.name).to(lang),
        "does": variant.does.to(lang),
        "steps": _steps(variant.steps or one.steps, lang),
    }


def _steps(steps: Iterable[Step], lang: str) -> list[dict[str, Any]]:
    return [
        {
            "words": step.words.to(lang),
            "does": step.does.to(lang),
            "seconds": step.seconds,
            "repeats": step.repeats,
            "rest_seconds": step.rest_seconds,
            "each_leg": step.each_leg,
            "drawing": step.drawing,
        }
        for step in steps
    ]


def _rule(rule: Rule) -> Any:
    """Write a rule: a fact as its name, a comparison as three, ``not`` and ``at least`` as objects."""
    if isinstance(rule, Fact):
        return rule.name
    if isinstance(rule, Compare):
        limit = sorted(rule.limit, key=str) if isinstance(rule.limit, frozenset) else rule.limit
        return [rule.name, rule.operator, limit]
    if isinstance(rule, Not):
        return {"not": _rule(rule.rule)}
    if isinstance(rule, AtLeast):
        return {"least": rule.number, "of": [_rule(part) for part in rule.rules]}
    raise TypeError(type(rule).__name__)


def _names(catalogue: Catalogue) -> tuple[list[str], list[list[Any]]]:
    """Folded names, those of one meaning together; and each meaning: facts, those left open, whether all was read."""
    named: dict[tuple[Any, ...], list[str]] = {}
    for name in known_names(catalogue):
        got = read_name(name, catalogue)
        named.setdefault((got.facts, tuple(sorted(got.open)), got.is_whole), []).append(name)
    return [_after_each_other(names) for names in named.values()], [[list(f), list(o), whole] for f, o, whole in named]


def _after_each_other(names: Iterable[str]) -> str:
    """Write names in their order, each as a capital for how many letters it shares with the one before, and the rest.

    A folded name has no capitals. All names of all classes are the heaviest part of what a phone carries.
    """
    written, before = "", ""
    for name in sorted(names):
        alike = takewhile(lambda pair: pair[0] == pair[1], zip(before, name, strict=False))
        shared = min(sum(1 for _ in alike), len(ascii_uppercase) - 1)
        written += ascii_uppercase[shared] + name[shared:]
        before = name
    return written
