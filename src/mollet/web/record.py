"""What a form says goes the same way as what a phone says: through the one door, into one transaction."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

from mollet.diary.entries import VERSION
from mollet.errors import EntryError
from mollet.store import write
from mollet.store.models import Person
from mollet.store.write import Result
from mollet.web import clock


def say_entry(
    person: Person,
    data: Mapping[str, object],
    *,
    at: dt.datetime | None = None,
    zone: str | None = None,
    about: uuid.UUID | None = None,
    entry: uuid.UUID | None = None,
    replaces: Sequence[uuid.UUID] = (),
) -> Result:
    """Record one thing a form said; sent twice under the same ``entry`` it is kept once.

    Raises
    ------
    EntryError
        It cannot be taken in as it stands; nothing was recorded.
    """
    identity = entry or uuid.uuid4()
    said = clock.local(person.zone).isoformat(timespec="seconds")
    item = {
        "v": VERSION,
        "id": str(identity),
        "about": str(about or identity),
        "replaces": [str(each) for each in replaces],
        "at": at.isoformat() if at else said,
        "zone": zone or person.zone,
        "said": said,
        "data": dict(data),
    }
    [result] = write.receive(person, [item])
    if result.reason is not None:
        raise EntryError(result.reason, **result.values)
    return result
