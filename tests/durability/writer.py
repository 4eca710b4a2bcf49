"""A process that records cramps from several threads until it is killed, and says which were acknowledged."""

import sys
import threading

from tests.people import claire

from mollet.diary.entries import Cramp, Night
from mollet.store import start

THREADS = 3
_DATA = (Cramp(severity=5), Night(cramps=1))
_saying = threading.Lock()


def record_for_ever(round_: str, thread: int) -> None:
    """Record a cramp and a morning answer at a time, and say their ids once they are kept."""
    from mollet.store import people, write

    person = people.local_person()
    n = 0
    while True:
        at = f"2026-03-{1 + n % 28:02} 23:30"
        batch = [claire.says(data, at, word=(round_, thread, n)) for data in _DATA]
        n += 1
        results = write.record(person, batch)
        with _saying:
            sys.stdout.write(" ".join(str(result.id) for result in results if result.state == "kept") + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    start.open_store()
    for number in range(THREADS):
        threading.Thread(target=record_for_ever, args=(sys.argv[1], number)).start()
