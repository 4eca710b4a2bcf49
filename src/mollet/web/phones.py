"""The phones that belong to the house: joined by a code that works once, known by a cookie, listed, sent away.

Only hashes lie in the data folder, as names of small files. A phone that is sent away loses its file, and with it its
way in at the next request. The files are no part of a backup: bringing an old diary back brings no old phone back.
"""

import contextlib
import datetime as dt
import hashlib
import json
import os
import re
import secrets
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mollet.store.folder import data_folder

CODE_MINUTES = 10
KEPT_DAYS = 400
LONGEST_NAME = 60
_NOTED_AGAIN = dt.timedelta(minutes=5)
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is mistaken for another
_CODE_LETTERS = 10  # 50 bits: in ten minutes nobody guesses one over the network
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone that was joined."""

    id: str
    diary: uuid.UUID
    name: str
    joined: dt.datetime
    seen: dt.datetime


@dataclass(frozen=True, slots=True)
class Offer:
    """What a code is for."""

    diary: uuid.UUID
    name: str
    until: dt.datetime


def offer(diary: uuid.UUID, name: str, now: dt.datetime) -> str:
    """Make a code that joins one phone to a diary, once, in the next ten minutes; only its hash is kept."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LETTERS))
    until = now + dt.timedelta(minutes=CODE_MINUTES)
    said = {"diary": str(diary), "name": name[:LONGEST_NAME], "until": until.isoformat()}
    _write(_codes() / _hash(letters), said)
    return f"{letters[:5]}-{letters[5:]}"


def offered(code: str, now: dt.datetime) -> Offer | None:
    """Return what a code is for, without using it up; ``None`` when it is wrong, was used, or is too old."""
    found = _read_offer(_codes() / _hash(_letters(code)))
    return found if found and now < found.until else None


def join(code: str, name: str, now: dt.datetime) -> tuple[Offer, str] | None:
    """Use a code up and return what it was for, with the secret of the phone; ``None`` as for `offered`."""
    place = _codes() / _hash(_letters(code))
    found = offered(code, now)
    if found is None:
        return None
    try:
        place.unlink()
    except FileNotFoundError:
        # Gone between reading and removing: another phone used it first.
        return None
    return found, add(found.diary, name or found.name, now)


def withdraw_codes() -> None:
    """Forget every code that was shown and not used."""
    for file in _codes().glob("*"):
        file.unlink(missing_ok=True)


def add(diary: uuid.UUID, name: str, now: dt.datetime) -> str:
    """Take a phone in and return its secret, which is kept nowhere here."""
    secret = secrets.token_urlsafe(32)
    said = {
        "id": secrets.token_hex(4),
        "diary": str(diary),
        "name": name[:LONGEST_NAME],
        "joined": now.isoformat(timespec="seconds"),
    }
    place = _file(secret)
    _write(place, said)
    _touch(place, now)
    return secret


def find(secret: str, now: dt.datetime) -> Phone | None:
    """Return the phone of a secret, and note that it was here; ``None`` for one that was sent away or never was."""
    if not _TOKEN.fullmatch(secret):
        return None
    place = _file(secret)
    phone = _read(place)
    if phone is None or now - phone.seen > dt.timedelta(days=KEPT_DAYS):
        return None
    if now - phone.seen > _NOTED_AGAIN:
        _touch(place, now)
    return phone


def all_of(diary: uuid.UUID) -> list[Phone]:
    """Return the phones of a diary, the one seen last first."""
    held = [phone for _, phone in _all() if phone.diary == diary]
    return sorted(held, key=lambda phone: phone.seen, reverse=True)


def send_away(diary: uuid.UUID, phone_id: str) -> Phone | None:
    """Close the house to a phone; ``None`` when the diary has no such phone."""
    for place, phone in _all():
        if (phone.diary, phone.id) == (diary, phone_id):
            place.unlink(missing_ok=True)
            return phone
    return None


def forget(secret: str) -> None:
    """Drop the phone of a secret: it joins again, under a new one."""
    if _TOKEN.fullmatch(secret):
        _file(secret).unlink(missing_ok=True)


def _all() -> Iterator[tuple[Path, Phone]]:
    for place in sorted(_folder().glob("*.json")):
        phone = _read(place)
        if phone:
            yield place, phone


def _read(place: Path) -> Phone | None:
    try:
        said = _said(place)
        seen = dt.datetime.fromtimestamp(place.stat().st_mtime, dt.UTC)
        joined = dt.datetime.fromisoformat(said["joined"])
        return Phone(str(said["id"]), uuid.UUID(said["diary"]), str(said["name"]), joined, seen)
    except (OSError, KeyError, TypeError, ValueError):
        return None


def _read_offer(place: Path) -> Offer | None:
    try:
        said = _said(place)
        return Offer(uuid.UUID(said["diary"]), str(said["name"]), dt.datetime.fromisoformat(said["until"]))
    except (OSError, KeyError, TypeError, ValueError):
        return None


def _said(place: Path) -> dict[str, Any]:
    said = json.loads(place.read_text(encoding="utf-8"))
    if not isinstance(said, dict):
        raise ValueError(place.name)
    return said


def _touch(place: Path, now: dt.datetime) -> None:
    # The time of the file is when the phone was last here: unlike writing it, this cannot bring back a phone that is
    # sent away at the same moment.
    with contextlib.suppress(OSError):
        os.utime(place, (now.timestamp(), now.timestamp()))


def _write(place: Path, said: dict[str, str]) -> None:
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = place.with_name(f".{secrets.token_hex(8)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(json.dumps(said))
        stream.flush()
        os.fsync(stream.fileno())
    aside.replace(place)


def _letters(code: str) -> str:
    """Return a code as it was made: typed small, without its dash or with blanks it is the same code."""
    return re.sub(r"[\s‐‑–—-]", "", code[:40]).upper()


def _file(secret: str) -> Path:
    return _folder() / f"{_hash(secret)}.json"


def _folder() -> Path:
    return data_folder() / "phones"


def _codes() -> Path:
    return data_folder() / "codes"


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
