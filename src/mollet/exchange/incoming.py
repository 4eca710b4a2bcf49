"""What a file brought, before anything of it is kept: the same for every format that can be read."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from mollet.advice.foods import TableFood
from mollet.diary.entries import Entry
from mollet.diary.fold import Diary
from mollet.diary.measures import Measure
from mollet.errors import FileError


@dataclass(frozen=True, slots=True)
class Meanings:
    """What a person says the columns of a table mean.

    Parameters
    ----------
    columns : mapping of str to str
        Of each column that counts one of ``mapping.MEANINGS``; one that is not named is left.
    day : str
        Name of the column that holds the day; empty: the first that looks like one.
    month_first : bool or None
        11/03 is the third of November; None: as the file itself tells, else the day first.
    mornings : bool
        A day is that of the morning after the night, and not of its evening.
    """

    columns: Mapping[str, str]
    day: str = ""
    month_first: bool | None = None
    mornings: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column that may mean something: how many values of which days, a few of them, and what is proposed."""

    name: str
    rows: int
    first: dt.date
    last: dt.date
    examples: tuple[float, ...]
    proposed: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person is asked of a table before it is taken in: its columns, beside its first lines as they stand."""

    columns: tuple[Column, ...]
    head: tuple[tuple[str, ...], ...] = ()
    day: str = ""
    asks_order: bool = False


@dataclass(frozen=True, slots=True)
class Destination:
    """The diary that a file is read for; reading changes nothing in it.

    Parameters
    ----------
    diary_id : UUID
        Names the diary; ids made for rows of a table derive from it.
    diary : Diary
        What is there already, so that nothing is doubled and nothing overwritten; its zone is for files that name none.
    name : str
        Name of the person, to choose among several in one table; may be empty.
    replace : bool
        What the file says may replace what the diary says otherwise.
    meanings : Meanings or None
        What the person says the columns of a foreign table mean; None: they are still to be asked.
    today : date or None
        Where the person lives: of a night after it nothing can be told yet. None: nobody knows.
    food_table : str
        Hash of the file of the food table that holds; empty: our own list.
    """

    diary_id: UUID
    diary: Diary
    name: str = ""
    replace: bool = False
    meanings: Meanings | None = None
    today: dt.date | None = None
    food_table: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """How much of one kind a file holds, and for which nights."""

    kind: str
    rows: int
    nights: int
    first: dt.date
    last: dt.date


@dataclass(frozen=True, slots=True)
class Generation:
    """One import that holds, as it travels inside a complete diary: the file it came from, and its measures."""

    format: str
    sha256: str
    name: str
    at: dt.datetime
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class Incoming:
    """Everything a reader found in one file.

    ``entries`` still go through the door when they are recorded; ``problems`` are what could not be read, each a
    sentence a person understands; ``notes`` are what is good to know (what was left aside and why). ``differing`` are
    the nights where the file says something else than the diary, which stays as it is unless the person replaces it.
    ``foods`` are those of a public food table, which replaces our list. ``asked`` is what the person is asked of a
    foreign table; nothing of it is among the entries before that was said.
    """

    format: str
    sha256: str
    entries: tuple[Entry, ...] = ()
    measures: tuple[Measure, ...] = ()
    generations: tuple[Generation, ...] = ()
    found: tuple[Found, ...] = ()
    ignored: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[FileError, ...] = ()
    notes: tuple[FileError, ...] = ()
    differing: tuple[dt.date, ...] = ()
    same: int = 0
    settings: Mapping[str, str] = field(default_factory=dict)
    asked: Asked | None = None
    foods: tuple[TableFood, ...] = ()
