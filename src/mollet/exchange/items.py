"""Streams the elements of a JSON list, one at a time, from a document of any size."""

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from mollet.errors import FileError
from mollet.exchange.archive import CHUNK, Counted

LARGEST_ITEM = 4 << 20
_BETWEEN = re.compile(r"[\s,]*")


@dataclass(slots=True)
class Items:
    """The objects of a list; after the last of them ``is_cut`` says whether the list ended as it should."""

    source: Counted
    name: str
    is_cut: bool = False

    def __iter__(self) -> Iterator[dict[str, object]]:
        """Yield each object; what is none is passed over."""
        decode = codecs.getincrementaldecoder("utf-8-sig")("replace").decode
        scan = json.JSONDecoder().raw_decode
        held, is_open, self.is_cut = "", False, True
        while piece := self.source.piece(CHUNK):
            held += decode(piece)
            if not is_open:
                held, is_open = held.lstrip(), True
                if held and not held.startswith("["):
                    return
                held = held[1:]
            at = 0
            while True:
                at = _BETWEEN.match(held, at).end()  # type: ignore[union-attr]
                if held.startswith("]", at):
                    self.is_cut = False
                    return
                try:
                    item, at = scan(held, at)
                except (ValueError, RecursionError):
                    break
                if isinstance(item, dict):
                    yield item
            held = held[at:]
            if len(held) > LARGEST_ITEM:
                raise FileError("error.file.too_large", name=self.name)
