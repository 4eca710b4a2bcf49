import multiprocessing
import stat
import sys
from pathlib import Path

import pytest

from mollet.errors import StoreError
from mollet.store import folder


def _try_lock(answers: "multiprocessing.SimpleQueue[str]") -> None:
    try:
        with folder.lock():
            answers.put("taken")
    except StoreError as error:
        answers.put(error.key)


def lock_elsewhere() -> str:
    context = multiprocessing.get_context("spawn")
    answers = context.SimpleQueue()
    process = context.Process(target=_try_lock, args=(answers,))
    process.start()
    process.join(60)
    return answers.get()


def test_the_folder_is_the_one_that_is_named(data_folder: Path) -> None:
    assert folder.data_folder() == data_folder


def test_without_a_name_it_is_that_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MOLLET_DATA")

    assert folder.data_folder().name == "mollet"


def test_two_processes_cannot_hold_the_folder() -> None:
    with folder.lock():
        assert lock_elsewhere() == "error.store.locked"


def test_a_folder_let_go_can_be_held_again() -> None:
    with folder.lock():
        pass

    assert lock_elsewhere() == "taken"


def test_the_key_stays_the_same(data_folder: Path) -> None:
    folder.prepare()
    key = folder.secret_key()

    folder.prepare()

    assert folder.secret_key() == key
    assert len(key) >= 50


@pytest.mark.skipif(sys.platform == "win32", reason="modes of files are those of POSIX")
def test_only_the_owner_may_read_the_folder_and_its_key() -> None:
    made = folder.prepare()

    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    assert stat.S_IMODE((made / folder.KEY).stat().st_mode) == 0o600


def test_reading_the_key_makes_no_folder(data_folder: Path) -> None:
    folder.secret_key()

    assert not data_folder.exists()


def test_a_folder_that_cannot_be_made_is_named(data_folder: Path) -> None:
    data_folder.write_text("a file stands here")

    with pytest.raises(StoreError) as refused:
        folder.prepare()

    assert refused.value.values["folder"] == str(data_folder)


def test_the_file_system_is_that_of_the_longest_mount_point() -> None:
    mounts = "/dev/sda1 / ext4 rw 0 0\nserver:/home /home nfs4 rw 0 0\n"

    assert folder._kind_of_mount(Path("/home/claire/.local"), mounts) == "nfs4"
    assert folder._kind_of_mount(Path("/var/lib"), mounts) == "ext4"
