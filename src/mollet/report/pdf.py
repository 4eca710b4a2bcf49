"""Papers as PDF: tagged for screen readers (PDF/UA-1), and the same bytes for the same page."""

import json
import re
from dataclasses import asdict
from importlib.resources import files

from mollet.errors import FileError
from mollet.report.card import Card
from mollet.report.fridge import Fridge
from mollet.report.sheet import Sheet

# Bundled with the compiler and embedded in the file; fonts of the system would make other bytes on other machines.
FONT = "Libertinus Serif"
_UNSHOWN = "\u25a1"
# Latin, Greek, Cyrillic and the signs of print: what the bundled font surely holds.
_GREEK = r"\u0370-\u0373\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce"
_UNSURE = re.compile(rf"[^\n -~\u00a0-\u024f{_GREEK}\u0400-\u045f\u2010-\u2027\u2030-\u203a€−≤≥×\u25a1]")


Page = Sheet | Card | Fridge
_TEMPLATES = {Sheet: ("doctor.typ",), Card: ("paper.typ", "card.typ"), Fridge: ("paper.typ", "fridge.typ")}
"""What each page is set with; the papers of the house begin with what they share."""


def pdf(page: Page) -> bytes:
    """Set a page on its paper: A4, the bedside card on A5.

    The words travel as one JSON document that the template reads as data: none of them can become markup. Scripts that
    the bundled font does not hold are set in fonts of the system, and what those do not hold either as an empty square.

    Raises
    ------
    FileError
        The compiler refused, which says why.
    """
    words = json.dumps(_data(page), ensure_ascii=False, sort_keys=True)
    tries = ((words, True), (words, False), (json.dumps(_shown(_data(page)), ensure_ascii=False, sort_keys=True), True))
    why = ""
    for told, only_bundled in tries:
        made, why = _compiled(_TEMPLATES[type(page)], told, only_bundled=only_bundled)
        if made:
            return made
    raise FileError("error.report.pdf", why=why)


def _compiled(names: tuple[str, ...], words: str, *, only_bundled: bool) -> tuple[bytes | None, str]:
    # Imported here: nobody who only looks at pages should wait for a compiler to load.
    import typst

    template = b"\n".join(files(__package__).joinpath(name).read_bytes() for name in names)
    try:
        made = typst.compile(
            template,
            sys_inputs={"page": words},
            format="pdf",
            pdf_standards=["ua-1"],
            ignore_system_fonts=only_bundled,
            timestamp=0,
        )
    except typst.TypstError as error:
        return None, error.message
    return (made, "") if isinstance(made, bytes) else (None, type(made).__name__)


def _data(page: Page) -> dict[str, object]:
    data = asdict(page)
    if isinstance(page, Sheet) and page.picture:
        # A picture inside a page needs no name space; one by itself does, and its letters are those of the page.
        head = f'<svg xmlns="http://www.w3.org/2000/svg" font-family="{FONT}" '
        data["picture"]["svg"] = page.picture.svg.replace("<svg ", head, 1)
    return data


def _shown(data: object) -> object:
    """Put a square where a character cannot be shown."""
    if isinstance(data, str):
        return _UNSURE.sub(_UNSHOWN, data)
    if isinstance(data, dict):
        return {key: _shown(value) for key, value in data.items()}
    return [_shown(value) for value in data] if isinstance(data, list | tuple) else data
