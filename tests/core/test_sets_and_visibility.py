"""Named sets obey the algebra of sets; hidden atoms leave a frame."""

from types import MappingProxyType

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mlipviewer.core.named_sets import Join, complement, joined
from mlipviewer.core.rows import rows
from mlipviewer.core.trajectory import Frame
from mlipviewer.core.visibility import Visibility, visible_frame

SETS = st.sets(st.integers(-5, 2**40) | st.integers(0, 20), max_size=20)


@given(SETS, SETS)
def test_that_the_algebra_is_that_of_python_sets(a: set[int], b: set[int]) -> None:
    first, second = rows(a), rows(b)
    assert set(joined(first, second, Join.UNION).tolist()) == a | b
    assert set(joined(first, second, Join.INTERSECTION).tolist()) == a & b
    assert set(joined(first, second, Join.DIFFERENCE).tolist()) == a - b
    assert set(joined(first, second, Join.EITHER).tolist()) == a ^ b
    assert set(complement(second, first).tolist()) == a - b
    for how in Join:
        found = joined(first, second, how)
        assert (np.diff(found) > 0).all()
        assert not found.flags.writeable


FRAME = Frame(
    4,
    np.arange(15.0).reshape(5, 3),
    np.array([3, 3, 8, 3, 8]),
    np.eye(3),
    ids=np.array([50, 10, 40, 20, 30]),
    columns=MappingProxyType({"c_pe": np.arange(5.0), "forces": np.arange(15.0).reshape(5, 3)}),
    species=np.array(["a", "b", "c", "d", "e"]),
)


def test_that_hidden_atoms_leave_with_all_that_is_theirs() -> None:
    seen = visible_frame(FRAME, Visibility(rows([10, 30])))
    assert seen.ids is not None
    assert seen.species is not None
    assert seen.cell is FRAME.cell
    assert seen.ids.tolist() == [50, 40, 20]
    assert seen.positions.tolist() == FRAME.positions[[0, 2, 3]].tolist()
    assert seen.numbers.tolist() == [3, 8, 3]
    assert seen.species.tolist() == ["a", "c", "d"]
    assert set(seen.columns) == {"c_pe", "forces"}
    assert seen.columns["c_pe"].tolist() == [0, 2, 3]
    assert seen.columns["forces"].shape == (3, 3)
    assert not seen.columns["c_pe"].flags.writeable


def test_that_isolated_atoms_stay_alone_and_ids_are_kept_where_there_were_none() -> None:
    unnamed = Frame(0, FRAME.positions, FRAME.numbers)
    seen = visible_frame(unnamed, Visibility(rows([1]), rows([1, 3])))
    assert seen.atom_ids.tolist() == [3]


def test_that_a_frame_with_all_its_atoms_is_itself() -> None:
    assert visible_frame(FRAME, None) is FRAME
    assert visible_frame(FRAME, Visibility(rows([11]))) is FRAME


@given(st.sets(st.sampled_from([10, 20, 30, 40, 50])), st.sets(st.sampled_from([10, 20, 30])))
def test_that_hiding_one_after_the_other_is_hiding_both(a: set[int], b: set[int]) -> None:
    found = Visibility().without(rows(a)).without(rows(b)).kept(FRAME.atom_ids)
    assert set(FRAME.atom_ids[found].tolist()) == {10, 20, 30, 40, 50} - a - b
