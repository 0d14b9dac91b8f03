"""Folders and numbered files as one trajectory."""

from __future__ import annotations

from pathlib import Path

import pytest
from trajectory_samples import dump, extxyz, frames

from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.progress import Cancelled, Progress
from mlipviewer.core.trajectory import FrameSource
from mlipviewer.io.trajectories.opening import open_trajectory


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
    source = open_trajectory(tmp_path)
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


def at_step(content: bytes, *steps: int) -> bytes:
    """A dump whose frames are of these steps."""
    for number, step in enumerate(steps):
        content = content.replace(b"TIMESTEP\n%d\n" % (100 * number), b"TIMESTEP\n=%d\n" % step)
    return content.replace(b"\n=", b"\n")


def test_that_the_step_that_a_restart_repeats_is_shown_once(tmp_path: Path) -> None:
    (tmp_path / "run.1.dump").write_bytes(at_step(dump(3), 0, 100, 200))
    (tmp_path / "run.2.dump").write_bytes(at_step(dump(3, seed=2), 200, 300, 400))
    (tmp_path / "run.3.dump").write_bytes(at_step(dump(2, seed=3), 350, 450))
    source = open_trajectory(tmp_path)
    steps = [source.info(k)["Timestep"] for k in range(source.n_frames)]
    assert steps == [0, 100, 200, 300, 400, 350, 450]
    assert [frame.info["Timestep"] for frame in frames(source)] == steps
    said = " ".join(map(str, source.notes))
    assert "step 200 ends one file and begins the next" in said
    assert "goes back from 400 to 350" in said


def pieces(folder: Path, steps: tuple[int, ...], ids: tuple[int, ...], **about: int) -> None:
    """A dump for each processor and step, four atoms in each."""
    for step in steps:
        for processor, first in enumerate(ids):
            content = at_step(dump(1, 4, seed=step + processor), step)
            for k in range(4):
                head = b"\n%d %d " % (k + 1, k % 2 + 1)
                content = content.replace(head, b"\n%d %d " % (first + k, k % 2 + 1))
            box = about.get("box", 0) if processor else 0
            content = content.replace(b"0 5\n", b"%d 5\n" % -box)
            (folder / f"dump.{step}.{processor}").write_bytes(content)


def test_that_the_pieces_of_a_parallel_dump_are_one_frame(tmp_path: Path) -> None:
    pieces(tmp_path, (0, 50, 100), (11, 31, 51))
    source = open_trajectory(tmp_path)
    assert source.n_frames == 3
    frame = source.frame(2)
    assert frame.ids is not None
    assert frame.ids.tolist() == [11, 12, 13, 14, 31, 32, 33, 34, 51, 52, 53, 54]
    assert frame.info["Timestep"] == 100
    assert frame.columns["forces"].shape == (12, 3)
    parts = [frames(open_trajectory(tmp_path / f"dump.100.{k}"))[0] for k in range(3)]
    assert (frame.positions == [row for part in parts for row in part.positions]).all()
    assert "put together from 3 files" in " ".join(map(str, source.notes))


@pytest.mark.parametrize("how", ["shared atoms", "other box", "a piece is missing"])
def test_that_what_may_be_no_pieces_stays_apart(tmp_path: Path, how: str) -> None:
    ids = (11, 13) if how == "shared atoms" else (11, 31)
    pieces(tmp_path, (0, 50), ids, box=3 if how == "other box" else 0)
    if how == "a piece is missing":
        (tmp_path / "dump.50.1").unlink()
    source = open_trajectory(tmp_path)
    assert source.n_frames == (3 if how == "a piece is missing" else 4)
    assert source.frame(1).n_atoms == 4
