import datetime as dt
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.people import claire
from tests.sayings import tangles

from mollet.diary.entries import Answer, Cramp, Dose, Entry, Exposure, Medicine, Night, Note, Pause
from mollet.diary.fold import (
    Course,
    Diary,
    after,
    answers,
    cramps,
    doses,
    exposures,
    fold,
    medicines,
    nights,
    notes,
    pauses,
    was_spoken_of,
)
from mollet.diary.nights import Night as FoldedNight

FIRST, LAST = dt.date(2026, 3, 20), dt.date(2026, 6, 25)


def night(*entries: Entry, on: str = "2026-03-01") -> FoldedNight:
    date = dt.date.fromisoformat(on)
    (one,) = nights(Diary(entries, zone=claire.zone), date, date)
    return one


def everything(entries: list[Entry]) -> tuple[object, ...]:
    diary = Diary(tuple(entries))
    at = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
    return (
        fold(entries),
        nights(diary, FIRST, LAST),
        cramps(diary),
        answers(diary, at, {"sleeps_by_day": "until_changed"}),
        exposures(diary, FIRST, LAST),
        pauses(diary),
    )


@given(tangles(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(entries: list[Entry], random: Random) -> None:
    shuffled = list(entries)
    random.shuffle(shuffled)

    assert everything(shuffled) == everything(entries)


@given(tangles(), st.data())
def test_sent_twice_is_sent_once(entries: list[Entry], data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(entries)))

    assert everything(entries + again) == everything(entries)


@given(tangles())
def test_every_cramp_that_holds_is_in_exactly_one_night(entries: list[Entry]) -> None:
    diary = Diary(tuple(entries))

    counted = [episode.about for one in nights(diary, FIRST, LAST) for episode in one.episodes]

    assert sorted(counted) == sorted(episode.about for episode in cramps(diary))


@given(tangles())
def test_what_nothing_replaces_is_never_lost(entries: list[Entry]) -> None:
    replaced = {earlier for entry in entries for earlier in entry.replaces}

    leaves = {leaf.id for thing in fold(entries).values() for leaf in thing.leaves}

    assert {entry.id for entry in entries} - replaced <= leaves


@given(tangles())
def test_every_thing_spoken_of_stands_unless_another_answer_replaced_it(entries: list[Entry]) -> None:
    things = fold(entries)

    gone = {entry.about for entry in entries} - set(things)

    assert all(isinstance(entry.data, Night) for entry in entries if entry.about in gone and not entry.replaces)


@given(tangles())
def test_a_correction_of_all_leaves_settles_two_answers(entries: list[Entry]) -> None:
    for thing in fold(entries).values():
        settled = claire.corrects(*thing.leaves, data=Cramp(severity=3))

        assert fold([*entries, settled])[thing.about].leaves == (settled,)


@given(tangles())
def test_an_undo_then_a_redo_brings_the_nights_back(entries: list[Entry]) -> None:
    said = claire.cramps_at("2026-03-28 03:10", severity=5)
    undone = claire.undoes(said)
    redone = claire.corrects(undone, data=said.data)

    assert nights(Diary((*entries, said, undone)), FIRST, LAST) == nights(Diary(tuple(entries)), FIRST, LAST)
    assert len(cramps(Diary((*entries, said, undone, redone)))) == len(cramps(Diary((*entries, said))))


def test_nothing_said_is_no_zero() -> None:
    one = night()

    assert (one.state, one.cramps, one.at_least) == ("unlogged", None, 0)


def test_a_cramp_alone_leaves_the_night_open() -> None:
    one = night(claire.cramps_at("2026-03-02 03:10"))

    assert (one.state, one.cramps, one.at_least) == ("open", None, 1)


def test_the_morning_answer_closes_the_night_with_what_was_said() -> None:
    one = night(claire.cramps_at("2026-03-02 03:10"), claire.answers_night("2026-03-01", 2))

    assert (one.state, one.cramps, one.at_least, one.asks) == ("closed", 2, 1, False)


def test_fewer_said_than_recorded_asks() -> None:
    one = night(claire.cramps_at("2026-03-02 03:10"), claire.answers_night("2026-03-01", 0))

    assert (one.state, one.cramps, one.said, one.at_least, one.asks) == ("open", None, 0, 1, True)


def test_an_answer_given_with_the_cramp_before_ones_eyes_holds() -> None:
    cramp, answer = claire.cramps_at("2026-03-02 03:10"), claire.answers_night("2026-03-01", 0)
    confirmed = claire.corrects(answer, cramp, data=answer.data)

    one = night(cramp, answer, confirmed)

    assert (one.state, one.cramps, one.at_least, one.asks) == ("closed", 0, 1, False)


def test_a_cramp_that_arrives_after_the_confirmation_asks_again() -> None:
    cramp, answer = claire.cramps_at("2026-03-02 03:10"), claire.answers_night("2026-03-01", 0)
    confirmed = claire.corrects(answer, cramp, data=answer.data)

    assert night(cramp, answer, confirmed, claire.cramps_at("2026-03-02 04:10")).asks


def test_a_confirmation_holds_when_the_cramp_is_described_further() -> None:
    cramp, answer = claire.cramps_at("2026-03-02 03:10"), claire.answers_night("2026-03-01", 0)
    confirmed = claire.corrects(answer, cramp, data=answer.data)
    described = claire.corrects(cramp, data=Cramp(severity=4))

    assert night(cramp, answer, confirmed, described).state == "closed"


def test_the_same_answer_given_twice_is_no_confirmation() -> None:
    cramp, answer = claire.cramps_at("2026-03-02 03:10"), claire.answers_night("2026-03-01", 0)

    assert night(cramp, answer, claire.corrects(answer, data=answer.data)).asks


def test_a_cramp_taken_back_settles_the_question() -> None:
    cramp, answer = claire.cramps_at("2026-03-02 03:10"), claire.answers_night("2026-03-01", 0)

    one = night(cramp, answer, claire.undoes(cramp))

    assert (one.state, one.cramps, one.asks) == ("closed", 0, False)


def test_more_said_than_recorded_settles_the_question() -> None:
    cramp, answer = claire.cramps_at("2026-03-02 03:10"), claire.answers_night("2026-03-01", 0)

    assert night(cramp, answer, claire.corrects(answer, data=Night(1, dt.date(2026, 3, 1)))).cramps == 1


@given(tangles())
def test_a_closed_night_counts_no_fewer_cramps_than_it_knows_of_unless_its_answer_names_them(
    entries: list[Entry],
) -> None:
    abouts = {entry.id: entry.about for entry in entries}
    for one in nights(Diary(tuple(entries)), FIRST, LAST):
        unseen = {episode.about for episode in one.episodes}
        unseen -= {abouts.get(named) for answer in one.answers[-1:] for named in answer.replaces}

        assert one.cramps is None or one.cramps >= one.at_least or not unseen


@given(tangles())
def test_a_night_asks_exactly_while_it_was_answered_and_is_open(entries: list[Entry]) -> None:
    for one in nights(Diary(tuple(entries)), FIRST, LAST):
        assert one.asks == (one.state == "open" and bool(one.answers))


def test_an_answer_that_names_no_night_is_about_the_one_it_was_given_in() -> None:
    said = claire.says(Night(cramps=1), "2026-03-02 07:00")

    assert night(said).cramps == 1


def test_two_phones_that_answer_the_same_night_are_two_answers_and_the_last_holds() -> None:
    first = claire.answers_night("2026-03-01", 1, word="phone")
    second = claire.answers_night("2026-03-01", 2, word="tablet", said="2026-03-02 08:00")

    one = night(first, second)

    assert (one.cramps, [answer.id for answer in one.answers]) == (2, [first.id, second.id])


def test_two_phones_that_say_the_same_of_a_night_gave_one_answer() -> None:
    first = claire.answers_night("2026-03-01", 0, word="pocket")
    second = claire.answers_night("2026-03-01", 0, word="house", said="2026-03-02 08:00")

    one = night(first, second)

    assert (one.cramps, one.has_two_answers) == (0, False)


def test_an_answer_that_names_its_night_says_the_same_as_one_given_in_it() -> None:
    named = claire.answers_night("2026-03-01", 1)
    given = claire.says(Night(cramps=1), "2026-03-02 07:30")

    assert not night(named, given).has_two_answers


def test_of_three_answers_the_two_that_say_the_same_are_offered_once() -> None:
    first = claire.answers_night("2026-03-01", 1, word="pocket")
    other = claire.answers_night("2026-03-01", 2, word="tablet", said="2026-03-02 08:00")
    again = claire.answers_night("2026-03-01", 1, word="house", said="2026-03-02 09:00")

    assert night(first, other, again).differing == (other, again)


@given(tangles(), st.randoms(use_true_random=False))
def test_which_answers_differ_does_not_hang_on_the_order_of_arrival(entries: list[Entry], random: Random) -> None:
    shuffled = list(entries)
    random.shuffle(shuffled)

    for one, other in zip(*(nights(Diary(tuple(said)), FIRST, LAST) for said in (entries, shuffled)), strict=True):
        assert (one.differing, one.has_two_answers) == (other.differing, other.has_two_answers)


@given(tangles())
def test_only_answers_that_say_different_things_are_two(entries: list[Entry]) -> None:
    for one in nights(Diary(tuple(entries)), FIRST, LAST):
        said = {replace(answer.data, night=None) for answer in one.answers}

        assert len(one.differing) == len(said)


def test_the_same_correction_of_a_cramp_from_two_phones_is_no_dispute() -> None:
    said = claire.cramps_at("2026-03-02 03:10")
    here = claire.corrects(said, data=Cramp(severity=4), word="phone")
    there = claire.corrects(said, data=Cramp(severity=4), minutes=5, word="tablet")

    thing = fold([said, here, there])[said.about]

    assert (thing.leaves, thing.is_disputed) == ((here, there), False)


def test_two_corrections_that_differ_are_a_dispute() -> None:
    said = claire.cramps_at("2026-03-02 03:10")
    here = claire.corrects(said, data=Cramp(severity=4), word="phone")
    there = claire.corrects(said, data=Cramp(severity=6), minutes=5, word="tablet")

    assert fold([said, here, there])[said.about].is_disputed


def test_two_cramps_that_look_alike_are_two_cramps() -> None:
    one = claire.says(Cramp(severity=4), "2026-03-02 03:10", word="phone")
    other = claire.says(Cramp(severity=4), "2026-03-02 03:10", word="tablet")

    assert night(one, other).at_least == 2


def test_a_habit_said_twice_alike_is_said_once() -> None:
    said = [
        claire.says(Exposure("coffee", 2.0, None, dt.date(2026, 3, 1)), "2026-03-01 20:00", word=word) for word in "ab"
    ]

    (one,) = exposures(Diary(tuple(said)), dt.date(2026, 3, 1), dt.date(2026, 3, 1))

    assert one.value == 2.0


def test_one_answer_that_replaces_both_settles_the_night() -> None:
    first = claire.answers_night("2026-03-01", 1, word="phone")
    second = claire.answers_night("2026-03-01", 2, word="tablet", said="2026-03-02 08:00")
    settled = claire.corrects(first, second, data=Night(3, dt.date(2026, 3, 1)))

    one = night(first, second, settled)

    assert (one.cramps, one.has_two_answers) == (3, False)


def test_taking_back_both_answers_leaves_the_night_unlogged() -> None:
    first = claire.answers_night("2026-03-01", 1, word="phone")
    second = claire.answers_night("2026-03-01", 2, word="tablet", said="2026-03-02 08:00")

    assert night(first, second, claire.undoes(first, second)).state == "unlogged"


def test_an_answer_moved_to_another_night_leaves_the_first_one() -> None:
    said = claire.answers_night("2026-03-01", 1)
    moved = claire.corrects(said, data=Night(1, dt.date(2026, 2, 28)))

    assert night(said, moved).state == "unlogged"
    assert night(said, moved, on="2026-02-28").cramps == 1


def test_a_wrong_clock_does_not_win_for_ever() -> None:
    said = claire.cramps_at("2026-03-02 03:10", severity=4)
    wrong = claire.corrects(said, data=Cramp(severity=9), minutes=60 * 24 * 365)
    right = replace(claire.corrects(said, wrong, data=Cramp(severity=5)), said=said.said)

    (episode,) = night(said, wrong, right).episodes

    assert (episode.severity, episode.leaves) == (5, (right.id,))


def test_two_corrections_of_one_cramp_are_both_named() -> None:
    said = claire.cramps_at("2026-03-02 03:10")
    here = claire.corrects(said, data=Cramp(severity=4), word="phone")
    there = claire.corrects(said, data=Cramp(severity=6), minutes=5, word="tablet")

    (episode,) = night(there, said, here).episodes

    assert (episode.severity, episode.leaves) == (6, (here.id, there.id))


def test_a_correction_that_arrives_first_counts_once_the_cramp_arrives() -> None:
    said = claire.cramps_at("2026-03-02 03:10", severity=4)
    correction = claire.corrects(said, data=Cramp(severity=8))

    assert night(correction).episodes == night(correction, said).episodes


def test_the_name_of_another_thing_replaces_nothing() -> None:
    said = claire.cramps_at("2026-03-02 03:10")
    other = replace(claire.cramps_at("2026-03-02 04:10"), replaces=(said.id,))

    assert night(said, other).at_least == 2


def test_a_ring_of_replacements_does_not_make_a_cramp_vanish() -> None:
    first = claire.cramps_at("2026-03-02 03:10")
    second = claire.corrects(first, data=Cramp(severity=2))
    ring = (replace(first, replaces=(second.id,)), second)

    assert night(*ring).at_least == 1


def test_a_cramp_moved_to_another_time_moves_to_its_night() -> None:
    said = claire.cramps_at("2026-03-02 03:10")
    moved = replace(claire.corrects(said, data=Cramp()), at=claire.moment("2026-03-01 03:10"))

    assert night(said, moved).state == "unlogged"
    assert night(said, moved, on="2026-02-28").at_least == 1


def test_travel_puts_each_cramp_in_the_night_of_where_it_was() -> None:
    at_home = claire.cramps_at("2026-03-01 13:00")
    abroad = replace(claire.cramps_at("2026-03-01 13:30"), zone="America/Montreal")

    found = nights(Diary((at_home, abroad)), dt.date(2026, 2, 28), dt.date(2026, 3, 1))

    assert [one.at_least for one in found] == [1, 1]


def test_sleeping_by_day_is_a_dated_setting() -> None:
    before = claire.cramps_at("2026-03-10 10:00")
    setting = claire.says(Answer("sleeps_by_day", True), "2026-03-10 15:00")
    after = claire.cramps_at("2026-03-12 10:00")

    found = nights(Diary((before, setting, after)), dt.date(2026, 3, 9), dt.date(2026, 3, 12))

    assert [one.at_least for one in found] == [1, 0, 0, 1]


def test_a_pause_marks_its_nights_and_hides_no_cramp() -> None:
    pause = claire.says(Pause(dt.date(2026, 3, 1), dt.date(2026, 3, 2), "hospital"), "2026-03-01 09:00")
    cramp = claire.cramps_at("2026-03-03 03:10")

    found = nights(Diary((pause, cramp)), dt.date(2026, 2, 28), dt.date(2026, 3, 3))

    assert [one.state for one in found] == ["unlogged", "paused", "open", "unlogged"]
    assert [one.is_paused for one in found] == [False, True, True, False]


def test_a_pause_without_a_last_day_goes_on() -> None:
    pause = claire.says(Pause(dt.date(2026, 3, 1)), "2026-03-01 09:00")

    assert night(pause, on="2027-03-01").state == "paused"


def test_a_date_that_the_zone_skipped_is_no_night() -> None:
    setting = claire.says(Answer("sleeps_by_day", True), "2011-12-01 12:00")
    apia = Diary((setting,), zone="Pacific/Apia")

    found = nights(apia, dt.date(2011, 12, 29), dt.date(2011, 12, 31))

    assert [one.date.day for one in found] == [29, 31]


HOLDS = {"fever": "hours:24", "long_journey": "days:30", "age_years": "until_changed"}


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("2026-03-01 09:00", {"fever", "long_journey", "age_years"}),
        ("2026-03-02 08:59", {"fever", "long_journey", "age_years"}),
        ("2026-03-02 09:00", {"long_journey", "age_years"}),
        ("2026-04-01 09:00", {"age_years"}),
        ("2036-04-01 09:00", {"age_years"}),
        ("2026-02-27 09:00", set()),
    ],
)
def test_an_answer_holds_until_it_expires(asked: str, known: set[str]) -> None:
    said = [claire.says(Answer(question, 67.0), "2026-03-01 09:00") for question in HOLDS]

    assert set(answers(Diary(tuple(said)), claire.moment(asked), HOLDS)) == known


