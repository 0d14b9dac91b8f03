"""Vectors of atoms as arrows: which, how long, and the rods that they are made of. Pure."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.bonds import whole_cell
from mlipviewer.core.rows import Mask
from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.scene.arranging import Arranged
from mlipviewer.native.solids import Rods
from mlipviewer.session.looks import Rgb, Vectors

Array = NDArray[Any]

SHAFT, HEAD, HEAD_LENGTH = 0.08, 0.2, 0.5
"""A: radii of shaft and head, and how long a head is; short arrows are thinner."""

ARROW: Rgb = (213, 94, 0)


def vector_columns(frame: Frame) -> tuple[str, ...]:
    """The columns that can be drawn as arrows."""
    return tuple(
        name
        for name, column in frame.columns.items()
        if column.ndim == 2 and column.shape[1] == 3 and column.dtype.kind == "f"
    )


def vectors_of(frame: Frame, wish: Vectors, since: Frame | None) -> Array | None:
    """(n, 3) the vectors of the atoms of a frame; None where it lacks what was wished for."""
    if wish.since is not None:
        return None if since is None else displacements(since, frame)
    column = frame.columns.get(wish.column)
    if column is None or column.shape != (frame.n_atoms, 3):
        return None
    if not wish.minus:
        return column
    other = frame.columns.get(wish.minus)
    return None if other is None or other.shape != column.shape else column - other


def displacements(before: Frame, after: Frame) -> Array:
    """(n, 3) from where each atom of `after` was before, by its id, over the nearest image, in A.

    NaN for atoms that were not there.
    """
    moved = np.full((after.n_atoms, 3), np.nan)
    order = np.argsort(before.atom_ids, kind="stable")
    at = np.searchsorted(before.atom_ids, after.atom_ids, sorter=order)
    old = order[np.minimum(at, len(order) - 1)] if len(order) else np.zeros(after.n_atoms, int)
    same = np.zeros(after.n_atoms, bool)
    if len(order):
        same = before.atom_ids[old] == after.atom_ids
    moved[same] = after.positions[same] - before.positions[old[same]]
    cell, repeats = whole_cell(after)
    parts = moved @ np.linalg.inv(cell)
    return np.asarray(moved - (np.round(parts) * repeats) @ cell)


def arrows(vectors: Array, wish: Vectors, how: Arranged, home: Any, chosen: Mask | None) -> Rods:
    """A shaft and a head for each drawn vector that is long enough."""
    lengths = np.sqrt((vectors.astype(float) ** 2).sum(axis=1))
    long = np.isfinite(lengths) & (lengths >= wish.threshold) & (lengths * abs(wish.scale) > 1e-3)
    if wish.selected_only:
        long &= chosen if chosen is not None and len(chosen) == len(long) else False
    starts, steps = [], []
    for image, shift in enumerate(how.shifts):
        kept = how.kept_of(image)
        drawn = long if kept is None else long & kept
        starts.append(how.places[drawn] + (shift - home))
        steps.append(vectors[drawn] * wish.scale)
    return arrow_rods(np.concatenate(starts), np.concatenate(steps), ARROW)


def arrow_rods(starts: Array, steps: Array, tint: Rgb) -> Rods:
    """Arrows from (n, 3) along (n, 3), in A: first all shafts, then all heads."""
    lengths = np.sqrt((steps**2).sum(axis=1))[:, None]
    thin = np.clip(lengths / (2 * HEAD_LENGTH), 0.15, 1.0)  # short arrows are slender too
    head = np.minimum(HEAD_LENGTH * thin, 0.6 * lengths)
    tips = starts + steps
    necks = tips - steps * (head / np.maximum(lengths, 1e-12))
    shafts = np.concatenate([starts, necks], axis=1)
    heads = np.concatenate([necks, tips], axis=1)
    radii = np.concatenate([thin * [SHAFT, SHAFT], thin * [HEAD, 0.0]])
    ends = np.concatenate([shafts, heads]).astype(np.float32)
    tints = np.tile(np.array(tint, np.uint8), (len(ends), 1))
    return Rods(ends, radii.astype(np.float32), tints)
