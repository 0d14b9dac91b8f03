"""Columns of structure types, as any frame gets them."""

from __future__ import annotations

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk

from mlipviewer.analysis import COMPUTATIONS
from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.atoms import matching_atoms
from mlipviewer.core.computation import InTurn, with_computed
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.io.trajectories.memory_source import MemorySource


def frame_of(atoms: Atoms, index: int = 0) -> Frame:
    return Frame(
        index,
        atoms.get_positions(),
        atoms.numbers.copy(),
        np.array(atoms.cell),
        (True, True, True),
    )


def with_column(name: str, frame: Frame, **params: object) -> Frame:
    computation = COMPUTATIONS[name]
    return with_computed(frame, computation, computation.run(frame, computation.params(**params)))


def test_that_classes_are_found_by_their_names() -> None:
    frame = with_column("cna", frame_of(bulk("Li", "bcc", a=3.5, cubic=True).repeat(4)))
    assert len(matching_atoms("cna == 'bcc'", frame)) == 128
    assert len(matching_atoms("cna in ('fcc', 'hcp')", frame)) == 0


def test_that_a_column_of_the_file_keeps_its_name() -> None:
    frame = frame_of(bulk("Li", "bcc", a=3.5, cubic=True).repeat(3))
    own = np.zeros(frame.n_atoms)
    given = Frame(0, frame.positions, frame.numbers, frame.cell, frame.pbc, columns={"cna": own})
    found = with_column("cna", given)
    assert found.columns["cna"] is own
    assert len(matching_atoms("`cna (computed)` == 'bcc'", found)) == 54


def test_that_only_the_atoms_asked_for_take_part() -> None:
    lithium = bulk("Li", "bcc", a=3.5, cubic=True).repeat(4)
    between = Atoms("O10", lithium.get_positions()[:10] + 0.8)
    frame = frame_of(lithium + between)
    frame = Frame(0, frame.positions, frame.numbers, np.array(lithium.cell), (True, True, True))
    all_of_it = with_column("ptm", frame)
    metal = with_column("ptm", frame, among="element == 'Li'")
    assert len(matching_atoms("ptm == 'bcc'", all_of_it)) < 128
    assert len(matching_atoms("ptm == 'bcc'", metal)) == 128
    assert len(matching_atoms("ptm == 'left out'", metal)) == 10


def test_that_b2_and_pure_metals_are_told_apart() -> None:
    b2 = bulk("CsCl", "cesiumchloride", a=3.2).repeat(4)
    assert len(matching_atoms("ptm_order == 'B2'", with_column("ptm", frame_of(b2)))) == len(b2)
    pure = bulk("Al", "fcc", a=4.05, cubic=True).repeat(3)
    found = with_column("ptm", frame_of(pure))
    assert len(matching_atoms("ptm_order == 'pure'", found)) == len(pure)
    assert found.columns["ptm_distance"] == pytest.approx(4.05 / np.sqrt(2))


def test_that_orientations_follow_a_turned_crystal() -> None:
    crystal = bulk("Al", "fcc", a=4.05, cubic=True).repeat(4)
    turned = crystal.copy()
    turned.rotate(20, "z", rotate_cell=True)
    for atoms, angle in ((crystal, 0.0), (turned, 20.0)):
        w, x, y, z = with_column("ptm", frame_of(atoms)).columns["ptm_orientation"][0]
        assert (abs(x), abs(y)) == pytest.approx((0, 0), abs=1e-5)
        found = np.degrees(2 * np.arctan2(abs(z), abs(w)))
        assert min(abs(found - angle), abs(found - (90 - angle))) < 1e-3


def test_that_wrong_parameters_are_told_in_a_sentence() -> None:
    frame = frame_of(bulk("Li", "bcc", a=3.5, cubic=True).repeat(2))
    with pytest.raises(AnalysisProblem, match="choose from fcc"):
        with_column("ptm", frame, templates="fcc, bbc")
    with pytest.raises(AnalysisProblem, match="even"):
        with_column("centro-symmetry", frame, neighbours=7)
    with pytest.raises(AnalysisProblem, match="among"):
        with_column("cna", frame, among="element ==")
    flat = Frame(2, frame.positions, frame.numbers, np.zeros((3, 3)), (True, True, True))
    with pytest.raises(AnalysisProblem, match="frame 3"):
        with_column("cna", flat)


def test_that_frames_are_computed_in_the_order_asked_for() -> None:
    crystals = [
        bulk("Li", kind, a=a, cubic=True).repeat(3) for kind, a in (("bcc", 3.5), ("fcc", 4.4))
    ]
    source = MemorySource("two", "memory", [frame_of(one, i) for i, one in enumerate(crystals)])
    trajectory = Trajectory.whole("two", source)
    cna = COMPUTATIONS["cna"]
    found = InTurn().over(trajectory, cna, cna.params(), [1, 0], Progress())
    assert [set(one.columns["cna"]) for one in found] == [{1}, {3}]
