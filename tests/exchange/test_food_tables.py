import io
import zipfile

import pytest
from tests.exchange.apple_files import put
from tests.exchange.diaries import HERE
from tests.exchange.food_files import BANANA, OLD_NUMBERS, TITLES, csv, fdc, xls, xlsx, xml, zipped

from mollet.advice.foods import Amount
from mollet.diary.fold import Diary
from mollet.errors import FileError
from mollet.exchange import formats, sheets
from mollet.exchange.food_tables import amount, nutrient
from mollet.exchange.incoming import Destination


def read(folder, content, name="table"):
    return formats.read(put(folder, content, name), Destination(HERE, Diary()))


def by_number(incoming):
    return {food.number: food for food in incoming.foods}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("12,5", Amount(12.5, 12.5)),
        ("0", Amount(0.0, 0.0)),
        ("traces", Amount(0.0, None)),
        ("< 0,3", Amount(0.0, 0.3)),
        ("<0.3", Amount(0.0, 0.3)),
        ("-", None),
        ("", None),
    ],
)
def test_a_figure_below_a_limit_is_zero_at_most_so_much_and_a_missing_one_is_not_known(text, meant):
    assert amount(text, "k_mg") == meant


@pytest.mark.parametrize("text", ["many", "-5", "nan", "1e12", "< x"])
def test_what_is_no_figure_is_not_taken_for_one(text):
    with pytest.raises(ValueError, match=r"."):
        amount(text, "k_mg")


@pytest.mark.parametrize(
    ("title", "meant"),
    [
        ("Potassium (mg/100 g)", ("k_mg", 1.0)),
        ("Magnésium (mg/100g)", ("mg_mg", 1.0)),
        ("Calcium (g/100 g)", ("ca_mg", 1000.0)),
        ("Eau (g/100 g)", ("water_g", 1.0)),
        ("Sel chlorure de sodium (g/100 g)", None),
        ("Potassium", None),
    ],
)
def test_a_column_is_known_by_its_title_and_unit(title, meant):
    assert nutrient(title) == meant


@pytest.mark.parametrize("made", [csv, xlsx, xls])
def test_the_sheet_reads_the_same_from_each_kind_of_file(tmp_path, made):
    incoming = read(tmp_path, made())

    assert incoming.format == "ciqual"
    assert by_number(incoming)["13005"].holds == {
        "water_g": Amount(75.8, 75.8),
        "ca_mg": Amount(4.9, 4.9),
        "mg_mg": Amount(28.0, 28.0),
        "k_mg": Amount(320.0, 320.0),
        "na_mg": Amount(0.0, 5.0),
        "alcohol_g": Amount(0.0, 0.0),
    }


def test_what_the_sheet_leaves_out_is_not_known(tmp_path):
    tea = by_number(read(tmp_path, csv()))["18000"]

    assert (tea.holds.get("mg_mg"), tea.holds.get("na_mg"), tea.holds["ca_mg"]) == (None, None, Amount(0.0, None))


def test_columns_may_stand_in_any_order(tmp_path):
    turned = [list(reversed(TITLES)), list(reversed(BANANA))]

    assert by_number(read(tmp_path, csv(turned)))["13005"].holds["k_mg"] == Amount(320.0, 320.0)


def test_a_row_without_a_name_is_left_out_and_told(tmp_path):
    incoming = read(tmp_path, csv([TITLES, BANANA, ["", "", "", *BANANA[3:]]]))

    assert [(note.key, note.values) for note in incoming.notes] == [("cli.exchange.nameless_foods", {"n": 1})]


