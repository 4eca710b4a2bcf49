"""Looking things up in the diary."""

from html import unescape

import pytest


@pytest.fixture(autouse=True)
def diary(house, at):
    at("2026-11-22T09:00:00+01:00")
    house.post("/nights/2026-11-03/note/", {"text": "Kinésithérapeute <b>ce matin</b>"})
    house.post("/nights/2026-11-20/note/", {"text": "Long walk with George"})
    house.post("/me/medicines/", {"change": "start", "name": "Furosémide", "on": "2026-10-12"})
    house.post("/nights/2026-11-12/answer/", {"cramps": "2"})


def found(house, query):
    page = house.get("/search/", {"q": query}).content.decode()
    return page[page.index('role="status"') :]


@pytest.mark.parametrize("query", ["kinesi", "KINÉ", "kiné novembre", "2026-11-03 kiné"])
def test_a_note_is_found_by_the_beginning_of_its_words(house, query):
    assert 'href="/nights/2026-11-03/"' in found(house, query)


def test_a_medicine_is_found(house):
    assert "Furosémide" in found(house, "furosemide")


@pytest.mark.parametrize("query", ["12 novembre", "November 12", "12/11/2026", "2026-11-12", "12/11"])
def test_a_night_is_found_by_its_date_as_one_writes_it(house, query):
    assert 'href="/nights/2026-11-12/"' in found(house, query)


def test_every_word_must_be_there(house):
    assert "Nothing found" in found(house, "George kiné")


def test_a_number_is_meant_as_it_stands(house):
    assert "2026-11-12" not in found(house, "1 novembre")


def test_words_of_a_note_are_never_markup(house):
    assert "<b>ce matin" not in found(house, "kiné")


def test_nothing_asked_shows_nothing(house):
    assert 'class="night-list"' not in house.get("/search/").content.decode()


def test_a_note_that_was_taken_back_is_not_found(house, person):
    from mollet.diary.entries import Note
    from mollet.store import read

    [note] = [
        one for one in read.diary(person).live if isinstance(one.held.data, Note) and "George" in one.held.data.text
    ]
    house.post("/nights/undo/", {"about": str(note.about), "replaces": str(note.leaves[0].id)})

    assert "Nothing found" in found(house, "George")


def test_a_stranger_finds_nothing(stranger):
    assert stranger.get("/search/", {"q": "George"}).status_code == 403


@pytest.mark.parametrize(
    ("lang", "query", "said"),
    [
        ("en", "hospital", "Pause: hospital, 14 Nov 2026 to 16 Nov 2026"),
        ("fr", "hôp", "Pause\u00a0: hôpital, du 14 nov. 2026 au 16 nov. 2026"),
        ("en", "pause", "Pause: travel, since 19 Nov 2026, still going on"),
    ],
)
def test_a_pause_is_found_with_its_reason_and_its_days(house, person, lang, query, said):
    house.post("/nights/pause/", {"first": "2026-11-14", "last": "2026-11-16", "reason": "hospital"})
    house.post("/nights/pause/", {"first": "2026-11-19", "last": "", "reason": "travel"})
    person.language = lang
    person.save()

    assert said in unescape(found(house, query))
