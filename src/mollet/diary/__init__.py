"""What did this person say? Entries, the nights they belong to, and what now holds of both."""

from mollet.diary.entries import Entry, Kept, Read, Refused, as_json, read_entries
from mollet.diary.fold import Diary
from mollet.diary.measures import Measure
from mollet.diary.nights import Episode, Night, Window, night_of

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
    "as_json",
    "night_of",
    "read_entries",
]
