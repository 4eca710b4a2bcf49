import re
from pathlib import Path
from uuid import UUID

from mollet import __version__
from mollet.diary import entries as door
from mollet.diary.fold import Diary
from mollet.exchange import formats
from mollet.exchange.apple_terms import QUANTITIES
from mollet.exchange.diary_csv import LIMITS, values_by_night, write
from mollet.exchange.diary_json import Complete
from mollet.exchange.diary_json import write as write_json
from mollet.exchange.incoming import Destination, Incoming
from mollet.exchange.rows import SLEEP_KINDS

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def example(name: str) -> str:
    page = (REFERENCE / f"{name}.md").read_text()
    return re.search(r"```(?:csv|json)\n(.*?)```", page, re.DOTALL)[1]


def read(folder: Path, name: str) -> Incoming:
    path = folder / "example"
    path.write_text(example(name))
    return formats.read(path, Destination(UUID(int=1), Diary()))


def test_the_example_of_the_table_reads_and_is_written_the_same(tmp_path):
    incoming = read(tmp_path, "diary-csv")

    assert (incoming.format, incoming.problems) == ("diary-csv", ())
    assert write(Diary(incoming.entries)) == example("diary-csv")


def test_the_example_of_the_complete_diary_reads_and_is_written_the_same(tmp_path):
    incoming = read(tmp_path, "diary-json")
    there = UUID("6f1c1f5e-0f0b-4c53-9f5e-3f9a52d7a001")

    written = "".join(write_json(Complete(there, incoming.entries, incoming.generations, incoming.settings)))

    assert incoming.problems == ()
    assert written.replace(f"mollet {__version__}", "mollet 0.1.0") == example("diary-json")


def test_the_example_of_the_complete_diary_shows_a_correction(tmp_path):
    values = values_by_night(Diary(read(tmp_path, "diary-json").entries))

    assert [row["cramps"] for row in values.values()] == [1.0]


def test_every_kind_of_entry_is_described():
    page = (REFERENCE / "diary-json.md").read_text()
    kinds = re.findall(r'kind: Literal\["(\w+)"\]', Path(door.__file__).read_text())

    assert [kind for kind in kinds if f"| `{kind}` |" not in page] == []


def test_every_column_of_a_fixed_meaning_is_described():
    page = (REFERENCE / "diary-csv.md").read_text()

    assert [name for name in LIMITS if f"`{name}`" not in page and name != "adhered"] == []


def test_every_format_and_measure_is_described():
    page = (REFERENCE / "exchange.md").read_text()
    measures = {kind for kind, _ in QUANTITIES.values()} | SLEEP_KINDS | {"stand_hours"}

    names = [one.spelt for one in formats.FORMATS.values()]

    assert [name for name in (*names, *sorted(measures)) if f"`{name}`" not in page] == []
