"""How does the nightly cramp rate on arm B compare with arm A, and how sure are we? A pure function of a diary table.

The statistics are :mod:`mollet.inference`; it and numpy are imported only when something is fitted, so that whatever
merely knows of analyses starts without them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite, log
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, Literal

from mollet.errors import MolletError
from mollet.knowledge.model import Text
from mollet.trial.operating import Cell, people_alike
from mollet.trial.protocol import Protocol
from mollet.trial.table import (
    TWINS,
    Closing,
    ComparedNight,
    Problem,
    Row,
    Table,
    Twin,
    answered,
    closing,
    compared_nights,
    problem,
    table,
    without_answer,
)
from mollet.trial.verdict import Belief, Circumstances, Prior, Word, verdict
from mollet.trial.wealth import wealth
from mollet.words import say

if TYPE_CHECKING:
    from mollet.inference import Posterior

MODEL = "negative-binomial-ar1 nested-laplace 1"
QUANTILES = (0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975)
WORTHWHILE = 0.7
BY_30_PERCENT = 0.7
COVARIATE_SD = 0.35
# Below about ten cramps the prior carries much of the answer.
FEW_CRAMPS = 10
COMING_NIGHTS = 7
COMING_QUANTILES = (0.1, 0.5, 0.9)
COMING_DRAWS, COMING_SEED = 4000, 7

Engine = Literal["ready", "numpy"]
Precision = Literal["default", "high"]
Origin = Literal["default", "given", "remedy", "protocol"]


@dataclass(frozen=True, slots=True)
class Before:
    """What was believed before the data, and why."""

    prior: Prior = field(default_factory=Prior)
    origin: Origin = "default"
    why: Text | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a diary.

    Parameters
    ----------
    arm : str
        Column that tells A (0) from B (1).
    before : Before
        Prior of the log rate ratio.
    covariates : tuple of str
        Columns held equal between the arms; ``scaled`` says that they are on their scale already.
    worthwhile : float
        Smallest worthwhile rate ratio, between 0 and 1.
    trend : bool
        Allow for a slow fall over the first 30 days.
    carry_over : bool
        Average over how long the arm takes to come through and to wear off.
    protocol : Protocol, optional
        The stored draw of a randomised experiment.
    departs : bool
        What is asked is not what the protocol fixed.
    engine : str
        ``ready``: compiled where that is prepared; ``numpy``: the readable twin, which starts sooner and says the same.
    """

    arm: str
    before: Before = field(default_factory=Before)
    covariates: tuple[str, ...] = ()
    scaled: bool = False
    worthwhile: float = WORTHWHILE
    trend: bool = False
    carry_over: bool = False
    precision: Precision = "default"
    protocol: Protocol | None = None
    departs: bool = False
    engine: Engine = "ready"


@dataclass(frozen=True, slots=True)
class Ratio:
    """Posterior of the log rate ratio in numbers; quantiles by their probability."""

    mean: float
    sd: float
    quantiles: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A posterior, the arm's column that it was fitted with, and how likely each half-life of a carry-over is."""

    posterior: "Posterior"
    through: tuple[float, ...]
    half_lives: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """A word and the two beliefs behind it; without them where nothing could be fitted."""

    word: Word
    informed: Belief | None = None
    sceptical: Belief | None = None


@dataclass(frozen=True, slots=True)
class Analysis:
    """The answer; what is None could not be known."""

    question: Question
    nights: int
    table: Table
    closing: Closing
    judged: Judged
    ratio: Ratio | None
    prob_fewer_by_30_percent: float | None
    expected_per_week: tuple[float | None, float | None]
    log_evidence: tuple[float | None, float | None]
    problems: tuple[Problem, ...]
    without_answer: int
    twins: tuple[tuple[Twin, Judged], ...]
    alike: tuple[Cell, ...] = ()
    wealth: float | None = None
    coming: tuple[tuple[int, ...] | None, tuple[int, ...] | None] = (None, None)
    half_lives: tuple[tuple[float, float], ...] = ()

    @property
    def verdict(self) -> Word:
        """Return the word."""
        return self.judged.word


def analyse(rows: Sequence[Row], question: Question) -> Analysis:
    """Answer a question from the rows of one person's diary.

    Raises
    ------
    FileError
        A cell of the arm is neither 0 nor 1.
    """
    nights, fitted, problems = _prepared(rows, question)
    answer = _compared if all(fitted.closed) else _of_the_prior
    return answer(rows, question, nights, fitted, problems)


