"""What do we say? The words of the interface, of errors and of commands, in both languages, without Django."""

from mollet.words.say import LANGUAGES, clock, date, number, say, weekday

__all__ = ["LANGUAGES", "clock", "date", "number", "say", "weekday"]
