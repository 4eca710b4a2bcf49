"""A real browser before a real server: the server is a process of its own, on a folder and a port of its own."""

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.browser.worker import NOWHERE, leave

CHROMIUM = Path("/usr/bin/chromium")
PHONE = {"width": 360, "height": 740}
# What a browser prepares for a window, its address bar and its next page, would cost processes for each phone.
UNSEEN = ("SpareRendererForSitePerProcess", "WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup")
ARGUMENTS = ("--no-sandbox", "--disable-background-networking", f"--disable-features={','.join(UNSEEN)}")

SERVE = """
import sys
from mollet.store import folder
folder.prepare()
import mollet.web.settings
mollet.web.settings.MOLLET_TESTING = True
from mollet.cli import main
sys.argv = ["mollet", "serve", "--port", "0", "--lang", "en"]
main()
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a browser."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker("browser")


@dataclass
class House:
    """A running server."""

    address: str
    folder: Path
    process: subprocess.Popen[str]

    @property
    def origin(self) -> str:
        return self.address.split("?")[0]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    if not CHROMIUM.exists():
        if os.environ.get("MOLLET_CI"):
            pytest.fail("Chromium is missing: apt-get install --no-install-recommends chromium")
        pytest.skip("Chromium is not installed: apt-get install --no-install-recommends chromium")
    from playwright.sync_api import sync_playwright

    # The driver keeps an event loop in this thread until the last test; the database is not used from inside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(ARGUMENTS))
        yield browser
        browser.close()


@contextlib.contextmanager
def serving(place: Path, now: str | None = None, folder: str = "house", demo: bool = False) -> Iterator[House]:
    """Let a server run, on a folder of its own; ``demo`` fills it with the example year."""
    surroundings = {**os.environ, "MOLLET_DATA": str(place / folder), "TZ": "Europe/Paris"}
    surroundings.pop("MOLLET_NOW", None)
    if now:
        surroundings["MOLLET_NOW"] = now
    said = place / f"{folder}.log"
    with said.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVE.replace('"--port"', '"--demo", "--port"') if demo else SERVE],
            env=surroundings,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert re.fullmatch(r"http://localhost:\d+/\?key=\S+", address), said.read_text()
        yield House(address, place / (f"{folder}-example" if demo else folder), process)
    finally:
        process.terminate()
        process.wait(20)
        if process.stdout:
            process.stdout.close()


@pytest.fixture(scope="session")
def start_house() -> Callable[..., contextlib.AbstractContextManager[House]]:
    """A server for several tests: ``with start_house(folder, now=...) as house``."""
    return serving


@pytest.fixture(scope="session")
def sign_in(chromium: Any) -> Callable[[House], Any]:
    """Use the one-time key of a house; what comes back signs other browsers in: ``browse(storage_state=...)``."""

    def state(house: House) -> Any:
        context = chromium.new_context(service_workers="block")
        context.new_page().goto(house.address)
        found = context.storage_state()
        leave(context)
        return {**found, "origins": []}

    return state


@pytest.fixture
def open_house(tmp_path: Path) -> Iterator[Callable[..., House]]:
    """Start a server: ``open_house(now="2026-11-22T03:10:00+01:00")`` lets its clock stand at a moment."""
    with contextlib.ExitStack() as stack:
        yield lambda now=None, folder="house": stack.enter_context(serving(tmp_path, now, folder))


@contextlib.contextmanager
def phones_of(browser: Any) -> Iterator[Callable[..., Any]]:
    """Open pages of a browser, each as on a phone of its own; a script error on any of them fails at the end."""
    contexts = []
    errors: list[str] = []

    def note(address: str, error: Any) -> None:
        # What a test lets run in every page has nothing of ours to find where a page is left.
        if address != NOWHERE:
            errors.append(f"{address}: {error.stack or error}")

    def page(lang: str = "en", scripts: bool = True, **options: Any) -> Any:
        place = {"timezone_id": "Europe/Paris", **options}
        context = browser.new_context(viewport=PHONE, locale=lang, java_script_enabled=scripts, **place)
        contexts.append(context)
        found = context.new_page()
        found.set_default_timeout(60_000)
        found.on("pageerror", lambda error: note(found.url, error))
        return found

    yield page
    for context in contexts:
        leave(context)
    assert errors == []


@pytest.fixture
def browse(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Open a page as on a phone: ``browse(lang="fr", scripts=False)``; a script error fails the test."""
    with phones_of(chromium) as open_page:
        yield open_page


@pytest.fixture
def entries() -> Callable[[House], list[dict[str, Any]]]:
    """What stands in the diary of a house, read from its file."""
    import json
    import sqlite3

    def read(house: House) -> list[dict[str, Any]]:
        connection = sqlite3.connect(house.folder / "mollet.sqlite3")
        rows = connection.execute("select content from store_entry order by key").fetchall()
        connection.close()
        return [json.loads(row[0]) for row in rows]

    return read
