"""What a phone, a form or a file may say, and the only door by which it comes in."""

import dataclasses
import datetime as dt
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Annotated, Any, Literal, cast
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass
from pydantic_core import ErrorDetails, PydanticCustomError

from mollet.errors import EntryError

VERSION = 1
FIRST_DAY = dt.date(1990, 1, 1)
LAST_DAY = dt.date(2099, 12, 31)
LONGEST_CRAMP = dt.timedelta(hours=24)
# Clocks differ, and a phone may have another zone than its owner: so much ahead of its saying a thing may still lie.
CLOCKS_DIFFER = dt.timedelta(days=1)

# From each older version to the next: a phone that comes back after months still speaks the old one.
UPCASTERS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}

_CONFIG = ConfigDict(extra="forbid")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def _written_moment(value: object) -> object:
    # A bare number would be taken for seconds since 1970: a moment is written, with its offset.
    if isinstance(value, dt.datetime) or (isinstance(value, str) and _MOMENT.fullmatch(value)):
        return value
    raise PydanticCustomError("wrong_moment", "not a moment")


def _sane_moment(value: dt.datetime) -> dt.datetime:
    offset = cast("dt.timedelta", value.utcoffset())
    if not FIRST_DAY <= value.date() <= LAST_DAY:
        raise PydanticCustomError("out_of_range", "outside the range of dates")
    if offset % dt.timedelta(minutes=1):
        return value.astimezone(dt.UTC)
    return value.replace(tzinfo=dt.timezone(offset), fold=0)


def _written_day(value: object) -> object:
    is_day = isinstance(value, dt.date) and not isinstance(value, dt.datetime)
    if is_day or (isinstance(value, str) and _DAY.fullmatch(value)):
        return value
    raise PydanticCustomError("wrong_day", "not a day")


def _sane_day(value: dt.date) -> dt.date:
    if not FIRST_DAY <= value <= LAST_DAY:
        raise PydanticCustomError("out_of_range", "outside the range of dates")
    return value


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _known_zone(value: str) -> str:
    if value not in _zones():
        raise PydanticCustomError("unknown_zone", "not a time zone")
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_written_moment), AfterValidator(_sane_moment)]
Day = Annotated[dt.date, BeforeValidator(_written_day), AfterValidator(_sane_day)]
Zone = Annotated[str, Field(strict=True, max_length=64), AfterValidator(_known_zone)]
Name = Annotated[str, Field(strict=True, min_length=1, max_length=80, pattern=r"^[a-z][a-z0-9_:.\-]*$")]
Line = Annotated[str, Field(strict=True, min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
Words = Annotated[str, Field(strict=True, min_length=1, max_length=4000, pattern=r"^[^\x00]*$")]
Score = Annotated[int, Field(strict=True, ge=0, le=10)]
Yes = Annotated[bool, Field(strict=True)]
Amount = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=-1e9, le=1e9)]


@dataclass(frozen=True, slots=True, config=_CONFIG)
class Cramp:
    """One episode; its onset is the moment of the entry."""

    end: Moment | None = None
    end_known: Yes = False
    leg: Literal["left", "right", "both"] | None = None
    place: Literal["calf", "foot", "thigh", "other"] | None = None
    severity: Score | None = None
    helped: Annotated[tuple[Name, ...], Field(max_length=20)] = ()
    woke: Yes | None = None
    kind: Literal["cramp"] = "cramp"

    def __post_init__(self) -> None:
        if self.end_known and self.end is None:
            raise PydanticCustomError("end_missing", "known end is missing")


@dataclass(frozen=True, slots=True, config=_CONFIG)
class Night:
    """The morning answer: the only thing that closes a night."""

    cramps: Annotated[int, Field(strict=True, ge=0, le=99)]
    night: Day | None = None
    awake_minutes: Annotated[int, Field(strict=True, ge=0, le=1440)] | None = None
    sleep: Score | None = None
    kind: Literal["night"] = "night"


@dataclass(frozen=True, slots=True, config=_CONFIG)
class Exposure:
    """What a day held that may matter."""

    what: Name
    value: Yes | Amount
    unit: Line | None = None
    night: Day | None = None
    kind: Literal["exposure"] = "exposure"


@dataclass(frozen=True, slots=True, config=_CONFIG)
class Dose:
    """A remedy done or taken, or knowingly left out."""

    remedy: Name
    amount: Amount | None = None
    done: Yes = True
    night: Day | None = None
    kind: Literal["dose"] = "dose"


