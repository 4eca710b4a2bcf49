import re

import pytest

from mollet.advice.lasting import asking_minute, judge, threshold
from mollet.knowledge import KnowledgeError, load
from mollet.web.views.relief import tier_table


def page(client):
    return client.get("/relief/").content.decode()


def rank(tier):
    return load().tiers[tier].rank


def test_the_first_step_is_lying_or_sitting(stranger):
    first = re.search(r'id="step-(\w+)"', page(stranger))[1]

    assert load().relief[first].position in ("lying", "sitting", "any")


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_step_stands_on_the_page_with_its_stop(stranger, lang):
    from django.utils.html import escape

    shown = stranger.get("/relief/", headers={"accept-language": lang}).content.decode()

    assert [
        step.id for step in load().relief.values() if escape(step.stop.to(lang)) not in shown and step.order > 0
    ] == []


def test_tiptoe_is_never_offered(stranger):
    steps = re.findall(r'id="step-(\w+)"', page(stranger))

    assert "tiptoe" not in steps


@pytest.mark.parametrize(
    "step", [step for step in load().relief.values() if step.position == "standing"], ids=lambda s: s.id
)
def test_a_standing_step_has_a_way_to_do_it_sitting(step):
    assert "sitting" in [variant.id for variant in step.variants]


def test_words_to_read_at_night_are_few():
    too_long = [
        (step.id, lang)
        for step in load().relief.values()
        for lang in ("en", "fr")
        if len(step.words.to(lang).replace(" :", "").split()) > 5
    ]

    assert too_long == []


def test_every_drawing_of_a_step_has_its_words(stranger):
    shown = page(stranger)

    assert shown.count('<svg class="drawing"') == shown.count("</title>") - 1 + shown.count(
        'class="drawing" viewBox="0 0 240 130" aria-hidden'
    )


def test_the_minute_of_the_screen_comes_from_the_red_flag():
    assert asking_minute(load()) == 10


def test_still_hard_alone_is_seen_today():
    assert judge(load(), ["hard"], late=True).tier == "same_day"


@pytest.mark.parametrize("sign", ["swollen", "pale", "breath"])
def test_still_hard_with_a_sign_is_an_emergency(sign):
    assert judge(load(), ["hard", sign], late=True).tier == "emergency"


@pytest.mark.parametrize("sign", ["swollen", "pale", "breath"])
def test_every_sign_alone_interrupts(sign):
    assert rank(judge(load(), [sign], late=False).tier) >= rank("same_day")


def test_one_sign_more_never_lowers_the_urgency():
    table = tier_table(late=True)

    lowered = [
        (index, sign)
        for index in range(len(table))
        for sign in range(len(load().signs))
        if rank(table[index | 2**sign]) < rank(table[index])
    ]

    assert lowered == []


def test_the_page_carries_the_tier_of_every_combination(stranger):
    late = re.search(r'data-late="([^"]+)"', page(stranger))[1].split()

    assert late == [
        judge(load(), [s for n, s in enumerate(load().signs) if index >> n & 1], late=True).tier for index in range(16)
    ]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_form_answers_without_scripts(stranger, lang):
    shown = stranger.post("/relief/check/", {"breath": "yes", "late": "yes"}, headers={"accept-language": lang})

    assert load().tiers["emergency"].do.to(lang) in shown.content.decode()


def test_a_form_with_nothing_ticked_clears_nothing(stranger):
    shown = stranger.post("/relief/check/", {"late": "yes"}).content.decode()

    assert "Nothing was ticked" in shown
    assert load().tiers["self_care"].do.en not in shown


def test_the_form_works_from_a_page_that_is_hours_old(person):
    from django.test import Client

    client = Client(enforce_csrf_checks=True, headers={"host": "localhost:8765"})

    assert client.post("/relief/check/", {"hard": "yes", "late": "yes"}).status_code == 200


def test_what_was_ticked_is_kept_where_the_session_is_known(house, person):
    from mollet.store import read

    house.post("/relief/check/", {"hard": "yes", "late": "yes"})

    kept = {entry.data.question: entry.data.value for entry in read.entries(person)}
    assert kept == {"still_hard_after_stretch": True, "this_cramp_minutes": 10.0}


