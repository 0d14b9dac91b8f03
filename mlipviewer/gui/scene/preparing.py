"""All that a pane needs to show a frame, made at once or in a thread. Pure: no widget, no card."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.rows import Mask
from mlipviewer.core.trajectory import Frame
from mlipviewer.core.visibility import Visibility, visible_frame
from mlipviewer.gui.scene.arranging import Arranged, arranged
from mlipviewer.gui.scene.dress import dressed
from mlipviewer.gui.scene.paints import Paint
from mlipviewer.gui.scene.solid_work import Solids, SolidWish, make_solids
from mlipviewer.gui.scene.spheres import Kinds, Spheres, bounds, kinds_of
from mlipviewer.session.looks import (
    WHOLE,
    Background,
    Bonds,
    Labels,
    LegendLook,
    Lighting,
    Looks,
    Polyhedra,
    ScaleBar,
    Style,
    TextLook,
    Vectors,
)

Floats = NDArray[np.float64]

MOST_BONDED = 200_000
"""Atoms up to which bonds come together with their frame; those of more follow it."""


@dataclass(frozen=True, eq=False)
class Known:
    """What a pane shows, of which a next frame may keep its species."""

    frame: Frame
    species: Kinds  # before they are dressed
    kinds: Kinds
    looks: Looks


@dataclass(frozen=True, eq=False)
class PaneWish:
    """A frame to be shown so. Without `home` (3,), its own middle becomes it."""

    frame: Frame
    looks: Looks
    home: Floats | None = None
    known: Known | None = None
    visibility: Visibility | None = None
    since: Frame | None = None
    chosen: Mask | None = None
    with_solids: bool = False


@dataclass(frozen=True, eq=False)
class Prepared:
    """What was made of a wish; `frame` is without hidden atoms. `paint` and `marks` are of its n
    atoms, `mask` (n,) its selected ones; `drawn_...` are those of the spheres."""

    wish: PaneWish
    frame: Frame
    species: Kinds
    kinds: Kinds
    home: Floats
    how: Arranged
    solids: Solids | None = None
    paint: Paint | None = None
    drawn_paint: Paint | None = None
    mask: Mask | None = None
    marks: NDArray[np.uint8] | None = None
    drawn_marks: NDArray[np.uint8] | None = None

    def painted(self, paint: Paint) -> Prepared:
        return replace(self, paint=paint, drawn_paint=paint_of_spheres(paint, self.how.spheres))

    def marked(self, mask: Mask, marks: NDArray[np.uint8]) -> Prepared:
        drawn = self.how.spheres.of_atoms(marks)
        return replace(self, mask=mask, marks=marks, drawn_marks=drawn)


def paint_of_spheres(paint: Paint, spheres: Spheres) -> Paint:
    """The paint of what is drawn, of which an atom may have none or several."""
    data = spheres.of_atoms(paint.data)
    return paint if data is paint.data else replace(paint, data=data)


def prepared(wish: PaneWish) -> Prepared:
    """Everything of a pane but its colours."""
    frame = visible_frame(wish.frame, wish.visibility)
    species, kinds = _kinds(frame, wish)
    home = wish.home
    if home is None:
        low, high = bounds(frame)
        home = (low + high) / 2
    made = Prepared(wish, frame, species, kinds, home, arranged(frame, kinds, wish.looks, home))
    if not wish.with_solids or frame.n_atoms > MOST_BONDED:
        return made
    chosen = wish.chosen if wish.chosen is not None and len(wish.chosen) == frame.n_atoms else None
    asked = SolidWish(frame, kinds, made.how, wish.looks, home, wish.since, chosen)
    return made if asked.empty else replace(made, solids=make_solids(asked))


def _kinds(frame: Frame, wish: PaneWish) -> tuple[Kinds, Kinds]:
    """The species, and as they are dressed; the same objects as long as nothing about them
    changes."""
    known = wish.known
    if known is None or not same_species(known.frame, frame):
        species = kinds_of(frame)
        return species, dressed(species, wish.looks)
    if arranging_looks(known.looks) == arranging_looks(wish.looks):
        return known.species, known.kinds
    return known.species, dressed(known.species, wish.looks)


def same_species(old: Frame, new: Frame) -> bool:
    """Whether the atoms of two frames are of the same species, row by row."""
    if old is new:
        return True
    if old.n_atoms != new.n_atoms or not _same(old.numbers, new.numbers):
        return False
    if old.species is None or new.species is None:
        return old.species is new.species
    return _same(old.species, new.species)


def _same(old: Any, new: Any) -> bool:
    return old is new or bool(np.array_equal(old, new))


def arranging_looks(looks: Looks) -> Looks:
    """The looks that say which spheres are where; all else is as always."""
    bonds = Bonds(radius=looks.bonds.radius) if looks.style is Style.STICKS else Bonds()
    return replace(
        looks,
        bonds=bonds,
        cell=True,
        axes=True,
        vectors=Vectors(),
        polyhedra=Polyhedra(),
        labels=Labels(),
        legend=LegendLook(),
        text=TextLook(),
        scale_bar=ScaleBar(),
        scenery=True,
        lighting=Lighting.PLAIN,
        background=Background.THEME,
        slice=looks.slice if looks.slice.on else type(looks.slice)(),
        clip=looks.clip if looks.clip != WHOLE else WHOLE,
    )
