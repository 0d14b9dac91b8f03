"""Looking around: what gestures and keys do to the camera. None of it is history."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, Qt

from mlipviewer.gui.scene.camera import Size
from mlipviewer.gui.scene.pane import Pane
from mlipviewer.gui.scene.scene import Scene
from mlipviewer.views.atoms.keys import ZOOM, camera_after


class Looking:
    """Moves the camera of a canvas; pixels are those of the canvas."""

    def __init__(self, canvas: Scene) -> None:
        self._canvas = canvas
        self._faced = (0, 0.0)  # how many panes were looked at, and their size

    def _size(self, at: QPointF | None = None) -> tuple[Size, tuple[float, float]]:
        """A pane's size, and where a pixel of the canvas lies in its pane."""
        rects = self._canvas.rects()
        i = (self._canvas.pane_at(at.x(), at.y()) or 0) if at is not None else 0
        left, top, width, height = rects[i]
        x, y = (at.x() - left, at.y() - top) if at is not None else (width / 2, height / 2)
        return (width, height), (x, y)

    def turn(self, start: QPointF, end: QPointF) -> None:
        step, (size, _) = end - start, self._size()
        self._canvas.set_camera(self._canvas.camera.orbited(step.x(), step.y(), size))

    def pan(self, start: QPointF, end: QPointF) -> None:
        step, (size, _) = end - start, self._size()
        self._canvas.set_camera(self._canvas.camera.panned(step.x(), step.y(), size))

    def zoom(self, at: QPointF, steps: float) -> None:
        size, inside = self._size(at)
        self._canvas.set_camera(self._canvas.camera.zoomed(ZOOM**steps, inside, size))

    def centre_on(self, pane: Pane, place: np.ndarray) -> None:
        """Orbit about a place (3,) of a pane."""
        self._canvas.set_camera(self._canvas.camera.centred(place - pane.home))

    def go_to(self, pane: Pane, places: np.ndarray) -> None:
        """Bring places (n, 3) of a pane into view."""
        low, high = places.min(axis=0) - 3.0, places.max(axis=0) + 3.0
        size, _ = self._size()
        fitted = self._canvas.camera.fitted(low, high, size)
        self._canvas.set_camera(fitted.centred(fitted.centre - pane.home))

    def set_perspective(self, wanted: bool) -> None:
        self._canvas.set_camera(replace(self._canvas.camera, perspective=wanted))

    def press(self, key: int, modifiers: Qt.KeyboardModifier) -> bool:
        """Whether the key moved the camera."""
        size, _ = self._size()
        frame = self._canvas.panes[0].frame
        cell = frame.cell if frame is not None else None
        after = camera_after(key, modifiers, self._canvas.camera, size, cell)
        if after is not None:
            self._canvas.set_camera(after)
        return after is not None

    def face_if_other_size(self) -> None:
        """Look at everything, unless what was shown before is about as large."""
        boxes = [pane.box for pane in self._canvas.panes if pane.frame is not None]
        size = max((float(np.linalg.norm(high - low)) for low, high in boxes), default=0.0)
        n_panes, faced = self._faced
        if n_panes != len(boxes) or not 0.8 < size / faced < 1.25:
            self._faced = (len(boxes), size)
            self._canvas.face()
