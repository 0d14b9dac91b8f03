"""Counts of structure types along a trajectory, against crystals that are known."""

from __future__ import annotations

import numpy as np
import pytest
from ase.build import bulk

from mlipviewer.analysis import ANALYSES
from mlipviewer.analysis.methods.histogram_cutoff import LEAST, usual_cutoff
from mlipviewer.core.analysis import Inputs, Result
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.io.trajectories.memory_source import MemorySource
from mlipviewer.session.many_frames import ManyFrames

STRUCTURE = ANALYSES["structure"]


def melting(n_frames: int = 5) -> Trajectory:
    """A bcc crystal whose lower part is shaken more and more strongly."""
    rng = np.random.default_rng(0)
    crystal = bulk("Li", "bcc", a=3.5, cubic=True).repeat((4, 4, 10))
    frames = []
    for i in range(n_frames):
        noise = rng.normal(0, 1, crystal.positions.shape)
        low = crystal.positions[:, 2] < 3.5 * 10 * i / (n_frames - 1) / 2
        positions = crystal.positions + noise * np.where(low, 0.9, 0.05)[:, None]
        frames.append(
            Frame(i, positions, crystal.numbers.copy(), np.array(crystal.cell), (True,) * 3)
        )
    return Trajectory.whole("melting", MemorySource("melting", "memory", frames))


def found(trajectory: Trajectory, **params: object) -> Result:
    inputs = Inputs(trajectory=trajectory, engine=ManyFrames(keep=False))
    return STRUCTURE.run(inputs, STRUCTURE.params(**params), Progress())


def share(result: Result, name: str) -> list[float]:
    table = result.tables["counts"]
    rows = zip(table["class"], table["fraction"], strict=True)
    return [fraction for class_, fraction in rows if class_ == name]


@pytest.mark.parametrize("method", ["cna", "ptm"])
def test_that_melting_half_of_a_crystal_halves_its_share(method: str) -> None:
    result = found(melting(), method=method)
    bcc = share(result, "bcc")
    assert bcc[0] == 1.0
    assert bcc == sorted(bcc, reverse=True)
    assert bcc[-1] == pytest.approx(0.32, abs=0.04)  # two layers at each face are not bcc
    assert result.summary["bcc_last"] == pytest.approx(bcc[-1], abs=1e-6)
    assert result.summary["n_frames"] == 5


def test_that_counts_add_up_to_the_atoms() -> None:
    table = found(melting(), method="ptm").tables["counts"]
    frames, counts = np.array(table["frame"]), np.array(table["count"])
    assert [counts[frames == i].sum() for i in range(5)] == [320] * 5


def test_that_another_cutoff_needs_no_second_look() -> None:
    trajectory = melting()
    first = found(trajectory, method="ptm")
    for cutoff in (0.05, 0.1, 0.25):
        params = STRUCTURE.params(method="ptm", cutoff=cutoff)
        assert STRUCTURE.adjust is not None
        adjusted = STRUCTURE.adjust(Inputs(trajectory=trajectory), params, first)
        assert (
            adjusted.tables["counts"]
            == found(trajectory, method="ptm", cutoff=cutoff).tables["counts"]
        )


def test_that_some_frames_can_be_looked_at() -> None:
    result = found(melting(5), every=2)
    assert sorted(set(result.tables["counts"]["frame"])) == [0, 2, 4]


def test_that_a_cutoff_lies_in_the_valley_behind_the_crystal() -> None:
    at = np.arange(1000) * 0.0005
    crystal = np.exp(-(((at - 0.09) / 0.014) ** 2) / 2)
    melt = 0.3 * np.exp(-(((at - 0.24) / 0.04) ** 2) / 2)
    assert 0.13 < usual_cutoff(1e4 * (crystal + melt), 0.0005) < 0.17
    alone = usual_cutoff(1e4 * np.exp(-(((at - 0.14) / 0.02) ** 2) / 2), 0.0005)
    assert 0.19 < alone < 0.23
    cold = usual_cutoff(1e4 * np.exp(-(((at - 0.02) / 0.005) ** 2) / 2), 0.0005)
    assert cold == LEAST
    assert usual_cutoff(np.zeros(1000), 0.0005) == LEAST
