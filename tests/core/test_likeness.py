"""The frames of two runs that are most alike, where it is known which they are."""

from __future__ import annotations

import numpy as np
import pytest

from mlipviewer.core.likeness import NotAlike, most_alike
from mlipviewer.core.progress import Cancelled, Progress
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.io.trajectories.memory_source import MemorySource

CELL = np.diag([9.0, 9.0, 9.0])
ORDER = [4, 0, 3, 3, 1]


def shapes(n: int) -> list[np.ndarray]:
    rng = np.random.default_rng(1)
    start = rng.random((30, 3)) * 9
    return [start + rng.normal(0, 0.5, start.shape) * k for k in range(n)]


def run(name: str, places: list[np.ndarray], periodic: bool, order: object = None) -> Trajectory:
    ids = np.arange(30) * 3 if order is None else order
    cell, pbc = (CELL, (True,) * 3) if periodic else (None, (False,) * 3)
    frames = [
        Frame(i, one[np.asarray(ids) // 3], np.full(30, 3), cell, pbc, ids=np.asarray(ids))
        for i, one in enumerate(places)
    ]
    return Trajectory.whole(name, MemorySource(f"/{name}", "memory", frames))


def rotation(seed: int) -> np.ndarray:
    turn, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))
    return np.asarray(turn * np.sign(np.linalg.det(turn)))


@pytest.mark.parametrize("periodic", [True, False])
def test_that_each_frame_finds_its_like_wherever_it_lies(periodic: bool) -> None:
    """The other run has the frames in another order, its atoms too, all moved, wrapped, turned."""
    rng = np.random.default_rng(7)
    first = shapes(5)
    moved = []
    for k in ORDER:
        one = first[k] + rng.normal(0, 20, 3) + rng.normal(0, 0.01, first[k].shape)
        one = one - np.floor(one / 9) * 9 if periodic else one @ rotation(k)
        moved.append(one)
    other = run("b", moved, periodic, rng.permutation(30) * 3)
    found = most_alike(run("a", first, periodic), other, Progress())
    assert [ORDER[k] for k in found[[0, 1, 3, 4]]] == [0, 1, 3, 4]


def test_that_runs_of_other_atoms_are_not_alike() -> None:
    one = run("a", shapes(2), True)
    strange = Frame(0, np.zeros((2, 3)), np.array([1, 1]), ids=np.array([1000, 1001]))
    other = Trajectory.whole("b", MemorySource("/b", "memory", [strange]))
    with pytest.raises(NotAlike, match="no atoms in common"):
        most_alike(one, other, Progress())


def test_that_atoms_that_come_and_go_are_left_out() -> None:
    places = shapes(3)
    other = run("b", places[::-1], True)
    frames = [other.frame(i) for i in range(3)]
    kept = frames[1].atom_ids != 6
    frames[1] = Frame(
        1, frames[1].positions[kept], frames[1].numbers[kept], CELL, (True,) * 3,
        ids=frames[1].atom_ids[kept],
    )  # fmt: skip
    lacking = Trajectory.whole("b", MemorySource("/b", "memory", frames))
    assert most_alike(run("a", places, True), lacking, Progress()).tolist() == [2, 1, 0]


def test_that_it_can_be_stopped() -> None:
    one = run("a", shapes(3), True)
    progress = Progress()
    progress.stop()
    with pytest.raises(Cancelled):
        most_alike(one, one, progress)
