import datetime as dt
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from tests.people import claire

from mollet.advice.plan import plan
from mollet.diary.entries import Answer, Dose
from mollet.diary.facts import resolve
from mollet.diary.fold import Diary
from mollet.exchange.icalendar import ROUTINE_DAYS, Wishes, reminders, write
from mollet.knowledge import load

NOW = dt.datetime(2026, 11, 22, 8, tzinfo=dt.UTC)
WISHES = Wishes(lang="en", since=dt.date(2026, 3, 20))
EMPTY = Diary(zone="Europe/Paris")


def calendar(diary=EMPTY, wishes=WISHES, now=NOW):
    return Calendar.from_ical(write(UUID(int=1), diary, load(), now, wishes))


def events(made):
    return {str(event["summary"]): event for event in made.walk("VEVENT")}


def said(question, value):
    return claire.says(Answer(question, value), "2026-11-22 08:30")


def test_the_question_comes_at_the_local_time_of_every_morning():
    event = events(calendar())["Last night: any cramp?"]

    assert (event["dtstart"].params["TZID"], event.decoded("dtstart").time()) == ("Europe/Paris", dt.time(8))


def test_the_zone_travels_with_the_calendar():
    assert [str(zone["tzid"]) for zone in calendar().walk("VTIMEZONE")] == ["Europe/Paris"]


def test_reminders_keep_their_names_from_day_to_day():
    names = [
        sorted(str(e["uid"]) for e in calendar(now=NOW + day * dt.timedelta(days=1)).walk("VEVENT")) for day in (0, 9)
    ]

    assert names[0] == names[1]


def test_each_reminder_rings():
    assert [len(event.walk("VALARM")) for event in calendar().walk("VEVENT")] == [1, 1]


def test_advice_reaches_only_a_few_nights_ahead():
    [until] = events(calendar())["Tonight’s routine"]["rrule"]["UNTIL"]

    assert until.astimezone(ZoneInfo("Europe/Paris")).date() == NOW.date() + dt.timedelta(days=ROUTINE_DAYS)


def test_the_routine_is_what_the_plan_offers_and_nothing_else():
    offered = plan(resolve({}, load()), load()).tonight
    names = [(one.variant.name if one.variant and one.variant.name else one.remedy.name).en for one in offered]

    [routine] = [one for one in reminders(EMPTY, load(), NOW, WISHES) if one.word == "routine"]

    assert [line.partition(":")[0] for line in routine.text.splitlines() if line.partition(":")[0] in names] == names


def test_a_condition_stands_beside_the_advice():
    [routine] = [one for one in reminders(EMPTY, load(), NOW, WISHES) if one.word == "routine"]
    [*conditions] = [says.en for one in plan(resolve({}, load()), load()).tonight for says in one.judgement.says]

    assert conditions
    assert [says for says in conditions if says not in routine.text] == []


@pytest.mark.parametrize("signs", [{"calf_swollen_one_leg": True, "calf_warm": True}, {"chest_pain": True}])
def test_in_an_emergency_no_exercise_is_shown(signs):
    diary = Diary(tuple(said(*sign) for sign in signs.items()))

    assert "Tonight’s routine" not in events(calendar(diary))


def test_the_day_to_look_back_comes_once_after_the_weeks_of_the_plan():
    begun = Diary((claire.says(Dose("calf_hamstring_stretch", done=True), "2026-11-20 22:00"),), zone="Europe/Paris")
    event = events(calendar(begun))["Look back at the routine"]

    assert (event.decoded("dtstart").date(), "rrule" in event) == (dt.date(2027, 1, 1), False)


@pytest.mark.parametrize(("days", "is_there"), [(42, True), (43, False)])
def test_a_day_to_look_back_that_is_over_is_no_reminder(days, is_there):
    begun = Diary((claire.says(Dose("calf_hamstring_stretch", done=True), "2026-11-20 22:00"),), zone="Europe/Paris")
    day = dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC) + dt.timedelta(days=days)

    assert ("Look back at the routine" in events(calendar(begun, now=day))) == is_there


def test_before_the_routine_is_begun_there_is_no_day_to_look_back():
    assert "Look back at the routine" not in events(calendar())


def test_what_was_not_wished_for_does_not_come():
    assert set(events(calendar(wishes=Wishes(evening=None)))) == {"Last night: any cramp?"}


def test_lines_end_and_fold_as_the_standard_says():
    lines = write(UUID(int=1), EMPTY, load(), NOW, WISHES).split(b"\r\n")

    assert (max(map(len, lines)) <= 75, any(b"\n" in line for line in lines)) == (True, False)
