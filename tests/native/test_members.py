"""Chosen ids and their kinds in C, against numpy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlipviewer.core.rows import member, rows
from mlipviewer.native.members import count_codes, mark_members


@given(
    st.lists(st.integers(-500, 500), max_size=60),
    st.lists(st.integers(-600, 600), max_size=60),
    st.sampled_from([np.int32, np.int64, np.int16, np.uint32]),
)
def test_that_members_agree_with_numpy(ids: list[int], chosen: list[int], kind: type) -> None:
    values = np.array(ids, np.int64)
    values = (np.abs(values) if kind is np.uint32 else values).astype(kind)
    found = mark_members(values, rows(chosen))
    assert found is not None
    np.testing.assert_array_equal(found, np.isin(values, chosen))


@pytest.mark.parametrize("far", [2**31 - 1, 2**62])
def test_that_ids_far_apart_are_searched(far: int) -> None:
    ids = np.array([-far, 0, 7, far])
    assert mark_members(ids, rows([7])) is None
    assert member(ids, rows([7, far])).tolist() == [False, False, True, True]


def test_that_strided_ids_are_read_right() -> None:
    ids = np.arange(40)[::2]
    assert np.flatnonzero(member(ids, rows([2, 3, 38]))).tolist() == [1, 19]


def test_that_kinds_are_counted_where_the_mask_holds() -> None:
    rng = np.random.default_rng(0)
    codes, mask = rng.integers(0, 256, 999).astype(np.uint8), rng.random(999) < 0.3
    np.testing.assert_array_equal(count_codes(codes, mask), np.bincount(codes[mask], minlength=256))
    with pytest.raises(ValueError, match="place"):
        count_codes(codes, mask[1:])
