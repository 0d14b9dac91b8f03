"""Clusters of atoms, the place of a front, and orientations of cubic crystals."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.frames import some_atoms
from mlipviewer.core.neighbours import pairs
from mlipviewer.core.trajectory import Frame

Array = NDArray[Any]

NEAR = np.deg2rad(10.0)
"""Orientations nearer than this belong to one grain."""
CANDIDATES = 60


def clusters_of(frame: Frame, chosen: Array, distance: float | None) -> Array:
    """(n,) int32: 1 for the largest cluster of the chosen atoms (n,), 2 for the next ...; 0 for the
    others. Atoms belong together when bonded, or at most `distance` A apart, over images too. Of
    clusters as large as each other, that with the lowest row comes first."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    found = np.zeros(frame.n_atoms, np.int32)
    rows = np.flatnonzero(chosen)
    if len(rows) == 0:
        return found
    first, second = pairs(some_atoms(frame, chosen), distance)
    graph = coo_matrix((np.ones(len(first), bool), (first, second)), (len(rows),) * 2)
    n, labels = connected_components(graph, directed=False)
    order = np.argsort(-np.bincount(labels, minlength=n), kind="stable")
    ranks = np.empty(n, np.int32)
    ranks[order] = np.arange(1, n + 1)
    found[rows] = ranks[labels]
    return found


def front_of(heights: Array, crystalline: Array, width: float, downward: bool) -> float:
    """Where the crystalline share crosses 1/2 on one side of the largest crystalline part, in A
    along the axis; NaN where there is none. Bins of `width` A, a straight line between them."""
    good = np.isfinite(heights)
    heights, crystalline = heights[good], crystalline[good]
    if len(heights) == 0 or not crystalline.any():
        return np.nan
    low = float(heights.min())
    places = ((heights - low) / width).astype(int)
    n = np.bincount(places)
    crystal = np.bincount(places, crystalline.astype(float), len(n))
    there = n > 0
    at = low + (np.flatnonzero(there) + 0.5) * width
    share = crystal[there] / n[there]
    inside = share > 0.5
    if not inside.any():
        return np.nan
    runs = np.split(np.arange(len(share)), np.flatnonzero(np.diff(inside.astype(int))) + 1)
    sizes = [crystal[there][run].sum() if inside[run[0]] else -1.0 for run in runs]
    run = runs[int(np.argmax(sizes))]
    near, far = (int(run[0]), int(run[0]) - 1) if downward else (int(run[-1]), int(run[-1]) + 1)
    if not 0 <= far < len(share):
        return np.nan
    part = (share[near] - 0.5) / (share[near] - share[far])
    return float(at[near] + part * (at[far] - at[near]))


def cubic_symmetry() -> Array:
    """(24, 4) the rotations of a cube as quaternions w x y z."""
    from scipy.spatial.transform import Rotation

    found = Rotation.create_group("O").as_quat(canonical=True)
    return np.ascontiguousarray(found[:, [3, 0, 1, 2]])


def times_each(one: Array, other: Array) -> Array:
    """Quaternion products w x y z; the shapes (..., 4) are broadcast."""
    a, b, c, d = np.moveaxis(one, -1, 0)
    e, f, g, h = np.moveaxis(other, -1, 0)
    return np.stack(
        (
            a * e - b * f - c * g - d * h,
            a * f + b * e + c * h - d * g,
            a * g - b * h + c * e + d * f,
            a * h + b * g - c * f + d * e,
        ),
        axis=-1,
    )


def misorientation(quaternions: Array, reference: Array) -> Array:
    """(n,) the smallest angle in radians between orientations (n, 4) of a cubic crystal and one
    (4,): over the 24 ways to turn the template."""
    turned = times_each(reference, cubic_symmetry())
    nearest = np.abs(np.asarray(quaternions, float) @ turned.T).max(axis=1)
    found: Array = 2 * np.arccos(np.clip(nearest, 0, 1))
    return found


def main_orientation(quaternions: Array, seed: int = 0) -> Array:
    """(4,) the orientation that most of (n, 4) share: the mean of those near the one, of a few that
    are tried, which has most neighbours."""
    quaternions = np.asarray(quaternions, float)
    rng = np.random.default_rng(seed)
    tried = rng.permutation(len(quaternions))[:CANDIDATES]
    sample = quaternions[rng.permutation(len(quaternions))[:5000]]
    counts = [(misorientation(sample, quaternions[i]) < NEAR).sum() for i in tried]
    best = quaternions[tried[int(np.argmax(counts))]]
    turned = times_each(quaternions[:, None, :], cubic_symmetry()[None])
    dots = turned @ best
    which = np.abs(dots).argmax(axis=1)
    rows = np.arange(len(quaternions))
    own = turned[rows, which] * np.sign(dots[rows, which])[:, None]
    mean = own[np.abs(dots[rows, which]) > np.cos(NEAR / 2)].mean(axis=0)
    found: Array = mean / np.linalg.norm(mean)
    return found
