"""Write the lock files again: exact versions with hashes, for every system, and no host named."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILD = "hatchling\neditables\n"
OPTIONS = ("--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url",
           "--no-emit-find-links", "--no-header", "--no-annotate", "--quiet")  # fmt: skip


def main() -> None:
    """Choose versions for what runs, what tests, and what builds."""
    project = str(HERE.parent / "pyproject.toml")
    compile_lock("run.lock", project)
    compile_lock("test.lock", project, "--extra", "test", "--constraint", str(HERE / "run.lock"))
    compile_lock("build.lock", "-", "--constraint", str(HERE / "test.lock"), given=BUILD)


def compile_lock(name: str, *sources: str, given: str | None = None) -> None:
    """Resolve one lock file with uv."""
    command = [sys.executable, "-m", "uv", "pip", "compile", *OPTIONS, *sources, "-o", str(HERE / name)]
    subprocess.run(command, input=given, text=True, check=True)


if __name__ == "__main__":
    main()
