"""The page on paper; what the file holds is read back with poppler, which the tests bring."""

import dataclasses
import datetime as dt
import re
import shutil
import subprocess

import pytest
from tests.people import claire

from mollet.diary.entries import Answer
from mollet.diary.fold import Diary
from mollet.knowledge import load
from mollet.report.doctor import OWN_QUESTIONS, doctor
from mollet.report.example import example_entries
from mollet.report.pdf import pdf
from mollet.report.sheet import PARTS, sheet

TODAY = dt.date(2026, 11, 22)
NOW = dt.datetime(2026, 11, 22, 8, tzinfo=dt.UTC)
SPAN = (dt.date(2026, 10, 25), dt.date(2026, 11, 21))
needs_poppler = pytest.mark.skipif(not shutil.which("pdfinfo"), reason="needs poppler-utils: apt-get install it")


def example(lang="en", *more):
    diary = Diary((*example_entries(1, TODAY), *more), zone="Europe/Paris")
    return sheet(doctor(diary, load(), NOW, SPAN, "FR"), load(), TODAY, lang, PARTS)


@pytest.fixture(scope="module")
def sheets():
    return {lang: example(lang) for lang in ("en", "fr")}


def run(tool, made, *options):
    done = subprocess.run([tool, *options], input=made, capture_output=True, check=True)
    return done.stdout.decode()


def letters(text):
    """The words without blanks and hyphens at the end of lines, for paper breaks lines where it must."""
    return re.sub(r"\s+", "", text)


def test_the_same_page_gives_the_same_bytes(sheets):
    assert pdf(sheets["en"]) == pdf(sheets["en"])


@needs_poppler
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_page_is_tagged(sheets, lang):
    assert re.search(r"Tagged:\s+yes", run("pdfinfo", pdf(sheets[lang]), "-"))


@needs_poppler
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_year_of_diary_stands_on_one_sheet_of_a4(sheets, lang):
    told = run("pdfinfo", pdf(sheets[lang]), "-")

    assert (re.search(r"Pages:\s+1\b", told) is not None, "A4" in told) == (True, True)


@needs_poppler
def test_every_font_travels_with_the_page(sheets):
    rows = run("pdffonts", pdf(sheets["en"]), "-").splitlines()[2:]

    assert {row.split()[-5] for row in rows} == {"yes"}


@needs_poppler
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_paper_states_every_sentence_of_the_screen(sheets, lang):
    made = sheets[lang]
    said = [made.title, made.made, made.foot, made.picture.caption]
    said += [words for row in made.rows for words in (row.label, row.lead, *row.says, row.small)]
    said += [words for part in made.parts for words in (part.title, *part.items)]

    printed = letters(run("pdftotext", pdf(made), "-raw", "-", "-"))

    assert [words for words in said if letters(words) not in printed] == []


@needs_poppler
def test_words_of_the_person_are_never_markup():
    trick = "#panic() $x^2$ *bold* @nobody <label>"

    made = pdf(example("en", claire.says(Answer(OWN_QUESTIONS, (trick,)), "2026-11-20 09:00")))

    assert letters(trick) in letters(run("pdftotext", made, "-raw", "-", "-"))


@pytest.mark.parametrize("words", ["🙂", "名前", "bell\x07", "zero\u200bwidth", "\U0010fffd"])
def test_a_character_no_font_holds_stops_no_page(sheets, words):
    rows = (dataclasses.replace(sheets["en"].rows[0], lead=words), *sheets["en"].rows[1:])

    assert pdf(dataclasses.replace(sheets["en"], rows=rows)).startswith(b"%PDF-")
