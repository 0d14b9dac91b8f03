"""Rows: which models, metrics, frames or atoms are meant: sorted, unique, read-only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlipviewer.native.members import mark_members

Rows = NDArray[np.int32] | NDArray[np.int64]
"""Sorted unique integers, int32 where they fit (atom ids may need int64), not writeable."""

Mask = NDArray[np.bool_]


SAMPLED = 64
"""Rows of which a hash is made: those of a million are compared, not read through, to be found."""


@dataclass(frozen=True, eq=False)
class RowKey:
    """Rows as part of a key: equal when they hold the same numbers."""

    rows: Rows

    def __hash__(self) -> int:
        some = self.rows[:: len(self.rows) // SAMPLED + 1]
        return hash((len(self.rows), some.tobytes()))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RowKey):
            return False
        return self.rows is other.rows or np.array_equal(self.rows, other.rows)

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
    return _frozen(_sorted_once(array.ravel()))


def _sorted_once(values: NDArray[np.integer]) -> NDArray[np.integer]:
    """Each number once, in order: as it stands where it is so, by a table where that is small, for
    sorting a million takes half a second."""
    if bool((values[1:] > values[:-1]).all()):
        return values.copy()
    low, high = int(values.min()), int(values.max())
    if high - low > 8 * values.size + 1024 or high > np.iinfo(np.int64).max:
        return np.unique(values)
    table = np.zeros(high - low + 1, bool)
    table[values.astype(np.int64) - low] = True
    return np.flatnonzero(table) + low


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
    found = mark_members(ids, chosen) if ids.ndim == 1 else None
    return np.isin(ids, chosen) if found is None else found


def combine(old: Rows, new: Rows, mode: Mode) -> Rows:
    """The selection after `new` was chosen in `mode`; the old object when nothing changes."""
    result = _combined(old, new, mode)
    return old if np.array_equal(result, old) else _frozen(result)


def _combined(old: Rows, new: Rows, mode: Mode) -> NDArray[np.integer]:
    match mode:
        case Mode.REPLACE:
            return new
        case Mode.ADD:
            return rows(np.concatenate([old, new]))
        case Mode.REMOVE:
            return old[~member(old, new)]
        case Mode.TOGGLE:
            return rows(np.concatenate([old[~member(old, new)], new[~member(new, old)]]))
        case Mode.INTERSECT:
            return old[member(old, new)]