def judge(rows: Sequence[Row], question: Question) -> Judged:
    """Return the verdict that :func:`analyse` gives, and nothing else: two fits at most."""
    nights, fitted, problems = _prepared(rows, question)
    if not (all(fitted.closed) and any(fitted.counts)):
        return Judged("nothing_to_compare")
    return decide(nights, question, problems)


def _prepared(rows: Sequence[Row], question: Question) -> tuple[tuple[ComparedNight, ...], Table, list[Problem]]:
    nights, departures = compared_nights(rows, question.arm, question.protocol)
    fitted = table(nights, question.covariates, scaled=question.scaled)
    problems = [*_of_the_nights(nights, fitted), *_standing(question, nights), *departures, *fitted.problems]
    return nights, fitted, problems


def _compared(
    rows: Sequence[Row], question: Question, nights: Sequence[ComparedNight], fitted: Table, problems: list[Problem]
) -> Analysis:
    informed, sceptical, trouble = _fits(fitted, question)
    problems += trouble
    judged = _judge(informed, sceptical, question, nights, problems)
    can_differ = judged.informed and judged.word != "nothing_to_compare"
    twins = _twins(nights, question, problems) if can_differ else ()
    if any(twin.word != judged.word for _, twin in twins):
        problems.append(problem("open_nights_matter"))
    return Analysis(
        question=question,
        nights=len(rows),
        table=fitted,
        closing=closing(nights),
        judged=judged,
        ratio=_ratio(informed.posterior) if informed else None,
        prob_fewer_by_30_percent=informed.posterior.prob_below(-1, log(BY_30_PERCENT)) if informed else None,
        expected_per_week=_expected(informed, fitted, question),
        log_evidence=_log_evidence(informed, fitted, question),
        problems=tuple(problems),
        without_answer=without_answer(nights),
        twins=twins,
        alike=_people_alike(question, fitted),
        wealth=_wealth(question, nights) if question.protocol else None,
        coming=_coming(informed, fitted, question, nights) if informed else (None, None),
        half_lives=informed.half_lives if informed else (),
    )


def _people_alike(question: Question, fitted: Table) -> tuple[Cell, ...]:
    """Return how often experiments of about this size say `helps`, by true ratio."""
    if question.protocol is None:
        return ()
    return people_alike(fitted.cramps[0] / fitted.closed[0], len(question.protocol.arms()))


def _of_the_prior(
    rows: Sequence[Row],
    question: Question,
    nights: Sequence[ComparedNight],
    fitted: Table,
    problems: list[Problem],
) -> Analysis:
    """One arm has no night: what was believed before of their difference is what is believed now."""
    informed = _fit(fitted, question.before.prior, question) if fitted.counts else None
    if isinstance(informed, Problem):
        problems, informed = [*problems, informed], None
    believed = NormalDist(question.before.prior.mean, question.before.prior.sd)
    return Analysis(
        question=question,
        nights=len(rows),
        table=fitted,
        closing=closing(nights),
        judged=Judged(
            "nothing_to_compare",
            _prior_belief(question.before.prior, question),
            _prior_belief(question.before.prior.sceptical(), question),
        ),
        ratio=Ratio(believed.mean, believed.stdev, tuple((q, believed.inv_cdf(q)) for q in QUANTILES)),
        prob_fewer_by_30_percent=believed.cdf(log(BY_30_PERCENT)),
        expected_per_week=_expected(informed, fitted, question),
        log_evidence=_log_evidence(informed, fitted, question),
        problems=tuple(problems),
        without_answer=without_answer(nights),
        twins=(),
    )


def _standing(question: Question, nights: Sequence[ComparedNight]) -> Iterable[Problem]:
    """Tell how far the design itself lets us go."""
    if question.protocol is None:
        yield problem("not_randomised")
        return
    if question.departs:
        yield problem("protocol_changed")
    if not _has_ended(question, nights):
        yield problem("not_ended")
    if question.protocol.may_be_too_short:
        yield problem("single_nights")


def _has_ended(question: Question, nights: Sequence[ComparedNight]) -> bool:
    return question.protocol is None or bool(nights and nights[-1].night >= question.protocol.last)


def _of_the_nights(nights: Sequence[ComparedNight], fitted: Table) -> Iterable[Problem]:
    for name, closed in zip(("A", "B"), fitted.closed, strict=True):
        if not closed:
            yield problem("arm_without_nights", arm=name)
    if fitted.counts and not any(fitted.counts):
        yield problem("no_cramp")
    elif fitted.counts and sum(fitted.counts) < FEW_CRAMPS:
        yield problem("few_cramps", n=sum(fitted.counts))
    by_arm = closing(nights)
    if by_arm.is_unequal:
        a, b = (round(100 * share) for share in by_arm.shares)
        yield problem("unequal_closing", a=a, b=b)