def test_nothing_ticked_keeps_nothing(house, person):
    from mollet.store import read

    house.post("/relief/check/", {"late": "yes"})

    assert read.entries(person) == []


def test_without_a_session_nothing_is_kept(stranger, person):
    from mollet.store import read

    stranger.post("/relief/check/", {"breath": "yes"})

    assert read.entries(person) == []


def test_what_the_answers_forbid_is_left_out(house, person, at):
    from mollet.store import write

    at("2026-11-22T03:10:00+01:00")
    identity = "22222222-2222-4222-8222-222222222222"
    moment = {"at": "2026-11-21T12:00:00+01:00", "zone": "Europe/Paris", "said": "2026-11-21T12:00:00+01:00"}
    said = {"kind": "answer", "question": "calf_swollen_one_leg", "value": True}
    write.receive(person, [{"v": 1, "id": identity, "about": identity, "replaces": [], **moment, "data": said}])

    assert "massage" not in re.findall(r'id="step-(\w+)"', page(house))


def test_a_stranger_sees_nothing_of_the_diary(stranger, person):
    assert str(person.diary) not in page(stranger)


def test_the_page_of_a_person_does_not_carry_the_diary_either(house, person):
    assert str(person.diary) not in page(house)


def test_the_threshold_is_looked_for_in_the_rule_and_not_invented():
    flag = load().red_flags["lasting_cramp"]

    with pytest.raises(KnowledgeError):
        threshold(flag.when, "no_such_fact")


def says_pregnant(person):
    from mollet.store import write

    identity = "22222222-2222-4222-8222-222222222222"
    moment = {"at": "2026-11-21T12:00:00+01:00", "zone": "Europe/Paris", "said": "2026-11-21T12:00:00+01:00"}
    said = {"kind": "answer", "question": "pregnant", "value": True}
    write.receive(person, [{"v": 1, "id": identity, "about": identity, "replaces": [], **moment, "data": said}])


def ways(client, step):
    shown = page(client)
    inside = shown[shown.index(f'id="step-{step}"') :]
    return re.findall(r'<h2 data-heading tabindex="-1">([^<]+)</h2>', inside[: inside.index("</li>\n")])


def test_the_way_that_the_answers_call_for_stands_first(house, person, at):
    at("2026-11-22T03:10:00+01:00")
    says_pregnant(person)

    pregnant = next(each for each in load().relief["foot_flat"].variants if each.id == "pregnancy")
    assert ways(house, "foot_flat")[0] == pregnant.words.en


def test_without_answers_the_usual_way_stands_first(stranger):
    assert ways(stranger, "foot_flat")[0] == load().relief["foot_flat"].words.en


def test_no_way_is_lost_by_the_order(house, person, at):
    at("2026-11-22T03:10:00+01:00")
    says_pregnant(person)

    assert len(ways(house, "foot_flat")) == len(load().relief["foot_flat"].variants) + 1


def test_lying_sitting_towel_and_pregnancy_are_among_the_ways():
    first = load().relief["foot_up"]

    assert first.position in ("lying", "any")
    assert {"sitting", "towel", "pregnancy"} <= {each.id for each in first.variants}


@pytest.mark.parametrize("signs", [["hard"], ["pale"], ["hard", "pale"], ["swollen"], ["hard", "swollen", "pale"]])
def test_the_answer_to_the_signs_of_a_cramp_calls_for_one_thing_only(stranger, signs):
    from django.utils.html import escape

    shown = stranger.post("/relief/check/", {**dict.fromkeys(signs, "yes"), "late": "yes"}).content.decode()
    tiers = {flag.tier for flag in load().red_flags.values() if escape(flag.says.en) in shown}

    assert tiers == {judge(load(), signs, late=True).tier}


def test_the_screen_shows_a_sentence_of_danger_only_with_its_own_urgency(stranger):
    lines = re.findall(r'<p data-tier="(\w+)" data-flag="(\w+)">', page(stranger))

    assert lines
    assert [flag for tier, flag in lines if load().red_flags[flag].tier != tier] == []