def test_the_last_answer_holds() -> None:
    said = (
        claire.says(Answer("fever", False), "2026-03-01 10:00"),
        claire.says(Answer("fever", True), "2026-03-01 09:00"),
    )

    assert answers(Diary(said), claire.moment("2026-03-01 11:00"), HOLDS) == {"fever": False}


def test_i_do_not_know_takes_an_answer_back() -> None:
    said = (
        claire.says(Answer("fever", False), "2026-03-01 09:00"),
        claire.says(Answer("fever", None), "2026-03-01 10:00"),
    )

    assert answers(Diary(said), claire.moment("2026-03-01 11:00"), HOLDS) == {}


def test_an_answer_from_a_phone_whose_clock_is_ahead_is_heard() -> None:
    said = claire.says(Answer("fever", True), "2026-03-01 09:20")

    assert answers(Diary((said,)), claire.moment("2026-03-01 09:00"), HOLDS) == {"fever": True}


def test_an_answer_to_a_question_that_is_no_longer_asked_is_left_out() -> None:
    said = claire.says(Answer("old_question", True), "2026-03-01 09:00")

    assert answers(Diary((said,)), claire.moment("2026-03-01 09:00"), HOLDS) == {}


def test_an_empty_list_is_an_answer() -> None:
    said = claire.says(Answer("medicines", ()), "2026-03-01 09:00")

    assert answers(Diary((said,)), claire.moment("2026-03-01 09:00"), {"medicines": "until_changed"}) == {
        "medicines": ()
    }


