"""Looking around: what gestures and keys do to the camera. None of it is history."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF

from mlipviewer.gui.scene.camera import Camera, Size
from mlipviewer.gui.scene.camera_text import camera_from, camera_text
from mlipviewer.gui.scene.pane import Pane
from mlipviewer.gui.scene.scene import Scene
from mlipviewer.views.atoms.keys import ZOOM, camera_after


class Looking:
    """Moves the camera of a canvas, or of the pane that was gestured at last where each has its
    own; pixels are those of the canvas."""

    def __init__(self, canvas: Scene) -> None:
        self._canvas = canvas
        self._faced = 0.0  # the size of what was looked at
        self._last = 0  # the pane of the last gesture
        self._awaited = ""  # a camera as text, taken when something is to be seen

    def set_free(self, free: bool) -> None:
        """Whether each pane has a camera of its own. They begin alike; again common, all panes look
        as the last one did."""
        panes = self._canvas.panes
        if not free and any(pane.own is not None for pane in panes):
            camera = self.camera
            for pane in panes:
                pane.own = None
            self._canvas.set_camera(camera)
        for pane in panes if free else ():
            pane.own = pane.own or self._canvas.camera

    @property
    def _pane(self) -> Pane:
        return self._canvas.panes[min(self._last, len(self._canvas.panes) - 1)]

    @property
    def camera(self) -> Camera:
        """That of the last gesture."""
        return self._pane.own or self._canvas.camera

    def _look(self, camera: Camera) -> None:
        self._awaited = ""
        self._canvas.set_camera(camera, self._pane)

    def _size(self, at: QPointF | None = None) -> tuple[Size, tuple[float, float]]:
        """A pane's size, and where a pixel of the canvas lies in its pane, which is meant now."""
        rects = self._canvas.rects()
        if at is not None:
            self._last = self._canvas.pane_at(at.x(), at.y()) or 0
        left, top, width, height = rects[min(self._last, len(rects) - 1)]
        x, y = (at.x() - left, at.y() - top) if at is not None else (width / 2, height / 2)
        return (width, height), (x, y)

    def point(self, at: QPointF) -> None:
        """A gesture begins here: until it ends, it is about this pane."""
        self._size(at)

    def turn(self, start: QPointF, end: QPointF) -> None:
        step, (size, _) = end - start, self._size()
        self._look(self.camera.orbited(step.x(), step.y(), size))

    def pan(self, start: QPointF, end: QPointF) -> None:
        step, (size, _) = end - start, self._size()
        self._look(self.camera.panned(step.x(), step.y(), size))

    def zoom(self, at: QPointF, steps: float) -> None:
        size, inside = self._size(at)
        self._look(self.camera.zoomed(ZOOM**steps, inside, size))

    def pinch(self, at: QPointF, factor: float) -> None:
        """Two fingers spread by a factor > 0: what lies between them stays there."""
        size, inside = self._size(at)
        self._look(self.camera.zoomed(factor, inside, size))

    def roll(self, at: QPointF, degrees: float) -> None:
        """Two fingers turned clockwise."""
        self._size(at)
        self._look(self.camera.rolled(-np.radians(degrees)))

    def centre_on(self, pane: Pane, place: np.ndarray) -> None:
        """Orbit about a place (3,) of a pane."""
        self._last = self._canvas.panes.index(pane)
        self._look(self.camera.centred(place - pane.home))

    def go_to(self, pane: Pane, places: np.ndarray) -> None:
        """Bring places (n, 3) of a pane into view."""
        self._last = self._canvas.panes.index(pane)
        low, high = places.min(axis=0) - 3.0, places.max(axis=0) + 3.0
        size, _ = self._size()
        fitted = self.camera.fitted(low, high, size)
        self._look(fitted.centred(fitted.centre - pane.home))

    def spin(self, degrees: float) -> None:
        """Turn what is seen about that Cartesian axis which stands most upright."""
        self._look(self.camera.spun(np.radians(degrees)))

    def set_perspective(self, wanted: bool) -> None:
        for pane in self._canvas.panes:
            pane.own = replace(pane.own, perspective=wanted) if pane.own else None
        self._look(replace(self.camera, perspective=wanted))

    def do(self, action: str) -> bool:
        """Whether an action `look...` moved the camera."""
        size, _ = self._size()
        frame = self._pane.frame
        cell = frame.cell if frame is not None else None
        after = camera_after(action, self.camera, size, cell)
        if after is not None:
            self._look(after)
        return after is not None

    def text(self) -> str:
        """The camera of the last gesture, to be copied."""
        return camera_text(self.camera)

    def take_text(self, text: str) -> None:
        """Look as a copied camera does. Raises ValueError."""
        self._look(camera_from(text))

    def await_text(self, text: str) -> None:
        """Look as a kept camera does, now and when what is still being read is seen first; a
        damaged one is left out."""
        with suppress(ValueError):
            self.take_text(text)
            self._awaited = text

    def face(self) -> None:
        """See everything; cameras of their own begin alike again."""
        self._canvas.face()
        for pane in self._canvas.panes:
            pane.own = self._canvas.camera if pane.own is not None else None

    def face_if_other_size(self) -> None:
        """Look at everything, unless what was shown before is about as large: then more panes are
        looked at from where one looks now."""
        boxes = [pane.box for pane in self._canvas.panes if pane.frame is not None]
        size = max((float(np.linalg.norm(high - low)) for low, high in boxes), default=0.0)
        if self._faced and 0.8 < size / self._faced < 1.25:
            self._canvas.fit_again()
            return
        self._faced, text = size, self._awaited
        self.face()
        if text:
            self.take_text(text)
