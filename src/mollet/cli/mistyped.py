"""What is said of a command line that was mistyped, in the language of its reader."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from typing import IO, Any

import click

from mollet.words import say

_WANTED: tuple[tuple[type[click.ParamType[Any]], Callable[[Any], str], Callable[[Any], dict[str, Any]]], ...] = (
    (click.Choice, lambda _: "one_of", lambda kind: {"choices": ", ".join(kind.choices)}),
    (click.IntRange, lambda _: "whole_number", lambda kind: {"low": kind.min, "high": kind.max}),
    (type(click.UUID), lambda _: "identifier", lambda _: {}),
    (click.DateTime, lambda _: "date", lambda _: {}),
    (click.Path, lambda kind: "file" if kind.file_okay else "folder", lambda _: {}),
)
"""What each kind of value must be: the last part of the key of its words, and their values."""


class Mistyped(click.UsageError):
    """A mistake on the command line, told in the words of mollet; ends with 2."""

    def __init__(self, error: click.UsageError, lang: str) -> None:
        super().__init__(sentence(error, lang), error.ctx)
        self.lang = lang

    def show(self, file: IO[Any] | None = None) -> None:
        """Print how the command is typed, where its help is, and what is wrong."""
        if self.ctx is not None:
            hint = say("cli.mistyped.hint", self.lang, command=self.ctx.command_path)
            click.echo(f"{self.ctx.get_usage()}\n{hint}\n", file=file, err=True)
        click.echo(say("cli.mistyped.error", self.lang, what=self.message), file=file, err=True)


@contextmanager
def told(lang: Callable[[], str]) -> Iterator[None]:
    """Turn mistakes that Click finds into ours; a group that is called alone still shows its help."""
    try:
        yield
    except (Mistyped, click.exceptions.NoArgsIsHelpError):
        raise
    except click.UsageError as error:
        raise Mistyped(error, lang()) from error


def sentence(error: click.UsageError, lang: str) -> str:
    """Return what is wrong, as one or two sentences; what mollet itself says of a value is kept as it is."""
    match error:
        case click.NoSuchCommand():
            return _unknown("command", error.command_name, _near(error), lang)
        case click.NoSuchOption():
            return _unknown("option", error.option_name, error.possibilities, lang)
        case click.MissingParameter():
            return say("cli.mistyped.missing", lang, name=_name(error))
        case click.BadOptionUsage():
            return say(f"cli.mistyped.{_what_follows(error)}", lang, name=error.option_name)
        case click.BadParameter():
            return say("cli.mistyped.value", lang, name=_name(error), why=_why(error, lang))
        case _:
            return error.message


def _unknown(kind: str, name: str, near: Sequence[str] | None, lang: str) -> str:
    said = say(f"cli.mistyped.no_{kind}", lang, name=name)
    return f"{said} {say('cli.mistyped.meant', lang, names=', '.join(near))}" if near else said


def _near(error: click.NoSuchCommand) -> list[str]:
    """Return the commands it may have been: Click itself looks only at those that were imported already."""
    if error.ctx is None or not isinstance(error.ctx.command, click.Group):
        return []
    return get_close_matches(error.command_name, error.ctx.command.list_commands(error.ctx))


def _name(error: click.BadParameter) -> str:
    """Return a parameter as it is typed: ``--since``, ``ANSWERS.json``."""
    if error.param is None or error.param_hint is not None:
        hint = error.param_hint or ""
        return hint if isinstance(hint, str) else ", ".join(hint)
    if isinstance(error.param, click.Option):
        return max(error.param.opts, key=len)
    return str(error.param.metavar or error.param.human_readable_name)


def _what_follows(error: click.BadOptionUsage) -> str:
    params = error.ctx.command.get_params(error.ctx) if error.ctx else []
    flags = [name for one in params if isinstance(one, click.Option) and one.is_flag for name in one.opts]
    return "takes_nothing" if error.option_name in flags else "needs_value"


def _why(error: click.BadParameter, lang: str) -> str:
    kind = error.param.type if error.param else None
    for wanted, key, values in _WANTED:
        if isinstance(kind, wanted):
            return say(f"cli.mistyped.{key(kind)}", lang, **values(kind))
    return error.message
