"""The line between a phone and its house, cut in every way a network knows: one address that outlives the house."""

import http.client
import http.server
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

WAYS = (
    "quiet",  # everything passes
    "refused",  # the connection is closed before a word is said
    "silent",  # the connection is taken, and nothing ever comes back
    "lost",  # the house does what it is asked, and its answer never arrives
    "cut",  # the answer ends in the middle
    "broken",  # an error in place of an answer
    "full",  # the house answers, but can write nothing any more
    "gateway",  # another machine says that there is no house
    "portal",  # a page of the network itself, with 200
    "garbage",  # JSON that is no answer, with 200
    "strange",  # an answer to something that was never asked
    "twice",  # the request arrives two times
    "killed",  # the house dies between its write and its answer
)
PATIENCE = 60.0
_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


@dataclass
class Line:
    """One way from a phone to the house; ``way`` may change at any moment."""

    upstream: int
    kill: Callable[[], None] = lambda: None
    rewrite: Callable[[str, bytes], bytes] | None = None
    way: str = "quiet"
    changed: threading.Condition = field(default_factory=threading.Condition)
    under_way: int = 0
    server: http.server.ThreadingHTTPServer | None = None

    def open(self) -> "Line":
        """Listen, on an address that stays."""
        line = self

        class Handler(_Handler):
            pass

        Handler.line = line
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def close(self) -> None:
        """Listen no more, and let go of who was kept waiting."""
        self.become("refused")
        assert self.server is not None
        self.server.shutdown()
        self.server.server_close()

    @property
    def port(self) -> int:
        """Where it listens."""
        assert self.server is not None
        return int(self.server.server_address[1])

    def become(self, way: str) -> None:
        """Change what happens on the line; whoever hangs on a silent one is cut off."""
        with self.changed:
            self.way = way
            self.changed.notify_all()

    def wait_for_change(self) -> None:
        """Say nothing until the line becomes another one."""
        with self.changed:
            way = self.way
            self.changed.wait_for(lambda: self.way != way)

    def count(self, more: int) -> None:
        """A question is on its way, or has got what it gets."""
        with self.changed:
            self.under_way += more
            self.changed.notify_all()

    def until_idle(self) -> None:
        """Wait until nothing is on its way any more."""
        with self.changed:
            assert self.changed.wait_for(lambda: not self.under_way, PATIENCE)

    def ask(self, method: str, path: str, headers: list[tuple[str, str]], body: bytes) -> Answer:
        """Ask the house."""
        connection = http.client.HTTPConnection("127.0.0.1", self.upstream, timeout=PATIENCE)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in headers:
                if name.lower() not in _HOP and not (self.rewrite and name.lower() == "accept-encoding"):
                    connection.putheader(name, value)
            connection.putheader("Connection", "close")
            if body or method == "POST":
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body or None)
            answer = connection.getresponse()
            content = answer.read()
            kept = [(name, value) for name, value in answer.getheaders() if name.lower() not in _HOP]
            return Answer(answer.status, kept, self.rewrite(path, content) if self.rewrite else content)
        finally:
            connection.close()


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    line: Line

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Pass a question on, or do with it what the line does."""
        self.close_connection = True
        self.line.count(1)
        try:
            self._pass_on()
        finally:
            self.line.count(-1)

    def _pass_on(self) -> None:
        way, body = self.line.way, self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            answer = getattr(self, f"_{way}")(body)
        except (OSError, http.client.HTTPException):
            return
        if answer is not None:
            self._give(answer, len(answer.body) // 2 if way == "cut" else None)

    do_POST = do_GET  # noqa: N815

    def _give(self, answer: Answer, until: int | None) -> None:
        head = [f"HTTP/1.1 {answer.status} -", *(f"{name}: {value}" for name, value in answer.headers)]
        head += [f"Content-Length: {len(answer.body)}", "Connection: close", "", ""]
        try:
            self.wfile.write("\r\n".join(head).encode("latin-1") + answer.body[:until])
        except OSError:
            return

    def _quiet(self, body: bytes) -> Answer:
        return self.line.ask(self.command, self.path, list(self.headers.items()), body)

    def _refused(self, body: bytes) -> None:
        return None

    def _silent(self, body: bytes) -> None:
        self.line.wait_for_change()

    def _lost(self, body: bytes) -> None:
        self._quiet(body)

    def _cut(self, body: bytes) -> Answer:
        return self._quiet(body)

    def _broken(self, body: bytes) -> Answer:
        return Answer(500, [("Content-Type", "text/html")], b"<h1>Error</h1>")

    def _full(self, body: bytes) -> Answer:
        return self._broken(body) if self.command == "POST" else self._quiet(body)

    def _gateway(self, body: bytes) -> Answer:
        return Answer(502, [("Content-Type", "text/html")], b"<h1>Bad Gateway</h1>")

    def _portal(self, body: bytes) -> Answer:
        return Answer(200, [("Content-Type", "text/html")], b"<!doctype html><title>Hotel</title><h1>Welcome</h1>")

    def _garbage(self, body: bytes) -> Answer:
        return Answer(200, [("Content-Type", "application/json")], b"{}")

    def _strange(self, body: bytes) -> Answer:
        if self.path != "/api/entries":
            return self._quiet(body)
        said = b'{"results": [{"id": null, "state": "refused"}, {"id": "0", "state": "kept"}, {"state": "lost"}]}'
        return Answer(200, [("Content-Type", "application/json")], said)

    def _twice(self, body: bytes) -> Answer:
        if self.command == "POST":
            self._quiet(body)
        return self._quiet(body)

    def _killed(self, body: bytes) -> Answer | None:
        answer = self._quiet(body)
        if self.command != "POST":
            return answer
        self.line.kill()
        return None
