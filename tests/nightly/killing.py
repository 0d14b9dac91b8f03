"""G5: processes that save without a pause are killed at random moments; what they leave is read."""

from __future__ import annotations

import os
import random
import tempfile
import time
from pathlib import Path
from typing import Any

from mlipviewer.core.problem import ReadProblem
from mlipviewer.io.room import TEMPORARY_PREFIX
from mlipviewer.session.saving import recovery
from mlipviewer.session.saving.session_file import read_session
from tests.saving.test_recovery import child, end

STRAY = 3  # files at most of one kill: the session, the one before, what is known of it


def saves(begin: int, n: int) -> dict[str, Any]:
    """Kills number `begin` to `begin + n`: every other one of a session that is saved."""
    faults: list[str] = []
    most = 0
    with tempfile.TemporaryDirectory() as home:
        os.environ["XDG_STATE_HOME"] = f"{home}/state"
        os.environ["XDG_CONFIG_HOME"] = f"{home}/config"
        for number in range(begin, begin + n):
            folder = Path(home, str(number))
            folder.mkdir()
            found = saved_at_kill(folder, number) if number % 2 else kept_at_kill(folder, number)
            faults += [f"kill {number}: {one}" for one in found]
            n_stray = len(list(folder.glob(f"{TEMPORARY_PREFIX}*")))
            most = max(most, n_stray)
    return {"n": n, "most_stray": most, "faults": faults}


def kill(path: Path, what: str, number: int) -> None:
    process = child(path, what)
    time.sleep(random.Random(number).uniform(0, 0.06))
    end(process)


def saved_at_kill(folder: Path, number: int) -> list[str]:
    path = folder / "work.mlipview"
    kill(path, "save", number)
    return read(path)


def kept_at_kill(folder: Path, number: int) -> list[str]:
    kill(folder, "keep", number)
    left = recovery.left_behind()
    if len(left) != 1:
        return [f"{len(left)} sessions are left behind, not one"]
    faults = read(left[0].path)
    recovery.forget(left[0].path)
    return faults


def read(path: Path) -> list[str]:
    try:
        found = read_session(path)
    except ReadProblem as problem:
        return [str(problem)]
    lost = [] if found.document.frame >= 3 else [f"frame {found.document.frame}: work is lost"]
    return [*map(str, found.problems), *lost]
