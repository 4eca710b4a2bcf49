"""The secret addresses of calendars: each opens the reminders of one diary, and nothing else.

Like one-time keys, only the hash of the secret lies in the data folder, as the name of a small file; who reads the
folder cannot make the address from it. A diary has one address at most: a new one ends the old.
"""

import datetime as dt
import hashlib
import json
import re
import secrets
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mollet.exchange.icalendar import Wishes
from mollet.store.folder import data_folder
from mollet.words import LANGUAGES

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar that is switched on: whose, and what it reminds of when."""

    diary: uuid.UUID
    wishes: Wishes


def switch_on(diary: uuid.UUID, wishes: Wishes) -> str:
    """Make a new address for a diary and return its secret, which is never shown again; an older one ends."""
    switch_off(diary)
    token = secrets.token_urlsafe(32)
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    said = {
        "diary": str(diary),
        "morning": wishes.morning.isoformat() if wishes.morning else None,
        "evening": wishes.evening.isoformat() if wishes.evening else None,
        "lang": wishes.lang,
        "since": wishes.since.isoformat() if wishes.since else None,
    }
    _file(token).write_text(json.dumps(said), encoding="ascii")
    return token


def switch_off(diary: uuid.UUID) -> None:
    """End the address of a diary, if it has one."""
    for file, feed in _all():
        if feed.diary == diary:
            file.unlink(missing_ok=True)


def of(diary: uuid.UUID) -> Feed | None:
    """Return the calendar of a diary, if it is switched on."""
    return next((feed for _, feed in _all() if feed.diary == diary), None)


def find(token: str) -> Feed | None:
    """Return the calendar that a secret opens."""
    return _read(_file(token)) if _TOKEN.fullmatch(token) else None


def _all() -> Iterator[tuple[Path, Feed]]:
    for file in sorted(_folder().glob("*.json")):
        feed = _read(file)
        if feed:
            yield file, feed


def _read(file: Path) -> Feed | None:
    try:
        said = json.loads(file.read_text(encoding="ascii"))
        times = [dt.time.fromisoformat(said[name]) if said[name] else None for name in ("morning", "evening")]
        lang = said["lang"] if said["lang"] in LANGUAGES else "en"
        since = dt.date.fromisoformat(said["since"]) if said["since"] else None
        return Feed(uuid.UUID(said["diary"]), Wishes(times[0], times[1], lang, since))
    except (OSError, KeyError, TypeError, ValueError):
        return None


def _file(token: str) -> Path:
    return _folder() / f"{hashlib.sha256(token.encode()).hexdigest()}.json"


def _folder() -> Path:
    return data_folder() / "feeds"
