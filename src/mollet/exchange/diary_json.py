"""The complete diary as one JSON document: the format to leave with, and to come back with.

``docs/reference/diary-json.md`` describes it. Everything a person said is in it, each entry on a line of its own, so
that even a damaged file gives back every line that is whole. Entries come in again by the same door as from a phone,
under their own ids: into the same diary nothing is doubled, into an empty one nothing is missing.
"""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from mollet import __version__
from mollet.diary import Entry, Kept, Measure, as_json, read_entries
from mollet.errors import FileError, MolletError
from mollet.exchange import archive
from mollet.exchange.incoming import Destination, Found, Generation, Incoming
from mollet.knowledge import load
from mollet.words import LANGUAGES

NAME = "diary-json"
FORMAT = "mollet-diary"
VERSION = 1
LARGEST = 256 << 20
MOST_TOLD = 20
_GAP = re.compile(r"[\s,]*")
SETTINGS = ("name", "language", "theme", "country", "zone", "hours")

_ALLOWED: dict[str, Callable[[object], bool]] = {
    "name": lambda value: isinstance(value, str) and 0 < len(value) <= 80,
    "language": lambda value: value in ("", *LANGUAGES),
    "theme": lambda value: value in ("auto", "day", "night"),
    "country": lambda value: isinstance(value, str) and value in load().countries,
    "zone": lambda value: isinstance(value, str) and value in available_timezones(),
    "hours": lambda value: value in ("24", "12"),
}


@dataclass(frozen=True, slots=True)
class Complete:
    """Everything there is of one person, ready to leave.

    Parameters
    ----------
    diary_id : UUID
        Names the diary.
    entries : tuple of Entry
        All of them, also those that were replaced or taken back.
    generations : tuple of Generation
        The imports that hold, oldest first, with the measures they brought.
    settings : mapping of str to str
        Those of ``SETTINGS``.
    """

    diary_id: UUID
    entries: tuple[Entry, ...]
    generations: tuple[Generation, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)


def sniff(head: bytes) -> bool:
    """Tell whether a document is a complete diary, by the name of the format near its beginning."""
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and FORMAT.encode() in head[:1024]


def write(complete: Complete) -> Iterator[str]:
    """Write the document piece by piece, one entry or measure on a line; the same diary gives the same bytes."""
    head = {
        "format": FORMAT,
        "version": VERSION,
        "program": f"mollet {__version__}",
        "diary": str(complete.diary_id),
        "person": {name: complete.settings[name] for name in SETTINGS if name in complete.settings},
    }
    yield "{\n"
    yield "".join(f"{json.dumps(key)}: {_line(value)},\n" for key, value in head.items())
    entries = sorted(complete.entries, key=lambda entry: (entry.said, entry.id))
    yield '"entries": ['
    yield from _listed(as_json(entry) for entry in entries)
    yield '],\n"imports": ['
    yield from _listed(_import(generation) for generation in complete.generations)
    yield "]\n}\n"


def read(part: archive.Part, to: Destination) -> Incoming:
    """Read a complete diary; entries pass the door one by one, and nothing is kept yet.

    Raises
    ------
    FileError
        It was written by a newer version, is not such a document, or nothing whole is left of it.
    """
    document, problems = _document(archive.whole(part, LARGEST), part.path.name)
    _check_version(document)
    raw = document.get("entries")
    if not isinstance(raw, list):
        raise FileError("error.file.json_no_entries")
    entries, refused = _through_the_door(raw)
    generations, unread = _generations(document.get("imports", []))
    there = {entry.id for entry in to.diary.entries}
    told = [*problems, *refused, *unread]
    return Incoming(
        format=NAME,
        sha256=archive.sha256(part),
        entries=entries,
        generations=generations,
        found=tuple(_found(entries)),
        problems=(*told, FileError("error.file.json_kept", n=len(entries))) if told else (),
        same=sum(entry.id in there for entry in entries),
        settings=_settings(document.get("person")),
    )


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "), allow_nan=False)


def _listed(items: Iterator[dict[str, Any]]) -> Iterator[str]:
    between = "\n"
    for item in items:
        yield between + _line(item)
        between = ",\n"
    yield "\n"


def _import(generation: Generation) -> dict[str, Any]:
    return {
        "format": generation.format,
        "sha256": generation.sha256,
        "name": generation.name,
        "at": generation.at.isoformat(),
        "measures": [
            [measure.source, measure.kind, measure.night.isoformat(), measure.value, measure.coverage]
            for measure in generation.measures
        ],
    }