def statin(change: str, on: str, dose: str | None = None, name: str = "Atorvastatine") -> Entry:
    return claire.says(Medicine(change, name, dose, dt.date.fromisoformat(on)), f"{on} 09:00")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("on", "taken"),
    [
        ("2026-01-31", []),
        ("2026-02-01", [Course("Atorvastatine", "10 mg", dt.date(2026, 2, 1))]),
        ("2026-02-15", [Course("atorvastatine", "20 mg", dt.date(2026, 2, 1))]),
        ("2026-03-01", []),
    ],
)
def test_a_medicine_is_taken_from_its_start_to_its_stop(on: str, taken: list[Course]) -> None:
    steps = (
        statin("stop", "2026-03-01"),
        statin("start", "2026-02-01", "10 mg"),
        statin("change", "2026-02-10", "20 mg", name=" atorvastatine"),
    )
    steps = (*steps[:2], replace(steps[2], data=Medicine("change", "atorvastatine", "20 mg", dt.date(2026, 2, 10))))

    assert medicines(Diary(steps), dt.date.fromisoformat(on)) == taken


def listed(*steps: Entry, at: str = "2026-03-01 09:00") -> object:
    diary = Diary((claire.says(Answer("medicines", ("ramipril", "Atorvastatine")), "2026-02-05 09:00"), *steps))
    return answers(diary, claire.moment(at), {"medicines": "until_changed"})["medicines"]


