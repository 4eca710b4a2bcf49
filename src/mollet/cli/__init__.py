"""The ``mollet`` command. Each subject is a module, imported only when one of its commands is asked for."""

import importlib
import sys

import click

from mollet.cli.options import SpokenGroup, language_typed
from mollet.errors import MolletError

COMMANDS = {
    "serve": "serve",
    "address": "serve",
    "pair": "phones",
    "phones": "phones",
    "triage": "answers",
    "causes": "answers",
    "plan": "answers",
    "claims": "claims",
    "foods": "foods",
    "analyse": "analyse",
    "import": "exchange",
    "export": "export",
    "formats": "exchange",
    "check": "store",
    "rebuild": "store",
    "backup": "store",
    "restore": "store",
    "pocket": "pocket",
    "knowledge": "knowledge",
}
"""Name of each command, and the module of this package that defines it (as ``import_`` where Python keeps the word)."""


class Subjects(SpokenGroup):
    """The group of all commands; none is imported before it is named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table above."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module that defines a command, and return the command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"mollet.cli.{COMMANDS[cmd_name]}")
        found: click.Command = getattr(module, cmd_name, None) or getattr(module, f"{cmd_name}_")
        return found


@click.group("mollet", cls=Subjects, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="mollet")
def group() -> None:
    """Run the group; each command does its own work."""


def main() -> None:
    """Run a command; an error made for people is said in their language and ends with 1."""
    try:
        group()
    except Exception as error:
        known = error if isinstance(error, MolletError) else _trouble(error)
        if known is None:
            raise
        from mollet.exchange.telling import tell

        click.echo(tell(known, language_typed(sys.argv)), err=True)
        sys.exit(1)


def _trouble(error: Exception) -> MolletError | None:
    """Say what an unforeseen error comes from, where it is a damaged diary or a full disk and no defect of ours."""
    from mollet.store import trouble

    return trouble.of(error)
