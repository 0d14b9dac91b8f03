"""Wrapped and unwrapped positions: by the images that a file counts, or by the nearest image."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.periodic import nearest_images
from mlipviewer.core.trajectory import Frame, Trajectory

Array = NDArray[Any]


def wrapped(frame: Frame) -> Array:
    """(n, 3) positions in A inside the cell, from its corner on, along the periodic directions.

    Without a cell, or without periodic directions, the positions themselves.
    """
    if frame.cell is None or not any(frame.pbc):
        return frame.positions
    scaled = (frame.positions - frame.origin) @ np.linalg.inv(frame.cell)
    shift = np.where(frame.pbc, np.floor(scaled), 0.0)
    inside = frame.positions - shift @ frame.cell
    # rounding may leave an atom that lay just below the cell on its upper face
    again = (inside - frame.origin) @ np.linalg.inv(frame.cell)
    late = np.where(frame.pbc, np.floor(again), 0.0)
    result: Array = inside - late @ frame.cell if late.any() else inside
    return result


def by_images(frame: Frame) -> Array | None:
    """(n, 3) unwrapped positions in A by the image flags of the file; None where it has none."""
    images = images_of(frame)
    return None if images is None else np.asarray(frame.positions + images @ frame.cell)


def images_of(frame: Frame) -> Array | None:
    """(n, 3) how often each atom has crossed the cell; None where the file does not say so."""
    images = frame.columns.get("image")
    fits = images is not None and images.shape == frame.positions.shape
    return images if fits and frame.cell is not None else None


class Unwrapper:
    """Positions that go on where they were, frame after frame.

    By image flags where each frame has them. Else each atom goes to the image nearest to where it
    was in the frame before, so no atom may move further than half a cell between frames. Atoms are
    followed by their ids; one that was not there before starts where it is. When the cell changes,
    an atom keeps the number of cells that it has crossed.
    """

    def __init__(self) -> None:
        self._images: Array = np.zeros((0, 3))
        self._scaled: Array = np.zeros((0, 3))
        self._ids: Array = np.zeros(0, np.int64)

    def next(self, frame: Frame) -> Array:
        """(n, 3) unwrapped positions of the next frame, in its order of atoms."""
        known = by_images(frame)
        if known is not None:
            return known
        if frame.cell is None or not any(frame.pbc):
            return frame.positions
        scaled = (frame.positions - frame.origin) @ np.linalg.inv(frame.cell)
        images = self._crossed(frame, scaled)
        self._ids, self._scaled, self._images = frame.atom_ids, scaled, images
        return np.asarray(frame.positions + images @ frame.cell)

    def _crossed(self, frame: Frame, scaled: Array) -> Array:
        """(n, 3) cells that each atom has crossed since the first frame."""
        cell = np.asarray(frame.cell)
        images = np.zeros_like(scaled)
        if not len(self._ids):
            return images
        _, now, before = np.intersect1d(
            frame.atom_ids, self._ids, assume_unique=True, return_indices=True
        )
        moved = scaled[now] - self._scaled[before]
        nearest = nearest_images(moved @ cell, frame)
        back = np.round(nearest @ np.linalg.inv(cell) - moved)
        images[now] = self._images[before] + back
        return images


def unwrapped(trajectory: Trajectory) -> Iterator[tuple[Frame, Array]]:
    """Each frame with its unwrapped positions (n, 3) in A. Raises ReadProblem."""
    unwrapper = Unwrapper()
    for index in range(trajectory.n_frames):
        frame = trajectory.frame(index)
        yield frame, unwrapper.next(frame)