def test_a_medicine_started_after_the_list_enters_it() -> None:
    assert listed(statin("start", "2026-02-10", name="furosemide")) == ("ramipril", "Atorvastatine", "furosemide")


def test_a_medicine_stopped_after_the_list_leaves_it() -> None:
    assert listed(statin("stop", "2026-02-10", name="atorvastatine")) == ("ramipril",)


def test_the_list_knows_best_of_what_came_before_it() -> None:
    assert listed(statin("stop", "2026-02-01"), statin("start", "2026-01-01", name="quinine")) == (
        "ramipril",
        "Atorvastatine",
    )


def test_a_medicine_that_will_be_started_is_not_in_the_list_yet() -> None:
    assert listed(statin("start", "2026-04-10", name="furosemide")) == ("ramipril", "Atorvastatine")


def test_a_medicine_started_without_a_list_leaves_the_list_not_known() -> None:
    known = answers(
        Diary((statin("start", "2026-02-01"),)), claire.moment("2026-03-01 09:00"), {"medicines": "days:30"}
    )

    assert known == {}


def test_a_medicine_whose_dose_changed_was_taken_before_we_heard_of_it() -> None:
    assert medicines(Diary((statin("change", "2026-02-01"),)), dt.date(2026, 2, 2))[0].since is None


