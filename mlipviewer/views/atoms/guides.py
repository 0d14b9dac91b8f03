"""Traces, sites and the ways between them, drawn among the atoms of each pane."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF

from mlipviewer.core.analysis import Result
from mlipviewer.core.measuring import rows_of_ids
from mlipviewer.core.periodic import periodic_cell
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import to_mask
from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.scene.appearance import rgb_bytes
from mlipviewer.gui.scene.arranging import as_drawn
from mlipviewer.gui.scene.guide_rods import joined, site_rods, trace_rods, way_rods
from mlipviewer.gui.scene.pane import Pane
from mlipviewer.gui.scene.scene import Scene
from mlipviewer.native.solids import NO_RODS, Rods
from mlipviewer.session.state import State
from mlipviewer.session.traces import sites_found, traces_request

Array = NDArray[Any]

NEAR = 9.0
"""Pixels about a site that mean it."""


class Guides:
    """Keeps what it has drawn, and where the sites of each pane are."""

    def __init__(self, canvas: Scene) -> None:
        self._canvas = canvas
        self._made: dict[int, tuple[Any, ...]] = {}
        self._places: dict[int, Array] = {}

    def show_state(self, state: State, names: tuple[str, ...]) -> None:
        changed = False
        for i, (name, pane) in enumerate(zip(names, self._canvas.panes, strict=False)):
            changed |= self._show_pane(i, name, pane, state)
        if changed:
            self._canvas.redraw()

    def _show_pane(self, i: int, name: str, pane: Pane, state: State) -> bool:
        traced, found = _traced(state, name), _sites(state, name)
        now = (
            id(pane), pane.frame, pane.home.tobytes(), traced, found, state.frame,
            state.selected(Space.SITE, name), self._canvas.theme, state.document.looks.wrapping,
        ) if traced is not None or found is not None else ()  # fmt: skip
        if _same(self._made.get(i, ()), now):
            return False
        self._made[i] = now
        self._places.pop(i, None)
        rods = [NO_RODS]
        if pane.frame is not None and traced is not None:
            frame = as_drawn(pane.frame, state.document.looks.wrapping)
            rods.append(trace_rods(_laid(traced, frame, state.frame), pane.home))
        if pane.frame is not None and found is not None:
            rods.append(self._site_rods(i, name, pane, state, found))
        pane.set_guides(joined(rods))
        return True

    def _site_rods(
        self, i: int, name: str, pane: Pane, state: State, found: tuple[Result, int]
    ) -> Rods:
        result, every = found
        assert pane.frame is not None
        places, turn = site_places(result, pane.frame, state.frame // every)
        self._places[i] = places
        arrays = result.arrays
        column = int(np.searchsorted(arrays["occupied_frames"], state.frame, "right")) - 1
        taken = arrays["occupied"][:, max(column, 0)] > 0
        chosen = to_mask(state.selected(Space.SITE, name), len(places))
        tint = rgb_bytes(self._canvas.theme.selected)
        crosses = site_rods(places, taken, chosen, tint, pane.home)
        begin = places[arrays["link_sites"][:, 0]]
        ways = way_rods(begin, arrays["link_vectors"] @ turn, arrays["link_counts"], pane.home)
        return joined([crosses, ways])

    def site_at(self, i: int, at: QPointF) -> int | None:
        """The site drawn nearest to a pixel of a pane, the foremost of those in reach."""
        places = self._places.get(i)
        if places is None:
            return None
        left, top, width, height = self._canvas.rects()[i]
        seen = self._canvas.pane_camera(i).project(places, (width, height))
        far = np.hypot(seen[:, 0] - (at.x() - left), seen[:, 1] - (at.y() - top))
        near = np.flatnonzero(far <= NEAR)
        return int(near[np.argmin(far[near])]) if len(near) else None


def _same(old: tuple[Any, ...], new: tuple[Any, ...]) -> bool:
    if len(old) != len(new):
        return False
    return all(a is b or (isinstance(b, int | bytes | str) and a == b) or _pairs(a, b)
               for a, b in zip(old, new, strict=True))  # fmt: skip


def _pairs(a: Any, b: Any) -> bool:
    both = isinstance(a, tuple) and isinstance(b, tuple)
    return both and len(a) == len(b) and all(x is y for x, y in zip(a, b, strict=True))


def _traced(state: State, name: str) -> tuple[Result, Any] | None:
    now, request = state.document.traces, traces_request(state)
    if now is None or request is None or now.owner != name:
        return None
    found = state.moment.results.get(request)
    return (found, now) if isinstance(found, Result) else None


def _sites(state: State, name: str) -> tuple[Result, int] | None:
    return sites_found(state, name) if state.document.sites_drawn else None


def _laid(traced: tuple[Result, Any], frame: Frame, index: int) -> Array:
    """(k, n, 3) the places, each path in that image that passes by its atom as it is shown."""
    result, now = traced
    frames, places = result.arrays["frames"], result.arrays["places"]
    found = periodic_cell(frame)
    if found is None or not len(frames):
        return np.asarray(places)
    cell, repeats = found
    at = int(np.argmin(np.abs(frames - index)))
    rows = rows_of_ids(frame, now.atoms)
    apart = np.where((rows >= 0)[:, None], frame.positions[np.maximum(rows, 0)] - places[at], 0.0)
    cells = np.round(np.nan_to_num(apart) @ np.linalg.inv(cell)) * repeats
    return np.asarray(places + cells @ cell)


def site_places(result: Result, frame: Frame, step: int) -> tuple[Array, Array]:
    """((s, 3) where sites are in a frame, (3, 3) what turns vectors of the mean cell into its own):
    sites go with the cell and with the drift of the framework."""
    arrays = result.arrays
    mean, drift = arrays["cell"], arrays["drift"]
    cell = mean if frame.cell is None else np.asarray(frame.cell, float)
    moved = drift[min(step, len(drift) - 1)] @ np.linalg.inv(mean)
    scaled = arrays["sites"] + moved
    inside = scaled - np.where(frame.pbc, np.floor(scaled), 0.0)
    return inside @ cell + frame.origin, np.linalg.inv(mean) @ cell
