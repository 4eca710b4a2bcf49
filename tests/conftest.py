import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.folder import SESSION


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own for each test."""
    folder = tmp_path / "data"
    monkeypatch.setenv("MOLLET_DATA", str(folder))
    return folder


def pytest_configure() -> None:
    from hypothesis import HealthCheck, settings

    # Two slow shared cores: the time a case takes says nothing about the program.
    settings.register_profile("mollet", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
    settings.register_profile("soak", deadline=None, suppress_health_check=list(HealthCheck), max_examples=2000)
    settings.load_profile("soak" if os.environ.get("MOLLET_SOAK") else "mollet")


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """A database file, not one in memory: locks and journals behave as they do for a person."""
    from django.db import connections

    connections["default"].settings_dict["TEST"]["NAME"] = str(Path(SESSION.name) / "tests.sqlite3")


@pytest.fixture
def diary_file(data_folder: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Path]:
    """A database file in the test's own data folder, made and brought up to date as for a person."""
    import datetime as dt

    from django.db import connections

    from mollet.store import folder, start

    settings = connections["default"].settings_dict
    before = settings["NAME"]
    with django_db_blocker.unblock():
        connections.close_all()
        settings["NAME"] = str(folder.database())
        folder.prepare()
        start.bring_up_to_date(dt.datetime(2026, 3, 1, tzinfo=dt.UTC))
        yield folder.database()
        connections.close_all()
        settings["NAME"] = before
