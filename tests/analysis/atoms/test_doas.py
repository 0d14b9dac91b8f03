"""The density of atomistic states of crystals whose energies are known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk
from ase.calculators.lj import LennardJones

from mlipviewer.analysis import ANALYSES
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.plot import Points, Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.timing import Temperature
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.io.trajectories.memory_source import MemorySource

DOAS = ANALYSES["doas"]
A, CUT = 1.5424, 1.3
LJ = "ase.calculators.lj:LennardJones"
NEAREST = f'{{"sigma": 1, "epsilon": 1, "rc": {CUT}}}'


def run_of(name: str, *frames: Frame, kelvin: float | None = None) -> Trajectory:
    source = MemorySource(name, "memory", list(frames))
    held = Temperature(kelvin) if kelvin else Temperature()
    return Trajectory(name, source, range(len(frames)), temperature=held)


def with_energies(energies: Any, index: int = 0, total: float | None = None, **about: Any) -> Frame:
    energies = np.array(energies, float)
    n = len(energies)
    info = {"energy": float(energies.sum()) if total is None else total}
    numbers = about.pop("numbers", np.full(n, 3))
    return Frame(
        index, np.arange(3.0 * n).reshape(n, 3), numbers, columns={"energies": energies},
        info=info, **about,
    )  # fmt: skip


def frame_of(atoms: Atoms) -> Frame:
    cell = np.array(atoms.cell)
    return Frame(0, atoms.get_positions(), atoms.numbers.copy(), cell, (True, True, True))


def vacancy() -> Atoms:
    crystal = bulk("Ar", "fcc", a=A, cubic=True).repeat(4)
    del crystal[17]
    return crystal


def doas(*runs: Trajectory, **params: Any) -> Result:
    inputs = Inputs(trajectory=runs[0], beside={one.name: one for one in runs[1:]})
    return DOAS.run(inputs, DOAS.params(**params), Progress())


def test_that_a_vacancy_raises_its_twelve_neighbours_by_a_twelfth() -> None:
    calculator = LennardJones(sigma=1, epsilon=1, rc=CUT)
    crystal = vacancy()
    crystal.calc = calculator
    energies = crystal.get_potential_energies()
    frame = with_energies(energies, total=crystal.get_potential_energy())
    result = doas(run_of("vacancy", frame), bandwidth=0.01)
    peaks = result.tables["peaks"]
    low = -1.845084
    assert peaks["center"] == pytest.approx([low, low * 11 / 12], abs=2e-3)
    assert peaks["population"] == pytest.approx([243 / 255, 12 / 255], abs=1e-5)
    assert result.summary["sum_gap"] == pytest.approx(0, abs=1e-10)
    rounded = np.round(energies, 6)
    assert sorted(zip(*np.unique(rounded, return_counts=True), strict=True)) == [
        (pytest.approx(low, abs=1e-6), 243),
        (pytest.approx(-1.691327, abs=1e-6), 12),
    ]


def test_that_a_calculator_gives_the_same() -> None:
    given = doas(
        run_of("vacancy", frame_of(vacancy())), calculator=LJ, settings=NEAREST, bandwidth=0.01
    )
    assert given.tables["peaks"]["population"] == pytest.approx([243 / 255, 12 / 255], abs=1e-5)
    assert given.summary["sum_gap"] == pytest.approx(0, abs=1e-10)


def test_that_minimising_takes_off_thermal_noise() -> None:
    crystal = bulk("Ar", "fcc", a=1.5496, cubic=True).repeat(3)
    crystal.positions += np.random.default_rng(0).normal(0, 0.02, crystal.positions.shape)
    shaken = run_of("shaken", frame_of(crystal))
    asked = {"calculator": LJ, "settings": '{"sigma": 1, "epsilon": 1, "rc": 2.0}'}
    raw = doas(shaken, **asked)
    still = doas(shaken, minimise=True, fmax=1e-5, **asked)
    raw_width, still_width = raw.summary["width"], still.summary["width"]
    assert isinstance(raw_width, float)
    assert isinstance(still_width, float)
    assert raw_width > 0.05
    assert still_width == pytest.approx(1e-3, rel=1e-3)  # that of the kernel
    assert still.summary["n_peaks"] == 1


def test_that_energies_that_miss_the_total_are_told_of() -> None:
    result = doas(run_of("half", with_energies([-1.0, -2.0], total=-6.0)))
    assert result.summary["sum_gap"] == pytest.approx(0.5)
    assert "miss the total" in result.notes[0]


def test_that_models_agree_in_shape_after_a_shift() -> None:
    rng = np.random.default_rng(2)
    shape = rng.normal(0, 0.05, 4000)
    numbers = np.where(np.arange(4000) % 4 == 0, 8, 3)
    one = with_energies(shape + np.where(numbers == 8, -5.0, -1.9), numbers=numbers)
    other = with_energies(shape + np.where(numbers == 8, -7.5, -3.3), numbers=numbers)
    runs = run_of("one", one), run_of("other", other)
    apart = doas(*runs)
    assert apart.tables["overlaps"]["ovl"] == pytest.approx([0], abs=1e-6)
    assert "only after a shift" in apart.notes[0]
    together = doas(*runs, shift="mean")
    assert together.tables["overlaps"]["ovl"] == pytest.approx([1], abs=1e-6)
    assert not together.notes
    crystal = doas(*runs, shift="reference", reference="one: Li=-1.9, O=-5; other: Li=-3.3, O=-7.5")
    assert crystal.tables["overlaps"]["bc"] == pytest.approx([1], abs=1e-6)
    assert crystal.summary["mean"] == pytest.approx(shape.mean(), abs=1e-9)


def test_that_a_missing_reference_is_named() -> None:
    run = run_of("one", with_energies([-1.0, -2.0], numbers=np.array([3, 8])))
    with pytest.raises(AnalysisProblem, match="no reference energy of O"):
        doas(run, shift="reference", reference="Li=-1.9")
    with pytest.raises(AnalysisProblem, match="write Li="):
        doas(run, shift="reference", reference="lithium")


def test_that_species_and_parts_have_their_own_densities() -> None:
    numbers = np.array([3] * 30 + [8] * 10)
    frames = [with_energies([-1.0 - i] * 30 + [-5.0] * 10, i, numbers=numbers) for i in range(4)]
    by_species = doas(run_of("run", *frames), by="species").tables["groups"]
    assert (by_species["group"], by_species["n"]) == (["Li", "O"], [120, 40])
    parts = doas(run_of("run", *frames), by="part", parts=2, among="element == 'Li'")
    assert parts.tables["groups"]["mean"] == [-1.5, -3.5]
    layers = doas(run_of("run", frames[0]), by="layer", thickness=60.0)
    assert layers.tables["groups"]["n"] == [20, 20]


def test_that_classes_have_their_own_densities() -> None:
    crystal = bulk("Li", "bcc", a=3.5, cubic=True).repeat(6)
    low = crystal.positions[:, 2] < 10
    crystal.positions[low] += np.random.default_rng(0).normal(0, 0.6, (low.sum(), 3))
    plain = frame_of(crystal)
    energies = np.where(low, -1.7, -1.9)
    frame = Frame(
        0, plain.positions, plain.numbers, plain.cell, plain.pbc, columns={"energies": energies}
    )
    groups = doas(run_of("run", frame), by="class").tables["groups"]
    means = dict(zip(groups["group"], groups["mean"], strict=True))
    assert means["bcc"] == pytest.approx(-1.9, abs=0.01)
    assert means["other"] > -1.85


def test_that_the_onset_is_the_first_temperature_that_is_wider() -> None:
    rng = np.random.default_rng(1)
    runs = [
        run_of(f"{kelvin} K", with_energies(rng.normal(-3, width, 5000)), kelvin=kelvin)
        for kelvin, width in ((800, 0.08), (300, 0.04), (600, 0.041), (1000, 0.1))
    ]
    assert doas(*runs, bandwidth=0.005).summary["onset"] == 800
    assert doas(*runs[1:3], bandwidth=0.005).summary["onset"] is None


def test_that_the_points_stand_for_atoms_at_their_mean_energies() -> None:
    frames = [with_energies([-1.0, -2.0 - i], i) for i in range(3)]
    result = doas(run_of("run", *frames))
    drawn = DOAS.plots["DOAS"](Inputs(), DOAS.params(), result)
    (atoms,) = (mark for mark in drawn.marks if isinstance(mark, Points))
    assert atoms.space is Space.ATOM
    assert atoms.rows.tolist() == [0, 1]
    assert atoms.x.tolist() == [-1.0, -3.0]


def test_that_what_cannot_be_had_is_said() -> None:
    bare = run_of("bare", frame_of(vacancy()))
    with pytest.raises(AnalysisProblem, match="no energies of atoms"):
        doas(bare)
    with pytest.raises(AnalysisProblem, match="name a calculator as"):
        doas(bare, minimise=True)
    with pytest.raises(AnalysisProblem, match="is no ASE calculator"):
        doas(bare, calculator="os:getcwd")
    with pytest.raises(AnalysisProblem, match="no JSON object"):
        doas(bare, calculator=LJ, settings="sigma=1")
    with pytest.raises(AnalysisProblem, match="no column of numbers"):
        doas(bare, column="site")
    with pytest.raises(AnalysisProblem, match="more than 12"):
        doas(run_of("r", with_energies(np.zeros(40))), by="layer", thickness=0.5)
