"""Make ``.venv`` as the lock files say, once; a second start finds it made and needs no network.

Usage: ``python3 setup/environment.py run`` or ``test`` (which also brings what the tests need). Standard library only.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
VENV = ROOT / ".venv"
BINARIES = VENV / ("Scripts" if os.name == "nt" else "bin")
LOCKS = {"run": ("build.lock", "run.lock"), "test": ("build.lock", "test.lock")}
SYSTEM = {
    "chromium": ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"),
    "libnss3-tools": ("/usr/bin/certutil", "/usr/local/bin/certutil", "/opt/homebrew/bin/certutil"),
    "poppler-utils": ("/usr/bin/pdfinfo", "/usr/local/bin/pdfinfo", "/opt/homebrew/bin/pdfinfo"),
}
"""Debian packages that the tests need, and the places where each may already be."""


def main(purpose: str) -> None:
    """Bring the environment to what the lock files say, if it is not there yet."""
    if purpose == "test":
        bring_system_packages()
        bring_node_packages()
    if not is_made(purpose):
        check_python()
        if not (BINARIES / "python").exists() and not (BINARIES / "python.exe").exists():
            make_venv()
        install(purpose)
        stamp(purpose).write_text(fingerprint(purpose), encoding="ascii")
    prepare_kernels()


def is_made(purpose: str) -> bool:
    """Whether the environment was already made from these very files; the tests' one serves to run as well."""
    return any(
        stamp(made).exists() and stamp(made).read_text(encoding="ascii") == fingerprint(made)
        for made in {purpose, "test"}
    )


def stamp(purpose: str) -> Path:
    """Return the file that remembers from which locks the environment was made."""
    return VENV / f".made-for-{purpose}"


def fingerprint(purpose: str) -> str:
    """Return a hash of all that the environment depends on."""
    digest = hashlib.sha256(f"{sys.version_info[:2]} {ROOT}".encode())
    for path in (*(HERE / lock for lock in LOCKS[purpose]), ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def check_python() -> None:
    """Stop with one line where this Python is too old or too new."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        sys.exit(f"mollet needs Python 3.11, 3.12 or 3.13; this is {sys.version.split()[0]}.")


def make_venv() -> None:
    """Make ``.venv``, or say in one line what brings the missing part."""
    print("Making .venv ...", flush=True)
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False)
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        sys.exit("Python cannot make a virtual environment here; on Debian: apt-get install python3-venv make")


def install(purpose: str) -> None:
    """Install the locked packages, then mollet itself, from this folder."""
    print("Installing the locked packages (once; a minute or two) ...", flush=True)
    locks = [argument for lock in LOCKS[purpose] for argument in ("-r", str(HERE / lock))]
    pip("install", "--require-hashes", *locks)
    pip("install", "--no-deps", "--no-build-isolation", "-e", str(ROOT))


def prepare_kernels() -> None:
    """Compile the engine's kernels where Numba is installed, once for each state of their sources."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "src" / "mollet" / "inference").glob("*.py")):
        digest.update(path.read_bytes())
    made = VENV / ".made-kernels"
    is_there = any(VENV.glob("lib/python*/site-packages/numba")) or (VENV / "Lib" / "site-packages" / "numba").exists()
    if not is_there or (made.exists() and made.read_text(encoding="ascii") == digest.hexdigest()):
        return
    print("Compiling the engine (once; some seconds) ...", flush=True)
    command = [str(BINARIES / "python"), "-c", "from mollet.inference import prepare; prepare()"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        print(f"{done.stdout[-1000:]}\nIt goes without: the engine is slower, and says the same.", flush=True)
    made.write_text(digest.hexdigest(), encoding="ascii")


def pip(*arguments: str) -> None:
    """Run the environment's own pip; its words are shown only when it fails."""
    command = [str(BINARIES / "python"), "-m", "pip", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        sys.exit(f"{done.stdout[-3000:]}\nThe packages could not be installed (is there a network?). Run it again.")


def bring_system_packages() -> None:
    """Install the Debian packages that the tests need and that are missing, where this user may."""
    missing = [name for name, places in SYSTEM.items() if not any(Path(place).exists() for place in places)]
    if not missing or not shutil.which("apt-get"):
        return
    may = [] if os.geteuid() == 0 else ["sudo", "-n"]
    print(f"Installing for the tests: {' '.join(missing)} ...", flush=True)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": False}
    subprocess.run([*may, "apt-get", "update"], **quiet)
    done = subprocess.run([*may, "apt-get", "install", "-y", "--no-install-recommends", *missing], **quiet)
    if done.returncode:
        print(f"Could not; the tests need them: apt-get install {' '.join(missing)}", flush=True)


def bring_node_packages() -> None:
    """Install what the tests of accessibility and FHIR need, as ``package-lock.json`` says; no script of it runs."""
    folder = ROOT / "node_modules"
    made, wanted = folder / ".made-for-test", hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    if made.exists() and made.read_text(encoding="ascii") == wanted:
        return
    npm = shutil.which("npm")
    if npm is None:
        print(
            "npm is missing, so the tests of accessibility and FHIR are skipped. On Debian: apt-get install npm",
            flush=True,
        )
        return
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        print(
            f"{done.stdout[-1000:]}\nThe tests of accessibility and FHIR are skipped until npm ci succeeds here.",
            flush=True,
        )
        return
    made.write_text(wanted, encoding="ascii")


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in LOCKS:
        sys.exit(__doc__)
    main(sys.argv[1])
