import datetime as dt
import re
import uuid

import pytest

from mollet.diary import fold, summary
from mollet.diary.entries import Night, entry_of
from mollet.store import read, write
from mollet.words import say

MORNING = "2026-11-22T09:00:00+01:00"
NIGHT = dt.date(2026, 11, 20)
ADDRESS = "/nights/2026-11-20/"


@pytest.fixture(autouse=True)
def morning(at):
    at(MORNING)


def the_night(person, date=NIGHT):
    return fold.nights(read.diary(person), date, date)[0]


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def add_cramp(house, **fields):
    return house.post(f"{ADDRESS}cramp/", {"time": "03:10", **fields})


def test_one_tap_closes_a_night(house, person):
    house.post(f"{ADDRESS}answer/", {"cramps": "0"})

    assert (the_night(person).state, the_night(person).cramps) == ("closed", 0)


def test_a_night_nobody_spoke_of_is_shown_as_a_gap(house):
    assert "Not logged" in words(house.get(ADDRESS))


@pytest.mark.parametrize(
    ("moment", "is_asked"),
    [("2026-11-21T15:00", False), ("2026-11-21T22:00", True), ("2026-11-22T03:00", True), ("2026-11-22T09:00", True)],
)
def test_a_night_is_not_asked_about_before_its_bedtime(house, at, moment, is_asked):
    at(f"{moment}:00+01:00")

    assert ('name="cramps" value="0"' in house.get("/nights/2026-11-21/").content.decode()) is is_asked


def test_three_or_more_asks_how_many_before_it_keeps_anything(house, person):
    asked = house.post(f"{ADDRESS}answer/", {"cramps": "more"})

    assert (asked.status_code, the_night(person).state) == (200, "unlogged")


def test_an_answer_is_corrected_by_a_later_one(house, person):
    house.post(f"{ADDRESS}answer/", {"cramps": "1"})
    house.post(f"{ADDRESS}answer/", {"cramps": "2"})

    assert [entry.data.cramps for entry in the_night(person).answers] == [2]


def test_the_same_form_sent_twice_says_one_thing(house, person):
    once = str(uuid.uuid4())
    add_cramp(house, once=once)
    add_cramp(house, once=once)

    assert the_night(person).at_least == 1


def test_a_form_sent_twice_shows_no_error(house):
    once = str(uuid.uuid4())
    add_cramp(house, once=once)

    assert add_cramp(house, once=once).status_code == 302


def test_minutes_awake_stay_when_the_count_is_corrected(house, person):
    house.post(f"{ADDRESS}answer/", {"cramps": "1", "awake_minutes": "25", "sleep": "4"})
    page = house.get(ADDRESS).content.decode()

    assert '<input type="hidden" name="awake_minutes" value="25">' in page


def test_a_wrong_number_is_named_and_nothing_is_lost(house, person):
    page = house.post(f"{ADDRESS}answer/", {"cramps": "two", "awake_minutes": "25"}).content.decode()

    assert "“two” is not a number" in page
    assert 'name="awake_minutes" inputmode="numeric" autocomplete="off" value="25"' in page


def test_a_wrong_number_links_from_the_summary_to_its_field(house):
    page = house.post(f"{ADDRESS}answer/", {"cramps": "100"}).content.decode()

    assert '<a href="#cramps">' in page


def test_a_past_cramp_belongs_to_its_night(house, person):
    add_cramp(house, minutes="4", leg="left", severity="6", helped=["foot_up"])

    [cramp] = the_night(person).episodes
    assert (cramp.minutes, cramp.leg, cramp.severity, cramp.helped) == (4, "left", 6, ("foot_up",))


def test_without_minutes_the_end_is_not_known(house, person):
    add_cramp(house)

    assert the_night(person).episodes[0].end_known is False


def test_a_cramp_leaves_the_night_open(house, person):
    add_cramp(house)

    assert the_night(person).state == "open"


def test_a_cramp_that_has_not_come_yet_is_refused(house, person):
    page = house.post("/nights/2026-11-21/cramp/", {"time": "11:00"})

    assert "future" in words(page)


