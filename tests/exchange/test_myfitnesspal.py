from tests.exchange.foreign_files import read, values

MEALS = """Date,Meal,Calories,Sodium (mg),Potassium,Calcium,Note
2026-11-03,Breakfast,214.5,193.5,198.0,7.2,
2026-11-03,Lunch,750.0,2000.0,0.0,0.0,
2026-11-04,Lunch,750.0,,10.0,0.0,
soon,Lunch,750.0,,10.0,0.0,
"""


def test_meals_add_up_to_days_in_milligrams(tmp_path):
    assert values(read(tmp_path, MEALS.encode())) == {
        ("sodium_mg", "2026-11-03"): 2193.5,
        ("potassium_mg", "2026-11-03"): 198.0,
        ("potassium_mg", "2026-11-04"): 10.0,
    }


def test_percent_of_a_daily_value_is_left_aside_and_told(tmp_path):
    keys = [note.key for note in read(tmp_path, MEALS.encode()).notes]

    assert keys == ["error.file.apple_unreadable", "cli.exchange.percent_of_a_day"]
