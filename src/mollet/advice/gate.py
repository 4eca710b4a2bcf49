"""The one gate for all advice: what may be offered to a person, on which condition, and what may not, and why."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import Literal

from mollet.advice.flags import Flags, flags, may_speak_against, outcome
from mollet.advice.reasons import phrases, questions
from mollet.knowledge.model import Catalogue, Contraindication, ReliefStep, Remedy, Text
from mollet.knowledge.rules import Compiled, Facts, Outcome, compiled
from mollet.words import LANGUAGES, say

State = Literal["offered", "with_condition", "ask_first", "withheld"]
Ground = Literal["flag", "signs", "contraindication", "suits", "stance"]

# More questions than this are not listed in a sentence; arbitrary, for reading.
_MOST_NAMED = 4
_STRICTNESS: dict[State, int] = {"offered": 0, "with_condition": 1, "ask_first": 2, "withheld": 3}


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of the gate: what it leads to, on which ground, and what told so (worked out only when asked for)."""

    state: State
    ground: Ground
    text: Text
    sources: tuple[str, ...]
    told: Callable[[], Outcome]

    @property
    def because(self) -> tuple[str, ...]:
        """The facts it rests on."""
        return self.told().because

    @property
    def unknown(self) -> tuple[str, ...]:
        """The facts for want of which it stands."""
        return self.told().unknown

    @property
    def is_medical(self) -> bool:
        """Whether it comes from the person's own answers, and not from our general stance."""
        return self.ground != "stance"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the gate says of one item: its state is that of the strictest reason, whose words are kept."""

    item: ReliefStep | Remedy
    state: State
    reasons: tuple[Reason, ...]

    @property
    def is_allowed(self) -> bool:
        """Whether it may be shown as something to do."""
        return self.state in ("offered", "with_condition")

    @property
    def is_forbidden(self) -> bool:
        """Whether the person's own answers forbid it, and not only our stance."""
        return any(one.state == "withheld" and one.is_medical for one in self.reasons)

    @property
    def says(self) -> tuple[Text, ...]:
        """The sentences of the reasons that decide."""
        return tuple(dict.fromkeys([reason.text for reason in self._deciding]))

    @property
    def conditions(self) -> tuple[Text, ...]:
        """The conditions of this item alone: those of the danger signs are said once for a whole list."""
        found = (one for one in self.reasons if one.state == "with_condition" and one.ground != "signs")
        return tuple(dict.fromkeys([one.text for one in found]))

    @property
    def needs_no_signs(self) -> bool:
        """Whether it is offered only if none of the danger signs is there, and some are not answered."""
        return any(one.ground == "signs" for one in self.reasons)

    @property
    def because(self) -> tuple[str, ...]:
        """The facts on which the deciding reasons rest."""
        return tuple(dict.fromkeys([fact for one in self._deciding for fact in one.because]))

    @property
    def unknown(self) -> tuple[str, ...]:
        """The facts that are missing for the deciding reasons."""
        return tuple(dict.fromkeys([fact for one in self._deciding for fact in one.unknown]))

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources of the deciding reasons."""
        return tuple(dict.fromkeys([source for one in self._deciding for source in one.sources]))

    @property
    def _deciding(self) -> tuple[Reason, ...]:
        return tuple([reason for reason in self.reasons if reason.state == self.state])


def judge(item: ReliefStep | Remedy, facts: Facts, catalogue: Catalogue, standing: Flags | None = None) -> Judgement:
    """Say whether an item may be offered: its contraindications, our stance, whom it suits, and the red flags.

    ``standing`` saves the evaluation of the flags when many items are judged for the same facts.
    """
    standing = standing or flags(facts, catalogue)
    reasons = (
        *_of_flags(item, facts, catalogue, standing),
        *_of_contraindications(item, facts, catalogue),
        *_of_suits(item, facts, catalogue),
        *_of_stance(item),
    )
    strictest: State = max((one.state for one in reasons), key=_STRICTNESS.__getitem__, default="offered")
    return Judgement(item, strictest, reasons)


def _of_flags(item: ReliefStep | Remedy, facts: Facts, catalogue: Catalogue, standing: Flags) -> Iterator[Reason]:
    """One refusal for all flags that hold, one condition for all that may."""
    against = standing.against.get(item.id, ())
    if against:
        because = tuple(dict.fromkeys([fact for _, outcome in against for fact in outcome.because]))
        sources = tuple(dict.fromkeys([source for flag, _ in against for source in flag.sources]))
        never = isinstance(item, Remedy) and item.stance == "never"
        text = item.says if never and item.says else _not_now(item, phrases(because, facts, catalogue))
        yield Reason("withheld", "flag", text, sources, partial(_same, Outcome(True, because, ())))
    if may_speak_against(item.id, standing, catalogue):
        told = partial(_open, item.id, standing, facts, catalogue)
        yield Reason("with_condition", "signs", both("advice.not_with_signs"), (), told)


def _same(outcome: Outcome) -> Outcome:
    return outcome


def _open(item: str, standing: Flags, facts: Facts, catalogue: Catalogue) -> Outcome:
    return _missing([outcome(flag, facts, catalogue) for flag in standing.open.values() if item in flag.avoid])


def _missing(outcomes: list[Outcome]) -> Outcome:
    return Outcome(None, (), tuple(dict.fromkeys([fact for outcome in outcomes for fact in outcome.unknown])))


def _not_now(item: ReliefStep | Remedy, signs: tuple[Text, ...]) -> Text:
    def sentence(lang: str) -> str:
        return say("advice.not_now", lang, name=item.name.to(lang), signs=", ".join([sign.to(lang) for sign in signs]))

    return Text(sentence("en"), sentence("fr"))


@cache
def both(key: str) -> Text:
    """Words of the interface in both languages."""
    return Text(*(say(key, lang) for lang in LANGUAGES))


def _of_contraindications(item: ReliefStep | Remedy, facts: Facts, catalogue: Catalogue) -> Iterator[Reason]:
    """A reason for each that holds or is shown with its condition, and one question for all that are asked first."""
    asked: list[tuple[Contraindication, Compiled]] = []
    for one, rule in _guards(catalogue)[item.id]:
        value = rule.test(facts)
        if value is None and one.if_unknown == "ask_first":
            asked.append((one, rule))
        elif value is not False:
            told = partial(rule.outcome, facts)
            yield Reason(_state(one, value), "contraindication", one.says, one.sources, told)
    if asked:
        missing = _missing([rule.outcome(facts) for _, rule in asked])
        sources = tuple(dict.fromkeys([source for one, _ in asked for source in one.sources]))
        text = _ask_first(item, questions(missing.unknown, facts, catalogue), catalogue)
        yield Reason("ask_first", "contraindication", text, sources, partial(_same, missing))


@lru_cache(maxsize=4)
def _guards(catalogue: Catalogue) -> dict[str, tuple[tuple[Contraindication, Compiled], ...]]:
    """Every contraindication with its rule, by item: worked out once for a catalogue."""
    return {item.id: tuple((one, compiled(one.when)) for one in item.contraindications) for item in _items(catalogue)}


def _items(catalogue: Catalogue) -> tuple[ReliefStep | Remedy, ...]:
    return (*catalogue.relief.values(), *catalogue.remedies.values())


def _state(one: Contraindication, value: bool | None) -> State:
    return "with_condition" if value is None or one.outcome == "adapt" else "withheld"


def _ask_first(item: ReliefStep | Remedy, keys: tuple[str, ...], catalogue: Catalogue) -> Text:
    """Name what must be answered first, or the whole check-up where it is more than a reader can hold.

    Nobody is to be frightened off the food they eat anyway: only more of it waits.
    """
    ask = "advice.ask_first_food" if isinstance(item, Remedy) and item.kind == "food" else "advice.ask_first"

    def sentence(lang: str) -> str:
        name = item.name.to(lang)
        if len(keys) > _MOST_NAMED:
            return say(f"{ask}_all", lang, name=name)
        named = ", ".join(catalogue.questions[key].short.to(lang) for key in keys)
        return say(ask, lang, name=name, questions=named)

    return Text(sentence("en"), sentence("fr"))


def suits(item: ReliefStep | Remedy, facts: Facts, catalogue: Catalogue) -> bool | None:
    """Whether an item is for this person; what says nothing of that is for everyone."""
    rule = _suiting(catalogue).get(item.id)
    return rule.test(facts) if rule else True


def _of_suits(item: ReliefStep | Remedy, facts: Facts, catalogue: Catalogue) -> Iterator[Reason]:
    """For whom it is, while that is not known."""
    rule = _suiting(catalogue).get(item.id)
    if rule and isinstance(item, Remedy) and item.suits_says and rule.test(facts) is None:
        yield Reason("with_condition", "suits", item.suits_says, (), partial(rule.outcome, facts))


@lru_cache(maxsize=4)
def _suiting(catalogue: Catalogue) -> dict[str, Compiled]:
    """Say for whom each item is that is not for everyone, by item: worked out once for a catalogue."""
    return {item.id: compiled(item.suits) for item in _items(catalogue) if isinstance(item, Remedy) and item.suits}


def _of_stance(item: ReliefStep | Remedy) -> Iterator[Reason]:
    if isinstance(item, Remedy) and item.stance in ("never", "with_doctor"):
        yield Reason("withheld", "stance", item.says, item.sources, partial(_same, Outcome(True, (), ())))
