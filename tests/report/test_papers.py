"""What the bedside card and the fridge sheet may say, and that paper says all of it."""

import datetime as dt
import html
import re

import pytest
from tests.people import awa, claire, george
from tests.report.test_pdf import letters, needs_poppler, run

from mollet.advice.plan import plan
from mollet.advice.relief import relief
from mollet.diary.facts import resolve
from mollet.knowledge import load
from mollet.report.card import card
from mollet.report.fridge import fridge
from mollet.report.paper import Whose, sentences
from mollet.report.pdf import pdf

TODAY = dt.date(2026, 11, 22)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><path d="M0 0h4"/></svg>'
PEOPLE = {"claire": claire.answers, "george": george.answers, "awa": awa.answers, "nobody": {}}
URGENT = {**claire.answers, "chest_pain": True}
PRINTED = {**PEOPLE, "urgent": URGENT}
BOTH = {
    "en": "Still hard after 10 minutes, and swollen, hot or red",
    "fr": "Encore dur après 10\u00a0minutes, et gonflé, chaud ou rouge",
}


class Drawings(dict):
    """A drawing under every name."""

    def __contains__(self, name):
        return name in ("foot_up", "foot_up_pregnancy", "foot_flat", "massage", "wall_calf", "toe_raise")

    def __missing__(self, name):
        return SVG


def made(make, answers, lang="en", country="FR"):
    return make(Whose(resolve(answers, load()), load(), country, Drawings(), TODAY, lang, "Claire Martin"))


@pytest.mark.parametrize("answers", PEOPLE.values(), ids=PEOPLE)
def test_the_card_holds_only_steps_that_the_gate_lets_through(answers):
    found = relief(resolve(answers, load()), load())
    allowed = {words for one in found.steps for words in all_words(one.step)}

    assert [step.words for step in made(card, answers).steps if step.words not in allowed] == []


def all_words(step):
    return {step.words.en, *(each.words.en for each in step.variants if each.words)}


@pytest.mark.parametrize("answers", PEOPLE.values(), ids=PEOPLE)
def test_the_card_says_every_condition_of_its_steps(answers):
    paper = made(card, answers)
    found = [one for one in relief(resolve(answers, load()), load()).steps if one.step.order > 0][: len(paper.steps)]
    said = [words for one in paper.conditions for words in one.says]

    assert [text.en for one in found for text in one.judgement.says if text.en not in said] == []


def test_the_card_shows_the_form_that_suits_the_person():
    assert made(card, awa.answers).steps[0].drawing == "foot_up_pregnancy"


def test_the_card_has_four_steps():
    assert len(made(card, {}).steps) == 4


def test_beside_an_emergency_the_card_says_to_breathe_and_why():
    paper = made(card, URGENT)

    assert ([step.words for step in paper.steps], len(paper.first)) == ([load().relief["breathe"].words.en], 1)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_two_signs_together_are_an_emergency_as_on_the_screen(lang):
    emergency = made(card, {}, lang).urgencies[0]

    assert (emergency.do, BOTH[lang] in emergency.signs) == (load().tiers["emergency"].do.to(lang), True)


@pytest.mark.parametrize("country", ["FR", "GB"])
def test_the_numbers_are_those_of_the_country(country):
    assert made(card, {}, country=country).urgencies[0].numbers == load().countries[country].emergency


def test_a_country_that_was_not_checked_has_no_number():
    assert made(card, {}, country="ZZ").urgencies[0].numbers == ()


@pytest.mark.parametrize("answers", PEOPLE.values(), ids=PEOPLE)
def test_the_sheet_holds_what_is_planned_and_nothing_else(answers):
    sections = dict(plan(resolve(answers, load()), load()).sections)
    planned = [one for name in ("tonight", "day") for one in sections[name]]
    names = [(one.variant.name if one.variant and one.variant.name else one.remedy.name).en for one in planned]

    shown = [one.name for part in made(fridge, answers).parts[:2] for one in part.exercises]

    assert shown == names


def test_every_exercise_has_its_dose():
    steps = [step for part in made(fridge, {}).parts for one in part.exercises for step in one.steps]

    assert [step.words for step in steps if not re.match(r"\d+ seconds", step.says[0])] == []


def test_the_sheet_says_what_this_person_must_not_do():
    forbidden = dict(made(fridge, george.answers).avoid)

    assert "kidney disease" in forbidden[load().remedies["magnesium"].name.en]


def test_while_something_urgent_holds_the_sheet_plans_nothing():
    paper = made(fridge, URGENT)

    assert (paper.parts, len(paper.first)) == ((), 1)


def test_the_sheet_names_every_finding_that_calls_for_care_today():
    told = " ".join(one.also for one in made(fridge, {}).urgencies)

    urgent = [flag for flag in load().red_flags.values() if flag.tier in ("emergency", "same_day")]
    assert [flag.id for flag in urgent if flag.name.en not in told] == []


