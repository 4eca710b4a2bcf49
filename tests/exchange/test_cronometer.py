from tests.exchange.foreign_files import read, values, zipped

SERVINGS = """Day,Time,Group,Food Name,Amount,Energy (kcal),Water (g),Magnesium (mg),Potassium (mg),Category
2026-11-03,9:51 AM,Breakfast,"Eggs, cooked","4.00 medium",272.80,131.33,17.60,221.76,"Dairy"
2026-11-03,,Dinner,"Banana","1.00 each",105.00,88.40,31.90,422.40,"Fruit"
2026-11-03,,Dinner,"Banana","1.00 each",105.00,88.40,31.90,422.40,"Fruit"
2026-11-04,05:17,Drinks,"Tea","600.00 g",6.00,600.00,,0.00,"Beverages"
"""
SUMMARY = """Date,Energy (kcal),Alcohol (g),Sodium (mg),Magnesium (mg),Completed
2026-11-03,1477.23,0.00,2928.50,999.00,true
2026-11-05,1200.00,12.50,2000.00,190.50,false
"""


def test_servings_add_up_and_two_alike_are_two(tmp_path):
    got = values(read(tmp_path, SERVINGS.encode()))

    assert got["magnesium_mg", "2026-11-03"] == 81.4
    assert got["potassium_mg", "2026-11-03"] == 1066.56


def test_an_empty_cell_is_not_known_and_a_zero_is(tmp_path):
    incoming = read(tmp_path, SERVINGS.encode())

    got = values(incoming)
    assert ("magnesium_mg", "2026-11-04") not in got
    assert got["potassium_mg", "2026-11-04"] == 0.0
    assert [(note.key, note.values) for note in incoming.notes] == [("cli.exchange.lower_bound", {"n": 1})]


def test_water_in_food_is_not_what_was_drunk(tmp_path):
    got = values(read(tmp_path, SERVINGS.encode()))

    assert got["total_water_g", "2026-11-04"] == 600.0
    assert not any(kind == "water_ml" for kind, _ in got)


def test_a_daily_summary_is_read_and_a_day_not_complete_is_told(tmp_path):
    incoming = read(tmp_path, SUMMARY.encode())

    assert values(incoming)["alcohol_g", "2026-11-05"] == 12.5
    assert [(note.key, note.values) for note in incoming.notes] == [("cli.exchange.partial_days", {"n": 1})]


def test_of_a_day_in_both_tables_the_servings_count(tmp_path):
    got = values(read(tmp_path, zipped({"servings.csv": SERVINGS, "dailysummary.csv": SUMMARY})))

    assert (got["magnesium_mg", "2026-11-03"], got["magnesium_mg", "2026-11-05"]) == (81.4, 190.5)


def test_columns_in_another_order_with_an_index_read_the_same(tmp_path):
    text = ",Day,Food Name,Amount,Magnesium (mg)\n0,2026-11-03,Tea,1 cup,2.00\n1,2026-13-03,Tea,1 cup,2.00\n"

    incoming = read(tmp_path, text.encode("utf-8-sig"))

    assert values(incoming) == {("magnesium_mg", "2026-11-03"): 2.0}
    assert [note.values for note in incoming.notes] == [{"n": 1}]
