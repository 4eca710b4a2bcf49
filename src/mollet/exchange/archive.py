"""Opens what a person hands over - a file, a zip or a folder - and streams from it, with limits.

Nothing is ever unpacked to disk, so no name inside a zip can lead anywhere; the size a zip declares is not believed,
only what really streams out of it is counted.
"""

import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from mollet.errors import FileError

HEAD = 4096
CHUNK = 1 << 18
# Health exports shrink about 15 to 1; what grows 200-fold beyond the first 64 MiB is made to fill the memory.
LARGEST_RATIO = 200
ALWAYS_ALLOWED = 64 << 20
TEXT_SUFFIXES = frozenset({".xml", ".json", ".csv"})


@dataclass(frozen=True, slots=True)
class Part:
    """One readable document: a file by itself, or one inside a zip or a folder."""

    path: Path
    member: str | None
    head: bytes


def parts(path: Path) -> list[Part]:
    """List the documents in a file, zip or folder with the first bytes of each, at most two folders deep."""
    try:
        if path.is_dir():
            return [Part(inside, None, _head(inside)) for inside in _inside(path)]
        head = _head(path)
        if not head:
            raise FileError("error.file.empty", name=path.name)
        if head.startswith(b"PK"):
            return _members(path)
    except OSError as error:
        raise FileError("error.file.unreadable", name=path.name, why=error.strerror or type(error).__name__) from error
    return [Part(path, None, head)]


@contextmanager
def stream(part: Part) -> Iterator[IO[bytes]]:
    """Open one document for reading, bytes as they come."""
    if part.member is None:
        with part.path.open("rb") as plain:
            yield plain
        return
    with zipfile.ZipFile(part.path) as zipped, zipped.open(part.member) as inside:
        yield inside


def chunks(part: Part) -> Iterator[bytes]:
    """Yield a document piece by piece; a damaged zip simply ends early, one that swells without end is refused."""
    allowed = None if part.member is None else ALWAYS_ALLOWED + LARGEST_RATIO * part.path.stat().st_size
    read = 0
    with stream(part) as source:
        while piece := _piece(source):
            read += len(piece)
            if allowed is not None and read > allowed:
                raise FileError("error.file.too_large", name=part.path.name)
            yield piece


def whole(part: Part, limit: int) -> bytes:
    """Return a document at once, when it is no larger than a limit in bytes."""
    collected = bytearray()
    for piece in chunks(part):
        collected += piece
        if len(collected) > limit:
            raise FileError("error.file.too_large", name=part.path.name)
    return bytes(collected)


def sha256(part: Part) -> str:
    """Hash of what is read: of the zip as it is, or of the plain file."""
    digest = hashlib.sha256()
    with part.path.open("rb") as plain:
        while piece := plain.read(CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def _piece(source: IO[bytes]) -> bytes:
    try:
        return source.read(CHUNK)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError):
        return b""


def _head(path: Path) -> bytes:
    with path.open("rb") as plain:
        return plain.read(HEAD)


def _inside(folder: Path) -> list[Path]:
    """Text files of a folder and of the folders in it; a link that leads out of the folder is not followed."""
    root = folder.resolve()
    found = [each for pattern in ("*", "*/*") for each in folder.glob(pattern) if _is_wanted(each.name)]
    return sorted(each for each in found if each.is_file() and each.resolve().is_relative_to(root))


def _members(path: Path) -> list[Part]:
    try:
        with zipfile.ZipFile(path) as zipped:
            names = [info.filename for info in zipped.infolist() if _is_member(info)]
            return [Part(path, name, _first(zipped, name)) for name in sorted(names)]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise FileError("error.file.bad_zip", name=path.name) from error
    except RuntimeError as error:
        raise FileError("error.file.encrypted", name=path.name) from error


def _first(zipped: zipfile.ZipFile, name: str) -> bytes:
    with zipped.open(name) as inside:
        return inside.read(HEAD)


def _is_member(info: zipfile.ZipInfo) -> bool:
    name = PurePosixPath(info.filename)
    return not info.is_dir() and len(name.parts) <= 2 and "__MACOSX" not in name.parts and _is_wanted(name.name)


def _is_wanted(name: str) -> bool:
    return not name.startswith("._") and PurePosixPath(name).suffix.lower() in TEXT_SUFFIXES
