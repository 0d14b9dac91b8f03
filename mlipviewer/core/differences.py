"""What runs of the same atoms side by side have between them: displacements, differences, spreads.

Atoms are the same by their id; runs are compared with the first one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.frames import unit_of
from mlipviewer.core.periodic import nearest_images, periodic_cell
from mlipviewer.core.spread import spread, spread_name
from mlipviewer.core.trajectory import Frame

Array = NDArray[Any]

DISPLACED = "displacement"
"""The name of `displaced_names` in conditions."""

DISPLACEMENT = "displacement from the first run"
SAME_OR_NOT = ("as in the first run", "otherwise")
"""The classes of `class_differences`, by code."""


def beside_names(frames: Sequence[Frame]) -> tuple[str, ...]:
    """The columns that there are only because several frames stand side by side."""
    if len(frames) < 2:
        return ()
    shared = [name for name in frames[0].columns if _is_shared(name, frames)]
    return (DISPLACEMENT, *map(spread_name, shared))


def _is_shared(name: str, frames: Sequence[Frame]) -> bool:
    """Whether all frames hold real numbers of one shape under a name."""
    columns = [frame.columns.get(name) for frame in frames]
    return all(
        one is not None and one.dtype.kind == "f" and one.shape[1:] == columns[0].shape[1:]  # type: ignore[union-attr]
        for one in columns
    )


def beside_columns(name: str, frames: Sequence[Frame], aligned: bool) -> list[Array] | None:
    """For each frame (n, ...) the values of one of `beside_names`; None for any other name."""
    if name not in beside_names(frames):
        return None
    if name == DISPLACEMENT:
        return [displacements(frames[0], frame, aligned) for frame in frames]
    column = _spread_of(name)
    first = spread(frames, column)
    return [of_atoms(frames[0], first, frame) for frame in frames]


def beside_unit(name: str, frame: Frame) -> str:
    """The unit of one of `beside_names`."""
    return "Å" if name == DISPLACEMENT else unit_of(frame, _spread_of(name), True)[0]


def _spread_of(name: str) -> str:
    return name.removeprefix("spread(").removesuffix(")")


# -- values


def rows_in(first: Frame, frame: Frame) -> Array:
    """(n,) the row that each atom of `frame` has in the first frame; -1 where it has none."""
    mine, others = first.atom_ids, frame.atom_ids
    if mine is others or np.array_equal(mine, others):
        return np.arange(frame.n_atoms)
    if first.n_atoms == 0:
        return np.full(frame.n_atoms, -1)
    order = np.argsort(mine, kind="stable")
    places = np.minimum(np.searchsorted(mine, others, sorter=order), len(order) - 1)
    found: Array = order[places]
    found[mine[found] != others] = -1
    return found


def of_atoms(first: Frame, values: Array, frame: Frame) -> Array:
    """(n, ...) the values that the atoms of `frame` have in the first frame; NaN where missing."""
    if first is frame:
        return values
    rows = rows_in(first, frame)
    found = np.full((frame.n_atoms, *values.shape[1:]), np.nan)
    found[rows >= 0] = values[rows[rows >= 0]]
    return found


def differences(name: str, frames: Sequence[Frame]) -> list[Array] | None:
    """For each frame (n, ...) a column less that of the same atoms in the first frame; None where
    the frames do not all hold real numbers of that name."""
    if len(frames) < 2 or not _is_shared(name, frames):
        return None
    first = frames[0].columns[name]
    return [frame.columns[name] - of_atoms(frames[0], first, frame) for frame in frames]


def class_differences(name: str, frames: Sequence[Frame]) -> list[Array] | None:
    """For each frame (n,) which of SAME_OR_NOT holds for the classes of its atoms, -1 for atoms
    that the first frame lacks; None where the frames do not all hold classes of that name."""
    classes = [_classes(name, frame) for frame in frames]
    if len(frames) < 2 or any(one is None for one in classes):
        return None
    first = classes[0]
    assert first is not None
    found = []
    for frame, own in zip(frames, classes, strict=True):
        rows = rows_in(frames[0], frame)
        codes = np.asarray(own != first[np.maximum(rows, 0)], np.int8) if len(first) else rows
        found.append(np.where(rows >= 0, codes, -1).astype(np.int8))
    return found


def _classes(name: str, frame: Frame) -> Array | None:
    """(n,) the names or numbers of classes, the same in all frames."""
    column = frame.columns.get(name)
    if column is None or column.ndim > 1 or column.dtype.kind not in "iubUSO":
        return None
    names = frame.classes.get(name)
    if names is None:
        return column
    codes = np.where((column >= 0) & (column < len(names)), column, len(names))
    return np.array([*names, ""])[codes]


# -- places


def displacements(first: Frame, frame: Frame, aligned: bool = False) -> Array:
    """(n, 3) from where each atom is in the first frame, over the nearest image, in A; NaN for
    atoms that it lacks.

    `aligned`: less the motion of all of them as a whole, that is their mean displacement, and
    where nothing repeats the rotation that brings them closest.
    """
    moved = frame.positions - of_atoms(first, first.positions, frame)
    if not aligned or first is frame:
        return nearest_images(moved, frame)
    good = np.isfinite(moved).all(axis=1)
    if not good.any():
        return moved
    if periodic_cell(frame) is None:
        return _superposed(frame.positions, frame.positions - moved, good)
    rest = nearest_images(moved - _common_shift(moved[good], frame), frame)
    return np.asarray(rest - rest[good].mean(axis=0))


def displaced_names(since: Callable[[], Frame], frame: Frame) -> dict[str, Callable[[], Array]]:
    """`displacement` (n,), how far each atom is from where it was in `since`, over the nearest
    image in A, and its parts [1] to [3]; made when they are asked for."""

    @cache
    def moved() -> Array:
        return displacements(since(), frame)

    parts = {f"{DISPLACED}[{k + 1}]": lambda k=k: moved()[:, k] for k in range(3)}
    return {DISPLACED: lambda: np.asarray(np.linalg.norm(moved(), axis=1)), **parts}


def _common_shift(moved: Array, frame: Frame) -> Array:
    """(3,) about how far all have moved: the mean direction of the parts of the cell on a circle,
    which no jump of an atom through a wall disturbs."""
    known = periodic_cell(frame)
    assert known is not None
    cell, repeats = known
    parts = moved @ np.linalg.inv(cell)
    turns = np.angle(np.exp(2j * np.pi * parts).mean(axis=0)) / (2 * np.pi)
    shift: Array = np.where(repeats, turns, parts.mean(axis=0)) @ cell
    return shift


def _superposed(places: Array, wanted: Array, good: Array) -> Array:
    """(n, 3) from `wanted` to `places`, so turned and moved that the good ones come closest."""
    middle, aim = places[good].mean(axis=0), wanted[good].mean(axis=0)
    u, _, v = np.linalg.svd((places[good] - middle).T @ (wanted[good] - aim))
    keep = np.diag([1.0, 1.0, np.sign(np.linalg.det(u @ v)) or 1.0])  # a rotation, no mirror
    found: Array = (places - middle) @ (u @ keep @ v) + aim - wanted
    return found
