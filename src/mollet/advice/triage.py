"""How urgent is it? The findings, what to do and to avoid, and what to ask next."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import groupby
from operator import itemgetter, or_
from typing import Any

from mollet.advice.counted import counted
from mollet.advice.flags import FLOOR, Flags, flags, lacks
from mollet.advice.gate import Judgement, both, judge, suits
from mollet.advice.reasons import phrases, questions
from mollet.diary.facts import question_of
from mollet.errors import EntryError
from mollet.knowledge.model import Catalogue, Cause, Contradiction, Country, RedFlag, ReliefStep, Remedy, Text, TierName
from mollet.knowledge.rules import AtLeast, Compiled, Facts, Test, bits, compiled, leaves
from mollet.words import say

Item = ReliefStep | Remedy
Judging = Callable[[Item], Judgement]
"""The gate, for one person: each item is judged at most once, and only if it may be shown."""

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
    """One piece of advice: ``id`` as people ask about it, ``item`` where it stands in the catalogue.

    ``says`` is complete; ``does`` and ``conditions`` are the same in parts, without the condition on the danger signs,
    which stands once for the whole list.
    """

    id: str
    says: Text
    item: str | None = None
    name: Text | None = None
    because: tuple[str, ...] = ()
    certainty: str | None = None
    sources: tuple[str, ...] = ()
    does: Text | None = None
    conditions: tuple[Text, ...] = ()
    needs_no_signs: bool = False


@dataclass(frozen=True, slots=True)
class _Wanting:
    """A flag that may still hold, and the facts that are missing to decide it, as bits."""

    flag: RedFlag
    missing: int


@dataclass(frozen=True, slots=True)
class _Asking:
    """A question on which red flags rest, and the facts of theirs that it tells, as bits."""

    key: str
    group: str
    tells: int


@dataclass(frozen=True, slots=True)
class Contradicted:
    """Answers that do not go together: the questions they answer, and the words that ask to look at them again."""

    id: str
    keys: tuple[str, ...]
    says: Text
    sources: tuple[str, ...]


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
    """Everything the page of findings shows; ``unless`` is the condition that holds for the whole list of ``do``.

    ``unasked`` are those of the ``open`` questions that were not answered: the others were, in words nobody could read.
    """

    tier: TierName
    could_be: TierName
    open: tuple[str, ...]
    unasked: tuple[str, ...]
    findings: tuple[Finding, ...]
    do: tuple[Advice, ...]
    unless: Text | None
    avoid: tuple[Advice, ...]
    discuss: tuple[Advice, ...]
    ask_next: AskNext | None
    call: Call
    not_recognised: tuple[str, ...]
    contradictions: tuple[Contradicted, ...]
    knowledge_version: str

    @property
    def settled(self) -> bool:
        """Whether no further answer of the check-up can change the tier."""
        return not self.open

    @property
    def is_known(self) -> bool:
        """Whether the tier may be told."""
        return is_known(self.settled, self.tier)

    @property
    def deciding(self) -> tuple[Finding, ...]:
        """The findings that decide the urgency: a milder one beside them would call for two things at once."""
        return tuple(one for one in self.findings if one.flag.tier == self.tier)


def is_known(settled: bool, tier: str) -> bool:
    """Whether a tier may be told: the floor is no answer while something more urgent may still hold."""
    return settled or tier != FLOOR


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
    rank = catalogue.tiers[standing.tier].rank
    urgent = (flag for flag in standing.open.values() if catalogue.tiers[flag.tier].rank > rank)
    higher = tuple(_Wanting(flag, lacks(flag, facts, catalogue)) for flag in urgent)
    judge_one = _judging(standing, facts, catalogue)
    still_open = _keys(reduce(or_, (one.missing for one in higher), 0), catalogue)
    unasked = tuple([key for key in still_open if key not in facts.answered])
    missing = () if not still_open else ("advice.not_settled",) if unasked else ("advice.not_read",)
    do = _each_once(_do(standing, judge_one, facts, catalogue, missing))
    return Triage(
        tier=standing.tier,
        could_be=higher[0].flag.tier if higher else standing.tier,
        open=still_open,
        unasked=unasked,
        findings=tuple(_findings(standing, facts, catalogue)),
        do=do,
        unless=both("advice.not_with_signs") if any(one.needs_no_signs for one in do) else None,
        avoid=_each_once((*_avoid(standing, judge_one, facts, catalogue), *_exceeded(standing, facts, catalogue))),
        discuss=_discuss(standing, facts, catalogue),
        ask_next=_ask_next(higher, facts, catalogue),
        call=_call(standing.tier, country_of(country, catalogue)),
        not_recognised=facts.not_recognised,
        contradictions=tuple(_contradictions(facts, catalogue)),
        knowledge_version=catalogue.version,
    )


def country_of(code: str, catalogue: Catalogue) -> Country:
    """Return the country of a code, in any case and by any of the codes in use for it.

    Raises
    ------
    EntryError
        The country is not in the catalogue.
    """
    written = code.strip().upper()
    found = catalogue.countries.get(written)
    found = found or next((one for one in catalogue.countries.values() if written in one.also), None)
    if found is None:
        raise EntryError("error.answers.unknown_country", country=code, allowed=", ".join(catalogue.countries))
    return found


def to_json(result: Triage, lang: str) -> dict[str, Any]:
    """Return the triage as one JSON object, in one language."""
    return {
        "tier": result.tier,
        "could_be": result.could_be,
        "settled": result.settled,
        "open": list(result.open),
        "findings": [_finding_to_json(one, lang) for one in result.findings],
        "do": [_advice_to_json(one, lang) for one in result.do],
        "unless": result.unless.to(lang) if result.unless else None,
        "avoid": [{**_advice_to_json(one, lang), "because": list(one.because)} for one in result.avoid],
        "discuss": [_advice_to_json(one, lang) for one in result.discuss],
        "ask_next": {"group": result.ask_next.group, "keys": list(result.ask_next.keys)} if result.ask_next else None,
        "call": _call_to_json(result.call, lang),
        "not_recognised": list(result.not_recognised),
        "contradictions": [
            {"id": one.id, "keys": list(one.keys), "says": one.says.to(lang), "sources": list(one.sources)}
            for one in result.contradictions
        ],
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
    written: dict[str, Any] = {"id": one.id, "says": one.says.to(lang), "sources": list(one.sources)}
    if one.does:
        written["does"] = one.does.to(lang)
        written["conditions"] = [text.to(lang) for text in one.conditions]
    if one.name:
        written["name"] = one.name.to(lang)
    if one.item:
        written["item"] = one.item
    if one.certainty:
        written["certainty"] = one.certainty
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
def _items(catalogue: Catalogue) -> tuple[Item, ...]:
    """Return the relief steps, then the remedies, in the order in which they are done."""
    steps = sorted(catalogue.relief.values(), key=lambda one: one.order)
    return (*steps, *sorted(catalogue.remedies.values(), key=lambda one: one.plan.order if one.plan else 0))


@lru_cache(maxsize=4)
def _items_for_everyone(catalogue: Catalogue) -> tuple[Item, ...]:
    """Return what is shown unasked: the relief steps, and what may be part of tonight's routine."""
    return tuple(one for one in _items(catalogue) if isinstance(one, ReliefStep) or _is_for_tonight(one))