@dataclass(frozen=True, slots=True, config=_CONFIG)
class Medicine:
    """A medicine started, changed or stopped."""

    change: Literal["start", "change", "stop"]
    name: Line
    dose: Line | None = None
    on: Day | None = None
    kind: Literal["medicine"] = "medicine"


@dataclass(frozen=True, slots=True, config=_CONFIG)
class Answer:
    """Reply to a question; None takes an earlier reply back to *not known*."""

    question: Name
    value: Yes | Amount | Line | Annotated[tuple[Line, ...], Field(max_length=200)] | None
    kind: Literal["answer"] = "answer"


@dataclass(frozen=True, slots=True, config=_CONFIG)
class Pause:
    """Nights on which nothing is expected; no last day while it goes on."""

    first: Day
    last: Day | None = None
    reason: Literal["travel", "hospital", "other"] = "other"
    kind: Literal["pause"] = "pause"

    def __post_init__(self) -> None:
        if self.last is not None and self.last < self.first:
            raise PydanticCustomError("end_before_start", "ends before it starts")


@dataclass(frozen=True, slots=True, config=_CONFIG)
class Note:
    """Free words."""

    text: Words
    kind: Literal["note"] = "note"


@dataclass(frozen=True, slots=True, config=_CONFIG)
class Withdrawn:
    """The thing is taken back; a later entry may bring it back again."""

    kind: Literal["withdrawn"] = "withdrawn"


Data = Annotated[
    Cramp | Night | Exposure | Dose | Medicine | Answer | Pause | Note | Withdrawn, Field(discriminator="kind")
]


@dataclass(frozen=True, slots=True, config=_CONFIG)
class Entry:
    """One thing a person said, kept as it was said.

    Parameters
    ----------
    v : int
        Version of the schema.
    id, about : UUID
        Of this saying, made where it was said, so that sending it twice is harmless; of the thing it is about.
    replaces : tuple of UUID
        What the sender saw about the thing; the leaf that nothing replaces holds.
    at, said : datetime
        When it happened and when it was said, each with its offset.
    zone : str
        IANA name of the zone; it decides which night the moment belongs to.
    data : Data
        What was said, told apart by its ``kind``.
    """

    v: Annotated[int, Field(strict=True, ge=VERSION, le=VERSION)]
    id: UUID
    about: UUID
    replaces: Annotated[tuple[UUID, ...], Field(max_length=100)]
    at: Moment
    zone: Zone
    said: Moment
    data: Data

    def __post_init__(self) -> None:
        if self.id in self.replaces:
            raise PydanticCustomError("replaces_itself", "replaces itself")
        if isinstance(self.data, Cramp) and self.data.end is not None:
            _check_end(self.at, self.data.end)


def entry_of(
    data: Data,
    at: dt.datetime,
    zone: str,
    identity: UUID,
    *,
    said: dt.datetime | None = None,
    about: UUID | None = None,
    replaces: tuple[UUID, ...] = (),
) -> Entry:
    """Make an entry that opens a thing of its own and was said as it happened, unless told otherwise."""
    return Entry(VERSION, identity, about or identity, replaces, at, zone, said or at, data)


def _check_end(start: dt.datetime, end: dt.datetime) -> None:
    if end < start:
        raise PydanticCustomError("end_before_start", "ends before it starts")
    if end - start > LONGEST_CRAMP:
        raise PydanticCustomError("cramp_too_long", "lasts more than a day")


@dataclasses.dataclass(frozen=True, slots=True)
class Kept:
    """An item of a batch that can be taken in."""

    entry: Entry


@dataclasses.dataclass(frozen=True, slots=True)
class Refused:
    """An item of a batch that cannot be taken in: a key of the words, and what the sentence quotes."""

    id: UUID | None
    reason: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)


Read = Kept | Refused

_ENTRY: TypeAdapter[Entry] = TypeAdapter(Entry)


def read_entries(batch: object) -> list[Read]:
    """Read a batch, each item by itself, in its order: one bad item never blocks the rest.

    What has not happened yet cannot be told: a morning answer for a night that had not begun when it was said, and a
    cramp later than its own saying, are refused, with a day's grace for clocks. Both are held against ``said`` and not
    against the clock of the house. A phone whose clock is far ahead is therefore kept in all it says, for it is the
    only witness of it; what it said wrongly goes as everything else goes, by a later saying that names it, and no wrong
    clock wins for ever.

    Raises
    ------
    EntryError
        The batch as a whole is not a list.
    """
    return [_told_in_time(reading) for reading in read_kept(batch)]


