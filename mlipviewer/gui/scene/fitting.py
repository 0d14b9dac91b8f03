"""What must be in view for all to be seen, and whether it is. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mlipviewer.gui.scene.camera import Camera, Size
from mlipviewer.gui.scene.pane import Pane

Array = NDArray[np.float64]
Box = tuple[Array, Array]

LEAVES, SHRINKS = 0.15, 0.5
"""By what share of its diagonal a cell may be left, or what share the new one may be of it, for the
view to stay."""

SAMPLE = 20_000  # spheres
FEW = 0.2
"""The share of the spheres below which they are out of sight, where all would nearly fit."""

NEARLY = 2.0


def rimmed(pane: Pane) -> Box:
    """The corners (3,) of what a pane shows, its spheres whole, counted from its home."""
    assert pane.spheres is not None
    low, high = pane.box
    rim = float(pane.spheres.radii.max())
    return low - rim - pane.home, high + rim - pane.home


def cells_of(panes: Sequence[Pane]) -> list[Box | None]:
    """The corners of the cell of each pane that shows something, counted from its home."""
    edges = [pane.edges for pane in panes if pane.spheres is not None]
    return [(one.min(axis=0), one.max(axis=0)) if len(one) else None for one in edges]


def others(now: Sequence[Box | None], then: Sequence[Box | None]) -> bool:
    """Whether a cell leaves the earlier one far, or is far smaller."""
    return len(now) == len(then) and any(map(_other, now, then))


def _other(now: Box | None, then: Box | None) -> bool:
    if now is None or then is None:
        return False
    size, was = (float(np.linalg.norm(high - low)) for low, high in (now, then))
    leaves = max((then[0] - now[0]).max(), (now[1] - then[1]).max())
    return bool(leaves > LEAVES * was or size < SHRINKS * was)


def out_of_sight(pane: Pane, camera: Camera, size: Size) -> bool:
    """Whether none of a pane's spheres is seen, or few where the view would hold half of all."""
    if pane.spheres is None or pane.spheres.n == 0:
        return False
    places = pane.spheres.positions
    share = _share(places[:: max(1, len(places) // SAMPLE)], pane, camera, size)
    if share >= FEW:
        return False
    low, high = rimmed(pane)
    if camera.fitted(low, high, size).height < NEARLY * camera.height:
        return True
    return share == 0 and (len(places) <= SAMPLE or not _meets(low, high, pane, camera, size))


def _meets(low: Array, high: Array, pane: Pane, camera: Camera, size: Size) -> bool:
    """Whether the box that holds all spheres is in the view: to look at each of a million takes
    longer than the window may be held up."""
    corners = np.array(np.meshgrid(*zip(low, high, strict=True))).reshape(3, -1).T
    seen = camera.project(corners + pane.home, size)[:, :2]
    return bool((seen.max(axis=0) >= 0).all() and (seen.min(axis=0) <= size).all())


def _share(places: NDArray[np.float32], pane: Pane, camera: Camera, size: Size) -> float:
    """The share of places, counted from home, are seen by the pane's own camera."""
    seen = camera.project(places + pane.home, size)
    inside = (seen[:, :2] >= 0).all(axis=1) & (seen[:, :2] <= size).all(axis=1)
    return float(np.count_nonzero(inside & (seen[:, 2] < camera.distance))) / len(places)
