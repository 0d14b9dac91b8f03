"""Density profiles against slabs, shells, gases and cells that breathe."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mlipviewer.analysis import ANALYSES
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.plot import Bars
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import rows
from mlipviewer.core.trajectory import Frame, Trajectory
from tests import made

PROFILE = ANALYSES["density-profile"]
PERIODIC = (True, True, True)


def run_of(*frames: Frame) -> Trajectory:
    return Trajectory.whole("run", made.FramesInMemory(frames, "run"))


def found(run: Trajectory, atoms: Any = None, **params: object) -> Result:
    inputs = Inputs(trajectory=run, atoms=atoms)
    return PROFILE.run(inputs, PROFILE.params(**params), Progress())


def slab(index: int = 0, shift: float = 0.0, scale: float = 1.0) -> Frame:
    """Ten layers of 25 Li, 2 A apart, under five of Pt, in a skewed cell 60 A high."""
    cell = np.array([[10.0, 0, 0], [3, 10, 0], [2, 1, 60]]) * scale
    places = []
    for layer in range(15):
        flat = np.stack(np.meshgrid(np.arange(5), np.arange(5), [0]), -1).reshape(-1, 3) / 5
        places.append(flat + np.array([0, 0, (2.0 * layer + 0.5 + shift) / 60]))
    numbers = np.repeat([3, 78], [250, 125])
    return Frame(index, np.concatenate(places) % 1.0 @ cell, numbers, cell, PERIODIC)


def test_that_layers_lie_where_they_are_and_make_up_all_atoms() -> None:
    result = found(run_of(slab(), slab(1)), width=0.5)
    table = result.tables["profile"]
    z, lithium, platinum = (np.array(table[name]) for name in ("distance", "Li", "Pt"))
    assert len(z) == 120
    assert z[np.flatnonzero(lithium)] == pytest.approx(2.0 * np.arange(10) + 0.75)
    assert lithium[lithium > 0] == pytest.approx(25 / (10 * 10 * 0.5))
    assert (lithium + platinum).sum() * 0.5 * 100 == pytest.approx(375)
    assert result.summary["mean_density"] == pytest.approx(375 / 6000)


def test_that_a_slab_that_drifts_and_a_cell_that_breathes_stay_sharp() -> None:
    frames = [slab(k, shift=7.0 * k, scale=1 + 0.01 * (k % 3)) for k in range(6)]
    result = found(run_of(*frames), width=60 / 121, origin="element == 'Pt'")
    z, lithium = (np.array(result.tables["profile"][name]) for name in ("distance", "Li"))
    assert (lithium > 0).sum() == 10
    assert z[np.flatnonzero(lithium)[-1]] == pytest.approx(-6.0, abs=0.51)
    assert z[0] < -29


def test_that_mass_is_that_of_the_elements() -> None:
    about = found(run_of(slab()), weight="mass", by="together").summary
    amu = 250 * 6.94 + 125 * 195.084
    assert about["mean_density"] == pytest.approx(amu * 1.66053906660 / 6000, rel=1e-3)


def test_that_a_gas_is_as_dense_around_each_place() -> None:
    rng = np.random.default_rng(0)
    frames = [
        Frame(k, rng.uniform(0, 20, (2000, 3)), np.full(2000, 18), np.eye(3) * 20, PERIODIC)
        for k in range(5)
    ]
    for along in ("radial", "around z"):
        of = found(run_of(*frames), along=along, width=1.0, origin="id == 5").arrays["density"][0]
        assert of[2:] == pytest.approx(0.25, rel=0.2)
        assert of[4:].mean() == pytest.approx(0.25, rel=0.05)


def test_that_a_shell_of_a_particle_lies_at_its_radius() -> None:
    rng = np.random.default_rng(1)
    out = rng.normal(size=(500, 3))
    out *= 8.0 / np.linalg.norm(out, axis=1)[:, None]
    particle = Frame(0, np.concatenate([out, -out]), np.full(1000, 78))
    result = found(run_of(particle), along="radial", width=0.5)
    density = result.arrays["density"][0]
    assert np.flatnonzero(density).tolist() == [len(density) - 1]
    assert result.summary["highest_at"] == pytest.approx(8.0, abs=0.3)


def test_that_without_a_cell_numbers_are_by_length() -> None:
    bare = replace(slab(), cell=None, pbc=(False,) * 3)
    result = found(run_of(bare), width=0.5)
    assert result.units["highest"] == "1/Å"
    assert result.arrays["density"].sum() * np.diff(result.arrays["distance"])[0] == pytest.approx(
        375
    )
    with pytest.raises(AnalysisProblem, match="need a periodic cell"):
        found(run_of(bare), weight="mass")


def test_that_some_atoms_and_some_frames_are_looked_at() -> None:
    run = run_of(slab(), slab(1), slab(2))
    about = found(run, atoms=rows(range(7)), begin=2).summary
    assert (about["n_atoms"], about["n_frames"]) == (7, 2)
    only = found(run, of="Pt", end=1).tables["profile"]
    assert list(only) == ["distance", "Pt"]
    with pytest.raises(AnalysisProblem, match="no atom takes part"):
        found(run, of="Au")


def test_that_a_bin_stands_for_the_atoms_that_are_there() -> None:
    run = run_of(slab())
    result = found(run, width=0.5)
    plot = PROFILE.plots["Density profile"](Inputs(trajectory=run), PROFILE.params(), result)
    bars = next(mark for mark in plot.marks if isinstance(mark, Bars))
    assert bars.rows[1].tolist() == list(range(25))
    assert sum(map(len, bars.rows)) == 375
