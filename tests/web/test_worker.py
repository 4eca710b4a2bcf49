import re

import pytest

from mollet.web import statics
from mollet.web.views.worker import FILES, PAGES


def kept(client):
    return set(re.findall(r'"(/static/[^"]+)"', client.get("/sw.js").content.decode()))


def test_the_worker_is_never_served_from_a_cache(stranger):
    answer = stranger.get("/sw.js")

    assert answer["Cache-Control"] == "no-cache"
    assert answer["Content-Type"] == "text/javascript"


def test_the_name_of_the_cache_changes_with_the_files(stranger):
    assert statics.collected().name in stranger.get("/sw.js").content.decode().splitlines()[0]


@pytest.mark.parametrize("page", PAGES)
def test_every_file_of_a_kept_page_is_kept_too(stranger, page):
    named = set(re.findall(r'/static/[^"]+', stranger.get(page).content.decode()))

    assert named - kept(stranger) == set()


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".js")])
def test_every_script_that_a_kept_script_needs_is_kept_too(name):
    needed = re.findall(r'from "\./([\w-]+\.js)"', statics.source(name))

    assert set(needed) - set(FILES) == set()


@pytest.mark.parametrize("page", PAGES)
def test_a_kept_page_answers_without_a_session(stranger, page):
    assert stranger.get(page).status_code == 200


@pytest.mark.parametrize("page", ["/offline/", "/phone/"])
def test_the_offline_pages_hold_nothing_of_the_person(house, person, page):
    assert str(person.diary) not in house.get(page).content.decode()


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_manifest_has_two_shortcuts_in_each_language(stranger, lang):
    shortcuts = stranger.get("/manifest.webmanifest", headers={"accept-language": lang}).json()["shortcuts"]

    names = {"en": ["I have a cramp", "Last night"], "fr": ["J’ai une crampe", "La nuit dernière"]}
    assert [each["name"] for each in shortcuts] == names[lang]


def test_me_ships_tonights_routine(house):
    routine = house.get("/api/me").json()["routine"]

    assert [part["id"] for part in routine][:1] == ["calf_hamstring_stretch"]
    assert all(step["seconds"] > 0 for part in routine for step in part["steps"])
