"""``mollet pocket``: write the pocket edition, a folder of static files for a phone."""

from pathlib import Path

import click

from mollet.cli.options import command, lang_option
from mollet.store import start
from mollet.words import number, say


@command("pocket")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@lang_option
def pocket(folder: Path, lang: str) -> None:
    """Write relief, check-up, claims and a small diary as files that any web server can give out."""
    start.open_store()
    from mollet.web import pocket as edition

    written = edition.write(folder)
    click.echo(say("pocket.written", lang, files=written.files, size=number(round(written.size / 1000), lang)))
    click.echo(str(folder))
