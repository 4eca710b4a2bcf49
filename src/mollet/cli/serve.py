"""``mollet serve`` and ``mollet address``: open the diary in a browser."""

import webbrowser

import click

from mollet.cli.options import command, lang_option
from mollet.errors import StoreError
from mollet.web import serve as server
from mollet.words import say


@command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS")
@click.option("--port", type=click.IntRange(0, 65535), metavar="PORT")
@click.option("--demo", is_flag=True)
@click.option("--open", "in_browser", is_flag=True)
@click.option("--lan", is_flag=True)
@click.option("--https", is_flag=True)
@lang_option
def serve(host: str, port: int | None, demo: bool, in_browser: bool, lan: bool, https: bool, lang: str) -> None:
    """Serve the diary on this machine and print the address to open."""
    if https:
        raise StoreError("serve.https_not_yet")
    if lan:
        raise StoreError("serve.lan_needs_https")

    def ready(address: str) -> None:
        click.echo(say("serve.example" if demo else "serve.ready", lang), err=True)
        click.echo(address)
        click.echo(say("serve.how_to_stop", lang), err=True)
        if in_browser:
            webbrowser.open(address)

    wanted = port if port is not None else (server.DEMO_PORT if demo else server.PORT)
    server.serve(host, wanted, is_example=demo, ready=ready)
    click.echo(say("serve.stopped", lang), err=True)


@command("address")
@click.option("--demo", is_flag=True)
@lang_option
def address(demo: bool, lang: str) -> None:
    """Print a fresh one-time address for the running server."""
    if demo:
        server.use_example_folder()
    click.echo(server.running_address())
    click.echo(say("serve.once", lang), err=True)
