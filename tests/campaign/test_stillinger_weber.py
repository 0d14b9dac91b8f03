"""The Stillinger-Weber potential of our own: known values of silicon, forces as differences."""

from __future__ import annotations

import numpy as np
import pytest
from ase.build import bulk
from ase.calculators.fd import calculate_numerical_forces, calculate_numerical_stress

from mlipviewer.campaign import crystals
from mlipviewer.campaign.design import Crystal
from mlipviewer.campaign.elasticity import averaged_constants, cubic_constants
from mlipviewer.campaign.failure import Failed
from mlipviewer.campaign.potentials.stillinger_weber import StillingerWeber
from mlipviewer.campaign.task import lattice_of

SILICON = Crystal("Si")


def test_that_silicon_has_its_published_lattice_and_moduli() -> None:
    """Balamane, Halicioglu and Tiller, Phys. Rev. B 46, 2250 (1992): 5.431 A, -4.337 eV, and
    Cowley, Phys. Rev. Lett. 60, 2379 (1988): 151.4, 76.4, 56.4 GPa."""
    calculator = StillingerWeber()
    a = lattice_of(calculator, SILICON)
    cell = crystals.cubic(SILICON, a)
    cell.calc = calculator
    assert a == pytest.approx(5.431, abs=5e-4)
    assert cell.get_potential_energy() / 8 == pytest.approx(-4.337, abs=1e-3)
    c11, c12, c44, b = cubic_constants(cell)
    assert (c11, c12, c44) == pytest.approx((151.4, 76.4, 56.4), abs=0.25)
    assert b == pytest.approx((c11 + 2 * c12) / 3)
    assert averaged_constants(cell) == pytest.approx((c11, c12, c44, b), abs=0.1)


def test_that_forces_and_stress_are_derivatives_of_the_energy() -> None:
    atoms = bulk("Si", a=5.43, cubic=True).repeat((2, 1, 1))
    rng = np.random.default_rng(3)
    atoms.rattle(0.25, rng=rng)
    sheared = np.array(atoms.cell) @ (np.eye(3) + 0.03 * rng.normal(size=(3, 3)))
    atoms.set_cell(sheared, scale_atoms=True)
    atoms.calc = StillingerWeber()
    forces, stress = atoms.get_forces(), atoms.get_stress()
    assert abs(forces.sum(axis=0)).max() < 1e-10
    assert forces == pytest.approx(calculate_numerical_forces(atoms, 1e-5), abs=1e-6)
    assert stress == pytest.approx(calculate_numerical_stress(atoms, 1e-6), abs=1e-6)
    assert atoms.get_potential_energies().sum() == pytest.approx(atoms.get_potential_energy())


def test_that_a_pair_and_an_atom_alone_have_their_energies() -> None:
    atoms = bulk("Si", a=5.43, cubic=True)[:2]
    atoms.set_cell([20, 20, 20])
    atoms.set_positions([[5, 5, 5], [7.3515, 5, 5]])
    atoms.calc = StillingerWeber()
    assert atoms.get_potential_energy() == pytest.approx(-2.1683, abs=2e-4)  # the depth epsilon
    alone = atoms[:1]
    alone.calc = StillingerWeber()
    assert alone.get_potential_energy() == 0.0
    assert not alone.get_forces().any()


def test_that_spoilt_positions_fail_with_a_reason() -> None:
    atoms = bulk("Si", a=5.43, cubic=True)
    atoms.calc = StillingerWeber()
    atoms.positions[0, 0] = np.nan
    with pytest.raises(Failed, match="not finite"):
        atoms.get_forces()
    atoms = bulk("Si", a=0.4, cubic=True)
    atoms.calc = StillingerWeber()
    with pytest.raises(Failed, match="the cell has shrunk"):
        atoms.get_forces()
