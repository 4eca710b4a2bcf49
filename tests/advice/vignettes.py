"""The cases written by hand: about urgency (``[[case]]``) and about advice (``[[advice]]``), and what a case misses.

A case of advice is a person with ordinary cramps who answered everything, but for its ``answers``; questions named in
``unknown`` have no answer, and one who is ``silent`` said nothing else. The other keys say what must come of it.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.advice.answers import ordinary

from mollet.advice.flags import flags
from mollet.advice.gate import Judgement, judge
from mollet.advice.plan import Plan, plan, to_json
from mollet.advice.relief import relief
from mollet.advice.triage import Triage, triage
from mollet.diary.facts import resolve
from mollet.knowledge import Facts, load

FOLDER = Path(__file__).parent.parent / "vignettes"
CATALOGUE = load()
ITEMS: Mapping[str, Any] = {**CATALOGUE.relief, **CATALOGUE.remedies}
STATES: Mapping[str, tuple[str, ...]] = {
    "withheld": ("withheld",),
    "ask_first": ("ask_first",),
    "told": ("with_condition",),
    "offered": ("offered",),
    "given": ("offered", "with_condition"),
    "not_given": ("withheld", "ask_first"),
    "not_offered": ("withheld", "ask_first", "with_condition"),
}
"""What a case may say of items, and the states of the gate that agree with it."""
GIVEN = STATES["given"]


def read(kind: str) -> Iterator[dict[str, Any]]:
    """Every case of a kind, of all files in all folders."""
    for path in sorted(FOLDER.rglob("*.toml")):
        yield from tomllib.loads(path.read_text(encoding="utf-8")).get(kind, ())


def said(case: Mapping[str, Any]) -> dict[str, object]:
    """Everything that the person of a case of advice answers."""
    answers = case["answers"] if case.get("silent") else ordinary(**case["answers"])
    return {key: value for key, value in answers.items() if key not in case.get("unknown", ())}


@dataclass(frozen=True)
class Shown:
    """All that a person is shown."""

    facts: Facts

    @cached_property
    def triage(self) -> Triage:
        """Urgency, with what to do and to avoid."""
        return triage(self.facts, CATALOGUE)

    @cached_property
    def plan(self) -> Plan:
        """The plan."""
        return plan(self.facts, CATALOGUE)

    @cached_property
    def planned(self) -> dict[str, Any]:
        """What the plan holds, by remedy."""
        return {one.remedy.id: one for _, some in self.plan.sections for one in some}

    @cached_property
    def standing(self) -> Any:
        """The red flags that stand."""
        return flags(self.facts, CATALOGUE)

    def judged(self, item: str) -> Judgement:
        """What the gate says of an item."""
        return judge(ITEMS[item], self.facts, CATALOGUE, self.standing)

    def ids(self, place: str) -> set[str]:
        """What stands in a place that a case may speak of."""
        return {
            "do": lambda: {one.id for one in self.triage.do},
            "avoid": lambda: {one.id for one in self.triage.avoid},
            "findings": lambda: {one.flag.id for one in self.triage.findings},
            "planned": lambda: set(self.planned),
            "left_out": lambda: {one.remedy.id for one in self.plan.left_out},
            "with_doctor": lambda: {one.item.id for one in self.plan.with_doctor},
            "not_advised": lambda: {one.item.id for one in self.plan.not_advised},
            "relief": lambda: {one.step.id for one in relief(self.facts, CATALOGUE).steps},
            "ruled_in": lambda: (
                set(self.planned)
                | {one.item.id for one in self.plan.with_doctor}
                | {one.remedy.id for one in self.plan.ask_first}
            ),
            "foods": lambda: {one["id"] for part in PLACES_OF_FOOD for one in self._told[part] if one["foods"]},
        }[place]()

    @cached_property
    def _told(self) -> dict[str, Any]:
        return to_json(self.plan, "en")


PLACES_OF_FOOD = ("tonight", "day", "drink_and_food", "shoes_and_habits")
HAS = {
    "findings": "findings",
    "do_has": "do",
    "avoid_has": "avoid",
    "relief_has": "relief",
    "planned": "planned",
    "left_out": "left_out",
    "with_doctor": "with_doctor",
    "not_advised": "not_advised",
    "foods": "foods",
}
"""What must be where."""
LACKS = {
    "not_findings": "findings",
    "do_lacks": "do",
    "avoid_lacks": "avoid",
    "relief_lacks": "relief",
    "plan_lacks": "planned",
    "ruled_out": "ruled_in",
}
"""What must not be where."""
REASONS = {"refuses": "withheld", "warns": "with_condition", "asks": "ask_first"}
"""Keys that name items with words of the reason: the sentence that refuses or warns, the answer that is asked for."""
OTHERS = {"tier", "says", "variant", "nothing_planned", "names_unknown", "forbids", *REASONS}
SETTING = {"id", "title", "source", "answers", "unknown", "silent"}
KEYS = {*STATES, *HAS, *LACKS, *OTHERS, *SETTING}
GIVES_TOO_MUCH = {*LACKS, "withheld", "ask_first", "not_given", "not_offered", "nothing_planned"} - {
    "not_findings",
    "avoid_lacks",
}


def says(judgement: Judgement, words: str) -> bool:
    """Whether the English sentences of a judgement hold some words."""
    return bool(re.search(words, " ".join(reason.text.en for reason in judgement.reasons), re.IGNORECASE))


def has_reason(judgement: Judgement, state: str, words: str) -> bool:
    """Whether an item is refused, warned of or asked about in some words: of the sentence, or of the missing facts."""
    said_by = (
        " ".join(one.unknown) if state == "ask_first" else one.text.en
        for one in judgement.reasons
        if one.state == state and one.ground == "contraindication"
    )
    return any(re.search(words, text, re.IGNORECASE) for text in said_by)


def forbids(standing: Any, flag: str, item: str) -> bool:
    """Whether an alarm itself speaks against an item."""
    return any(one.id == flag for one, _ in standing.against.get(item, ()))


@dataclass(frozen=True)
class Miss:
    """Something that does not come out as a case says."""

    case: str
    key: str
    item: str
    got: str

    @property
    def dangerous(self) -> bool:
        """Whether the person is given what the case forbids."""
        forbidden = self.key in GIVES_TOO_MUCH and self.got in (*GIVEN, "there")
        return forbidden and not (self.key == "not_offered" and self.got == "with_condition")

    def __str__(self) -> str:
        return f"{self.case}: {self.key} {self.item}: {self.got}"


def misses(case: Mapping[str, Any]) -> list[Miss]:
    """All that does not come out as the case says."""
    shown = Shown(resolve(said(case), CATALOGUE))
    found = [*_states(case, shown), *_places(case, shown), *_others(case, shown)]
    return [Miss(case["id"], *one) for one in found]


def _states(case: Mapping[str, Any], shown: Shown) -> Iterator[tuple[str, str, str]]:
    for key, agree in STATES.items():
        for item in case.get(key, ()):
            state = shown.judged(item).state
            if state not in agree:
                yield key, item, state


def _places(case: Mapping[str, Any], shown: Shown) -> Iterator[tuple[str, str, str]]:
    for key, place in HAS.items():
        yield from ((key, one, "missing") for one in case.get(key, ()) if one not in shown.ids(place))
    for key, place in LACKS.items():
        yield from ((key, one, "there") for one in case.get(key, ()) if one in shown.ids(place))


def _others(case: Mapping[str, Any], shown: Shown) -> Iterator[tuple[str, str, str]]:
    if case.get("tier", shown.triage.tier) != shown.triage.tier:
        yield "tier", case["tier"], shown.triage.tier
    if case.get("nothing_planned") and shown.planned:
        yield "nothing_planned", ", ".join(shown.planned), "there"
    if bool(shown.triage.not_recognised) != case.get("names_unknown", False):
        yield "names_unknown", ", ".join(shown.triage.not_recognised), "not recognised"
    for item, words in case.get("says", {}).items():
        judgement = shown.judged(item)
        if not says(judgement, words):
            yield "says", item, judgement.state
    yield from _reasons(case, shown)
    for item, words in case.get("variant", {}).items():
        chosen = shown.planned[item].variant if item in shown.planned else None
        if not chosen or not re.search(words, chosen.id):
            yield "variant", item, chosen.id if chosen else "none"


def _reasons(case: Mapping[str, Any], shown: Shown) -> Iterator[tuple[str, str, str]]:
    for key, state in REASONS.items():
        for item, words in case.get(key, {}).items():
            judgement = shown.judged(item)
            if not has_reason(judgement, state, words):
                yield key, item, judgement.state
    for flag, items in case.get("forbids", {}).items():
        yield from (("forbids", f"{flag} {one}", "missing") for one in items if not forbids(shown.standing, flag, one))


def tally(of: Callable[[Mapping[str, Any]], list[Miss]] = misses) -> tuple[int, list[Miss]]:
    """How many cases of advice come out exactly as they are written, and all that others miss."""
    found = [of(case) for case in read("advice")]
    return sum(not one for one in found), [miss for one in found for miss in one]


def main() -> None:
    """Print every miss, and how many cases come out exactly."""
    exact, missed = tally()
    for one in missed:
        print("DANGEROUS" if one.dangerous else "         ", one)  # noqa: T201
    cases = {one.case for one in missed}
    dangerous = {one.case for one in missed if one.dangerous}
    print(f"{exact + len(cases)} cases: {exact} exact, {len(cases)} with a miss, {len(dangerous)} of them dangerous")  # noqa: T201


if __name__ == "__main__":
    main()
