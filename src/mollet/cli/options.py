"""What every command shares: its language, JSON or sentences, the person, and help in the reader's language."""

import json
import os
from collections.abc import Callable
from typing import Any, TypeVar

import click

from mollet.words import LANGUAGES, say

AnyFunction = TypeVar("AnyFunction", bound=Callable[..., Any])


def default_language() -> str:
    """Return the language of the terminal, English where it is neither."""
    for name in ("MOLLET_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        start = os.environ.get(name, "")[:2].lower()
        if start in LANGUAGES:
            return start
    return "en"


class Spoken(click.Command):
    """A command whose help stands in the words, under ``cli.help.<name>`` and ``cli.example.<name>``."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does, then an example that works."""
        lang = default_language()
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(say(f"cli.help.{self.name}", lang))
            formatter.write_paragraph()
            formatter.write_text(say("cli.example", lang))
            with formatter.indentation():
                for line in say(f"cli.example.{self.name}", lang).splitlines():
                    formatter.write(f"{'':>{formatter.current_indent}}{line}\n")

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the first sentence of the help."""
        return say(f"cli.help.{self.name}", default_language()).split(". ")[0].rstrip(".")


def command(name: str, **attributes: Any) -> Callable[[Callable[..., Any]], click.Command]:
    """Make a command of a function; its help comes from the words ``cli.help.<name>``, ``cli.example.<name>``."""
    return click.command(name, cls=Spoken, **attributes)


def lang_option(function: AnyFunction) -> AnyFunction:
    """Add ``--lang en|fr``, by default the language of the terminal."""
    return click.option("--lang", type=click.Choice(LANGUAGES), default=default_language)(function)


def json_option(function: AnyFunction) -> AnyFunction:
    """Add ``--json``: one JSON document on standard output in place of sentences."""
    return click.option("--json", "as_json", is_flag=True)(function)


def person_option(function: AnyFunction) -> AnyFunction:
    """Add ``--person NAME`` for a diary that several people share."""
    return click.option("--person", metavar="NAME")(function)


def print_json(document: object) -> None:
    """Print one JSON document, readable and in a stable order of keys."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))