def test_a_cramp_without_a_time_is_asked_for_it(house):
    assert "This is needed" in words(house.post(f"{ADDRESS}cramp/", {"time": "", "leg": "left"}))


def test_a_cramp_is_corrected_under_its_own_name(house, person):
    add_cramp(house, severity="3")
    [cramp] = the_night(person).episodes
    house.post(f"{ADDRESS}cramp/{cramp.about}/", {"time": "04:00", "severity": "8"})

    [corrected] = the_night(person).episodes
    assert (corrected.about, corrected.severity, corrected.at.minute) == (cramp.about, 8, 0)


def test_correcting_one_mark_changes_neither_onset_nor_end(house, person):
    from mollet.diary.entries import Cramp, Entry
    from mollet.store import write

    start = dt.datetime(2026, 11, 21, 2, 10, 37, tzinfo=dt.UTC)
    identity, lasted = uuid.uuid4(), dt.timedelta(minutes=3, seconds=41)
    cramp = Cramp(start + lasted, True, leg="left")
    write.record(person, [Entry(1, identity, identity, (), start, "Europe/Paris", start, cramp)])
    page = house.get(f"{ADDRESS}cramp/{identity}/").content.decode()
    minutes = re.search(r'name="minutes"[^>]*value="([^"]*)"', page)[1]
    house.post(f"{ADDRESS}cramp/{identity}/", {"time": "03:10", "minutes": minutes, "leg": "right"})

    [corrected] = the_night(person).episodes
    assert (corrected.at, corrected.end, corrected.leg) == (start, start + lasted, "right")


def test_a_cramp_that_is_undone_leaves_the_night(house, person):
    add_cramp(house)
    house.post("/nights/undo/", {"about": str(the_night(person).episodes[0].about)})

    assert the_night(person).state == "unlogged"


def test_what_was_undone_can_be_brought_back(house, person):
    add_cramp(house, severity="7")
    about = str(the_night(person).episodes[0].about)
    house.post("/nights/undo/", {"about": about})
    house.post("/nights/bring_back/", {"about": about})

    assert [cramp.severity for cramp in the_night(person).episodes] == [7]


def test_undo_offers_to_bring_it_back(house, person):
    add_cramp(house)
    about = str(the_night(person).episodes[0].about)
    page = house.post("/nights/undo/", {"about": about, "back": ADDRESS}, follow=True)

    assert "Bring it back" in words(page)


def test_undo_never_leads_to_another_house(house, person):
    add_cramp(house)
    about = str(the_night(person).episodes[0].about)

    after = house.post("/nights/undo/", {"about": about, "back": "//elsewhere.example/"})
    assert after["Location"].startswith("/nights/")


def test_fewer_said_than_recorded_is_asked(house):
    add_cramp(house)
    house.post(f"{ADDRESS}answer/", {"cramps": "0"})

    assert "Fewer said than recorded" in words(house.get(ADDRESS))


def test_fewer_said_than_recorded_is_no_quiet_night(house, person):
    add_cramp(house)
    house.post(f"{ADDRESS}answer/", {"cramps": "0"})
    house.post(f"{ADDRESS}answer/", {"cramps": "0"})

    assert (the_night(person).state, the_night(person).at_least) == ("open", 1)


def test_a_smaller_number_can_be_confirmed(house, person):
    add_cramp(house)
    house.post(f"{ADDRESS}answer/", {"cramps": "0"})
    form = re.search(
        r'<input type="hidden" name="replaces" value="([^"]+)">\s*<button[^>]*name="cramps" value="0">'
        r"0 cramps are right all the same",
        house.get(ADDRESS).content.decode(),
    )

    house.post(f"{ADDRESS}answer/", {"cramps": "0", "replaces": form[1]})

    assert (the_night(person).state, the_night(person).cramps) == ("closed", 0)


def test_the_number_recorded_can_be_taken(house, person):
    add_cramp(house)
    house.post(f"{ADDRESS}answer/", {"cramps": "0"})

    house.post(f"{ADDRESS}answer/", {"cramps": "1"})

    assert (the_night(person).state, the_night(person).cramps) == ("closed", 1)


