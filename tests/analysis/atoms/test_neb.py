"""Paths of images over an energy that is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mlipviewer.analysis import ANALYSES
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.io.trajectories.memory_source import MemorySource

NEB = ANALYSES["neb"]
CELL = 10.0


def images(places: Any, name: str = "path", depth: float = 1.0, forces: bool = True) -> Trajectory:
    """One of two atoms goes over depth (x^4 - 2 x^2), across the boundary of its cell."""
    frames = []
    for i, x in enumerate(places):
        positions = np.array([[x % CELL, 0.0, 0.0], [5.0, 5.0, 5.0]])
        force = np.array([[-depth * (4 * x**3 - 4 * x), 0.0, 0.0], [0.0, 0.0, 0.0]])
        frames.append(
            Frame(
                i, positions, np.array([3, 3]), np.eye(3) * CELL, (True, True, True),
                columns={"forces": force} if forces else {},
                info={"energy": -7.0 + depth * (x**4 - 2 * x**2)},
            )
        )  # fmt: skip
    return Trajectory.whole(name, MemorySource(name, "memory", frames))


def neb(*runs: Trajectory) -> Result:
    inputs = Inputs(trajectory=runs[0], beside={one.name: one for one in runs[1:]})
    return NEB.run(inputs, NEB.params(), Progress())


def test_that_the_barrier_lies_between_images_where_the_forces_say_so() -> None:
    places = np.array([-1.0, -0.6, -0.2, 0.3, 0.7, 1.0])  # none of them on the top
    result = neb(images(places))
    assert result.summary["barrier"] == pytest.approx(1.0, abs=0.005)
    assert result.summary["reverse_barrier"] == pytest.approx(1.0, abs=0.005)
    assert result.summary["reaction"] == pytest.approx(0.0, abs=1e-12)
    assert result.tables["images"]["length"] == pytest.approx(places + 1.0)  # across the boundary


def test_that_without_forces_the_highest_image_is_the_barrier() -> None:
    result = neb(images(np.linspace(-1, 1, 6), forces=False))
    energies = result.tables["images"]["energy"]
    assert result.summary["barrier"] == pytest.approx(max(energies), abs=0.02)
    assert "no forces" in result.notes[0]


def test_that_models_lie_over_each_other() -> None:
    places = np.linspace(-1, 1, 9)
    table = neb(images(places), images(places, "other", 0.5)).tables["barriers"]
    assert table["trajectory"] == ["path", "other"]
    assert table["barrier"] == pytest.approx([1.0, 0.5], abs=1e-6)


def test_that_what_is_no_path_is_told() -> None:
    with pytest.raises(AnalysisProblem, match="two images at least"):
        neb(images([0.0]))
    with pytest.raises(AnalysisProblem, match="are the same"):
        neb(images([0.0, 0.0, 1.0]))
