"""Rows: which models, metrics, frames or atoms are meant: sorted, unique, read-only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

Rows = NDArray[np.int32] | NDArray[np.int64]
"""Sorted unique integers, int32 where they fit (atom ids may need int64), not writeable."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class RowKey:
    """Rows as part of a key: equal when they hold the same numbers."""

    rows: Rows

    @cached_property
    def _data(self) -> bytes:
        return self.rows.tobytes()

    def __hash__(self) -> int:
        return hash(self._data)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RowKey) and self._data == other._data

    def __len__(self) -> int:
        return len(self.rows)


class Mode(StrEnum):
    """How a new selection meets the old one."""

    REPLACE = "replace"
    ADD = "add"
    REMOVE = "remove"
    TOGGLE = "toggle"
    INTERSECT = "intersect"


def _frozen(values: NDArray[np.integer]) -> Rows:
    if values.dtype != np.int32:
        small = values.size == 0 or (values[0] >= -(2**31) and values[-1] < 2**31)
        values = values.astype(np.int32 if small else np.int64)
    values.flags.writeable = False
    return values  # type: ignore[return-value]


def rows(values: ArrayLike | Iterable[int]) -> Rows:
    """Any integers as Rows. Raises TypeError for numbers that are not whole."""
    given = values if isinstance(values, np.ndarray) else list(values)  # type: ignore[arg-type]
    array = np.asarray(given)
    if array.size == 0:
        return NONE
    if array.dtype.kind not in "iu":
        raise TypeError(f"rows are whole numbers, not {array.dtype}")
    return _frozen(np.unique(array))


NONE: Rows = np.empty(0, np.int32)
NONE.flags.writeable = False


def all_rows(n: int) -> Rows:
    return _frozen(np.arange(n, dtype=np.int32))


def from_mask(mask: Mask) -> Rows:
    """The positions where a boolean array is true."""
    return _frozen(np.flatnonzero(mask))


def to_mask(chosen: Rows, n: int) -> Mask:
    """A boolean array of length n; rows outside 0..n-1 are left out."""
    mask = np.zeros(n, bool)
    mask[chosen[(chosen >= 0) & (chosen < n)]] = True
    return mask


def member(ids: NDArray[np.integer], chosen: Rows) -> Mask:
    """Which of `ids` (any order) are chosen: a look-up table where ids are dense, else a search."""
    if ids.size == 0 or chosen.size == 0:
        return np.zeros(ids.shape, bool)
    low, high = int(ids.min()), int(ids.max())
    if high - low > 8 * ids.size + 1024:
        return np.isin(ids, chosen)
    table = np.zeros(high - low + 1, bool)
    inside = chosen[(chosen >= low) & (chosen <= high)]
    table[inside - low] = True
    found: Mask = table[ids - low]
    return found


def combine(old: Rows, new: Rows, mode: Mode) -> Rows:
    """The selection after `new` was chosen in `mode`; the old object when nothing changes."""
    result = _combined(old, new, mode)
    return old if np.array_equal(result, old) else _frozen(result)


def _combined(old: Rows, new: Rows, mode: Mode) -> NDArray[np.integer]:
    match mode:
        case Mode.REPLACE:
            return new
        case Mode.ADD:
            return np.union1d(old, new)
        case Mode.REMOVE:
            return np.setdiff1d(old, new, assume_unique=True)
        case Mode.TOGGLE:
            return np.setxor1d(old, new, assume_unique=True)
        case Mode.INTERSECT:
            return np.intersect1d(old, new, assume_unique=True)
