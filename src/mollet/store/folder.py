"""The folder that holds a diary: where it is, its key, and the lock that lets one server in."""

import contextlib
import os
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from platformdirs import user_data_path

from mollet.errors import StoreError, reason_of

DATABASE = "mollet.sqlite3"
KEY = "secret_key"
LOCK = "lock"
_NETWORK = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "fuse.rclone", "9p", "afs", "ncpfs", "davfs"}


def data_folder() -> Path:
    """Where the diary is kept: ``MOLLET_DATA``, or the system's folder for user data."""
    named = os.environ.get("MOLLET_DATA")
    return Path(named).expanduser().absolute() if named else user_data_path("mollet", appauthor=False)


def database() -> Path:
    """The file of the embedded database."""
    return data_folder() / DATABASE


def prepare() -> Path:
    """Make the folder, for its owner alone, with the key that signs sessions; what is there stays."""
    folder = data_folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make_key(folder / KEY)
    except OSError as error:
        raise StoreError("error.store.folder", folder=str(folder), why=reason_of(error)) from error
    return folder


def secret_key() -> str:
    """Read the key that signs sessions; a passing one where no folder was prepared, as when types are checked."""
    with contextlib.suppress(OSError):
        return (data_folder() / KEY).read_text(encoding="ascii").strip() or secrets.token_urlsafe(50)
    return secrets.token_urlsafe(50)


@contextlib.contextmanager
def lock() -> Iterator[Path]:
    """Hold the folder for this process alone.

    Raises
    ------
    StoreError
        Another process holds it: one server, or one offline command, per diary.
    """
    path = prepare() / LOCK
    with path.open("a+b") as stream:
        if not _take(stream):
            raise StoreError("error.store.locked", folder=str(path.parent))
        try:
            yield path.parent
        finally:
            _leave(stream)


def network_file_system() -> str | None:
    """The kind of network file system the folder stands on, where SQLite must not live; None elsewhere."""
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return None
    kind = _kind_of_mount(data_folder().resolve(), mounts.read_text(encoding="utf-8", errors="replace"))
    return kind if kind in _NETWORK else None


def _kind_of_mount(folder: Path, mounts: str) -> str | None:
    """File system of the longest mount point that holds the folder."""
    kinds: dict[Path, str] = {}
    for line in mounts.splitlines():
        _, point, kind, *_ = line.split(" ")
        kinds[Path(point.replace("\\040", " "))] = kind
    holding = [point for point in kinds if folder.is_relative_to(point)]
    return kinds[max(holding, key=lambda point: len(point.parts))] if holding else None


def _make_key(path: Path) -> None:
    # Written whole aside, then linked into place: two first starts at once agree on one key.
    if path.exists():
        return
    aside = path.with_name(f"{KEY}.{secrets.token_hex(4)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(secrets.token_urlsafe(50))
        stream.flush()
        os.fsync(stream.fileno())
    with contextlib.suppress(FileExistsError):
        os.link(aside, path)
    aside.unlink()


if sys.platform == "win32":
    import msvcrt

    def _take(stream: IO[bytes]) -> bool:
        stream.seek(0)
        try:
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _leave(stream: IO[bytes]) -> None:
        stream.seek(0)
        msvcrt.locking(stream.fileno(), msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _take(stream: IO[bytes]) -> bool:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _leave(stream: IO[bytes]) -> None:
        fcntl.flock(stream, fcntl.LOCK_UN)
