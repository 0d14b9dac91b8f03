"""Templates of ordered structures: which of an atom's neighbours are of its own kind."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.native import structure
from mlipviewer.native.nearest import Grid, nearest_atoms

Array = NDArray[Any]

CLASSES = ("other", "A1", "A2", "A3", "L1_0", "L1_2", "L1_1", "B2", "left out")
OTHER, A1, A2, A3, L1_0, L1_2, L1_1, B2, LEFT_OUT = range(len(CLASSES))
AT_ONCE = 50_000  # atoms


@dataclass(frozen=True, eq=False)
class Ordered:
    """By atom: the class (n,), neighbours of the wrong kind (n,) or -1, and the axis (n, 3)."""

    classes: Array
    wrong: Array
    axes: Array


@cache
def directions(parent: int) -> Array:
    """(k, 3) unit vectors to the neighbours in fcc (12) and bcc (8 and 6)."""
    ends = np.array(np.meshgrid(*[(-1, 0, 1)] * 3, indexing="ij")).reshape(3, -1).T
    size = (ends**2).sum(axis=1)
    kept = ends[size == 2] if parent == structure.FCC else ends[np.isin(size, (1, 3))]
    found: Array = kept / np.linalg.norm(kept, axis=1)[:, None]
    return found


@cache
def patterns(parent: int) -> tuple[Array, Array, Array]:
    """Templates (t, k) of neighbours that are of the atom's own kind, their classes (t,) and the
    axes (t, 3) of layers."""
    ends = directions(parent)
    if parent == structure.BCC:
        return (np.abs(ends).max(axis=1) > 0.9)[None], np.array([B2]), np.zeros((1, 3))
    rows: list[tuple[Array, int, Array]] = []
    for axis in np.eye(3):
        across = np.abs(ends @ axis) < 0.1
        rows.append((across, L1_0, axis))
        rows.append((~across, L1_2, np.zeros(3)))
    rows.append((np.zeros(len(ends), bool), L1_2, np.zeros(3)))
    for axis in np.array([(1, 1, 1), (1, 1, -1), (1, -1, 1), (-1, 1, 1)]) / np.sqrt(3):
        rows.append((np.abs(ends @ axis) < 0.1, L1_1, axis))
    return (
        np.stack([row[0] for row in rows]),
        np.array([row[1] for row in rows]),
        np.stack([row[2] for row in rows]),
    )


def matched(grid: Grid, kinds: Array, wrong: int, cutoff: float) -> Ordered:
    """The order around each atom of a grid; `kinds` (n,) are families of elements."""
    wanted = (structure.FCC, structure.HCP, structure.BCC)
    found = structure.match_templates(grid, wanted)
    good = found.deviations <= (cutoff or np.inf)
    types = np.where(good, found.types, structure.OTHER)
    plain = {structure.FCC: A1, structure.BCC: A2, structure.HCP: A3}
    result = Ordered(
        np.zeros(grid.n, np.uint8), np.full(grid.n, -1, np.int8), np.zeros((grid.n, 3), np.float32)
    )
    near, vectors = nearest_atoms(grid, 14)
    for parent, code in plain.items():
        own = np.flatnonzero(types == parent)
        result.classes[own] = code
        if parent == structure.HCP:
            continue
        for at in range(0, len(own), AT_ONCE):
            some = own[at : at + AT_ONCE]
            _match(result, some, (near[some], vectors[some]), kinds, found, parent, wrong)
    return result


def _match(
    result: Ordered, rows: Array, around: tuple[Array, Array], kinds: Array,
    found: structure.Templates, parent: int, wrong: int,
) -> None:  # fmt: skip
    """The best template of atoms on one lattice; those of few wrong neighbours are ordered."""
    ends = directions(parent)
    near, vectors = (one[:, : len(ends)] for one in around)
    turn = rotations(found.orientations[rows].astype(float))
    unit = vectors / np.linalg.norm(vectors, axis=2)[:, :, None]
    place = np.argmax(np.einsum("nkc,ncd,ed->nke", unit, turn, ends), axis=2)
    like = np.zeros((len(rows), len(ends)), np.int8)
    own = (kinds[near] == kinds[rows][:, None]) & (near >= 0)
    np.put_along_axis(like, place, np.where(own, 1, -1).astype(np.int8), axis=1)
    templates, classes, axes = patterns(parent)
    signs = np.where(templates, 1, -1)
    apart = (len(ends) - like @ signs.T.astype(np.int8)) // 2
    best = apart.argmin(axis=1)
    fewest = apart[np.arange(len(rows)), best]
    mixed = (like == 1).sum(axis=1) < len(ends)  # of one kind alone there is no order
    kept = (fewest <= wrong) & mixed
    result.classes[rows[kept]] = classes[best[kept]]
    result.wrong[rows[kept]] = fewest[kept]
    turned = np.einsum("ncd,nd->nc", turn[kept], axes[best[kept]])
    result.axes[rows[kept]] = _one_way(turned)


def rotations(quaternions: Array) -> Array:
    """(n, 3, 3) the rotations of quaternions (n, 4) w x y z: from templates to atoms."""
    w, x, y, z = quaternions.T
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ]
    found: Array = np.moveaxis(np.array(rows), 2, 0)
    return found


def _one_way(axes: Array) -> Array:
    """(n, 3) an axis has no sign: its largest part is positive."""
    largest = np.abs(axes.round(3)).argmax(axis=1)
    signs = np.sign(axes[np.arange(len(axes)), largest])
    found: Array = axes * np.where(signs == 0, 1, signs)[:, None]
    return found
