import datetime as dt
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mollet.diary.measures import Measure, resolve
from mollet.errors import FileError

NIGHT = dt.date(2026, 3, 1)
OLD, NEW = UUID(int=1), UUID(int=2)


def steps(source: str, value: float, import_id: UUID = OLD, coverage: float = 1.0) -> Measure:
    return Measure(source, "steps", NIGHT, value, coverage, import_id)


def held(*measures: Measure, generations: tuple[UUID, ...] = (OLD, NEW)) -> float | None:
    found = resolve(measures, generations).get((NIGHT, "steps"))
    return found.value if found else None


def test_the_watch_is_believed_before_the_phone_and_the_phone_before_others() -> None:
    assert held(steps("other:app", 3), steps("phone:a", 2), steps("watch:b", 1)) == 1


def test_two_sources_are_never_added_up() -> None:
    assert held(steps("phone:a", 2000), steps("phone:b", 2000)) == 2000


def test_of_one_source_the_newest_generation_holds() -> None:
    assert held(steps("phone:a", 9000, OLD), steps("phone:a", 4000, NEW)) == 4000


def test_a_newer_export_that_covers_less_does_not_replace_a_whole_day() -> None:
    assert held(steps("phone:a", 9000, OLD), steps("phone:a", 4000, NEW, coverage=0.5)) == 9000


def test_a_night_the_newer_generation_does_not_speak_of_keeps_the_older_measure() -> None:
    other = Measure("phone:a", "steps", dt.date(2026, 3, 2), 1, 1.0, NEW)

    assert held(steps("phone:a", 9000, OLD), other) == 9000


def test_an_undone_generation_counts_no_more() -> None:
    assert held(steps("phone:a", 9000, OLD), steps("phone:a", 4000, NEW), generations=(OLD,)) == 9000


def test_among_equals_the_fuller_day_is_believed() -> None:
    assert held(steps("phone:a", 1, coverage=0.5), steps("phone:b", 2, coverage=0.9)) == 2


def test_a_night_without_a_measure_is_not_known() -> None:
    assert held() is None


@given(
    st.permutations([steps(f"{kind}:{n}", n, gen) for kind in ("watch", "phone") for n in (1, 2) for gen in (OLD, NEW)])
)
def test_the_order_of_the_measures_does_not_matter(measures: list[Measure]) -> None:
    assert resolve(measures, (OLD, NEW)) == resolve(sorted(measures, key=repr), (OLD, NEW))


@pytest.mark.parametrize(
    ("value", "coverage"), [(float("nan"), 1.0), (float("inf"), 1.0), (1.0, 1.5), (1.0, float("nan"))]
)
def test_a_measure_that_cannot_be_is_refused(value: float, coverage: float) -> None:
    with pytest.raises(FileError):
        steps("phone:a", value, coverage=coverage)
