"""``mollet analyse``: how two arms of a diary compare, and how sure that is."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from math import exp, isfinite
from pathlib import Path
from typing import Any

import click

from mollet.cli.options import command, json_option, lang_option, person_option, print_json
from mollet.errors import FileError, reason_of
from mollet.exchange.diary_csv import WIDER_LIMITS, DiaryRow, DiaryTable, read_table
from mollet.knowledge import load
from mollet.trial import protocol as stored
from mollet.trial.analysis import (
    WORTHWHILE,
    Analysis,
    Before,
    Precision,
    Question,
    milliseconds,
    sentence,
    to_json,
    why,
)
from mollet.trial.analysis import (
    analyse as analysed,
)
from mollet.trial.verdict import Prior, of_twenty
from mollet.words import number, say

FILLED, EMPTY = "●", "○"
NOT_A_COVARIATE = ("cramps", "at_least")


class PriorType(click.ParamType[Prior]):
    """``MEAN,SD`` of the log rate ratio."""

    name = "MEAN,SD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Prior:
        """Read the two numbers."""
        try:
            mean, sd = (float(part) for part in str(value).split(","))
        except ValueError:
            mean = sd = float("nan")
        if not (isfinite(mean) and isfinite(sd) and abs(mean) < 5 and 0 < sd < 5):
            self.fail(say("cli.analyse.bad_prior", _lang(ctx), value=value), param, ctx)
        return Prior(mean, sd)


def _lang(ctx: click.Context | None) -> str:
    from mollet.cli.options import default_language

    return str((ctx.params.get("lang") if ctx else None) or default_language())


class RatioType(click.FloatRange):
    """A rate ratio between 0 and 1; what is no number is refused too."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read the number."""
        try:
            number = super().convert(value, param, ctx)
        except click.BadParameter:
            number = float("nan")
        return number if isfinite(number) else self.fail(_no_ratio(value, _lang(ctx)), param, ctx)


def _no_ratio(value: Any, lang: str) -> str:
    return say("cli.analyse.bad_ratio", lang, value=value)


@dataclass(frozen=True, slots=True)
class Asked:
    """The options as typed."""

    arm: str
    prior: Prior | None
    remedy: str | None
    covariates: str | None
    scaled: bool
    worthwhile: float | None
    draw: str | None
    trend: bool
    carry_over: bool
    precision: Precision
    timing: bool
    lang: str


@command("analyse")
@click.argument("file", metavar="DIARY.csv")
@click.option("--arm", required=True, metavar="COLUMN")
@click.option("--prior", type=PriorType(), metavar="MEAN,SD")
@click.option("--remedy", metavar="ID")
@click.option("--covariates", metavar="A,B")
@click.option("--scaled", is_flag=True)
@click.option("--worthwhile", type=RatioType(0, 1, min_open=True, max_open=True), metavar="RR")
@click.option("--draw", metavar="DRAW.json")
@click.option("--trend", is_flag=True)
@click.option("--carry-over", is_flag=True)
@click.option("--precision", type=click.Choice(["default", "high"]), default="default", show_default=True)
@click.option("--timing", is_flag=True)
@person_option
@json_option
@lang_option
def analyse(file: str, person: str | None, as_json: bool, **asked: Any) -> None:
    """Compare the nights on two arms of a diary; 1 when the file is not usable."""
    options = Asked(**asked)
    rows, columns = _rows(file, person, options.lang)
    question = _question(options, columns)
    analysis = analysed(rows, question)
    taken = milliseconds(rows, question) if options.timing and analysis.table.counts else None
    if as_json:
        timed = {} if taken is None else {"milliseconds": round(taken, 3)}
        print_json({**to_json(analysis, options.lang), **timed})
        return
    click.echo("\n".join(_lines(analysis, options.lang)))
    if taken is not None:
        click.echo(say("cli.analyse.milliseconds", options.lang, time=number(taken, options.lang, "0.0")))


def _rows(file: str, person: str | None, lang: str) -> tuple[tuple[DiaryRow, ...], tuple[str, ...]]:
    """Read the nights of one person; nothing is compared while a line cannot be read."""
    table = read_table(_bytes(file), WIDER_LIMITS)
    for problem in table.problems:
        click.echo(say(problem.key, lang, **problem.values), err=True)
    if table.problems:
        raise FileError("error.file.csv_not_compared", n=len(table.problems))
    return _of_one(table, person), table.columns


