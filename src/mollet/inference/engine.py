"""Which of the two twins walks along the nights: plain NumPy, or the compiled kernels where they stand ready."""

import hashlib
import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from mollet.inference import _numpy
from mollet.inference.model import Hyper, Problem
from mollet.inference.moments import Moments, nodes
from mollet.inference.priors import Floats

Twin = Literal["ready", "numpy", "kernels"]


@dataclass(frozen=True, slots=True)
class Engine:
    """The inner step: modes of all lanes, without and with what each gives besides."""

    name: str
    peaks: Callable[[Problem, Hyper, _numpy.State, float], _numpy.Peaks]
    nodes: Callable[[Problem, Hyper, _numpy.State, float, bool, Floats | None], tuple[_numpy.Peaks, Moments]]


NUMPY = Engine("numpy", _numpy.peaks, nodes)


def engine(twin: Twin) -> Engine:
    """Return the twin asked for; "ready" is the kernels where that costs nobody a wait, and NumPy elsewhere."""
    if twin == "numpy" or (twin == "ready" and not are_ready()):
        return NUMPY
    from mollet.inference import _kernels

    return Engine("kernels", _kernels.peaks, _kernels.nodes)


def are_ready() -> bool:
    """Whether the kernels are loaded, or were compiled before, here and from these very sources."""
    return "mollet.inference._kernels" in sys.modules or (find_spec("numba") is not None and are_kept())


def are_kept() -> bool:
    """Whether the kernels were compiled for this machine, from these very sources."""
    try:
        return record().read_text(encoding="utf-8") == fingerprint()
    except OSError:
        return False


FOLDER = Path(__file__).parent
SOURCES = ("_kernels.py", "_blocks.py")
ENTRIES = ("visit_all", "mix_all")
"""The kernels that Python calls; they bring the others with them."""


def record() -> Path:
    """Return the file that remembers what was compiled; it stands beside the compiled kernels."""
    return FOLDER / "__pycache__" / f"kernels-{sys.implementation.cache_tag}.txt"


def fingerprint() -> str:
    """Return all that compiled kernels depend on: sources, versions, processor."""
    digest = hashlib.sha256()
    for name in SOURCES:
        digest.update((FOLDER / name).read_bytes())
    versions = [f"{name} {version(name)}" for name in ("numba", "llvmlite", "numpy")]
    return "\n".join([digest.hexdigest(), sys.version, *versions, processor()])


def processor() -> str:
    """Return what the processor is and can do."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").split("\n\n")[0].splitlines()
    except OSError:
        return f"{platform.machine()} {platform.processor()}"
    kept = ("model name", "flags", "Features", "CPU part")
    return "\n".join(line for line in lines if line.startswith(kept))


def prepare() -> bool:
    """Compile the kernels and keep them on the disk: some seconds once, at set-up, so that nobody waits later.

    Returns
    -------
    bool
        Whether they stand ready now: not where Numba is missing, or the package's folder cannot be written to.
    """
    if find_spec("numba") is None:
        return False
    if not are_kept():
        forget()
        run_once()
        try:
            record().parent.mkdir(exist_ok=True)
            record().write_text(fingerprint(), encoding="utf-8")
        except OSError:
            return False
    return True


def forget() -> None:
    """Take away what was compiled before: Numba would not notice a change in another file than the kernel's own."""
    record().unlink(missing_ok=True)
    for stale in FOLDER.glob("__pycache__/_[kb]*.nb[ic]"):
        stale.unlink(missing_ok=True)


def run_once() -> None:
    """Run every kernel once."""
    import numpy as np

    from mollet.inference.fit import fit
    from mollet.inference.priors import Normal, Priors

    design = np.column_stack([np.ones(4), [0, 1, 0, 1]])
    priors = Priors(columns=(Normal(0, 0.5),))
    fit([1, 0, 2, 0], [1, 1, 2], design, priors, precision="high", twin="kernels").prob_below(-1, 0.0)
