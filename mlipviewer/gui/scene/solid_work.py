"""Bonds, arrows and polyhedra of a pane, made in a thread; of several wishes only the newest."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from mlipviewer.core.background import step_back
from mlipviewer.core.rows import Mask
from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.scene.arranging import Arranged
from mlipviewer.gui.scene.arrows import arrows, vectors_of
from mlipviewer.gui.scene.bonding import find_bonds, half_bonds
from mlipviewer.gui.scene.guide_rods import joined
from mlipviewer.gui.scene.polyhedra import polyhedra
from mlipviewer.gui.scene.sceneries import Staged, joined_rods, staged_solids
from mlipviewer.gui.scene.spheres import Kinds
from mlipviewer.native.solids import NO_FACES, NO_RODS, Faces, Rods
from mlipviewer.session.looks import BONDS_AT_ONCE, Looks

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class SolidWish:
    """What the solids of a pane are made of; `chosen` (n,) counts where only selected ones do."""

    frame: Frame
    kinds: Kinds
    how: Arranged
    looks: Looks
    home: NDArray[np.float64]
    since: Frame | None = None
    chosen: Mask | None = None
    staged: Staged | None = None  # what a result shows besides

    def makes_same_as(self, other: SolidWish | None) -> bool:
        """Whether both make the same solids."""
        if other is None or self.how is not other.how or self.since is not other.since:
            return False
        if _parts(self.looks) != _parts(other.looks):
            return False
        if self.staged is not other.staged and not (
            self.staged is not None and self.staged.same_as(other.staged)
        ):
            return False
        if not self.looks.vectors.selected_only or self.chosen is other.chosen:
            return True
        if self.chosen is None or other.chosen is None:
            return False
        return np.array_equal(self.chosen, other.chosen)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to be made."""
        looks = self.looks
        return not (bonds_wanted(looks, self.frame.n_atoms) or looks.vectors.shown
                    or looks.polyhedra.centre or self.staged is not None)  # fmt: skip


def _parts(looks: Looks) -> object:
    arrows = replace(looks.vectors, legend=True, place=(0.0, 0.0))
    return looks.bonds, arrows, looks.polyhedra


def bonds_wanted(looks: Looks, n_atoms: int) -> bool:
    """Whether bonds are found: for many atoms only when asked for."""
    few = n_atoms <= BONDS_AT_ONCE or looks.bonds.at_any_size
    return looks.bonds.shown and few


@dataclass(frozen=True, eq=False)
class Solids:
    """What was made of a wish: half bonds, whose tints are their atoms', arrows, polyhedra."""

    wish: SolidWish
    bond_ends: NDArray[np.float32]
    bond_atoms: NDArray[np.int64]
    arrows: Rods
    faces: Faces
    outlines: Rods
    problem: str = ""

    def rods(self, atom_tints: NDArray[np.uint8]) -> Rods:
        """All rods; `atom_tints` (n, 3) are the colours of the atoms."""
        m = len(self.bond_ends)
        radii = np.full((m, 2), self.wish.looks.bonds.radius, np.float32)
        halves = Rods(self.bond_ends, radii, atom_tints[self.bond_atoms])
        return joined((halves, self.arrows, self.outlines))


def no_solids(wish: SolidWish) -> Solids:
    ends, atoms = np.empty((0, 6), np.float32), np.empty(0, np.int64)
    return Solids(wish, ends, atoms, NO_RODS, NO_FACES, NO_RODS)


def make_solids(wish: SolidWish) -> Solids:
    """Everything besides spheres and lines of one pane."""
    frame, looks, how, home = wish.frame, wish.looks, wish.how, wish.home
    made = no_solids(wish)
    if bonds_wanted(looks, frame.n_atoms):
        ends, atoms = half_bonds(find_bonds(frame, wish.kinds, looks.bonds), how, home)
        made = replace(made, bond_ends=ends, bond_atoms=atoms)
    if looks.vectors.shown:
        vectors = vectors_of(frame, looks.vectors, wish.since)
        if vectors is not None:
            made = replace(made, arrows=arrows(vectors, looks.vectors, how, home, wish.chosen))
    if wish.staged is not None:
        faces, rods = staged_solids(wish.staged, how, home)
        made = replace(made, faces=faces, outlines=rods)
    if looks.polyhedra.centre:
        faces, outlines = polyhedra(frame, wish.kinds, looks.polyhedra, how, home)
        corners = np.concatenate((made.faces.corners, faces.corners))
        tints = np.concatenate((made.faces.tints, faces.tints))
        both = joined_rods([made.outlines, outlines])
        made = replace(made, faces=Faces(corners, tints, faces.opacity), outlines=both)
    return made


class SolidMaker(QObject):
    """One thread; `made` brings Solids. A wish of a pane replaces its older ones."""

    made = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._wishes: dict[int, SolidWish] = {}
        self._condition = threading.Condition()
        self._thread: threading.Thread | None = None
        self._life = 0  # the number of the thread that is to work; others end

    def make(self, pane: int, wish: SolidWish) -> None:
        with self._condition:
            self._wishes[pane] = wish
            if self._thread is None:
                self._life += 1
                self._thread = threading.Thread(
                    target=self._work, args=(self._life,), name="solids", daemon=True
                )
                self._thread.start()
            self._condition.notify_all()

    def close(self) -> None:
        """End the thread; it is not waited for: a search for neighbours cannot be broken off."""
        with self._condition:
            self._thread = None
            self._life += 1
            self._wishes.clear()
            self._condition.notify_all()

    def _next(self, life: int) -> SolidWish | None:
        with self._condition:
            while not self._wishes and self._life == life:
                self._condition.wait()
            return None if self._life != life else self._wishes.pop(next(iter(self._wishes)))

    def _work(self, life: int) -> None:
        step_back()
        while (wish := self._next(life)) is not None:
            try:
                made = make_solids(wish)
            except Exception as problem:  # odd data must not end the thread
                log.warning("bonds, arrows or polyhedra", exc_info=True)
                made = replace(no_solids(wish), problem=str(problem) or type(problem).__name__)
            if self._life != life:
                return
            try:
                self.made.emit(made)
            except RuntimeError:  # the widget was deleted meanwhile
                return
