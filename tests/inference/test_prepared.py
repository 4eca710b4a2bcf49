"""No compiling in front of a person: kernels are compiled at set-up, and until then the NumPy twin answers."""

import importlib.util
import json
import subprocess
import sys

import pytest

from mollet.inference import engine, prepare
from mollet.inference.engine import are_kept, fingerprint

needs_numba = pytest.mark.skipif(importlib.util.find_spec("numba") is None, reason="mollet[fast] is not installed")

ASK = """
import json, sys
from pathlib import Path
from mollet.inference import Normal, Priors, engine, fit
{before}
found = fit([1, 0, 2, 0], [1, 1, 2], [[1, 0], [1, 1], [1, 0], [1, 1]], Priors(columns=(Normal(0, 0.5),)))
found.prob_below(-1, 0.0)
kernels = sys.modules.get("mollet.inference._kernels")
entries = [getattr(kernels, name) for name in engine.ENTRIES] if kernels else []
compiled = sum(len(entry.stats.cache_misses) for entry in entries)
print(json.dumps({{"numba": "numba" in sys.modules, "compiled": compiled, "entries": len(entries)}}))
"""


def asked(before=""):
    """What a fresh process has loaded and compiled to answer."""
    done = subprocess.run([sys.executable, "-c", ASK.format(before=before)], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@needs_numba
def test_kernels_that_were_prepared_are_used_and_not_compiled_again():
    assert prepare()

    assert asked() == {"numba": True, "compiled": 0, "entries": len(engine.ENTRIES)}


def test_without_prepared_kernels_numpy_answers():
    assert not asked("engine.record = lambda: Path('nowhere')")["numba"]


@needs_numba
@pytest.mark.parametrize("change", ["source", "processor"])
def test_kernels_for_another_source_or_processor_are_not_used(change, monkeypatch, tmp_path):
    prepare()
    assert are_kept()

    if change == "processor":
        monkeypatch.setattr(engine, "processor", lambda: "another")
    else:
        kept = engine.record().read_text()
        for name in engine.SOURCES:
            (tmp_path / name).write_text("changed")
        (tmp_path / "kernels.txt").write_text(kept)
        monkeypatch.setattr(engine, "FOLDER", tmp_path)
        monkeypatch.setattr(engine, "record", lambda: tmp_path / "kernels.txt")

    assert not are_kept()


@needs_numba
def test_what_kernels_depend_on_is_said_the_same_twice():
    assert fingerprint() == fingerprint()