def _fits(fitted: Table, question: Question) -> "tuple[Fitted | None, Fitted | None, list[Problem]]":
    """Fit under the informed and under the sceptical prior; what went wrong stands in the problems."""
    informed = _fit(fitted, question.before.prior, question)
    sceptical = _fit(fitted, question.before.prior.sceptical(), question)
    failed = [one for one in (informed, sceptical) if isinstance(one, Problem)]
    if isinstance(informed, Problem) or isinstance(sceptical, Problem):
        return None, None, failed[:1]
    poor = informed.posterior.problems or sceptical.posterior.problems
    return informed, sceptical, [problem("poor_fit")] if poor else []


def _fit(fitted: Table, prior: Prior | None, question: Question) -> Fitted | Problem:
    """Fit under one prior of the arm, or without the arm; a fit that went wrong is a problem, and has no numbers."""
    try:
        found = (_carried if prior and question.carry_over else _at_once)(fitted, prior, question)
        one = found.posterior
        numbers = (one.mean(-1), one.sd(-1), one.prob_below(-1, 0.0), one.log_evidence)
    except (MolletError, ArithmeticError, ValueError):
        return problem("fit_failed")
    has_failed = "not_converged" in one.problems or not all(map(isfinite, numbers)) or numbers[1] <= 0
    return problem("fit_failed") if has_failed else found


def _at_once(fitted: Table, prior: Prior | None, question: Question) -> Fitted:
    """Fit with the arm at work on its own nights alone."""
    from mollet.inference import fit

    counts, gaps, design = _arrays(fitted, question)
    posterior = fit(
        counts,
        gaps,
        design if prior else design[:, :-1],
        _priors(fitted, question, prior),
        precision=question.precision,
        twin=question.engine,
    )
    return Fitted(posterior, tuple(map(float, fitted.arms)))


def _carried(fitted: Table, prior: Prior | None, question: Question) -> Fitted:
    """Fit with each half-life of a carry-over, and average."""
    import numpy as np

    from mollet.inference import carry_over, come_through

    counts, gaps, design = _arrays(fitted, question)
    found = carry_over(
        counts,
        gaps,
        design,
        _priors(fitted, question, prior),
        fitted.calendar,
        precision=question.precision,
        twin=question.engine,
    )
    likeliest = found.half_lives[int(np.argmax(found.weights))]
    nightly = come_through(np.array(fitted.calendar, dtype=np.float64), likeliest)
    rows = len(nightly) - 1 - int(gaps.sum()) + np.concatenate([[0], np.cumsum(gaps)])
    weights = tuple(zip(found.half_lives, map(float, found.weights), strict=True))
    return Fitted(found.average, tuple(map(float, nightly[rows])), weights)


def _arrays(fitted: Table, question: Question) -> tuple[Any, Any, Any]:
    import numpy as np

    from mollet.inference import slow_trend

    gaps = np.array(fitted.gaps, dtype=np.int64)
    design = np.array(fitted.design, dtype=np.float64)
    if question.trend:
        design = np.insert(design, -1, slow_trend(gaps), axis=1)
    return np.array(fitted.counts, dtype=np.int64), gaps, design


def _priors(fitted: Table, question: Question, prior: Prior | None) -> Any:
    from mollet.inference import SLOW_TREND, Normal, Priors

    covariates = [Normal(0.0, COVARIATE_SD)] * (len(fitted.columns) - 2)
    trend = [SLOW_TREND] if question.trend else []
    arm = [Normal(prior.mean, prior.sd)] if prior else []
    return Priors(columns=(*covariates, *trend, *arm))


def _judge(
    informed: Fitted | None,
    sceptical: Fitted | None,
    question: Question,
    nights: Sequence[ComparedNight],
    problems: Iterable[Problem],
) -> Judged:
    if informed is None or sceptical is None:
        return Judged("cannot_tell")
    beliefs = (
        _belief(informed.posterior, question.before.prior, question),
        _belief(sceptical.posterior, question.before.prior.sceptical(), question),
    )
    return Judged(verdict(*beliefs, _circumstances(question, nights, problems)), *beliefs)


def _belief(posterior: "Posterior", prior: Prior, question: Question) -> Belief:
    return Belief(
        mean=posterior.mean(-1),
        sd=posterior.sd(-1),
        prob_fewer=posterior.prob_below(-1, 0.0),
        prob_worthwhile=posterior.prob_below(-1, log(question.worthwhile)),
        prior=prior,
    )


