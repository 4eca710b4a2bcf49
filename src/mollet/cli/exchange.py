"""`mollet import` and `formats`: what comes into the diary, and what may go in and out."""

import datetime as dt
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from mollet.cli.export import PAPERS
from mollet.cli.options import command, json_option, lang_option, person_option, print_json
from mollet.errors import FileError, StoreError
from mollet.exchange import archive
from mollet.exchange import formats as known
from mollet.exchange.incoming import Asked, Found, Incoming, Meanings
from mollet.exchange.mapping import HABIT, LEAVE, MEANINGS, with_meanings
from mollet.exchange.telling import day, nothing_in, nothing_kept, tell
from mollet.store import folder, start
from mollet.words import number, say
from mollet.words.say import keys

if TYPE_CHECKING:
    from mollet.store.carry import Receipt

MOST_DATES = 10
TELL_BYTES = 20_000_000
_DAY = click.DateTime(["%Y-%m-%d"])


@command("import")
@click.argument("words", nargs=-1, metavar="[FORMAT] FILE")
@click.option("--dry-run", is_flag=True)
@click.option("--replace", is_flag=True)
@click.option("--undo", type=click.UUID, metavar="ID")
@click.option("--map", "said", multiple=True, metavar="COLUMN=MEANING")
@click.option("--day-column", default="", metavar="COLUMN")
@click.option("--month-first/--day-first", default=None)
@click.option("--mornings", is_flag=True)
@person_option
@lang_option
@json_option
def import_(
    words: tuple[str, ...],
    dry_run: bool,
    replace: bool,
    undo: UUID | None,
    said: tuple[str, ...],
    day_column: str,
    month_first: bool | None,
    mornings: bool,
    person: str | None,
    lang: str,
    as_json: bool,
) -> None:
    """Bring a file into the diary, or take an import back; 1 when something in it could not be read."""
    if (len(words) not in (1, 2)) if undo is None else (words or dry_run or replace):
        raise click.UsageError(say("cli.exchange.how_to_import", lang))
    with _opened():
        if undo is not None:
            _undo(undo, person, lang, as_json)
            return
        meanings = _meanings(said, day_column, month_first, mornings, lang)
        try:
            with _progress(lang):
                incoming, receipt = _import(words, dry_run, replace, person, meanings)
        except KeyboardInterrupt:
            click.echo("\n" + say("cli.exchange.stopped", lang), err=True)
            raise click.exceptions.Exit(1) from None
    _print_problems(incoming, lang)
    if incoming.asked and not said:
        _print_asked(incoming, incoming.asked, lang, as_json)
        raise click.exceptions.Exit(0 if dry_run else 1)
    if as_json:
        print_json(_document(incoming, receipt, lang))
    else:
        _print_receipt(incoming, receipt, lang)
    if incoming.problems or nothing_in(incoming) or (receipt and receipt.refused):
        raise click.exceptions.Exit(1)


@command("formats")
@lang_option
@json_option
def formats(lang: str, as_json: bool) -> None:
    """List the formats that can be read or written."""
    rows = [(one.name, one.spelt, one.read is not None, one.write is not None) for one in known.FORMATS.values()]
    rows += [(name, name, False, True) for name in PAPERS]
    if as_json:
        print_json([{"name": spelt, "in": reads, "out": writes} for _, spelt, reads, writes in rows])
        return
    for name, spelt, reads, writes in rows:
        ways = say(f"cli.exchange.{'in_and_out' if reads and writes else 'in' if reads else 'out'}", lang)
        click.echo(f"{spelt:<14} {ways:<18} {say(f'cli.exchange.format.{name}', lang)}")


@contextmanager
def _opened() -> Iterator[None]:
    """Open the store for writing: alone where nobody serves it, beside the server where somebody does."""
    start.open_store()
    with ExitStack() as held:
        try:
            held.enter_context(folder.lock())
            start.bring_up_to_date(dt.datetime.now(dt.UTC))
        except StoreError as error:
            if error.key != "error.store.locked":
                raise
            start.require_tables()
        yield


