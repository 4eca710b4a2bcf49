"""What starting a part of mollet brings along: the command stays light, the web starts without numpy."""

import subprocess
import sys

import pytest


def modules_after(statement: str) -> set[str]:
    """Return the top-level modules that a fresh Python holds after a statement."""
    script = f"{statement}\nimport sys\nprint(' '.join(sorted({{name.split('.')[0] for name in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_starting_the_web_imports_no_numpy(tmp_path, monkeypatch):
    monkeypatch.setenv("MOLLET_DATA", str(tmp_path))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "mollet.web.settings")
    start = "import django; django.setup()\nimport mollet.web.urls"

    loaded = modules_after(start)

    assert "django" in loaded
    assert "numpy" not in loaded


@pytest.mark.parametrize("part", ["words", "knowledge", "diary", "advice", "exchange", "report", "cli.answers"])
def test_nothing_below_the_store_brings_django(part):
    loaded = modules_after(f"import mollet.{part}")

    assert "mollet" in loaded
    assert "django" not in loaded
