"""G5: processes that write without a pause are killed at random moments; what they leave is read.

`python -m tests.nightly.killing WHAT FOLDER` is such a process."""

from __future__ import annotations

import itertools
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mlipviewer.core.problem import ReadProblem
from mlipviewer.io.room import TEMPORARY_PREFIX
from mlipviewer.session.saving import recovery
from mlipviewer.session.saving.session_file import read_session
from tests.conftest import REPOSITORY
from tests.nightly.more_ways import frames, index, journal, kept_index, parts_of, records
from tests.saving.test_recovery import child

KINDS = ("save", "keep", "index", "journal", "table", "frames")
N_RECORDS = 3  # that are there when a process says that it is ready


def saves(begin: int, n: int) -> dict[str, Any]:
    """Kills number `begin` to `begin + n`, of each kind in turn."""
    faults: list[str] = []
    most = 0
    with tempfile.TemporaryDirectory() as home:
        os.environ["XDG_STATE_HOME"] = f"{home}/state"
        os.environ["XDG_CONFIG_HOME"] = f"{home}/config"
        for number in range(begin, begin + n):
            folder = Path(home, str(number))
            folder.mkdir()
            what = KINDS[number % len(KINDS)]
            found = killed(what, folder, number)
            faults += [f"kill {number}, {what}: {one}" for one in found]
            most = max(most, len(list(folder.rglob(f"{TEMPORARY_PREFIX}*"))))
    return {"n": n, "most_stray": most, "faults": faults}


def killed(what: str, folder: Path, number: int) -> list[str]:
    """What is wrong with what a process leaves that is killed at a moment of the number."""
    if what == "keep":
        return kept_at_kill(folder, number)
    if what == "save":
        path = folder / "work.mlipview"
        kill(child(path, "save"), number)
        return read(path)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.nightly.killing", what, str(folder)],
        cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == f"{N_RECORDS}\n"
    told = kill(process, number)
    last = max(int(told[-1]) if told else 0, N_RECORDS)
    return list(CHECKS[what](folder, last))


def kill(process: subprocess.Popen[str], number: int) -> list[str]:
    """The whole lines that it said meanwhile."""
    time.sleep(random.Random(number).uniform(0, 0.06))
    process.kill()
    said, _ = process.communicate()
    return said.split("\n")[:-1]


def kept_at_kill(folder: Path, number: int) -> list[str]:
    kill(child(folder, "keep"), number)
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


# -- what is written, and how it is judged: the n-th content or a later one, whole


def _table(folder: Path, n: int) -> None:
    from mlipviewer.io.export import write_table

    write_table(folder / "a.parquet", {"x": list(range(n))})


def _index(folder: Path, last: int) -> list[str]:
    found = kept_index(folder)
    if found is None:
        return ["the index is gone or damaged"]
    n = int(found["about"])
    wrong = [] if found == parts_of(n) else ["parts of two indices"]
    return wrong + ([] if n >= last else [f"index {n} of {last}"])


def _journal(folder: Path, last: int) -> list[str]:
    try:
        known = [one["k"] for one in records(folder / "journal")]
    except ReadProblem as problem:
        return [str(problem)]
    whole = known == list(range(1, len(known) + 1))
    return [] if whole and len(known) >= last else [f"{len(known)} records of {last}"]


def _rows(folder: Path, last: int) -> list[str]:
    import pyarrow.parquet as pq

    found = pq.read_table(folder / "a.parquet")["x"].to_pylist()
    whole = found == list(range(len(found)))
    return [] if whole and len(found) >= last else [f"{len(found)} rows of {last}"]


def _frames(folder: Path, last: int) -> list[str]:
    from mlipviewer.io.trajectories.opening import open_trajectory

    source = open_trajectory(folder / "a.xyz")
    good = sum(source.frame(k).complete for k in range(source.n_frames))
    return [] if good == source.n_frames >= 2 * last else [f"{good} frames of {2 * last}"]


DEEDS: dict[str, Callable[[Path, int], object]] = {
    "index": index,
    "journal": lambda folder, n: journal(folder / "journal", n),
    "table": _table,
    "frames": lambda folder, n: frames(folder / "a.xyz", n),
}
CHECKS = {"index": _index, "journal": _journal, "table": _rows, "frames": _frames}


def main(what: str, folder: Path) -> None:
    """Write for ever; each content that is written is told."""
    for n in itertools.count(1):
        DEEDS[what](folder, n)
        if n >= N_RECORDS:
            print(n, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
