"""Keep the whole diary in one file, and bring it back from there."""

import contextlib
import datetime as dt
import json
import os
import pkgutil
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from django.db import connections

from mollet.diary.entries import Kept, read_kept
from mollet.errors import MolletError, StoreError, reason_of
from mollet.store import folder, migrations, read, start, trouble

_JOURNALS = ("", "-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Verified:
    """What a backup holds: people, entries, and how many of these this version cannot read."""

    people: int
    entries: int
    unreadable: int


def backup(target: Path) -> Path:
    """Copy the database, journal included, into one new file; possible while mollet serves.

    The copy is checked, then on the disk, and only then bears its name.

    Raises
    ------
    StoreError
        There is no diary, the file exists already, or it cannot be written: nothing was changed.
    """
    source = folder.database()
    if not source.exists():
        raise StoreError("error.store.none", folder=str(source.parent))
    if target.exists():
        raise StoreError("error.store.exists", file=str(target))
    try:
        with _aside(target) as aside:
            _copy(source, aside)
            _name_it(aside, target)
    except StoreError as error:
        # What cannot be copied because it is damaged is not said of the copy.
        known = trouble.of(error)
        raise known if known and known.key == "error.store.damaged" else error from error
    return target


def restore(source: Path, now: dt.datetime) -> Path | None:
    """Put a backup in the place of the present diary, which is kept aside first; returns where.

    Call it while holding the lock of the folder. The backup is checked before anything is touched.

    Raises
    ------
    StoreError
        The file is no whole backup of mollet: the present diary stands as it was.
    """
    verify(source)
    present = folder.database()
    connections.close_all()
    with _aside(present) as aside:
        _copy(source, aside)
        kept = _keep_files(present, now) if present.exists() else None
        _drop_journal(present)
        aside.replace(present)
        _settle(present.parent)
    read.forget_what_was_read()
    start.bring_up_to_date(now)
    start.derive_all()
    return kept


def verify(source: Path) -> Verified:
    """Check that a file is a whole backup that this version can read, and say what it holds."""
    if not source.is_file():
        raise StoreError("error.store.is_folder" if source.is_dir() else "error.store.no_file", file=str(source))
    try:
        with closing(sqlite3.connect(f"file:{quote(str(source.absolute()))}?mode=ro", uri=True)) as database:
            _require_whole(database)
            _require_known(database, source)
            return _held(database)
    except sqlite3.Error as error:
        raise StoreError("error.store.not_a_backup", file=str(source)) from error


@contextlib.contextmanager
def _aside(target: Path) -> Iterator[Path]:
    """A name beside the target to write under; what goes wrong there is said of the target."""
    aside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        yield aside
    except (OSError, sqlite3.Error) as error:
        raise StoreError("error.store.not_written", file=str(target), why=_why(error)) from error
    finally:
        for end in _JOURNALS:
            aside.with_name(aside.name + end).unlink(missing_ok=True)


def _why(error: OSError | sqlite3.Error) -> MolletError:
    if isinstance(error, OSError):
        return reason_of(error)
    return trouble.reason_in(error) or MolletError("reason.damaged")


def _copy(source: Path, target: Path) -> None:
    """Copy a database that others may be using into one whole, checked file that is on the disk."""
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(source, timeout=20)) as here, closing(sqlite3.connect(target)) as there:
        here.execute("PRAGMA wal_autocheckpoint=0")
        here.execute("PRAGMA query_only=ON")
        here.backup(there)
        # One file, without a journal beside it that a copy would leave behind.
        there.execute("PRAGMA journal_mode=DELETE")
        _require_whole(there)
    with target.open("rb+") as stream:
        os.fsync(stream.fileno())


def _require_whole(database: sqlite3.Connection) -> None:
    found = [row[0] for row in database.execute("PRAGMA integrity_check")]
    if found != ["ok"]:
        raise sqlite3.DatabaseError(found[0])


def _require_known(database: sqlite3.Connection, source: Path) -> None:
    applied = {row[0] for row in database.execute("SELECT name FROM django_migrations WHERE app = 'store'")}
    if applied - {module.name for module in pkgutil.iter_modules(migrations.__path__)}:
        raise StoreError("error.store.newer", folder=str(source))


def _held(database: sqlite3.Connection) -> Verified:
    (people,) = database.execute("SELECT count(*) FROM store_person").fetchone()
    contents = [json.loads(row[0]) for row in database.execute("SELECT content FROM store_entry")]
    readable = sum(isinstance(reading, Kept) for reading in read_kept(contents))
    return Verified(people, len(contents), len(contents) - readable)


def _keep_files(present: Path, now: dt.datetime) -> Path:
    # The files as they are, not a checked copy: a damaged diary is what one restores over, and it is kept as well.
    kept = start.name_aside("before-restore", now)
    for end in reversed(_JOURNALS):
        part = present.with_name(present.name + end)
        if part.exists():
            shutil.copy2(part, kept.with_name(kept.name + end))
            with kept.with_name(kept.name + end).open("rb+") as stream:
                os.fsync(stream.fileno())
    _settle(kept.parent)
    return kept


def _drop_journal(present: Path) -> None:
    """Leave no journal of the present database for the one that takes its place; its content is written in first."""
    if present.exists():
        with contextlib.suppress(sqlite3.Error), closing(sqlite3.connect(present, timeout=20)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for end in _JOURNALS[1:]:
        present.with_name(present.name + end).unlink(missing_ok=True)


def _name_it(aside: Path, target: Path) -> None:
    """Give the finished file its name, never that of a file that came there meanwhile."""
    try:
        os.link(aside, target)
    except FileExistsError as error:
        raise StoreError("error.store.exists", file=str(target)) from error
    except OSError:  # a file system without links
        aside.rename(target)
    _settle(target.parent)


def _settle(directory: Path) -> None:
    """Bring a folder's names to the disk, where the system can do that for a folder."""
    if os.name == "nt":
        return
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
