"""`./test sanitized [PYTEST ARGS]`: tests with the loops of C compiled for the sanitizers of
addresses and of undefined behaviour, which see what reaches beyond any array (gcc on Linux).
Prints JSON; fails where a sanitizer has something to tell.
"""

from __future__ import annotations

import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.conftest import REPOSITORY

# those that read in a process of their own, of little memory, have no room for a sanitizer
USUAL = (
    *("tests/native", "tests/io/test_damage.py", "tests/io/test_fuzz.py"),
    *("-k", "not libraries and not good_inputs"),
)
BEYOND = """
import numpy as np
from mlipviewer.native.members import _count
eight, counts = np.zeros(8, np.uint8), np.zeros(256, np.int64)
_count()(eight.ctypes.data, eight.ctypes.data, 80, counts.ctypes.data)
"""
LEFT_OUT = (".git", ".venv", "build", "dist", "__pycache__", "*.so")
RUNTIMES = ("libasan.so", "libubsan.so")
SHOWN = 20


def copied(folder: Path) -> Path:
    """The project with loops that tell of what they should not do."""
    target = folder / "project"
    shutil.copytree(REPOSITORY, target, ignore=shutil.ignore_patterns(*LEFT_OUT))
    build = runpy.run_path(str(REPOSITORY / "packaging" / "build_native.py"))
    build["compile_loops"](target / "mlipviewer" / "native", build["SANITIZED"])
    return target


def surroundings(project: Path, said: Path) -> dict[str, str]:
    """Everything is allocated where the sanitizers see it; what they say goes into files."""
    compiler = shutil.which("gcc") or "cc"
    found = [
        subprocess.run(
            [compiler, f"-print-file-name={name}"], capture_output=True, text=True, check=True
        ).stdout.strip()
        for name in RUNTIMES
    ]
    options = "detect_leaks=0:halt_on_error=0:allocator_may_return_null=1"
    return os.environ | {
        "LD_PRELOAD": " ".join(found),
        "ASAN_OPTIONS": f"{options}:log_path={said / 'address'}",
        "UBSAN_OPTIONS": f"print_stacktrace=1:log_path={said / 'undefined'}",
        "PYTHONMALLOC": "malloc",
        "PYTHONPATH": str(project),
    }


def run(project: Path, words: Sequence[str]) -> tuple[str, list[str]]:
    """What a Python with these arguments said, and the reports of the sanitizers."""
    with tempfile.TemporaryDirectory() as said:
        done = subprocess.run(
            [sys.executable, *words], cwd=project, env=surroundings(project, Path(said)),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.stdout, [one.read_text("utf-8", "replace") for one in Path(said).iterdir()]


def measure(words: Sequence[str]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as scratch:
        project = copied(Path(scratch))
        _, seen = run(project, ["-c", BEYOND])
        told, reports = run(project, ["-m", "pytest", "-q", "-p", "no:cacheprovider", *words])
    counts = re.findall(r"(\d+) (passed|failed|skipped|error)", told)
    failed = re.findall(r"^(?:FAILED|ERROR) (.*)", told, flags=re.MULTILINE)
    return {
        "sees_a_step_beyond": bool(seen),
        **{what: int(n) for n, what in counts},
        "failed_tests": failed[:SHOWN],
        "n_reports": len(reports),
        "reports": [one[:3000] for one in reports[:SHOWN]],
    }


def main(words: list[str]) -> int:
    found = measure(words or USUAL)
    print(json.dumps(found, indent=1))
    fine = found["sees_a_step_beyond"] and found.get("passed")
    return 0 if fine and not found["failed_tests"] and not found["n_reports"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
