"""`mollet export`: the diary in a format, the doctor's page, or the reminders; whole, or with less in it."""

import datetime as dt
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mollet.cli.options import command, lang_option, person_option
from mollet.errors import FileError, reason_of
from mollet.exchange import contents, fhir, icalendar
from mollet.exchange import formats as known
from mollet.exchange.privacy import LEVELS, Leaving, Level, leaving
from mollet.exchange.telling import day
from mollet.report.paper import sentences
from mollet.store import folder, start
from mollet.words import say

if TYPE_CHECKING:
    from mollet.report.sheet import Sheet
    from mollet.store.models import Person
    from mollet.web.paper import Made

Pieces = Iterable[str | bytes]
_DAY = click.DateTime(["%Y-%m-%d"])
_PAGE_NIGHTS = 28
PAPERS = ("doctor-pdf", "card", "fridge", icalendar.NAME)
"""What is made from the diary to be read, and never comes back in."""
WRITABLE = (*(one.name for one in known.FORMATS.values() if one.write), *PAPERS)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for on the command line."""

    since: dt.date | None
    until: dt.date | None
    privacy: Level
    snomed: bool
    lang: str


@command("export")
@click.argument("format", type=click.Choice(WRITABLE))
@click.option("--since", type=_DAY, metavar="DATE")
@click.option("--until", type=_DAY, metavar="DATE")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")
@click.option("--force", is_flag=True)
@click.option("--privacy", type=click.Choice(LEVELS), default="full", show_default=True)
@click.option("--preview", is_flag=True)
@click.option("--snomed", is_flag=True)
@person_option
@lang_option
def export(
    format: str,
    since: dt.datetime | None,
    until: dt.datetime | None,
    out: Path | None,
    force: bool,
    privacy: Level,
    preview: bool,
    snomed: bool,
    person: str | None,
    lang: str,
) -> None:
    """Write the diary in a format, to a file or to standard output, or say what would leave."""
    asked = Asked(since and since.date(), until and until.date(), privacy, snomed, lang)
    _check(format, asked)
    if out is not None and out.exists() and not force and not preview:
        raise FileError("error.file.exists", name=str(out))
    start.open_store()
    start.require_tables()
    from mollet.store import people

    who = people.person(person)
    if preview:
        for line in _preview(format, who, asked):
            click.echo(line)
        return
    pieces = _PAPERS[format](who, asked) if format in _PAPERS else _written(format, _leaving(who, asked), asked)
    if out is None:
        for piece in pieces:
            click.echo(piece, nl=False)
        return
    _write(out, pieces)
    click.echo(say("cli.exchange.exported", lang, file=str(out)), err=True)


def _check(format: str, asked: Asked) -> None:
    has_span = asked.since or asked.until
    if has_span and format in ("diary-json", "card", "fridge", icalendar.NAME):
        raise click.UsageError(
            say("error.file.json_whole" if format == "diary-json" else "cli.export.no_span", asked.lang)
        )
    if asked.privacy != "full" and format in _PAPERS:
        raise click.UsageError(say("cli.export.always_full", asked.lang, format=format))
    if asked.snomed and format != fhir.NAME:
        raise click.UsageError(say("cli.export.snomed_is_fhir", asked.lang))


def _leaving(who: "Person", asked: Asked) -> Leaving:
    from mollet.store import carry

    return leaving(carry.complete(who), asked.privacy, folder.secret_key().encode(), who.zone)


def _written(format: str, out: Leaving, asked: Asked) -> Pieces:
    if format == fhir.NAME:
        return fhir.write(out.complete, out.diary, asked.since, asked.until, snomed=asked.snomed)
    write = known.FORMATS[format].write
    if write is None:
        raise FileError("error.file.unknown_format", name=format, known=", ".join(known.FORMATS))
    return write(out.complete, out.diary, asked.since, asked.until)


def _doctor_pdf(who: "Person", asked: Asked) -> Pieces:
    from mollet.report.pdf import pdf

    return (pdf(_sheet(who, asked)),)


def _sheet(who: "Person", asked: Asked) -> "Sheet":
    """Return the doctor's page of the nights asked for, by default the last four weeks that are over."""
    from mollet.diary.nights import night_of
    from mollet.knowledge import load
    from mollet.report.doctor import doctor
    from mollet.report.sheet import sheet
    from mollet.store import read

    now, diary = dt.datetime.now(dt.UTC), read.diary(who)
    last = asked.until or night_of(now, who.zone, diary.by_day) - dt.timedelta(days=1)
    first = asked.since or last - dt.timedelta(days=_PAGE_NIGHTS - 1)
    if first > last:
        raise click.UsageError(say("cli.export.span_backwards", asked.lang))
    facts = doctor(diary, load(), now, (first, last), who.country)
    return sheet(facts, load(), now.date(), asked.lang)