def _document(content: bytes, name: str) -> tuple[dict[str, Any], list[FileError]]:
    """Parse the document; of a damaged one, every line that is whole."""
    try:
        text = content.decode("utf-8-sig")
        document = json.loads(text, parse_constant=_refuse)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return _salvaged(content.decode("utf-8-sig", "replace"), FileError("error.file.json_not_utf8", line=line))
    except json.JSONDecodeError as error:
        damage = FileError("error.file.json_damaged", line=error.lineno, column=error.colno)
        return _salvaged(text, damage)
    except (RecursionError, ValueError) as error:
        raise FileError("error.file.json_not_usable", name=name) from error
    if not isinstance(document, dict):
        raise FileError("error.file.json_no_entries")
    return document, []


def _refuse(constant: str) -> float:
    raise ValueError(constant)


def _salvaged(text: str, damage: FileError) -> tuple[dict[str, Any], list[FileError]]:
    """Collect what stands whole on a line of its own; raise the damage itself where nothing does."""
    document: dict[str, Any] = {"entries": [], "imports": []}
    for line in text.splitlines():
        bare = line.strip().rstrip(",")
        if bare.startswith("{"):
            _collect(bare, document)
        elif bare.startswith('"'):
            _collect_key(bare, document)
    if not document["entries"]:
        document["entries"] = list(_one_after_another(text))
    if not document["entries"] and not document["imports"]:
        raise damage
    return document, [damage]


def _one_after_another(text: str) -> Iterator[dict[str, Any]]:
    """Yield the entries of a document without line breaks, up to the damage."""
    decoder = json.JSONDecoder(parse_constant=_refuse)
    start = re.search(r'"entries"\s*:\s*\[', text)
    at = start.end() if start else len(text)
    try:
        while at < len(text):
            item, at = decoder.raw_decode(text, _GAP.match(text, at).end())  # type: ignore[union-attr]
            if isinstance(item, dict) and "data" in item:
                yield item
    except (ValueError, RecursionError):
        return


def _collect(line: str, document: dict[str, Any]) -> None:
    item = _parsed(line)
    if isinstance(item, dict) and "data" in item:
        document["entries"].append(item)
    elif isinstance(item, dict) and "measures" in item:
        document["imports"].append(item)


def _collect_key(line: str, document: dict[str, Any]) -> None:
    pair = _parsed("{" + line + "}")
    if isinstance(pair, dict):
        document.update({key: value for key, value in pair.items() if key in ("format", "version", "diary", "person")})


def _parsed(text: str) -> object:
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None


def _check_version(document: Mapping[str, Any]) -> None:
    if document.get("format", FORMAT) != FORMAT:
        raise FileError("error.file.json_no_entries")
    version = document.get("version", VERSION)
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise FileError("error.file.json_version", value=str(version)[:40])
    if version > VERSION:
        raise FileError("error.file.json_newer", version=version, known=VERSION)


def _through_the_door(raw: list[object]) -> tuple[tuple[Entry, ...], list[FileError]]:
    entries: list[Entry] = []
    refused: list[FileError] = []
    for place, item in enumerate(read_entries(raw), 1):
        if isinstance(item, Kept):
            entries.append(item.entry)
        else:
            reason = MolletError(item.reason, **item.values)
            refused.append(FileError("error.file.json_entry", place=place, id=str(item.id or "?"), reason=reason))
    if len(refused) > MOST_TOLD:
        refused = [*refused[:MOST_TOLD], FileError("error.file.json_more", n=len(refused) - MOST_TOLD)]
    return tuple(entries), refused


def _generations(raw: object) -> tuple[tuple[Generation, ...], list[FileError]]:
    generations: list[Generation] = []
    problems: list[FileError] = []
    for place, item in enumerate(raw if isinstance(raw, list) else [None], 1):
        try:
            generations.append(_generation(item))
        except (TypeError, KeyError, ValueError, AttributeError, FileError):
            problems.append(FileError("error.file.json_import", place=place))
    return tuple(generations), problems


def _generation(item: Any) -> Generation:
    # The store gives a generation its own id; until then measures carry none that means anything.
    measures = tuple(
        Measure(str(source), str(kind), dt.date.fromisoformat(night), float(value), float(coverage), UUID(int=0))
        for source, kind, night, value, coverage in item["measures"]
    )
    sha256 = str(item["sha256"])
    if len(sha256) != 64 or not sha256.isalnum():
        raise ValueError(sha256)
    at = dt.datetime.fromisoformat(item["at"])
    if at.tzinfo is None:
        raise ValueError(item["at"])
    return Generation(str(item["format"])[:40], sha256, str(item.get("name", ""))[:200], at, measures)


def _settings(person: object) -> dict[str, str]:
    if not isinstance(person, dict):
        return {}
    return {name: person[name] for name, allowed in _ALLOWED.items() if allowed(person.get(name))}


def _found(entries: tuple[Entry, ...]) -> Iterator[Found]:
    days: dict[str, list[dt.date]] = {}
    for entry in entries:
        days.setdefault(entry.data.kind, []).append(entry.at.date())
    for kind, dates in days.items():
        yield Found(kind, len(dates), len(set(dates)), min(dates), max(dates))
