"""Serve one diary on this machine: lock, migrate, collect, listen, and stop cleanly when told to."""

import errno
import json
import os
import signal
import threading
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from mollet.errors import StoreError, reason_of
from mollet.store import folder, start

PORT = 8765
DEMO_PORT = 8766
THREADS = 4
LARGEST_BODY = 20 * 1024 * 1024
SLOWEST_CLIENT_SECONDS = 30
LONGEST_ROUND_SECONDS = 0.5
LAST_ROUNDS = 20
_ADDRESS = "address.json"


def serve(host: str, port: int, *, is_example: bool = False, ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM or Ctrl-C; ``ready`` is told the address with its one-time key.

    Raises
    ------
    StoreError
        The folder is held by another server, the port is taken, or the host is not this machine.
    """
    refuse_other_machines(host)
    if is_example:
        use_example_folder()
    with folder.lock() as place:
        server = _listen(_application(is_example), host, port)
        base = f"http://localhost:{server.effective_port}/"
        _note_address(place, base)
        try:
            told = _told_to_stop()
            ready(address(base))
            _run(server, told)
        finally:
            (place / _ADDRESS).unlink(missing_ok=True)
            _put_away()


def use_example_folder() -> Path:
    """Point this process to the folder of the example diary: beside the real one, never in it."""
    real = folder.data_folder()
    example = real.with_name(f"{real.name}-example")
    os.environ["MOLLET_DATA"] = str(example)
    return example


def refuse_other_machines(host: str) -> None:
    """Let only this machine in: a phone needs HTTPS to keep anything, and a diary should not cross a network bare."""
    if host == "localhost":
        return
    try:
        is_here = ip_address(host.strip("[]")).is_loopback
    except ValueError:
        is_here = False
    if not is_here:
        raise StoreError("serve.host_not_here", host=host)


def address(base: str) -> str:
    """Return an address with a fresh one-time key."""
    from mollet.store import people
    from mollet.web import session

    return f"{base}?key={session.issue(people.local_person().diary)}"


def running_address() -> str:
    """Return a fresh address for the server that runs on this data folder.

    Raises
    ------
    StoreError
        No server runs there.
    """
    try:
        with folder.lock():
            pass
    except StoreError:
        base = _noted_address(folder.data_folder())
        if base is not None:
            start.open_store()
            return address(base)
    raise StoreError("serve.not_running", folder=str(folder.data_folder()))


def _application(is_example: bool) -> Any:
    from mollet.knowledge import load

    load()
    start.open_store()

    from django.core.wsgi import get_wsgi_application

    from mollet.store import example, people
    from mollet.web import clock, session, statics

    start.bring_up_to_date(clock.now())
    if is_example:
        person = people.local_person()
        example.ensure(person, clock.local(person.zone).date())
    start.put_journal_away()
    session.withdraw_all()
    statics.prepare()
    return get_wsgi_application()


def _listen(application: Any, host: str, port: int) -> Any:
    from waitress.server import create_server  # type: ignore[import-untyped]

    try:
        return create_server(
            application,
            host="127.0.0.1" if host == "localhost" else host,
            port=port,
            threads=THREADS,
            ident=None,
            channel_timeout=SLOWEST_CLIENT_SECONDS,
            max_request_body_size=LARGEST_BODY,
            clear_untrusted_proxy_headers=True,
        )
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise StoreError("serve.port_taken", port=port) from error
        raise StoreError("serve.cannot_listen", port=port, why=reason_of(error)) from error


def _told_to_stop() -> threading.Event:
    """Return an event that SIGTERM or Ctrl-C sets, from this moment on."""
    told = threading.Event()

    def tell(number: int, frame: object) -> None:
        told.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, tell)
    return told


def _run(server: Any, told: threading.Event) -> None:
    """Answer until told to stop, then let the requests that run get their answers.

    The loop is turned here, one round at a time: a signal that closed the sockets inside a round would break the round.
    """
    while not told.is_set():
        server.asyncore.loop(timeout=LONGEST_ROUND_SECONDS, map=server._map, count=1)
    for _ in range(LAST_ROUNDS):
        if not any(channel.requests or channel.total_outbufs_len for channel in server.active_channels.values()):
            break
        server.asyncore.loop(timeout=LONGEST_ROUND_SECONDS, map=server._map, count=1)
    server.task_dispatcher.shutdown()
    server.close()


def _put_away() -> None:
    """Put the journal away, now that nothing else writes."""
    from django.db import connection

    from mollet.store import start

    start.put_journal_away()
    connection.close()


def _note_address(place: Path, base: str) -> None:
    (place / _ADDRESS).write_text(json.dumps({"address": base}), encoding="utf-8")


def _noted_address(place: Path) -> str | None:
    try:
        return str(json.loads((place / _ADDRESS).read_text(encoding="utf-8"))["address"])
    except (OSError, ValueError, KeyError):
        return None
