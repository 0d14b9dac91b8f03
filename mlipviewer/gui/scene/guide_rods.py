"""Rods that are no part of the atoms: traces, markers of sites, the ways between sites. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.gui.colours import colour_map
from mlipviewer.native.solids import NO_RODS, Rgb, Rods

Array = NDArray[Any]

TRACE, MARK, WAY = 0.06, 0.07, 0.035
"""A, radii."""
ARM, RING = 0.4, 1.2
"""A: arms of the marker of a site, and of the frame about a chosen one."""
FREE_SITE: Rgb = (133, 133, 133)
TAKEN_SITE: Rgb = (0, 114, 178)
WAYS: Rgb = (230, 159, 0)
_AXES = np.concatenate([np.eye(3), -np.eye(3)])


def joined(parts: Sequence[Rods]) -> Rods:
    """All rods of some."""
    some = [one for one in parts if one.n]
    if len(some) < 2:
        return some[0] if some else NO_RODS
    return Rods(
        np.concatenate([one.ends for one in some]),
        np.concatenate([one.radii for one in some]),
        np.concatenate([one.tints for one in some]),
    )


def trace_rods(places: Array, home: Array) -> Rods:
    """Lines through (k, n, 3) places of n atoms, from dark to bright as time goes on; gaps where a
    place is NaN."""
    k = len(places)
    if k < 2:
        return NO_RODS
    moved = places - home
    ends = np.concatenate([moved[:-1], moved[1:]], axis=2)
    shades = colour_map("viridis")
    tints = shades[np.linspace(0, 235, k - 1).round().astype(int)]
    tints = np.repeat(tints[:, None], places.shape[1], axis=1).reshape(-1, 3)
    ends = ends.reshape(-1, 6)
    good = np.isfinite(ends).all(axis=1)
    return _rods(ends[good], TRACE, tints[good])


def site_rods(places: Array, taken: Array, chosen: Array, chosen_tint: Rgb, home: Array) -> Rods:
    """A cross at each of (s, 3) sites, of the colour of `taken` (s,) or free ones; chosen (s,) ones
    stand in a frame."""
    at = places - home
    ends = np.concatenate([at[:, None] + ARM * _AXES[:3], at[:, None] - ARM * _AXES[:3]], axis=2)
    tints = np.where(taken[:, None], TAKEN_SITE, FREE_SITE).astype(np.uint8)
    tints[chosen] = chosen_tint
    crosses = _rods(ends.reshape(-1, 6), MARK, np.repeat(tints, 3, axis=0))
    corners = [(i, j) for i, j in combinations(range(6), 2) if j - i != 3]
    first, second = (np.array(one) for one in zip(*corners, strict=True))
    around = at[chosen][:, None] + RING * _AXES
    frames = np.concatenate([around[:, first], around[:, second]], axis=2).reshape(-1, 6)
    tint = np.tile(np.array(chosen_tint, np.uint8), (len(frames), 1))
    return joined([crosses, _rods(frames, MARK, tint)])


def way_rods(begin: Array, vectors: Array, counts: Array, home: Array) -> Rods:
    """From (m, 3) sites along (m, 3) vectors, the thicker the more hops there are."""
    if not len(begin):
        return NO_RODS
    ends = np.concatenate([begin - home, begin + vectors - home], axis=1)
    radii = WAY * (1 + 2 * np.sqrt(counts / counts.max()))
    return _rods(ends, radii[:, None], np.tile(np.array(WAYS, np.uint8), (len(ends), 1)))


def _rods(ends: Array, radius: Any, tints: Array) -> Rods:
    radii = np.broadcast_to(np.asarray(radius, np.float32), (len(ends), 2))
    return Rods(
        np.ascontiguousarray(ends, np.float32),
        np.ascontiguousarray(radii, np.float32),
        np.ascontiguousarray(tints, np.uint8),
    )