def test_of_an_exposure_said_twice_the_last_saying_holds_and_both_are_named() -> None:
    evening = claire.says(Exposure("tight_socks", False, None, dt.date(2026, 3, 1)), "2026-03-01 20:00")
    morning = claire.says(Exposure("tight_socks", True, None, dt.date(2026, 3, 1)), "2026-03-02 07:00")

    (one,) = exposures(Diary((morning, evening)), dt.date(2026, 3, 1), dt.date(2026, 3, 1))

    assert (one.value, one.leaves) == (True, (evening.id, morning.id))


def test_a_dose_is_of_the_night_it_was_taken_in() -> None:
    stretched = claire.says(Dose("calf_hamstring_stretch"), "2026-03-01 22:00")

    (one,) = doses(Diary((stretched,)), dt.date(2026, 3, 1), dt.date(2026, 3, 1))

    assert (one.night, one.remedy, one.done) == (dt.date(2026, 3, 1), "calf_hamstring_stretch", True)


def test_a_dose_left_out_is_kept_apart_from_nothing_said() -> None:
    left_out = claire.says(Dose("calf_hamstring_stretch", done=False), "2026-03-01 22:00")

    (one,) = doses(Diary((left_out,)), dt.date(2026, 3, 1), dt.date(2026, 3, 1))

    assert not one.done


