"""What the documentation shows works: its commands run, its links lead somewhere, every command has an example."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from mollet.cli import COMMANDS, group
from mollet.words import LANGUAGES, say

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.joinpath("docs").rglob("*.md")])
BLOCK = re.compile(r"^```\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def command_lines(page):
    """The lines of a page's code blocks that call mollet."""
    lines = "".join(BLOCK.findall(ROOT.joinpath(page).read_text(encoding="utf-8"))).splitlines()
    return [line for line in lines if line.startswith("mollet ")]


def run(line, folder):
    """Run one line as a person would, in a folder of its own."""
    words = [sys.executable, "-c", "from mollet.cli import main; main()", *shlex.split(line)[1:]]
    surroundings = {"MOLLET_DATA": str(folder / "data"), "PATH": "", "LANG": "en"}
    return subprocess.run(words, cwd=folder, env=surroundings, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("page", ["docs/start.md", "docs/demarrer.md"])
def test_the_commands_of_the_first_page_work_in_order(page, tmp_path):
    lines = command_lines(page)
    tmp_path.joinpath("nights.csv").write_text("night,cramps\n2026-11-01,2\n2026-11-02,\n", encoding="utf-8")
    assert run("mollet import nights.csv", tmp_path).returncode == 0

    done = [(line, run(line, tmp_path)) for line in lines]

    assert len(done) == 4
    assert [(line, one.stderr) for line, one in done if one.returncode] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_to_a_file(page):
    links = LINK.findall(page.read_text(encoding="utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", COMMANDS)
def test_the_example_of_a_command_names_what_the_command_takes(name, lang):
    examples = say(f"cli.example.{name}", lang).splitlines()

    for example in examples:
        mollet, called, *arguments = shlex.split(example.split("|")[-1].split(">")[0].split("<")[0])
        context = group.make_context("mollet", [], resilient_parsing=True)
        command = group.get_command(context, called)
        assert (mollet, called) == ("mollet", name)
        assert command is not None
        parse(command, arguments, context)


def parse(command, arguments, context):
    """Parse a command line without running it; a word that is no option or argument is an error."""
    if isinstance(command, click.Group) and arguments:
        inner = command.get_command(context, arguments[0])
        assert inner is not None, arguments[0]
        return parse(inner, arguments[1:], context)
    return command.make_parser(context).parse_args(list(arguments))


def test_every_command_is_documented():
    page = ROOT.joinpath("docs/reference/commands.md").read_text(encoding="utf-8")

    assert [name for name in COMMANDS if f"## mollet {name}\n" not in page] == []
