"""``mollet claims``: what is commonly said, what is known, what we say."""

from collections.abc import Iterator

import click

from mollet.advice.claims import search, to_json
from mollet.cli.options import command, json_option, lang_option, print_json
from mollet.knowledge import load
from mollet.knowledge.model import Claim
from mollet.words import say


@command("claims")
@click.argument("words", nargs=-1)
@json_option
@lang_option
def claims(words: tuple[str, ...], as_json: bool, lang: str) -> None:
    """List what is commonly said about cramps, or what some words are about."""
    catalogue = load()
    found = search(" ".join(words), catalogue, lang)
    if as_json:
        print_json(to_json(found, catalogue, lang))
    elif found:
        click.echo("\n\n".join("\n".join(_lines(one, lang)) for one in found))
    else:
        click.echo(say("cli.claims.none", lang, words=" ".join(words)))


def _lines(claim: Claim, lang: str) -> Iterator[str]:
    yield f"{claim.number}. {claim.said.to(lang)}"
    yield f"   {claim.known.to(lang)}"
    yield f"   {claim.we_say.to(lang)}"
    yield f"   {say('claims.verdict.' + claim.verdict, lang)} · {claim.where} · {', '.join(claim.sources) or '–'}"
