"""The safety papers: each hazard names a test that exists, and the status is said as it is."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SAFETY = ROOT / "docs" / "safety"
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def text(name):
    return (SAFETY / name).read_text(encoding="utf-8")


def hazards():
    return [line for line in text("hazard-log.md").splitlines() if re.match(r"\| H\d\d \|", line)]


@cache
def names_in(file):
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}


@pytest.mark.parametrize("hazard", hazards(), ids=[line.split("|")[1].strip() for line in hazards()])
def test_each_hazard_is_shown_by_tests_that_exist(hazard):
    named = NAMED.findall(hazard)

    assert named
    assert [f"{file}::{name}" for file, name in named if name not in names_in(file)] == []


def test_the_regulatory_status_is_said_as_it_is():
    said = "Not assessed; triage software may be a medical device, to be assessed before it is offered to the public."

    assert said in text("intended-purpose.md").replace("\n", " ")


def test_nobody_is_said_to_have_reviewed_what_nobody_reviewed():
    assert "No clinician has reviewed" in text("review.md")