def test_a_note_is_of_its_night() -> None:
    note = claire.says(Note("Long walk on the beach."), "2026-03-02 01:00")

    assert notes(Diary((note,)), dt.date(2026, 3, 1), dt.date(2026, 3, 1)) == [(dt.date(2026, 3, 1), note)]


@given(tangles(), st.randoms(use_true_random=False))
def test_what_lies_after_a_day_does_not_hang_on_the_order_of_arrival(entries: list[Entry], random: Random) -> None:
    shuffled = list(entries)
    random.shuffle(shuffled)

    assert after(Diary(tuple(shuffled)), dt.date(2026, 4, 1)) == after(Diary(tuple(entries)), dt.date(2026, 4, 1))


@given(tangles(), st.sampled_from([dt.date(2026, 3, 27), dt.date(2026, 3, 28), dt.date(2026, 6, 18)]))
def test_every_night_of_which_something_holds_is_found_after_the_day_before_it(
    entries: list[Entry], day: dt.date
) -> None:
    diary = Diary(tuple(entries))

    found = {night for night, entry in after(diary, day) if isinstance(entry.data, Cramp | Night)}

    assert found == {night for night in diary.said_nights if night > day}


@given(tangles())
def test_a_night_that_holds_something_was_spoken_of(entries: list[Entry]) -> None:
    diary = Diary(tuple(entries))

    assert all(was_spoken_of(diary, night) for night, _ in after(diary, dt.date(2026, 3, 1)))
