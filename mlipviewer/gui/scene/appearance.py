"""What both ways of drawing share: the window on a pane, its colours, how depth is told."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtGui import QColor

from mlipviewer.gui.theme import Theme
from mlipviewer.native.solids import NO_CUES, Cues
from mlipviewer.session.looks import Lighting, Looks, Style

Rect = tuple[int, int, int, int]

HALO = 3.5
LEAST, POINT = 0.6, 1.6
"""Radii in pixels: of the smallest spheres, and of points."""

DEPTH_STEP = 1.2
"""A; a step in depth of about an atom's radius counts as an edge."""

THIN = 6.0
"""Pixels per A from which outlines begin to show."""

_CUES = {
    Lighting.EXPLORE: (0.8, 0.0, 0.0),
    Lighting.PUBLICATION: (0.6, 0.8, 0.35),
}


@dataclass(frozen=True)
class Window:
    """The pixels of a pane that are drawn: `rect` within a whole of `size`, for large pictures."""

    size: tuple[int, int]
    left: int = 0
    top: int = 0
    width: int = 0
    height: int = 0

    @classmethod
    def whole(cls, width: int, height: int) -> Window:
        return cls((width, height), 0, 0, width, height)

    @property
    def middle(self) -> tuple[float, float]:
        """Where the pane's middle lies, in pixels of the window."""
        return self.size[0] / 2 - self.left, self.size[1] / 2 - self.top

    def crop(self) -> np.ndarray:
        """(4, 4) what brings the whole's clip coordinates to the window's."""
        (w, h), matrix = self.size, np.eye(4)
        matrix[0, 0], matrix[1, 1] = w / self.width, h / self.height
        matrix[0, 3] = (w - 2 * self.left) / self.width - 1
        matrix[1, 3] = 1 - (h - 2 * self.top) / self.height
        return matrix


@dataclass(frozen=True)
class Appearance:
    """How panes look; `ratio` is pixels drawn for each of the screen."""

    theme: Theme
    looks: Looks
    ratio: float
    quick: bool = False  # while things move: without cues of depth

    @property
    def halo(self) -> float:
        return HALO * self.ratio

    @property
    def least(self) -> float:
        return POINT * self.ratio if self.looks.style is Style.POINTS else LEAST

    def cues(self, scale: float, depths: tuple[float, float]) -> Cues:
        """How depth is told at `scale` pixels per A of what lies between two depths."""
        if self.quick or self.looks.lighting not in _CUES:
            return NO_CUES
        shade, outline, fog = _CUES[self.looks.lighting]
        # lines around atoms of a few pixels would leave nothing of the atoms
        outline *= float(np.clip(scale / self.ratio / THIN - 0.5, 0.0, 1.0))
        near, far = depths
        return Cues(
            shade,
            outline,
            fog,
            reach=float(np.clip(1.6 * scale, 2.0, 40.0 * self.ratio)),
            thick=max(self.ratio, 1.0),
            step=DEPTH_STEP,
            fog_from=near - 0.25 * (near - far),
            fog_to=far,
            line=rgb_bytes(self.theme.text) if not self.theme.dark else (0, 0, 0),
        )


def times(rect: Rect, ratio: float) -> Rect:
    """A rectangle in finer pixels."""
    left, top, width, height = (round(x * ratio) for x in rect)
    return left, top, max(width, 1), max(height, 1)


def unit_rgb(name: str) -> tuple[float, float, float]:
    colour = QColor(name)
    return colour.redF(), colour.greenF(), colour.blueF()


def rgb_bytes(name: str) -> tuple[int, int, int]:
    colour = QColor(name)
    return colour.red(), colour.green(), colour.blue()
