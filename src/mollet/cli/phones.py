"""``mollet pair`` and ``mollet phones``: let a phone into the house, see which ones are in, send one away."""

import datetime as dt
from dataclasses import asdict

import click

from mollet.cli.options import command, json_option, lang_option, print_json
from mollet.errors import StoreError
from mollet.store import start
from mollet.web import serve as server
from mollet.words import date, say


@command("pair")
@click.option("--name", "phone", default="", metavar="NAME")
@click.option("--demo", is_flag=True)
@lang_option
def pair(phone: str, demo: bool, lang: str) -> None:
    """Print the two addresses a phone opens, as words and as patterns for its camera."""
    if demo:
        server.use_example_folder()
    house = server.running_house()
    if house.secure is None:
        raise StoreError("phones.no_https")
    start.open_store()
    from mollet.store import people
    from mollet.web import phones, qr

    if house.trust is not None:
        click.echo(say("phones.pair_trust", lang), err=True)
        click.echo(qr.terminal(house.trust), err=True)
        click.echo(house.trust)
        click.echo(say("home.fingerprint", lang, fingerprint=house.fingerprint), err=True)
    code = phones.offer(people.local_person().diary, phone, dt.datetime.now(dt.UTC))
    joining = f"{house.secure}pair/?code={code}"
    click.echo(say("phones.pair_join", lang, minutes=phones.CODE_MINUTES), err=True)
    click.echo(qr.terminal(joining), err=True)
    click.echo(joining)


@command("phones")
@click.option("--revoke", metavar="ID")
@click.option("--demo", is_flag=True)
@lang_option
@json_option
def phones(revoke: str | None, demo: bool, lang: str, as_json: bool) -> None:
    """List the phones that are in, or send one away."""
    if demo:
        server.use_example_folder()
    start.open_store()
    start.require_tables()
    from mollet.store import people
    from mollet.web import phones as held

    diary = people.local_person().diary
    if revoke is not None:
        gone = held.send_away(diary, revoke)
        if gone is None:
            raise StoreError("phones.unknown", id=revoke)
        click.echo(say("phones.sent_away", lang, name=gone.name or say("phones.no_name", lang)), err=True)
    found = held.all_of(diary)
    if as_json:
        print_json({"phones": [_said(phone) for phone in found]})
        return
    for phone in found:
        days = {name: date(getattr(phone, name), lang, "d MMMM y") for name in ("joined", "seen")}
        click.echo(say("phones.line", lang, id=phone.id, name=phone.name or say("phones.no_name", lang), **days))
    if not found:
        click.echo(say("phones.none", lang), err=True)


def _said(phone: object) -> dict[str, object]:
    said = asdict(phone)  # type: ignore[call-overload]
    del said["diary"]
    return {name: value.isoformat() if isinstance(value, dt.datetime) else value for name, value in said.items()}
