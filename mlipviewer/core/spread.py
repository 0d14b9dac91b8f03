"""Where models disagree: the spread of a column over frames of the same atoms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.trajectory import Frame

Array = NDArray[Any]


def spread_name(column: str) -> str:
    return f"spread({column})"


def spreads(frames: Sequence[Frame]) -> Iterator[tuple[str, Callable[[], Array]]]:
    """`spread(NAME)` for each column of numbers that two or more frames share, and how to make it.

    (n,) in the order of the first frame's atoms.
    """
    if len(frames) < 2:
        return
    own = frames[0].columns
    for name in own:
        shared = [frame for frame in frames if _alike(frame, frames[0], name)]
        if len(shared) >= 2 and own[name].dtype.kind in "iuf":
            yield spread_name(name), partial(spread, shared, name)


def _alike(frame: Frame, first: Frame, name: str) -> bool:
    mine, others = frame.columns.get(name), first.columns[name]
    return mine is not None and mine.dtype.kind in "iuf" and mine.shape[1:] == others.shape[1:]


def spread(frames: Sequence[Frame], name: str) -> Array:
    """(n,) sqrt(<|v - <v>|^2>) of a column over the frames, for the atoms of the first one.

    The mean is over the frames that have the atom (by id) and a finite value of it; NaN where less
    than two have. For forces of a committee this is the model deviation of active learning.
    """
    ids = frames[0].atom_ids
    n, shape = len(ids), frames[0].columns[name].shape[1:]
    count = np.zeros(n)
    total = np.zeros((n, *shape))
    values = [_in_order(frame, name, ids) for frame in frames]
    for one in values:
        good = np.isfinite(one.reshape(n, -1)).all(axis=1)
        count += good
        total[good] += one[good]
    with np.errstate(all="ignore"):
        mean = total / count.reshape(n, *(1,) * len(shape))
        squares = np.zeros(n)
        for one in values:
            apart = ((one - mean).reshape(n, -1) ** 2).sum(axis=1)
            squares += np.where(np.isfinite(apart), apart, 0.0)
        found: Array = np.where(count >= 2, np.sqrt(squares / count), np.nan)
    return found


def _in_order(frame: Frame, name: str, ids: Array) -> Array:
    """A column for atoms of these ids, NaN where the frame lacks one."""
    values = np.asarray(frame.columns[name], float)
    if np.array_equal(frame.atom_ids, ids):
        return values
    order = np.argsort(frame.atom_ids)
    mine = frame.atom_ids[order]
    places = np.minimum(np.searchsorted(mine, ids), max(len(mine) - 1, 0))
    found = np.full((len(ids), *values.shape[1:]), np.nan)
    if len(mine):
        here = mine[places] == ids
        found[here] = values[order[places[here]]]
    return found
