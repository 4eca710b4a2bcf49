"""Which of the two twins walks along the nights: plain NumPy, or the compiled kernels where they stand ready."""

import importlib.util
import sys
from collections.abc import Callable
from dataclasses import dataclass
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
    """Whether the kernels are loaded, or were compiled before and stand on the disk."""
    if "mollet.inference._kernels" in sys.modules:
        return True
    return importlib.util.find_spec("numba") is not None and are_kept()


def are_kept() -> bool:
    """Whether the compiled kernels stand beside their source and are not older than it."""
    source = Path(__file__).with_name("_kernels.py")
    tag = f"py{sys.version_info.major}{sys.version_info.minor}"
    kept = source.parent / "__pycache__"
    entries = [max(kept.glob(f"_kernels.{name}-*.{tag}.nbi"), key=modified, default=None) for name in ENTRIES]
    return all(entry is not None and modified(entry) >= modified(source) for entry in entries)


ENTRIES = ("visit_all", "mix_all")
"""The kernels that Python calls; they bring the others with them."""


def modified(path: Path) -> float:
    """Return when a file was last changed."""
    return path.stat().st_mtime


def prepare() -> None:
    """Compile the kernels and keep them on the disk: half a minute once, at set-up, so that nobody waits later."""
    import numpy as np

    from mollet.inference.fit import fit
    from mollet.inference.priors import Normal, Priors

    design = np.column_stack([np.ones(4), [0, 1, 0, 1]])
    priors = Priors(columns=(Normal(0, 0.5),))
    fit([1, 0, 2, 0], [1, 1, 2], design, priors, precision="high", twin="kernels")
