"""Files that were handed over and wait for a yes: kept in the data folder, for a day at most.

A large file comes in pieces, one after the other, each kept when it is on the disk: a piece that was lost on the way is
sent again from where the file stands.
"""

import re
import shutil
import time
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from mollet.errors import FileError
from mollet.store.folder import data_folder

WAITS_SECONDS = 24 * 3600
LARGEST_PIECE = 16 << 20
SPARE = 256 << 20
"""So much of the disk is left free: the diary itself needs room to be written."""
_NAME = re.compile(r"[^\w.\- ]+")


def keep(file: "UploadedFile[Any]") -> uuid.UUID:
    """Keep an upload under a fresh id, and let go of those that waited too long."""
    identity = begin(file.name or "", file.size or 0)
    add(identity, 0, file.chunks())
    return identity


def begin(name: str, size: int) -> uuid.UUID:
    """Make room for a file of a size, under a fresh id, and let go of those that waited too long.

    Raises
    ------
    FileError
        The disk has no room for it.
    """
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _tidy(folder)
    _check_room(folder, name, size)
    identity = uuid.uuid4()
    inside = folder / str(identity)
    inside.mkdir(mode=0o700)
    (inside / _safe(name)).touch(mode=0o600)
    return identity


def add(identity: uuid.UUID, at: int, pieces: Iterable[bytes]) -> int | None:
    """Add what comes next, and return how large the file is now; a piece from elsewhere than its end changes nothing.

    None where no such file waits.

    Raises
    ------
    FileError
        The disk is full.
    """
    file = find(identity)
    if file is None:
        return None
    _check_room(file.parent, file.name, LARGEST_PIECE)
    with file.open("ab") as target:
        if target.tell() == at:
            for piece in pieces:
                target.write(piece)
        return target.tell()


def find(identity: uuid.UUID) -> Path | None:
    """Return the file that waits under an id; None when it was taken in, let go of, or never there."""
    return next(iter(sorted((_folder() / str(identity)).glob("*"))), None)


def let_go(identity: uuid.UUID) -> None:
    """Remove a file that waited."""
    inside = _folder() / str(identity)
    for file in inside.glob("*"):
        file.unlink(missing_ok=True)
    if inside.is_dir():
        inside.rmdir()


def _check_room(folder: Path, name: str, size: int) -> None:
    if size + SPARE > shutil.disk_usage(folder).free:
        raise FileError("data.no_room", name=name, megabytes=size // 1_000_000)


def _tidy(folder: Path) -> None:
    for waiting in folder.iterdir():
        if waiting.stat().st_mtime < time.time() - WAITS_SECONDS:
            let_go(uuid.UUID(waiting.name))


def _safe(name: str) -> str:
    """Return the name of a file without anything that leads elsewhere."""
    return _NAME.sub("_", Path(name).name).lstrip(".")[-120:] or "file"


def _folder() -> Path:
    return data_folder() / "uploads"
