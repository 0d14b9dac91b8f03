"""Clusters, fronts and grains of crystals that are known."""

from __future__ import annotations

import numpy as np
import pytest
from ase.build import bulk
from scipy.spatial.transform import Rotation

from mlipviewer.analysis import ANALYSES, COMPUTATIONS
from mlipviewer.analysis.methods.components import (
    clusters_of,
    cubic_symmetry,
    front_of,
    main_orientation,
    misorientation,
    times_each,
)
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.plot import Bars
from mlipviewer.core.progress import Progress
from mlipviewer.core.timing import Clock, Source
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.io.trajectories.memory_source import MemorySource

CLUSTERS = ANALYSES["atom-clusters"]


def quaternion(axis: tuple[float, ...], degrees: float) -> np.ndarray:
    x, y, z, w = Rotation.from_rotvec(np.deg2rad(degrees) * np.array(axis)).as_quat()
    return np.array([w, x, y, z])


def test_that_clusters_are_connected_through_the_walls_and_sorted_by_size() -> None:
    places = np.array([[0.2, 0, 0], [9.8, 0, 0], [8.0, 0, 0], [4.0, 0, 0], [5.0, 0, 0], [2, 2, 2]])
    frame = Frame(0, places, np.full(6, 3), np.eye(3) * 10.0, (True,) * 3)
    chosen = np.array([True, True, True, True, True, False])
    assert clusters_of(frame, chosen, 2.0).tolist() == [1, 1, 1, 2, 2, 0]
    assert clusters_of(frame, chosen, 0.5).tolist() == [1, 1, 2, 3, 4, 0]
    assert clusters_of(frame, np.zeros(6, bool), 2.0).tolist() == [0] * 6


def moving(n_frames: int = 6, speed: float = 4.0) -> Trajectory:
    """A random gas of 6000 atoms, bcc below a plane that rises by `speed` A in each frame (1 ps),
    and one crystalline pair above it."""
    rng = np.random.default_rng(4)
    places = rng.random((6000, 3)) * (20, 20, 60)
    places[:2] = [[5, 5, 55], [5, 5, 55.5]]
    frames = []
    for t in range(n_frames):
        kinds = np.where(places[:, 2] < 20 + speed * t, "bcc", "other").astype(object)
        kinds[:2] = "bcc"
        order = rng.permutation(6000)
        frames.append(
            Frame(t, places[order], np.full(6000, 3), np.diag([20.0, 20, 60]),
                  (True, True, False), ids=order, columns={"kind": kinds[order]})
        )  # fmt: skip
    clock = Clock(Source.USER, "said", interval=1.0)
    return Trajectory("moving", MemorySource("m", "memory", frames), range(n_frames), clock)


def found(**params: object) -> Result:
    about = {"method": "column", "column": "kind", "distance": 3.0, **params}
    return CLUSTERS.run(Inputs(trajectory=moving()), CLUSTERS.params(**about), Progress())


def test_that_a_front_has_its_place_and_velocity() -> None:
    result = found()
    assert result.summary["front_first"] == pytest.approx(20, abs=0.8)
    assert result.summary["front_last"] == pytest.approx(40, abs=0.8)
    assert result.summary["velocity"] == pytest.approx(4.0, abs=0.2)
    assert result.summary["velocity_error"] < 0.3  # type: ignore[operator]
    assert result.units["velocity"] == "A/ps"
    assert found(front="down").summary["front_last"] is None


def test_that_the_largest_cluster_is_followed_and_sizes_stand_for_atoms() -> None:
    result = found()
    table = result.tables["largest"]
    last = moving().frame(5)
    kinds = last.columns["kind"]
    assert table["n_crystalline"][-1] == (kinds == "bcc").sum()
    assert table["largest"][-1] == (kinds == "bcc").sum() - 2
    assert result.tables["clusters"]["size"] == [table["largest"][-1], 2]
    bars = CLUSTERS.plots["Sizes"](Inputs(), CLUSTERS.params(), result).marks[0]
    assert isinstance(bars, Bars)
    assert bars.rows[1].tolist() == [0, 1]


def test_that_the_line_is_over_the_chosen_frames() -> None:
    assert found(fit_from=2, fit_to=4).summary["velocity"] == pytest.approx(4.0, abs=0.4)
    assert found(fit_from=3, fit_to=3).summary["velocity"] is None


def test_that_a_front_is_on_the_side_that_is_asked_for() -> None:
    heights = np.linspace(0, 30, 30_001)
    crystal = (heights > 10) & (heights < 20)
    assert front_of(heights, crystal, 1.0, True) == pytest.approx(10.0, abs=0.01)
    assert front_of(heights, crystal, 1.0, False) == pytest.approx(20.0, abs=0.01)
    assert np.isnan(front_of(heights, heights > 10, 1.0, False))
    assert np.isnan(front_of(heights, heights > 99, 1.0, False))


def test_that_the_phase_is_named() -> None:
    with pytest.raises(AnalysisProblem, match="choose from"):
        found(phase="ice")


def test_that_turning_a_cube_onto_itself_is_no_misorientation() -> None:
    ways = cubic_symmetry()
    assert len(ways) == 24
    q = quaternion((0.3, 0.5, 0.81), 33)
    assert misorientation(times_each(q, ways), q) == pytest.approx(np.zeros(24), abs=1e-6)
    sigma5 = np.rad2deg(misorientation(quaternion((0, 0, 1), 53.13010235)[None], np.eye(4)[0]))
    assert sigma5 == pytest.approx([36.87], abs=0.01)
    rng = np.random.default_rng(0)
    some = rng.normal(size=(5000, 4))
    some /= np.linalg.norm(some, axis=1)[:, None]
    assert np.rad2deg(misorientation(some, q).max()) < 62.8


def test_that_the_main_orientation_is_that_of_most() -> None:
    rng = np.random.default_rng(1)
    main, other = quaternion((0, 0.6, 0.8), 20), quaternion((1, 0, 0), 40)
    ways = cubic_symmetry()[rng.integers(0, 24, 300)]
    noise = np.array([quaternion(tuple(rng.normal(size=3)), 1.0) for _ in range(300)])
    true = np.where(np.arange(300)[:, None] < 200, main, other)
    seen = times_each(times_each(noise, true), ways)
    assert np.rad2deg(misorientation(main_orientation(seen)[None], main))[0] < 0.5


def test_that_a_bicrystal_has_the_angle_it_was_made_with() -> None:
    crystal = bulk("Li", "bcc", a=3.5, cubic=True).repeat((8, 8, 8))
    crystal.positions -= crystal.positions.mean(axis=0)
    turn = Rotation.from_euler("z", 25, degrees=True).as_matrix()
    low = crystal.positions[crystal.positions[:, 2] < 4]
    high = crystal.positions @ turn.T
    high = high[high[:, 2] > 4]
    places = np.concatenate((low, high)) @ Rotation.from_rotvec([0.3, 0.2, 0.1]).as_matrix().T
    grain = COMPUTATIONS["grain"]
    found = grain.run(Frame(0, places, np.full(len(places), 3)), grain.params(cutoff=0.05))
    angles = found.columns["misorientation"]
    inner = np.isfinite(angles)
    upper = np.arange(len(places)) >= len(low)
    assert inner[~upper].sum() > 200
    assert inner[upper].sum() > 50
    for own, angle in ((inner & ~upper, 0.0), (inner & upper, 25.0)):
        away = np.abs(angles[own] - angle)
        assert (away < 0.1).mean() > 0.9  # but for some at the boundary
        assert away.max() < 3
    assert found.values["main_grain"] == pytest.approx((inner & ~upper).sum() / inner.sum())
