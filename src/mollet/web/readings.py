"""Large files are read aside: the page can say how far that is, and stop it. One thread each, in memory alone."""

import threading
import time
import uuid
from dataclasses import dataclass, field, replace
from pathlib import Path

from mollet.errors import FileError
from mollet.exchange import archive, formats
from mollet.exchange.incoming import Destination, Incoming

AT_ONCE = 8 << 20
"""A file of so many bytes is read while the page is made; a larger one aside."""
KEPT_SECONDS = 3600
A_MOMENT_SECONDS = 0.5


class StoppedError(Exception):
    """The person stopped the reading."""


@dataclass(slots=True)
class Reading:
    """A file being read: how much of it has been looked at, then what it holds, or what was wrong with it.

    ``to`` says for which diary, and as what was chosen; ``asked`` what was found before anything was.
    """

    to: Destination
    asked: Incoming | None = None
    begun: float = field(default_factory=time.monotonic)
    read: int = 0
    incoming: Incoming | None = None
    problem: FileError | None = None
    is_stopped: bool = False
    is_over: bool = False

    @property
    def diary(self) -> uuid.UUID:
        """Id of the diary it is read for."""
        return self.to.diary_id

    def serves(self, to: Destination) -> bool:
        """Tell whether this is what would be read now: the same choices, and a diary that still says the same."""
        if (self.to.meanings, self.to.replace) != (to.meanings, to.replace):
            return False
        is_of_measures = self.incoming is not None and not self.incoming.entries and not self.incoming.asked
        return is_of_measures or self.to.diary.entries == to.diary.entries

    def watch(self, count: int) -> None:
        """Note that so many bytes more were read; stop where that was asked."""
        self.read += count
        if self.is_stopped:
            raise StoppedError


_readings: dict[uuid.UUID, Reading] = {}
_guard = threading.Lock()


def begin(identity: uuid.UUID, file: Path, to: Destination) -> Reading:
    """Begin to read a file, or return the reading that was begun; what was chosen otherwise is read again."""
    with _guard:
        for old in [key for key, one in _readings.items() if one.begun < time.monotonic() - KEPT_SECONDS]:
            _readings.pop(old).is_stopped = True
        known = _readings.get(identity)
        if known is not None and (known.diary != to.diary_id or known.serves(to)):
            return known
        asked = None
        if known is not None:
            known.is_stopped = True
            asked = known.asked or known.incoming
        reading = _readings[identity] = Reading(to, asked)
    thread = threading.Thread(target=_read, args=(reading, file, to), daemon=True, name="reading")
    thread.start()
    # What is read in a moment is shown at once.
    thread.join(A_MOMENT_SECONDS)
    return reading


def of(identity: uuid.UUID, diary: uuid.UUID) -> Reading | None:
    """Return the reading of a file for a diary, begun or over."""
    found = _readings.get(identity)
    return found if found and found.diary == diary else None


def stop(identity: uuid.UUID) -> None:
    """Stop a reading, and forget what it found."""
    with _guard:
        found = _readings.pop(identity, None)
    if found is not None:
        found.is_stopped = True


def step_back(identity: uuid.UUID) -> None:
    """Go back to what was found before anything was chosen, where the choice could not be read."""
    with _guard:
        found = _readings.get(identity)
        if found is not None and found.asked is not None:
            to = replace(found.to, meanings=None, replace=False)
            _readings[identity] = Reading(to, incoming=found.asked, is_over=True)


def _read(reading: Reading, file: Path, to: Destination) -> None:
    try:
        with archive.watched(reading.watch):
            reading.incoming = formats.read(file, to)
    except StoppedError:
        pass
    except FileError as problem:
        reading.problem = problem
    except Exception:
        reading.problem = FileError("data.reading_failed", name=file.name)
        raise
    finally:
        reading.is_over = True
