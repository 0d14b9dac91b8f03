"""The process of readers: huge declared shapes, a killed process, and what is said of it."""

from __future__ import annotations

import os
import signal
import sqlite3
import struct
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import gsd.fl
import h5py
import numpy as np
import pytest
from ase import Atoms
from ase.db import connect
from scipy.io import netcdf_file

from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.trajectory import FrameSource
from mlipviewer.io.trajectories import foreign, indexed_source
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


# --- answers of one question never come to another ---------------------------------------------


def netcdf_at(path: Path, place: float) -> Path:
    """Five atoms, all at one place."""
    with netcdf_file(path, "w", version=2) as file:
        file.Conventions = "AMBER"
        for name, size in (("frame", None), ("atom", 5), ("spatial", 3)):
            file.createDimension(name, size)
        file.createVariable("coordinates", "f8", ("frame", "atom", "spatial"))[0] = place
    return path


def place_in(source: FrameSource) -> float:
    return float(source.frame(0).positions[0, 0])


def test_that_an_answer_broken_off_is_not_that_to_the_next_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = (open_trajectory(netcdf_at(tmp_path / f"{k}.nc", k)) for k in (1, 2))

    def full(*_described: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(foreign, "_array", full)
        with pytest.raises(MemoryError):
            one.frame(0)
    assert (place_in(other), place_in(one)) == (2.0, 1.0)


def test_that_a_question_answered_at_the_last_moment_does_not_end_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    late: list[Callable[[], None]] = []

    class Timer:
        """It goes off when the test says so, even if that was called off."""

        def __init__(self, _seconds: float, act: Callable[..., None], args: Any = ()) -> None:
            late.append(partial(act, *args))

        def start(self) -> None: ...

        def cancel(self) -> None: ...

    source = open_trajectory(netcdf_at(tmp_path / "run.nc", 1))
    process = indexed_source._worker._process
    monkeypatch.setattr(foreign.threading, "Timer", Timer)
    source.frame(0)
    late[-1]()
    assert not indexed_source._worker._late
    assert place_in(source) == 1.0
    assert indexed_source._worker._process is process


def test_that_a_file_written_anew_is_read_anew(tmp_path: Path) -> None:
    path = netcdf_at(tmp_path / "run.nc", 1)
    old = open_trajectory(path)
    assert place_in(old) == 1.0
    netcdf_at(tmp_path / "new.nc", 2).replace(path)
    assert place_in(open_trajectory(path)) == 2.0
    assert place_in(old) == 1.0  # it is still open


def test_that_a_replaced_file_is_not_taken_for_the_one_that_was_opened(tmp_path: Path) -> None:
    path = netcdf_at(tmp_path / "run.nc", 1)
    old = open_trajectory(path)
    netcdf_at(tmp_path / "new.nc", 2).replace(path)
    indexed_source._worker.stop()  # the next reader has nothing open
    with pytest.raises(ReadProblem, match="was replaced"):
        old.frame(0)


def test_that_a_file_that_is_gone_is_told_in_a_sentence(tmp_path: Path) -> None:
    source = open_trajectory(netcdf_at(tmp_path / "run.nc", 1))
    (tmp_path / "run.nc").unlink()
    with pytest.raises(ReadProblem, match=r"(?i)no such file"):
        source.frame(0)
