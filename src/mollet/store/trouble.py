"""What went wrong below the store, where a person can do something about it: a damaged file, a full disk."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import quote

from mollet.errors import MolletError, StoreError, reason_of
from mollet.store import folder

# By the number SQLite itself gives to each kind of trouble.
_REASONS = {
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_IOERR: "disk",
    sqlite3.SQLITE_READONLY: "read_only",
    sqlite3.SQLITE_CANTOPEN: "not_allowed",
    sqlite3.SQLITE_PERM: "not_allowed",
    sqlite3.SQLITE_BUSY: "busy",
    sqlite3.SQLITE_LOCKED: "busy",
}
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def of(error: BaseException) -> StoreError | None:
    """Say in words what an unforeseen error comes from; None where the database is not the reason.

    Damage shows in many ways: a text that is none, a table that is gone. So the file itself is asked last.
    """
    for each in _chain(error):
        if isinstance(each, sqlite3.Error) and (reason := reason_in(each)):
            return _cannot(reason)
        if isinstance(each, sqlite3.Error) and _kind(each) in _DAMAGE:
            return _damaged()
        if isinstance(each, OSError) and reason_of(each).key == "reason.full":
            return _cannot(reason_of(each))
    return None if _is_whole() else _damaged()


def reason_in(error: sqlite3.Error) -> MolletError | None:
    """Give what SQLite complains of, to stand in brackets inside a sentence; None where no person could mend it."""
    known = _REASONS.get(_kind(error))
    return MolletError(f"reason.{known}") if known else None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and those it came from."""
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__ or found.__context__


def _kind(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _is_whole() -> bool:
    file = folder.database()
    if not file.exists():
        return True
    try:
        with closing(sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True)) as database:
            return [row[0] for row in database.execute("PRAGMA integrity_check")] == ["ok"]
    except sqlite3.Error as error:
        return _kind(error) not in _DAMAGE


def _cannot(reason: MolletError) -> StoreError:
    return StoreError("error.store.cannot", file=str(folder.database()), why=reason)


def _damaged() -> StoreError:
    return StoreError("error.store.damaged", file=str(folder.database()))
