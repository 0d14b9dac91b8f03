"""Classes by rules, and which atoms have others near them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk

from mlipviewer.analysis.methods.class_rules import LITHIUM, METAL, write_rules
from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.atoms import matching_atoms
from mlipviewer.core.problem import QueryProblem
from mlipviewer.core.trajectory import Frame
from mlipviewer.io.trajectories.opening import open_trajectory
from tests.analysis.frames.test_structure_columns import frame_of, with_column

PRESET = {"rules": write_rules(LITHIUM), "among": METAL}


def at_an_oxide() -> Frame:
    """bcc lithium below rows of oxygen, of which the upper lithium layer is within 2.6 A."""
    metal = bulk("Li", "bcc", a=3.5, cubic=True).repeat((4, 4, 6))
    top = metal.positions[:, 2].max()
    upper = metal.positions[metal.positions[:, 2] > top - 0.1]
    oxygen = Atoms(f"O{len(upper)}", upper + np.array([0, 0, 2.0]))
    cell = np.diag([14.0, 14.0, 40.0])
    return frame_of(Atoms([*metal.numbers, *oxygen.numbers],
                          np.concatenate([metal.positions, oxygen.positions]), cell=cell,
                          pbc=True))  # fmt: skip


def classes(frame: Frame) -> dict[str, int]:
    names = frame.classes["rules"]
    counts = np.bincount(frame.columns["rules"], minlength=len(names))
    return {name: int(n) for name, n in zip(names, counts, strict=True) if n}


def test_that_lithium_at_an_oxide_is_told_from_the_metal() -> None:
    found = classes(with_column("rules", at_an_oxide(), **PRESET))
    assert found["wall"] == 16
    assert found["electrolyte Li"] == 16
    assert found["bcc"] > 0
    assert sum(found.values()) == 16 + 192


def test_that_rules_use_what_the_frame_has_before_computing() -> None:
    frame = frame_of(bulk("Li", "bcc", a=3.5, cubic=True).repeat(3))
    assert classes(with_column("rules", frame)) == {"bcc": 54}
    wide = with_column("cna", frame, cutoff=2.0)  # with which nothing is bcc
    assert classes(with_column("rules", wide)) == {"disordered": 54}
    orders = with_column("rules", frame, rules="ordered: averaged_q6 > 0.4; rest: true")
    assert classes(orders) == {"ordered": 54}
    with pytest.raises(AnalysisProblem, match="rule 'a': there is no 'cma'"):
        with_column("rules", frame, rules="a: cma == 'bcc'")


def test_that_colours_go_with_the_classes() -> None:
    frame = frame_of(bulk("Li", "bcc", a=3.5, cubic=True).repeat(3))
    found = with_column("rules", frame, rules="low #ff0000: z < 5; high: true")
    assert found.class_colours["rules"] == ("#ff0000", "", "")


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ('near("O", 2.6)', 16),
        ("near('O', 2.6) and element == 'Li'", 16),
        ('near("Li", 2.6)', 16),  # the oxygen: bcc lithium is 3.03 A apart
        ('near("Li", 3.1) and element == "Li"', 192),
        ('near("H", 5)', 0),
        ("near(\"element == 'O' and x < 2\", 2.6)", 4),
    ],
)
def test_that_atoms_near_others_are_found(condition: str, count: int) -> None:
    assert len(matching_atoms(condition, at_an_oxide())) == count


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        ("near(O, 2)", "in quotes"),
        ('near("O")', "','"),
        ('near("O", -2)', "distance in A"),
        ('near("O", 200)', "up to 30 A"),
        ('near("w > 3", 2)', "no 'w'"),
    ],
)
def test_that_wrong_terms_are_told(condition: str, reason: str) -> None:
    with pytest.raises(QueryProblem, match=reason):
        matching_atoms(condition, at_an_oxide())


def test_that_a_species_of_the_file_comes_before_a_condition() -> None:
    frame = Frame(
        0,
        np.array([[0.0, 0, 0], [2, 0, 0], [9, 0, 0]]),
        np.array([3, 8, 8]),
        species=np.array(["Li", "O1", "O2"]),
    )
    assert matching_atoms('near("O1", 3)', frame).tolist() == [0]
    assert matching_atoms('near("O2", 3)', frame).tolist() == []


def test_that_contact_lithium_of_published_interfaces_is_left_out(shared_data: Path) -> None:
    folder = shared_data / "lithium" / "summer"
    files = sorted(folder.rglob("cellrelaxed_LLZO_001_Zr_code93_sto__Li_100_slab_heavy_T300_*.cif"))
    frame = open_trajectory(files[0]).frame(0)
    assert (frame.numbers == 3).sum() == 444
    found = classes(with_column("rules", frame, **PRESET))
    assert found["electrolyte Li"] == 98
    assert found["wall"] == frame.n_atoms - 444
    assert found["disordered"] > 100
    assert sum(n for name, n in found.items() if name != "wall") == 444
