"""One pane of the scene: a frame's atoms and cell, and what of them must be sent to the card."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.rows import Mask
from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.scene.arranging import Arranged, arranged
from mlipviewer.gui.scene.camera import Camera
from mlipviewer.gui.scene.draw_spheres import SphereDrawing
from mlipviewer.gui.scene.dress import dressed
from mlipviewer.gui.scene.faces import FaceDrawing
from mlipviewer.gui.scene.lines import LineDrawing
from mlipviewer.gui.scene.paints import Paint, rgb_of
from mlipviewer.gui.scene.rods import RodDrawing
from mlipviewer.gui.scene.solid_work import Solids, SolidWish
from mlipviewer.gui.scene.spheres import Kinds, Spheres, bounds, kinds_of
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
        self.shown_rods: Rods = NO_RODS
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
        if not same_home or self.frame is None:
            low, high = bounds(frame)
            self.home = (low + high) / 2
        same = self._same_kinds(frame)
        kinds = self.kinds
        if not same or kinds is None or self._species is None:
            self._species = kinds_of(frame)
            kinds = dressed(self._species, self.looks)
        self._arrange(frame, kinds)

    def set_looks(self, looks: Looks, since: Frame | None = None) -> None:
        """Draw otherwise; `since` is the frame from which displacements count."""
        self.since = since
        if looks == self.looks:
            return
        self.looks = looks
        if self.frame is not None and self._species is not None:
            self._arrange(self.frame, dressed(self._species, looks))

    def _arrange(self, frame: Frame, kinds: Kinds) -> None:
        old, how = self.how, arranged(frame, kinds, self.looks, self.home)
        each_once = old is not None and old.spheres.rows is None and how.spheres.rows is None
        if len(self.marks) != frame.n_atoms or kinds.codes is not self._codes():
            self.marks = np.zeros(frame.n_atoms, np.uint8)
        moved_only = each_once and kinds is self.kinds
        self.frame, self.kinds, self.how, self.box = frame, kinds, how, how.box
        if moved_only:
            self.atoms.set_positions(how.spheres.positions)
        else:
            self.atoms.set_spheres(how.spheres)
            self.set_marks(self.marks)
            if self.paint is not None and len(self.paint.data) == frame.n_atoms:
                self.set_paint(self.paint)
        self.edges = how.edges
        self.cell.set_ends(self.edges)

    def _codes(self) -> NDArray[np.uint8] | None:
        return None if self.kinds is None else self.kinds.codes

    def _same_kinds(self, frame: Frame) -> bool:
        old = self.frame
        if old is None or old.n_atoms != frame.n_atoms:
            return False
        if not np.array_equal(old.numbers, frame.numbers):
            return False
        if old.species is None or frame.species is None:
            return old.species is frame.species
        return old.species is frame.species or np.array_equal(old.species, frame.species)

    def set_paint(self, paint: Paint) -> None:
        """The colours of the n atoms."""
        assert self.how is not None
        self.paint = paint
        data = self.how.spheres.of_atoms(paint.data)
        self.drawn_paint = paint if data is paint.data else replace(paint, data=data)
        self.atoms.set_paint(self.drawn_paint)
        self._take_solids()

    def set_marks(self, marks: NDArray[np.uint8]) -> None:
        """(n,) bits HOVERED and SELECTED of draw_spheres."""
        assert self.how is not None
        self.marks = marks
        self.drawn_marks = self.how.spheres.of_atoms(marks)
        self.atoms.set_marks(self.drawn_marks)

    # -- bonds, arrows, polyhedra ----------------------------------------------------------

    def solid_wish(self) -> SolidWish | None:
        """What besides spheres belongs to this pane; None where nothing is shown."""
        if self.frame is None or self.kinds is None or self.how is None:
            return None
        return SolidWish(
            self.frame, self.kinds, self.how, self.looks, self.home, self.since, self.chosen
        )

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

    def _take_solids(self) -> None:
        fits = self.solids is not None and self.solids.wish.frame.n_atoms == self.n_atoms
        if self.solids is None or self.paint is None or not fits:
            self.shown_rods, self.shown_faces = NO_RODS, NO_FACES
        elif len(self.paint.data) == self.n_atoms:
            self.shown_rods = self.solids.rods(rgb_of(self.paint))
            self.shown_faces = self.solids.faces
        self.rods.set(self.shown_rods)
        self.faces.set(self.shown_faces)

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
