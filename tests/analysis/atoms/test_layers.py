"""Layers from an interface: crystals whose planes are known."""

from __future__ import annotations

import numpy as np
import pytest
from ase.build import bulk

from mlipviewer.analysis import ANALYSES, COMPUTATIONS
from mlipviewer.analysis.methods.layering import by_borders, counted, minima_of
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.plot import Bars, Space, StackedAreas
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.io.trajectories.memory_source import MemorySource

LAYERS = ANALYSES["layers"]
A = 3.5


def slab(n_frames: int = 4) -> Trajectory:
    """Ten (001) planes of bcc, 1.75 A apart with 9 atoms each, upon oxygen at z = 5; in frame t
    the lowest t planes are hcp by name. Atoms come in another order in each frame."""
    rng = np.random.default_rng(2)
    crystal = bulk("Li", "bcc", a=A, cubic=True).repeat((3, 3, 5))
    wall = np.array([[x, y, z] for x in range(3) for y in range(3) for z in (4.0, 5.0)], float)
    places = np.concatenate((wall, crystal.positions + np.array([0, 0, 5.5])))
    numbers = np.array([8] * len(wall) + [3] * len(crystal))
    plane = np.round((places[:, 2] - 5.5) / (A / 2)).astype(int)
    frames = []
    for t in range(n_frames):
        kinds = np.where(plane < t, "hcp", "bcc").astype(object)
        order = rng.permutation(len(places))
        noise = rng.normal(0, 0.05, places.shape)
        noise[: len(wall)] = 0
        frames.append(
            Frame(
                t, (places + noise)[order], numbers[order], np.diag([3 * A, 3 * A, 40.0]),
                (True, True, False), ids=order + 1, columns={"kind": kinds[order]},
            )
        )  # fmt: skip
    return Trajectory.whole("slab", MemorySource("slab", "memory", frames))


def found(**params: object) -> Result:
    about = {"method": "column", "column": "kind", "among": "element == 'Li'", **params}
    return LAYERS.run(Inputs(trajectory=slab()), LAYERS.params(**about), Progress())


def counts_of(result: Result, layer: int, name: str) -> list[int]:
    table = result.tables["counts"]
    rows = zip(table["layer"], table["class"], table["count"], strict=True)
    return [n for at, class_, n in rows if (at, class_) == (layer, name)]


@pytest.mark.parametrize("layers", ["spacing", "minima"])
def test_that_planes_of_a_crystal_are_layers(layers: str) -> None:
    result = found(wall="element == 'O'", layers=layers, spacing=A / 2)
    assert result.summary["n_layers"] == 10
    assert result.summary["interface_first"] == 5.0
    assert result.tables["layers"]["n_atoms"] == [9.0] * 10
    assert counts_of(result, 1, "hcp") == [0, 9, 9, 9]
    assert counts_of(result, 3, "hcp") == [0, 0, 0, 9]
    assert counts_of(result, 10, "bcc") == [9, 9, 9, 9]


def test_that_minima_lie_midway_between_planes() -> None:
    table = found(height=5.0, layers="minima").tables["layers"]
    assert np.diff(table["low"])[1:] == pytest.approx(np.full(8, A / 2), abs=0.15)
    assert table["low"][1] == pytest.approx(0.5 + A / 4, abs=0.15)


def test_that_layers_go_down_too() -> None:
    result = found(height=5.6 + 9 * A / 2 + 0.3, direction="down", spacing=A / 2)
    assert counts_of(result, 10, "hcp") == [0, 9, 9, 9]


def test_that_the_column_is_that_of_the_analysis() -> None:
    layer = COMPUTATIONS["layer"]
    frame = slab().frame(3)
    params = layer.params(wall="element == 'O'", spacing=A / 2, among="element == 'Li'")
    computed = layer.run(frame, params)
    assert np.bincount(computed.columns["layer"]).tolist() == [18] + [9] * 10
    assert computed.values["interface"] == 5.0
    heights = computed.columns["interface_distance"]
    assert np.allclose(heights, frame.positions[:, 2] - 5.0)


def test_that_atoms_below_the_cell_are_wrapped_along_a_periodic_axis() -> None:
    positions = np.array([[0.0, 0, -1.0], [0, 0, 1.0], [0, 0, 10.5]])
    frame = Frame(0, positions, np.full(3, 3), np.diag([5.0, 5.0, 10.0]), (True,) * 3)
    layer = COMPUTATIONS["layer"]
    assert layer.run(frame, layer.params(spacing=2.0)).columns["layer"].tolist() == [5, 1, 1]


def test_that_a_wall_that_is_not_there_is_told() -> None:
    with pytest.raises(AnalysisProblem, match="no atom fits"):
        found(wall="element == 'F'")


def test_that_one_layer_has_no_borders() -> None:
    assert len(minima_of(counted(np.full(10, 2.0)))) == 0
    assert by_borders(np.array([-1.0, 2.0]), np.empty(0)).tolist() == [0, 1]


def test_that_plots_choose_frames_and_the_atoms_of_a_layer() -> None:
    result = found(wall="element == 'O'", spacing=A / 2)
    params = LAYERS.params(first=2, last=3)
    areas = LAYERS.plots["Counts by layer"](Inputs(), params, result).marks[0]
    assert isinstance(areas, StackedAreas)
    assert areas.heights.sum(axis=0).tolist() == [18.0] * 4
    bars = LAYERS.plots["Profile"](Inputs(), params, result).marks[0]
    assert isinstance(bars, Bars)
    assert bars.space is Space.ATOM
    frame = slab().frame(3)
    lowest = frame.ids[(frame.numbers == 3) & (frame.positions[:, 2] < 6.4)]
    assert bars.rows[0].tolist() == sorted(lowest.tolist())
