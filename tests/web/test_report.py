import re

import pytest


@pytest.fixture(autouse=True)
def morning(at):
    at("2026-11-22T09:00:00+01:00")


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_counts_come_with_the_nights_they_are_from(house):
    house.post("/nights/2026-11-19/answer/", {"cramps": "2"})
    house.post("/nights/2026-11-20/answer/", {"cramps": "0"})

    assert "2 cramps in 2 of 28 nights" in words(house.get("/report/"))


def test_without_a_confirmed_night_nothing_is_counted(house):
    assert "None of these 28 nights was confirmed" in words(house.get("/report/"))


def test_a_denied_sign_stands_with_its_day(house):
    house.post("/checkup/danger_now/", {"none": "none"})

    assert "Said no on 22 November 2026:" in words(house.get("/report/"))


def test_what_was_not_asked_is_said(house):
    assert "Not asked or not known" in words(house.get("/report/"))


def test_everything_is_said_to_be_self_reported(house):
    assert "reported by the person" in words(house.get("/report/"))


def test_notes_stay_private(house):
    house.post("/nights/2026-11-20/note/", {"text": "a secret thought"})

    assert "a secret thought" not in words(house.get("/report/"))


@pytest.mark.parametrize("days", ["28", "364", "7", "", "-1", "٣", "1e9"])
def test_any_span_asked_for_gives_a_page(house, days):
    assert house.get("/report/", {"days": days}).status_code == 200


def test_the_page_is_written_in_french_for_who_reads_french(house, person):
    person.language = "fr"
    person.save()

    assert "Signes de danger" in words(house.get("/report/"))


def test_the_doctor_reads_french_whatever_the_person_reads(house):
    assert "Signes de danger" in words(house.get("/report/", {"lang": "fr"}))


def test_the_page_is_marked_with_the_language_of_the_doctor(house):
    assert '<article class="sheet" lang="fr">' in house.get("/report/", {"lang": "fr"}).content.decode()


def test_what_is_not_ticked_does_not_leave(house):
    assert "Usually none" not in words(house.get("/report/", {"chosen": "1"}))


def test_the_pdf_is_handed_over_as_a_file(house):
    response = house.get("/report/pdf/", {"lang": "fr"})

    assert (response["Content-Type"], response.content[:5]) == ("application/pdf", b"%PDF-")


def test_a_stranger_gets_no_pdf(stranger):
    assert stranger.get("/report/pdf/").status_code == 403


def test_own_words_stand_on_the_page(house):
    house.post("/report/words/", {"name": "Claire M.", "asks": "Is it my tablet?", "tests": "potassium 4.1"})

    assert "Is it my tablet?" in words(house.get("/report/"))


def test_own_words_are_on_paper_only_while_they_hold(house):
    house.post("/report/words/", {"name": "", "asks": "Is it my tablet?", "tests": ""})
    house.post("/report/words/", {"name": "", "asks": "", "tests": ""})

    assert "Is it my tablet?" not in words(house.get("/report/"))


def test_too_many_words_are_refused_and_none_is_lost(house):
    response = house.post("/report/words/", {"asks": "x" * 500})

    assert (response.status_code, "x" * 500 in response.content.decode()) == (400, True)


def test_words_are_shown_as_words(house):
    house.post("/report/words/", {"asks": "<script>alert(1)</script>"})

    assert "<script>alert" not in house.get("/report/").content.decode()


def test_a_sheet_with_few_answers_names_no_reassuring_tier(house):
    from mollet.knowledge import load

    house.post("/checkup/danger_now/", {"chest_pain": "no"})

    shown = house.get("/report/?lang=en").content.decode()

    assert load().tiers["self_care"].name.en not in shown
    assert "not known yet" in shown
