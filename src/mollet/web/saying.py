"""From a form to the diary: what was typed becomes entries and goes through the one door, in one transaction."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from mollet.diary.entries import VERSION, Entry, as_json
from mollet.diary.fold import Thing
from mollet.store import write
from mollet.web import clock
from mollet.web.page import PersonalRequest
from mollet.web.typed import Problem


def item(
    request: PersonalRequest,
    data: Mapping[str, Any],
    *,
    at: dt.datetime | None = None,
    zone: str | None = None,
    about: uuid.UUID | None = None,
    replaces: Iterable[uuid.UUID] = (),
) -> dict[str, Any]:
    """Make one thing said ready for the door; ``at`` is now unless the form says when it happened."""
    said = clock.local(request.person.zone)
    replaced = tuple(replaces)
    identity = _identity(request, data, replaced)
    return {
        "v": VERSION,
        "id": identity,
        "about": about or identity,
        "replaces": replaced,
        "at": at or said,
        "zone": zone or request.person.zone,
        "said": said,
        "data": dict(data),
    }


def again(request: PersonalRequest, entry: Entry, replaces: Iterable[uuid.UUID]) -> dict[str, Any]:
    """Make something said before ready to be said again, now."""
    said = as_json(entry)
    return item(request, said["data"], at=entry.at, zone=entry.zone, about=entry.about, replaces=replaces)


def withdrawal(request: PersonalRequest, thing: Thing) -> dict[str, Any]:
    """Make ready to take a thing back."""
    replaces = [leaf.id for leaf in thing.leaves]
    data = {"kind": "withdrawn"}
    return item(request, data, at=thing.held.at, zone=thing.held.zone, about=thing.about, replaces=replaces)


def keep(request: PersonalRequest, items: Iterable[Mapping[str, Any]], field: str = "form") -> list[Problem]:
    """Pass things said through the door and write those it lets in; what was refused comes back as problems."""
    results = write.receive(request.person, [dict(each) for each in items])
    refused = (result for result in results if result.state == "refused" and not _is_twice(result))
    return [Problem(field, result.reason or "form.refused", dict(result.values)) for result in refused]


def _is_twice(result: write.Result) -> bool:
    """Tell whether it is the same form sent again: its id is made from its words, and only the second differs."""
    return result.reason == "error.entry.different"


def _identity(request: PersonalRequest, data: Mapping[str, Any], replaces: tuple[uuid.UUID, ...]) -> uuid.UUID:
    """Return an id made from the page's own, so that a form sent twice by two quick taps is one saying.

    What it replaces is part of it: the same words said again after others are a new saying.
    """
    try:
        page = uuid.UUID(request.POST.get("once", ""))
    except ValueError:
        return uuid.uuid4()
    return uuid.uuid5(page, repr((sorted(data.items()), replaces)))
