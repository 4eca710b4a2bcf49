"""Errors that may be shown to a person: a key of the words, and the values that go into the sentence."""

import errno

_REASONS = {
    errno.ENOENT: "not_there",
    errno.EACCES: "not_allowed",
    errno.EPERM: "not_allowed",
    errno.EROFS: "read_only",
    errno.EISDIR: "is_folder",
    errno.ENOTDIR: "no_folder",
    errno.EEXIST: "exists",
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EFBIG: "full",
    errno.ENAMETOOLONG: "long_name",
    errno.EIO: "disk",
    errno.EADDRINUSE: "taken",
}


class MolletError(Exception):
    """Something a person can understand and act on, shown without a traceback.

    Parameters
    ----------
    key : str
        Key of the sentence in ``words``, for example ``"error.file.bad_date"``.
    **values : object
        What the sentence quotes: the value that was wrong, and where it stood.
    """

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key, values)
        self.key = key
        self.values = values

    def __str__(self) -> str:
        quoted = ", ".join(f"{name}={value!r}" for name, value in self.values.items())
        return f"{self.key}({quoted})" if quoted else self.key


def reason_of(error: OSError) -> MolletError:
    """Give what the system complains of as words of ours, to stand in brackets inside a sentence."""
    known = _REASONS.get(error.errno or 0)
    return MolletError(f"reason.{known}") if known else MolletError("reason.other", number=error.errno or "?")


class KnowledgeError(MolletError):
    """A knowledge file cannot be used: its name, the key and the allowed values are in ``values``."""


class EntryError(MolletError):
    """Something said cannot be taken into the diary as it stands."""


class FileError(MolletError):
    """A file that came from outside cannot be read; nothing of what was there before is lost.

    ``file`` is what the file is called, where the sentence itself may not say it.
    """

    file: str = ""

    def of_file(self, name: str) -> "FileError":
        """Return the same problem with the name of the file."""
        named = FileError(self.key, **self.values)
        named.file = name
        return named


class StoreError(MolletError):
    """The folder or database that holds the diary cannot be used."""


class DesignError(MolletError):
    """Counts, gaps, design and priors do not fit together: ``values`` says what and where."""


class FitError(MolletError):
    """A fit was asked for something that it cannot give."""
