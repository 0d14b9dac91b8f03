"""Atoms that appear and disappear, by their ids."""

from __future__ import annotations

import numpy as np
import pytest

from mlipviewer.analysis import ANALYSES
from mlipviewer.core.analysis import Inputs, Result
from mlipviewer.core.plot import Bars
from mlipviewer.core.progress import Progress
from mlipviewer.core.timing import Clock, Source
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.io.trajectories.memory_source import MemorySource

INSERTION = ANALYSES["insertion"]


def growing(with_ids: bool = True) -> Trajectory:
    """Ten atoms, two more in every second frame; atom 3 leaves in frame 4 and is back in frame 6;
    every frame has its own order."""
    rng = np.random.default_rng(1)
    frames = []
    for t in range(9):
        ids = np.array([n for n in range(10 + 2 * (t // 2)) if n != 3 or t not in (4, 5)])
        ids = rng.permutation(ids)
        numbers = np.where(ids % 2, 3, 8)
        places = rng.random((len(ids), 3))
        frames.append(Frame(t, places, numbers, ids=ids if with_ids else None))
    clock = Clock(Source.USER, "said", interval=0.5)
    return Trajectory("grow", MemorySource("grow", "memory", frames), range(9), clock)


def found(trajectory: Trajectory, **params: object) -> Result:
    inputs = Inputs(trajectory=trajectory)
    return INSERTION.run(inputs, INSERTION.params(**params), Progress())


def test_that_births_and_deaths_are_counted_by_id() -> None:
    result = found(growing())
    about = result.summary
    assert (about["n_first"], about["n_last"]) == (10, 18)
    assert (about["n_inserted"], about["n_gone"]) == (9, 1)
    assert result.tables["counts"]["inserted"] == [0, 0, 2, 2, 4, 4, 7, 7, 9]
    events = list(zip(*result.tables["events"].values(), strict=True))
    assert (4, 3, "gone") in events
    assert (6, 3, "born") in events
    assert result.tables["counts"]["time"] == [0.5 * t for t in range(9)]


def test_that_numbers_are_those_of_the_frames() -> None:
    n_atoms = found(growing()).tables["counts"]["n_atoms"]
    assert n_atoms == [growing().frame(t).n_atoms for t in range(9)]


def test_that_the_rate_is_per_ps() -> None:
    result = found(growing())
    assert result.units["rate"] == "1/ps"
    assert result.summary["rate"] == pytest.approx(9 / 4, rel=0.1)


def test_that_some_elements_are_followed_alone() -> None:
    assert found(growing(), among="element == 'O'").summary["n_inserted"] == 4


def test_that_rows_for_ids_are_told() -> None:
    notes = found(growing(with_ids=False)).notes
    assert notes
    assert "no ids" in notes[0]


def test_that_bars_stand_for_the_atoms_that_appear() -> None:
    result = found(growing())
    bars = INSERTION.plots["Births"](Inputs(), INSERTION.params(), result).marks[0]
    assert isinstance(bars, Bars)
    assert [own.tolist() for own in bars.rows] == [[10, 11], [12, 13], [3, 14, 15], [16, 17]]
    assert bars.at.tolist() == [1.0, 2.0, 3.0, 4.0]
