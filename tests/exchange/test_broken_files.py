"""Whatever is done to a file, reading it ends in a sentence or in data, never in a traceback."""

import os
import random
from uuid import UUID

import pytest
from tests.exchange.apple_files import fuzzed, put, random_elements, xml, zipped
from tests.exchange.diaries import HERE, autumn

from mollet.diary.fold import Diary
from mollet.errors import FileError
from mollet.exchange import formats
from mollet.exchange.diary_csv import write as write_csv
from mollet.exchange.diary_json import Complete, write
from mollet.exchange.incoming import Destination
from mollet.exchange.telling import tell
from mollet.words import LANGUAGES

TIMES = 1000 if os.environ.get("MOLLET_SOAK") else 60


def broken(content: bytes, rng: random.Random) -> bytes:
    """Cut, flip, double, drop or mix bytes."""
    at, length = rng.randrange(len(content)), rng.randint(1, 60)
    piece = content[at : at + length]
    return rng.choice(
        [
            content[:at],
            content[at:],
            content[:at] + content[at + length :],
            content[:at] + piece + content[at:],
            content[:at] + bytes(rng.randrange(256) for _ in piece) + content[at + length :],
            content[:at] + bytes([rng.choice(b"<>&\"',;{}[]\x00\xff-0")]) + content[at + 1 :],
        ]
    )


def whole(kind: str, rng: random.Random) -> bytes:
    """A file of a kind as it should be."""
    elements = random_elements(rng, 30)
    return {
        "xml": lambda: xml(elements).encode(),
        "fuzzed xml": lambda: fuzzed(elements, rng).encode(),
        "zip": lambda: zipped(xml(elements)),
        "json": lambda: "".join(write(Complete(HERE, autumn()))).encode(),
        "csv": lambda: write_csv(Diary(autumn())).encode(),
    }[kind]()


@pytest.mark.parametrize("kind", ["xml", "fuzzed xml", "zip", "json", "csv"])
def test_a_broken_file_gives_data_or_a_sentence(tmp_path, kind):
    rng = random.Random(kind)
    told = 0

    for _ in range(TIMES):
        content = whole(kind, rng)
        for _ in range(rng.randint(1, 3)):
            content = broken(content, rng) or b" "
        path = put(tmp_path, content, "file")
        try:
            incoming = formats.read(path, Destination(UUID(int=1), Diary()))
            problems = [*incoming.problems, *incoming.notes]
        except FileError as problem:
            problems = [problem]
        told += sum(bool(tell(problem, lang)) for problem in problems for lang in LANGUAGES)

    assert told > 0
