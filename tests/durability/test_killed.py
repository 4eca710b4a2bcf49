import os
import random
import subprocess
import sys
from pathlib import Path

from mollet.store import backup, folder, people, read
from mollet.store.check import check

ROUNDS = 70 if os.environ.get("MOLLET_SOAK") else 4


def acknowledged_until_killed(round_: int) -> list[str]:
    """Ids that a writing process said were kept before it was killed in the middle of its work."""
    command = [sys.executable, "-m", "tests.durability.writer", str(round_)]
    lines = random.Random(round_).randint(1, 40)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as writer:
        assert writer.stdout is not None
        said = [writer.stdout.readline() for _ in range(lines)]
        writer.kill()
        said += writer.stdout.readlines()
    # The last line may be cut in the middle of an id: that one was not acknowledged in full.
    return [word for line in said if line.endswith("\n") for word in line.split()]


def test_what_was_acknowledged_is_there_after_every_kill(diary_file: Path) -> None:
    acknowledged: set[str] = set()

    for round_ in range(ROUNDS):
        new = acknowledged_until_killed(round_)
        acknowledged.update(new)

        assert new
        assert acknowledged <= {str(entry.id) for entry in read.entries(people.local_person())}
        assert check().problems == ()


def test_a_backup_made_while_another_process_writes_is_whole(diary_file: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.durability.writer", "backup"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as writer:
        assert writer.stdout is not None
        before = [word for _ in range(5) for word in writer.stdout.readline().split()]
        held = backup.verify(backup.backup(tmp_path / "copy.sqlite3"))
        writer.kill()
        writer.stdout.read()

    assert held.entries >= len(before) >= 5
    assert held.unreadable == 0


def test_a_whole_batch_is_there_or_none_of_it(diary_file: Path) -> None:
    acknowledged_until_killed(7)

    kinds = [entry.data.kind for entry in read.entries(people.local_person())]

    assert kinds.count("cramp") == kinds.count("night") > 0
    assert folder.database().exists()
