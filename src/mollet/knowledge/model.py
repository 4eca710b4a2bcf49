"""What knowledge is made of: one frozen dataclass for each kind of item and each of its parts.

The files are read by these classes: a field is a key of the TOML (``toml`` in its metadata where the file uses the
singular), its type says what may stand there, and a field without a default must be there.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from mollet.knowledge.rules import Rule

Status = Literal["seen", "derived", "standard", "recalled"]
Certainty = Literal["high", "moderate", "low", "very_low", "no_trial"]
TierName = Literal["emergency", "same_day", "soon", "routine", "self_care"]
Kind = Literal["medicine", "illness", "supplement"]


def _named(key: str) -> Any:
    return field(default=(), metadata={"toml": key})


@dataclass(frozen=True, slots=True)
class Text:
    """The same sentence in both languages."""

    en: str
    fr: str

    def to(self, lang: str) -> str:
        """Return it in one language."""
        return self.fr if lang == "fr" else self.en


@dataclass(frozen=True, slots=True)
class Names:
    """Names or search words in each language."""

    en: tuple[str, ...] = ()
    fr: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document that can be cited, and how it was read."""

    id: str
    reference: str
    identifier: str = ""
    read: Literal["abstract", "table", "full", "page", "mirror", "cited", "data"]
    reliability: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A screen of the check-up: questions asked together."""

    id: str
    order: int
    name: Text
    intro: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of the values a question allows."""

    id: str
    name: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What can be asked of a person, and for how long the answer holds.

    ``denies``: a no here is a no there; ``confirms``: a yes here is a yes there; ``no_when``: a rule that answers no.
    """

    id: str
    group: str
    type: Literal["boolean", "number", "choice", "list"]
    asks: Text
    short: Text
    holds: str
    help: Text | None = None
    values: tuple[Choice, ...] = ()
    min: float | None = None
    max: float | None = None
    unit: Text | str | None = None
    whole: bool = False
    list_of: Literal["medicine", "illness", "supplement", "topic"] | None = None
    denies: tuple[str, ...] = ()
    confirms: tuple[str, ...] = ()
    no_when: Rule | None = None
    order: int | None = None
    sources: tuple[str, ...] = ()
    status: Status = "standard"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One box of the screen that asks about a cramp which does not let go, and the questions it answers with yes.

    Ticked, each of them may hold; no danger sign is cleared by a yes, so that taking all errs on the side of care.
    """

    id: str
    name: Text
    tells: tuple[str, ...]
    sources: tuple[str, ...] = ()
    status: Status = "standard"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """A degree of urgency: what to do, and what to watch for afterwards; each names what it rests on."""

    id: str
    rank: int
    name: Text
    do: Text
    safety_net: Text
    sources: tuple[str, ...]
    status: Status
    reviewed: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """A rule with a name, used in several places."""

    id: str
    when: Rule
    why: Text
    sources: tuple[str, ...]
    status: Status
    reviewed: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Answers that do not go together, and how the person is asked to look at them again; nothing is resolved by it."""

    id: str
    when: Rule
    says: Text
    sources: tuple[str, ...]
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One of the features that tell a cramp from other things."""

    id: str
    name: Text
    says: Text | None = None
    sources: tuple[str, ...]
    status: Status
    reviewed: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a source found, on which outcome, and how sure that is."""

    outcome: str
    says: Text
    certainty: Certainty | None = None
    rated_by: str | None = None
    sources: tuple[str, ...]
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Contraindication:
    """When an item is refused or adapted, and what follows while that is not known."""

    when: Rule
    outcome: Literal["never", "doctor", "adapt"]
    if_unknown: Literal["ask_first", "say_condition"]
    says: Text
    sources: tuple[str, ...]
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Discuss:
    """Something to bring up with a doctor or a pharmacist."""

    id: str
    en: str
    fr: str

    @property
    def text(self) -> Text:
        """The sentence."""
        return Text(self.en, self.fr)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One guided hold of the routine."""

    words: Text
    does: Text
    seconds: int
    repeats: int = 1
    rest_seconds: int = 0
    each_leg: bool = False
    drawing: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """Another way of doing the same remedy or relief step; ``when`` chooses it."""

    id: str
    when: Rule | None = None
    name: Text | None = None
    words: Text | None = None
    does: Text
    position: Literal["lying", "sitting", "standing", "any"] | None = None
    seconds: int | None = None
    drawing: str | None = None
    steps: tuple[Step, ...] = _named("step")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Where a remedy stands in the day, and for how long it is tried."""

    when: Literal["bedtime", "day", "meals", "effort", "all_day"]
    order: int
    minutes: float | None = None
    weeks: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """Belief before the data about the log rate ratio of a remedy, and where it comes from."""

    mean: float
    sd: float
    why: Text
    sources: tuple[str, ...] = ()
    status: Status | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliefStep:
    """One thing to do during a cramp.

    ``stretches``: it pulls at the calf or loads it; ``in_emergency``: it stays when everything else is left out.
    """

    id: str
    order: int
    name: Text
    words: Text
    does: Text
    position: Literal["lying", "sitting", "standing", "any"]
    seconds: int
    drawing: str
    stop: Text
    stretches: bool = False
    in_emergency: bool = False
    variants: tuple[Variant, ...] = _named("variant")
    evidence: tuple[Evidence, ...] = _named("evidence")
    contraindications: tuple[Contraindication, ...] = _named("contraindication")
    asks_about: tuple[str, ...] = ()
    says: Text | None = None
    discuss: Discuss | None = None
    sources: tuple[str, ...]
    status: Status
    reviewed: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """Something that is tried, or talked of, to have fewer or milder cramps.

    ``suits`` says whom it concerns, and ``suits_says`` the same as a condition, for whoever has not answered yet;
    ``stretches``: it pulls at the calf. ``stance``: what we offer, allow to who asks, or only tolerate (it may be had,
    but not against cramps), what is a doctor's to give, and what is never right.
    """

    id: str
    code: str | None = None
    kind: Literal["exercise", "water", "food", "shoes", "habit", "supplement", "medicine", "folk", "action"]
    stance: Literal["offer", "allow", "tolerate", "with_doctor", "never"]
    name: Text
    does: Text
    says: Text
    certainty: Certainty
    stretches: bool = False
    suits: Rule | None = None
    suits_says: Text | None = None
    plan: Plan | None = None
    steps: tuple[Step, ...] = _named("step")
    variants: tuple[Variant, ...] = _named("variant")
    evidence: tuple[Evidence, ...] = _named("evidence")
    contraindications: tuple[Contraindication, ...] = _named("contraindication")
    prior: Prior | None = None
    asks_about: tuple[str, ...] = ()
    discuss: Discuss | None = None
    foods: tuple[str, ...] = ()
    sources: tuple[str, ...]
    status: Status
    reviewed: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A known or supposed reason for cramps, and when it applies; ``exposures``: what the diary may know of it."""

    id: str
    code: str | None = None
    kind: Literal["body", "illness", "medicine", "habit", "surroundings"]
    name: Text
    says: Text
    strength: Literal["strong", "moderate", "weak", "plausible", "conflicting", "none", "contrary"]
    when: Rule
    evidence: tuple[Evidence, ...] = _named("evidence")
    ask: Text | None = None
    exposures: tuple[str, ...] = ()
    remedies: tuple[str, ...] = ()
    discuss: Discuss | None = None
    sources: tuple[str, ...]
    status: Status
    reviewed: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class RedFlag:
    """A sign, or several together, that need care, and how soon; ``in_plan``: every plan ends by naming it."""

    id: str
    code: str
    tier: TierName
    name: Text
    says: Text
    when: Rule
    avoid: tuple[str, ...] = ()
    in_plan: bool = False
    do: Text | None = None
    discuss: Discuss | None = None
    sources: tuple[str, ...]
    status: Status
    reviewed: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What is commonly said, what is known, and what we say."""

    id: str
    number: int
    said: Text
    known: Text
    we_say: Text
    verdict: Literal["supported", "mixed", "weak", "unsupported", "contradicted", "gap", "neutral"]
    certainty: Certainty | None = None
    where: str
    item: str | None = None
    words: Names
    sources: tuple[str, ...]
    status: Status
    reviewed: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Daily:
    """What the labelled daily dose of a product brings."""

    magnesium_mg: float | None = None
    b6_mg: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A named product, what its labelled daily dose brings, and what one tablet, sachet or ampoule of it holds."""

    name: str
    magnesium_mg: float | None = None
    b6_mg: float | None = None
    one: Daily | None = None
    sources: tuple[str, ...] = ()
    status: Status | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Combination:
    """A product of several classes."""

    name: str
    classes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NameClass:
    """A class of medicines, illnesses or supplements, and every name people use for its members."""

    id: str
    name: Text
    generic: tuple[str, ...] = ()
    brand: Names = Names()
    lay: Names = Names()
    implies: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    may_be_over: bool = False
    daily: Daily | None = None
    products: tuple[Product, ...] = _named("product")
    combinations: tuple[Combination, ...] = ()
    sources: tuple[str, ...]
    status: Status
    reviewed: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Words for how often something is taken in a day."""

    n: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """How far an illness has gone, as it is written beside its name: early is no narrower illness, late is one."""

    of: str
    words: tuple[str, ...]
    early: tuple[str, ...]
    late: tuple[str, ...]
    late_is: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A figure below this one stands for this name."""

    below: float
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure of a blood test written in place of an illness, and the names it is read as; ``otherwise`` the highest.

    ``above``: words after which a figure says only that it is more.
    """

    words: tuple[str, ...]
    below: tuple[str, ...]
    above: tuple[str, ...]
    bands: tuple[Band, ...] = _named("band")
    otherwise: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Words that help to read a name inside a sentence: denials, words for nothing, of the past, that name nothing.

    ``forms`` are names that are words for any medicine too: with something named after them they are no name.
    ``units`` are what is counted of a product, ``days`` say that a number is for a day, ``times`` how often in one;
    beside the name of one of the ``salts`` a weight is not that of the mineral in it. ``more`` beside a name make it
    another product, which holds one thing more.
    """

    not_said: tuple[str, ...] = field(metadata={"toml": "not"})
    nothing: tuple[str, ...]
    past: tuple[str, ...]
    forms: tuple[str, ...]
    fillers: tuple[str, ...]
    units: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    times: tuple[Times, ...] = ()
    salts: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = _named("stage")
    figures: tuple[Figure, ...] = _named("figure")


