"""How urgent is it? The findings, what to do and to avoid, and what to ask next."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from mollet.advice.flags import Flags, flags
from mollet.advice.gate import Judgement, both, judge
from mollet.advice.reasons import phrases, questions
from mollet.errors import EntryError
from mollet.knowledge.model import Catalogue, Discuss, RedFlag, ReliefStep, Remedy, Text, TierName
from mollet.knowledge.rules import Facts, Outcome

# From this rank on nothing stands beside the danger: the general advice is left out (rank of `same_day`).
_URGENT: TierName = "same_day"


@dataclass(frozen=True, slots=True)
class Finding:
    """A red flag that holds, and the questions whose answers make it hold."""

    flag: RedFlag
    because: tuple[str, ...]
    signs: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """One sentence of advice: ``id`` as people ask about it, ``item`` where it stands in the catalogue."""

    id: str
    says: Text
    item: str | None = None
    name: Text | None = None
    because: tuple[str, ...] = ()
    certainty: str | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AskNext:
    """The screen of the check-up to show next, and its questions that still matter."""

    group: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """Whom to call in this country for this urgency; no number where none is needed."""

    country: str
    number: str | None
    says: Text | None
    emergency: tuple[str, ...]
    text_number: str | None


@dataclass(frozen=True, slots=True)
class Triage:
    """Everything the page of findings shows."""

    tier: TierName
    could_be: TierName
    open: tuple[str, ...]
    findings: tuple[Finding, ...]
    do: tuple[Advice, ...]
    avoid: tuple[Advice, ...]
    discuss: tuple[Discuss, ...]
    ask_next: AskNext | None
    call: Call
    not_recognised: tuple[str, ...]
    knowledge_version: str

    @property
    def settled(self) -> bool:
        """Whether no further answer of the check-up can change the tier."""
        return not self.open


def triage(facts: Facts, catalogue: Catalogue, country: str = "FR") -> Triage:
    """Return how urgent it is, why, what to do, what to avoid and what to ask next.

    The tier is that of the most urgent finding. What is not known clears nothing: a flag that may still hold and is
    more urgent than the tier stays open.

    Raises
    ------
    EntryError
        The country is not in the catalogue.
    """
    standing = flags(facts, catalogue)
    tier = standing.tier
    rank = catalogue.tiers[tier].rank
    higher = tuple(one for one in standing.open if catalogue.tiers[one[0].tier].rank > rank)
    judgements = tuple(judge(item, facts, catalogue, standing) for item in _items(catalogue))
    return Triage(
        tier=tier,
        could_be=higher[0][0].tier if higher else tier,
        open=_in_order(_unknown(higher, facts, catalogue), catalogue),
        findings=tuple(_findings(standing, facts, catalogue)),
        do=_each_once(_do(tier, standing, judgements, facts, catalogue, not higher)),
        avoid=_each_once(_avoid(standing, judgements, facts, catalogue)),
        discuss=_discuss(standing, judgements, facts, catalogue),
        ask_next=_ask_next(higher, facts, catalogue),
        call=_call(tier, country, catalogue),
        not_recognised=facts.not_recognised,
        knowledge_version=catalogue.version,
    )


def to_json(result: Triage, lang: str) -> dict[str, Any]:
    """Return the triage as one JSON object, in one language."""
    return {
        "tier": result.tier,
        "could_be": result.could_be,
        "settled": result.settled,
        "open": list(result.open),
        "findings": [_finding_to_json(one, lang) for one in result.findings],
        "do": [_advice_to_json(one, lang) for one in result.do],
        "avoid": [{**_advice_to_json(one, lang), "because": list(one.because)} for one in result.avoid],
        "discuss": [{"id": one.id, "says": one.text.to(lang)} for one in result.discuss],
        "ask_next": {"group": result.ask_next.group, "keys": list(result.ask_next.keys)} if result.ask_next else None,
        "call": _call_to_json(result.call, lang),
        "not_recognised": list(result.not_recognised),
        "knowledge_version": result.knowledge_version,
    }


def _finding_to_json(one: Finding, lang: str) -> dict[str, Any]:
    return {
        "id": one.flag.id,
        "tier": one.flag.tier,
        "name": one.flag.name.to(lang),
        "because": list(one.because),
        "signs": [sign.to(lang) for sign in one.signs],
        "says": one.flag.says.to(lang),
        "sources": list(one.flag.sources),
        "status": one.flag.status,
    }


def _advice_to_json(one: Advice, lang: str) -> dict[str, Any]:
    written: dict[str, Any] = {"id": one.id, "says": one.says.to(lang)}
    if one.name:
        written["name"] = one.name.to(lang)
    if one.item:
        written["item"] = one.item
    if one.certainty:
        written["certainty"] = one.certainty
    if one.sources:
        written["sources"] = list(one.sources)
    return written


def _call_to_json(call: Call, lang: str) -> dict[str, Any]:
    return {
        "country": call.country,
        "number": call.number,
        "says": call.says.to(lang) if call.says else None,
        "emergency": list(call.emergency),
        "text": call.text_number,
    }


@lru_cache(maxsize=4)
def _items(catalogue: Catalogue) -> tuple[ReliefStep | Remedy, ...]:
    """Return the relief steps, then the remedies, in the order in which they are done."""
    steps = sorted(catalogue.relief.values(), key=lambda one: one.order)
    return (*steps, *sorted(catalogue.remedies.values(), key=lambda one: one.plan.order if one.plan else 0))


def _unknown(open_flags: Iterable[tuple[RedFlag, Outcome]], facts: Facts, catalogue: Catalogue) -> tuple[str, ...]:
    return questions((fact for _, outcome in open_flags for fact in outcome.unknown), facts, catalogue)


def _in_order(keys: Iterable[str], catalogue: Catalogue) -> tuple[str, ...]:
    return tuple(sorted(set(keys), key=_places(catalogue).__getitem__))


@lru_cache(maxsize=4)
def _places(catalogue: Catalogue) -> dict[str, int]:
    """Place of each question: screens in their order, and the questions of each as they stand."""
    groups = list(catalogue.groups)
    ordered = sorted(catalogue.questions, key=lambda key: groups.index(catalogue.questions[key].group))
    return {key: place for place, key in enumerate(ordered)}


def _findings(standing: Flags, facts: Facts, catalogue: Catalogue) -> Iterator[Finding]:
    for flag, outcome in standing.held:
        because = questions(outcome.because, facts, catalogue)
        yield Finding(flag, because, phrases(outcome.because, facts, catalogue))


def _do(
    tier: TierName,
    standing: Flags,
    judgements: tuple[Judgement, ...],
    facts: Facts,
    catalogue: Catalogue,
    is_settled: bool,
) -> Iterator[Advice]:
    urgency = catalogue.tiers[tier]
    is_urgent = urgency.rank >= catalogue.tiers[_URGENT].rank
    if not is_settled and not is_urgent:
        yield Advice("not_settled", both("advice.not_settled"))
    if is_settled or standing.held:
        yield Advice(tier, urgency.do, sources=urgency.sources)
    for flag, _ in standing.held:
        if flag.do:
            yield Advice(flag.id, flag.do, f"red_flags/{flag.id}", sources=flag.sources)
    for one in judgements:
        if one.is_allowed and _is_asked(one.item, facts):
            yield _reply(one, is_urgent)
    if not is_urgent:
        for one in judgements:
            if one.is_allowed and _is_for_everyone(one.item, facts):
                yield offer(one)
    yield Advice("safety_net", urgency.safety_net, sources=urgency.sources)


def _is_asked(item: ReliefStep | Remedy, facts: Facts) -> bool:
    return any(facts.values.get(f"asks:{topic}") is True for topic in item.asks_about)


def _is_for_everyone(item: ReliefStep | Remedy, facts: Facts) -> bool:
    """Whether it is one of the things shown unasked: a relief step, or a part of tonight's routine."""
    if isinstance(item, ReliefStep):
        return True
    suits = item.suits is None or item.suits.value(facts.values) is not False
    return item.stance == "offer" and item.plan is not None and item.plan.when == "bedtime" and suits


