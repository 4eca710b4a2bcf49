"""Urgency: what is not known clears nothing, and nothing that is advised is forbidden."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.advice.answers import answers, ordinary, values_of

from mollet.advice.triage import to_json, triage
from mollet.diary.facts import resolve
from mollet.errors import EntryError
from mollet.knowledge import load
from mollet.words import LANGUAGES

CLOT = {"calf_swollen_one_leg": True, "calf_warm": True, "calf_tender": True}


def found(said, country="FR"):
    return triage(resolve(said, load()), load(), country)


def rank(tier):
    return load().tiers[tier].rank


def signs():
    """Questions that a red flag takes as a sign: yes makes it likelier."""
    from mollet.knowledge.rules import Fact, leaves

    named = [leaf for flag in load().red_flags.values() for leaf in leaves(flag.when)]
    denied = {leaf.name for leaf, negated in named if negated}
    return sorted(
        {leaf.name for leaf, negated in named if isinstance(leaf, Fact) and not negated and ":" not in leaf.name}
        - denied
    )


def test_with_no_answers_nothing_is_found_and_everything_is_open():
    got = found({})

    assert (got.tier, got.could_be, got.settled) == ("self_care", "emergency", False)


@pytest.mark.parametrize("topic", ["salt_substitute", "tonic_water"])
def test_what_is_no_remedy_is_never_answered_under_what_to_do(topic):
    got = found(ordinary(asks_about=[topic]))

    assert topic not in {one.id for one in got.do}
    assert next(one for one in got.avoid if one.id == topic).says.en.startswith("Do not ")


def test_silence_is_not_reassured():
    assert found({}).do[0].id == "not_settled"


def test_silence_is_not_told_to_stay_at_home():
    assert "self_care" not in {one.id for one in found({}).do}


def test_what_is_asked_beside_something_for_today_can_wait():
    reply = next(one for one in found({**CLOT, "asks_about": ["soap"]}).do if one.id == "soap")

    assert reply.says.en.startswith("This can wait")


@pytest.mark.parametrize("topic", [choice.id for choice in load().questions["asks_about"].values])
def test_whatever_is_asked_in_an_emergency_is_answered_under_avoid(topic):
    got = found({"chest_pain": True, "asks_about": [topic]})

    assert topic not in {one.id for one in got.do}
    assert topic in {one.id for one in got.avoid}


@pytest.mark.parametrize("topic", ["heat", "soap", "painkiller"])
def test_a_harmless_request_in_an_emergency_is_put_off_because_of_its_sign(topic):
    reply = next(one for one in found({"chest_pain": True, "asks_about": [topic]}).avoid if one.id == topic)

    assert "not now" in reply.says.en
    assert reply.because == ("chest_pain",)


def test_what_must_be_known_first_asks_and_does_not_accuse():
    reply = next(one for one in found({"asks_about": ["salt_substitute"]}).avoid if one.id == "salt_substitute")

    assert "with your illness or medicine" not in reply.says.en
    assert "medicines" in reply.because


def test_what_is_never_done_is_not_put_off_until_later():
    said = {"medicines": ["simvastatin"], "dark_urine": True, "asks_about": ["stop_medicine"]}

    reply = next(one for one in found(said).avoid if one.id == "stop_medicine")

    assert "not now" not in reply.says.en


def test_an_ordinary_cramp_that_answered_everything_is_settled():
    got = found(ordinary())

    assert (got.tier, got.settled, got.open, got.ask_next) == ("self_care", True, (), None)


def test_an_ordinary_cramp_is_told_what_to_watch_for():
    assert found(ordinary()).do[-1].id == "safety_net"


def test_an_emergency_is_settled_at_once():
    got = found({"calf_swollen_one_leg": True, "breathless": True, "chest_pain": True})

    assert (got.tier, got.settled, got.ask_next) == ("emergency", True, None)


def test_findings_stand_most_urgent_first():
    ranks = [rank(one.flag.tier) for one in found({**CLOT, "breathless": True, "sleep_disturbed": True}).findings]

    assert ranks == sorted(ranks, reverse=True)


def test_a_finding_rests_on_the_answers_that_were_given():
    said = {**CLOT, "at_night": True}

    assert all(set(one.because) <= set(said) and one.because for one in found(said).findings)


def test_a_finding_that_rests_on_a_medicine_names_the_list():
    got = found({"medicines": ["simvastatin"], "dark_urine": True})

    assert any("medicines" in one.because for one in got.findings) or got.tier == "emergency"


def test_what_to_do_first_is_what_the_urgency_asks():
    assert found(CLOT).do[0].id == "same_day"


@pytest.mark.parametrize(("country", "number"), [("FR", "15"), ("fr", "15"), ("GB", "111")])
def test_today_is_called_by_country(country, number):
    assert found(CLOT, country).call.number == number


@pytest.mark.parametrize(
    ("country", "number"), [("FR", "15"), ("GB", "999"), ("DE", "112"), ("CH", "144"), ("US", "911"), ("CA", "911")]
)
def test_an_emergency_is_called_by_country(country, number):
    assert found({"face_or_one_sided_weakness": True}, country).call.number == number


def test_no_number_is_pressed_on_an_ordinary_cramp():
    assert found(ordinary()).call.number is None


def test_where_no_number_was_checked_there_is_a_sentence_in_an_emergency():
    call = found({"face_or_one_sided_weakness": True}, "ZZ").call

    assert (call.number, call.says.en) == (None, "Call the emergency number of the place where you are.")


@pytest.mark.parametrize("country", sorted(load().countries))
def test_in_an_emergency_nobody_is_sent_to_their_own_doctor(country):
    assert "doctor" not in found({"face_or_one_sided_weakness": True}, country).call.says.en


@pytest.mark.parametrize("code", ["UK", "uk", "GB"])
def test_the_united_kingdom_is_known_by_both_its_codes(code):
    got = found(CLOT, code)

    assert (got.call.country, got.call.number) == ("GB", "111")


@pytest.mark.parametrize("country", ["BE", "DE", "AT", "IE", "ES", "CH"])
def test_care_for_today_begins_with_the_own_doctor_where_no_number_was_checked(country):
    call = found(CLOT, country).call

    assert call.number is None
    assert call.says.en.startswith("Call your own doctor first")


@pytest.mark.parametrize("country", ["BE", "DE", "AT", "IE"])
def test_an_emergency_has_its_number_in_the_countries_of_112(country):
    assert found({"chest_pain": True}, country).call.number == "112"


def test_a_reason_that_is_a_choice_names_what_was_chosen():
    finding = next(one for one in found({"pain_constant": True, "side": "left", "symptom_days": 4}).findings)

    assert "which leg: left" in {sign.en for sign in finding.signs}


def test_what_to_do_keeps_its_conditions_apart_from_what_is_done():
    step = next(one for one in found({}).do if one.item == "relief/massage")

    assert step.conditions != ()
    assert step.says.en.startswith(step.does.en)
    assert all(text.en in step.says.en and text.en not in step.does.en for text in step.conditions)


def test_the_condition_on_the_danger_signs_stands_once_for_the_whole_list():
    got = found({})

    assert got.unless is not None
    assert got.unless not in {text for one in got.do for text in one.conditions}


def test_no_condition_on_danger_signs_stands_where_all_are_denied():
    assert found(ordinary()).unless is None


@pytest.mark.parametrize(
    "named", ["cancer prostate 2010", "skin cancer removed", "cancer du sein guéri", "melanoma, in remission"]
)
def test_a_cancer_that_may_be_over_is_asked_and_not_taken_as_active(named):
    facts = resolve({"conditions": [named]}, load())

    assert "cancer" not in facts.values
    assert facts.values["illness:cancer"] is True


@pytest.mark.parametrize(
    "named", ["breast cancer", "cancer du poumon métastatique", "lung cancer, and a skin cancer removed"]
)
def test_a_cancer_that_is_not_said_to_be_over_counts_as_active(named):
    assert resolve({"conditions": [named]}, load()).values.get("cancer") is True


def test_amiodarone_makes_a_statin_ache_a_matter_for_today():
    said = {"medicines": ["simvastatin", "amiodarone"], "main_problem": "ache"}

    assert "statin_with_booster" in {one.flag.id for one in found(said).findings}


@pytest.mark.parametrize("named", ["factor V Leiden", "thrombophilie", "protein S deficiency"])
def test_blood_that_clots_easily_makes_a_sore_calf_suspect_but_is_no_past_clot(named):
    said = {"conditions": [named], "pain_constant": True, "side": "left"}

    assert "leg_clot" in {one.flag.id for one in found(said).findings}
    assert "previous_clot" not in resolve(said, load()).values


def test_a_country_without_checked_numbers_is_refused():
    with pytest.raises(EntryError):
        found({}, "XX")


def test_a_possible_clot_is_not_massaged():
    assert "massage" in {one.id for one in found(CLOT).avoid}


def test_one_ace_inhibitor_alone_is_not_high_potassium():
    got = found(ordinary(medicines=["ramipril"]))

    assert got.tier in ("self_care", "routine")


def test_a_medicine_not_recognised_comes_back():
    assert found({"medicines": ["xyzabc"]}).not_recognised == ("xyzabc",)


@pytest.mark.parametrize("topic", [choice.id for choice in load().questions["asks_about"].values])
def test_each_thing_asked_about_has_one_plain_reply(topic):
    got = found(ordinary(asks_about=[topic]))

    replies = [one.id for one in (*got.do, *got.avoid) if one.id == topic]

    assert replies == [topic]


@pytest.mark.parametrize("topic", [choice.id for choice in load().questions["asks_about"].values])
def test_each_thing_asked_about_is_answered_in_an_emergency_too(topic):
    got = found({"face_or_one_sided_weakness": True, "asks_about": [topic]})

    assert topic in {one.id for one in (*got.do, *got.avoid)}


def test_tiptoe_is_never_something_to_do():
    assert "tiptoe" in {one.id for one in found(ordinary(asks_about=["tiptoe"])).avoid}


def test_a_plain_night_cramp_is_asked_few_screens():
    said: dict[str, object] = {}
    everything = ordinary()
    screens = 0

    while (screen := found(said).ask_next) is not None:
        said |= {key: everything[key] for key in screen.keys}
        screens += 1

    assert screens <= 12


@given(answers())
def test_the_tier_is_that_of_the_most_urgent_finding(said):
    got = found(said)

    assert rank(got.tier) == max((rank(one.flag.tier) for one in got.findings), default=0)


@given(answers())
def test_it_is_settled_when_nothing_is_open_and_only_then(said):
    got = found(said)

    assert got.settled is (got.open == ()) is (got.could_be == got.tier)


@given(answers())
def test_something_is_asked_next_as_long_as_an_open_question_was_not_answered(said):
    got = found(said)

    assert (got.ask_next is None) is (got.unasked == ())


@given(answers())
def test_what_was_answered_is_not_asked_again(said):
    got = found(said)

    assert got.ask_next is None or not set(got.ask_next.keys) & set(said)


@given(st.data())
def test_who_answers_whatever_is_asked_comes_to_the_end(data):
    """Each screen comes once at most, and every name that nobody can read is answered too."""
    said = {}
    screens = []

    while (screen := found(said).ask_next) is not None:
        screens.append(screen.group)
        said |= {key: data.draw(values_of(load().questions[key])) for key in screen.keys}

    assert len(screens) == len(set(screens))


@pytest.mark.parametrize("name", ["xyzabc", "kidney disease", "maladie des reins", "no idea what it is called"])
def test_a_name_that_leaves_something_open_is_asked_once_and_ends_there(name):
    got = found(ordinary(conditions=[name]))

    assert got.ask_next is None


@given(answers())
def test_what_is_open_was_not_answered_or_not_recognised(said):
    got = found(said)

    assert all(key not in said or key in ("medicines", "conditions", "supplements") for key in got.open)


@given(answers())
def test_what_is_asked_next_is_open(said):
    got = found(said)

    assert got.ask_next is None or set(got.ask_next.keys) <= set(got.open)


@given(answers(), st.sampled_from(signs()))
def test_a_further_yes_to_a_sign_never_lowers_the_tier(said, sign):
    without = {key: value for key, value in said.items() if key != sign}

    assert rank(found({**without, sign: True}).tier) >= rank(found({**without, sign: False}).tier)


@given(answers(), st.data())
def test_an_answer_taken_back_never_lowers_what_it_could_be(said, data):
    key = data.draw(st.sampled_from(sorted(load().questions)))
    less = {name: value for name, value in said.items() if name != key}
    assume(key not in resolve(less, load()).values)

    assert rank(found(less).could_be) >= rank(found(said).could_be)


@given(answers())
def test_nothing_to_do_is_also_to_be_avoided(said):
    got = found(said)

    assert not {one.id for one in got.do} & {one.id for one in got.avoid}


@given(answers())
def test_nothing_to_do_is_in_the_avoid_list_of_a_finding(said):
    got = found(said)
    avoided = {name for one in got.findings for name in one.flag.avoid}

    assert not {(one.item or "").rpartition("/")[2] for one in got.do if one.item and "red_flags" not in one.item} & (
        avoided
    )


@settings(max_examples=25)
@given(answers())
def test_french_and_english_say_the_same_things(said):
    got = found(said)
    english, french = (to_json(got, lang) for lang in LANGUAGES)

    assert [one["id"] for one in english["do"]] == [one["id"] for one in french["do"]]
    assert set(english) == set(french)


@pytest.mark.parametrize("skin", ["skin_pale_or_blue", "foot_cold"])
@pytest.mark.parametrize("nerve", ["numbness", "cannot_move_foot"])
def test_a_foot_pale_or_cold_and_also_numb_or_unable_to_move_is_an_emergency(skin, nerve):
    assert found({skin: True, nerve: True}).tier == "emergency"


@pytest.mark.parametrize("sign", ["skin_pale_or_blue", "cannot_move_foot", "foot_pale_cold_or_numb"])
def test_one_sign_of_a_foot_without_blood_alone_is_seen_today(sign):
    assert found({sign: True}).tier == "same_day"


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("flag", ["limb_ischaemia", "less_blood"])
def test_both_flags_of_a_foot_without_blood_name_the_same_pair_as_the_emergency(flag, lang):
    pair = {
        "en": "pale, blue or cold and also numb or unable to move",
        "fr": "pâle, bleu ou froid et en plus insensible ou immobile",
    }[lang]

    assert pair in load().red_flags[flag].says.to(lang)
