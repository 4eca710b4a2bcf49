"""Arrays in, posterior out: the engine brings nothing else along."""

import subprocess
import sys

import pytest

SCRIPT = "import sys; import mollet.inference; print(' '.join(sorted(sys.modules)))"


@pytest.fixture(scope="module")
def loaded():
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_the_engine_knows_nothing_of_the_rest(loaded):
    ours = {name for name in loaded if name.startswith("mollet.") and not name.startswith("mollet.inference")}

    assert ours == {"mollet.errors"}


def test_starting_the_engine_brings_no_compiler(loaded):
    assert "numba" not in loaded
