"""Files that were handed over and wait for a yes: kept in the data folder, for a day at most."""

import re
import time
import uuid
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from mollet.store.folder import data_folder

WAITS_SECONDS = 24 * 3600
_NAME = re.compile(r"[^\w.\- ]+")


def keep(file: "UploadedFile[Any]") -> uuid.UUID:
    """Keep an upload under a fresh id, and let go of those that waited too long."""
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _tidy(folder)
    identity = uuid.uuid4()
    inside = folder / str(identity)
    inside.mkdir(mode=0o700)
    with (inside / _safe(file.name or "")).open("wb") as target:
        for piece in file.chunks():
            target.write(piece)
    return identity


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


def _tidy(folder: Path) -> None:
    for waiting in folder.iterdir():
        if waiting.stat().st_mtime < time.time() - WAITS_SECONDS:
            let_go(uuid.UUID(waiting.name))


def _safe(name: str) -> str:
    """Return the name of a file without anything that leads elsewhere."""
    return _NAME.sub("_", Path(name).name).lstrip(".")[-120:] or "file"


def _folder() -> Path:
    return data_folder() / "uploads"
