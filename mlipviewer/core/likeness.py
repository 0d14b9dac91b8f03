"""Which frames of two runs of the same atoms are most alike: by their best alignment."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.differences import rows_in
from mlipviewer.core.periodic import periodic_cell
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Frame, Trajectory

Array = NDArray[Any]

MOST_FRAMES, MOST_ATOMS = 400, 200
"""Of longer runs and larger frames so many are compared, evenly chosen."""


class NotAlike(Exception):
    """Why two runs cannot be aligned, in words."""


def most_alike(first: Trajectory, other: Trajectory, progress: Progress) -> Array:
    """(n_frames of first,) the frame of the other run that is most like each frame of the first.

    Likeness is the root mean square distance of the atoms that both first frames have (by id), over
    the nearest images, after the motion of all as a whole is taken away; without periodicity the
    best rotation too. Raises NotAlike, ReadProblem, Cancelled.
    """
    start = first.frame(0)
    rows = rows_in(start, other.frame(0))
    both = start.atom_ids[rows[rows >= 0]]
    if not len(both):
        raise NotAlike(f"{first.name} and {other.name} have no atoms in common")
    atoms = both[:: -(-len(both) // MOST_ATOMS)]
    mine, theirs = (_chosen(one.n_frames) for one in (first, other))
    total = 2 * len(mine) + len(theirs)
    places = [
        _places(run.frame(int(i)), atoms, progress, k, total)
        for k, (run, i) in enumerate([(first, i) for i in mine] + [(other, i) for i in theirs])
    ]
    left, right = np.array(places[: len(mine)]), np.array(places[len(mine) :])
    nearest = np.empty(len(left), int)
    for k, one in enumerate(left):
        progress.step(len(places) + k, total)
        nearest[k] = _distances(one, right, start).argmin()
    at = np.abs(np.arange(first.n_frames)[:, None] - mine).argmin(axis=1)
    found: Array = theirs[nearest[at]]
    return found


def _chosen(n: int) -> Array:
    return np.unique(np.linspace(0, n - 1, min(n, MOST_FRAMES)).round().astype(int))


def _places(frame: Frame, atoms: Array, progress: Progress, done: int, total: int) -> Array:
    """(k, 3) the positions of atoms by id; NaN where the frame lacks one."""
    progress.step(done, total)
    order = np.argsort(frame.atom_ids, kind="stable")
    ids = frame.atom_ids[order]
    at = np.minimum(np.searchsorted(ids, atoms), max(len(ids) - 1, 0))
    found = np.full((len(atoms), 3), np.nan)
    if len(ids):
        here = ids[at] == atoms
        found[here] = frame.positions[order[at[here]]]
    return found


def _distances(one: Array, others: Array, frame: Frame) -> Array:
    """(m,) mean square distances of places (k, 3) from those of m frames (m, k, 3), in A^2."""
    apart = others - one
    good = np.isfinite(apart).all(axis=2)
    weights = (good / np.maximum(good.sum(axis=1), 1)[:, None])[:, :, None]
    known = periodic_cell(frame)
    if known is None:
        found = _turned(one, others, weights)
    else:
        cell, repeats = known
        parts = np.where(good[:, :, None], apart, 0.0) @ np.linalg.inv(cell)
        turns = np.angle((np.exp(2j * np.pi * parts) * weights).sum(axis=1)) / (2 * np.pi)
        shift = np.where(repeats, turns, (parts * weights).sum(axis=1))
        rest = parts - shift[:, None]
        rest = (rest - np.round(rest) * repeats) @ cell
        middle = (rest * weights).sum(axis=1)
        found = (((rest - middle[:, None]) ** 2) * weights).sum(axis=(1, 2))
    return np.where(good.any(axis=1), found, np.inf)


def _turned(one: Array, others: Array, weights: Array) -> Array:
    """(m,) mean square distances after the best motion and rotation (Kabsch)."""
    mine = np.where(weights > 0, one, 0.0)
    theirs = np.where(weights > 0, others, 0.0)
    mine = mine - (mine * weights).sum(axis=1)[:, None]
    theirs = theirs - (theirs * weights).sum(axis=1)[:, None]
    product = np.einsum("mki,mkj,mk->mij", mine, theirs, weights[:, :, 0])
    u, sizes, v = np.linalg.svd(product)
    sizes[:, 2] *= np.sign(np.linalg.det(u @ v))
    squares = ((mine**2 + theirs**2) * weights).sum(axis=(1, 2))
    found: Array = np.maximum(squares - 2 * sizes.sum(axis=1), 0.0)
    return found
