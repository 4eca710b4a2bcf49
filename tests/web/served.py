"""A house that serves in a process of its own, and ways to call on it that trust its root and nothing else."""

import contextlib
import http.client
import json
import os
import ssl
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

MOLLET = str(Path(sys.executable).with_name("mollet"))
AT_HOME = ("--https", "--https-port", "0", "--trust-port", "0")


@dataclass
class Served:
    """A running house, and what it noted about itself."""

    key_address: str
    address: str
    secure: str | None
    trust: str | None
    fingerprint: str | None
    folder: Path
    process: subprocess.Popen

    @property
    def root(self) -> ssl.SSLContext:
        """What a phone believes that was given the root of this house, and no other."""
        text = (self.folder / "certificates" / "root.pem").read_text(encoding="ascii")
        return ssl.create_default_context(cadata=text[text.index("-----BEGIN CERTIFICATE") :])

    @property
    def https_port(self) -> int:
        return urlsplit(self.secure).port

    def ask(self, path="/healthz", *, port=None, context=None, method="GET", body=None, headers=()):
        """Ask over HTTPS; the answer and its content."""
        calling = http.client.HTTPSConnection(
            "localhost", port or self.https_port, context=context or self.root, timeout=60
        )
        with contextlib.closing(calling):
            calling.request(method, path, body=body, headers=dict(headers))
            answer = calling.getresponse()
            return answer, answer.read()

    def run(self, *arguments):
        """Run a command of mollet on the folder of this house."""
        surroundings = {**os.environ, "MOLLET_DATA": str(self.folder), "MOLLET_LANG": "en"}
        return subprocess.run([MOLLET, *arguments], env=surroundings, capture_output=True, text=True, timeout=60)


@contextlib.contextmanager
def served(place: Path, *arguments, code=None, **surroundings):
    """Let a house serve until the test ends; ``code`` runs in its process before it begins."""
    folder = place / "house"
    command = [MOLLET] if code is None else [sys.executable, "-c", code]
    with (place / "house.log").open("w") as log:
        process = subprocess.Popen(
            [*command, "serve", "--port", "0", "--lang", "en", *arguments],
            env={**os.environ, "MOLLET_DATA": str(folder), "TZ": "Europe/Paris", **surroundings},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    try:
        address = process.stdout.readline().strip()
        assert address.startswith("http://localhost:"), (place / "house.log").read_text()
        noted = json.loads((folder / "address.json").read_text())
        yield Served(address, **noted, folder=folder, process=process)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(20)
        process.stdout.close()
