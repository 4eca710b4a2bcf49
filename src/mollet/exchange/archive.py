"""Opens what a person hands over - a file, a zip or a folder - and streams from it, with limits.

No name inside a zip leads anywhere: a document streams through memory, or, where it is a database or a zip itself,
through a nameless file that is gone when it has been read. The size a zip declares is not believed, only what really
streams out of it is counted.
"""

import hashlib
import io
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, cast

from mollet.errors import FileError, reason_of

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

HEAD = 4096
CHUNK = 1 << 18
# Health exports shrink about 15 to 1; what grows 200-fold beyond the first 64 MiB is made to fill the memory.
LARGEST_RATIO = 200
ALWAYS_ALLOWED = 64 << 20
DEEPEST = 8
MOST_MEMBERS = 50_000
SUFFIXES = frozenset({".xml", ".json", ".csv", ".txt", ".db", ".fit", ".xls", ".xlsx"})
WORKBOOK = "xl/workbook.xml"
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError)


@dataclass(frozen=True, slots=True)
class Part:
    """One readable document: a file by itself, or one inside a zip or a folder; ``within``: the zip inside the zip."""

    path: Path
    member: str | None
    head: bytes
    within: str | None = None

    @property
    def name(self) -> str:
        """What it is called, without the folders."""
        return PurePosixPath(self.member or self.path.name).name


def parts(path: Path) -> list[Part]:
    """List the documents in a file, zip or folder with the first bytes of each, a few folders deep."""
    try:
        if path.is_dir():
            return [part for inside in _inside(path) for part in _of_a_folder(inside)]
        head = _head(path)
        if not head:
            raise FileError("error.file.empty", name=path.name)
        if head.startswith(b"PK") and not _is_workbook(path):
            return _members(path)
    except OSError as error:
        raise FileError("error.file.unreadable", name=path.name, why=reason_of(error)) from error
    return [Part(path, None, head)]


_watching: ContextVar[Callable[[int], None] | None] = ContextVar("watching", default=None)


@contextmanager
def watched(tell: Callable[[int], None]) -> Iterator[None]:
    """Tell how many bytes came out of documents, piece by piece, for as long as this lasts."""
    token = _watching.set(tell)
    try:
        yield
    finally:
        _watching.reset(token)


