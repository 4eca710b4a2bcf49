"""``mollet serve`` and ``mollet address``: open the diary in a browser."""

import webbrowser
from typing import TYPE_CHECKING

import click

from mollet.cli.options import command, lang_option
from mollet.errors import StoreError
from mollet.web import serve as server
from mollet.words import say

if TYPE_CHECKING:
    from mollet.web.home import Home

_ANY_PORT = click.IntRange(0, 65535)


@command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS")
@click.option("--port", type=_ANY_PORT, metavar="PORT")
@click.option("--demo", is_flag=True)
@click.option("--open", "in_browser", is_flag=True)
@click.option("--lan", is_flag=True)
@click.option("--https", is_flag=True)
@click.option("--name", "house", metavar="NAME")
@click.option("--https-port", type=_ANY_PORT, metavar="PORT")
@click.option("--trust-port", type=_ANY_PORT, metavar="PORT")
@lang_option
def serve(
    host: str,
    port: int | None,
    demo: bool,
    in_browser: bool,
    lan: bool,
    https: bool,
    house: str | None,
    https_port: int | None,
    trust_port: int | None,
    lang: str,
) -> None:
    """Serve the diary on this machine and print the address to open."""
    home = _home(demo, lan, https, house, https_port, trust_port)

    def ready(address: str, opened: "Home | None") -> None:
        click.echo(say("serve.example" if demo else "serve.ready", lang), err=True)
        click.echo(address)
        if opened is not None:
            _tell_home(opened, lang)
        click.echo(say("serve.how_to_stop", lang), err=True)
        if in_browser:
            webbrowser.open(address)

    wanted = port if port is not None else (server.DEMO_PORT if demo else server.PORT)
    server.serve(host, wanted, is_example=demo, home=home, ready=ready)
    click.echo(say("serve.stopped", lang), err=True)


def _home(
    demo: bool, lan: bool, https: bool, house: str | None, port: int | None, trust_port: int | None
) -> server.Wishes | None:
    """Return how phones are let in; refuse to let them in without HTTPS."""
    if not https:
        if lan or house or port is not None or trust_port is not None:
            raise StoreError("serve.lan_needs_https")
        return None
    return server.Wishes(
        everywhere=lan,
        name=house,
        port=server.HTTPS_PORT + demo if port is None else port,
        trust_port=server.TRUST_PORT + demo if trust_port is None else trust_port,
    )


def _tell_home(opened: "Home", lang: str) -> None:
    found = opened.running
    click.echo(say("home.ready", lang, secure=found.secure, trust=found.trust), err=True)
    click.echo(say("home.fingerprint", lang, fingerprint=found.fingerprint), err=True)
    click.echo(say("home.next" if opened.can_be_reached else "home.no_address", lang), err=True)


@command("address")
@click.option("--demo", is_flag=True)
@lang_option
def address(demo: bool, lang: str) -> None:
    """Print a fresh one-time address for the running server."""
    if demo:
        server.use_example_folder()
    click.echo(server.running_address())
    click.echo(say("serve.once", lang), err=True)