def offer(one: Judgement) -> Advice:
    """Something to do, with its conditions in the sentence."""
    return Advice(
        topic(one.item),
        _joined(one.item.does, *one.says) if one.state == "with_condition" else one.item.does,
        _place(one.item),
        one.item.name,
        certainty=one.item.certainty if isinstance(one.item, Remedy) else None,
        sources=tuple(dict.fromkeys((*one.item.sources, *one.sources))),
    )


def _reply(one: Judgement, is_urgent: bool) -> Advice:
    """Answer to what a person asked about and may do; beside something urgent it can wait."""
    told = (both("advice.can_wait"),) if is_urgent else ()
    conditions = one.says if one.state == "with_condition" else ()
    return replace(offer(one), says=_joined(*told, one.item.says or one.item.does, *conditions))


def _joined(*texts: Text) -> Text:
    return Text(" ".join(text.en for text in texts), " ".join(text.fr for text in texts))


def topic(item: ReliefStep | Remedy) -> str:
    """Name of an item as people ask about it, so that a question and its answer have the same name."""
    return item.asks_about[0] if item.asks_about else item.id


def _place(item: ReliefStep | Remedy) -> str:
    return f"relief/{item.id}" if isinstance(item, ReliefStep) else f"remedies/{item.id}"


def _avoid(standing: Flags, judgements: tuple[Judgement, ...], facts: Facts, catalogue: Catalogue) -> Iterator[Advice]:
    """What the flags forbid first, then what was asked and may not be done, then what the answers forbid."""
    forbidden = {name for flag, _ in standing.held for name in flag.avoid}
    refused = [one for one in judgements if not one.is_allowed]
    ordered = [one for one in refused if one.item.id in forbidden]
    ordered += [one for one in refused if _is_asked(one.item, facts)]
    ordered += [one for one in refused if _is_taken(one.item) and _is_forbidden(one)]
    for one in ordered:
        yield _refusal(one, facts, catalogue)


