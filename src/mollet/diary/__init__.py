"""What did this person say? Entries, the nights they belong to, and what now holds of both."""

from mollet.diary.entries import Entry, Kept, Read, Refused, as_json, read_entries
from mollet.diary.fold import Diary, answers, cramps, doses, exposures, fold, medicines, nights, notes, pauses
from mollet.diary.measures import Measure
from mollet.diary.nights import Episode, Night, Window, night_of, window, windows

__all__ = [
    "Diary",
    "Entry",
    "Episode",
    "Kept",
    "Measure",
    "Night",
    "Read",
    "Refused",
    "Window",
    "answers",
    "as_json",
    "cramps",
    "doses",
    "exposures",
    "fold",
    "medicines",
    "night_of",
    "nights",
    "notes",
    "pauses",
    "read_entries",
    "window",
    "windows",
]
