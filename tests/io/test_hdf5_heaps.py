"""Heaps of HDF5 whose objects do not fill them: the library would turn in a circle."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest

from mlipviewer.core.problem import ReadProblem
from mlipviewer.io.trajectories.indexed.hdf5_heaps import check_heaps
from mlipviewer.io.trajectories.opening import open_trajectory


def write(path: Path, n_texts: int = 1) -> bytes:
    with h5py.File(path, "w") as file:
        position = file.create_group("particles/all/position")
        value = position.create_dataset("value", data=np.zeros((2, 3, 3)))
        value.attrs["unit"] = "nm"
        for k in range(n_texts):
            value.attrs[f"more {k}"] = "x" * k
        file.flush()
        file["behind"] = np.zeros(2000)
    return path.read_bytes()


@pytest.mark.parametrize("n_texts", [0, 1, 300])
def test_that_good_heaps_are_left_alone(tmp_path: Path, n_texts: int) -> None:
    assert b"GCOL" in write(tmp_path / "run.h5", n_texts)
    check_heaps(str(tmp_path / "run.h5"))
    frame = open_trajectory(tmp_path / "run.h5").frame(1)
    assert frame.positions.shape == (3, 3)


def test_that_a_heap_without_end_is_refused_at_once(tmp_path: Path) -> None:
    content = write(tmp_path / "run.h5")
    at = content.index(b"GCOL")
    for damaged in (
        # larger than its objects
        content[: at + 9]
        + b"\x12"
        + content[at + 10 : at + 4096]
        + bytes(512)
        + content[at + 4608 :],
        content[: at + 48] + bytes(40) + content[at + 88 :],  # nothing behind the first
        content[: at + 24] + b"\xff" * 8 + content[at + 32 :],  # its first object has no end
    ):
        assert len(damaged) == len(content)
        path = tmp_path / "bad.h5"
        path.write_bytes(damaged)
        with pytest.raises(ReadProblem, match=f"the heap of texts at byte {at} has no end"):
            open_trajectory(path)


def test_that_the_same_letters_elsewhere_are_no_heap(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "run.h5", "w") as file:
        file["particles/all/position"] = np.zeros((3, 3))
        file["words"] = np.frombuffer(b"GCOL" * 100 + bytes(100) + b"GCOL", np.uint8)
    check_heaps(str(tmp_path / "run.h5"))
