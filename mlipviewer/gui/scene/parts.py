"""Large pictures in tiles: which pixels of which pane each tile holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlipviewer.gui.scene.appearance import Rect, Window, times

TILE = 2048
OVERLAP = 48
"""Pixels; shade and outlines look at what lies around a pixel, so tiles are drawn wider: by this or
as far as these look."""

PATTERN = 16
"""Tiles begin at multiples of this, so that patterns of pixels go on over their borders."""


@dataclass(frozen=True)
class Part:
    """A rectangle of the picture in drawn pixels."""

    left: int
    top: int
    width: int
    height: int

    @classmethod
    def whole(cls, width: int, height: int) -> Part:
        return cls(0, 0, max(width, 1), max(height, 1))

    def places(self, rects: list[Rect], ratio: float) -> Iterator[tuple[int, Rect, Window]]:
        """For each pane that the part shows its number, where in the part it lies, and what of it.

        `rects` are those of the panes in pixels of the widget, of which each is `ratio` drawn ones.
        """
        for i, rect in enumerate(rects):
            x, y, width, height = times(rect, ratio)
            left, right = max(x, self.left), min(x + width, self.left + self.width)
            top, bottom = max(y, self.top), min(y + height, self.top + self.height)
            if left < right and top < bottom:
                place = (left - self.left, top - self.top, right - left, bottom - top)
                yield (
                    i,
                    place,
                    Window((width, height), left - x, top - y, right - left, bottom - top),
                )


Tile = tuple[int, int, Part, tuple[slice, slice]]


def tiles(width: int, height: int, detail: int, reach: float = 0.0) -> Iterator[Tile]:
    """Left and top of each tile, what to draw for it, and which of the shrunk pixels it keeps.

    `reach` drawn pixels around a pixel count for it.
    """
    overlap = max(OVERLAP, -(-int(reach + 2) // PATTERN) * PATTERN)
    rim = -(-overlap // detail)
    size = TILE // detail
    for top in range(0, height, size):
        for left in range(0, width, size):
            x, y = max(left - rim, 0), max(top - rim, 0)
            right, bottom = min(left + size + rim, width), min(top + size + rim, height)
            part = Part(x * detail, y * detail, (right - x) * detail, (bottom - y) * detail)
            inner = (
                slice(top - y, min(top + size, height) - y),
                slice(left - x, min(left + size, width) - x),
            )
            yield left, top, part, inner


def shrunk(pixels: NDArray[np.uint8], detail: int) -> NDArray[np.uint8]:
    """Every `detail` x `detail` pixels as one, by their mean."""
    if detail == 1:
        return pixels
    height, width, _ = pixels.shape
    blocks = pixels.reshape(height // detail, detail, width // detail, detail, 4)
    sums = blocks.sum(axis=(1, 3), dtype=np.uint16)
    half = detail * detail // 2
    mean: NDArray[np.uint8] = ((sums + half) // (detail * detail)).astype(np.uint8)
    return mean
