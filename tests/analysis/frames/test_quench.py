"""Positions without thermal noise: crystals come out of it, and a melt does not turn into one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mlipviewer.analysis import ANALYSES, COMPUTATIONS
from mlipviewer.analysis.methods.control_crystal import LATTICES, control
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.computation import Asked, with_computed
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.io.trajectories.memory_source import MemorySource
from mlipviewer.io.trajectories.opening import open_trajectory
from mlipviewer.native.nearest import Grid, nearest_atoms
from mlipviewer.native.quench import cohesion, quenched
from mlipviewer.session.computing import ComputedSource
from tests.analysis.atoms.test_distributions_of_atoms import run_of

LITHIUM = 3.44 * np.sqrt(3) / 2
METAL = "region != 0"
EXAMPLE = Path("resources/examples/lithium/crystallization.extxyz.gz")


def share(frame: Frame, kind: str, method: str = "cna", **params: object) -> float:
    computation = COMPUTATIONS[method]
    found = computation.run(frame, computation.params(**params))
    return float(np.mean(found.columns[method] == computation.classes[method].index(kind)))


@pytest.mark.parametrize("lattice", LATTICES)
@pytest.mark.parametrize("method", ["cna", "ptm"])
def test_that_noise_goes_and_the_crystal_stays(lattice: str, method: str) -> None:
    """0.2 A by component in crystals as dense as lithium: 20 % and more are called otherwise."""
    warm = control(lattice, LITHIUM, 0.2, 4000)
    assert share(warm, lattice, method) < 0.85
    assert share(warm, lattice, method, positions="quenched") >= 0.999


def test_that_order_parameters_of_a_quenched_crystal_are_those_of_a_perfect_one() -> None:
    warm = control("fcc", 3.0, 0.15, 4000)
    steinhardt = COMPUTATIONS["steinhardt"]
    found = steinhardt.run(warm, steinhardt.params(positions="quenched")).columns
    assert np.median(found["q4"]) == pytest.approx(0.190941, abs=0.002)
    assert np.median(found["q6"]) == pytest.approx(0.574524, abs=0.002)


def test_that_a_perfect_crystal_stays_where_it_is() -> None:
    for lattice in LATTICES:
        cold = control(lattice, 3.0, 0.0, 500)
        found, _ = quenched(cold.positions, cold.cell, cold.pbc)
        assert np.abs(found - cold.positions).max() < 0.01
    assert cohesion() == pytest.approx(0.12222, abs=1e-4)  # zero pressure, by sums over 5 shells


def test_that_a_free_surface_holds_and_pieces_do_not_fly_apart() -> None:
    warm = control("bcc", LITHIUM, 0.2, 4000)
    thick = np.diag(warm.cell)[2]
    open_cell = np.diag([*np.diag(warm.cell)[:2], 3 * thick])
    found, _ = quenched(warm.positions, open_cell, (True, True, False))
    assert np.abs(found - warm.positions)[:, 2].max() < 3.0
    assert np.ptp(found[:, 2]) == pytest.approx(np.ptp(warm.positions[:, 2]), abs=1.5)


def test_that_disorder_stays_disorder() -> None:
    """Atoms at random, then pushed apart: there is no crystal before, and none afterwards."""
    rng = np.random.default_rng(4)
    n, side = 4000, (4000 * 20.4) ** (1 / 3)
    cell, pbc = np.eye(3) * side, (True, True, True)
    melt, _ = quenched(rng.random((n, 3)) * side, cell, pbc, steps=60)
    frame = Frame(0, melt, np.full(n, 3), cell, pbc)
    for kind in ("bcc", "fcc", "hcp"):
        assert share(frame, kind, positions="quenched") < 0.1


def test_that_turning_and_moving_the_frame_turns_and_moves_the_answer() -> None:
    warm = control("bcc", 3.0, 0.2, 500)
    turn = np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))[0]
    there = np.array([1.0, -20.0, 300.0])
    one, _ = quenched(warm.positions, warm.cell, warm.pbc)
    other, _ = quenched(warm.positions @ turn + there, warm.cell @ turn, warm.pbc)
    assert other == pytest.approx(one @ turn + there, abs=1e-4)


def test_that_too_few_atoms_stay_where_they_are_and_wrong_cells_are_told() -> None:
    few = np.random.default_rng(0).random((5, 3))
    assert np.array_equal(quenched(few, None, (False,) * 3)[0], few)
    assert quenched(np.empty((0, 3)), None, (False,) * 3)[0].shape == (0, 3)
    flat = Frame(4, np.zeros((20, 3)), np.full(20, 3), np.zeros((3, 3)), (True,) * 3)
    computation = COMPUTATIONS["quench"]
    with pytest.raises(AnalysisProblem, match="frame 5"):
        computation.run(flat, computation.params())


def test_that_what_is_quenched_once_is_not_quenched_again() -> None:
    warm = control("bcc", LITHIUM, 0.2, 500)
    quench, cna = COMPUTATIONS["quench"], COMPUTATIONS["cna"]
    source = MemorySource("warm", "memory", [warm])
    asked = (Asked("cna", cna.params(positions="quenched")), Asked("quench", quench.params()))
    frame = ComputedSource(source, asked).frame(0)
    assert np.mean(frame.columns["cna"] == 3) == 1.0
    assert frame.columns["quench_moved"].max() > 0.2
    moved = with_computed(warm, quench, quench.run(warm, quench.params(steps=1)))
    assert share(moved, "bcc", positions="quenched") < 1.0  # these positions, not better ones


def test_that_minimised_positions_are_those_of_the_column_or_of_a_calculator() -> None:
    warm = control("fcc", 2.8, 0.22, 500)
    trajectory = run_of(warm)
    with pytest.raises(AnalysisProblem, match="Energies of atoms with minimise"):
        counts(trajectory, positions="minimised")
    settings = '{"sigma": 2.55, "epsilon": 0.1, "rc": 6.0}'
    raw = counts(trajectory).summary["fcc_last"]
    found = counts(trajectory, positions="minimised", settings=settings,
                   calculator="ase.calculators.lj:LennardJones")  # fmt: skip
    assert raw is not None
    assert float(raw) < 0.6
    assert found.summary["fcc_last"] == 1.0


def counts(trajectory: Trajectory, **params: object) -> Result:
    structure = ANALYSES["structure"]
    return structure.run(Inputs(trajectory=trajectory), structure.params(**params), Progress())


@pytest.mark.parametrize(("index", "low"), [(0, 32.0), (90, 27.0)])
def test_that_the_seed_of_the_example_is_bcc_when_quenched(index: int, low: float) -> None:
    """The inner seed at 300 K: adaptive CNA calls a sixth of it other, and next to nothing then."""
    frame = open_trajectory(EXAMPLE).frame(index)
    height = frame.positions[:, 2]
    inner = (frame.columns["region"] == 1) & (height > low) & (height < low + 8)
    assert inner.sum() > 600
    cna = COMPUTATIONS["cna"]
    raw = cna.run(frame, cna.params(among=METAL)).columns["cna"][inner]
    still = cna.run(frame, cna.params(among=METAL, positions="quenched")).columns["cna"][inner]
    assert np.mean(raw == 3) < 0.86
    assert np.mean(still == 3) >= 0.995


def test_that_thermal_lithium_needs_the_larger_cutoff() -> None:
    """The crystal in the last frame: deviations up to 0.1 leave much of it out, 0.2 little."""
    frame = open_trajectory(EXAMPLE).frame(90)
    height = frame.positions[:, 2]
    inner = (frame.columns["region"] == 1) & (height > 27) & (height < 35)
    ptm, shares = COMPUTATIONS["ptm"], []
    for cutoff in (0.1, 0.2):
        found = ptm.run(frame, ptm.params(cutoff=cutoff, among=METAL)).columns["ptm"][inner]
        shares.append(float(np.mean(found == 3)))
    assert shares[0] < 0.8
    assert shares[1] > 0.97


LENNARD_JONES = {"bcc": -8.2373, "fcc": -8.6102, "hcp": -8.6111}
"""Energies of atoms at the best density, full range, in epsilon (literature)."""


@pytest.mark.parametrize("lattice", LATTICES)
def test_that_lennard_jones_crystals_have_their_energies(lattice: str) -> None:
    """By sums over the 400 nearest atoms and the rest as a continuum: neighbours are all found."""
    cold = control(lattice, 1.0, 0.0, 4000)
    density = cold.n_atoms / abs(np.linalg.det(cold.cell))
    with Grid(cold.positions, cold.cell, cold.pbc, 400) as grid:
        distances = np.linalg.norm(nearest_atoms(grid, 400)[1][0].astype(float), axis=1)
    end = (400.5 / density * 3 / (4 * np.pi)) ** (1 / 3)
    sixth, twelfth = (float((distances**-k).sum()) + 4 * np.pi * density * end ** (3 - k) / (k - 3)
                      for k in (6, 12))  # fmt: skip
    assert -(sixth**2) / (2 * twelfth) == pytest.approx(LENNARD_JONES[lattice], abs=0.01)
