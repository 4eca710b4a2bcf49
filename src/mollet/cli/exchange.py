"""`mollet import`, `export`, `formats`: what goes in and out of the diary."""

import datetime as dt
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from mollet.cli.options import command, json_option, lang_option, person_option, print_json
from mollet.diary.measures import Measure
from mollet.errors import FileError, MolletError, StoreError
from mollet.exchange import formats as known
from mollet.exchange.diary_json import SETTINGS, Complete
from mollet.exchange.incoming import Destination, Found, Generation, Incoming
from mollet.store import folder, start
from mollet.words import date, number, say
from mollet.words.say import keys

if TYPE_CHECKING:
    from mollet.store.models import Person
    from mollet.store.write import Imported

MOST_DATES = 10
_DAY = click.DateTime(["%Y-%m-%d"])


@command("import")
@click.argument("words", nargs=-1, metavar="[FORMAT] FILE")
@click.option("--dry-run", is_flag=True)
@click.option("--replace", is_flag=True)
@click.option("--undo", type=click.UUID, metavar="ID")
@person_option
@lang_option
@json_option
def import_(
    words: tuple[str, ...],
    dry_run: bool,
    replace: bool,
    undo: UUID | None,
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
        incoming, imported = _import(words, dry_run, replace, person)
    _print_problems(incoming, lang)
    if as_json:
        print_json(_document(incoming, imported, lang))
    else:
        _print_receipt(incoming, imported, lang)
    if incoming.problems or (imported and any(result.state == "refused" for result in imported.results)):
        raise click.exceptions.Exit(1)


@command("export")
@click.argument("format", type=click.Choice([one.name for one in known.FORMATS.values() if one.write]))
@click.option("--since", type=_DAY, metavar="DATE")
@click.option("--until", type=_DAY, metavar="DATE")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")
@person_option
@lang_option
def export(
    format: str, since: dt.datetime | None, until: dt.datetime | None, out: Path | None, person: str | None, lang: str
) -> None:
    """Write the diary in a format, to a file or to standard output."""
    start.open_store()
    start.require_tables()
    from mollet.store import people, read

    who = people.person(person)
    write = known.FORMATS[format].write
    if write is None:
        raise FileError("error.file.unknown_format", name=format, known=", ".join(known.FORMATS))
    pieces = write(_complete(who), read.diary(who), since and since.date(), until and until.date())
    if out is None:
        for piece in pieces:
            click.echo(piece, nl=False)
        return
    _write(out, pieces)
    click.echo(say("cli.exchange.exported", lang, file=str(out)), err=True)


@command("formats")
@lang_option
@json_option
def formats(lang: str, as_json: bool) -> None:
    """List the formats that can be read or written."""
    rows = [(one.name, one.read is not None, one.write is not None) for one in known.FORMATS.values()]
    if as_json:
        print_json([{"name": name, "in": reads, "out": writes} for name, reads, writes in rows])
        return
    for name, reads, writes in rows:
        ways = say(f"cli.exchange.{'in_and_out' if reads and writes else 'in' if reads else 'out'}", lang)
        click.echo(f"{name:<14} {ways:<18} {say(f'cli.exchange.format.{name}', lang)}")


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


def _import(
    words: tuple[str, ...], dry_run: bool, replace: bool, name: str | None
) -> "tuple[Incoming, Imported | None]":
    from mollet.store import people, read

    person = people.person(name)
    path = Path(words[-1])
    to = Destination(person.diary, read.diary(person), person.name, replace)
    incoming = known.read(path, to, words[0] if len(words) == 2 else None)
    return incoming, None if dry_run else _keep(person, path, incoming)


def _keep(person: "Person", path: Path, incoming: Incoming) -> "Imported":
    """Keep what was read: each import inside a complete diary as its own generation, then the rest as one."""
    from mollet.store import write

    for one in incoming.generations:
        write.record_import(person, one.format, one.measures, sha256=one.sha256, at=one.at, name=one.name)
    return write.record_import(
        person,
        incoming.format,
        incoming.measures,
        sha256=incoming.sha256,
        at=dt.datetime.now(dt.UTC),
        name=path.name,
        entries=incoming.entries,
        report={"found": [_found(one) for one in incoming.found], "ignored": dict(incoming.ignored)},
    )


def _undo(import_id: UUID, name: str | None, lang: str, as_json: bool) -> None:
    from mollet.store import people, write

    undone = write.undo_import(people.person(name), import_id, dt.datetime.now(dt.UTC))
    if as_json:
        print_json({"import": str(undone.id), "state": "undone", "format": undone.format, "name": undone.name})
    else:
        click.echo(say("cli.exchange.undone", lang, name=undone.name or undone.format))


def _complete(person: "Person") -> Complete:
    from mollet.store import read

    brought: dict[UUID, list[Measure]] = {}
    for measure in read.all_measures(person):
        brought.setdefault(measure.import_id, []).append(measure)
    generations = tuple(
        Generation(each.format, each.sha256, each.name, each.at, tuple(brought[each.id]))
        for each in read.imports(person).filter(undone=None)
        if each.id in brought
    )
    settings = {name: str(getattr(person, name)) for name in SETTINGS}
    return Complete(person.diary, tuple(read.entries(person)), generations, settings)


def _write(out: Path, pieces: Iterable[str]) -> None:
    """Write a file whole or not at all."""
    try:
        with tempfile.NamedTemporaryFile("w", dir=out.parent, encoding="utf-8", newline="", delete=False) as made:
            try:
                made.writelines(pieces)
                made.flush()
                os.fsync(made.fileno())
                Path(made.name).replace(out)
            except BaseException:
                Path(made.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise FileError("error.file.not_written", name=str(out), why=error.strerror or type(error).__name__) from error


def _print_problems(incoming: Incoming, lang: str) -> None:
    for problem in (*incoming.problems, *incoming.notes):
        click.echo(_said(problem, lang), err=True)
    if incoming.differing:
        days = ", ".join(_day(day, lang) for day in incoming.differing[:MOST_DATES])
        more = len(incoming.differing) - MOST_DATES
        click.echo(say("cli.exchange.differing", lang, n=len(incoming.differing), days=days), err=True)
        if more > 0:
            click.echo(say("cli.exchange.differing_more", lang, n=more), err=True)


def _print_receipt(incoming: Incoming, imported: "Imported | None", lang: str) -> None:
    click.echo(say(f"cli.exchange.format.{incoming.format}", lang))
    for one in incoming.found:
        first, last = _day(one.first, lang), _day(one.last, lang)
        rows = say("cli.exchange.found", lang, n=one.rows, rows=number(one.rows, lang), first=first, last=last)
        click.echo(f"  {_kind(one.kind, lang)}: {rows}")
    if incoming.ignored:
        click.echo(say("cli.exchange.ignored", lang, n=sum(incoming.ignored.values()), kinds=_ignored(incoming)))
    if imported is None:
        click.echo(say("cli.exchange.dry_run", lang))
    elif imported.state == "known":
        click.echo(say("cli.exchange.nothing_new", lang))
    else:
        _print_kept(incoming, imported, lang)


def _print_kept(incoming: Incoming, imported: "Imported", lang: str) -> None:
    states = [result.state for result in imported.results]
    if states:
        click.echo(say("cli.exchange.entries_kept", lang, n=states.count("kept"), known=states.count("known")))
    if incoming.measures:
        click.echo(say("cli.exchange.measures_kept", lang, n=len(incoming.measures)))
    for result in imported.results:
        if result.state == "refused":
            reason = say(result.reason, lang, **result.values) if result.reason else ""
            click.echo(say("cli.exchange.refused", lang, id=result.id, reason=reason), err=True)
    click.echo(say("cli.exchange.undo_with", lang, id=imported.id))


def _ignored(incoming: Incoming) -> str:
    most = sorted(incoming.ignored.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{kind} ({count})" for kind, count in most[:MOST_DATES]) + (
        " …" if len(most) > MOST_DATES else ""
    )


def _document(incoming: Incoming, imported: "Imported | None", lang: str) -> dict[str, Any]:
    results = imported.results if imported else ()
    by_state = {state: len(list(group)) for state, group in groupby(sorted(result.state for result in results))}
    return {
        "format": incoming.format,
        "sha256": incoming.sha256,
        "state": imported.state if imported else "dry_run",
        "import": str(imported.id) if imported and imported.state == "kept" else None,
        "found": [_found(one) for one in incoming.found],
        "ignored": dict(sorted(incoming.ignored.items())),
        "measures": len(incoming.measures),
        "entries": {state: by_state.get(state, 0) for state in ("kept", "known", "refused")},
        "differing": [day.isoformat() for day in incoming.differing],
        "problems": [{"key": each.key, "says": _said(each, lang)} for each in incoming.problems],
        "notes": [{"key": each.key, "says": _said(each, lang)} for each in incoming.notes],
    }


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


def _said(problem: MolletError, lang: str) -> str:
    return say(problem.key, lang, **{name: _quoted(value, lang) for name, value in problem.values.items()})


def _quoted(value: object, lang: str) -> object:
    if isinstance(value, MolletError):
        return _said(value, lang)
    return _day(value, lang) if isinstance(value, dt.date) else value


def _day(day: dt.date, lang: str) -> str:
    return date(day, lang, "d MMMM y")