def _calendar(who: "Person", asked: Asked) -> Pieces:
    from mollet.knowledge import load
    from mollet.store import read

    now = dt.datetime.now(dt.UTC)
    return (icalendar.write(who.diary, read.diary(who), load(), now, icalendar.Wishes(lang=asked.lang)),)


def _paper_pdf(word: str, who: "Person", asked: Asked) -> Pieces:
    from mollet.report.pdf import pdf

    return (pdf(_paper(word, who, asked)),)


def _paper(word: str, who: "Person", asked: Asked) -> "Made":
    from mollet.web import paper

    return paper.made(word, who, dt.datetime.now(dt.UTC), asked.lang, with_name=True)


_PAPERS: Mapping[str, Callable[["Person", Asked], Pieces]] = {
    "doctor-pdf": _doctor_pdf,
    "card": partial(_paper_pdf, "card"),
    "fridge": partial(_paper_pdf, "fridge"),
    icalendar.NAME: _calendar,
}


def _preview(format: str, who: "Person", asked: Asked) -> Iterable[str]:
    """Say what would leave; of a page or a calendar, its very words."""
    if format == "doctor-pdf":
        made = _sheet(who, asked)
        yield from (made.title, made.made, "")
        for row in made.rows:
            yield f"{row.label}: {' '.join(filter(None, (row.lead, *row.says, row.small)))}"
        yield from (f"{part.title}: {' '.join(part.items)}" for part in made.parts)
    elif format in ("card", "fridge"):
        yield from sentences(_paper(format, who, asked))
    elif format == icalendar.NAME:
        yield from (str(piece, "utf-8") if isinstance(piece, bytes) else piece for piece in _calendar(who, asked))
    else:
        out = _leaving(who, asked)
        text = "".join(piece if isinstance(piece, str) else piece.decode() for piece in _written(format, out, asked))
        yield from _told(contents.of_file(format, text, out, asked.since, asked.until), asked)


def _told(out: Leaving, asked: Asked) -> Iterable[str]:
    lang = asked.lang
    yield say(f"privacy.{asked.privacy}", lang)
    for kind, n in out.kinds.items():
        yield say("privacy.leaves", lang, n=n, kind=say(f"privacy.kind.{kind}", lang))
    if out.first and out.last:
        yield say("privacy.dates", lang, first=day(out.first, lang), last=day(out.last, lang))
    if out.settings:
        yield say(
            "privacy.settings", lang, names=", ".join(say(f"privacy.setting.{name}", lang) for name in out.settings)
        )
    for kind, n in out.stays.items():
        yield say("privacy.stays", lang, n=n, kind=say(f"privacy.kind.{kind}", lang))


def _write(out: Path, pieces: Pieces) -> None:
    """Write a file whole or not at all."""
    try:
        with tempfile.NamedTemporaryFile("wb", dir=out.parent, delete=False) as made:
            try:
                made.writelines(piece.encode() if isinstance(piece, str) else piece for piece in pieces)
                made.flush()
                os.fsync(made.fileno())
                Path(made.name).replace(out)
            except BaseException:
                Path(made.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise FileError("error.file.not_written", name=str(out), why=reason_of(error)) from error