def _of_one(table: DiaryTable, person: str | None) -> tuple[DiaryRow, ...]:
    if person is None and len(table.persons) <= 1:
        return table.rows
    if person not in table.persons:
        raise FileError("error.file.csv_whose", n=len(table.persons), names=", ".join(sorted(table.persons)[:5]))
    return tuple(row for row in table.rows if row.person == person)


def _bytes(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise FileError("error.file.unreadable", name=file, why=reason_of(error)) from error


def _question(asked: Asked, columns: tuple[str, ...]) -> Question:
    """Turn the options into a question, with what the stored draw fixed where there is one."""
    protocol = stored.read(_json(asked.draw)) if asked.draw else None
    before = _before(asked, protocol)
    fixed = protocol.worthwhile if protocol else None
    worthwhile = asked.worthwhile or fixed or WORTHWHILE
    return Question(
        arm=_column(asked.arm, "--arm", columns, asked.lang),
        before=before,
        covariates=_covariates(asked, columns),
        scaled=asked.scaled,
        worthwhile=worthwhile,
        trend=asked.trend,
        carry_over=asked.carry_over,
        precision=asked.precision,
        protocol=protocol,
        # One answer is there sooner than the compiled engine is; only its time is asked of the faster one.
        engine="ready" if asked.timing else "numpy",
        departs=bool(protocol and protocol.departs(before.prior, worthwhile)),
    )


def _json(file: str) -> object:
    try:
        return json.loads(_bytes(file))
    except (ValueError, RecursionError) as error:
        raise FileError("error.draw.not_json", name=file) from error


def _before(asked: Asked, protocol: stored.Protocol | None) -> Before:
    if asked.prior and asked.remedy:
        raise click.UsageError(say("cli.analyse.prior_or_remedy", asked.lang))
    if asked.prior:
        return Before(asked.prior, "given")
    if asked.remedy:
        return _of_remedy(asked.remedy, asked.lang)
    return _of_protocol(protocol) if protocol else Before()


def _of_protocol(protocol: stored.Protocol) -> Before:
    """What was fixed holds, even where the catalogue has changed since; its reasons are told while they still fit."""
    known = _in_catalogue(protocol.remedy) if protocol.remedy and protocol.remedy in load().remedies else Before()
    if protocol.prior is None or protocol.prior == known.prior:
        return known
    return Before(protocol.prior, "protocol")


def _of_remedy(name: str, lang: str) -> Before:
    remedies = load().remedies
    if name not in remedies:
        raise click.BadParameter(
            say("cli.analyse.no_remedy", lang, name=name, known=", ".join(remedies)), param_hint="--remedy"
        )
    return _in_catalogue(name)


def _in_catalogue(name: str) -> Before:
    prior = load().remedies[name].prior
    return Before(Prior(prior.mean, prior.sd), "remedy", prior.why, prior.sources) if prior else Before()


def _covariates(asked: Asked, columns: tuple[str, ...]) -> tuple[str, ...]:
    names = tuple(name.strip() for name in (asked.covariates or "").split(",") if name.strip())
    return tuple(
        _column(name, "--covariates", [one for one in columns if one != asked.arm], asked.lang) for name in names
    )


def _column(name: str, option: str, columns: Any, lang: str) -> str:
    allowed = [one for one in columns if one not in NOT_A_COVARIATE]
    if name not in allowed:
        known = ", ".join(allowed) or "–"
        raise click.BadParameter(say("cli.analyse.no_column", lang, name=name, known=known), param_hint=option)
    return name


def _lines(analysis: Analysis, lang: str) -> Iterator[str]:
    """Write the answer for a reader: the sentence first, then what it rests on."""
    yield say(f"verdict.word.{analysis.verdict}", lang)
    yield ""
    yield from _what_was_compared(analysis, lang)
    yield ""
    yield from _how_sure(analysis, lang)
    yield ""
    yield from _before_lines(analysis, lang)
    yield from _alike(analysis, lang)
    if analysis.problems:
        yield ""
        yield say("cli.analyse.to_know", lang)
        yield from (f"- {sentence(one, lang)}" for one in analysis.problems)


def _what_was_compared(analysis: Analysis, lang: str) -> Iterator[str]:
    yield say("cli.analyse.compared", lang, arm=analysis.question.arm)
    rows = zip(
        ("a", "b"),
        analysis.table.closed,
        analysis.closing.nights,
        analysis.table.cramps,
        analysis.expected_per_week,
        strict=True,
    )
    for arm, closed, nights, cramps, week in rows:
        told = [
            say("cli.analyse.closed", lang, n=nights, closed=closed),
            say("cli.analyse.cramps", lang, n=cramps),
        ]
        if week is not None:
            told.append(say("cli.analyse.a_week", lang, rate=number(week, lang, "0.0")))
        yield f"  {say(f'cli.analyse.arm_{arm}', lang)} {', '.join(told)}"
    if analysis.question.covariates:
        yield "  " + say("cli.analyse.held_equal", lang, names=", ".join(analysis.question.covariates))


def _how_sure(analysis: Analysis, lang: str) -> Iterator[str]:
    """Natural frequencies with their dots; nothing where nothing was learnt."""
    judged = analysis.judged
    if analysis.verdict == "nothing_to_compare" or not (judged.informed and judged.sceptical and analysis.ratio):
        yield say("cli.analyse.nothing_learnt", lang)
        return
    yield f"{dots(judged.informed.prob_fewer)}  {_of_twenty('fewer', judged.informed.prob_fewer, lang)}"
    yield f"{dots(judged.informed.prob_worthwhile)}  " + _of_twenty(
        "worthwhile", judged.informed.prob_worthwhile, lang, least=_percent(1 - analysis.question.worthwhile, lang)
    )
    quantiles = dict(analysis.ratio.quantiles)
    yield say(
        "cli.analyse.ratio",
        lang,
        middle=number(exp(quantiles[0.5]), lang, "0.00"),
        low=number(exp(quantiles[0.025]), lang, "0.00"),
        high=number(exp(quantiles[0.975]), lang, "0.00"),
    )
    yield _of_twenty("sceptic", judged.sceptical.prob_fewer, lang)
    yield from _carried(analysis, lang)
    if analysis.twins:
        yield say("cli.analyse.without_answer", lang, n=analysis.without_answer)
        for name, twin in analysis.twins:
            if twin.informed:
                told = _of_twenty(f"twin_{name}", twin.informed.prob_fewer, lang)
                yield f"  {told}"
    if all(analysis.coming):
        yield _coming(analysis, lang)


def _carried(analysis: Analysis, lang: str) -> Iterator[str]:
    """Say how likely it is that B works on after its nights, or slowly into its effect."""
    if analysis.half_lives:
        yield _of_twenty("carried", sum(weight for nights, weight in analysis.half_lives if nights > 0), lang)


def _coming(analysis: Analysis, lang: str) -> str:
    """Say how many cramps the coming week may bring, on either arm."""
    weeks = {
        f"{end}_{arm}": number(week[place], lang, "0")
        for arm, week in zip(("a", "b"), analysis.coming, strict=True)
        if week
        for end, place in (("low", 0), ("high", -1))
    }
    return say("cli.analyse.coming", lang, **weeks)


def _of_twenty(name: str, probability: float, lang: str, **values: str) -> str:
    """Say a probability as so many of 20."""
    if probability > 0.975:
        chance = say("cli.analyse.more_than_19", lang)
    elif probability < 0.025:
        chance = say("cli.analyse.less_than_1", lang)
    else:
        chance = say("cli.analyse.of_20", lang, count=of_twenty(probability))
    return say(f"cli.analyse.{name}", lang, chance=chance, **values)


def dots(probability: float) -> str:
    """Draw a probability as 20 dots, filled and empty, that need no colour."""
    filled = of_twenty(probability)
    row = FILLED * filled + EMPTY * (20 - filled)
    return " ".join(row[start : start + 5] for start in range(0, 20, 5))


def _before_lines(analysis: Analysis, lang: str) -> Iterator[str]:
    before = analysis.question.before
    yield say(
        "cli.analyse.before",
        lang,
        middle=number(exp(before.prior.mean), lang, "0.00"),
        low=number(exp(before.prior.mean - 1.96 * before.prior.sd), lang, "0.00"),
        high=number(exp(before.prior.mean + 1.96 * before.prior.sd), lang, "0.00"),
    )
    yield f"  {why(before, lang)}" + (f" ({', '.join(before.sources)})" if before.sources else "")


def _alike(analysis: Analysis, lang: str) -> Iterator[str]:
    """Say how often such an experiment says that it helps, by what is true."""
    if not analysis.alike:
        return
    first = analysis.alike[0]
    yield ""
    yield say(
        "cli.analyse.alike",
        lang,
        rate=number(7 * first.rate, lang, "0.#"),
        nights=first.nights,
        simulated=first.simulated,
    )
    for cell in analysis.alike:
        key = "alike_nothing" if cell.ratio == 1 else "alike_fewer"
        yield "  " + say(f"cli.analyse.{key}", lang, n=cell.of_100, fewer=_percent(1 - cell.ratio, lang))


def _percent(share: float, lang: str) -> str:
    return say("cli.analyse.percent", lang, n=round(100 * share))
