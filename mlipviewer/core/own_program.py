"""How this program starts itself again: with Python from source, by its own name once frozen."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

WORKERS = {
    "read": "mlipviewer.io.trajectories.ase_worker",
    "campaign": "mlipviewer.campaign.worker",
    "opengl": "mlipviewer.app.start.opengl_probe",
}
"""The modules whose `main` is a process of its own, by the name that `--worker` takes."""
SAFE_MODE = "MLIPVIEWER_SAFE_MODE"
NO_CONSOLE = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""Flags for a child that must not flash a console (Windows)."""


def is_frozen() -> bool:
    """Whether this is the installed program, which has no Python to hand to others."""
    return bool(getattr(sys, "frozen", False))


def own_command() -> list[str]:
    """The words that start this program."""
    if not is_frozen():
        return [sys.executable, "-m", "mlipviewer"]
    talking = Path(sys.executable).with_name("mlipviewer-cli.exe")  # the window's has no pipes
    return [str(talking) if talking.exists() else sys.executable]


def worker_command(name: str) -> list[str]:
    """The words that start a worker. From source nothing is imported from the folder in which the
    user happens to be (-P). Raises KeyError for a name that is not a worker's."""
    module = WORKERS[name]
    if is_frozen():
        return [*own_command(), "--worker", name]
    return [sys.executable, "-P", "-m", module]


def be_worker(name: str) -> int:
    """Be that worker until its work ends; the exit code."""
    if name not in WORKERS:
        return 2
    import_module(WORKERS[name]).main()
    return 0


def safe_mode() -> bool:
    """Whether only the program itself is to run: no plug-ins, no driver of a graphics card."""
    return bool(os.environ.get(SAFE_MODE))
