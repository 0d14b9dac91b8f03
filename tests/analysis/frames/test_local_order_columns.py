"""Columns of local order, as any frame gets them."""

from __future__ import annotations

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk

from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.trajectory import Frame
from tests.analysis.frames.test_structure_columns import frame_of, with_column


def mixed() -> Frame:
    """Two oxygen atoms in bcc lithium."""
    lithium = bulk("Li", "bcc", a=3.5, cubic=True).repeat(4)
    both = lithium + Atoms("O2", [(1.75, 1.75, 0.3), (1.75, 8.75, 7.3)])
    return frame_of(Atoms(both.numbers, both.positions, cell=lithium.cell, pbc=True))


def test_that_neighbours_are_chosen_by_number_distance_or_faces() -> None:
    frame = frame_of(bulk("Li", "bcc", a=3.5, cubic=True).repeat(3))
    nearest = with_column("steinhardt", frame, neighbours=14).columns["q6"]
    within = with_column("steinhardt", frame, by="cutoff", cutoff=4.0).columns["q6"]
    faces = with_column("steinhardt", frame, by="voronoi").columns["q6"]
    assert nearest == pytest.approx(within)
    assert nearest == pytest.approx(0.510688, abs=1e-5)
    # six squares and eight hexagons by hand: q6 of the mean weighted by sqrt 2 / 4 and 0.6495 a^2
    assert faces == pytest.approx(0.566940, abs=1e-5)


def test_that_atoms_left_out_have_no_order() -> None:
    frame = mixed()
    only = {"among": "element == 'Li'"}
    lithium = frame.numbers == 3
    order = with_column("steinhardt", frame, **only).columns["averaged_q6"]
    assert np.isnan(order[~lithium]).all()
    assert np.isfinite(order[lithium]).all()
    cells = with_column("voronoi", frame, **only).columns
    assert (cells["voronoi_index"][~lithium] == -1).all()
    assert cells["voronoi_volume"][lithium] == pytest.approx(3.5**3 / 2)
    entropy = with_column("entropy", frame, **only).columns["entropy"]
    assert np.isnan(entropy[~lithium]).all()
    assert np.ptp(entropy[lithium]) < 1e-3


def test_that_neighbours_are_counted_for_each_element() -> None:
    columns = with_column("coordination", mixed(), cutoff=3.2, each_element=True).columns
    assert set(columns) == {
        "coordination", "local_density", "coordination_Li", "coordination_O"
    }  # fmt: skip
    total = columns["coordination_Li"] + columns["coordination_O"]
    assert np.array_equal(columns["coordination"], total)
    assert columns["coordination_Li"][:128].tolist() == [8] * 128
    near = columns["coordination_Li"][128:].sum()  # seen from either side
    assert columns["coordination_O"][:128].sum() == near > 0
    density = columns["local_density"][columns["coordination"] == 8]
    assert density == pytest.approx(9 / (4 / 3 * np.pi * 3.2**3))


def test_that_an_open_cell_wants_the_local_density() -> None:
    whole = mixed()
    frame = Frame(0, whole.positions, whole.numbers)
    with pytest.raises(AnalysisProblem, match="local density"):
        with_column("entropy", frame)
    found = with_column("entropy", frame, local_density=True).columns["entropy"]
    assert np.isfinite(found).all()
    averaged = with_column("entropy", frame, local_density=True, average=4.0).columns["entropy"]
    assert averaged.std() < found.std()
