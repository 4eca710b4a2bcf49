"""Serve one diary: lock, migrate, collect, listen, and stop cleanly when told to."""

import contextlib
import errno
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mollet.errors import StoreError, reason_of
from mollet.store import folder, start
from mollet.web import running
from mollet.web.proxy import TRUSTED_HEADERS, proxy
from mollet.web.running import Running

if TYPE_CHECKING:
    from mollet.web.home import Home

PORT = 8765
DEMO_PORT = 8766
HTTPS_PORT = 8443
TRUST_PORT = 8767
THREADS = 4
LARGEST_BODY = 20 * 1024 * 1024
SLOWEST_CLIENT_SECONDS = 30
LONGEST_ROUND_SECONDS = 0.5
LAST_ROUNDS = 20
MOST_CONNECTIONS = 250
# A page that anybody in the home may call holds few connections, and none for long.
SMALL = {"threads": 2, "channel_timeout": 10, "connection_limit": 60, "max_request_body_size": 1024}


@dataclass(frozen=True, slots=True)
class Wishes:
    """How phones are let in."""

    everywhere: bool
    """From other machines of the home, or only from this one."""
    name: str | None = None
    """Of the house on its network; none leaves it as it is."""
    port: int = HTTPS_PORT
    trust_port: int = TRUST_PORT


def serve(
    host: str,
    port: int,
    *,
    is_example: bool = False,
    home: Wishes | None = None,
    ready: Callable[[str, "Home | None"], None],
) -> None:
    """Serve until SIGTERM or Ctrl-C; ``ready`` is told the address with its one-time key.

    Raises
    ------
    StoreError
        The folder is held by another server, a port is taken, or the host is not this machine.
    """
    refuse_other_machines(host)
    if is_example:
        use_example_folder()
    with folder.lock():
        application = _application(is_example)
        server = _listen(application, host, port)
        base = f"http://localhost:{server.effective_port}/"
        try:
            with _phones(home, base, application, server) as (opened, servers):
                told = _told_to_stop(server.pull_trigger)
                ready(address(base), opened)
                _run(servers, told, opened)
        finally:
            running.forget()
            _put_away()


@contextlib.contextmanager
def _phones(
    wishes: Wishes | None, base: str, application: Any, server: Any
) -> Iterator["tuple[Home | None, list[Any]]"]:
    """Open the doors for phones too, where that is wished; note where the house answers."""
    before = proxy()
    if wishes is None:
        running.note(Running(base, f"{before.origin}/" if before else None))
        yield None, [server]
        return
    from mollet.web.home import Home

    home = Home(wishes, base)
    try:
        servers = [server, *home.open(application, lambda *given, **more: _behind(server._map, *given, **more))]
        running.note(home.running)
        yield home, servers
    finally:
        home.close()


def use_example_folder() -> Path:
    """Point this process to the folder of the example diary: beside the real one, never in it."""
    real = folder.data_folder()
    example = real.with_name(f"{real.name}-example")
    os.environ["MOLLET_DATA"] = str(example)
    return example


def refuse_other_machines(host: str) -> None:
    """Let only this machine in: a phone needs HTTPS to keep anything, and a diary should not cross a network bare.

    Where a server is named that brings HTTPS, mollet may also listen where that one reaches it; whoever else calls
    there is refused request by request.
    """
    if host == "localhost":
        return
    try:
        is_here = ip_address(host.strip("[]")).is_loopback
    except ValueError:
        is_here = False
    if not is_here and proxy() is None:
        raise StoreError("serve.host_not_here", host=host)


def address(base: str) -> str:
    """Return an address with a fresh one-time key."""
    from mollet.store import people
    from mollet.web import session

    return f"{base}?key={session.issue(people.local_person().diary)}"


def running_address() -> str:
    """Return a fresh address for the server that runs on this data folder; raises as `running_house`."""
    base = running_house().address
    start.open_store()
    return address(base)


def running_house() -> Running:
    """Return where the server answers that runs on this data folder.

    Raises
    ------
    StoreError
        No server runs there.
    """
    try:
        with folder.lock():
            pass
    except StoreError:
        noted = running.noted()
        if noted is not None:
            return noted
    raise StoreError("serve.not_running", folder=str(folder.data_folder()))


def _application(is_example: bool) -> Any:
    from mollet.knowledge import load

    load()
    start.open_store()

    from django.core.wsgi import get_wsgi_application

    from mollet.store import example, people
    from mollet.web import clock, phones, session, statics

    start.bring_up_to_date(clock.now())
    if is_example:
        person = people.local_person()
        example.ensure(person, clock.local(person.zone).date())
    start.put_journal_away()
    session.withdraw_all()
    phones.withdraw_codes()
    statics.prepare()
    return get_wsgi_application()


def _listen(application: Any, host: str, port: int) -> Any:
    before = proxy()
    believed = {"trusted_proxy": before.address, "trusted_proxy_headers": set(TRUSTED_HEADERS)} if before else {}
    try:
        return _create(application, host="127.0.0.1" if host == "localhost" else host, port=port, **believed)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise StoreError("serve.port_taken", port=port) from error
        raise StoreError("serve.cannot_listen", port=port, why=reason_of(error)) from error


def _behind(shared: dict[int, Any], application: Any, listening: socket.socket, *, is_small: bool) -> Any:
    """Make a server on a socket that listens already; it takes its turn in the loop of the first."""
    return _create(application, map=shared, sockets=[listening], **(SMALL if is_small else {}))


def _create(application: Any, **wished: Any) -> Any:
    from waitress.server import create_server  # type: ignore[import-untyped]

    usual = {
        "threads": THREADS,
        "ident": None,
        "channel_timeout": SLOWEST_CLIENT_SECONDS,
        "connection_limit": MOST_CONNECTIONS,
        "max_request_body_size": LARGEST_BODY,
        "clear_untrusted_proxy_headers": True,
    }
    return create_server(application, **{**usual, **wished})


def _told_to_stop(wake: Callable[[], None]) -> threading.Event:
    """Return an event that SIGTERM or Ctrl-C sets, from this moment on; whoever waits for requests is woken for it."""
    told = threading.Event()

    def tell(number: int, frame: object) -> None:
        told.set()
        wake()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, tell)
    return told


def _run(servers: list[Any], told: threading.Event, home: "Home | None") -> None:
    """Answer until told to stop, then let the requests that run get their answers.

    The loop is turned here, one round at a time: a signal that closed the sockets inside a round would break the round.
    """
    while not told.is_set():
        _turn(servers)
    if home is not None:
        home.front.close_door()
    for _ in range(LAST_ROUNDS):
        channels = [channel for server in servers for channel in server.active_channels.values()]
        if not any(channel.requests or channel.total_outbufs_len for channel in channels):
            break
        _turn(servers)
    for server in servers:
        server.task_dispatcher.shutdown()
        for channel in list(server.active_channels.values()):
            channel.close()
        server.close()


def _turn(servers: list[Any]) -> None:
    first = servers[0]
    first.asyncore.loop(timeout=LONGEST_ROUND_SECONDS, map=first._map, count=1)


def _put_away() -> None:
    """Put the journal away, now that nothing else writes."""
    from django.db import connection

    from mollet.store import start

    start.put_journal_away()
    connection.close()
