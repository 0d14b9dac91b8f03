"""Atoms over time as one image: order, births, binning, what a cell stands for."""

from __future__ import annotations

import numpy as np
import pytest

from mlipviewer.analysis import ANALYSES
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.plot import Raster
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.io.trajectories.memory_source import MemorySource

RASTER = ANALYSES["raster"]
NAMES = {"d": "other", "c": "hcp", "b": "bcc"}


def trajectory_of(*lines: str) -> Trajectory:
    rng = np.random.default_rng(0)
    frames = []
    for t in range(len(lines[0])):
        there = rng.permutation([i for i, line in enumerate(lines) if line[t] != "."])
        kinds = np.array([NAMES[lines[i][t]] for i in there], object)
        places = np.stack((there, there, 10.0 - there), axis=1).astype(float)
        frames.append(
            Frame(t, places, np.full(len(there), 3), ids=there + 50, columns={"kind": kinds})
        )
    return Trajectory.whole("made", MemorySource("made", "memory", frames))


MADE = trajectory_of("ddddbbbb", "bbbbbbbb", "ddbbbcbb", "dddddddd", "....cbbb")


def found(trajectory: Trajectory = MADE, **params: object) -> Result:
    about = {"method": "column", "column": "kind", **params}
    return RASTER.run(Inputs(trajectory=trajectory), RASTER.params(**about), Progress())


def drawn(result: Result, **params: object) -> Raster:
    mark = RASTER.plots["Atoms over time"](Inputs(), RASTER.params(**params), result).marks[0]
    assert isinstance(mark, Raster)
    return mark


def test_that_atoms_know_since_when_they_are_crystalline() -> None:
    table = found().tables["atoms"]
    assert table["id"] == [50, 51, 52, 53, 54]
    assert table["since"] == [4, 0, 2, -1, 5]
    assert table["first"] == ["disordered", "bcc", "disordered", "disordered", "close-packed"]
    assert found().summary["n_crystallized"] == 3
    assert found(persistence_frames=1).tables["atoms"]["since"] == [4, 0, 6, -1, 5]


def test_that_what_crystallizes_first_is_lowest() -> None:
    mark = drawn(found())
    assert [own.tolist() for own in mark.rows] == [[53], [54], [50], [52], [51]]
    assert mark.values[1].tolist() == [-1, -1, -1, -1, 1, 2, 2, 2]
    assert mark.frames.tolist() == list(range(8))


def test_that_atoms_are_sorted_by_height_or_id_too() -> None:
    assert [int(own[0]) for own in drawn(found(sort="id"), sort="id").rows] == [54, 53, 52, 51, 50]
    assert [int(own[0]) for own in drawn(found(sort="height"), sort="height").rows] == [
        50,
        51,
        52,
        53,
        54,
    ]


def test_that_many_frames_and_atoms_share_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ["d" * (4 + i) + "b" * (20 - i) for i in range(12)]
    monkeypatch.setattr("mlipviewer.analysis.atoms.raster.MOST_COLUMNS", 6)
    monkeypatch.setattr("mlipviewer.analysis.atoms.raster.MOST_LINES", 4)
    mark = drawn(found(trajectory_of(*lines)))
    assert mark.values.shape == (4, 6)
    assert mark.frames.tolist() == [0, 4, 8, 12, 16, 20]
    assert sum(len(own) for own in mark.rows) == 12
    assert mark.rows[-1].tolist() == [50, 51, 52]
    assert mark.values[-1].tolist() == [0, 2, 2, 2, 2, 2]
    assert mark.values[0].tolist() == [0, 0, 0, 0, 2, 2]


def test_that_no_atom_is_told() -> None:
    with pytest.raises(AnalysisProblem, match="no atom takes part"):
        found(among="id < 0")