def two_answers(house, person):
    from mollet.diary.entries import Entry
    from mollet.diary.entries import Night as Answer
    from mollet.store import write

    said = dt.datetime(2026, 11, 21, 7, tzinfo=dt.UTC)
    for minutes, cramps in ((0, 0), (1, 2)):
        at, identity = said + dt.timedelta(minutes=minutes), uuid.uuid4()
        write.record(person, [Entry(1, identity, identity, (), at, "Europe/Paris", at, Answer(cramps, NIGHT))])


def test_two_answers_are_both_shown(house, person):
    two_answers(house, person)

    page = words(house.get(ADDRESS))
    assert "Two answers for this night" in page
    assert "no cramp" in page
    assert "2 cramps" in page


def test_choosing_between_two_answers_leaves_one(house, person):
    two_answers(house, person)
    house.post(f"{ADDRESS}answer/", {"cramps": "0"})

    assert [entry.data.cramps for entry in the_night(person).answers] == [0]


def test_habits_left_empty_stay_unknown(house, person):
    house.post(f"{ADDRESS}habits/", {"water_ml": "1500", "alcohol_drinks": ""})

    said = fold.exposures(read.diary(person), NIGHT, NIGHT)
    assert {one.what: one.value for one in said} == {"water_ml": 1500}


def test_a_habit_that_did_not_change_is_not_said_again(house, person):
    house.post(f"{ADDRESS}habits/", {"water_ml": "1500"})
    before = len(read.diary(person).entries)
    house.post(f"{ADDRESS}habits/", {"water_ml": "1500"})

    assert len(read.diary(person).entries) == before


def test_a_habit_is_taken_back_by_emptying_its_field(house, person):
    house.post(f"{ADDRESS}habits/", {"water_ml": "1500"})
    house.post(f"{ADDRESS}habits/", {"water_ml": ""})

    assert fold.exposures(read.diary(person), NIGHT, NIGHT) == []


def test_a_habit_out_of_range_is_named(house):
    assert "not between" in words(house.post(f"{ADDRESS}habits/", {"water_ml": "99999"}))


def test_a_note_is_kept_with_its_night(house, person):
    house.post(f"{ADDRESS}note/", {"text": "Long walk."})

    assert [(night, entry.data.text) for night, entry in fold.notes(read.diary(person), NIGHT, NIGHT)] == [
        (NIGHT, "Long walk.")
    ]


def test_words_of_a_note_are_never_markup(house):
    house.post(f"{ADDRESS}note/", {"text": "<b>bold</b>"})

    assert "&lt;b&gt;bold" in house.get(ADDRESS).content.decode()


def test_a_pause_covers_its_nights(house, person):
    house.post("/nights/pause/", {"first": "2026-11-19", "last": "2026-11-21", "reason": "travel"})

    assert the_night(person).state == "paused"


def test_the_page_that_changes_a_pause_has_the_name_of_what_it_does(house, person):
    house.post("/nights/pause/", {"first": "2026-11-19", "last": "2026-11-21", "reason": "travel"})
    [pause] = [thing for thing in read.diary(person).live if thing.held.data.kind == "pause"]

    shown = house.get(f"/nights/pause/{pause.about}/").content.decode()

    assert f"<title>{say('nights.change_pause', 'en')}</title>" in shown


def test_a_pause_that_ends_before_it_begins_is_refused(house):
    page = house.post("/nights/pause/", {"first": "2026-11-19", "last": "2026-11-18"})

    assert "before the first" in words(page)


def test_a_night_still_to_come_has_no_page(house):
    assert house.get("/nights/2026-11-23/").status_code == 404


@pytest.mark.parametrize("address", ["/nights/2026-02-30/", "/nights/2026-11-20/cramp/nothing/", "/nights/0001-01-01/"])
def test_an_address_that_names_nothing_is_not_found(house, address):
    assert house.get(address).status_code == 404


@pytest.mark.parametrize("month", ["2026-11", "2026-10", "", "2026-13", "9999-01", "<script>"])
def test_any_month_asked_for_shows_a_calendar(house, month):
    page = house.get("/nights/", {"month": month})

    assert (page.status_code, "night-dot" in page.content.decode()) == (200, True)


