"""One to four panes of atoms under one camera: all that does not depend on who draws them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from mlipviewer.core.rows import Mask, Rows, to_mask
from mlipviewer.core.scenery import Scenery
from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.scene.appearance import Appearance, rgb_bytes
from mlipviewer.gui.scene.camera import Camera
from mlipviewer.gui.scene.fitting import Box, cells_of, others, rimmed
from mlipviewer.gui.scene.pane import Pane, Rect, grid
from mlipviewer.gui.scene.parts import Part, shrunk, tiles
from mlipviewer.gui.scene.sceneries import Staged
from mlipviewer.gui.scene.solid_work import SolidMaker, Solids, SolidWish
from mlipviewer.gui.scene.splatting import Splatter, Wish, splat
from mlipviewer.gui.scene.wishes import pane_picture
from mlipviewer.gui.theme import LIGHT, Theme
from mlipviewer.session.looks import Looks

FEW = 1_000
"""Atoms up to which software OpenGL draws a picture itself."""

MANY = 300_000
"""Atoms up to which edges are smoothed by drawing four pixels for each shown one."""

LARGE = 400_000
"""Spheres from which on half the pixels are drawn without a graphics card while things move."""

FEW_WITH_CUES = 20_000
"""Atoms up to which depth is told while things move, without a graphics card."""

REST_MS = 200

ROOMY, CUT = 0.75, 1.08
"""What the height that is needed to see all may be of that which is seen: the view then stays."""

if TYPE_CHECKING:
    _Widget = QWidget
else:
    _Widget = object


class Scene(_Widget):
    """What widgets that draw atoms share; they have the signals `camera_changed`, `problem_found`.

    `panes` are shown in a grid under `camera`, whose centre counts from each pane's home.
    """

    camera_changed: Any
    problem_found: Any

    def _set_up(self) -> None:
        """Begin with one empty pane."""
        self.panes: list[Pane] = [Pane()]
        self.camera = Camera()
        self._whole: Camera | None = None  # as it was last fitted
        self._seen_whole: list[Box] = []  # what each pane then held
        self._seen_cells: list[Box | None] = []  # and their cells
        self.theme: Theme = LIGHT
        self.looks = Looks()
        self.software = False
        self.largest_point = 255.0
        self.n_complete = 0  # pictures finished, for tests and for those who wait
        self._moving = False
        self._stale = True
        self._drawn: NDArray[np.uint8] | None = None
        self._asked = self._answered = 0  # numbers of pictures
        self._splatter = Splatter(self)
        self._splatter.drawn.connect(self._take_drawn)
        self._maker = SolidMaker(self)
        self._maker.made.connect(self._take_solids)
        self._solid_wishes: dict[int, SolidWish] = {}
        self.preparing = False  # whether a thread prepares what is to be shown next
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._come_to_rest)

    # -- what is shown ---------------------------------------------------------------------

    def set_panes(self, n: int) -> None:
        """Show 1 to 4 panes; those that go give their memory back."""
        if n < len(self.panes):
            self._give_back(self.panes[n:])
        del self.panes[n:]
        self.panes += [Pane() for _ in range(n - len(self.panes))]
        for pane in self.panes:
            pane.set_behind(rgb_bytes(self.theme.background))
        self.redraw()

    def set_camera(self, camera: Camera, pane: Pane | None = None) -> None:
        """Look from elsewhere (at one pane, if it has a camera of its own); smooth edges come when
        it stays there."""
        least = 0.0 if self.software else self._least_height()
        self.camera = replace(camera, height=max(camera.height, least))
        if pane is not None and pane.own is not None:
            pane.own = self.camera
        self.camera_changed.emit()
        self.moves()

    def _least_height(self) -> float:
        """The height at which the largest sphere is as large as OpenGL draws points."""
        radii = [pane.spheres.radii.max() for pane in self.panes if pane.spheres is not None]
        pixels = self.rects()[0][3] * self.devicePixelRatioF() * self._detail(resting=True)
        return float(2.2 * max(radii, default=0.1) * pixels / self.largest_point)

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        for pane in self.panes:
            pane.set_behind(rgb_bytes(theme.background))
        self.redraw()

    def set_looks(self, looks: Looks, since: Sequence[Frame | None] = ()) -> None:
        """Draw all panes so; `since` are the frames from which displacements count."""
        self.looks = looks
        for i, pane in enumerate(self.panes):
            pane.set_looks(looks, since[i] if i < len(since) else None)
        self.redraw()

    def take_looks(self, looks: Looks, since: Sequence[Frame | None] = ()) -> None:
        """Draw all panes so, but for where spheres are, which others prepare."""
        self.looks = looks
        for i, pane in enumerate(self.panes):
            pane.take_looks(looks, since[i] if i < len(since) else None)
        self.redraw()

    def set_chosen(self, index: int, chosen: Mask) -> None:
        """The selected atoms (n,) of a pane, for what is drawn of them alone."""
        self.panes[index].chosen = chosen
        if self.looks.vectors.selected_only:
            self.redraw()

    def set_scenery(
        self, index: int, scenery: Scenery | None, chosen: Rows, hovered: int | None = None
    ) -> None:
        """What a result shows among a pane's atoms, what of it is chosen and under the mouse."""
        pane, staged = self.panes[index], None
        if scenery is not None:
            mark = rgb_bytes(self.theme.selected)
            staged = Staged(scenery, to_mask(chosen, len(scenery.places)), mark, hovered)
        if staged is None and pane.staged is None:
            return
        if staged is None or not staged.same_as(pane.staged):
            pane.staged = staged
            self.redraw()

    def moves(self) -> None:
        """Something is changing from picture to picture."""
        self._moving = True
        self._rest.start()
        self.redraw()

    def redraw(self) -> None:
        """What is shown has changed."""
        self._stale = True
        self.update()

    @property
    def complete(self) -> bool:
        """Whether the picture shown is the newest and best one."""
        waits = self._answered != self._asked or self._drawn is not None
        lacks = any(pane.solids_stale for pane in self.panes)
        return not (self._stale or self._moving or waits or lacks or self.preparing)

    def _come_to_rest(self) -> None:
        self._moving = False
        self.redraw()

    # -- where things are, in pixels of the widget -----------------------------------------

    def rects(self) -> list[Rect]:
        return grid(len(self.panes), self.width(), self.height())

    def pane_camera(self, index: int) -> Camera:
        return self.panes[index].camera(self.camera)

    def pane_at(self, x: float, y: float) -> int | None:
        """The pane under a pixel."""
        for i, (left, top, width, height) in enumerate(self.rects()):
            if left <= x < left + width and top <= y < top + height:
                return i
        return None

    def face(self) -> None:
        """See all atoms, slightly from above the first pane's."""
        self.camera = self.camera.facing(*self.panes[0].box)
        self.fit()

    def fit(self) -> None:
        """See the atoms of all panes whole, from where one looks now."""
        self._fit([rimmed(pane) for pane in self.panes if pane.spheres is not None])

    def _fit(self, boxes: list[Box]) -> None:
        fitted = self._fitted(boxes)
        if fitted is not None:
            self.set_camera(fitted)
            self._whole, self._seen_whole = self.camera, boxes
            self._seen_cells = cells_of(self.panes)

    def _fitted(self, boxes: list[Box]) -> Camera | None:
        """The camera that sees boxes whole, each in a pane of its own."""
        _, _, width, height = self.rects()[0]
        fitted = [self.camera.fitted(low, high, (width, height)) for low, high in boxes]
        return max(fitted, key=lambda camera: camera.height, default=None)

    def fit_again(self) -> None:
        """Keep all in view in a pane of another size, until someone has looked elsewhere.

        A bar that comes or goes beside it is no reason to look from elsewhere: only where
        something would be cut off, or much of the pane be empty. Nor is it that atoms have moved.
        """
        if self.camera is not self._whole:
            return
        boxes = [rimmed(pane) for pane in self.panes if pane.spheres is not None]
        if len(boxes) == len(self._seen_whole):
            boxes = self._seen_whole
        fitted = self._fitted(boxes)
        if fitted is not None and not ROOMY < fitted.height / self.camera.height < CUT:
            self._fit(boxes)

    def fit_other_cells(self) -> None:
        """See all whole where cells are quite other ones than when that was fitted, until someone
        has looked elsewhere. Atoms that move in their cell are no reason."""
        if self.camera is self._whole and others(cells_of(self.panes), self._seen_cells):
            self.fit()

    # -- drawing ---------------------------------------------------------------------------

    def _give_back(self, panes: Sequence[Pane]) -> None:
        """Free what the card holds of panes."""

    def release(self) -> None:
        """Give threads and the card's memory back: before the end, or in another window."""
        self._splatter.close()
        self._maker.close()
        self._solid_wishes.clear()
        self._stale, self._drawn, self._answered = True, None, self._asked
        self._give_back(self.panes)

    @property
    def n_atoms(self) -> int:
        return sum(pane.n_atoms for pane in self.panes)

    @property
    def n_drawn(self) -> int:
        """Spheres, images of atoms among them."""
        return sum(pane.spheres.n for pane in self.panes if pane.spheres is not None)

    @property
    def _splats(self) -> bool:
        cameras = [pane.own or self.camera for pane in self.panes]
        near = min(camera.height for camera in cameras) < self._least_height()
        return self.software and (near or self.n_drawn > FEW)

    def _detail(self, resting: bool = False) -> float:
        """Drawn pixels per shown pixel and direction: 2 smooths edges, a half is quick."""
        if resting or not self._moving:
            return 2 if self.n_drawn <= MANY else 1
        return 0.5 if self._splats and self.n_drawn > LARGE else 1

    def _begin(self) -> None:
        self._stale = False
        self._want_solids()
        ratio = self.devicePixelRatioF() * self._detail()
        width, height = round(self.width() * ratio), round(self.height() * ratio)
        self._asked += 1
        part, look = Part.whole(width, height), self._look(ratio)
        if self._splats:
            self._splatter.draw(self._wish(part, look))
            return
        self._draw_now(part, look)
        self._answered = self._asked
        self.n_complete += 1

    def _draw_now(self, part: Part, look: Appearance) -> None:
        """Draw a picture by OpenGL, to be shown."""
        raise NotImplementedError

    def _take_drawn(self, picture: NDArray[np.uint8], number: int) -> None:
        """The thread has drawn a picture; a newer one may be on its way."""
        if number <= self._answered:
            return
        self._drawn, self._answered = picture, number
        self.n_complete += 1
        self.update()

    # -- both ways of drawing --------------------------------------------------------------

    def _look(self, ratio: float, best: bool = False) -> Appearance:
        quick = self._moving and self._splats and self.n_atoms > FEW_WITH_CUES and not best
        return Appearance(self.theme, self.looks, ratio, quick)

    def _wish(self, part: Part, look: Appearance) -> Wish:
        made = (
            pane_picture(self.panes[i], self.pane_camera(i), rect, window, look)
            for i, rect, window in part.places(self.rects(), look.ratio)
        )
        panes = tuple(one for one in made if one is not None)
        background = rgb_bytes(self.theme.background)
        return Wish(part.width, part.height, self._asked, background, panes)

    def render_image(self, width: int, height: int, smooth: bool = True) -> NDArray[np.uint8]:
        """(height, width, 4) RGBA of all panes in full quality, whatever the widget's size.

        Lines and rings are as thick as on the screen, in proportion. Large pictures are made of
        tiles, so that neither the card nor the memory limits them.
        """
        for pane in self.panes:
            pane.finish_solids()
        detail = 2 if smooth else 1
        look = self._look(width / max(self.width(), 1) * detail, best=True)
        picture = np.empty((height, width, 4), np.uint8)
        for left, top, part, inner in tiles(width, height, detail, self._reach(look)):
            pixels = self._pixels_of(part, look)
            small = shrunk(pixels, detail)[inner]
            picture[top : top + small.shape[0], left : left + small.shape[1]] = small
        return picture

    def _scales(self, look: Appearance) -> Iterator[tuple[Pane, float]]:
        """The panes with their drawn pixels per A."""
        for i, (pane, rect) in enumerate(zip(self.panes, self.rects(), strict=True)):
            size = (float(rect[2]), float(rect[3]))
            yield pane, self.pane_camera(i).scale(size) * look.ratio

    def _reach(self, look: Appearance) -> float:
        """How many drawn pixels around one count for how depth is told there."""
        cues = [look.cues(scale, (1.0, -1.0)) for _, scale in self._scales(look)]
        return max(max(one.reach, one.thick) for one in cues if one.any) if any(
            one.any for one in cues) else 0.0  # fmt: skip

    def _largest_disc(self, look: Appearance) -> float:
        """The radius in drawn pixels that the largest sphere may have, also near the eye."""
        shown = [(pane.spheres, scale) for pane, scale in self._scales(look)]
        return max((1.5 * float(one.radii.max()) * by for one, by in shown if one), default=0.0)

    def _pixels_of(self, part: Part, look: Appearance) -> NDArray[np.uint8]:
        return splat(self._wish(part, look))

    # -- bonds, arrows, polyhedra ----------------------------------------------------------

    def _want_solids(self) -> None:
        """Ask the thread for the solids that the panes lack, and drop those nobody wants."""
        for i, pane in enumerate(self.panes):
            wish = pane.solid_wish()
            if wish is None or wish.empty:
                if pane.solids is not None:
                    pane.set_solids(None)
            elif pane.solids_stale and not wish.makes_same_as(self._solid_wishes.get(i)):
                self._solid_wishes[i] = wish
                self._maker.make(i, wish)

    def _take_solids(self, solids: Solids) -> None:
        for i, pane in enumerate(self.panes):
            if pane.frame is solids.wish.frame or self._solid_wishes.get(i) is solids.wish:
                pane.set_solids(solids)
        if solids.problem:
            self.problem_found.emit(solids.problem)
        self.redraw()
