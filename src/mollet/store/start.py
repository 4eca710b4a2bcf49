"""Make the store ready: its folder, its tables brought up to date after a backup, its journal put away."""

import datetime as dt
import os
from pathlib import Path

import django

from mollet.errors import StoreError
from mollet.store import folder

KEPT = "kept"  # backups that mollet itself makes, in the data folder


def open_store() -> None:
    """Make the folder and set Django up; no table is touched yet."""
    folder.prepare()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mollet.web.settings")
    django.setup()


def bring_up_to_date(now: dt.datetime) -> Path | None:
    """Bring the tables up to date, and derive the nights again where they changed.

    Call it while holding the lock of the folder, before anything else reads or writes.

    Parameters
    ----------
    now : datetime
        Names the backup.

    Returns
    -------
    Path or None
        The backup made beforehand; None where there was nothing to change, or nothing yet to keep.

    Raises
    ------
    StoreError
        The tables were written by a newer mollet, or the backup could not be made: nothing was changed.
    """
    from django.core.management import call_command

    waiting = _waiting()
    kept = _keep_before(waiting[-1], now) if waiting and has_tables() else None
    if waiting:
        call_command("migrate", verbosity=0, interactive=False)
        derive_all()
    put_journal_away()
    return kept


def require_tables() -> None:
    """Refuse where there is no diary yet, or one whose tables are not those of this version."""
    if not has_tables():
        raise StoreError("error.store.none", folder=str(folder.data_folder()))
    if _waiting():
        raise StoreError("error.store.older", folder=str(folder.data_folder()))


def has_tables() -> bool:
    """Whether there is a diary in the folder."""
    from django.db import connection

    return folder.database().exists() and "store_entry" in connection.introspection.table_names()


def put_journal_away() -> None:
    """Write the journal into the database file; only where nothing else writes."""
    from django.db import connection

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def name_aside(reason: str, now: dt.datetime) -> Path:
    """A free name among the backups mollet itself makes, which says why and when it was made."""
    kept = folder.data_folder() / KEPT
    kept.mkdir(mode=0o700, exist_ok=True)
    stem = f"{reason}-{now:%Y%m%d-%H%M%S}"
    names = (f"{stem}{suffix}.sqlite3" for suffix in ("", *(f"-{n}" for n in range(2, 1000))))
    return next(kept / name for name in names if not (kept / name).exists())


def derive_all() -> int:
    """Derive everybody's nights again; returns how many there are."""
    from mollet.store import derive, people

    return sum(derive.rebuild(person) for person in people.everybody())


def _waiting() -> list[str]:
    """Names of the migrations not applied yet, in their order."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    known = set(executor.loader.disk_migrations)
    newer = sorted(
        name for app, name in executor.loader.applied_migrations if app == "store" and (app, name) not in known
    )
    if newer:
        raise StoreError("error.store.newer", folder=str(folder.data_folder()))
    return [migration.name for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def _keep_before(migration: str, now: dt.datetime) -> Path:
    from mollet.store import backup

    return backup.backup(name_aside(f"before-{migration}", now))
