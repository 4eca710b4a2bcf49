import os
import tempfile
from pathlib import Path

import pytest

# Before Django reads its settings: no test may ever meet a real diary.
_SESSION = tempfile.TemporaryDirectory(prefix="mollet-tests-", ignore_cleanup_errors=True)
os.environ["MOLLET_DATA"] = _SESSION.name


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

    connections["default"].settings_dict["TEST"]["NAME"] = str(Path(_SESSION.name) / "tests.sqlite3")
