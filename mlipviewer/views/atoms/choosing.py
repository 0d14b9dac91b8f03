"""From pixels to atoms to changes of the state: clicks, rectangles, lassos, hovering."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, Qt

from mlipviewer.core.plot import Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import NONE, Mask, Mode, Rows, from_mask, rows
from mlipviewer.gui.gestures import mode_of, rows_text
from mlipviewer.gui.scene.picking import in_lasso, pick
from mlipviewer.gui.scene.scene import Scene
from mlipviewer.gui.scene.sceneries import thing_at
from mlipviewer.session import changes
from mlipviewer.session.atom_changes import ask, if_as_asked
from mlipviewer.session.sceneries import choose_things
from mlipviewer.session.state import Errand, State
from mlipviewer.session.store import Store
from mlipviewer.views.atoms.bar import AtomsBar

SEEN_AT_ONCE = 100_000
"""Atoms up to which those that others hide are told at once rather than in a thread."""


class Choosing:
    """Commits what the user picks; `names` are the trajectories of the canvas' panes."""

    def __init__(self, store: Store, canvas: Scene, bar: AtomsBar) -> None:
        self._store = store
        self._canvas = canvas
        self._bar = bar
        self.names: tuple[str, ...] = ()
        self.site_at: Callable[[int, QPointF], int | None] = lambda _pane, _at: None

    def hit(self, at: QPointF) -> tuple[int, int | None] | None:
        """The pane under a pixel and the row of the atom seen there."""
        i = self._canvas.pane_at(at.x(), at.y())
        spheres = self._canvas.panes[i].spheres if i is not None else None
        if i is None or spheres is None:
            return None
        left, top, width, height = self._canvas.rects()[i]
        pixel = (at.x() - left, at.y() - top)
        return i, pick(self._canvas.pane_camera(i), spheres, (width, height), pixel)

    def click(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        hit = self.hit(at)
        if hit is None:
            return
        i, row = hit
        mode = mode_of(modifiers, self._bar.mode, click=True)
        if self._click_thing(i, row, at, mode):
            return
        if row is not None:
            self._choose(i, rows([self.id_of(i, row)]), mode)
        elif (site := self.site_at(i, at)) is not None:
            name = self.names[i]
            change = partial(
                changes.select, space=Space.SITE, chosen=rows([site]), mode=mode, owner=name
            )
            self._store.commit(change, f"Select site {site}")
        elif mode is Mode.REPLACE:
            self._choose(i, NONE, mode)

    def _thing(self, i: int, row: int | None, at: QPointF) -> int | None:
        """What a result shows at a pixel, where no atom (`row`) hides it."""
        pane, camera = self._canvas.panes[i], self._canvas.pane_camera(i)
        staged = pane.staged_now
        if staged is None:
            return None
        left, top, width, height = self._canvas.rects()[i]
        size = (float(width), float(height))
        found = thing_at(staged, camera, size, (at.x() - left, at.y() - top))
        if found is not None and row is not None:
            depth = float(camera.project(pane.places[row], size)[2])
            found = found if found[1] > depth else None
        return None if found is None else found[0]

    def _click_thing(self, i: int, row: int | None, at: QPointF, mode: Mode) -> bool:
        """Choose what a result shows at a pixel; let go of such things on a click beside
        everything. Whether the click is dealt with."""
        staged, name = self._canvas.panes[i].staged_now, self.names[i]
        if staged is None:
            return False
        space, found = staged.scenery.space, self._thing(i, row, at)
        chosen = NONE if found is None else rows([found])
        beside = row is None and mode is Mode.REPLACE and bool(staged.chosen.any())
        lets_go = found is not None or beside
        if lets_go:
            label = f"Select {rows_text(space, chosen)}"
            self._store.commit(lambda s: choose_things(s, space, chosen, mode, name), label)
        return lets_go

    def choose_inside(
        self, outline: list[tuple[float, float]], modifiers: Qt.KeyboardModifier
    ) -> None:
        """Choose the atoms inside an outline, in the pane in which it was begun."""
        i = self._canvas.pane_at(*outline[0])
        spheres = self._canvas.panes[i].spheres if i is not None else None
        if i is None or spheres is None:
            return
        left, top, width, height = self._canvas.rects()[i]
        pixels = np.array(outline) - (left, top)
        mode, seen_only = mode_of(modifiers, self._bar.mode), self._bar.visible_only
        camera, size = self._canvas.pane_camera(i), (width, height)

        def inside() -> Mask:
            return in_lasso(camera, spheres, size, pixels, seen_only)

        if seen_only and spheres.n > SEEN_AT_ONCE:
            self._choose_later(i, inside, mode)
        else:
            self._choose(i, self._rows(i, inside()), mode)

    def _choose_later(self, i: int, inside: Callable[[], Mask], mode: Mode) -> None:
        """Choose what a thread finds: which of many atoms others hide."""
        frame, name = self._canvas.panes[i].frame, self.names[i]
        assert frame is not None

        def work(_progress: Progress) -> Rows:
            return rows(frame.atom_ids[inside()])

        def land(state: State, found: Rows) -> State:
            return changes.select(state, Space.ATOM, found, mode, name)

        landing = if_as_asked(self._store.state, name, land)
        errand = Errand("Select atoms that are seen", work, landing)
        self._store.commit(lambda s: ask(s, errand), errand.title)

    def point(self, at: QPointF | None) -> None:
        """The mouse rests on a pixel, or has left."""
        hit = self.hit(at) if at is not None else None
        thing = self._thing(hit[0], hit[1], at) if hit is not None and at is not None else None
        if hit is not None and thing is not None:
            staged, name = self._canvas.panes[hit[0]].staged_now, self.names[hit[0]]
            space = staged.scenery.space if staged is not None else Space.POLYHEDRON
            self._store.commit(lambda s: changes.hover(s, space, thing, name), "Hover")
            return
        if hit is None or hit[1] is None:
            hover = self._store.state.moment.hover
            if hover is not None and hover.space in (Space.ATOM, Space.POLYHEDRON):
                self._store.commit(lambda s: changes.hover(s, None), "Hover")
            return
        atom, name = self.id_of(hit[0], hit[1]), self.names[hit[0]]
        self._store.commit(lambda s: changes.hover(s, Space.ATOM, atom, name), "Hover")

    def _ids(self, i: int) -> Any:
        """The ids of a pane's atoms, None where they are the rows."""
        frame = self._canvas.panes[i].frame
        return frame.ids if frame is not None else None

    def id_of(self, i: int, row: int) -> int:
        ids = self._ids(i)
        return row if ids is None else int(ids[row])

    def _rows(self, i: int, mask: Mask) -> Rows:
        ids = self._ids(i)
        return from_mask(mask) if ids is None else rows(ids[mask])

    def _choose(self, i: int, chosen: Rows, mode: Mode) -> None:
        name, n = self.names[i], len(chosen)
        label = f"Select {n:,} atom{'' if n == 1 else 's'}" if n else "Select no atoms"
        self._store.commit(lambda s: changes.select(s, Space.ATOM, chosen, mode, name), label)
