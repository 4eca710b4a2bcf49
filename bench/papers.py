"""`python bench/papers.py`: how long the doctor's page, the FHIR bundle and the other ways out of a year take."""

import datetime as dt
import os
import time
from collections.abc import Callable
from uuid import UUID

from mollet.diary.fold import Diary
from mollet.exchange import diary_csv, diary_json, fhir
from mollet.exchange.diary_json import Complete
from mollet.exchange.privacy import leaving
from mollet.knowledge import load
from mollet.report.doctor import doctor
from mollet.report.example import example_entries
from mollet.report.pdf import pdf
from mollet.report.sheet import Sheet, sheet

TODAY = dt.date(2026, 11, 22)
NOW = dt.datetime(2026, 11, 22, 8, tzinfo=dt.UTC)
ENTRIES = tuple(example_entries(1, TODAY))
WHOLE = Complete(UUID(int=1), ENTRIES, (), {"zone": "Europe/Paris"})


def page() -> Sheet:
    """Fold a year anew and put it into words."""
    span = (TODAY - dt.timedelta(days=364), TODAY - dt.timedelta(days=1))
    return sheet(doctor(Diary(ENTRIES), load(), NOW, span, "FR"), load(), TODAY, "en")


WAYS: dict[str, Callable[[], object]] = {
    "the page in words, from the entries of a year": page,
    "the page as PDF, from the entries of a year": lambda: pdf(page()),
    "CSV": lambda: diary_csv.write(Diary(ENTRIES)),
    "complete JSON": lambda: "".join(diary_json.write(WHOLE)),
    "FHIR": lambda: "".join(fhir.write(WHOLE, Diary(ENTRIES))),
    "dates moved": lambda: leaving(WHOLE, "shifted", b"secret", "Europe/Paris"),
}


def main() -> None:
    """Print CPU and wall seconds of a first and a best later round, as Markdown."""
    load()
    print(f"## Ways out of a year ({len(ENTRIES)} entries, load {os.getloadavg()[0]:.1f})\n")
    print("| what | first, CPU s | then, CPU s | then, wall s |\n| --- | --- | --- | --- |")
    for name, way in WAYS.items():
        rounds = [_timed(way) for _ in range(4)]
        later = rounds[1:]
        print(f"| {name} | {rounds[0][0]:.2f} | {min(c for c, _ in later):.2f} | {min(w for _, w in later):.2f} |")


def _timed(way: Callable[[], object]) -> tuple[float, float]:
    cpu, wall = time.process_time(), time.perf_counter()
    way()
    return time.process_time() - cpu, time.perf_counter() - wall


if __name__ == "__main__":
    main()
