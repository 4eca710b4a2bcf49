"""What `mollet export` hands over besides the formats that come back in."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from mollet.cli import group
from mollet.store import folder

TABLE = "night,cramps\n2026-11-03,2\n2026-11-04,0\n"


@pytest.fixture(autouse=True)
def _diary(transactional_db: None, data_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A diary of two nights."""
    folder.prepare()
    folder.database().touch()
    monkeypatch.setenv("LANG", "C.UTF-8")
    for name in ("MOLLET_LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    file = tmp_path / "nights.csv"
    file.write_text(TABLE, encoding="utf-8")
    run("import", file)


def run(*words):
    return CliRunner().invoke(group, [str(word) for word in words])


def test_the_doctors_page_is_a_pdf(tmp_path):
    done = run("export", "doctor-pdf", "--lang", "fr", "--out", tmp_path / "page.pdf")

    assert (done.exit_code, (tmp_path / "page.pdf").read_bytes()[:5]) == (0, b"%PDF-")


def test_the_doctors_page_looks_back_on_the_nights_asked_for():
    done = run("export", "doctor-pdf", "--preview", "--since", "2026-11-03", "--until", "2026-11-04")

    assert "2 cramps in 2 of 2 nights" in done.stdout


def test_the_calendar_is_written():
    assert run("export", "calendar").stdout.startswith("BEGIN:VCALENDAR")


def test_a_bundle_without_names_is_written():
    assert json.loads(run("export", "fhir").stdout)["resourceType"] == "Bundle"


def test_the_minimum_holds_the_nights_at_other_dates():
    rows = run("export", "diary-csv", "--privacy", "minimum").stdout.splitlines()

    assert ([row.partition(",")[2] for row in rows], "2026" in str(rows)) == (["cramps", "2", "0"], False)


def test_a_preview_says_what_leaves_and_writes_nothing(tmp_path):
    done = run("export", "diary-json", "--preview", "--out", tmp_path / "all.json")

    assert ("Leaves: 2 × morning answer" in done.stdout, (tmp_path / "all.json").exists()) == (True, False)


@pytest.mark.parametrize(
    "words",
    [
        ("doctor-pdf", "--privacy", "minimum"),
        ("calendar", "--since", "2026-01-01"),
        ("diary-csv", "--snomed"),
        ("diary-json", "--until", "2026-01-01"),
        ("doctor-pdf", "--since", "2026-11-04", "--until", "2026-11-03"),
        ("diary-csv", "--privacy", "secret"),
    ],
)
def test_what_does_not_go_together_is_said(words):
    assert run("export", *words).exit_code == 2


def test_every_way_out_is_listed():
    listed = run("formats").stdout

    assert [name for name in ("fhir", "doctor-pdf", "calendar") if name not in listed] == []


@pytest.mark.parametrize("name", ["card", "fridge"])
def test_a_paper_for_the_wall_is_a_pdf(tmp_path, name):
    done = run("export", name, "--lang", "fr", "--out", tmp_path / "paper.pdf")

    assert (done.exit_code, (tmp_path / "paper.pdf").read_bytes()[:5]) == (0, b"%PDF-")


@pytest.mark.parametrize(
    ("name", "words"), [("card", "Calf cramp: what to do"), ("fridge", "My legs: evening and day")]
)
def test_a_paper_for_the_wall_can_be_read_before_it_is_printed(name, words):
    assert run("export", name, "--lang", "en", "--preview").stdout.startswith(words)


@pytest.mark.parametrize("name", ["card", "fridge"])
def test_a_paper_for_the_wall_has_no_span(name):
    assert run("export", name, "--since", "2026-11-03").exit_code == 2