@contextmanager
def _progress(lang: str) -> Iterator[None]:
    """Say on a screen how much was read; Ctrl-C stops, and nothing is kept then."""
    if not sys.stderr.isatty():
        yield
        return
    read, told = 0, 0

    def watch(count: int) -> None:
        nonlocal read, told
        read += count
        if read - told >= TELL_BYTES:
            told = read
            line = say("cli.exchange.progress", lang, megabytes=number(read // 1_000_000, lang))
            click.echo(f"\r{line}", nl=False, err=True)

    with archive.watched(watch):
        yield
    if told:
        click.echo(err=True)


def _meanings(
    said: tuple[str, ...], day_column: str, month_first: bool | None, mornings: bool, lang: str
) -> Meanings | None:
    """Read what was said of columns; None where nothing was."""
    if not said:
        return None
    pairs = [each.rpartition("=") for each in said]
    if any(not column or not meaning for column, _, meaning in pairs):
        raise click.UsageError(say("cli.exchange.how_to_map", lang))
    return Meanings({column: meaning for column, _, meaning in pairs}, day_column, month_first, mornings)


def _import(
    words: tuple[str, ...], dry_run: bool, replace: bool, name: str | None, meanings: Meanings | None
) -> "tuple[Incoming, Receipt | None]":
    """Read a file and, unless it is only to be looked at, keep it; an empty diary takes over the settings as well."""
    from mollet.store import carry, people

    person = people.person(name)
    path = Path(words[-1])
    to = with_meanings(carry.destination(person, dt.datetime.now(dt.UTC), replace=replace), meanings)
    incoming = known.read(path, to, words[0] if len(words) == 2 else None)
    if dry_run or (incoming.asked and meanings is None):
        return incoming, None
    is_new = not to.diary.entries
    return incoming, carry.take_in(person, incoming, dt.datetime.now(dt.UTC), path.name, settings=is_new)


def _undo(import_id: UUID, name: str | None, lang: str, as_json: bool) -> None:
    from mollet.store import people, write

    undone = write.undo_import(people.person(name), import_id, dt.datetime.now(dt.UTC))
    if as_json:
        print_json({"import": str(undone.id), "state": "undone", "format": undone.format, "name": undone.name})
    else:
        click.echo(say("cli.exchange.undone", lang, name=undone.name or undone.format))


def _print_problems(incoming: Incoming, lang: str) -> None:
    for problem in (*incoming.problems, *incoming.notes):
        click.echo(tell(problem, lang), err=True)
    if incoming.differing:
        days = ", ".join(day(night, lang) for night in incoming.differing[:MOST_DATES])
        more = len(incoming.differing) - MOST_DATES
        click.echo(say("cli.exchange.differing", lang, n=len(incoming.differing), days=days), err=True)
        if more > 0:
            click.echo(say("cli.exchange.differing_more", lang, n=more), err=True)


def _print_asked(incoming: Incoming, asked: Asked, lang: str, as_json: bool) -> None:
    """Say which columns there are and what they may mean, and how to say what they do."""
    if as_json:
        print_json(_document(incoming, None, lang) | {"state": "asked", "asked": _asked(asked)})
        return
    first = next((one for one in asked.columns if one.proposed != LEAVE), asked.columns[0])
    # Only what its name speaks for is ever suggested to close nights.
    meaning = first.proposed if first.proposed != LEAVE else HABIT
    click.echo(say("cli.exchange.asked", lang, column=first.name, meaning=meaning))
    for one in asked.columns:
        examples = ", ".join(number(value, lang) for value in one.examples)
        spans = {"first": day(one.first, lang), "last": day(one.last, lang), "rows": number(one.rows, lang)}
        told = {"column": one.name, "examples": examples, "proposed": one.proposed}
        click.echo("  " + say("cli.exchange.asked_column", lang, n=one.rows, **spans, **told))
    click.echo(say("cli.exchange.meanings", lang, known=", ".join(MEANINGS)))
    if asked.asks_order:
        click.echo(say("cli.exchange.asked_order", lang))


def _asked(asked: Asked) -> dict[str, Any]:
    return {
        "columns": [
            {"name": one.name, "rows": one.rows, "first": one.first.isoformat(), "last": one.last.isoformat()}
            | {"examples": list(one.examples), "proposed": one.proposed}
            for one in asked.columns
        ],
        "day_column": asked.day,
        "asks_order": asked.asks_order,
        "meanings": list(MEANINGS),
    }


def _print_receipt(incoming: Incoming, receipt: "Receipt | None", lang: str) -> None:
    click.echo(say(f"cli.exchange.format.{incoming.format}", lang))
    for one in incoming.found:
        first, last = day(one.first, lang), day(one.last, lang)
        counted = {"n": one.rows, "rows": number(one.rows, lang), "first": first, "last": last}
        click.echo("  " + say("cli.exchange.found", lang, kind=_kind(one.kind, lang), **counted))
    if incoming.foods:
        click.echo("  " + say("cli.exchange.foods_found", lang, n=len(incoming.foods)))
    if incoming.ignored:
        click.echo(say("cli.exchange.ignored", lang, n=sum(incoming.ignored.values()), kinds=_ignored(incoming)))
    if receipt is None:
        if nothing := nothing_in(incoming):
            click.echo(tell(nothing, lang), err=True)
        click.echo(say("cli.exchange.dry_run", lang))
    elif _last_import(receipt) is None:
        why = nothing_kept(incoming, receipt.known, len(receipt.refused))
        click.echo(tell(why, lang), err=why.key != "import.all_known")
    else:
        _print_kept(receipt, lang)
    for result in receipt.refused if receipt else ():
        reason = tell(FileError(result.reason, **result.values), lang) if result.reason else ""
        click.echo(say("cli.exchange.refused", lang, id=result.id, reason=reason), err=True)


def _print_kept(receipt: "Receipt", lang: str) -> None:
    if receipt.kept or receipt.known:
        click.echo(say("cli.exchange.entries_kept", lang, n=receipt.kept, known=receipt.known))
    if receipt.measures:
        click.echo(say("cli.exchange.measures_kept", lang, n=receipt.measures))
    if receipt.foods:
        click.echo(say("cli.exchange.foods_kept", lang, n=receipt.foods))
    for one in receipt.imports:
        if one.state == "kept":
            click.echo(say("cli.exchange.undo_with", lang, id=one.id))


def _last_import(receipt: "Receipt") -> UUID | None:
    """Id of the last import that kept anything new."""
    return next((one.id for one in reversed(receipt.imports) if one.state == "kept"), None)


def _ignored(incoming: Incoming) -> str:
    most = sorted(incoming.ignored.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{kind} ({count})" for kind, count in most[:MOST_DATES]) + (
        " …" if len(most) > MOST_DATES else ""
    )


def _document(incoming: Incoming, receipt: "Receipt | None", lang: str) -> dict[str, Any]:
    kept = _last_import(receipt) if receipt else None
    return {
        "format": incoming.format,
        "sha256": incoming.sha256,
        "state": "nothing" if nothing_in(incoming) else "dry_run" if receipt is None else "kept" if kept else "known",
        "import": str(kept) if kept else None,
        "found": [_found(one) for one in incoming.found],
        "ignored": dict(sorted(incoming.ignored.items())),
        "foods": len(incoming.foods),
        "measures": len(incoming.measures) + sum(len(one.measures) for one in incoming.generations),
        "entries": _entries(incoming, receipt),
        "differing": [night.isoformat() for night in incoming.differing],
        "problems": [{"key": each.key, "says": tell(each, lang)} for each in incoming.problems],
        "notes": [{"key": each.key, "says": tell(each, lang)} for each in incoming.notes],
    }


def _entries(incoming: Incoming, receipt: "Receipt | None") -> dict[str, int]:
    if receipt is None:
        return {"found": len(incoming.entries)}
    return {"kept": receipt.kept, "known": receipt.known, "refused": len(receipt.refused)}


def _found(one: Found) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "rows": one.rows,
        "nights": one.nights,
        "first": one.first.isoformat(),
        "last": one.last.isoformat(),
    }


def _kind(kind: str, lang: str) -> str:
    """Name of a kind in words; a further column of a table keeps its own name."""
    key = f"cli.exchange.kind.{kind}"
    return say(key, lang) if key in keys(lang) else kind
