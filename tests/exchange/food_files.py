"""Makes synthetic food tables of the shapes of the real ones: sheets old and new, CSV, XML that is none, and FDC."""

import io
import struct
import zipfile

import openpyxl

TITLES = ["alim_grp_nom_fr", "alim_code", "alim_nom_fr", "Energie (kcal/100 g)", "Eau (g/100 g)", "Calcium (mg/100 g)"]
TITLES += ["Magnésium (mg/100 g)", "Potassium (mg/100 g)", "Sodium (mg/100 g)", "Alcool (g/100 g)"]
BANANA = ["fruits", "13005", "Banane, pulpe, crue", "90,5", "75,8", "4,9", "28", "320", "< 5", "0"]
TEA = ["boissons", "18000", "Thé à l'œillet, infusé", "1", "99,7", "traces", "-", "18,5", "", "0"]
ROWS = [TITLES, BANANA, TEA]

NEW_NUMBERS = {"water": "1051", "calcium": "1087", "magnesium": "1090", "potassium": "1092"}
OLD_NUMBERS = {"water": "255", "calcium": "301", "magnesium": "304", "potassium": "306"}


def csv(rows: list[list[str]] = ROWS) -> bytes:
    """A sheet saved as CSV in France."""
    return "\r\n".join(";".join(cells) for cells in rows).encode("cp1252")


def xlsx(rows: list[list[str]] = ROWS) -> bytes:
    """A workbook of today."""
    book = openpyxl.Workbook()
    for cells in rows:
        book.active.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xls(rows: list[list[str]] = ROWS) -> bytes:
    """A workbook of 1997: one stream of records inside a compound file."""
    bound = _record(0x85, struct.pack("<IBB", 0, 0, 0) + bytes([5, 0]) + b"compo")
    begin = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    end = _record(0x0A, b"")
    at = len(begin) + len(bound) + len(end)
    bound = bound[:4] + struct.pack("<I", at) + bound[8:]
    sheet = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            text = cell.encode("utf-16-le")
            sheet += _record(0x204, struct.pack("<HHHHB", row, column, 0, len(cell), 1) + text)
    return _compound(begin + bound + end + sheet + end)


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _compound(stream: bytes) -> bytes:
    sectors = max(8, -(-len(stream) // 512))
    free, last = 0xFFFFFFFF, 0xFFFFFFFE
    chain = [*range(3, sectors + 2), last]
    fat = [0xFFFFFFFD, last, *chain]
    fat += [free] * (128 - len(fat))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, last, 0, last, 0) + struct.pack("<I", 0)
    head += struct.pack("<I", free) * 108
    entries = _entry("Root Entry", 5, last, 0, 1) + _entry("Workbook", 2, 2, sectors * 512, free) + bytes(256)
    return head + struct.pack("<128I", *fat) + entries + stream.ljust(sectors * 512, b"\0")


def _entry(name: str, kind: int, start: int, size: int, child: int) -> bytes:
    spelt = (name + "\0").encode("utf-16-le")
    head = spelt.ljust(64, b"\0") + struct.pack("<HBB", len(spelt), kind, 1)
    return head + struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child) + bytes(36) + struct.pack("<IQ", start, size)


def xml(compo: str = "") -> dict[str, str]:
    """The documents of the XML form, as they are published: padded, and not well-formed where a figure is below x."""
    foods = [("13005", "Banane, pulpe, crue", "Banana, pulp, raw"), ("18000", "Thé & lait", "Tea & milk")]
    alim = "".join(
        f"<ALIM>\n <alim_code> {code} </alim_code>\n <alim_nom_fr> {fr} </alim_nom_fr>\n"
        f" <alim_nom_eng> {en} </alim_nom_eng>\n</ALIM>\n"
        for code, fr, en in foods
    )
    const = "<CONST>\n <const_code> 777 </const_code>\n <const_nom_fr> Potassium (mg/100 g) </const_nom_fr>\n</CONST>\n"
    figures = [
        ("13005", "777", "320"),
        ("13005", "10200", "< 4,9"),
        ("13005", "10110", "-"),
        ("18000", "777", "traces"),
    ]
    rows = "".join(
        f"<COMPO>\n <alim_code> {food} </alim_code>\n <const_code> {what} </const_code>\n <teneur> {value} </teneur>\n"
        ' <min missing=" " />\n</COMPO>\n'
        for food, what, value in figures
    )
    head = '<?xml version="1.0" encoding="windows-1252" ?>\n<TABLE>\n'
    return {
        "alim_2020.xml": head + alim + "</TABLE>",
        "const_2020.xml": head + const + "</TABLE>",
        "compo_2020.xml": head + (compo or rows) + "</TABLE>",
        "alim_grp_2020.xml": head + "<ALIM_GRP>\n</ALIM_GRP>\n</TABLE>",
    }


def fdc(numbers: dict[str, str] = NEW_NUMBERS, without: tuple[str, ...] = ()) -> dict[str, str]:
    """The tables of FoodData Central, all cells quoted: two foods, a product of a brand, and a sample."""
    files = {
        "food.csv": [
            ["fdc_id", "data_type", "description"],
            ["1", "sr_legacy_food", "Bananas, raw"],
            ["2", "foundation_food", "Tea, brewed"],
            ["3", "branded_food", "BANANA CHIPS"],
            ["4", "sub_sample_food", "Bananas, lot 7"],
        ],
        "food_nutrient.csv": [
            ["id", "fdc_id", "nutrient_id", "amount"],
            ["1", "1", numbers["potassium"], "358"],
            ["2", "1", numbers["water"], "74.91"],
            ["3", "1", numbers["calcium"], "5"],
            ["4", "1", "1003", "1.1"],
            ["5", "2", numbers["potassium"], "0.018"],
            ["6", "3", numbers["potassium"], "500"],
            ["7", "2", numbers["magnesium"], "many"],
        ],
        "nutrient.csv": [
            ["id", "name", "unit_name", "nutrient_nbr", "rank"],
            ["1092", "Potassium, K", "MG", "306", "5700.0"],
            ["1051", "Water", "G", "255", "100.0"],
        ],
        "food_portion.csv": [
            ["id", "fdc_id", "seq_num", "amount", "measure_unit_id", "portion_description", "modifier", "gram_weight"],
            ["1", "1", "1", "1.0", "9999", "", 'medium (7" long)', "118.0"],
            ["2", "1", "2", "1.0", "9999", "", "large", "136.0"],
        ],
        "sr_legacy_food.csv": [["fdc_id", "NDB_number"], ["1", "9040"]],
    }
    return {
        name: "\n".join(",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in rows) + "\n"
        for name, rows in files.items()
        if name not in without
    }


def zipped(files: dict[str, str], encoding: str = "cp1252") -> bytes:
    """All of them in one zip, in a folder."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in files.items():
            made.writestr(f"tables/{name}", text.encode(encoding))
    return out.getvalue()
