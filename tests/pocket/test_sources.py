"""The pocket edition carries what stands behind its advice: signs, urgencies, claims, remedies, relief steps."""

import html
import json
import re
import zlib
from functools import cache

import pytest

from mollet.advice.compiled import routine_remedies
from mollet.advice.evidence import said_of
from mollet.knowledge import load
from mollet.web import pocket, statics
from mollet.words import LANGUAGES

STANDARD = "standard"


@cache
def folder():
    statics.prepare()
    return pocket.everything()


def unpacked(name):
    return json.loads(zlib.decompress(folder()[name]))


def named(behind):
    """Documents in a line of names."""
    return set(behind.split()) - {STANDARD}


def lists_of(page):
    """Lists whose places stand on a whole page."""
    lists = unpacked("sources.bin")["lists"]
    return [lists[int(number)] for number in re.findall(r"<p data-rests=(\d+) hidden>", folder()[page].decode())]


def is_told(item, behind):
    """Whether a line names all that an item rests on, or says that it is usual practice."""
    return bool(behind) and set(item.sources) <= named(behind) and (bool(item.sources) or STANDARD in behind.split())


@pytest.mark.parametrize(("kind", "items"), [("tiers", "tiers"), ("flags", "red_flags")])
def test_every_urgency_and_every_sign_has_what_it_rests_on(kind, items):
    behind = unpacked("rules.bin")["behind"][kind]

    assert [one.id for one in getattr(load(), items).values() if not is_told(one, behind[one.id])] == []


def test_every_remedy_of_the_evening_has_what_it_and_its_conditions_rest_on():
    behind = unpacked("rules.bin")["behind"]["routine"]

    remedies = routine_remedies(load())
    assert remedies
    assert [one.id for one in remedies for part in said_of(one) if not is_told(part, behind[one.id])] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_number_to_call_has_where_it_is_from(lang):
    countries = unpacked(f"{lang}/words.bin")["countries"]

    assert [one.id for one in load().countries.values() if not is_told(one, countries[one.id]["sources"])] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_claim_has_its_list(lang):
    lists, page = unpacked("sources.bin")["lists"], unpacked(f"{lang}/pages.bin")["claims"]["main"]
    told = {
        id: lists[int(number)]
        for id, number in re.findall(
            r"<details data-claim id=(\w+)>.*?<details class=sources data-sources=(\d+)>", page
        )
    }

    assert set(told) == set(load().claims)
    assert [one.id for one in load().claims.values() if not is_told(one, told[one.id])] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_step_of_relief_and_each_of_its_conditions_has_its_documents(lang):
    [steps, *_] = lists_of(f"{lang}/relief/index.html")

    assert [step.id for step in load().relief.values() for part in said_of(step) if not is_told(part, steps)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_the_alarm_page_says_has_its_documents(lang):
    page = f"{lang}/alarm/index.html"
    flags = [load().red_flags[id] for id in unpacked(f"{lang}/words.bin")["named"]]
    lists = lists_of(page)

    assert len(flags) > 50
    assert [flag.id for flag in flags if not any(is_told(flag, one) for one in lists)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_sentences_of_the_signs_travel_in_the_order_of_their_names(lang):
    [*lists] = re.findall(r"<ul data-named>(.*?)</ul>", folder()[f"{lang}/alarm/index.html"].decode())
    shown = [html.unescape(name) for one in lists for name in re.findall(r"<li><b>(.*?)\.</b>", one)]

    assert shown == [getattr(load().red_flags[id].name, lang) for id in unpacked(f"{lang}/words.bin")["named"]]


def test_every_document_that_is_named_travels_along_as_the_knowledge_cites_it():
    packed, behind = unpacked("sources.bin"), unpacked("rules.bin")["behind"]
    lines = [*packed["lists"], *(line for kind in behind.values() for line in kind.values())]
    lines += [one["sources"] for one in unpacked("en/words.bin")["countries"].values()]

    every = set().union(*map(named, lines))
    cited = {id: [one.reference, one.identifier, one.read] for id, one in load().sources.items() if id in every}
    assert {id: packed["documents"][id] for id in every} == cited


@pytest.mark.parametrize("lang", LANGUAGES)
def test_how_a_document_was_read_is_said_in_both_languages(lang):
    words = unpacked(f"{lang}/words.bin")["sources"]

    assert {read for _, _, read in unpacked("sources.bin")["documents"].values()} <= set(words["read"])


def test_the_worker_keeps_every_file_of_the_folder():
    worker = folder()["sw.js"].decode()
    names = [name.removesuffix("index.html") for name in folder() if name != "sw.js"]

    assert [name for name in names if not re.search(f'[`",]{re.escape(name)}[`",]', worker)] == []


@pytest.mark.parametrize("rule", ["@page", "@keyframes", "@media", ":focus-visible"])
def test_a_rule_that_names_no_class_stays(rule):
    house = "".join(statics.source(name) for name in pocket.STYLES)
    styles = "".join(content.decode() for name, content in folder().items() if name.endswith(".css"))

    assert rule in house
    assert rule in styles


def test_no_class_a_page_names_has_lost_its_rules():
    styles = "".join(content.decode() for name, content in folder().items() if name.endswith(".css"))
    house = "".join(statics.source(name) for name in pocket.STYLES)
    pages = [folder()[f"en/{name}index.html"].decode() for name in ("", "relief/", "alarm/")]
    pages += [part["main"] for part in unpacked("en/pages.bin").values()]
    classes = {
        name
        for text in pages
        for one in re.findall(r'class=(?:"([^"]*)"|(\S+?)[ >])', text)
        for name in "".join(one).split()
    }

    styled = [name for name in classes if re.search(rf"\.{name}(?![\w-])", house)]
    assert len(styled) > 30
    assert [name for name in styled if not re.search(rf"\.{name}(?![\w-])", styles)] == []


def test_the_folder_is_small():
    assert sum(map(len, folder().values())) <= pocket.LARGEST
