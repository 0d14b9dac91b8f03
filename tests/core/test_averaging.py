"""Positions averaged over neighbouring frames."""

from __future__ import annotations

import numpy as np
import pytest
from ase.build import bulk
from hypothesis import given
from hypothesis import strategies as st

from mlipviewer.analysis import COMPUTATIONS
from mlipviewer.core.averaging import frame_averaged, time_averaged
from mlipviewer.core.computation import InTurn
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.io.trajectories.memory_source import MemorySource
from mlipviewer.session.many_frames import ManyFrames

CRYSTAL = bulk("Li", "bcc", a=3.44, cubic=True).repeat(8)


def shaken(n: int = 9, noise: float = 0.3) -> list[Frame]:
    """Frames of a crystal with noise of its own in each, wrapped into the cell, in any order."""
    rng = np.random.default_rng(1)
    frames = []
    for i in range(n):
        atoms = CRYSTAL.copy()
        atoms.positions += rng.normal(0, noise, atoms.positions.shape)
        atoms.wrap()
        ids = rng.permutation(len(atoms))
        frames.append(
            Frame(i, atoms.positions[ids], atoms.numbers[ids], np.array(atoms.cell), (True,) * 3,
                  ids=ids)
        )  # fmt: skip
    return frames


def test_that_noise_shrinks_by_the_root_of_the_number_of_frames() -> None:
    frames = shaken()
    mean = time_averaged(frames[4], [one for one in frames if one.index != 4])
    away = mean.positions - CRYSTAL.positions[mean.atom_ids]
    length = CRYSTAL.cell[0, 0]
    away -= length * np.round(away / length)
    assert away.std() == pytest.approx(0.3 / 3, rel=0.03)
    assert mean.atom_ids is frames[4].ids


@given(st.integers(0, 6), st.integers(0, 8))
def test_that_the_window_ends_at_the_ends_of_the_run(around: int, index: int) -> None:
    frames = [Frame(i, np.full((2, 3), float(i)), np.ones(2, int)) for i in range(9)]
    found = frame_averaged(frames.__getitem__, 9, index, around).positions[0, 0]
    near = [i for i in range(9) if abs(i - index) <= around]
    assert found == pytest.approx(np.mean(near))


def test_that_atoms_that_come_and_go_are_averaged_where_they_are() -> None:
    one = Frame(0, np.zeros((2, 3)), np.ones(2, int), ids=np.array([5, 7]))
    other = Frame(1, np.full((2, 3), 2.0), np.ones(2, int), ids=np.array([7, 9]))
    assert time_averaged(one, [other]).positions[:, 0].tolist() == [0.0, 1.0]


@pytest.mark.parametrize("engine", [InTurn(), ManyFrames(keep=False)])
def test_that_averaging_brings_back_the_crystal(engine: InTurn | ManyFrames) -> None:
    run = Trajectory.whole("shaken", MemorySource("shaken", "memory", shaken()))
    cna = COMPUTATIONS["cna"]
    plain, averaged = (
        next(engine.over(run, cna, cna.params(average=n), [4], Progress())) for n in (0, 4)
    )
    assert np.mean(plain.columns["cna"] == 3) < 0.4
    assert np.mean(averaged.columns["cna"] == 3) > 0.99
