"""What the whole process takes, from its start to the verdict."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest
from tests.inference.diaries import REFERENCE

MOST_MEGABYTES = 200
ANALYSE = """
import contextlib, sys
from mollet.cli import main
with contextlib.suppress(SystemExit):
    main()
"""
FAST = """
from mollet.inference import Normal, Priors, fit
fit([1, 0, 2, 0], [1, 1, 2], [[1, 0], [1, 1], [1, 0], [1, 1]], Priors(columns=(Normal(0, 0.5),)), twin="kernels")
"""
PEAK = """
lines = open("/proc/self/status").read().splitlines()
print([int(line.split()[1]) for line in lines if line.startswith("VmHWM")][0], file=sys.stderr)
"""
ARGUMENTS = ("--arm", "treatment", "--covariates", "x1,x2,x3,x4", "--scaled", "--prior=-0.25,0.5", "--json")

# What a process has had at most is asked of the process itself: `ru_maxrss` of a child begins with that of its parent.
pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells it")


def megabytes(code):
    diary = str(REFERENCE / "diaries" / "d3_T90_hal.csv")
    command = [sys.executable, "-c", code + PEAK, "analyse", diary, *ARGUMENTS]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert '"verdict"' in done.stdout
    return int(done.stderr.split()[-1]) / 1024


def test_an_analysis_takes_little_memory():
    assert megabytes(ANALYSE) < MOST_MEGABYTES


@pytest.mark.skipif(importlib.util.find_spec("numba") is None, reason="mollet[fast] is not installed")
def test_the_compiled_kernels_take_little_memory_too():
    from mollet.inference import prepare

    prepare()

    assert megabytes(ANALYSE + FAST) < MOST_MEGABYTES
