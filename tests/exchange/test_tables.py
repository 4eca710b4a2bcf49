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


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("1.200", ",", 1200.0),
        ("1.200.300", ",", 1200300.0),
        ("1,200", ".", 1200.0),
        ("1.200", ".", 1.2),
        ("1,200", ",", 1.2),
        ("1.200", "", 1.2),
        ("-1.200", ",", -1200.0),
    ],
)
def test_a_point_stands_between_thousands_where_a_comma_stands_before_decimals(text, decimal, value):
    assert tables.number(text, decimal) == value


@pytest.mark.parametrize(
    ("cells", "sign"), [(["6,5", "1.200"], ","), (["6.5", "1,200"], "."), (["6,5", "6.5"], ""), (["1.200", "12"], "")]
)
def test_the_sign_before_decimals_is_told_by_the_cells(cells, sign):
    assert tables.decimal_sign(cells) == sign


@pytest.mark.parametrize(
    "text",
    [
        *("3 November 2026", "3 nov. 2026", "3rd Nov 2026", "mardi 3 novembre 2026", "3. November 2026", "Nov 3, 2026"),
        *("November 3rd, 2026", "Tue, 3 Nov 2026 07:15", "Tuesday, November 3, 2026"),
    ],
)
def test_days_with_a_month_in_words_are_read(text):
    assert tables.day(text) == dt.date(2026, 11, 3)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1er août 2026", dt.date(2026, 8, 1)),
        ("2 févr. 2026", dt.date(2026, 2, 2)),
        ("5 juin 2026", dt.date(2026, 6, 5)),
        ("5 juil. 2026", dt.date(2026, 7, 5)),
        ("4. Dez. 2026", dt.date(2026, 12, 4)),
        ("31 février 2026", None),
        ("3 cramps 2026", None),
    ],
)
def test_months_are_told_apart_in_the_languages_people_write(text, expected):
    assert tables.day(text) == expected
