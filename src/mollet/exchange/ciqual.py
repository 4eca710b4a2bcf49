"""Reads the French food table CIQUAL of ANSES: the sheet (xls, xlsx or a CSV of it), or its XML documents.

What such files do that one would not expect, and what is done about it:

- the place of a column differs from file to file: columns are looked up by their titles, with the unit in them;
- cells are text with a decimal comma: ``-`` is not known, ``traces`` and ``< 0,3`` count as 0 and at most so much;
- the XML has an unescaped ``<`` in its figures and ``&`` in its names, and its encoding is not always the one it says:
  it is no XML to a parser, so the fields are cut out by their names;
- what a number of the XML means stands in a document of its own, which is believed before what is known of it.
"""

import re
from collections.abc import Iterator
from html import unescape

from mollet.advice.foods import Amount, TableFood
from mollet.errors import FileError
from mollet.exchange import archive, sheets, tables
from mollet.exchange.food_tables import LONGEST_NAME, MOST_FOODS, amounts, food_table, nutrient
from mollet.exchange.incoming import Destination, Incoming
from mollet.exchange.measured import Left

NAME = "ciqual"
# The numbers of the constituents in the documents of 2020, for files that come without the one that says them.
CONSTITUENTS = {
    "400": ("water_g", 1.0),
    "10110": ("na_mg", 1.0),
    "10120": ("mg_mg", 1.0),
    "10190": ("k_mg", 1.0),
    "10200": ("ca_mg", 1.0),
    "60000": ("alcohol_g", 1.0),
}
LONGEST_ELEMENT = 1 << 20
HEADER_WITHIN = 20
_NAMES = ("alim_nom_fr", "alim_nom_eng")
_ROOT = re.compile(rb"<TABLE\b[^>]*>\s*<(ALIM|CONST|COMPO)>")
# No field is longer: what opens and never closes is not looked for through a whole file.
_FIELD = re.compile(r"<(\w{1,40})>(.{0,600}?)</\1>", re.DOTALL)

Row = dict[str, str]
Columns = list[tuple[int, str, float]]


def sniff(part: archive.Part) -> bool:
    """Tell whether a document is the sheet, by its titles, or one of the XML documents that are read."""
    if _element(part):
        return True
    if sheets.is_sheet(part):
        return any(name in row for row in sheets.first_rows(part, HEADER_WITHIN) for name in _NAMES)
    return any(name in tables.header(part.head) for name in _NAMES)


def _element(part: archive.Part) -> str:
    found = _ROOT.search(part.head)
    return found[1].decode() if found else ""


def read(parts: list[archive.Part], to: Destination) -> Incoming:
    """Read the table; nothing is kept yet."""
    left = Left()
    whole = [part for part in parts if not _element(part)]
    read_foods = _of_a_sheet(whole[0], left) if whole else _of_xml(parts, left)
    foods = [food for food in read_foods if food.number]
    for part in whole[1:]:
        left.ignore(part.name)
    nameless = len(read_foods) - len(foods)
    return food_table(NAME, archive.sha256(*parts), foods, left, to, parts[0].path.name, nameless)


def _of_a_sheet(part: archive.Part, left: Left) -> list[TableFood]:
    """Read the rows below the titles."""
    foods: list[TableFood] = []
    places: dict[str, int] = {}
    columns: Columns = []
    for cells in _rows(part, left):
        if not columns:
            places = {name: cells.index(name) for name in ("alim_code", *_NAMES) if name in cells}
            named = ((place, nutrient(cell)) for place, cell in enumerate(cells))
            columns = [(place, *found) for place, found in named if found] if places.keys() & set(_NAMES) else []
            continue
        said = {name: cells[place].strip() for name, place in places.items() if place < len(cells)}
        held = amounts(((cells[at], kind, factor) for at, kind, factor in columns if at < len(cells)), left)
        foods.append(_food(said, held, len(foods)))
    return foods


def _rows(part: archive.Part, left: Left) -> Iterator[list[str]]:
    if sheets.is_sheet(part):
        yield from sheets.rows(part)
        return
    for _, source in archive.documents([part]):
        table = tables.Table(source, tables.sniff(part.head))
        for _, cells in table:
            yield cells
        if table.is_cut:
            left.cut.append(part.name)


def _food(said: Row, held: dict[str, Amount], before: int) -> TableFood:
    """Make a food of a row; one without a name has no number either."""
    if before >= MOST_FOODS:
        raise FileError("error.file.too_many_foods", n=MOST_FOODS)
    name, english = (said.get(each, "")[:LONGEST_NAME] for each in _NAMES)
    code = said.get("alim_code", "").removesuffix(".0")[:20] if name or english else ""
    return TableFood(code or name or english, name, english, held, code)


def _of_xml(parts: list[archive.Part], left: Left) -> list[TableFood]:
    """Join the documents by the number of the food."""
    kinds = {_element(part): part for part in parts}
    for wanted in ("ALIM", "COMPO"):
        if wanted not in kinds:
            raise FileError("error.file.ciqual_part", part=wanted.lower())
    constituents = dict(CONSTITUENTS)
    if "CONST" in kinds:
        told = (
            (row.get("const_code", ""), nutrient(row.get("const_nom_fr", "")))
            for row in _elements(kinds["CONST"], left)
        )
        constituents |= {code: found for code, found in told if found}
    named = {row.get("alim_code", ""): row for row in _elements(kinds["ALIM"], left)}
    cells: dict[str, list[tuple[str, str, float]]] = {}
    for row in _elements(kinds["COMPO"], left):
        known = constituents.get(row.get("const_code", ""))
        if known and row.get("alim_code") in named:
            cells.setdefault(row["alim_code"], []).append((row.get("teneur", ""), *known))
    foods: list[TableFood] = []
    for code, row in named.items():
        foods.append(_food(row, amounts(cells.get(code, ()), left), len(foods)))
    return foods


def _elements(part: archive.Part, left: Left) -> Iterator[Row]:
    """Yield the fields of each element by name, cut out of a document of any size."""
    encoding = "utf-8" if re.search(rb'encoding="utf-?8"', part.head, re.IGNORECASE) else "cp1252"
    end = f"</{_element(part)}>".encode()
    held = b""
    for _, source in archive.documents([part]):
        while piece := source.piece(archive.CHUNK):
            *pieces, held = (held + piece).split(end)
            for each in pieces:
                found = _FIELD.findall(each.decode(encoding, "replace"))
                yield {name: unescape(value).strip() for name, value in found}
            if len(held) > LONGEST_ELEMENT:
                raise FileError("error.file.too_large", name=part.name)
        if source.is_cut or b"</TABLE>" not in held:
            left.cut.append(part.name)