@needs_poppler
@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("make", [card, fridge])
@pytest.mark.parametrize(
    "answers", [{}, george.answers, awa.answers, URGENT], ids=["nobody", "george", "awa", "urgent"]
)
def test_a_paper_has_two_sides_and_is_tagged(make, answers, lang):
    told = run("pdfinfo", pdf(made(make, answers, lang)), "-")

    assert int(re.search(r"Pages:\s+(\d+)", told)[1]) <= 2
    assert re.search(r"Tagged:\s+yes", told)


@needs_poppler
@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("make", [card, fridge])
def test_paper_states_every_sentence(make, lang):
    paper = made(make, george.answers, lang)
    described = {step.describes for step in getattr(paper, "steps", ())}
    described |= {
        step.describes for part in getattr(paper, "parts", ()) for one in part.exercises for step in one.steps
    }

    found = letters(run("pdftotext", pdf(paper), "-raw", "-", "-")).replace("-", "")

    said = [words for words in sentences(paper) if words not in described]
    assert [words for words in said if letters(words).replace("-", "") not in found] == []


@needs_poppler
def test_the_card_is_half_a_sheet_of_a4():
    assert "419.528 x 595.276" in run("pdfinfo", pdf(made(card, {})), "-")


def test_the_same_card_gives_the_same_bytes():
    assert pdf(made(card, claire.answers)) == pdf(made(card, claire.answers))


def printed(paper, *options):
    """What stands on paper, line by line: the size of its letters in points, and its words."""
    told = run("pdftohtml", pdf(paper), "-xml", "-i", "-stdout", "-zoom", "3", *options, "-", "none")
    points = {font: int(size) / 3 for font, size in re.findall(r'<fontspec id="(\d+)" size="(-?\d+)"', told)}
    lines = re.findall(r'<text [^>]*font="(\d+)">(.*?)</text>', told)
    plain = ((points[font], letters(html.unescape(re.sub(r"<[^>]*>", "", words)))) for font, words in lines)
    return [(size, words) for size, words in plain if words]


def longest(country):
    """How much there is to say of whom to call there."""
    where = load().countries[country]
    return len(where.says.fr) + sum(len(service.says.fr) for service in where.same_day)


WORDIEST = max(load().countries, key=longest)


@needs_poppler
@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("make", [card, fridge])
@pytest.mark.parametrize("answers", PRINTED.values(), ids=PRINTED)
def test_nothing_on_paper_is_smaller_than_ten_points(make, answers, lang):
    lines = printed(made(make, answers, lang, WORDIEST))

    assert [(size, words) for size, words in lines if size < 10] == []


@needs_poppler
@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("make", [card, fridge])
@pytest.mark.parametrize("answers", PRINTED.values(), ids=PRINTED)
def test_with_the_most_to_say_a_paper_still_has_two_sides(make, answers, lang):
    told = run("pdfinfo", pdf(made(make, answers, lang, WORDIEST)), "-")

    assert int(re.search(r"Pages:\s+(\d+)", told)[1]) <= 2


@needs_poppler
@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("answers", PEOPLE.values(), ids=PEOPLE)
def test_the_steps_of_the_card_are_read_at_an_arms_length(answers, lang):
    paper = made(card, answers, lang, WORDIEST)
    steps = "".join(letters(step.words) for step in paper.steps)
    large = "".join(words for size, words in printed(paper, "-l", "1") if size >= 16)

    assert re.sub(r"\d\.", "", large).endswith(steps)


@needs_poppler
@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("answers", PRINTED.values(), ids=PRINTED)
@pytest.mark.parametrize(("make", "side", "least"), [(card, "2", 12), (fridge, "1", 14)], ids=["card", "fridge"])
def test_the_signs_that_call_for_help_are_large(make, side, least, answers, lang):
    paper = made(make, answers, lang, "FR")
    call = paper.urgencies[0] if make is card else paper.call
    large = "".join(words for size, words in printed(paper, "-f", side, "-l", side) if size >= least)

    assert [words for words in (*call.signs, call.do, *call.numbers) if letters(words) not in large] == []


@needs_poppler
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_number_to_call_is_the_largest_word_on_the_door(lang):
    [largest] = [words for size, words in printed(made(fridge, george.answers, lang), "-l", "1") if size >= 30]

    assert largest == "15·112"


def test_no_condition_stands_on_the_card_twice():
    said = [words for one in made(card, {}).conditions for words in one.says]

    assert len(said) == len(set(said))


@pytest.mark.parametrize("make", [card, fridge])
def test_no_milder_urgency_stands_at_the_top_of_a_paper_beside_an_emergency(make):
    first = made(make, {"skin_pale_or_blue": True, "numbness": True}).first

    assert [words for words in first if not words.startswith("Call the emergency number now.")] == []
