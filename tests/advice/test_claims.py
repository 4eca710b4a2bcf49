"""Claims are found by the words people use, and each lives on a screen."""

import pytest

from mollet.advice.claims import search, to_json
from mollet.knowledge import load


def first(words, lang):
    return search(words, load(), lang)[0]


@pytest.mark.parametrize(
    ("words", "lang", "expected"),
    [
        ("magnesium", "en", "magnes"),
        ("magnésium", "fr", "magnés"),
        ("MAGNESIUM", "fr", "magnés"),
        ("savon", "fr", "savon"),
        ("soap at the foot of the bed", "en", "soap"),
        ("quinine", "en", "quinine"),
        ("bananes", "fr", "banane"),
        ("tiptoe", "en", "tiptoe"),
    ],
)
def test_a_claim_is_found_by_its_words(words, lang, expected):
    claim = first(words, lang)

    text = " ".join((claim.said.to(lang), *getattr(claim.words, lang), claim.we_say.to(lang))).lower()

    assert expected in text


@pytest.mark.parametrize(
    ("words", "lang", "expected"),
    [
        ("bananne", "fr", "bananas"),
        ("magnesum", "fr", "magnesium"),
        ("quinnine", "en", "quinine_danger"),
        ("homeopatie", "fr", "homeopathy"),
        ("compresion", "fr", "compression"),
        ("vinagre", "fr", "vinegar"),
        ("stattines", "fr", "it_is_the_statin"),
    ],
)
def test_a_word_that_is_misspelt_finds_what_it_stands_for(words, lang, expected):
    assert first(words, lang).id == expected


def test_a_word_that_somebody_says_is_not_read_as_a_near_one():
    """Salt is near to “malt”, sport to “support”: a word that stands in a claim is taken as it is."""
    assert first("sport", "en").id == "sport"


def test_signs_that_are_no_letters_find_nothing():
    assert search("😀", load(), "fr") == ()


def test_contracture_finds_what_is_said_of_cramps():
    assert search("contracture", load(), "fr") != ()


def test_words_of_the_other_language_are_found_too():
    assert search("savon", load(), "en") != ()


def test_without_words_every_claim_is_listed_in_its_order():
    assert [one.number for one in search("", load(), "en")] == sorted(one.number for one in load().claims.values())


def test_words_about_nothing_find_nothing():
    assert search("xyzabc", load(), "en") == ()


@pytest.mark.parametrize("claim", sorted(load().claims))
def test_a_claim_is_linked_to_an_item_of_its_screen(claim):
    got = load().claims[claim]
    kinds = {
        "/relief/": ("relief", "remedies"),
        "/plan/": ("remedies",),
        "/causes/": ("causes",),
        "/checkup/": ("recognise", "red_flags"),
    }

    assert got.item is None or got.item.split("/")[0] in kinds[got.where]


@pytest.mark.parametrize("claim", sorted(load().claims))
def test_nobody_knows_is_not_said_beside_a_plain_no(claim):
    got = load().claims[claim]

    assert not (got.verdict == "gap" and got.we_say.en.startswith("No:"))


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_who_takes_a_blood_thinner_reads_it_where_massage_is_praised(lang):
    assert {"en": "blood thinner", "fr": "anticoagulant"}[lang] in load().claims["massage"].we_say.to(lang)


@pytest.mark.parametrize("claim", ["warm_compress", "heat_or_cold"])
def test_who_has_diabetes_reads_it_where_warmth_is_praised(claim):
    assert "diabetes" in load().claims[claim].we_say.en


def test_standing_on_tiptoe_is_explained():
    assert any(one.item == "remedies/tiptoe" for one in load().claims.values())


def test_claims_are_told_with_the_version_of_what_is_known():
    assert to_json((), load(), "en") == {"claims": [], "knowledge_version": load().version}
