"""Counts of classes over frames as areas upon each other, along frames, time or inserted atoms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from mlipviewer.analysis.methods.times import TIME, along
from mlipviewer.core.plot import Array, Axis, StackedAreas
from mlipviewer.core.structure_classes import hues_of

ON_FRAMES, ON_TIME, ON_INSERTED = "frames", "time", "inserted"
COUNTS, FRACTIONS = "counts", "fractions"
FROM_BELOW = ("bcc", "close-packed", "fcc", "hcp", "sc", "cubic diamond", "hexagonal diamond")
ALONG = (
    "x axis: the time where it is known, else frames; frames; or atoms inserted since the first"
    " frame"
)


def class_areas(
    x: Array, frames: Array, counts: Array, names: Sequence[str], show: str
) -> StackedAreas:
    """counts (k frames, c) of named classes as areas: crystals below, the disordered on top.

    The legend says the share in the last frame.
    """
    order = sorted(range(len(names)), key=lambda i: _place(names[i]))
    hues = hues_of(names)
    heights = np.asarray(counts, float).T[order]
    totals = heights.sum(axis=0)
    shares = 100 * heights / np.maximum(totals, 1)
    last = shares[:, -1] if shares.shape[1] else np.zeros(len(order))
    shown = [f"{names[i]}  {share:.1f} %" for i, share in zip(order, last, strict=True)]
    return StackedAreas(
        x,
        shares if show == FRACTIONS else heights,
        frames.astype(np.int32),
        tuple(shown),
        tuple(hues[i] for i in order),  # of all names in their order, as in 3D
        unit=" %" if show == FRACTIONS else "",
    )


def _place(name: str) -> int:
    if name in FROM_BELOW:
        return FROM_BELOW.index(name)
    return len(FROM_BELOW) + (name in ("other", "disordered"))


def x_axis(wanted: str, arrays: Any) -> tuple[Array, Axis]:
    """x (k,) and its axis of results that hold arrays `frames`, `time` and `inserted`."""
    frames, times = arrays["frames"], arrays[TIME]
    if wanted == ON_INSERTED:
        return arrays["inserted"].astype(float), Axis("inserted atoms", whole=True)
    return along(frames, times if wanted == ON_TIME else np.full(len(frames), np.nan))