def _prior_belief(prior: Prior, question: Question) -> Belief:
    believed = NormalDist(prior.mean, prior.sd)
    return Belief(prior.mean, prior.sd, believed.cdf(0.0), believed.cdf(log(question.worthwhile)), prior)


def _circumstances(question: Question, nights: Sequence[ComparedNight], problems: Iterable[Problem]) -> Circumstances:
    return Circumstances(
        worthwhile=question.worthwhile,
        is_randomised=question.protocol is not None,
        has_ended=_has_ended(question, nights),
        may_be_too_short=question.protocol is not None and question.protocol.may_be_too_short,
        wealth=_wealth(question, nights),
        problems=frozenset(one.id for one in problems),
    )


def _wealth(question: Question, nights: Sequence[ComparedNight]) -> float:
    counts = {night.night: night.cramps for night in nights if night.cramps is not None}
    return wealth(question.protocol, counts) if question.protocol else 1.0


def _twins(
    nights: Sequence[ComparedNight], question: Question, problems: Sequence[Problem]
) -> tuple[tuple[Twin, Judged], ...]:
    """Ask again with the nights without a morning answer counted, in three ways."""
    if not without_answer(nights):
        return ()
    filled = {twin: answered(nights, twin) for twin in TWINS}
    judged: dict[Twin, Judged] = {}
    for twin, counted in filled.items():
        # Where nothing was recorded in the night, two of the twins are the same, and fitted once.
        same = next((other for other in judged if filled[other] == counted), None)
        judged[twin] = judged[same] if same else decide(counted, question, problems)
    return tuple(judged.items())


def decide(nights: Sequence[ComparedNight], question: Question, problems: Iterable[Problem] = ()) -> Judged:
    """Return the word for some nights, with what is known to be wrong, and nothing else: two fits and the rule."""
    informed, sceptical, trouble = _fits(table(nights, question.covariates, scaled=question.scaled), question)
    return _judge(informed, sceptical, question, nights, [*problems, *trouble])


def _ratio(posterior: "Posterior") -> Ratio:
    return Ratio(posterior.mean(-1), posterior.sd(-1), tuple((q, posterior.quantile(-1, q)) for q in QUANTILES))


def _expected(informed: Fitted | None, fitted: Table, question: Question) -> tuple[float | None, float | None]:
    """Cramps a week had all the closed nights been on A, and on B: as fitted, covariates and drift as they were."""
    if informed is None or informed.posterior.nights is None:
        return None, None
    import numpy as np

    nights, ratio, through = informed.posterior.nights, informed.posterior.mean(-1), np.array(informed.through)
    level = np.exp(nights.log_mean + nights.variance / 2)
    a, b = (float(7 * np.mean(level * np.exp(ratio * (arm - through)))) for arm in (0, 1))
    return (a if fitted.closed[0] else None), (b if fitted.closed[1] else None)