def _is_taken(item: ReliefStep | Remedy) -> bool:
    """Whether people take or do it of their own accord, so that a refusal is said although nobody asked."""
    if isinstance(item, ReliefStep):
        return True
    return item.kind in ("supplement", "food") or (item.kind == "medicine" and item.stance == "allow")


def _is_forbidden(one: Judgement) -> bool:
    """Whether the person's own answers forbid it, and not only our stance."""
    return any(reason.state == "withheld" and reason.because for reason in one.reasons)


def _refusal(one: Judgement, facts: Facts, catalogue: Catalogue) -> Advice:
    because = one.because or one.unknown
    reply = (one.item.says,) if one.state == "ask_first" and one.item.says else ()
    return Advice(
        topic(one.item),
        _joined(*one.says, *reply),
        _place(one.item),
        one.item.name,
        questions(because, facts, catalogue),
        one.item.certainty if isinstance(one.item, Remedy) else None,
        tuple(dict.fromkeys((*one.sources, *one.item.sources))),
    )


def _each_once(advice: Iterable[Advice]) -> tuple[Advice, ...]:
    kept: dict[str, Advice] = {}
    for one in advice:
        kept.setdefault(one.id, one)
    return tuple(kept.values())


def _discuss(
    standing: Flags, judgements: tuple[Judgement, ...], facts: Facts, catalogue: Catalogue
) -> tuple[Discuss, ...]:
    """What to bring up with a doctor: from the flags, the causes that apply, and what was asked about."""
    found = [flag.discuss for flag, _ in standing.held]
    found += [cause.discuss for cause in catalogue.causes.values() if cause.discuss and cause.when.value(facts.values)]
    found += [one.item.discuss for one in judgements if _is_asked(one.item, facts)]
    return tuple({one.id: one for one in reversed(found) if one}.values())[::-1]


def _ask_next(higher: tuple[tuple[RedFlag, Outcome], ...], facts: Facts, catalogue: Catalogue) -> AskNext | None:
    """Return the screen that touches the most urgent open flags, most of them, and comes first."""
    wanted: dict[str, set[str]] = {}
    touched: dict[str, dict[int, int]] = {}
    for flag, outcome in higher:
        keys = questions(outcome.unknown, facts, catalogue)
        fresh = [key for key in keys if key not in facts.answered] or list(keys)
        rank = catalogue.tiers[flag.tier].rank
        for group in {catalogue.questions[key].group for key in fresh}:
            counts = touched.setdefault(group, {})
            counts[rank] = counts.get(rank, 0) + 1
        for key in fresh:
            wanted.setdefault(catalogue.questions[key].group, set()).add(key)
    if not wanted:
        return None
    first = max(catalogue.groups, key=lambda group: _weight(touched.get(group, {})))
    return AskNext(first, _in_order(wanted[first], catalogue))


def _weight(counts: dict[int, int]) -> list[tuple[int, int]]:
    return sorted(counts.items(), reverse=True)


def _call(tier: TierName, country: str, catalogue: Catalogue) -> Call:
    service = catalogue.countries.get(country.upper())
    if service is None:
        raise EntryError("error.answers.unknown_country", country=country, allowed=", ".join(catalogue.countries))
    number: str | None = None
    says = None
    if tier == "emergency":
        # No number is printed for a country where none was checked: there the sentence stands alone.
        number, says = next(iter(service.emergency), None), service.says
    elif tier == "same_day":
        number = service.same_day[0].number if service.same_day else None
        says = service.same_day[0].says if service.same_day else service.says
    return Call(service.id, number, says, service.emergency, service.emergency_text)