def read_kept(batch: object) -> list[Read]:
    """Read what the diary let in before, as ``read_entries`` does, and without asking again whether it could be told.

    Raises
    ------
    EntryError
        The batch as a whole is not a list.
    """
    if not isinstance(batch, list | tuple):
        raise EntryError("error.entry.not_a_list")
    return [_read(item) for item in batch]


def as_json(entry: Entry) -> dict[str, Any]:
    """Write an entry as plain JSON values; ``read_kept`` reads exactly the same entry back."""
    written: dict[str, Any] = _ENTRY.dump_python(entry, mode="json")
    return written


def upcast(
    item: Mapping[str, Any],
    upcasters: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] | None = None,
    version: int = VERSION,
) -> dict[str, Any]:
    """Bring an item of an older version of the schema to the present one, step by step."""
    steps = UPCASTERS if upcasters is None else upcasters
    newest = dict(item)
    while _is_older(newest.get("v"), version) and newest["v"] in steps:
        newest = {**steps[newest["v"]](newest), "v": newest["v"] + 1}
    return newest


def _read(item: object) -> Read:
    if not isinstance(item, Mapping):
        return Refused(None, "error.entry.not_an_object", {"value": _quoted(item)})
    identity = _identity(item.get("id"))
    version = item.get("v")
    if isinstance(version, int) and version > VERSION:
        return Refused(identity, "error.entry.newer", {"value": version})
    try:
        return Kept(_ENTRY.validate_python(upcast(item)))
    except ValidationError as error:
        return _refused(identity, error.errors(include_url=False))


def _told_in_time(reading: Read) -> Read:
    if isinstance(reading, Refused):
        return reading
    entry, data = reading.entry, reading.entry.data
    latest = entry.said + CLOCKS_DIFFER
    if isinstance(data, Night):
        night = data.night or entry.at.astimezone(ZoneInfo(entry.zone)).date()
        if night > latest.astimezone(ZoneInfo(entry.zone)).date():
            return Refused(entry.id, "error.entry.night_to_come", {"value": night.isoformat()})
    if isinstance(data, Cramp) and entry.at > latest:
        return Refused(entry.id, "error.entry.cramp_to_come", {"value": entry.at.date().isoformat()})
    return reading


def _is_older(value: object, version: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value < version


def _identity(value: object) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None


_REASONS = {
    "missing": "missing",
    "unexpected_keyword_argument": "unknown_key",
    "union_tag_invalid": "unknown_kind",
    "union_tag_not_found": "unknown_kind",
    "greater_than_equal": "out_of_range",
    "less_than_equal": "out_of_range",
    "out_of_range": "out_of_range",
    "string_too_long": "too_long",
    "too_long": "too_long",
    "timezone_aware": "no_offset",
    "wrong_moment": "wrong_moment",
    "wrong_day": "wrong_day",
    "unknown_zone": "unknown_zone",
    "end_missing": "end_missing",
    "end_before_start": "end_before_start",
    "cramp_too_long": "cramp_too_long",
    "replaces_itself": "replaces_itself",
}


def _refused(identity: UUID | None, errors: list[ErrorDetails]) -> Refused:
    # An unknown key first: it is most often the misspelt name of one that is then missing.
    unknown = [_key(error["loc"]) for error in errors if error["type"] == "unexpected_keyword_argument"]
    if unknown:
        return Refused(identity, "error.entry.unknown_key", {"field": _quoted(", ".join(unknown))})
    # Of a value that may be of several types, the type it nearly was says most.
    first = next((error for error in errors if error["type"] in _REASONS), errors[0])
    reason = _REASONS.get(first["type"], "not_usable")
    value = first["input"]
    if reason == "unknown_kind" and isinstance(value, Mapping):
        value = value.get("kind", "")
    return Refused(identity, f"error.entry.{reason}", {"field": _key(first["loc"]), "value": _quoted(value)})


def _key(where: tuple[int | str, ...]) -> str:
    """Name of the field an error is about, without the branch of the union it was found in."""
    named = [str(part) for part in where]
    if not named:
        return ""
    return named[2] if named[0] == "data" and len(named) > 2 else named[0]


def _quoted(value: object) -> str:
    words = value if isinstance(value, str) else _shown(value)
    words = words[:61].encode("utf-8", "replace").decode("utf-8")
    # A control character cannot be seen: its picture stands for it.
    words = words.translate(_PICTURES)
    return words if len(words) <= 60 else f"{words[:59]}…"


_PICTURES = {code: 0x2400 + code for code in range(32)}


def _shown(value: object) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    try:
        return repr(value)
    except (ValueError, RecursionError):  # a number of thousands of digits, a list in itself
        return type(value).__name__