def _coming(
    informed: Fitted, fitted: Table, question: Question, nights: Sequence[ComparedNight]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return quantiles of the cramps of the coming week, all of it on A and all of it on B.

    Covariates stay at their average, a trend where it has come to, and the level drifts on from the last closed night.
    """
    import numpy as np

    _, _, design = _arrays(fitted, question)
    row = design.mean(axis=0)
    if question.trend:
        row[-2] = design[-1, -2]
    gap = (nights[-1].night - fitted.nights[-1]).days + 1
    found = []
    for arm in (0.0, 1.0):
        row[-1] = arm
        counts = informed.posterior.predict(
            COMING_NIGHTS,
            np.tile(row, (COMING_NIGHTS, 1)),
            np.random.default_rng(COMING_SEED),
            n=COMING_DRAWS,
            gap=gap,
        )
        week = np.quantile(counts.sum(axis=1), COMING_QUANTILES, method="inverted_cdf")
        found.append(tuple(int(one) for one in week))
    return found[0], found[1]


def _log_evidence(informed: Fitted | None, fitted: Table, question: Question) -> tuple[float | None, float | None]:
    """Log evidence with the effect and without it."""
    if informed is None:
        return None, None
    without = _fit(fitted, None, question)
    return informed.posterior.log_evidence, None if isinstance(without, Problem) else without.posterior.log_evidence


def milliseconds(rows: Sequence[Row], question: Question, times: int = 9) -> float:
    """Return the processor time of one fit, warm: the median of several."""
    from statistics import median
    from time import process_time

    nights, _ = compared_nights(rows, question.arm, question.protocol)
    fitted = table(nights, question.covariates, scaled=question.scaled)
    _fit(fitted, question.before.prior, question)
    taken = []
    for _ in range(times):
        start = process_time()
        _fit(fitted, question.before.prior, question)
        taken.append(1000 * (process_time() - start))
    return median(taken)


def to_json(analysis: Analysis, lang: str) -> dict[str, Any]:
    """Return the answer as a JSON document; what could not be known is null, and NaN never appears."""
    informed, sceptical = analysis.judged.informed, analysis.judged.sceptical
    before = analysis.question.before
    document: dict[str, Any] = {
        "nights": analysis.nights,
        "closed": sum(analysis.table.closed),
        "closed_by_arm": _by_arm(analysis.table.closed),
        "closed_share": _by_arm(analysis.closing.shares),
        "cramps": _by_arm(analysis.table.cramps),
        "log_rate_ratio": analysis.ratio
        and {
            "mean": analysis.ratio.mean,
            "sd": analysis.ratio.sd,
            "quantiles": {f"{q:g}": value for q, value in analysis.ratio.quantiles},
        },
        "prob_fewer": informed and informed.prob_fewer,
        "prob_fewer_by_30_percent": analysis.prob_fewer_by_30_percent,
        "worthwhile": analysis.question.worthwhile,
        "prob_worthwhile": informed and informed.prob_worthwhile,
        "sceptical": {
            "prob_fewer": sceptical and sceptical.prob_fewer,
            "prob_worthwhile": sceptical and sceptical.prob_worthwhile,
            "prior": _prior_json(before.prior.sceptical()),
        },
        "expected_per_week": _by_arm(analysis.expected_per_week),
        "coming_week": _by_arm([_by_quantile(one) for one in analysis.coming]),
        "carry_over": _carry_json(analysis.half_lives),
        "verdict": analysis.verdict,
        "log_evidence": dict(zip(("with_effect", "without"), analysis.log_evidence, strict=True)),
        "prior": {**_prior_json(before.prior), "why": why(before, lang), "sources": list(before.sources)},
        "without_answer": {"nights": analysis.without_answer, **_twins_json(analysis)},
        "wealth": analysis.wealth,
        "of_100_alike": {f"{cell.ratio:g}": cell.of_100 for cell in analysis.alike},
        "problems": [named(one) for one in analysis.problems],
        "says": [sentence(one, lang) for one in analysis.problems],
        "model": MODEL,
    }
    rounded: dict[str, Any] = _plain(document)
    return rounded


def why(before: Before, lang: str) -> str:
    """Say why that was believed before the data."""
    return before.why.to(lang) if before.why else say(f"verdict.prior.{before.origin}", lang)


def sentence(one: Problem, lang: str) -> str:
    """Say a problem in words."""
    return say(f"problem.{one.id}", lang, **dict(one.values))


# These are about some nights or one column, which stand behind the name; the others are about the whole answer.
_OF_A_PART = frozenset(
    {"arm_empty", "arm_swapped", "not_drawn", "covariate_constant", "covariate_copy", "covariate_unknown"}
)


def named(one: Problem) -> str:
    """Return a problem as it stands in the JSON: its name, and how many nights or which column it is about."""
    if one.id not in _OF_A_PART:
        return one.id
    return f"{one.id}: {', '.join(str(value) for _, value in one.values)}"


def _by_arm(pair: Sequence[Any]) -> dict[str, Any]:
    return dict(zip(("a", "b"), pair, strict=True))


def _by_quantile(week: tuple[int, ...] | None) -> dict[str, int] | None:
    return {f"{q:g}": count for q, count in zip(COMING_QUANTILES, week, strict=True)} if week else None


def _carry_json(half_lives: tuple[tuple[float, float], ...]) -> dict[str, Any] | None:
    """Return how likely a carry-over is, and each of its half-lives in nights."""
    if not half_lives:
        return None
    return {
        "prob_any": sum(weight for nights, weight in half_lives if nights > 0),
        "half_life_nights": {f"{nights:g}": weight for nights, weight in half_lives},
    }


def _prior_json(prior: Prior) -> dict[str, float]:
    return {"mean": prior.mean, "sd": prior.sd}


def _twins_json(analysis: Analysis) -> dict[str, Any]:
    return {
        name: {"prob_fewer": twin.informed and twin.informed.prob_fewer, "verdict": twin.word}
        for name, twin in analysis.twins
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, float):
        return round(value, 6) if isfinite(value) else None
    return value