class Counted(io.RawIOBase):
    """Reads one document; a damaged one simply ends early, one that swells without end is refused."""

    def __init__(self, source: IO[bytes], name: str, allowed: list[int]) -> None:
        self._source, self._name, self._allowed = source, name, allowed
        self.is_cut = False
        self._tell = _watching.get()

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Fill a buffer with what comes next."""
        view = memoryview(buffer).cast("B")
        piece = self.piece(len(view))
        view[: len(piece)] = piece
        return len(piece)

    def piece(self, size: int) -> bytes:
        """Return what comes next, at most so many bytes; nothing at the end."""
        try:
            piece = self._source.read(size)
        except _DAMAGED:
            self.is_cut = True
            return b""
        self._allowed[0] -= len(piece)
        if self._allowed[0] < 0:
            raise FileError("error.file.too_large", name=self._name)
        if self._tell is not None:
            self._tell(len(piece))
        return piece


def documents(parts: Iterable[Part]) -> Iterator[tuple[Part, Counted]]:
    """Open documents one after the other for reading; each zip is opened once, all share one limit."""
    with ExitStack() as held:
        opened: dict[tuple[Path, str | None], zipfile.ZipFile] = {}
        allowed: dict[Path, list[int]] = {}
        for part in parts:
            left = allowed.setdefault(part.path, [_allowed(part)])
            if part.member is None:
                with part.path.open("rb") as plain:
                    yield part, Counted(plain, part.path.name, left)
                continue
            key = (part.path, part.within)
            if key not in opened:
                opened[key] = _zip(part, held, left)
            try:
                source = opened[key].open(part.member)
            except (*_DAMAGED, KeyError):
                source = cast("IO[bytes]", io.BytesIO())
            with source:
                yield part, Counted(source, part.path.name, left)


def chunks(part: Part) -> Iterator[bytes]:
    """Yield a document piece by piece."""
    for _, source in documents([part]):
        while piece := source.piece(CHUNK):
            yield piece


@contextmanager
def on_disk(part: Part) -> Iterator[Path]:
    """Give a document as a file of its own, as databases need it; what came out of a zip is gone afterwards."""
    if part.member is None:
        yield part.path
        return
    with tempfile.NamedTemporaryFile(prefix="mollet-") as copy:
        for piece in chunks(part):
            copy.write(piece)
        copy.flush()
        yield Path(copy.name)


def whole(part: Part, limit: int) -> bytes:
    """Return a document at once, when it is no larger than a limit in bytes."""
    collected = bytearray()
    for piece in chunks(part):
        collected += piece
        if len(collected) > limit:
            raise FileError("error.file.too_large", name=part.path.name)
    return bytes(collected)


def sha256(*parts: Part) -> str:
    """Hash of what is read: of the zip as it is, of the plain file, or of all files of a folder in their order."""
    digest = hashlib.sha256()
    for path in dict.fromkeys(part.path for part in parts):
        with path.open("rb") as plain:
            while piece := plain.read(CHUNK):
                digest.update(piece)
    return digest.hexdigest()


def _allowed(part: Part) -> int:
    size = part.path.stat().st_size
    return size + CHUNK if part.member is None else ALWAYS_ALLOWED + LARGEST_RATIO * size


def _zip(part: Part, held: ExitStack, left: list[int]) -> zipfile.ZipFile:
    """Open the zip a document is in, through a nameless copy where that zip is in a zip."""
    outer = held.enter_context(zipfile.ZipFile(part.path))
    if part.within is None:
        return outer
    copy = held.enter_context(tempfile.TemporaryFile(prefix="mollet-"))  # noqa: SIM115
    with outer.open(part.within) as inside:
        shutil.copyfileobj(io.BufferedReader(Counted(inside, part.path.name, left), CHUNK), copy, CHUNK)
    return held.enter_context(zipfile.ZipFile(copy))


def _is_workbook(path: Path) -> bool:
    """Tell whether a zip is one document, and no folder of them."""
    try:
        with zipfile.ZipFile(path) as zipped:
            return WORKBOOK in zipped.namelist()
    except _DAMAGED:
        return False


def _head(path: Path) -> bytes:
    with path.open("rb") as plain:
        return plain.read(HEAD)


def _of_a_folder(inside: Path) -> list[Part]:
    """Documents of a file in a folder: itself, or, of a zip, those in it; a damaged zip has none."""
    if inside.suffix.lower() != ".zip":
        return [Part(inside, None, _head(inside))]
    try:
        return _members(inside)
    except FileError:
        return []


def _inside(folder: Path) -> list[Path]:
    """Documents of a folder and of the folders in it; a link that leads out of the folder is not followed."""
    root = folder.resolve()
    found = [
        each for each in folder.rglob("*") if _is_wanted(PurePosixPath(each.relative_to(folder)), SUFFIXES | {".zip"})
    ]
    if len(found) > MOST_MEMBERS:
        raise FileError("error.file.too_many", name=folder.name)
    return sorted(each for each in found if each.is_file() and each.resolve().is_relative_to(root))


def _members(path: Path) -> list[Part]:
    allowed = [ALWAYS_ALLOWED + LARGEST_RATIO * path.stat().st_size]
    try:
        with zipfile.ZipFile(path) as zipped:
            found = list(_listed(path, zipped, None))
            for name in _names(zipped, path, {".zip"}):
                found += _nested(path, zipped, name, allowed)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise FileError("error.file.bad_zip", name=path.name) from error
    except RuntimeError as error:
        raise FileError("error.file.encrypted", name=path.name) from error
    return found


def _nested(path: Path, zipped: zipfile.ZipFile, name: str, allowed: list[int]) -> list[Part]:
    """List the documents of a zip inside a zip; one that is damaged has none."""
    with tempfile.TemporaryFile(prefix="mollet-") as copy:
        try:
            with zipped.open(name) as inside:
                shutil.copyfileobj(io.BufferedReader(Counted(inside, path.name, allowed), CHUNK), copy, CHUNK)
            with zipfile.ZipFile(copy) as within:
                return list(_listed(path, within, name))
        except _DAMAGED:
            return []


def _listed(path: Path, zipped: zipfile.ZipFile, within: str | None) -> Iterator[Part]:
    for name in _names(zipped, path, SUFFIXES):
        with zipped.open(name) as inside:
            yield Part(path, name, inside.read(HEAD), within)


def _names(zipped: zipfile.ZipFile, path: Path, suffixes: Iterable[str]) -> list[str]:
    if len(zipped.infolist()) > MOST_MEMBERS:
        raise FileError("error.file.too_many", name=path.name)
    names = {info.filename for info in zipped.infolist() if not info.is_dir()}
    return sorted(name for name in names if _is_wanted(PurePosixPath(name), suffixes))


def _is_wanted(name: PurePosixPath, suffixes: Iterable[str] = SUFFIXES) -> bool:
    is_of_the_system = name.name.startswith("._") or "__MACOSX" in name.parts
    return not is_of_the_system and len(name.parts) <= DEEPEST and name.suffix.lower() in suffixes