@dataclass(frozen=True, slots=True, kw_only=True)
class Food:
    """What 100 g of a food hold, and its usual portion; ``ndb`` and ``ciqual`` are its numbers in two public tables."""

    id: str
    name: Text
    ndb: int | str | None = None
    ciqual: str | None = None
    k_mg: float | None = None
    mg_mg: float | None = None
    ca_mg: float | None = None
    na_mg: float | None = None
    water_g: float | None = None
    portion_g: float
    portion: Text
    sources: tuple[str, ...] = ()
    status: Status | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """A reference intake of a day for some people, and the body that set it."""

    nutrient: str
    unit: Literal["mg", "ml"]
    body: str
    kind: Literal["AI", "PRI", "RDA", "CDRR", "safe"]
    value: float
    drinks_ml: float | None = None
    sex: Literal["female", "male"] | None = None
    state: Literal["pregnant", "breast-feeding"] | None = None
    from_years: float
    below_years: float | None = None
    sources: tuple[str, ...]
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Upper:
    """An upper level of a day, of what, and the body that set it; no value where none was set."""

    nutrient: str
    unit: Literal["mg", "ml"]
    body: str
    of: str
    value: float | None = None
    says: Text
    sources: tuple[str, ...]
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """Amounts above which nothing is ever planned."""

    magnesium_supplement_mg: float
    vitamin_b6_mg: float
    water_ml_an_hour: float
    magnesium_over: Text
    magnesium_under: Text
    b6_over: Text
    magnesium_sources: tuple[str, ...]
    b6_sources: tuple[str, ...]
    sources: tuple[str, ...]
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Reference intakes, upper levels and guards, as they stand in the file of the foods."""

    intake: tuple[Intake, ...]
    upper: tuple[Upper, ...]
    guard: Guard


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """What a day held that may matter, with its unit and its bounds.

    ``meant_below``: an amount below it was meant in the next larger unit; ``apart``: habits of one name cannot be at
    the same time, so that together they are not more than the most of one.
    """

    id: str
    name: Text
    unit: Text | str | None = None
    type: Literal["boolean", "number", "count", "whole"]
    min: float | None = None
    max: float | None = None
    meant_below: float | None = None
    apart: str | None = None
    usual: float | bool | None = None
    source_kinds: tuple[str, ...] = ()
    asks: Text | None = None
    sources: tuple[str, ...] = ()
    status: Status | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A number to call, and what it is."""

    number: str
    says: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """Whom to call in a country: ``says`` in an emergency, ``today`` for care today where no number is known.

    ``zones`` are its time zones: by them a phone for which nobody chose a country guesses where it is.
    """

    id: str
    name: Text
    also: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    emergency: tuple[str, ...]
    emergency_text: str | None = None
    same_day: tuple[Service, ...] = ()
    says: Text | None = None
    today: Text | None = None
    sources: tuple[str, ...]
    status: Status
    reviewed: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Catalogue:
    """Everything that is known, by kind and id, in the order of the files."""

    version: str
    sources: Mapping[str, Source]
    groups: Mapping[str, Group]
    questions: Mapping[str, Question]
    signs: Mapping[str, Sign]
    tiers: Mapping[str, Tier]
    relief: Mapping[str, ReliefStep]
    remedies: Mapping[str, Remedy]
    causes: Mapping[str, Cause]
    red_flags: Mapping[str, RedFlag]
    claims: Mapping[str, Claim]
    medicines: Mapping[str, NameClass]
    illnesses: Mapping[str, NameClass]
    supplements: Mapping[str, NameClass]
    derived: Mapping[str, Derived]
    contradictions: Mapping[str, Contradiction]
    foods: Mapping[str, Food]
    reference: Mapping[str, Any]
    exposures: Mapping[str, Exposure]
    countries: Mapping[str, Country]
    features: Mapping[str, Feature]
    reading: Reading
