"""A house to visit: with a session, without one, and at an hour that the test says."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client


def browser(port: str = "8765") -> Client:
    """A browser that speaks English, before the server of a port."""
    return Client(headers={"host": f"localhost:{port}", "accept-language": "en"})


@pytest.fixture(scope="session", autouse=True)
def style_sheets_collected() -> None:
    """The hashed names of style sheets and scripts, which every page looks up."""
    from mollet.web import statics

    statics.prepare()


@pytest.fixture
def at(settings, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Say what time it is: ``at("2026-11-22T03:10:00+01:00")``."""
    settings.MOLLET_TESTING = True
    return lambda moment: monkeypatch.setenv("MOLLET_NOW", moment)


@pytest.fixture
def person(db):
    """The person of this house, who lives in Paris and speaks English."""
    from mollet.store import people

    found = people.local_person()
    found.zone, found.language = "Europe/Paris", "en"
    found.save()
    return found


@pytest.fixture
def stranger(db) -> Client:
    """A browser that was never here."""
    return browser()


@pytest.fixture
def house(person, data_folder: Path) -> Client:
    """A browser that used its one-time key."""
    from mollet.web import session

    client = browser()
    client.get("/", {"key": session.issue(person.diary)})
    return client
