"""The outline of the slice in the scene, and the handle on it that drags the plane."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from mlipviewer.gui.scene.arranging import slice_plane
from mlipviewer.gui.scene.pane import Pane
from mlipviewer.gui.scene.scene import Scene
from mlipviewer.gui.scene.spheres import cell_corners
from mlipviewer.gui.theme import LIGHT, Theme, colour
from mlipviewer.session.look_changes import look_at
from mlipviewer.session.looks import Slice
from mlipviewer.session.state import State
from mlipviewer.session.store import Store
from mlipviewer.views.atoms.drawn import Figure
from mlipviewer.views.atoms.surface import Surface

Array = NDArray[Any]
SIZE = 16
LEAST_PIXELS = 40.0
"""How far the plane goes on the screen, below which a drag upwards moves it."""

UPWARDS = QPointF(0, -300)


def plane_outline(normal: Array, distance: float, box: tuple[Array, Array]) -> Array:
    """(k, 3) corners, in order, of where a plane cuts a box; none where it passes by."""
    low, high = box
    corners = cell_corners(np.diag(high - low), low)
    along = corners @ normal - distance
    pairs = [(i, j) for i in range(8) for j in range(i) if _is_edge(i, j)]
    cut = [
        corners[i] + (corners[j] - corners[i]) * (along[i] / (along[i] - along[j]))
        for i, j in pairs
        if (along[i] < 0) != (along[j] < 0)
    ]
    if len(cut) < 3:
        return np.empty((0, 3))
    places = np.array(cut)
    first = np.eye(3)[np.argmin(np.abs(normal))]
    right = np.cross(normal, first)
    right /= np.linalg.norm(right)
    away = places - places.mean(axis=0)
    turn = np.arctan2(away @ np.cross(normal, right), away @ right)
    return np.asarray(places[np.argsort(turn)])


def _is_edge(i: int, j: int) -> bool:
    """Whether two corners, numbered in binary, differ along one axis."""
    return (i ^ j) in (1, 2, 4)


class SliceHandle(QWidget):
    """A dot that is dragged along the direction in which its plane goes."""

    dragged = Signal(float)  # the position 0..1
    released = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme: Theme = LIGHT
        self.step = UPWARDS  # pixels by which the plane goes from position 0 to 1
        self.position = 0.5
        self._press: tuple[QPointF, float, QPointF] | None = None
        self.resize(SIZE, SIZE)
        self.setAccessibleName("Slice")
        self.setToolTip("Drag to move the slice")
        self.setCursor(Qt.CursorShape.SizeAllCursor)
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour(self.theme.background), 2))
        painter.setBrush(colour(self.theme.selected))
        painter.drawEllipse(QRectF(self.rect()).adjusted(2, 2, -2, -2))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._press = (event.globalPosition(), self.position, self.step)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._press is None:
            return
        start, position, step = self._press
        drag = event.globalPosition() - start
        share = QPointF.dotProduct(drag, step) / QPointF.dotProduct(step, step)
        self.dragged.emit(min(max(position + share, 0.0), 1.0))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        if self._press is not None:
            self._press = None
            self.released.emit()


class SliceHandles:
    """The outline and the handle of each pane."""

    def __init__(self, store: Store, canvas: Scene, surface: Surface) -> None:
        self._store, self._canvas, self._surface = store, canvas, surface
        self.handles: list[SliceHandle] = []
        self._slice = Slice()

    def show_state(self, state: State) -> None:
        self._slice = state.document.looks.slice
        self.settle()

    def settle(self) -> None:
        """Show all where the panes lie and are seen now."""
        while len(self.handles) < len(self._canvas.panes):
            self.handles.append(self._made())
        outlines: list[Figure | None] = []
        for i, handle in enumerate(self.handles):
            there = i < len(self._canvas.panes) and self._slice.on
            places = self._outline(self._canvas.panes[i]) if there else np.empty((0, 3))
            shown = len(places) > 0
            handle.setVisible(shown)
            theme = self._canvas.theme
            outlines.append(Figure(places, theme.selected, closed=True) if shown else None)
            if shown:
                self._place(handle, i, places)
        if outlines != self._surface.outlines:
            self._surface.outlines = outlines
            self._surface.update()

    def _outline(self, pane: Pane) -> Array:
        if pane.frame is None:
            return np.empty((0, 3))
        inside = min(max(self._slice.position, 1e-6), 1 - 1e-6)  # at an end its side is drawn
        now = replace(self._slice, position=inside)
        normal, distance = slice_plane(now, pane.frame, pane.box)
        return plane_outline(normal, distance, pane.box)

    def _place(self, handle: SliceHandle, i: int, places: Array) -> None:
        """At the corner of the outline that is seen farthest to the upper right."""
        left, top, width, height = self._canvas.rects()[i]
        camera, pane = self._canvas.pane_camera(i), self._canvas.panes[i]
        seen = camera.project(places, (width, height))
        x, y, _ = seen[np.argmax(seen[:, 0] - seen[:, 1])]
        assert pane.frame is not None
        normal, _ = slice_plane(self._slice, pane.frame, pane.box)
        low, high = pane.box
        along = cell_corners(np.diag(high - low), low) @ normal
        middle, way = places.mean(axis=0), normal * float(np.ptp(along)) / 2
        ends = camera.project(np.array([middle - way, middle + way]), (width, height))
        step = QPointF(*(ends[1, :2] - ends[0, :2]).tolist())
        far = np.hypot(step.x(), step.y()) if np.isfinite(ends).all() else 0.0
        handle.step = step if far >= LEAST_PIXELS else UPWARDS
        handle.position, handle.theme = self._slice.position, self._canvas.theme
        inside = (np.clip(x, SIZE, width - SIZE), np.clip(y, SIZE, height - SIZE))
        handle.move(round(left + inside[0] - SIZE / 2), round(top + inside[1] - SIZE / 2))

    def _made(self) -> SliceHandle:
        handle = SliceHandle(self._surface)
        handle.dragged.connect(self._drag)
        handle.released.connect(self._store.end_merge)
        return handle

    def _drag(self, position: float) -> None:
        self._store.commit(
            lambda s: look_at(s, "slice", position=position), "Position", "look slice.position"
        )