def test_every_night_of_the_calendar_says_what_it_is(house):
    house.post(f"{ADDRESS}answer/", {"cramps": "2"})

    assert "Friday 20 November: 2 cramps" in words(house.get("/nights/"))


def test_the_chart_waits_for_a_confirmed_night(house):
    add_cramp(house)

    assert "weekly-chart" not in house.get("/nights/").content.decode()


def test_the_numbers_of_the_chart_stand_in_a_table(house):
    house.post(f"{ADDRESS}answer/", {"cramps": "2"})
    page = house.get("/nights/").content.decode()

    assert "weekly-chart" in page
    assert '<td class="number">2</td><td class="number">1</td>' in page


def answer(house, nights):
    for day in range(nights):
        house.post(f"/nights/{NIGHT - dt.timedelta(days=day)}/answer/", {"cramps": str(day % 3)})


def test_fourteen_answered_nights_have_a_curve_and_its_numbers(house):
    answer(house, 14)
    page = house.get("/nights/").content.decode()

    assert "chart-line" in page
    assert len(re.findall(r'<td class="number">[\d.]+ <span class="band">', page)) == page.count('<th scope="row">')


def test_before_that_the_page_says_what_the_curve_waits_for(house):
    answer(house, 3)
    page = house.get("/nights/")

    assert "chart-line" not in page.content.decode()
    assert "So far there are 3." in words(page)


def test_nobody_can_undo_what_is_another_persons(house, person):
    assert house.post("/nights/undo/", {"about": str(uuid.uuid4())}).status_code == 404


def test_the_calendar_is_written_in_french_for_who_reads_french(house, person):
    person.language = "fr"
    person.save()

    assert "Nuit après nuit" in words(house.get("/nights/"))


@pytest.mark.parametrize("text", ["a\x00b", "x" * 4001, "   "])
def test_a_note_that_cannot_be_kept_says_why(house, person, text):
    page = house.post(f"{ADDRESS}note/", {"text": text})

    assert ('class="error-summary"' in page.content.decode(), read.diary(person).entries) == (True, ())


@pytest.mark.parametrize("value", ["", "-1", "1e9", "NaN", "٣٤٥", "1,5", "<b>", "9" * 400])
def test_whatever_is_typed_for_a_number_the_page_answers(house, value):
    assert house.post(f"{ADDRESS}answer/", {"cramps": value, "awake_minutes": value}).status_code in (200, 302)


@pytest.fixture
def coffee(house):
    for day in (15, 16, 17):
        house.post(f"/nights/2026-11-{day}/habits/", {"coffee_cups": "2"})


def coffees(person):
    return [(one.what, one.value) for one in fold.exposures(read.diary(person), NIGHT, NIGHT)]


def test_usual_values_are_offered(house, coffee):
    assert 'type="checkbox" name="coffee_cups" value="2" checked' in house.get(ADDRESS).content.decode()


def test_usual_values_are_offered_right_after_the_morning_answer(house, coffee):
    shown = house.post("/answer/", {"night": "2026-11-21", "cramps": "0"}, follow=True).content.decode()

    assert 'action="/nights/2026-11-21/usual/"' in shown


def test_an_offered_value_is_not_kept_before_it_is_confirmed(house, person, coffee):
    house.get(ADDRESS)
    house.post(f"{ADDRESS}answer/", {"cramps": "0"})

    assert coffees(person) == []


def test_a_confirmed_usual_value_is_kept(house, person, coffee):
    house.post(f"{ADDRESS}usual/", {"coffee_cups": "2"})

    assert coffees(person) == [("coffee_cups", 2)]


def test_a_usual_value_that_was_unticked_is_not_kept(house, person, coffee):
    house.post(f"{ADDRESS}usual/", {})

    assert coffees(person) == []


def test_what_was_said_of_a_day_stands_before_what_is_usual(house, person, coffee):
    house.post(f"{ADDRESS}habits/", {"coffee_cups": "0"})
    house.post(f"{ADDRESS}usual/", {"coffee_cups": "2"})

    assert coffees(person) == [("coffee_cups", 0)]


