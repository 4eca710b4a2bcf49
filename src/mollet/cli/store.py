"""`mollet check`, `rebuild`, `backup`, `restore`: keep the diary, bring it back, verify it, derive its nights again."""

import datetime as dt
from dataclasses import asdict
from pathlib import Path

import click

from mollet.cli.options import command, json_option, lang_option, print_json
from mollet.errors import MolletError
from mollet.exchange.telling import tell
from mollet.store import folder, start
from mollet.words import say


@command("check")
@lang_option
@json_option
def check(lang: str, as_json: bool) -> None:
    """Look at every row, change nothing; 1 when something is not as it must be.

    What is dated after today is named as well, though nothing is wrong with it but a clock.
    """
    start.open_store()
    start.require_tables()
    from mollet.store import check as checking
    from mollet.web import clock

    kind = folder.network_file_system()
    if kind is not None:
        click.echo(say("error.store.network", lang, folder=str(folder.data_folder()), kind=kind), err=True)
    report = checking.check(clock.now())
    if as_json:
        print_json({**asdict(report), "ok": not report.problems})
    else:
        click.echo(say("cli.store.checked", lang, n=report.entries, nights=report.nights, measures=report.measures))
        if not report.problems:
            click.echo(say("cli.store.whole" if report.to_look_at else "cli.store.all_well", lang))
    for problem in (*report.problems, *report.to_look_at):
        told = MolletError(f"cli.store.problem.{problem.key}", n=problem.n, where=problem.where)
        click.echo(tell(told, lang), err=True)
    if report.problems:
        raise click.exceptions.Exit(1)


@command("rebuild")
@lang_option
def rebuild(lang: str) -> None:
    """Drop the derived nights and derive them again."""
    start.open_store()
    with folder.lock():
        start.require_tables()
        click.echo(say("cli.store.rebuilt", lang, n=start.derive_all()))


@command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@lang_option
def backup(file: Path, lang: str) -> None:
    """Copy the whole diary into one new file."""
    start.open_store()
    start.require_tables()
    from mollet.store import backup as keeping

    keeping.backup(file)
    click.echo(say("cli.store.backed_up", lang, n=keeping.verify(file).entries, file=str(file)))


@command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@lang_option
def restore(file: Path, lang: str) -> None:
    """Put a backup in the place of the present diary, which is kept aside."""
    start.open_store()
    from mollet.store import backup as keeping

    with folder.lock():
        held = keeping.verify(file)
        kept = keeping.restore(file, dt.datetime.now(dt.UTC))
    click.echo(say("cli.store.restored", lang, n=held.entries))
    if kept is not None:
        click.echo(say("cli.store.kept_aside", lang, file=str(kept)))
    if held.unreadable:
        click.echo(say("cli.store.problem.unreadable", lang, n=held.unreadable, where=str(file)), err=True)
