import datetime as dt
import io

import pytest

from mollet.exchange import tables
from mollet.exchange.archive import Counted


def lines(content):
    named = tables.open_table(Counted(io.BytesIO(content), "x", [1 << 20]), content[:4096])
    return named.columns, [row for _, row in named]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_table_reads_whatever_separates_its_cells_and_encodes_them(separator, encoding):
    text = '"Journée"§Crampes§Éveil\r\n03/11/2026§"2"§a, b; c\r\n'.replace("§", separator)
    if separator in ",;":
        text = text.replace("a, b; c", '"a, b; c"')

    _, [row] = lines(text.encode(encoding))

    assert row == {"Journée": "03/11/2026", "Crampes": "2", "Éveil": "a, b; c"}


def test_decimal_commas_do_not_make_a_table_of_commas():
    _, [row] = lines(b"jour;eau;poids\n03/11/2026;1,5;61,2\n")

    assert row == {"jour": "03/11/2026", "eau": "1,5", "poids": "61,2"}


def test_a_cell_too_many_is_dropped_and_a_missing_one_is_empty():
    assert lines(b"a,b\n1,2,\n3\n")[1] == [{"a": "1", "b": "2"}, {"a": "3", "b": ""}]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12.0),
        ("1,5", 1.5),
        ("1.5", 1.5),
        ("1 234,5", 1234.5),
        ("1\u202f234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1,234,567", 1234567.0),
        ("-3", -3.0),
        ("2 cramps", None),
        ("nan", None),
        ("1e99", None),
        ("", None),
    ],
)
def test_numbers_are_read_however_they_are_written(text, value):
    assert tables.number(text) == value


@pytest.mark.parametrize(
    ("text", "month_first", "expected"),
    [
        ("2026-11-03", False, dt.date(2026, 11, 3)),
        ("2026-11-03T23:10:00+01:00", True, dt.date(2026, 11, 3)),
        ("03/11/2026", False, dt.date(2026, 11, 3)),
        ("03/11/2026 22:15", True, dt.date(2026, 3, 11)),
        ("3.11.26", False, dt.date(2026, 11, 3)),
        ("27. 11. 2020 7:38", False, dt.date(2020, 11, 27)),
        ("31/02/2026", False, None),
        ("soon", False, None),
        ("2026", False, None),
    ],
)
def test_days_are_read_however_they_are_written(text, month_first, expected):
    assert tables.day(text, month_first) == expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [(["03/11/2026", "11/25/2026"], True), (["03/11/2026", "25/11/2026"], False), (["03/11/2026"], None)],
)
def test_whether_the_month_comes_first_is_told_by_the_days_that_can_tell(cells, expected):
    assert tables.months_first(cells) is expected