@lru_cache(maxsize=4)
def _items_taken(catalogue: Catalogue) -> tuple[Item, ...]:
    """Return what people take or do of their own accord, so that a refusal is said although nobody asked."""
    return tuple(one for one in _items(catalogue) if isinstance(one, ReliefStep) or _is_taken(one))


def _judging(standing: Flags, facts: Facts, catalogue: Catalogue) -> Judging:
    judged: dict[str, Judgement] = {}

    def judge_one(item: Item) -> Judgement:
        if item.id not in judged:
            judged[item.id] = judge(item, facts, catalogue, standing)
        return judged[item.id]

    return judge_one


def _keys(missing: int, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the questions that tell some facts, in their order."""
    return tuple([one.key for one in _asking(catalogue) if one.tells & missing])


@lru_cache(maxsize=4)
def _asking(catalogue: Catalogue) -> tuple[_Asking, ...]:
    """Screens in their order, and the questions of each as they stand: worked out once for a catalogue."""
    told: dict[str, set[str]] = {}
    for fact in (leaf.name for flag in catalogue.red_flags.values() for leaf, _ in leaves(flag.when)):
        told.setdefault(question_of(fact, catalogue), set()).add(fact)
    groups = list(catalogue.groups)
    ordered = sorted(catalogue.questions.values(), key=lambda one: groups.index(one.group))
    return tuple(_Asking(one.id, one.group, bits(told[one.id])) for one in ordered if one.id in told)


def _findings(standing: Flags, facts: Facts, catalogue: Catalogue) -> Iterator[Finding]:
    for flag, told in standing.held:
        because = questions(told.because, facts, catalogue)
        yield Finding(flag, because, phrases(told.because, facts, catalogue))


def _do(
    standing: Flags, judge_one: Judging, facts: Facts, catalogue: Catalogue, missing: tuple[str, ...]
) -> Iterator[Advice]:
    """What to do; ``missing`` names the words about what is still open, none when nothing is."""
    urgency = catalogue.tiers[standing.tier]
    is_urgent = urgency.rank >= catalogue.tiers[_URGENT].rank
    if not is_urgent:
        yield from (Advice("not_settled", both(words)) for words in missing)
    if not missing or standing.tier != FLOOR:
        yield Advice(standing.tier, urgency.do, sources=urgency.sources)
    for flag, _ in standing.held:
        if flag.do:
            yield Advice(flag.id, flag.do, f"red_flags/{flag.id}", sources=flag.sources)
    if not standing.is_emergency:
        asked = (judge_one(item) for item in _asked(facts, catalogue))
        yield from (_reply(one, is_urgent) for one in asked if one.is_allowed and _is_remedy(one.item))
    if not is_urgent:
        shown = (
            judge_one(item) for item in _items_for_everyone(catalogue) if suits(item, facts, catalogue) is not False
        )
        yield from (offer(one) for one in shown if one.is_allowed)
    yield Advice("safety_net", urgency.safety_net, sources=urgency.sources)


def _asked(facts: Facts, catalogue: Catalogue) -> Iterator[Item]:
    """What the person asks about, in the order of the catalogue."""
    for item, topics in _items_asked(catalogue):
        if any(facts.values.get(topic) for topic in topics):
            yield item


@lru_cache(maxsize=4)
def _items_asked(catalogue: Catalogue) -> tuple[tuple[Item, tuple[str, ...]], ...]:
    return tuple(
        (item, tuple(f"asks:{topic}" for topic in item.asks_about)) for item in _items(catalogue) if item.asks_about
    )


def _is_remedy(item: Item) -> bool:
    """Whether it may be taken against cramps; what is only tolerated is not, whoever may have it."""
    return not (isinstance(item, Remedy) and item.stance == "tolerate")


def _is_for_tonight(item: Remedy) -> bool:
    return item.stance == "offer" and item.plan is not None and item.plan.when == "bedtime"


def offer(one: Judgement) -> Advice:
    """Something to do, with its conditions."""
    return _advice(one, one.item.does)


def _reply(one: Judgement, is_urgent: bool) -> Advice:
    """Answer to what a person asked about and may do; beside something urgent it can wait."""
    told = (both("advice.can_wait"),) if is_urgent else ()
    return _advice(one, _joined(*told, one.item.says or one.item.does))


def _advice(one: Judgement, does: Text) -> Advice:
    signs = (both("advice.not_with_signs"),) if one.needs_no_signs else ()
    return Advice(
        topic(one.item),
        _joined(does, *one.conditions, *signs),
        _place(one.item),
        one.item.name,
        certainty=one.item.certainty if isinstance(one.item, Remedy) else None,
        sources=tuple(dict.fromkeys((*one.item.sources, *one.sources))),
        does=does,
        conditions=one.conditions,
        needs_no_signs=one.needs_no_signs,
    )


def _joined(*texts: Text) -> Text:
    return Text(" ".join(text.en for text in texts), " ".join(text.fr for text in texts))


def topic(item: ReliefStep | Remedy) -> str:
    """Name of an item as people ask about it, so that a question and its answer have the same name."""
    return item.asks_about[0] if item.asks_about else item.id


def _place(item: ReliefStep | Remedy) -> str:
    return f"relief/{item.id}" if isinstance(item, ReliefStep) else f"remedies/{item.id}"


def _avoid(standing: Flags, judge_one: Judging, facts: Facts, catalogue: Catalogue) -> Iterator[Advice]:
    """What the flags forbid first, then what was asked and may not be done, then what the answers forbid."""
    for item in _items(catalogue):
        if item.id in standing.against:
            yield _refusal(judge_one(item), facts, catalogue)
    for item in _asked(facts, catalogue):
        if item.id in standing.against:
            continue
        one = judge_one(item)
        if standing.is_emergency:
            yield _put_off(one, standing, facts, catalogue)
        elif not one.is_allowed:
            yield _refusal(one, facts, catalogue)
        elif not _is_remedy(item):
            yield _advice(one, one.item.says or one.item.does)
    for item in _items_taken(catalogue):
        if item.id not in standing.against and _refusing(catalogue)[item.id](facts):
            yield _refusal(judge_one(item), facts, catalogue)


def _exceeded(standing: Flags, facts: Facts, catalogue: Catalogue) -> Iterator[Advice]:
    """What is taken of magnesium or vitamin B6 above its limit; in an emergency it waits."""
    for one in () if standing.is_emergency else counted(facts, catalogue):
        if one.is_over:
            yield Advice(one.id, one.says, because=("supplements",), sources=one.sources)


@lru_cache(maxsize=4)
def _refusing(catalogue: Catalogue) -> dict[str, Test]:
    """Test whether a contraindication forbids an item, by item: worked out once for a catalogue."""
    refusing = {
        item.id: [one.when for one in item.contraindications if one.outcome != "adapt"] for item in _items(catalogue)
    }
    return {name: compiled(AtLeast(1, tuple(rules))).test for name, rules in refusing.items()}


def _put_off(one: Judgement, standing: Flags, facts: Facts, catalogue: Catalogue) -> Advice:
    """In an emergency every request waits; what is never right is not merely put off."""
    if isinstance(one.item, Remedy) and one.item.stance == "never":
        return _refusal(one, facts, catalogue)
    forbids = [reason.text for reason in one.reasons if reason.state == "withheld" and reason.ground != "flag"]
    because = [fact for flag, told in standing.held if flag.tier == standing.tier for fact in told.because]
    return Advice(
        topic(one.item),
        _joined(_call_first(one.item), *dict.fromkeys(forbids)),
        _place(one.item),
        one.item.name,
        questions(because, facts, catalogue),
        one.item.certainty if isinstance(one.item, Remedy) else None,
        tuple(dict.fromkeys((*one.sources, *one.item.sources))),
    )


def _call_first(item: Item) -> Text:
    return Text(*(say("advice.not_in_emergency", lang, name=item.name.to(lang)) for lang in ("en", "fr")))


def _is_taken(item: Remedy) -> bool:
    return item.kind in ("supplement", "food") or (item.kind == "medicine" and item.stance == "allow")


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


def _discuss(standing: Flags, facts: Facts, catalogue: Catalogue) -> tuple[Advice, ...]:
    """What to bring up with a doctor: from the flags, the causes that apply, and what was asked about."""
    raised = [(flag.discuss, flag.sources) for flag, _ in standing.held]
    raised += [(one.discuss, one.sources) for one, test in _discussed_causes(catalogue) if test(facts)]
    raised += [(item.discuss, item.sources) for item in _asked(facts, catalogue)]
    found: dict[str, Advice] = {}
    for one, sources in raised:
        if one is not None:
            before = found[one.id].sources if one.id in found else ()
            found[one.id] = Advice(one.id, one.text, sources=tuple(dict.fromkeys((*before, *sources))))
    return tuple(found.values())


@lru_cache(maxsize=4)
def _discussed_causes(catalogue: Catalogue) -> tuple[tuple[Cause, Test], ...]:
    return tuple((cause, compiled(cause.when).test) for cause in catalogue.causes.values() if cause.discuss)


def _ask_next(higher: tuple[_Wanting, ...], facts: Facts, catalogue: Catalogue) -> AskNext | None:
    """Return the screen that touches the most urgent open flags, most of them, and comes first.

    A question that was answered is not asked again: a name that nobody could read stays open, and the answer says so,
    but asking the same question once more would tell no more.
    """
    asking = _asking(catalogue)
    unasked = reduce(or_, (one.tells for one in asking if one.key not in facts.answered), 0)
    wanted = [(one.flag.tier, one.missing & unasked) for one in higher if one.missing & unasked]
    if not wanted:
        return None
    groups = _groups(catalogue)
    left = list(groups)
    for _, same in groupby(wanted, key=itemgetter(0)):
        missing = [each for _, each in same]
        touched = {group: sum([1 for each in missing if each & groups[group]]) for group in left}
        most = max(touched.values())
        left = [group for group in left if touched[group] == most]
        if len(left) == 1:
            break
    asked = reduce(or_, (missing for _, missing in wanted)) & groups[left[0]]
    return AskNext(left[0], _keys(asked, catalogue))


@lru_cache(maxsize=4)
def _groups(catalogue: Catalogue) -> dict[str, int]:
    """Facts that the questions of each screen tell, as bits, in the order of the screens."""
    asking = _asking(catalogue)
    return {group: reduce(or_, (one.tells for one in asking if one.group == group), 0) for group in catalogue.groups}


def _contradictions(facts: Facts, catalogue: Catalogue) -> Iterator[Contradicted]:
    """Answers that cannot all be right; each still counts as it was given, so that none of them clears a danger."""
    for one, rule in _contradicting(catalogue):
        if rule.test(facts):
            because = rule.outcome(facts).because
            yield Contradicted(one.id, questions(because, facts, catalogue), one.says, one.sources)


@lru_cache(maxsize=4)
def _contradicting(catalogue: Catalogue) -> tuple[tuple[Contradiction, Compiled], ...]:
    return tuple((one, compiled(one.when)) for one in catalogue.contradictions.values())


def _call(tier: TierName, country: Country) -> Call:
    number: str | None = None
    says = None
    if tier == "emergency":
        # No number is printed for a country where none was checked: there the sentence stands alone.
        number, says = next(iter(country.emergency), None), country.says
    elif tier == "same_day":
        number = country.same_day[0].number if country.same_day else None
        says = _joined(*(one.says for one in country.same_day)) if country.same_day else country.today
    return Call(country.id, number, says, country.emergency, country.emergency_text)
