"""Whose diary it is: the one person of a machine at home, or one of several by name."""

import contextlib
import os
import uuid
from pathlib import Path
from zoneinfo import available_timezones

from django.db import IntegrityError, transaction

from mollet.errors import StoreError
from mollet.store.models import Person

LOCAL = "local"


def local_person() -> Person:
    """The person of this machine; made at the first asking, with the machine's own zone."""
    return _person(LOCAL)


def person(name: str | None) -> Person:
    """The person of a name, or that of this machine where none is named.

    Raises
    ------
    StoreError
        Nobody has this name here.
    """
    if name is None:
        return local_person()
    found = Person.objects.filter(name=name).first()
    if found is None:
        raise StoreError("error.store.nobody", name=name)
    return found


def with_diary(diary: uuid.UUID) -> Person | None:
    """The person whose diary has this id."""
    return Person.objects.filter(diary=diary).first()


def everybody() -> list[Person]:
    """All who have a diary here."""
    return list(Person.objects.order_by("key"))


def add(name: str) -> Person:
    """Give somebody a diary; who has one keeps it."""
    return _person(name)


def _person(name: str) -> Person:
    found = Person.objects.filter(name=name).first()
    if found is not None:
        return found
    # Two first requests at once: the second finds whom the first made.
    with contextlib.suppress(IntegrityError), transaction.atomic():
        return Person.objects.create(name=name, zone=_zone_of_machine())
    return Person.objects.get(name=name)


def _zone_of_machine() -> str:
    link = Path("/etc/localtime")
    target = link.resolve().as_posix().partition("zoneinfo/")[2] if link.is_symlink() else ""
    for zone in (os.environ.get("TZ", ""), target):
        # UTC is what machines say that were never told where they stand.
        if zone in available_timezones() and "/" in zone and not zone.startswith("Etc/"):
            return zone
    return str(Person._meta.get_field("zone").get_default())