def test_the_last_night_has_an_address_that_a_reminder_can_open(house):
    assert house.get("/nights/last/").headers["Location"] == "/nights/2026-11-21/"


def test_times_in_an_error_follow_the_chosen_clock(house, person):
    person.hours = "12"
    person.save()

    shown = words(house.post("/nights/2026-03-28/cramp/", {"time": "02:30"}))

    assert "2:30 am did not exist" in shown.replace("\u202f", " ")


def said_by_two_phones(person, *cramps, **marks):
    """Keep answers of the same night as two devices give them that know nothing of one another."""
    for minute, count in enumerate(cramps):
        at = dt.datetime.fromisoformat(f"2026-11-21T07:0{minute}:00+01:00")
        said = Night(count, NIGHT, **marks if minute else {})
        write.record(person, [entry_of(said, at, "Europe/Paris", uuid.uuid4())])


def test_the_same_answer_from_two_phones_asks_nothing(house, person):
    said_by_two_phones(person, 0, 0)

    shown = words(house.get(ADDRESS))
    assert (say("nights.two.title", "en") in shown, say("nights.said.none", "en") in shown) == (False, True)


def test_the_same_answer_from_two_phones_is_taken_back_as_one(house, person):
    said_by_two_phones(person, 0, 0)
    page = house.get(ADDRESS).content.decode()
    form = page[: page.index(say("nights.undo_answer", "en"))].rsplit("<form", 1)[1]

    house.post("/nights/undo/", dict(re.findall(r'name="(about|replaces)" value="([^"]*)"', form)))

    assert the_night(person).state == "unlogged"


def test_two_answers_that_differ_in_sleep_alone_show_in_what_they_differ(house, person):
    said_by_two_phones(person, 0, 0, sleep=7)

    shown = words(house.get(ADDRESS))
    assert (say("nights.two.title", "en") in shown, say("nights.said.sleep", "en", n=7) in shown) == (True, True)


def add_pause(house, first="2026-11-18", last="2026-11-21"):
    return house.post("/nights/pause/", {"first": first, "last": last, "reason": "hospital"}, follow=True)


def test_a_pause_over_an_answered_night_says_that_the_answer_stays_and_leads_to_it(house, person):
    house.post(f"{ADDRESS}answer/", {"cramps": "1"})

    shown = add_pause(house).content.decode()

    notice = shown[shown.index('role="status"') : shown.index("<nav class")]
    assert say("nights.pause.already", "en", n=1) in notice
    assert f'href="{ADDRESS}"' in notice
    assert (the_night(person).state, the_night(person).cramps) == ("closed", 1)


def test_a_pause_that_is_made_longer_says_it_too(house, person):
    house.post(f"{ADDRESS}answer/", {"cramps": "1"})
    add_pause(house, last="2026-11-19")
    [pause] = [thing for thing in read.diary(person).live if thing.held.data.kind == "pause"]

    fields = {"first": "2026-11-18", "last": "", "replaces": str(pause.held.id)}
    shown = house.post(f"/nights/pause/{pause.about}/", fields, follow=True).content.decode()

    assert say("nights.pause.already", "en", n=1) in shown


def test_a_pause_over_nights_without_a_word_says_nothing_of_answers(house):
    house.post("/nights/2026-11-12/answer/", {"cramps": "1"})

    assert "2026-11-12/" not in add_pause(house).content.decode().split("<nav class")[0]


def test_an_answered_night_in_a_pause_says_that_its_answer_stays(house):
    house.post(f"{ADDRESS}answer/", {"cramps": "1"})
    add_pause(house)

    assert say("nights.in_pause", "en") in words(house.get(ADDRESS))


def test_an_answered_night_in_a_pause_counts_as_any_other(house, person):
    house.post(f"{ADDRESS}answer/", {"cramps": "1"})
    add_pause(house)

    week = summary.summary(fold.nights(read.diary(person), dt.date(2026, 11, 18), dt.date(2026, 11, 21)))
    assert (week.closed, week.cramps, week.paused) == (1, 1, 3)
