"""The door with HTTPS: takes encrypted connections and pipes their bytes to the server on the loopback.

The server behind knows only the loopback port a connection came from; ``peers`` says who is really there. A connection
that never finishes its handshake holds one socket of this thread for a few seconds, and nothing else.
"""

import asyncio
import contextlib
import errno
import os
import socket
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from mollet.errors import StoreError, reason_of
from mollet.web.certificates import is_private

HANDSHAKE_SECONDS = 10
GOODBYE_SECONDS = 2
MOST_CALLERS = 250
MOST_FROM_ONE = 100
"""Connections of one address, handshakes included; a page needs six."""
MOST_PIPED = 64
MOST_PIPED_FROM_ONE = 40
LOOKED_AFTER_SECONDS = 60
_CHUNK = 65536
_BACKLOG = 128

StartResponse = Callable[..., Any]
Application = Callable[[dict[str, Any], StartResponse], Any]


class Front:
    """A listening socket, and a thread of its own that serves it until it is told to stop.

    Parameters
    ----------
    listener : socket
        Listening, on the port that phones know.
    context : ssl.SSLContext
        With the leaf; loaded again in place when that is renewed.
    look_after : callable, optional
        Called in the thread every minute: renews what must be renewed.
    """

    def __init__(self, listener: socket.socket, context: ssl.SSLContext, look_after: Callable[[], None]) -> None:
        self.peers: dict[int, str] = {}
        """Port on the loopback, and the address of who is behind it."""
        self.port = int(listener.getsockname()[1])
        self._listener = listener
        self._context = context
        self._look_after = look_after
        self._target = 0
        self._callers: Counter[str] = Counter()
        self._connections: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._accepting: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._serve, name="mollet-front", daemon=True)

    def start(self, target: int) -> None:
        """Begin to pipe to a port of the loopback."""
        self._target = target
        self._listener.setblocking(False)
        self._thread.start()

    def close_door(self) -> None:
        """Take no new connection; those that are there go on."""
        self._tell(self._end_accepting())

    def stop(self) -> None:
        """End what is left, and the thread; a door that never opened is only taken away."""
        if self._thread.ident is None:
            self._listener.close()
            self._loop.close()
            return
        self._tell(self._end())
        self._thread.join(2 * GOODBYE_SECONDS + 1)

    def _tell(self, work: Coroutine[Any, Any, None]) -> None:
        if self._thread.is_alive():
            with contextlib.suppress(TimeoutError):
                asyncio.run_coroutine_threadsafe(work, self._loop).result(2 * GOODBYE_SECONDS)
        else:
            work.close()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._accepting = self._loop.create_task(self._accept())
        looking = self._loop.create_task(self._look())
        self._loop.run_forever()
        looking.cancel()
        self._loop.run_until_complete(asyncio.gather(looking, return_exceptions=True))
        self._listener.close()
        self._loop.close()

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(LOOKED_AFTER_SECONDS)
            self._look_after()

    async def _accept(self) -> None:
        while True:
            try:
                connection, (address, *_) = await self._loop.sock_accept(self._listener)
            except OSError:
                # No socket is free for the moment; the handshakes that hold them end by themselves.
                await asyncio.sleep(1)
                continue
            if not is_private(address) or self._is_crowded(address):
                connection.close()
                continue
            self._callers[address] += 1
            task = self._loop.create_task(self._welcome(connection, address))
            self._connections.add(task)
            task.add_done_callback(partial(self._gone, address))

    def _is_crowded(self, address: str) -> bool:
        """Whether there is no room for one more, or none for one more of this address: no one takes all of it."""
        return len(self._connections) >= MOST_CALLERS or self._callers[address] >= MOST_FROM_ONE

    def _gone(self, address: str, task: "asyncio.Task[None]") -> None:
        self._connections.discard(task)
        self._callers[address] -= 1
        if not self._callers[address]:
            del self._callers[address]

    async def _welcome(self, connection: socket.socket, address: str) -> None:
        """Shake hands, then pipe; whatever goes wrong with one connection ends that one."""
        with contextlib.suppress(OSError, ssl.SSLError, asyncio.IncompleteReadError, TimeoutError):
            reader, writer = await self._shake_hands(connection)
            try:
                of_this = list(self.peers.values()).count(address)
                if len(self.peers) < MOST_PIPED and of_this < MOST_PIPED_FROM_ONE:
                    await self._pipe(reader, writer, address)
            finally:
                await _close(writer)

    async def _shake_hands(self, connection: socket.socket) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            reader = asyncio.StreamReader(limit=_CHUNK)
            protocol = asyncio.StreamReaderProtocol(reader)
            transport, _ = await self._loop.connect_accepted_socket(
                lambda: protocol,
                connection,
                ssl=self._context,
                ssl_handshake_timeout=HANDSHAKE_SECONDS,
                ssl_shutdown_timeout=GOODBYE_SECONDS,
            )
            return reader, asyncio.StreamWriter(transport, protocol, reader, self._loop)
        except BaseException:
            connection.close()
            raise

    async def _pipe(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, address: str) -> None:
        behind, before = await asyncio.open_connection("127.0.0.1", self._target, limit=_CHUNK)
        port = int(before.get_extra_info("sockname")[1])
        self.peers[port] = address
        ways = [self._loop.create_task(_copy(reader, before)), self._loop.create_task(_copy(behind, writer))]
        try:
            # TLS has no half-closed connection: when one way has ended, so has the other.
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            self.peers.pop(port, None)
            await _close(before)

    async def _end_accepting(self) -> None:
        if self._accepting is not None:
            self._accepting.cancel()
            await asyncio.gather(self._accepting, return_exceptions=True)

    async def _end(self) -> None:
        await self._end_accepting()
        # The server behind has closed its side: what it said last is still on its way out.
        for task in (await asyncio.wait(self._connections, timeout=GOODBYE_SECONDS))[1] if self._connections else ():
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        self._loop.call_soon(self._loop.stop)


def behind(front: Front, application: Application) -> Application:
    """Wrap the application for the port that only the front may use: it learns who is there, and that HTTPS is."""

    def answer(environ: dict[str, Any], start_response: StartResponse) -> Any:
        peer = front.peers.get(int(environ.get("REMOTE_PORT") or 0))
        if peer is None:
            # Another program of this machine, or a connection that has just ended: nobody is there to be answered.
            start_response("421 Misdirected Request", [("Content-Type", "text/plain"), ("Content-Length", "0")])
            return [b""]
        environ["REMOTE_ADDR"] = environ["REMOTE_HOST"] = peer
        environ["SERVER_PORT"] = str(front.port)
        environ["wsgi.url_scheme"] = "https"
        environ["HTTPS"] = "on"
        return application(environ, start_response)

    return answer


def listen(host: str, port: int) -> socket.socket:
    """Return a socket bound to an address.

    Raises
    ------
    StoreError
        Another program has the port, or this one may not have it.
    """
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if os.name != "nt":  # there it would let two programs share a port
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(_BACKLOG)
    except OSError as error:
        made.close()
        if error.errno == errno.EADDRINUSE:
            raise StoreError("home.port_taken", port=port) from error
        raise StoreError("serve.cannot_listen", port=port, why=reason_of(error)) from error
    return made


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, ssl.SSLError):
        while chunk := await reader.read(_CHUNK):
            writer.write(chunk)
            await writer.drain()


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError, ssl.SSLError, TimeoutError):
        await asyncio.wait_for(writer.wait_closed(), GOODBYE_SECONDS)
