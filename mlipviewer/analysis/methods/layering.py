"""Layers of atoms along an axis, counted from an interface."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mlipviewer.analysis.methods.neighbourhood import taking_part
from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.trajectory import Frame

Array = NDArray[Any]

AXES = ("z", "y", "x")
UP, DOWN = "up", "down"
SPACING, MINIMA = "spacing", "minima"
BIN = 0.05  # A of the density profile
SMOOTH = 0.25  # A, standard deviation
DEEP = 0.9  # a minimum is at most this share of the lower of the two peaks beside it
MOST_LAYERS = 10_000


class Interface(NamedTuple):
    """Where layers begin: at `height` in A along an axis, and whether they go up or down."""

    axis: int
    height: float
    up: bool


def heights_of(frame: Frame, axis: int) -> Array:
    """(n,) places along an axis in A; wrapped into the cell where it repeats and lies straight."""
    heights = np.asarray(frame.positions, float)[:, axis]
    if frame.cell is None or not frame.pbc[axis]:
        return heights
    vector = np.asarray(frame.cell, float)[axis]
    length = float(vector[axis])
    if length <= 0 or np.abs(np.delete(vector, axis)).max() > 1e-6 * length:
        return heights
    corner = float(frame.origin[axis])
    found: Array = corner + np.mod(heights - corner, length)
    return found


def interface_of(
    frame: Frame, axis: str, wall: str, height: float, direction: str, edge: int = 1
) -> Interface:
    """The plane above (or below) the atoms for which the condition `wall` holds: the mean of the
    outermost `edge` of them; without a condition at `height`. Raises AnalysisProblem."""
    number = "xyz".index(axis)
    up = direction == UP
    if not wall.strip():
        return Interface(number, height, up)
    rows = taking_part(frame, wall)
    if len(rows) == 0:
        raise AnalysisProblem(f"frame {frame.index + 1}: no atom fits {wall!r}")
    own = np.sort(heights_of(frame, number)[rows])
    outer = own[-edge:] if up else own[:edge]
    return Interface(number, float(outer.mean()), up)


def away(heights: Array, interface: Interface) -> Array:
    """(n,) distances from the interface in A, positive on the side of the layers."""
    return heights - interface.height if interface.up else interface.height - heights


def by_spacing(distances: Array, spacing: float) -> Array:
    """(n,) int32 layers 1, 2 ...; 0 for what lies behind the interface."""
    found = np.floor(np.nan_to_num(distances, nan=-1.0) / spacing).astype(np.int64) + 1
    layers: Array = np.clip(found, 0, MOST_LAYERS).astype(np.int32)
    return layers


def counted(distances: Array, so_far: Array | None = None) -> Array:
    """(k,) atoms in bins of BIN from the interface on, added to those of other frames."""
    ahead = distances[np.isfinite(distances) & (distances >= 0)]
    old = np.zeros(0) if so_far is None else so_far
    new = np.bincount((ahead / BIN).astype(int), minlength=len(old)).astype(float)
    new[: len(old)] += old
    return new


def minima_of(counts: Array) -> Array:
    """(k,) rising distances in A at which the smoothed density is lowest between two layers."""
    from scipy.ndimage import gaussian_filter1d
    from scipy.signal import find_peaks

    if len(counts) == 0:
        return np.empty(0)
    smooth = gaussian_filter1d(counts, SMOOTH / BIN, mode="constant")
    at = (np.arange(len(counts)) + 0.5) * BIN
    padded = np.concatenate(([0.0], smooth, [0.0]))
    peaks = find_peaks(padded, height=0.05 * smooth.max(initial=0.0))[0] - 1
    borders: list[float] = []
    last = None
    for peak in peaks.tolist():
        if last is None:
            last = peak
            continue
        between = smooth[last : peak + 1]
        lowest = int(between.argmin())
        if between[lowest] <= DEEP * min(smooth[last], smooth[peak]):
            borders.append(float(at[last + lowest]))
            last = peak
        elif smooth[peak] > smooth[last]:
            last = peak
    return np.array(borders)


def by_borders(distances: Array, borders: Array) -> Array:
    """(n,) int32 layers 1, 2 ... between the borders; 0 behind the interface."""
    found = np.searchsorted(borders, distances, "right") + 1
    layers: Array = np.where(distances >= 0, found, 0).astype(np.int32)
    return layers
