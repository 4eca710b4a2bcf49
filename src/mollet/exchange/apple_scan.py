"""One pass through the XML of an Apple Health export: a quick way for the records of the usual form, a strict one.

A file holds millions of records that nearly all look alike, so the bytes are cut at each ``<Record``. A piece that is
one whole record by itself is read by one expression, or stepped over where nobody wants its type. Whatever else there
is - other elements, records in records, comments, references, attributes in another order or over several lines - goes
through a strict parser, which alone knows where it stands: after each such piece it is handed a mark, and only a mark
that comes back at the top level opens the quick way again. Both ways give the same rows; the tests hold them together.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from math import inf
from pyexpat import ExpatError, ParserCreate
from typing import Any
from zoneinfo import ZoneInfo

from mollet.errors import FileError
from mollet.exchange import apple_terms as terms
from mollet.exchange.rows import WATCH

Put = Callable[[str, int, int, float, str, int, str | None], None]
"""Takes kind, start, end, value, source, rank and zone of one row."""

# Attributes of one element, and depth of nesting, far beyond any real file: more is made to fill the memory.
LONGEST_SILENCE = 8 << 20
DEEPEST = 64
LONGEST_PROLOGUE = 1 << 20
LONGEST_HELD = 1 << 20
MOST_TYPES = 1000

_TAG = b"<Record"
_CONTROL = bytes(set(range(32)) - {9, 10, 13})
_REFERENCE = re.compile(r"&#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}));")
# The first exports (iOS 8, 2015) had a ``source`` and times that no later one has.
_TOO_OLD = re.compile(rb'<Record\b(?![^>]*\bsourceName=)[^>]*\bsource="')

# All of a record after its type, in the order that phones write; the device stands in one of two places.
_DEVICE = rb'\s+device="(?:&lt;&lt;HKDevice: 0x[0-9a-f]+&gt;, )?([^"<\x00-\x1f]*)"'
_WHOLE = re.compile(
    rb'\s+sourceName="([^"<\x00-\x1f]*)"(?:\s+sourceVersion="[^"<&]*")?'
    rb"(?:" + _DEVICE + rb')?(?:\s+unit="([^"<&]*)")?(?:\s+creationDate="[^"<&]*")?'
    rb'\s+startDate="([^"<&]{25})"\s+endDate="([^"<&]{25})"(?:\s+value="([^"<&]*)")?'
    rb"(?:" + _DEVICE + rb")?\s*(?:/>|>((?:\s*<MetadataEntry\s[^<]*/>)*)\s*</Record>)\s*"
)
_NOTE = re.compile(rb'\s*<MetadataEntry\s+key="([^"<&]*)"\s+value="([^"<]*)"\s*/>')
_KNOWN_NAME = re.compile(rb' type="([A-Za-z0-9]+)"')

_Act = tuple[str, dict[bytes, float]]
_IGNORED: _Act = ("", {})


@dataclass(slots=True)
class Scan:
    """Reads a document that comes in pieces, hands each row on, and remembers what was left aside.

    Parameters
    ----------
    zone : str
        IANA zone of the person, for the summaries of a local day.
    put : callable
        Where rows go.
    """

    zone: str
    put: Put
    exported: int | None = None
    is_cut: bool = False
    elements: int = 0
    hand_entered: int = 0
    unreadable: int = 0
    last_start: int | None = None
    ignored: Counter[str] = field(default_factory=Counter)
    unknown_units: Counter[tuple[str, str]] = field(default_factory=Counter)
    _parser: Any = None
    _acts: dict[bytes, _Act] = field(default_factory=dict)
    _is_at_top: bool = False
    _has_instructions: bool = False
    _mark: int = 0
    _returned: int = 0
    _silent: int = 0
    _depth: int = 0
    _current: tuple[str, dict[str, str]] | None = None
    _notes: dict[str, str] = field(default_factory=dict)
    _events: int = 0

    def read(self, pieces: Iterator[bytes]) -> None:
        """Read a document whose bytes come in pieces, cut anywhere."""
        self._parser = _parser(self)
        held, tag = b"", b""
        try:
            for piece in _body(pieces):
                first, *rest = (held + piece).split(_TAG)
                if rest:
                    self._records(tag, first, rest)
                    held, tag = rest[-1], _TAG
                else:
                    held = first
                if len(held) > LONGEST_HELD:
                    held, tag = self._let_go(tag, held), b""
            self._strictly(tag + held)
            self._parser.Parse("", True)
        except ExpatError:
            self.is_cut = True

    def _records(self, tag: bytes, first: bytes, rest: list[bytes]) -> None:
        """Read what stands before each tag, the last of which may not be whole yet."""
        if tag:
            self._quickly([first, *rest[:-1]])
        else:
            self._is_at_top = self._strictly(first)
            self._quickly(rest[:-1])

    def _quickly(self, parts: list[bytes]) -> None:
        """Read records, each without its tag; those that are not of the usual form strictly."""
        is_at_top, name, act, stepped = self._is_at_top, b"?", None, 0
        for part in parts:
            if is_at_top:
                # Records of one type stand together.
                if not part.startswith(name):
                    self._step(name, stepped)
                    name, stepped = part[: part.find(b'"', 7) + 1] or b"?", 0
                    act = self._acts.get(name) or self._learn(name)
                if act is _IGNORED:
                    # Closed in itself, and the next one begins on a new line: nearly all are; written out for speed.
                    if (part[-4:] == b"/>\n " and part.find(b">") == len(part) - 3) or _is_whole(part):
                        stepped += 1
                        continue
                elif act and self._taken(act, part, len(name)):
                    continue
            is_at_top = self._strictly(_TAG + part)
        self._is_at_top = is_at_top
        self._step(name, stepped)

    def _step(self, name: bytes, count: int) -> None:
        """Count records of a type that nobody wants."""
        if count:
            self.elements += count
            self._ignore(terms.short(name[7:-1].decode()), count)

    def _learn(self, name: bytes) -> _Act | None:
        """Say what is done with a type: a kind with its units or words, _IGNORED, or None where it is read strictly."""
        found = _KNOWN_NAME.fullmatch(name)
        if not found or len(self._acts) >= MOST_TYPES:
            return None
        kind_of_record = terms.short(found[1].decode())
        act: _Act = _IGNORED
        for known in (terms.QUANTITIES, terms.CATEGORIES):
            if kind_of_record in known:
                kind, values = known[kind_of_record]
                act = (kind, {word.encode(): value for word, value in values.items()})
        self._acts[name] = act
        return act

    def _taken(self, act: _Act, part: bytes, at: int) -> bool:
        """Take a record of the usual form; False where it is not, or something in it is odd."""
        found = _WHOLE.fullmatch(part, at)
        if found is None:
            return False
        source, device, unit, start, end, value, other_device, notes = found.groups()
        kind, values = act
        try:
            amount = values[value] if unit is None else float(value) * values[unit]
            name, rank = terms.quick_source(source, device or other_device or b"")
            zone, by_hand = _notes(notes) if notes else (None, False)
            first = terms.quick_instant(start)
            last = first if end == start else terms.quick_instant(end)
            if not 0 <= amount < inf:
                return False
            self.put(kind, first, last, amount, name, rank, zone)
        except (KeyError, ValueError, TypeError, OverflowError, OSError):
            return False
        self.elements += 1
        self.hand_entered += by_hand
        self.last_start = first
        return True

    def _let_go(self, tag: bytes, held: bytes) -> bytes:
        """Read strictly what is held up to the last element that begins in it, and return the rest."""
        at = held.rfind(b"<")
        if at <= 0:
            if len(held) > LONGEST_SILENCE:
                raise FileError("error.file.too_large", name="Apple Health")
            return held if not tag else self._let_go(b"", tag + held)
        self._is_at_top = self._strictly(tag + held[:at])
        return held[at:]

    def _strictly(self, raw: bytes) -> bool:
        """Hand bytes that end before an element to the parser; True where it then stands at the top level."""
        before = self._events
        self._has_instructions = self._has_instructions or b"<?" in raw
        self._parser.Parse(_clean(raw), False)
        self._silent = self._silent + len(raw) if self._events == before else 0
        if self._silent > LONGEST_SILENCE:
            raise FileError("error.file.too_large", name="Apple Health")
        if self._has_instructions or self._depth != 1:
            return False
        self._mark += 1
        self._parser.Parse(f"<?mollet {self._mark}?>", False)
        return self._returned == self._mark and self._depth == 1

    def marked(self, name: str, mark: str) -> None:
        """Note that the parser has come to a mark, and is inside of nothing."""
        self._returned = int(mark) if name == "mollet" and mark.isdecimal() else 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        self._depth += 1
        self._events += 1
        if self._depth == 2:
            self.elements += 1
            self._notes = {}
            self._current = (name, attributes)
        elif self._depth == 3 and name == "MetadataEntry":
            self._notes.setdefault(attributes.get("key", ""), attributes.get("value", ""))
        elif self._depth > DEEPEST:
            raise FileError("error.file.too_large", name="Apple Health")

    def end(self, _: str) -> None:
        """End an element; only one at top level means something, with its notes."""
        self._depth -= 1
        if self._depth != 1 or self._current is None:
            return
        current, attributes = self._current
        self._current = None
        try:
            self._take(current, attributes)
        except (KeyError, ValueError, OverflowError, OSError):
            self.unreadable += 1

    def _take(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Record":
            self._record(attributes)
        elif name == "Workout":
            self._workout(attributes)
        elif name == "ActivitySummary":
            self._summary(attributes)
        elif name == "ExportDate":
            self.exported = terms.instant(attributes["value"])
        elif name != "Me":
            self._ignore(name)

    def _record(self, attributes: dict[str, str]) -> None:
        kind_of_record = terms.short(attributes["type"])
        if kind_of_record in terms.QUANTITIES:
            kind, units = terms.QUANTITIES[kind_of_record]
            unit = attributes.get("unit", "")
            if unit not in units:
                self.unknown_units[kind_of_record, unit[:40]] += 1
                return
            value = terms.quantity(attributes["value"]) * units[unit]
        elif kind_of_record in terms.CATEGORIES:
            kind, words = terms.CATEGORIES[kind_of_record]
            value = words[attributes["value"]]
        else:
            self._ignore(kind_of_record)
            return
        self._keep(kind, value, attributes)

    def _workout(self, attributes: dict[str, str]) -> None:
        """Take the duration, which leaves out pauses; end less start only where there is none."""
        if "duration" in attributes:
            unit = attributes.get("durationUnit", "min")
            if unit not in terms.MIN:
                self.unknown_units["Workout", unit[:40]] += 1
                return
            minutes = terms.quantity(attributes["duration"]) * terms.MIN[unit]
        else:
            minutes = (terms.instant(attributes["endDate"]) - terms.instant(attributes["startDate"])) / 60
        self._keep("workout_min", minutes, attributes)

    def _summary(self, attributes: dict[str, str]) -> None:
        """Take the figures of a local day; summaries from before such devices were sold are fillers."""
        day = dt.date.fromisoformat(attributes["dateComponents"])
        if day.year < 2000:
            return
        noon = int(dt.datetime.combine(day, dt.time(12), ZoneInfo(self.zone)).timestamp())
        for attribute, kind in terms.SUMMARIES.items():
            if attribute in attributes:
                value = terms.quantity(attributes[attribute])
                self.put(kind, noon, noon, value, "ActivitySummary", WATCH, None)

    def _keep(self, kind: str, value: float, attributes: dict[str, str]) -> None:
        start, end = terms.instant(attributes["startDate"]), terms.instant(attributes["endDate"])
        source, rank = terms.device(terms.source_name(attributes["sourceName"]), attributes.get("device", ""))
        self.hand_entered += self._notes.get("HKWasUserEntered") == "1"
        self.last_start = start
        self.put(kind, start, end, value, source, rank, terms.known_zone(self._notes.get("HKTimeZone", "")))

    def _ignore(self, name: str, count: int = 1) -> None:
        self.ignored[name if name in self.ignored or len(self.ignored) < MOST_TYPES else "..."] += count


def _parser(scan: Scan) -> Any:
    parser = ParserCreate("utf-8")
    if hasattr(parser, "SetReparseDeferralEnabled"):
        # A mark is to come back at once; held back, it would only keep the quick way shut.
        parser.SetReparseDeferralEnabled(False)
    parser.StartElementHandler = scan.start
    parser.EndElementHandler = scan.end
    parser.ProcessingInstructionHandler = scan.marked
    return parser


def _is_whole(part: bytes) -> bool:
    """Tell whether a record of no interest ends in its own piece: closed in itself, or around its notes."""
    text = part.rstrip()
    if text[-9:] == b"</Record>":
        return text.count(b"</Record") == 1 and b"<!" not in text and b"<?" not in text
    return text[-2:] == b"/>" and b"<" not in text and text.count(b">") == 1


@lru_cache(maxsize=1024)
def _notes(raw: bytes) -> tuple[str | None, bool]:
    """Zone and "entered by hand" of a record's notes; a ValueError where they are not of the usual form."""
    if _NOTE.sub(b"", raw).strip():
        raise ValueError(raw)
    found: dict[bytes, bytes] = {}
    for key, value in _NOTE.findall(raw):
        found.setdefault(key, value)
    zone = found.get(b"HKTimeZone", b"")
    if b"&" in zone + found.get(b"HKWasUserEntered", b""):
        raise ValueError(raw)
    return terms.known_zone(zone.decode()), found.get(b"HKWasUserEntered") == b"1"


def _body(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Skip everything before the root element: a broken type definition is never parsed."""
    prologue = b""
    for piece in pieces:
        prologue += piece
        at = prologue.find(b"<HealthData")
        if b"<!ENTITY" in (prologue if at < 0 else prologue[:at]):
            raise FileError("error.file.entity")
        if at >= 0:
            if _TOO_OLD.search(prologue, at):
                raise FileError("error.file.apple_too_old")
            yield prologue[at:]
            break
        if len(prologue) > LONGEST_PROLOGUE:
            raise FileError("error.file.not_apple")
    else:
        raise FileError("error.file.not_apple")
    yield from pieces


def _clean(raw: bytes) -> str:
    """Decode, and drop what no XML may hold: control characters, as themselves or as references."""
    text = raw.translate(None, _CONTROL).decode("utf-8", "replace")
    if "&#" in text:
        text = _REFERENCE.sub(_allowed, text)
    return text.replace("\ufffe", "").replace("\uffff", "")


def _allowed(reference: re.Match[str]) -> str:
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    return reference[0] if terms.is_text(code) else ""
