"""`make bench`: accuracy, edges and time of the engine, beside nutpie and PyStan where `mollet[bench]` is installed.

Times are CPU time of one core, medians of warm repetitions; compiling and starting are timed apart.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import importlib.metadata
import importlib.util
import math
import platform
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
from tests.inference.diaries import NAMES, REFERENCE, Diary, reference, simulated
from tests.inference.test_edges import STRANGE, fitted
from tests.recovery.calibration import places, table

from mollet.inference import check, fit, prepare

TWINS = ("numpy", *(["kernels"] if importlib.util.find_spec("numba") else []))
COLD = """
import time
import numpy as np
from mollet.inference import Normal, Priors, fit
arm = np.resize(np.repeat([0.0, 1.0], 7), 90)
y = np.random.default_rng(1).poisson(np.exp(-0.5 * arm))
found = fit(y, np.ones(89), np.column_stack([np.ones(90), arm]), Priors(columns=(Normal(0, 0.5),)), twin={twin!r})
found.prob_below(-1, 0.0); found.problems
peak = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]
print(time.process_time(), float(peak[0].split()[1]) / 1024)
"""
ANALYSE = """
import contextlib, sys, time
from mollet.cli import main
with contextlib.suppress(SystemExit):
    main()
peak = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]
print(time.process_time(), float(peak[0].split()[1]) / 1024)
"""


def main() -> None:
    """Print everything, as Markdown."""
    prepare()
    machine()
    accuracy()
    evidence()
    calibration()
    edges()
    times()
    throughput()
    cold()
    compiling()
    peers()


def machine() -> None:
    """Say what it ran on."""
    versions = [f"{name} {version(name)}" for name in ("mollet", "numpy", "numba", "nutpie", "pystan") if version(name)]
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    print(f"# Bench\n\nPython {platform.python_version()}, {', '.join(versions)}, commit {commit.stdout.strip()},")
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")


def version(name: str) -> str:
    """Return the version of a package, or nothing."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def accuracy() -> None:
    """Compare with the references."""
    print("## Accuracy against long sampling\n")
    print("| diary | precision | coefficient | mean, in sd | sd ratio | KS | P(RR<1) | P(RR<0.7) |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for name in NAMES:
        diary, expected = reference(name)
        for precision in ("default", "high"):
            posterior = fit(*diary.arguments(), precision=precision)
            for j, coefficient in enumerate(posterior.names):
                figures = expected["parameters"][coefficient]
                mean = (posterior.mean(j) - figures["mean"]) / figures["sd"]
                ratio = posterior.sd(j) / figures["sd"]
                ks = max(abs(posterior.prob_below(j, x) - float(q)) for q, x in figures["quantiles"].items())
                chances = ""
                if coefficient == "beta":
                    fewer = posterior.prob_below(j, 0.0) - expected["prob_fewer"]
                    by30 = posterior.prob_below(j, math.log(0.7)) - expected["prob_fewer_by_30_percent"]
                    chances = f"{fewer:+.4f} | {by30:+.4f}"
                cells = (name, precision, coefficient, f"{mean:+.3f}", f"{ratio:.3f}", f"{ks:.4f}", chances or " | ")
                print(f"| {' | '.join(map(str, cells))} |")
    print()


def evidence() -> None:
    """Compare with importance sampling."""
    print("## Log evidence, and the importance sampling that checks it (6,000 draws)\n")
    print("| diary | engine | sampling | se | effective | Pareto k | CPU s of the check |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name in NAMES:
        diary, _ = reference(name)
        posterior = fit(*diary.arguments(), evidence=True)
        begun = time.process_time()
        found = check(*diary.arguments(), posterior, np.random.default_rng(1), n=6000)
        spent = time.process_time() - begun
        print(
            f"| {name} | {posterior.log_evidence:.3f} | {found.log_evidence:.3f} | {found.se:.3f} | "
            f"{found.ess:.0f} | {found.pareto_k:.2f} | {spent:.1f} |"
        )
    print()


def diaries() -> dict[str, Diary]:
    """Return diaries of the sizes that the specification times."""
    sizes = {"T28, 2 columns": (28, 2, 0.0), "T90, 4 columns": (90, 4, 0.22), "T90, 6 columns": (90, 6, 0.15)}
    sizes |= {"T180, 8 columns": (180, 8, 0.45), "T365, 5 columns": (365, 5, 0.12), "T1460, 2 columns": (1460, 2, 0.0)}
    made = {}
    for name, (n, columns, missing) in sizes.items():
        rng = np.random.default_rng(n + columns)
        theta = np.concatenate([[-0.3], rng.normal(0, 0.2, columns - 2), [-0.4]])
        made[name] = simulated(n, theta, 0.4, 0.5, 0.4, rng, missing)
    return made


def times() -> None:
    """Time a fit, up to the probability of fewer cramps."""
    print("## CPU milliseconds of a fit and its P(RR<1), warm, one core: median (least)\n")
    columns = [(twin, precision) for twin in TWINS for precision in ("preview", "default", "high")]
    print("| diary | closed | " + " | ".join(f"{twin} {precision}" for twin, precision in columns) + " |")
    print("| --- " * (len(columns) + 2) + "|")
    for name, diary in diaries().items():
        row = [timed(diary, twin, precision) for twin, precision in columns]
        print(f"| {name} | {len(diary.counts)} | " + " | ".join(row) + " |")
    print()


def timed(diary: Diary, twin: str, precision: str) -> str:
    """Return median and least CPU milliseconds."""
    spent: list[float] = []
    while len(spent) < 4 or (len(spent) < 40 and sum(spent) < 0.6):
        begun = time.process_time()
        fit(*diary.arguments(), twin=twin, precision=precision).prob_below(-1, 0.0)
        spent.append(time.process_time() - begun)
    return f"{1e3 * statistics.median(spent[1:]):.1f} ({1e3 * min(spent):.1f})"


def throughput() -> None:
    """Count diaries a second at T = 180, as power simulation needs them."""
    print("## Diaries a second on one core, T = 180, preview precision\n")
    rng = np.random.default_rng(3)
    many = [simulated(180, np.array([0.0, -0.4]), 0.4, 0.5, 0.4, rng, 0.1) for _ in range(100)]
    for twin in TWINS:
        begun = time.process_time()
        for diary in many:
            fit(*diary.arguments(), twin=twin, precision="preview").prob_below(-1, 0.0)
        print(f"- {twin}: {len(many) / (time.process_time() - begun):.0f}")
    print()


def cold() -> None:
    """Measure fresh processes from their start to the answer; the kernels were compiled before."""
    print("## A fresh process, from its start to the answer\n")
    print("| process | CPU s | wall s | most memory, MB |\n| --- | --- | --- | --- |")
    diary = str(REFERENCE / "diaries" / "d3_T90_hal.csv")
    asked = ("analyse", diary, "--arm", "treatment", "--covariates", "x1,x2,x3,x4", "--scaled", "--json")
    processes = {f"one fit, {twin}": (COLD.format(twin=twin),) for twin in TWINS}
    processes |= {"mollet analyse --json": (ANALYSE, *asked)}
    processes |= {"mollet analyse --json --timing (the twin that stands ready)": (ANALYSE, *asked, "--timing")}
    for name, (code, *arguments) in processes.items():
        begun = time.perf_counter()
        command = [sys.executable, "-c", code, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        cpu, memory = (float(part) for part in done.stdout.split()[-2:])
        print(f"| {name} | {cpu:.2f} | {time.perf_counter() - begun:.2f} | {memory:.0f} |")
    print()


def compiling() -> None:
    """Time the compiling of the kernels, which set-up does once, in an empty folder."""
    print("## Compiling the kernels, once\n")
    if "kernels" not in TWINS:
        print("Numba is not installed.\n")
        return
    code = "import time; from mollet.inference.engine import run_once; run_once(); print(time.process_time())"
    with tempfile.TemporaryDirectory() as folder:
        place = {**os.environ, "NUMBA_CACHE_DIR": folder}
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=place)
    print(f"{float(done.stdout):.1f} CPU seconds.\n")


def calibration() -> None:
    """Print a small simulation-based calibration; `make recovery` has the full one."""
    print("## Calibration, 200 truths from the prior\n")
    begun = time.process_time()
    print(table(places(200, 1, "default", TWINS[-1])))
    print(f"{1e3 * (time.process_time() - begun) / 200:.1f} CPU ms a truth, simulation included ({TWINS[-1]}).\n")


def edges() -> None:
    """Print what strange diaries give, in both twins."""
    print("## Strange diaries: effect (sd), with both twins\n")
    print(f"| diary | {' | '.join(TWINS)} | problems |\n" + "| --- " * (len(TWINS) + 2) + "|")
    for name, (y, arm, gaps) in STRANGE.items():
        found = [fitted(y, arm=arm, gaps=gaps, twin=twin) for twin in TWINS]
        cells = [f"{one.mean(-1):.3f} ({one.sd(-1):.3f})" for one in found]
        print(f"| {name} | {' | '.join(cells)} | {', '.join(found[0].problems)} |")
    print()


def peers() -> None:
    """Run the same diary through general samplers, where they are installed."""
    print("## Peers on `d2_T90_tan`\n")
    missing = [name for name in ("nutpie", "pymc", "stan") if importlib.util.find_spec(name) is None]
    if missing:
        print(f"Not installed, and not timed: {', '.join(missing)} (`pip install mollet[bench]`).\n")
        return
    from bench import peers as others

    others.main()


if __name__ == "__main__":
    main()