@pytest.mark.parametrize("as_folder", [False, True])
def test_the_xml_documents_read_though_they_are_no_xml(tmp_path, as_folder):
    if as_folder:
        for name, text in xml().items():
            (tmp_path / name).write_bytes(text.encode("cp1252"))
        incoming = formats.read(tmp_path, Destination(HERE, Diary()))
    else:
        incoming = read(tmp_path, zipped(xml()))

    banana, tea = by_number(incoming)["13005"], by_number(incoming)["18000"]
    assert banana.holds == {"k_mg": Amount(320.0, 320.0), "ca_mg": Amount(0.0, 4.9)}
    assert (tea.name, tea.name_en, tea.holds) == ("Thé & lait", "Tea & milk", {"k_mg": Amount(0.0, None)})


def test_xml_documents_without_the_figures_say_which_is_missing(tmp_path):
    files = {name: text for name, text in xml().items() if not name.startswith("compo")}

    with pytest.raises(FileError) as error:
        read(tmp_path, zipped(files))

    assert error.value.values == {"part": "compo"}


def test_an_element_without_end_is_refused(tmp_path):
    with pytest.raises(FileError) as error:
        read(tmp_path, zipped(xml("<COMPO>\n" + "<alim_code>" * 200_000)))

    assert error.value.key == "error.file.too_large"


@pytest.mark.parametrize("numbers", [None, OLD_NUMBERS])
def test_foods_and_figures_are_joined_by_their_number_whichever_number_a_nutrient_has(tmp_path, numbers):
    incoming = read(tmp_path, zipped(fdc(numbers) if numbers else fdc()))

    banana = by_number(incoming)["1"]
    assert (incoming.format, banana.name_en, banana.code) == ("fooddata_central", "Bananas, raw", "9040")
    assert banana.holds == {
        "k_mg": Amount(358.0, 358.0),
        "water_g": Amount(74.91, 74.91),
        "ca_mg": Amount(5.0, 5.0),
    }


def test_the_first_portion_with_words_is_the_portion(tmp_path):
    banana = by_number(read(tmp_path, zipped(fdc())))["1"]

    assert (banana.portion_g, banana.portion) == (118.0, '1 medium (7" long)')


def test_products_of_brands_and_samples_are_left_aside(tmp_path):
    incoming = read(tmp_path, zipped(fdc()))

    assert (set(by_number(incoming)), incoming.ignored) == ({"1", "2"}, {"branded_food": 1, "sub_sample_food": 1})


def test_a_figure_that_makes_no_sense_is_not_known_and_told(tmp_path):
    incoming = read(tmp_path, zipped(fdc()))

    assert "mg_mg" not in by_number(incoming)["2"].holds
    assert [(note.key, note.values) for note in incoming.notes] == [("cli.exchange.odd_figures", {"n": 1})]


@pytest.mark.parametrize("missing", ["food.csv", "food_nutrient.csv"])
def test_tables_that_are_not_complete_say_which_is_missing(tmp_path, missing):
    with pytest.raises(FileError) as error:
        read(tmp_path, zipped(fdc(without=(missing,))))

    assert error.value.values == {"part": missing}


def test_a_damaged_workbook_says_so(tmp_path):
    content = xlsx()
    path = put(tmp_path, content[: len(content) // 2], "table.xlsx")

    with pytest.raises(FileError) as error:
        formats.read(path, Destination(HERE, Diary()))

    assert error.value.key in ("error.file.bad_zip", "error.file.bad_sheet")


def test_a_workbook_that_swells_without_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(sheets, "LARGEST", 1 << 18)
    content = xlsx([TITLES, *([BANANA] * 20_000)])

    with pytest.raises(FileError) as error:
        list(sheets._new(content, "table.xlsx"))

    assert error.value.key == "error.file.too_large"


def test_a_workbook_that_declares_entities_is_refused():
    out = io.BytesIO(xlsx())
    with zipfile.ZipFile(out, "a") as made:
        made.writestr("xl/sharedStrings.xml", '<!DOCTYPE a [<!ENTITY b "c">]><sst/>')

    with pytest.raises(FileError) as error:
        list(sheets._new(out.getvalue(), "table.xlsx"))

    assert error.value.key == "error.file.entity"
