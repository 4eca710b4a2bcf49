"""How many sets of answers triage reads in a second of processor time: ``python -m tests.advice.speed``."""

import time
import tomllib
from itertools import islice
from pathlib import Path

from tests.advice.people import people

from mollet.advice.triage import to_json, triage
from mollet.diary.facts import resolve
from mollet.knowledge import load

ROUNDS = 3


def main() -> None:
    """Print the figures, of the clinical cases and of random people."""
    catalogue = load()
    folder = Path(__file__).parent.parent / "vignettes"
    files = (tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.toml")))
    cases = [case["answers"] for file in files for case in file["case"]]
    random = [said for _, said in islice(people(1), 300)]
    for name, sets in (("clinical cases", cases), ("random people", random)):
        for said in sets:
            triage(resolve(said, catalogue), catalogue)
        begin = time.process_time()
        for _ in range(ROUNDS):
            for said in sets:
                triage(resolve(said, catalogue), catalogue)
        told = time.process_time()
        for said in sets:
            to_json(triage(resolve(said, catalogue), catalogue), "en")
        end = time.process_time()
        print(f"{name}: {ROUNDS * len(sets) / (told - begin):.0f} a second")  # noqa: T201
        print(f"{name}, written as JSON: {len(sets) / (end - told):.0f} a second")  # noqa: T201


if __name__ == "__main__":
    main()
