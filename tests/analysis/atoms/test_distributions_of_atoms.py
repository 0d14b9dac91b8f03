"""Radial and angular distributions against crystals, a gas, and coordination by counting."""

from __future__ import annotations

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk

from mlipviewer.analysis import ANALYSES
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import rows
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.io.trajectories.memory_source import MemorySource
from tests.analysis.frames.test_structure_columns import frame_of


def run_of(*atoms: Atoms | Frame) -> Trajectory:
    frames = [one if isinstance(one, Frame) else frame_of(one, i) for i, one in enumerate(atoms)]
    return Trajectory.whole("made", MemorySource("made", "memory", frames))


def found(name: str, run: Trajectory, chosen: list[int] | None = None, **params: object) -> Result:
    inputs = Inputs(trajectory=run, atoms=None if chosen is None else rows(chosen))
    analysis = ANALYSES[name]
    return analysis.run(inputs, analysis.params(**params), Progress())


def noisy(kind: str, a: float, noise: float = 0.08) -> Atoms:
    crystal = bulk("Li", kind, a=a, cubic=True).repeat(6)
    rng = np.random.default_rng(2)
    crystal.positions += rng.normal(0, noise, crystal.positions.shape)
    return crystal


def test_that_a_gas_is_even_at_all_distances() -> None:
    rng = np.random.default_rng(0)
    cell = np.array([[20.0, 0, 0], [4, 19, 0], [-3, 2, 21]])
    gases = [
        Atoms("Ar2000", scaled_positions=rng.random((2000, 3)), cell=cell, pbc=True)
        for _ in range(4)
    ]
    g = np.array(found("rdf", run_of(*gases), bins=40).tables["rdf"]["g"])
    assert g[8:] == pytest.approx(1, abs=0.05)
    assert g[20:].mean() == pytest.approx(1, abs=0.005)


@pytest.mark.parametrize(("kind", "a", "first", "n"), [("fcc", 4.4, 3.111, 12), ("sc", 3.0, 3, 6)])
def test_that_the_first_shell_of_crystals_is_counted(
    kind: str, a: float, first: float, n: int
) -> None:
    result = found("rdf", run_of(noisy(kind, a)), cutoff=6.0)
    assert result.summary["first_peak"] == pytest.approx(first, abs=0.06)
    assert result.summary["coordination"] == pytest.approx(n, abs=0.02)


def test_that_pairs_of_species_are_told_apart() -> None:
    b2 = run_of(bulk("CsCl", "cesiumchloride", a=4.0).repeat(4))
    unlike = found("rdf", b2, centre="Cs", neighbour="Cl", cutoff=3.9).tables["rdf"]
    like = found("rdf", b2, centre="Cs", neighbour="Cs", cutoff=3.9).tables["rdf"]
    by_condition = found("rdf", b2, centre="number == 55", neighbour="element != 'Cs'", cutoff=3.9)
    assert unlike["n"][-1] == 8
    assert like["n"][-1] == 0
    assert by_condition.tables["rdf"] == unlike
    with pytest.raises(AnalysisProblem, match="no atoms"):
        found("rdf", b2, centre="Na")


def test_that_only_chosen_atoms_are_centres() -> None:
    crystal = noisy("fcc", 4.4, 0.0)
    del crystal[[1]]
    result = found("rdf", run_of(crystal), [0], cutoff=4.0)
    neighbours = result.tables["rdf"]["n"][-1]
    assert result.summary["n_centres"] == 1
    assert neighbours in (11, 12)
    whole = found("rdf", run_of(crystal), cutoff=4.0).tables["rdf"]["n"][-1]
    assert whole == pytest.approx(12 * (len(crystal) - 12) / len(crystal) + 11 * 12 / len(crystal))


def test_that_frames_are_averaged() -> None:
    one, other = bulk("Li", "fcc", a=4.4, cubic=True), bulk("Li", "sc", a=3.0)
    both = run_of(one.repeat(4), other.repeat(5))
    assert found("rdf", both, cutoff=3.3).tables["rdf"]["n"][-1] == (12 + 6) / 2
    assert found("rdf", both, cutoff=3.3, every=2).tables["rdf"]["n"][-1] == 12


def test_that_an_open_cluster_says_what_it_is_relative_to() -> None:
    whole = frame_of(noisy("fcc", 4.4))
    result = found("rdf", run_of(Frame(0, whole.positions, whole.numbers)))
    assert "relative" in result.notes[0]
    assert np.isfinite(result.tables["rdf"]["g"]).all()


def test_that_angles_of_crystals_are_those_of_geometry() -> None:
    diamond = run_of(bulk("Si", "diamond", a=5.43, cubic=True).repeat(2))
    result = found("adf", diamond, cutoff=2.6)
    assert result.summary["n_angles"] == 64 * 6
    assert result.summary["most_frequent"] == pytest.approx(109.47, abs=0.5)
    fcc = found("adf", run_of(bulk("Al", "fcc", a=4.05)), cutoff=3.0)
    density = np.array(fcc.tables["adf"]["density"])
    assert density.sum() == pytest.approx(1)
    assert fcc.summary["n_angles"] == 66


def test_that_angles_at_one_species_are_between_another() -> None:
    water = Atoms(
        "OH2", [(10, 10, 10), (10.96, 10, 10), (9.76, 10.93, 10)], cell=[20] * 3, pbc=True
    )
    result = found("adf", run_of(water), centre="O", neighbour="H", cutoff=1.2)
    assert result.summary["n_angles"] == 1
    assert result.summary["mean"] == pytest.approx(104.5, abs=0.6)
    assert (
        found("adf", run_of(water), centre="H", neighbour="O", cutoff=1.2).summary["mean"] is None
    )
