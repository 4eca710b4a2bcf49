"""The real command in a process of its own, told to stop as systems do."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

MOLLET = str(Path(sys.executable).with_name("mollet"))
ADDRESS = re.compile(r"http://localhost:(\d+)/\?key=([\w-]+)\n")


def run(*arguments, folder, **more):
    surroundings = {**os.environ, "MOLLET_DATA": str(folder), "MOLLET_LANG": "en"}
    command = [MOLLET, *arguments]
    return subprocess.run(command, env=surroundings, capture_output=True, text=True, timeout=60, **more)


@pytest.fixture
def serve(tmp_path):
    """Start ``mollet serve`` on a free port; the address it printed and the process."""
    running = []

    def start(*arguments, folder=tmp_path / "diary"):
        surroundings = {**os.environ, "MOLLET_DATA": str(folder)}
        log = (tmp_path / f"serve-{len(running)}.log").open("w+")
        process = subprocess.Popen(
            [MOLLET, "serve", "--port", "0", "--lang", "en", *arguments],
            env=surroundings,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        running.append((process, log))
        found = ADDRESS.fullmatch(process.stdout.readline())
        assert found, Path(log.name).read_text()
        return found[0].strip(), process

    yield start
    for process, log in running:
        process.kill()
        process.wait(20)
        process.stdout.close()
        log.close()


def status(address):
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def test_relief_answers_without_a_key_and_the_diary_does_not(serve):
    address, _ = serve()
    base = address.split("?")[0]

    assert (status(base + "relief/"), status(base)) == (200, 403)


def test_told_to_stop_it_ends_by_itself_with_nothing_wrong(serve):
    _, process = serve()

    process.send_signal(signal.SIGTERM)

    assert process.wait(30) == 0


def test_after_the_end_the_journal_is_put_away(serve, tmp_path):
    _, process = serve()
    process.send_signal(signal.SIGTERM)
    process.wait(30)

    journal = tmp_path / "diary" / "mollet.sqlite3-wal"

    assert not journal.exists() or journal.stat().st_size == 0


def test_a_second_server_on_the_same_diary_is_refused(serve, tmp_path):
    serve()

    second = run("serve", "--port", "0", folder=tmp_path / "diary")

    assert second.returncode == 1
    assert str(tmp_path / "diary") in second.stderr


def test_a_taken_port_is_said_and_nothing_is_changed(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        answer = run("serve", "--port", str(port), folder=tmp_path / "diary")

    assert answer.returncode == 1
    assert f"Port {port} is already in use" in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--lan"], "refused without --https"),
        (["--name", "our.home.arpa"], "refused without --https"),
        (["--host", "0.0.0.0"], "takes an address of this machine only"),
        (["--host", "example.org"], "takes an address of this machine only"),
        (["--https", "--name", "bank.example"], "set aside for homes"),
    ],
)
def test_other_machines_are_refused_with_the_reason(tmp_path, arguments, words):
    answer = run("serve", *arguments, folder=tmp_path / "diary")

    assert (answer.returncode, words in answer.stderr) == (1, True)


def test_a_wrong_port_is_a_wrong_command_line(tmp_path):
    assert run("serve", "--port", "99999", folder=tmp_path / "diary").returncode == 2


def test_address_prints_a_fresh_key_for_the_running_server(serve, tmp_path):
    first, _ = serve()

    answer = run("address", folder=tmp_path / "diary")

    assert ADDRESS.fullmatch(answer.stdout)
    assert answer.stdout.split("?")[0] == first.split("?")[0]
    assert answer.stdout.strip() != first


def test_address_without_a_server_says_how_to_start_one(tmp_path):
    answer = run("address", folder=tmp_path / "diary")

    assert answer.returncode == 1
    assert "mollet serve" in answer.stderr


def test_the_example_is_kept_apart_from_the_diary(serve, tmp_path):
    serve("--demo")

    assert (tmp_path / "diary-example" / "mollet.sqlite3").exists()
    assert not (tmp_path / "diary" / "mollet.sqlite3").exists()
