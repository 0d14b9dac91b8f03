"""Powder diffraction: patterns of other programs, Debye's sum, S^2 of superlattice reflections.

The lines of copper, rock salt and L1_0 AuCu are those of pymatgen 2026.10 (XRDCalculator, no
symmetrising, 1.54184 A, 10 to 100 degrees), which has another table of form factors.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk
from ase.utils.xrdebye import XrDebye

from mlipviewer.analysis.atoms.diffraction import ANALYSIS, DiffractionParams
from mlipviewer.analysis.methods.scattering import debye, form_factor, q_of
from mlipviewer.core.analysis import AnalysisProblem, Result
from mlipviewer.core.plot import Points, Texts
from mlipviewer.core.progress import Cancelled, Progress
from mlipviewer.core.trajectory import Frame
from tests import alloys

COPPER = {
    "111": (43.3548, 100.0, 8), "200": (50.4943, 46.64, 6), "220": (74.1982, 26.719, 12),
    "311": (90.0328, 31.937, 24), "222": (95.2519, 9.577, 8),
}  # fmt: skip
SALT = {
    "111": (27.3887, 8.078, 8), "200": (31.7293, 100.0, 6), "220": (45.486, 65.628, 12),
    "222": (56.5214, 21.224, 8), "420": (75.3621, 24.748, 24),
}  # fmt: skip
GOLD = {
    "001": (24.2517, 21.246, 2), "110": (31.9615, 21.764, 4), "111": (40.5223, 100.0, 8),
    "200": (45.8286, 35.129, 4), "002": (49.6843, 13.83, 2), "201": (52.5147, 11.546, 8),
    "112": (60.3037, 7.816, 8), "311": (81.1546, 26.476, 16), "312": (96.3719, 5.718, 16),
}  # fmt: skip
FACES = np.array([[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]])


def frame_of(atoms: Atoms) -> Frame:
    periodic = bool(atoms.pbc.all())
    return Frame(
        0, np.array(atoms.positions), np.array(atoms.numbers),
        np.array(atoms.cell) if periodic else None, (periodic,) * 3,
    )  # fmt: skip


def salt() -> Atoms:
    places = np.concatenate([FACES, (FACES + 0.5) % 1])
    return Atoms("Na4Cl4", scaled_positions=places, cell=[5.6402] * 3, pbc=True)


def gold() -> Atoms:
    return Atoms("Cu2Au2", scaled_positions=FACES, cell=[3.96, 3.96, 3.67], pbc=True)


def ran(of: Frame, **params: object) -> Result:
    asked = DiffractionParams(**{"begin": 10.0, **params})  # type: ignore[arg-type]
    return ANALYSIS.run(alloys.inputs(of), asked, Progress())


def lines(result: Result) -> dict[str, tuple[float, float, int]]:
    table = result.tables["peaks"]
    return {
        name: (angle, intensity, n)
        for name, angle, intensity, n in zip(
            *(table[c] for c in ("hkl", "two_theta", "intensity", "multiplicity")), strict=True
        )
    }


@pytest.mark.parametrize(
    ("atoms", "known"),
    [(bulk("Cu", cubic=True, a=3.6149), COPPER), (salt(), SALT), (gold(), GOLD)],
    ids=["Cu", "NaCl", "CuAu"],
)
def test_that_lines_are_those_of_another_program(
    atoms: Atoms, known: dict[str, tuple[float, float, int]]
) -> None:
    found = lines(ran(frame_of(atoms)))
    for name, (angle, intensity, n) in known.items():
        assert found[name][0] == pytest.approx(angle, abs=1e-3), name
        assert found[name][1] == pytest.approx(intensity, abs=0.5), name
        assert found[name][2] == n, name
    assert len(found) in (5, 10, 17)


def test_that_supercells_and_turned_ones_give_the_same_lines() -> None:
    plain = lines(ran(frame_of(gold())))
    for frame in (
        frame_of(gold().repeat((2, 3, 4))),
        alloys.turned(frame_of(gold().repeat(3)), 5),
    ):
        found = lines(ran(frame))
        assert set(found) == set(plain)
        for name, line in plain.items():
            assert found[name] == pytest.approx(line, abs=2e-3)


def test_that_lines_of_order_are_told_from_those_of_the_lattice() -> None:
    table = ran(frame_of(gold())).tables["peaks"]
    kinds = dict(zip(table["hkl"], table["kind"], strict=True))
    assert kinds["001"] == kinds["110"] == kinds["201"] == "superlattice"
    assert kinds["111"] == kinds["200"] == kinds["002"] == "fundamental"
    assert ran(frame_of(bulk("Cu", cubic=True))).summary["n_superlattice"] == 0


def test_that_names_of_lines_do_not_cover_each_other() -> None:
    result = ran(frame_of(gold()))
    plot = ANALYSIS.plots["Pattern"](alloys.inputs(frame_of(gold())), DiffractionParams(), result)
    (names,) = (mark for mark in plot.marks if isinstance(mark, Texts))
    places = np.column_stack([names.x / 100, names.y / 120])
    apart = np.abs(places[:, None] - places).max(axis=2) + np.eye(len(places))
    assert apart.min() > 0.05
    assert {"001", "110", "111"} <= set(names.texts)
    points = [mark for mark in plot.marks if isinstance(mark, Points)]
    assert sum(len(mark.x) for mark in points) == 17


def test_that_form_factors_are_the_electrons_at_zero_and_fall() -> None:
    for number in (3, 14, 29, 46, 78):
        values = form_factor(number, np.linspace(0, 25, 50))
        assert values[0] == pytest.approx(number, abs=0.05)
        assert (np.diff(values) < 0).all()
    with pytest.raises(AnalysisProblem, match="know the elements"):
        form_factor(0, np.ones(1))


def test_that_debyes_sum_is_that_of_ase() -> None:
    frame = alloys.octahedron(7, 2)
    q = np.linspace(1, 9, 40)
    other = XrDebye(
        Atoms(numbers=frame.numbers, positions=frame.positions), 1.54, damping=0.0, method=None
    )
    wanted = np.array([other.get(s) for s in q / (2 * np.pi)]) / alloys.PT**2
    found = debye(frame, q, Progress()) / form_factor(alloys.PT, q) ** 2
    assert found == pytest.approx(wanted, rel=1e-9)


def test_that_debyes_sum_of_elements_is_the_sum_over_pairs() -> None:
    frame = alloys.shaken(alloys.sphere(alloys.random_alloy("fcc", 4), 6.0), 0.2)
    q = np.linspace(1, 8, 15)
    apart = np.linalg.norm(frame.positions[:, None] - frame.positions, axis=2)
    factors = np.stack([form_factor(int(z), q) for z in frame.numbers])
    waves = np.sinc(apart[None] * q[:, None, None] / np.pi)
    wanted = np.einsum("iq,jq,qij->q", factors, factors, waves)
    assert debye(frame, q, Progress()) == pytest.approx(wanted, rel=2e-4)


def test_that_particles_scatter_where_crystals_do() -> None:
    frame = alloys.sphere(alloys.ordered("L1_0", 12), 20.0)
    result = ran(frame, begin=20.0, end=50.0)
    assert result.summary["method"] == "Debye"
    angles, curve = result.arrays["angles"], result.arrays["curve"]
    crystal = lines(ran(alloys.ordered("L1_0")))
    assert angles[curve.argmax()] == pytest.approx(crystal["111"][0], abs=0.2)
    near = np.abs(angles - crystal["001"][0]) < 1.5
    assert angles[near][curve[near].argmax()] == pytest.approx(crystal["001"][0], abs=0.2)
    order = result.tables["order"]
    assert order["two_theta"][0] == pytest.approx(crystal["001"][0], abs=1e-3)


@pytest.mark.parametrize("structure", ["L1_0", "L1_2", "L1_1", "B2"])
def test_that_ordered_crystals_have_s_squared_one(structure: str) -> None:
    result = ran(alloys.ordered(structure))
    assert result.summary["structure"] == structure
    assert result.summary["s_squared"] == pytest.approx(1.0)
    assert result.tables["order"]["s_squared"] == pytest.approx(
        [1.0] * len(result.tables["order"]["hkl"])
    )


@pytest.mark.parametrize("method", ["peaks", "Debye"])
def test_that_antisites_weaken_the_lines_of_order(method: str) -> None:
    frame = alloys.shaken(alloys.turned(alloys.with_antisites("L1_0", 0.8, 8)), 0.05)
    result = ran(frame, method=method, end=60.0, step=0.5)
    assert result.summary["s_squared"] == pytest.approx(0.64, abs=0.02)
    assert result.summary["long_range_order"] == pytest.approx(0.8, abs=0.015)
    if method == "peaks":
        ordered = lines(ran(alloys.ordered("L1_0", 8), end=60.0))
        found = lines(result)
        ratio = (found["001"][1] / ordered["001"][1]) / (found["111"][1] / ordered["111"][1])
        assert ratio == pytest.approx(0.64, abs=0.02)


def test_that_heat_damps_and_longer_waves_spread() -> None:
    frame = frame_of(bulk("Cu", cubic=True, a=3.6149))
    plain, damped = lines(ran(frame)), lines(ran(frame, damping=2.0))
    s = [np.sin(np.radians(plain[name][0] / 2)) / 1.54184 for name in ("111", "222")]
    wanted = np.exp(-4.0 * (s[1] ** 2 - s[0] ** 2))
    assert damped["222"][1] / plain["222"][1] == pytest.approx(wanted, rel=1e-6)
    molybdenum = lines(ran(frame, anode="Mo Kα"))
    assert molybdenum["111"][0] == pytest.approx(
        2 * np.degrees(np.arcsin(0.71073 / 1.54184 * np.sin(np.radians(plain["111"][0] / 2)))),
        abs=1e-6,
    )
    assert lines(ran(frame, wavelength=1.0))["111"][0] < plain["111"][0]


def test_that_what_cannot_be_is_told() -> None:
    particle = alloys.octahedron(7, 2)
    with pytest.raises(AnalysisProblem, match="repeats in all directions"):
        ran(particle, method="peaks")
    with pytest.raises(AnalysisProblem, match="no frame 6"):
        ran(particle, frame=5)
    with pytest.raises(AnalysisProblem, match="end behind"):
        ran(particle, begin=50.0, end=40.0)
    with pytest.raises(AnalysisProblem, match="know the elements"):
        ran(replace(particle, numbers=np.zeros(particle.n_atoms, int)))
    large = replace(alloys.ordered("L1_0", 20), cell=np.eye(3) * 400.0)
    with pytest.raises(AnalysisProblem, match="too many reflections"):
        ran(large)
    stopped = Progress()
    stopped.stop()
    with pytest.raises(Cancelled):
        debye(particle, q_of(np.array([30.0]), 1.5), stopped)
