"""Draws panes without a graphics card, in a thread; of several wishes only the newest is drawn."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from mlipviewer.core.background import step_back
from mlipviewer.gui.scene.pane import Rect
from mlipviewer.native.solids import NO_CUES, NO_FACES, NO_RODS, Cues, Faces, Rgb, Rods
from mlipviewer.native.splat import Balls, Seen, Tints, draw_balls


@dataclass(frozen=True, eq=False)
class PanePicture:
    """All that the picture of one pane is made of; `rect` in pixels of the picture."""

    rect: Rect
    balls: Balls
    tints: Tints
    seen: Seen
    hidden_rings: NDArray[np.int32]
    rods: Rods = NO_RODS
    faces: Faces = NO_FACES
    cues: Cues = NO_CUES


@dataclass(frozen=True, eq=False)
class Wish:
    """A picture that is wanted."""

    width: int
    height: int
    number: int
    background: Rgb
    panes: tuple[PanePicture, ...]


def splat(wish: Wish) -> NDArray[np.uint8]:
    """(height, width, 4) RGBA, the first row at the top."""
    if len(wish.panes) == 1 and wish.panes[0].rect == (0, 0, wish.width, wish.height):
        return _pane_picture(wish.panes[0])
    picture = np.empty((wish.height, wish.width, 4), np.uint8)
    picture[:] = (*wish.background, 255)
    for pane in wish.panes:
        left, top, width, height = pane.rect
        inside = picture[top : top + height, left : left + width]
        inside[:] = _pane_picture(pane)[: inside.shape[0], : inside.shape[1]]
    return picture


def _pane_picture(pane: PanePicture) -> NDArray[np.uint8]:
    return draw_balls(
        pane.balls,
        pane.tints,
        pane.seen,
        pane.hidden_rings,
        pane.rods,
        pane.faces,
        pane.cues,
    )


class Splatter(QObject):
    """One thread that draws the newest wish.

    `drawn` brings the picture, bottom row first, and the number of its wish.
    """

    drawn = Signal(object, int)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._wish: Wish | None = None
        self._condition = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False

    def draw(self, wish: Wish) -> None:
        """Draw this next; an older wish that was not begun is dropped."""
        with self._condition:
            self._wish = wish
            if self._thread is None:
                self._closed = False
                self._thread = threading.Thread(target=self._work, name="splatter", daemon=True)
                self._thread.start()
            self._condition.notify()

    def close(self) -> None:
        """End the thread after the picture it is drawing."""
        with self._condition:
            self._closed, self._wish = True, None
            thread, self._thread = self._thread, None
            self._condition.notify()
        if thread is not None:
            thread.join()

    def _next(self) -> Wish | None:
        with self._condition:
            while self._wish is None and not self._closed:
                self._condition.wait()
            wish, self._wish = self._wish, None
            return wish

    def _work(self) -> None:
        step_back()
        while (wish := self._next()) is not None:
            picture = np.ascontiguousarray(splat(wish)[::-1])  # OpenGL counts rows from below
            if self._closed:
                return
            try:
                self.drawn.emit(picture, wish.number)
            except RuntimeError:  # the widget was deleted meanwhile
                return
