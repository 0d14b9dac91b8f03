"""Folders and numbered files as one trajectory."""

from __future__ import annotations

from pathlib import Path

import pytest
from trajectory_samples import dump, extxyz, frames

from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.progress import Cancelled, Progress
from mlipviewer.core.trajectory import FrameSource
from mlipviewer.io.trajectories import open_sequence, open_trajectory


def poscar(n_atoms: int) -> str:
    rows = "".join(f"0 0 {k / 100}\n" for k in range(n_atoms))
    return f"x\n1\n4 0 0\n0 4 0\n0 0 4\nLi\n{n_atoms}\nDirect\n{rows}"


def test_that_a_folder_is_read_in_natural_order(tmp_path: Path) -> None:
    for number in (1, 2, 10, 11, 100):
        (tmp_path / f"step_{number}.vasp").write_text(poscar(number))
    (tmp_path / "notes.txt").write_text("not a structure")
    source = open_trajectory(tmp_path)
    assert isinstance(source, FrameSource)
    assert [frame.n_atoms for frame in frames(source)] == [1, 2, 10, 11, 100]
    assert [frame.index for frame in frames(source)] == [0, 1, 2, 3, 4]
    assert source.info(2)["file"] == "step_10.vasp"
    assert "5 files step_#.vasp are read as frames, 1 others" in str(source.notes[0])


def test_that_files_of_many_frames_follow_each_other(tmp_path: Path) -> None:
    for number, n_frames in ((1, 3), (2, 1), (12, 2)):
        (tmp_path / f"run.{number}.dump").write_bytes(dump(n_frames, 5 + number))
    source = open_sequence(sorted(tmp_path.iterdir()))
    assert source.format == "lammps-dump"
    assert [frame.n_atoms for frame in frames(source)] == [6, 6, 6, 7, 17, 17]
    assert source.info(5)["file"] == "run.12.dump"
    with pytest.raises(IndexError):
        source.frame(6)


def test_that_a_bad_file_spoils_only_its_own_frame(tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"step_{number}.vasp").write_text(poscar(2) if number != 3 else "rubbish")
    source = open_trajectory(tmp_path)
    assert source.n_frames == 5
    assert source.frame(4).n_atoms == 2
    with pytest.raises(ReadProblem, match=r"step_3\.vasp"):
        source.frame(3)


def test_that_only_a_few_files_are_kept_open(tmp_path: Path) -> None:
    for number in range(40):
        (tmp_path / f"a{number}.xyz").write_bytes(extxyz(1, 2))
    source = open_trajectory(tmp_path)
    assert source.n_frames == 40
    assert len(source._kept) <= 8  # type: ignore[attr-defined]


def test_that_opening_can_be_stopped(tmp_path: Path) -> None:
    for number in range(4):
        (tmp_path / f"a{number}.xyz").write_bytes(extxyz(1, 2))
    progress = Progress()
    progress.stop()
    with pytest.raises(Cancelled):
        open_trajectory(tmp_path, progress=progress)
    with pytest.raises(Cancelled):
        open_trajectory(tmp_path / "a1.xyz", progress=progress)


def test_that_an_empty_folder_is_a_read_problem(tmp_path: Path) -> None:
    with pytest.raises(ReadProblem, match="folder without files"):
        open_trajectory(tmp_path)
