"""What every command shares: its language, JSON or sentences, the person, and help in the reader's language."""

import json
import os
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, TypeVar

import click

from mollet.cli.mistyped import told
from mollet.words import LANGUAGES, say
from mollet.words.say import keys

AnyFunction = TypeVar("AnyFunction", bound=Callable[..., Any])

_LANGUAGE = "mollet.lang"


def default_language() -> str:
    """Return the language of the terminal, English where it is neither."""
    for name in ("MOLLET_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        start = os.environ.get(name, "")[:2].lower()
        if start in LANGUAGES:
            return start
    return "en"


def language_typed(words: Sequence[str]) -> str:
    """Return the language of ``--lang`` as typed, wherever it stands: help and errors may come before it is read."""
    parts = [part for word in words for part in word.split("=", 1)]
    asked = [after for before, after in pairwise(parts) if before == "--lang"]
    return asked[-1] if asked and asked[-1] in LANGUAGES else default_language()


class Spoken(click.Command):
    """A command whose help stands in the words, under ``cli.help.<name>`` and ``cli.example.<name>``.

    What its options do stands under ``cli.option.<name>``, or where a command means something of its own by one, under
    ``cli.option.<command>.<name>``.
    """

    @property
    def spoken_name(self) -> str:
        """Name of the command in the keys of its words."""
        return self.name or ""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Note the language typed, before ``--help`` or a mistake ends the reading; refuse words that nothing takes."""
        ctx.meta[_LANGUAGE] = language_typed(args)
        ctx.allow_extra_args = True
        try:
            rest = super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise
        if rest and not isinstance(self, click.Group):
            ctx.fail(say("cli.mistyped.too_many", _spoken(ctx), words=" ".join(rest)))
        return rest

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write how the command is typed."""
        prefix = say("cli.usage", _spoken(ctx)) + " "
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does, then an example that works."""
        lang = _spoken(ctx)
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(say(f"cli.help.{self.spoken_name}", lang))
            formatter.write_paragraph()
            formatter.write_text(say("cli.example", lang))
            with formatter.indentation():
                for line in say(f"cli.example.{self.spoken_name}", lang).splitlines():
                    formatter.write(f"{'':>{formatter.current_indent}}{line}\n")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what each option does."""
        lang = _spoken(ctx)
        options = [one for one in self.get_params(ctx) if isinstance(one, click.Option)]
        records = [(one, one.get_help_record(ctx)) for one in options]
        rows = [(record[0], self._does(one, lang)) for one, record in records if record]
        with formatter.section(say("cli.options", lang)):
            formatter.write_dl(rows)

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the first sentence of the help."""
        return say(f"cli.help.{self.spoken_name}", default_language()).split(". ")[0].rstrip(".")

    def _does(self, option: click.Parameter, lang: str) -> str:
        name = "help" if "--help" in option.opts else option.name
        own = f"cli.option.{self.spoken_name}.{name}"
        text = say(own if own in keys(lang) else f"cli.option.{name}", lang)
        if getattr(option, "show_default", False):
            text = f"{text} {say('cli.option_default', lang, value=option.default)}"
        return f"{text} {say('cli.option_required', lang)}" if option.required else text


class SpokenGroup(Spoken, click.Group):
    """A group whose help stands in the words too, and which tells mistakes of all its commands in them."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what each option does, then the commands."""
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the first sentence of each command."""
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section(say("cli.commands", _spoken(ctx))):
            formatter.write_dl([(name, one.get_short_help_str()) for name, one in found if one])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options of the group."""
        with told(lambda: _spoken(ctx)):
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Read and run the command that was named."""
        with told(lambda: _spoken(ctx)):
            return super().invoke(ctx)


def _spoken(ctx: click.Context) -> str:
    return str(ctx.meta.get(_LANGUAGE) or default_language())


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
