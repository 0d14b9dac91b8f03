"""One pane of the scene: a frame's atoms and cell, and what of them must be sent to the card."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.rows import Mask
from mlipviewer.core.trajectory import Frame
from mlipviewer.core.visibility import Visibility
from mlipviewer.gui.scene.arranging import Arranged
from mlipviewer.gui.scene.camera import Camera
from mlipviewer.gui.scene.draw_spheres import DIMMED, SphereDrawing
from mlipviewer.gui.scene.faces import FaceDrawing
from mlipviewer.gui.scene.guide_rods import joined
from mlipviewer.gui.scene.lines import LineDrawing
from mlipviewer.gui.scene.paints import Paint, rgb_of, stepped_back
from mlipviewer.gui.scene.preparing import (
    Known,
    PaneWish,
    Prepared,
    arranging_looks,
    paint_of_spheres,
    prepared,
)
from mlipviewer.gui.scene.rods import RodDrawing
from mlipviewer.gui.scene.sceneries import Staged
from mlipviewer.gui.scene.solid_work import Solids, SolidWish, make_solids
from mlipviewer.gui.scene.spheres import Kinds, Spheres
from mlipviewer.native.solids import NO_FACES, NO_RODS, Faces, Rods
from mlipviewer.session.looks import Looks

Rect = tuple[int, int, int, int]
"""x, y, width, height in pixels, from the upper left."""


class Pane:
    """Shows one frame. Its camera is the scene's moved to `home`, the middle of the first frame.

    `paint`, `marks` and `chosen` are of the n atoms; `drawn_paint` and `drawn_marks` of the
    spheres, of which an atom may have none or several.
    """

    def __init__(self) -> None:
        self.atoms = SphereDrawing()
        self.cell = LineDrawing()
        self.rods = RodDrawing()
        self.faces = FaceDrawing()
        self.looks = Looks()
        self.since: Frame | None = None
        self.behind = (255, 255, 255)
        self.own: Camera | None = None  # where it is not looked at as the others are
        self.clear()
        self.home = np.zeros(3)

    def clear(self) -> None:
        """Show nothing."""
        self.frame: Frame | None = None
        self._species: Kinds | None = None  # before they are dressed
        self.kinds: Kinds | None = None
        self.how: Arranged | None = None
        self.paint: Paint | None = None
        self.drawn_paint: Paint | None = None
        self.marks = self.drawn_marks = np.zeros(0, np.uint8)
        self.chosen: Mask | None = None
        self.box = (np.full(3, -1.0), np.full(3, 1.0))
        self.edges = np.empty((0, 3), np.float32)  # of the cell, counted from home
        self.cell.set_ends(self.edges)
        self.solids: Solids | None = None
        self.staged: Staged | None = None
        self.shown_rods: Rods = NO_RODS
        self._own_rods = self._guides = NO_RODS
        self.shown_faces: Faces = NO_FACES
        self._take_solids()

    @property
    def n_atoms(self) -> int:
        return 0 if self.frame is None else self.frame.n_atoms

    @property
    def spheres(self) -> Spheres | None:
        return None if self.how is None else self.how.spheres

    @property
    def places(self) -> NDArray[np.float64]:
        """(n, 3) where the atoms are drawn, in A; of several images the first."""
        assert self.how is not None
        return self.how.places

    def set_frame(self, frame: Frame, same_home: bool) -> None:
        """Show a frame; atoms of the same kinds as before only move."""
        self.take(prepared(self.wish_for(frame, self.looks, self.since, same_home)))

    def set_looks(self, looks: Looks, since: Frame | None = None) -> None:
        """Draw otherwise; `since` is the frame from which displacements count."""
        self.since = since
        if looks == self.looks:
            return
        if self.frame is None or arranging_looks(looks) == arranging_looks(self.looks):
            self.looks = looks
        else:
            self.take(prepared(self.wish_for(self.frame, looks, since)))

    def take_looks(self, looks: Looks, since: Frame | None) -> None:
        """Take what of the looks moves no sphere; the rest waits to be prepared."""
        self.since = since
        if arranging_looks(looks) == arranging_looks(self.looks):
            self.looks = looks

    def wish_for(
        self,
        frame: Frame,
        looks: Looks,
        since: Frame | None = None,
        same_home: bool = True,
        visibility: Visibility | None = None,
    ) -> PaneWish:
        """What is to be prepared to show a frame so."""
        known, home = None, None
        if self.frame is not None and self._species is not None and self.kinds is not None:
            known = Known(self.frame, self._species, self.kinds, self.looks)
            home = self.home if same_home else None
        return PaneWish(frame, looks, home, known, visibility, since, self.chosen)

    def take(self, made: Prepared) -> None:
        """Show what was prepared; atoms of the same kinds as before only move."""
        old, how, frame, kinds = self.how, made.how, made.frame, made.kinds
        each_once = old is not None and old.spheres.rows is None and how.spheres.rows is None
        if len(self.marks) != frame.n_atoms or kinds.codes is not self._codes():
            self.marks = np.zeros(frame.n_atoms, np.uint8)
        moved_only = each_once and kinds is self.kinds
        self.looks, self.since, self.home = made.wish.looks, made.wish.since, made.home
        self._species = made.species
        self.frame, self.kinds, self.how, self.box = frame, kinds, how, how.box
        if made.solids is not None:
            self.solids = made.solids
        if moved_only:
            self.atoms.set_positions(how.spheres.positions)
        else:
            self.atoms.set_spheres(how.spheres)
        self._take_marks(made, moved_only)
        self._take_paint(made, moved_only)
        self.edges = how.edges
        self.cell.set_ends(self.edges)
        self._take_solids()

    def _take_marks(self, made: Prepared, moved_only: bool) -> None:
        if made.marks is not None and made.drawn_marks is not None:
            self.marks, self.drawn_marks = made.marks, made.drawn_marks
            self.atoms.set_marks(self.drawn_marks)
        elif not moved_only:
            self.set_marks(self.marks)

    def _take_paint(self, made: Prepared, moved_only: bool) -> None:
        if made.paint is not None and made.drawn_paint is not None:
            self.paint, self.drawn_paint = made.paint, made.drawn_paint
            self.atoms.set_paint(self.drawn_paint)
        elif not moved_only and self.paint is not None and len(self.paint.data) == self.n_atoms:
            self.drawn_paint = self._drawn(self.paint)
            self.atoms.set_paint(self.drawn_paint)

    def _drawn(self, paint: Paint) -> Paint:
        assert self.how is not None
        return paint_of_spheres(paint, self.how.spheres)

    def _codes(self) -> NDArray[np.uint8] | None:
        return None if self.kinds is None else self.kinds.codes

    def set_paint(self, paint: Paint) -> None:
        """The colours of the n atoms."""
        self.set_prepared_paint(paint, self._drawn(paint))

    def set_prepared_paint(self, paint: Paint, drawn: Paint) -> None:
        """The colours of the n atoms, and those of what is drawn."""
        self.paint, self.drawn_paint = paint, drawn
        self.atoms.set_paint(drawn)
        self._take_solids()

    def set_marks(self, marks: NDArray[np.uint8]) -> None:
        """(n,) bits HOVERED and SELECTED of draw_spheres."""
        assert self.how is not None
        same = len(marks) == len(self.marks) and not ((marks ^ self.marks) & DIMMED).any()
        self.marks = marks
        self.drawn_marks = self.how.spheres.of_atoms(marks)
        self.atoms.set_marks(self.drawn_marks)
        if self.solids is not None and not same:
            self._take_solids()

    def set_behind(self, colour: tuple[int, int, int]) -> None:
        """The colour of the background, towards which atoms step back."""
        if colour != self.behind:
            self.behind = colour
            if self.solids is not None and (self.marks & DIMMED).any():
                self._take_solids()

    # -- bonds, arrows, polyhedra ----------------------------------------------------------

    def solid_wish(self) -> SolidWish | None:
        """What besides spheres belongs to this pane; None where nothing is shown."""
        if self.frame is None or self.kinds is None or self.how is None:
            return None
        return SolidWish(
            self.frame,
            self.kinds,
            self.how,
            self.looks,
            self.home,
            self.since,
            self.chosen,
            self.staged_now,
        )

    @property
    def staged_now(self) -> Staged | None:
        """What a result shows of this very frame, if that is wanted."""
        if self.staged is None or self.frame is None or not self.looks.scenery:
            return None
        return self.staged if self.staged.scenery.frame == self.frame.index else None

    @property
    def solids_stale(self) -> bool:
        """Whether bonds, arrows or polyhedra of what is shown are still to be made."""
        wish = self.solid_wish()
        if wish is None or wish.empty:
            return False
        return self.solids is None or not wish.makes_same_as(self.solids.wish)

    def set_solids(self, solids: Solids | None) -> None:
        self.solids = solids
        self._take_solids()

    def finish_solids(self) -> None:
        """Make here what is not made yet: a picture for a file is complete."""
        wish = self.solid_wish()
        if wish is None or wish.empty:
            self.set_solids(None)
        elif self.solids_stale:
            self.set_solids(make_solids(wish))

    def set_guides(self, guides: Rods) -> None:
        """Draw rods that are no part of the atoms, relative to home."""
        self._guides = guides
        self._take_solids()

    def _take_solids(self) -> None:
        if self.solids is None or self.paint is None or not self._fits(self.solids.wish):
            self._own_rods, self.shown_faces = NO_RODS, NO_FACES
        elif len(self.paint.data) == self.n_atoms:
            self._own_rods = self.solids.rods(self._tints(self.paint))
            self.shown_faces = self.solids.faces
        self.shown_rods = joined((self._own_rods, self._guides))
        self.rods.set(self.shown_rods)
        self.faces.set(self.shown_faces)

    def _tints(self, paint: Paint) -> NDArray[np.uint8]:
        """(n, 3) the colours of the ends of bonds: those of their atoms as they are marked."""
        back = (self.marks & DIMMED) > 0
        colours = rgb_of(paint)
        if len(back) != len(colours) or not back.any():
            return colours
        return stepped_back(colours, back, self.behind)

    def _fits(self, wish: SolidWish) -> bool:
        """Whether solids of a wish may be seen with what is shown: never those of another frame."""
        here = (self.looks.images, self.looks.wrapping)
        same_place = (wish.looks.images, wish.looks.wrapping) == here
        return wish.frame is self.frame and same_place and np.array_equal(wish.home, self.home)

    # -- how it is seen --------------------------------------------------------------------

    def camera(self, shared: Camera) -> Camera:
        """The scene's camera or this pane's own, whose centre counts from home."""
        camera = self.own or shared
        return camera.centred(camera.centre + self.home)

    def depths(self, camera: Camera) -> tuple[float, float]:
        low, high = self.box
        return camera.depths((low + high) / 2, float(np.linalg.norm(high - low)) / 2 + 4.0)

    def destroy(self) -> None:
        """Give the card's memory back. Needs the context."""
        for drawing in (self.atoms, self.cell, self.rods, self.faces):
            drawing.destroy()


def grid(n_panes: int, width: int, height: int, gap: int = 2) -> list[Rect]:
    """Where 1 to 4 panes lie: one, two side by side, else in two rows."""
    columns = 1 if n_panes == 1 else 2
    lines = -(-n_panes // columns)
    w, h = (width - gap * (columns - 1)) // columns, (height - gap * (lines - 1)) // lines
    places = [(i % columns, i // columns) for i in range(n_panes)]
    return [(c * (w + gap), r * (h + gap), max(w, 1), max(h, 1)) for c, r in places]
