"""The process of readers: huge declared shapes, a killed process, and what is said of it."""

from __future__ import annotations

import os
import signal
import sqlite3
import struct
import threading
import time
from collections.abc import Callable
from pathlib import Path

import gsd.fl
import h5py
import numpy as np
import pytest
from ase import Atoms
from ase.db import connect
from scipy.io import netcdf_file

from mlipviewer.core.problem import ReadProblem
from mlipviewer.io.trajectories import indexed_source
from mlipviewer.io.trajectories.opening import open_trajectory

HUGE = 2**31 - 1
SECONDS = 20.0


def gsd_of(path: Path) -> None:
    with gsd.fl.open(str(path), "w", "made", "hoomd", (1, 4)) as file:
        file.write_chunk("particles/N", np.array([HUGE], np.uint32))
        file.end_frame()


def h5md_of(path: Path) -> None:
    with h5py.File(path, "w") as file:
        place = file.create_group("particles/all/position")
        place.create_dataset("value", (3, 10**10, 3), "f8", chunks=(1, 1000, 3))
        place["step"] = np.arange(3)
        box = file.create_group("particles/all/box")
        box.attrs["dimension"] = 3
        box["edges"] = np.ones(3)


def netcdf_of(path: Path, n: int = HUGE) -> None:
    with netcdf_file(path, "w", version=2) as file:
        file.Conventions = "AMBER"
        for name, size in (("frame", None), ("atom", 5), ("spatial", 3)):
            file.createDimension(name, size)
        made = file.createVariable("coordinates", "f8", ("frame", "atom", "spatial"))
        made[0] = np.arange(15.0).reshape(5, 3)
    known = b"\0\0\0\x04atom" + struct.pack(">i", 5)
    content = path.read_bytes()
    assert known in content
    path.write_bytes(content.replace(known, known[:-4] + struct.pack(">i", n)))


def database_of(path: Path) -> None:
    """54 bytes that ASE makes 40 GB of."""
    connect(path).write(Atoms("Li", positions=[[0, 0, 0]]), data={"a": 1}, kind="x")
    bomb = '{"a": {"__ndarray__": [[5000000000], "float64", [0.0]]}}'
    with sqlite3.connect(path) as base:
        base.execute("UPDATE systems SET data = ?, key_value_pairs = ?", (bomb, bomb))
    base.close()


MADE: dict[str, Callable[[Path], None]] = {
    "run.gsd": gsd_of,
    "run.h5md": h5md_of,
    "run.nc": netcdf_of,
    "rows.db": database_of,
}


def memory_of(process: int) -> int:
    """The most memory that a process has had, in MB."""
    status = Path(f"/proc/{process}/status")
    if not status.exists():
        pytest.skip("needs /proc")
    words = status.read_text().split()
    return int(words[words.index("VmHWM:") + 1]) >> 10


def outcome(path: Path) -> str:
    """What is said of a file that cannot be read; '' where its first frame can."""
    try:
        open_trajectory(path).frame(0)
    except ReadProblem as problem:
        return str(problem)
    return ""


@pytest.mark.parametrize("name", MADE)
def test_that_a_huge_declared_shape_is_refused_within_the_limits(tmp_path: Path, name: str) -> None:
    MADE[name](tmp_path / name)
    begin = time.monotonic()
    said = outcome(tmp_path / name)
    # the atoms of the database are good: what is claimed beside them is left out
    assert name in said or (name == "rows.db" and said == "")
    assert "\n" not in said
    assert time.monotonic() - begin < SECONDS
    process = indexed_source._worker._process
    if process is not None:
        assert memory_of(process.pid) < 2048
    netcdf_of(tmp_path / "good.nc", 5)
    assert open_trajectory(tmp_path / "good.nc").frame(0).n_atoms == 5


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="stops a process")
def test_that_a_killed_reader_is_told_in_a_sentence_and_started_again(tmp_path: Path) -> None:
    netcdf_of(tmp_path / "good.nc", 5)
    source = open_trajectory(tmp_path / "good.nc")
    process = indexed_source._worker._process
    assert process is not None
    os.kill(process.pid, signal.SIGSTOP)
    with pytest.raises(ReadProblem) as told:
        _killed_while_asked(source, process.pid)
    assert str(told.value) == "good.nc: cannot be read: its reader ended without an answer"
    assert source.frame(0).n_atoms == 5
    assert indexed_source._worker._process is not process


def _killed_while_asked(source: object, pid: int) -> None:
    threading.Timer(0.3, os.kill, (pid, signal.SIGKILL)).start()
    source.frame(0)  # type: ignore[attr-defined]
