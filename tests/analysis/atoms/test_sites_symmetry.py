"""What must not change the sites: supercells, rotations, other origins, another order of atoms."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from ase import Atoms
from hypothesis import given, settings
from hypothesis import strategies as st

from mlipviewer.analysis import ANALYSES
from mlipviewer.core.analysis import Result
from mlipviewer.core.progress import Progress
from tests.analysis.crystals import atoms_of, inputs_of

SITES = ANALYSES["sites"]
NAMES = ("LaCl3", "P2-NaCoO2", "NASICON")


def found(atoms: Atoms, **params: Any) -> Result:
    return SITES.run(inputs_of(atoms), SITES.params(**params), Progress())


def told(result: Result, times: int = 1) -> object:
    """What sites there are, and how they hang together, in one cell of so many."""
    about, sites = result.summary, result.tables["sites"]
    names = ("kind", "coordination", "faces", "edges", "corners", "dimension")
    kinds = Counter(zip(*(sites[name] for name in names), strict=True))
    volumes = np.unique(np.round(sites["volume"], 2)).tolist()
    return (
        {kind: n / times for kind, n in kinds.items()},
        volumes,
        about["passes"],
        about["dimension"],
        pytest.approx(about["percolation_radius"], abs=2e-4),
    )


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("repeat", [(2, 1, 1), (1, 1, 2), (2, 2, 1)])
def test_that_a_supercell_has_as_many_times_the_sites(
    name: str, repeat: tuple[int, int, int]
) -> None:
    atoms, n = atoms_of(name), int(np.prod(repeat))
    assert told(found(atoms.repeat(repeat)), n) == told(found(atoms))


@settings(max_examples=25)
@given(
    name=st.sampled_from(NAMES[:2]),
    turn=st.tuples(*[st.floats(0, 360)] * 3),
    shift=st.tuples(*[st.floats(-1, 1)] * 3),
    order=st.randoms(use_true_random=False),
)
def test_that_rotation_origin_and_order_change_nothing(
    name: str, turn: tuple[float, ...], shift: tuple[float, ...], order: Any
) -> None:
    atoms = atoms_of(name)
    plain = told(found(atoms))
    atoms.rotate(turn[0], (turn[1] + 1.0, turn[2], 3.0), rotate_cell=True)
    atoms.positions += np.array(shift) @ atoms.cell.array
    rows = list(range(len(atoms)))
    order.shuffle(rows)
    assert told(found(atoms[rows])) == plain


def test_that_given_sites_do_not_depend_on_the_cell_that_is_chosen() -> None:
    atoms = atoms_of("LaCl3")
    wanted = told(found(atoms, sites="given"))
    wrapped = atoms.copy()
    wrapped.positions += atoms.cell.array[0] * 3 - atoms.cell.array[2]
    assert told(found(wrapped, sites="given")) == wanted
    skewed = atoms.copy()
    cell = atoms.cell.array.copy()
    cell[1] += cell[0]
    skewed.set_cell(cell)  # the same lattice by other vectors
    assert told(found(skewed, sites="given")) == wanted
