"""One pane of the scene: a frame's atoms and cell, and what of them must be sent to the card."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.scene.camera import Camera
from mlipviewer.gui.scene.draw_spheres import SphereDrawing
from mlipviewer.gui.scene.lines import LineDrawing
from mlipviewer.gui.scene.paints import Paint
from mlipviewer.gui.scene.spheres import Kinds, Spheres, bounds, cell_edges, kinds_of, spheres_of

Rect = tuple[int, int, int, int]
"""x, y, width, height in pixels, from the upper left."""


class Pane:
    """Shows one frame. Its camera is the scene's moved to `home`, the middle of the first frame."""

    def __init__(self) -> None:
        self.atoms = SphereDrawing()
        self.cell = LineDrawing()
        self.frame: Frame | None = None
        self.kinds: Kinds | None = None
        self.spheres: Spheres | None = None
        self.paint: Paint | None = None
        self.marks = np.zeros(0, np.uint8)
        self.edges = np.empty((0, 3), np.float32)  # of the cell, counted from home
        self.home = np.zeros(3)
        self.box = (np.full(3, -1.0), np.full(3, 1.0))

    @property
    def n_atoms(self) -> int:
        return 0 if self.spheres is None else self.spheres.n

    def set_frame(self, frame: Frame, same_home: bool) -> None:
        """Show a frame; atoms of the same kinds as before only move."""
        self.box = bounds(frame)
        if not same_home or self.frame is None:
            self.home = (self.box[0] + self.box[1]) / 2
        kinds = self.kinds if self._same_kinds(frame) else kinds_of(frame)
        assert kinds is not None
        spheres = spheres_of(frame, kinds, self.home)
        if kinds is self.kinds:
            self.atoms.set_positions(spheres.positions)
        else:
            self.atoms.set_spheres(spheres)
            self.marks = np.zeros(spheres.n, np.uint8)
        self._set_cell(frame)
        self.frame, self.kinds, self.spheres = frame, kinds, spheres

    def _same_kinds(self, frame: Frame) -> bool:
        old = self.frame
        if old is None or old.n_atoms != frame.n_atoms:
            return False
        if not np.array_equal(old.numbers, frame.numbers):
            return False
        if old.species is None or frame.species is None:
            return old.species is frame.species
        return old.species is frame.species or np.array_equal(old.species, frame.species)

    def _set_cell(self, frame: Frame) -> None:
        none = np.empty((0, 3))
        edges = none if frame.cell is None else cell_edges(frame.cell, frame.origin) - self.home
        self.edges = edges.astype(np.float32)
        self.cell.set_ends(self.edges)

    def clear(self) -> None:
        """Show nothing."""
        self.frame = self.kinds = self.spheres = self.paint = None
        self.edges = np.empty((0, 3), np.float32)
        self.cell.set_ends(self.edges)

    def set_paint(self, paint: Paint) -> None:
        self.paint = paint
        self.atoms.set_paint(paint)

    def set_marks(self, marks: NDArray[np.uint8]) -> None:
        """(n,) bits HOVERED and SELECTED of draw_spheres."""
        self.marks = marks
        self.atoms.set_marks(marks)

    def camera(self, shared: Camera) -> Camera:
        """The scene's camera, whose centre counts from home, as this pane's own."""
        return shared.centred(shared.centre + self.home)

    def depths(self, camera: Camera) -> tuple[float, float]:
        low, high = self.box
        return camera.depths((low + high) / 2, float(np.linalg.norm(high - low)) / 2 + 4.0)

    def destroy(self) -> None:
        """Give the card's memory back. Needs the context."""
        self.atoms.destroy()
        self.cell.destroy()


def grid(n_panes: int, width: int, height: int, gap: int = 2) -> list[Rect]:
    """Where 1 to 4 panes lie: one, two side by side, else in two rows."""
    columns = 1 if n_panes == 1 else 2
    lines = -(-n_panes // columns)
    w, h = (width - gap * (columns - 1)) // columns, (height - gap * (lines - 1)) // lines
    places = [(i % columns, i // columns) for i in range(n_panes)]
    return [(c * (w + gap), r * (h + gap), max(w, 1), max(h, 1)) for c, r in places]
