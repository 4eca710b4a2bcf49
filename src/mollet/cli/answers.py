"""``mollet triage``, ``causes`` and ``plan``: answers in, advice out, as sentences or as JSON."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from mollet.advice import causes as causes_
from mollet.advice import plan as plan_
from mollet.advice import triage as triage_
from mollet.cli.options import command, json_option, lang_option, print_json
from mollet.diary.facts import resolve
from mollet.errors import EntryError, FileError, reason_of
from mollet.knowledge import Catalogue, Facts, load
from mollet.words import say

Tell = Callable[[Facts, Catalogue], dict[str, Any]]
"""From facts to the JSON document of a command."""


@command("triage")
@click.argument("answers", metavar="ANSWERS.json")
@click.option("--country", default="FR", metavar="FR")
@json_option
@lang_option
def triage(answers: str, country: str, as_json: bool, lang: str) -> None:
    """Say how urgent it is, why, what to do and what to ask next."""
    catalogue = load()
    try:
        triage_.country_of(country, catalogue)
    except EntryError as error:
        raise click.BadParameter(say(error.key, lang, **error.values), param_hint="--country") from error

    def tell(facts: Facts, catalogue: Catalogue) -> dict[str, Any]:
        return triage_.to_json(triage_.triage(facts, catalogue, country), lang)

    _answer(answers, catalogue, tell, _triage_lines, as_json, lang)


@command("causes")
@click.argument("answers", metavar="ANSWERS.json")
@json_option
@lang_option
def causes(answers: str, as_json: bool, lang: str) -> None:
    """Say which causes apply, which do not, and which are not known."""

    def tell(facts: Facts, catalogue: Catalogue) -> dict[str, Any]:
        return causes_.to_json(causes_.causes(facts, catalogue), lang)

    _answer(answers, load(), tell, _causes_lines, as_json, lang)


@command("plan")
@click.argument("answers", metavar="ANSWERS.json")
@json_option
@lang_option
def plan(answers: str, as_json: bool, lang: str) -> None:
    """Write the prevention programme, with what was left out and why."""

    def tell(facts: Facts, catalogue: Catalogue) -> dict[str, Any]:
        return plan_.to_json(plan_.plan(facts, catalogue), lang)

    _answer(answers, load(), tell, _plan_lines, as_json, lang)


def _answer(
    file: str,
    catalogue: Catalogue,
    tell: Tell,
    lines: Callable[[dict[str, Any], str], Iterator[str]],
    as_json: bool,
    lang: str,
) -> None:
    """Read the answers, one object or a list of them, and print what follows from each."""
    read = read_json(file)
    many = read if isinstance(read, list) else [read]
    first = 1 if read is many else 0
    told = [_tell_one(tell, one, catalogue, file, number) for number, one in enumerate(many, first)]
    if as_json:
        print_json(told if read is many else told[0])
        return
    for number, one in enumerate(told):
        if number:
            click.echo("")
        click.echo("\n".join(lines(one, lang)).strip("\n"))


def _tell_one(tell: Tell, answers: object, catalogue: Catalogue, file: str, number: int) -> dict[str, Any]:
    """Tell what follows from one set of answers; ``number`` is its place in a list, 0 where it stands alone."""
    try:
        return tell(resolve(_object(answers), catalogue), catalogue)
    except EntryError as error:
        where = _named(file)
        if number:
            raise EntryError("error.answers.in_item", file=where, number=number, problem=error) from error
        raise EntryError("error.answers.in_file", file=where, problem=error) from error


def _object(answers: object) -> dict[str, object]:
    if isinstance(answers, dict):
        return answers
    raise EntryError("error.answers.not_an_object", value=json.dumps(answers, ensure_ascii=False)[:60])


def read_json(file: str) -> object:
    """Read a JSON file, or standard input for ``-``, refusing what would be lost in silence.

    Raises
    ------
    EntryError
        The file is not JSON, or names a key twice.
    FileError
        The file cannot be opened.
    """
    try:
        text = _bytes(file).decode("utf-8-sig")
        # NaN is not JSON, but refused below as the value of its question the sentence can say where it stands.
        read = json.loads(text, object_pairs_hook=_object_without_repeats(file))
        # Half a character, written as an escape, could be read but never be shown again.
        json.dumps(read, ensure_ascii=False).encode("utf-8")
    except OSError as error:
        raise FileError("error.file.unreadable", name=file, why=reason_of(error)) from error
    except UnicodeError as error:
        raise EntryError("error.answers.not_text", file=_named(file)) from error
    except json.JSONDecodeError as error:
        raise EntryError("error.answers.not_json", file=_named(file), line=error.lineno, column=error.colno) from error
    except RecursionError as error:
        raise EntryError("error.answers.not_json", file=_named(file), line=1, column=1) from error
    except ValueError as error:
        raise EntryError("error.answers.too_many_digits", file=_named(file)) from error
    return read


def _named(file: str) -> str | EntryError:
    return EntryError("error.answers.standard_input") if file == "-" else file


def _bytes(file: str) -> bytes:
    return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()


def _object_without_repeats(file: str) -> Callable[[list[tuple[str, object]]], dict[str, object]]:
    def build(pairs: list[tuple[str, object]]) -> dict[str, object]:
        built: dict[str, object] = {}
        for key, value in pairs:
            if key in built:
                raise EntryError("error.answers.twice", question=key, file=_named(file))
            built[key] = value
        return built

    return build


def _triage_lines(told: dict[str, Any], lang: str) -> Iterator[str]:
    is_known = triage_.is_known(told["settled"], told["tier"])
    yield load().tiers[told["tier"]].name.to(lang) if is_known else say("cli.answers.not_known_yet", lang)
    if told["call"]["says"]:
        yield told["call"]["says"]
    yield from _contradicted(told, lang)
    for one in told["findings"]:
        yield from ("", one["says"], _because(one["signs"], lang), _sources(one["sources"], lang))
    yield from _list("cli.answers.do", told["do"], lang)
    yield from _unless(told, lang)
    yield from _list("cli.answers.avoid", told["avoid"], lang)
    yield from _list("cli.answers.discuss", told["discuss"], lang)
    yield from _not_settled(told, lang)
    yield from _not_recognised(told, lang)


def _contradicted(told: dict[str, Any], lang: str) -> Iterator[str]:
    """Each pair of answers that do not go together, with the keys under which they stand in the file."""
    for one in told["contradictions"]:
        yield say("cli.answers.contradicted", lang, says=one["says"], keys=", ".join(one["keys"]))


def _because(signs: list[str], lang: str) -> str:
    return "  " + say("cli.answers.because", lang, signs=", ".join(signs))


def _sources(sources: list[str], lang: str) -> str:
    return "  " + say("cli.answers.sources", lang, sources=", ".join(sources) or "–")


def _list(title: str, items: list[dict[str, Any]], lang: str) -> Iterator[str]:
    if items:
        yield from ("", say(title, lang))
        for one in items:
            yield from _item(one, lang)


def _item(one: dict[str, Any], lang: str) -> Iterator[str]:
    """One piece of advice, each of its conditions on a line of its own."""
    says = one.get("does", one["says"])
    is_named = "name" in one and not says.startswith(one["name"])
    yield say("cli.answers.item", lang, name=one["name"], says=says) if is_named else f"- {says}"
    # What forbids it may be the very sentence that was just said.
    further = dict.fromkeys((*one.get("against", ()), *one.get("conditions", ())))
    yield from (f"  {text}" for text in further if text not in says)


def _unless(told: dict[str, Any], lang: str) -> Iterator[str]:
    if told["unless"]:
        yield "  " + say("cli.answers.unless", lang, unless=told["unless"])


def _not_settled(told: dict[str, Any], lang: str) -> Iterator[str]:
    if told["settled"]:
        return
    catalogue = load()
    yield ""
    said = "cli.answers.not_settled" if told["ask_next"] else "cli.answers.not_settled_read"
    yield say(said, lang, tier=catalogue.tiers[told["could_be"]].name.to(lang))
    if told["ask_next"]:
        yield catalogue.groups[told["ask_next"]["group"]].name.to(lang)
        yield from (f"- {catalogue.questions[key].asks.to(lang)} ({key})" for key in told["ask_next"]["keys"])


def _not_recognised(told: dict[str, Any], lang: str) -> Iterator[str]:
    if told["not_recognised"]:
        yield from ("", say("cli.answers.not_recognised", lang, names=", ".join(told["not_recognised"])))


def _causes_lines(told: dict[str, Any], lang: str) -> Iterator[str]:
    for title in ("applies", "not_known", "does_not_apply"):
        if told[title]:
            yield from ("", say(f"cli.answers.{title}", lang))
        for one in told[title]:
            yield f"- {one['name']} ({say('causes.strength.' + one['strength'], lang)})"
            if title == "applies":
                figures = (f"  · {found['says']}" for found in one["evidence"])
                yield from (f"  {one['says']}", *figures, _because(one["signs"], lang), _sources(one["sources"], lang))
            elif title == "not_known" and "ask" in one:
                yield f"  {one['ask']}"
    yield from _not_recognised(told, lang)


def _plan_lines(told: dict[str, Any], lang: str) -> Iterator[str]:
    if told["first"]:
        yield from (say("cli.answers.first", lang), *(f"- {one['says']}" for one in told["first"]))
    for title in ("tonight", "day", "drink_and_food", "shoes_and_habits"):
        if told[title]:
            yield from ("", say(f"cli.answers.{title}", lang))
        if title == "drink_and_food":
            yield from (f"- {one['says']}" for one in told["counted"])
        for one in told[title]:
            yield from _item(one, lang)
            yield f"  {say('certainty.' + one['certainty'], lang)}. {_sources(one['sources'], lang).strip()}"
    yield from _unless(told, lang)
    for title in ("ask_first", "left_out"):
        if told[title]:
            yield from ("", say(f"cli.answers.{title}", lang))
        for one in told[title]:
            why = " ".join(one["why"]) or say("cli.answers.not_needed", lang, signs=", ".join(one["signs"]))
            yield f"- {one['name']}. {why}"
    for title in ("with_doctor", "not_advised"):
        yield from _list(f"cli.answers.{title}", told[title], lang)
    yield from _list("cli.answers.see_doctor", [{"says": text} for text in told["see_doctor"]], lang)
    yield from _not_recognised(told, lang)
