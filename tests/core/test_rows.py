"""Rows behave as sets of integers, whatever the mode."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlipviewer.core.rows import (
    NONE,
    Mode,
    RowKey,
    all_rows,
    combine,
    from_mask,
    member,
    rows,
    to_mask,
)

numbers = st.lists(st.integers(0, 40), max_size=30)
SETS = {
    Mode.REPLACE: lambda old, new: new,
    Mode.ADD: lambda old, new: old | new,
    Mode.REMOVE: lambda old, new: old - new,
    Mode.TOGGLE: lambda old, new: old ^ new,
    Mode.INTERSECT: lambda old, new: old & new,
}


@given(numbers)
def test_that_rows_are_sorted_unique_small_and_read_only(values: list[int]) -> None:
    found = rows(values)
    assert found.tolist() == sorted(set(values))
    assert found.dtype == np.int32
    assert not found.flags.writeable


@given(st.lists(st.integers(-128, 127), max_size=60), st.sampled_from(["i1", "i2", "i8", "u8"]))
def test_that_rows_are_those_of_numpy_whatever_the_integers(values: list[int], kind: str) -> None:
    given_values = np.abs(np.array(values, np.int64)) if kind == "u8" else np.array(values)
    array = given_values.astype(kind)
    before = array.copy()
    np.testing.assert_array_equal(rows(array), np.unique(array))
    np.testing.assert_array_equal(array, before)
    assert array.flags.writeable


def test_that_equal_rows_are_one_key() -> None:
    many = rows(np.arange(0, 300_000, 3))
    same, other = rows(np.arange(0, 300_000, 3)), rows(np.r_[0:299_997:3, 299_998])
    assert len({RowKey(many), RowKey(same), RowKey(other)}) == 2
    assert RowKey(many) == RowKey(same)
    assert RowKey(many) != RowKey(other)
    assert RowKey(NONE) == RowKey(rows([]))


def test_that_rows_are_whole_numbers() -> None:
    with pytest.raises(TypeError, match="whole"):
        rows([1.5])


def test_that_large_ids_keep_their_digits() -> None:
    found = rows([2**40, 1])
    assert found.dtype == np.int64
    assert found.tolist() == [1, 2**40]


@pytest.mark.parametrize("mode", list(Mode))
@given(old=numbers, new=numbers)
def test_that_combining_is_what_sets_do(mode: Mode, old: list[int], new: list[int]) -> None:
    found = combine(rows(old), rows(new), mode)
    assert found.tolist() == sorted(SETS[mode](set(old), set(new)))
    assert not found.flags.writeable


@pytest.mark.parametrize("mode", list(Mode))
def test_that_a_change_of_nothing_keeps_the_object(mode: Mode) -> None:
    old = rows([1, 2, 3])
    nothing = {
        Mode.REPLACE: rows([3, 2, 1]),
        Mode.ADD: rows([2]),
        Mode.REMOVE: rows([7]),
        Mode.TOGGLE: NONE,
        Mode.INTERSECT: all_rows(9),
    }
    assert combine(old, nothing[mode], mode) is old


@given(st.lists(st.booleans(), max_size=50))
def test_that_masks_and_rows_are_the_same_thing(bits: list[bool]) -> None:
    mask = np.array(bits, bool)
    assert np.array_equal(to_mask(from_mask(mask), len(mask)), mask)


def test_that_rows_beyond_the_length_are_left_out_of_a_mask() -> None:
    assert to_mask(rows([0, 2, 9]), 3).tolist() == [True, False, True]


@given(st.lists(st.integers(-5, 10**6), max_size=30), st.lists(st.integers(-5, 10**6), max_size=9))
def test_that_membership_is_found_in_any_order_of_ids(ids: list[int], chosen: list[int]) -> None:
    found = member(np.array(ids, np.int64), rows(chosen))
    assert found.tolist() == [one in set(chosen) for one in ids]
