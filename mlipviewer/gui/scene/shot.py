"""What a scene shows at a moment, to be drawn at any size and in any thread, by the processor: the
same picture on every computer."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.progress import Progress
from mlipviewer.gui.scene.appearance import Appearance, rgb_bytes
from mlipviewer.gui.scene.camera import Camera
from mlipviewer.gui.scene.draw_spheres import HOVERED, SELECTED
from mlipviewer.gui.scene.faces import FaceDrawing
from mlipviewer.gui.scene.pane import Pane, Rect, grid
from mlipviewer.gui.scene.parts import Part, shrunk, tiles
from mlipviewer.gui.scene.rods import RodDrawing
from mlipviewer.gui.scene.scene import Scene
from mlipviewer.gui.scene.splatting import Wish, splat
from mlipviewer.gui.scene.wishes import pane_picture
from mlipviewer.gui.theme import Theme
from mlipviewer.session.looks import Looks

DETAIL = 2
"""Drawn pixels for each of the picture's and direction."""

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Shot:
    """Panes with their camera on a sheet of `size` = (width, height) pixels of the screen."""

    panes: tuple[Pane, ...]
    camera: Camera
    theme: Theme
    looks: Looks
    size: tuple[int, int]

    def rects(self) -> list[Rect]:
        return grid(len(self.panes), *self.size)

    def pane_camera(self, index: int) -> Camera:
        return self.panes[index].camera(self.camera)

    def render(self, dots: tuple[int, int], transparent: bool, progress: Progress) -> Pixels:
        """(height, width, 4) RGBA of `dots` = (width, height), made of tiles, so that the memory
        does not limit them. Raises Cancelled."""
        for pane in self.panes:
            pane.finish_solids()
        if not transparent:
            return self._rendered(dots, self.theme, progress.step)
        grounds = (replace(self.theme, background=name) for name in ("#ffffff", "#000000"))
        halves = enumerate(grounds)

        def step_of(half: int) -> Callable[[int, int], None]:
            return lambda done, total: progress.step(done + half * total, 2 * total)

        white, black = (self._rendered(dots, theme, step_of(half)) for half, theme in halves)
        return _without_ground(white, black)

    def _rendered(
        self, dots: tuple[int, int], theme: Theme, step: Callable[[int, int], None]
    ) -> Pixels:
        width, height = dots
        look = Appearance(theme, self.looks, width / max(self.size[0], 1) * DETAIL)
        picture = np.empty((height, width, 4), np.uint8)
        every = list(tiles(width, height, DETAIL, self._reach(look)))
        for done, (left, top, part, inner) in enumerate(every):
            step(done, len(every))
            small = shrunk(splat(self._wish(part, look)), DETAIL)[inner]
            picture[top : top + small.shape[0], left : left + small.shape[1]] = small
        return picture

    def _wish(self, part: Part, look: Appearance) -> Wish:
        made = (
            pane_picture(self.panes[i], self.pane_camera(i), rect, window, look)
            for i, rect, window in part.places(self.rects(), look.ratio)
        )
        panes = tuple(one for one in made if one is not None)
        return Wish(part.width, part.height, 0, rgb_bytes(look.theme.background), panes)

    def _reach(self, look: Appearance) -> float:
        """How many drawn pixels around one count for how depth is told there."""
        sizes = ((float(rect[2]), float(rect[3])) for rect in self.rects())
        scales = (self.pane_camera(i).scale(size) for i, size in enumerate(sizes))
        cues = (look.cues(scale * look.ratio, (1.0, -1.0)) for scale in scales)
        return max((max(one.reach, one.thick) for one in cues if one.any), default=0.0)


def shot_of(
    scene: Scene, size: tuple[int, int], theme: Theme, looks: Looks, selection: bool = True
) -> Shot:
    """What a scene shows now, on a sheet of another size: as much of it in height. Nothing tells
    where the mouse is, and without `selection` nothing what is selected."""
    unmarked = HOVERED if selection else HOVERED | SELECTED
    panes = tuple(_kept(pane, theme, unmarked) for pane in scene.panes)
    return Shot(panes, scene.camera, theme, looks, size)


def _kept(pane: Pane, theme: Theme, unmarked: int) -> Pane:
    """A copy, for the arrays of a pane are replaced and never changed; nothing of the card."""
    kept = copy(pane)
    kept.drawn_marks = pane.drawn_marks & np.uint8(255 - unmarked)
    kept.rods, kept.faces = RodDrawing(), FaceDrawing()
    kept.set_behind(rgb_bytes(theme.background))
    return kept


def _without_ground(white: Pixels, black: Pixels) -> Pixels:
    """The same picture before white and before black as one that lets the ground be seen."""
    through = (white[..., :3].astype(np.int16) - black[..., :3]).mean(axis=2)
    alpha = np.clip(255 - np.rint(through), 0, 255)
    share = np.maximum(alpha, 1)[..., None] / 255
    own = np.clip(np.rint(black[..., :3] / share), 0, 255)
    return np.ascontiguousarray(np.concatenate([own, alpha[..., None]], axis=2).astype(np.uint8))
