"""Where the house answers: noted in the data folder while it serves, for its own pages and for other commands."""

import contextlib
import json
from dataclasses import asdict, dataclass

from mollet.store.folder import data_folder

_FILE = "address.json"


@dataclass(frozen=True, slots=True)
class Running:
    """The addresses of a house that serves."""

    address: str
    """Of this machine alone, ``http://localhost:8765/``."""
    secure: str | None = None
    """For phones, with HTTPS; none where only this machine is served."""
    trust: str | None = None
    """Of the page that hands out the certificate, without the diary; none where the certificate is no own one."""
    fingerprint: str | None = None
    """Of that certificate."""


def note(running: Running) -> None:
    """Note where the house answers."""
    (data_folder() / _FILE).write_text(json.dumps(asdict(running)), encoding="utf-8")


def forget() -> None:
    """Note that it does no more."""
    (data_folder() / _FILE).unlink(missing_ok=True)


def noted() -> Running | None:
    """Return what is noted; after a cut of power it may be a house that was."""
    with contextlib.suppress(OSError, ValueError, TypeError):
        return Running(**json.loads((data_folder() / _FILE).read_text(encoding="utf-8")))
    return None
