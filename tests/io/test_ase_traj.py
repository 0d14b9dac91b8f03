"""ASE's .traj: what ASE writes is read without ASE; damaged and hostile files are survived."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ase import Atoms
from ase.calculators.singlepoint import SinglePointCalculator
from ase.io.trajectory import Trajectory
from trajectory_samples import frames

from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.trajectory import FrameSource
from mlipviewer.io.trajectories.opening import open_trajectory


def written(folder: Path, n_frames: int = 4) -> Path:
    path = folder / "run.traj"
    random = np.random.default_rng(4)
    with Trajectory(path, "w") as trajectory:
        for k in range(n_frames):
            n = 3 if k < 3 else 5
            atoms = Atoms(
                numbers=[3] * n, positions=random.random((n, 3)), cell=[4, 5, 6], pbc=[1, 1, 0]
            )
            atoms.info = {"step": k, "pair": np.array([1.5, k])}
            atoms.set_momenta(random.random((n, 3)))
            results = {"energy": -k, "forces": random.random((n, 3)), "charges": random.random(n)}
            atoms.calc = SinglePointCalculator(atoms, stress=np.arange(6.0), **results)
            trajectory.write(atoms)
    return path


def test_that_what_ase_writes_is_read(tmp_path: Path) -> None:
    path = written(tmp_path)
    source = open_trajectory(path)
    assert isinstance(source, FrameSource)
    assert (source.format, source.n_frames, source.notes) == ("ase-traj", 4, ())
    with Trajectory(path) as expected:
        written_frames = list(expected)
    for index, (atoms, frame) in enumerate(zip(written_frames, frames(source), strict=True)):
        np.testing.assert_array_equal(frame.positions, atoms.positions)
        np.testing.assert_array_equal(frame.columns["forces"], atoms.get_forces())
        np.testing.assert_array_equal(frame.columns["charges"], atoms.get_charges())
        np.testing.assert_array_equal(frame.columns["momenta"], atoms.get_momenta())
        np.testing.assert_array_equal(frame.cell, atoms.cell.array)
        assert frame.numbers.tolist() == atoms.numbers.tolist()
        assert frame.pbc == (True, True, False)
        assert (frame.info["energy"], source.info(index)["step"]) == (-index, index)
        assert frame.info["stress"].tolist() == [0, 1, 2, 3, 4, 5]
        assert frame.info["pair"].tolist() == [1.5, index]


def test_that_a_file_cut_anywhere_gives_right_frames_only(tmp_path: Path) -> None:
    content = written(tmp_path).read_bytes()
    whole = frames(open_trajectory(tmp_path / "run.traj"))
    path = tmp_path / "cut.traj"
    for cut in range(1, len(content), 37):
        path.write_bytes(content[:cut])
        try:
            good = frames(open_trajectory(path, "ase-traj"))
        except ReadProblem:
            continue
        for one, two in zip(good, whole, strict=False):
            np.testing.assert_array_equal(one.positions, two.positions)
            np.testing.assert_array_equal(one.columns["forces"], two.columns["forces"])


def test_that_a_damaged_table_of_frames_is_searched_for(tmp_path: Path) -> None:
    path = written(tmp_path)
    content = bytearray(path.read_bytes())
    content[32:40] = struct.pack("<q", 2**40)
    path.write_bytes(content)
    source = open_trajectory(path)
    assert source.n_frames == 4
    assert "frame 5: 1099511627776 frames are declared, 4 were found" in str(source.notes[0])


def bomb(folder: Path, **values: Any) -> Path:
    head = b"- of UlmASE-Trajectory  " + struct.pack("<4q", 3, 1, 48, 56)
    item = {"version": 1, "pbc": [True] * 3, "cell": [[5, 0, 0], [0, 5, 0], [0, 0, 5]]} | values
    text = json.dumps(item).encode()
    path = folder / "bomb.traj"
    path.write_bytes(head + struct.pack("<q", len(text)) + text)
    return path


@pytest.mark.parametrize(
    "values",
    [
        {"positions.": {"ndarray": [[500_000_000, 3], "float64", 56]}},
        {"positions": {"__ndarray__": [[700_000_000, 3], "float64", [0.0]]}},
        {"positions.": {"ndarray": [[1, 3], "U100000000", 56]}},
        {"positions.": {"ndarray": [[-1, 3], "float64", 56]}},
        {"positions.": {"ndarray": "what"}},
        {"positions": [[0, 0, 0]], "info": {"a": {"__ndarray__": [[10**9], "float64", [0.0]]}}},
        {"cell": [1]},
    ],
)
def test_that_declared_sizes_are_checked_before_memory_is_taken(
    tmp_path: Path, values: Any
) -> None:
    path = bomb(tmp_path, **({"numbers": [14]} | values))
    with pytest.raises(ReadProblem, match=r"bomb\.traj"):
        open_trajectory(path).frame(0)


def test_that_pickles_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "old.traj"
    path.write_bytes(b"PickleTrajectory\x80\x02cos\nsystem\n.")
    with pytest.raises(ReadProblem, match="refused: an old pickle"):
        open_trajectory(path)
