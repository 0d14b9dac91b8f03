"""What results show among the atoms, as rods and faces: balls, sticks and bodies. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.rows import Mask
from mlipviewer.core.scenery import Scenery
from mlipviewer.gui.colours import Rgb, categorical
from mlipviewer.gui.scene.arranging import Arranged
from mlipviewer.gui.scene.camera import Camera
from mlipviewer.gui.scene.polyhedra import EDGE_RADIUS, hull
from mlipviewer.native.solids import NO_FACES, NO_RODS, Faces, Rods

Array = NDArray[Any]

BALL, CHOSEN_BALL, HOVERED_BALL = 0.3, 0.42, 0.52
"""A; the radii of things, of chosen ones, and of the one under the mouse."""

OPACITY = 0.45
SLICES = 8
"""Of a ball, each a piece of a cone."""

MOST_BODIES = 2_000

ALL_SHOWN = 16
"""Things up to which the bodies of all are shown where none is chosen."""


@dataclass(frozen=True, eq=False)
class Staged:
    """A scenery with its chosen things (n,), which have the colour `mark`, and the one under the
    mouse, which is large. Of bodies those of the chosen things are shown; all of a few, where none
    is chosen."""

    scenery: Scenery
    chosen: Mask
    mark: Rgb
    hovered: int | None = None

    def same_as(self, other: Staged | None) -> bool:
        if other is None or self.scenery is not other.scenery:
            return False
        if (self.mark, self.hovered) != (other.mark, other.hovered):
            return False
        return np.array_equal(self.chosen, other.chosen)

    @property
    def tints(self) -> NDArray[np.uint8]:
        """(n, 3) the colour of each thing."""
        own = np.array([categorical(int(g)) for g in self.scenery.group], np.uint8).reshape(-1, 3)
        own[self.chosen] = self.mark
        return own

    @property
    def radii(self) -> NDArray[np.float32]:
        sizes = np.where(self.chosen, CHOSEN_BALL, BALL).astype(np.float32)
        if self.hovered is not None and self.hovered < len(sizes):
            sizes[self.hovered] = HOVERED_BALL
        return sizes


def staged_solids(staged: Staged, how: Arranged, home: Array) -> tuple[Faces, Rods]:
    """All bodies, and all balls, sticks and edges, counted from `home`, in every shown cell."""
    faces, tints, rods = [], [], []
    own_faces, own_tints, own_rods = _in_one_cell(staged)
    for shift in how.shifts:
        move = np.asarray(shift - home, np.float32)
        faces.append(own_faces + np.tile(move, 3))
        tints.append(own_tints)
        rods.append(Rods(own_rods.ends + np.tile(move, 2), own_rods.radii, own_rods.tints))
    if not faces:
        return NO_FACES, NO_RODS
    return Faces(np.concatenate(faces), np.concatenate(tints), OPACITY), joined_rods(rods)


def joined_rods(parts: list[Rods]) -> Rods:
    """Several sets of rods as one."""
    if not parts:
        return NO_RODS
    return Rods(
        np.concatenate([part.ends for part in parts]).astype(np.float32),
        np.concatenate([part.radii for part in parts]),
        np.concatenate([part.tints for part in parts]),
    )


def _in_one_cell(staged: Staged) -> tuple[Array, Array, Rods]:
    """Triangles (t, 9), their colours (t, 3), and rods, in A."""
    scenery, tints = staged.scenery, staged.tints
    unasked = not staged.chosen.any() and len(tints) <= ALL_SHOWN
    shown = np.flatnonzero(staged.chosen | unasked)
    faces, colours = [np.empty((0, 9))], [np.empty((0, 3), np.uint8)]
    rods = [_balls(scenery.places, staged.radii, tints), _sticks(scenery)]
    for i in shown[:MOST_BODIES].tolist():
        made = hull(scenery.bodies[i])
        if made is not None:
            triangles, edges = made
            own = np.array(categorical(int(scenery.group[i])), np.uint8)
            faces.append(triangles.reshape(-1, 9))
            colours.append(np.tile(own, (len(triangles), 1)))
            rods.append(_edges(edges, own))
    return (
        np.concatenate(faces).astype(np.float32),
        np.concatenate(colours),
        joined_rods(rods),
    )


def _edges(edges: Array, tint: NDArray[np.uint8]) -> Rods:
    rim = np.tile((tint * 0.6).astype(np.uint8), (len(edges), 1))
    radii = np.full((len(edges), 2), EDGE_RADIUS, np.float32)
    return Rods(edges.reshape(-1, 6).astype(np.float32), radii, rim)


def _sticks(scenery: Scenery) -> Rods:
    tints = [categorical(int(group)) for group in scenery.stick_group]
    ends = scenery.sticks.reshape(-1, 6).astype(np.float32)
    radii = np.tile(scenery.stick_radius.astype(np.float32)[:, None], (1, 2))
    return Rods(ends, radii, np.array(tints, np.uint8).reshape(-1, 3))


def _balls(places: Array, radii: NDArray[np.float32], tints: NDArray[np.uint8]) -> Rods:
    """Balls as pieces of cones upon each other."""
    turn = np.linspace(-np.pi / 2, np.pi / 2, SLICES + 1)
    height, wide = np.sin(turn), np.cos(turn)
    up = np.array([0.0, 0.0, 1.0])
    ends, sizes = [], []
    for low in range(SLICES):
        first, second = (places + (radii * height[k])[:, None] * up for k in (low, low + 1))
        ends.append(np.column_stack((first, second)))
        sizes.append(np.column_stack((radii * wide[low], radii * wide[low + 1])))
    return Rods(
        np.concatenate(ends).astype(np.float32),
        np.concatenate(sizes).astype(np.float32),
        np.tile(tints, (SLICES, 1)),
    )


def thing_at(
    staged: Staged, camera: Camera, size: tuple[float, float], pixel: tuple[float, float]
) -> tuple[int, float] | None:
    """The row of the thing seen at a pixel, and its depth (z of view coordinates, A)."""
    if not len(staged.scenery.places):
        return None
    x, y, z = camera.project(staged.scenery.places, size).T
    reach = np.maximum(staged.radii * camera.scale(size) / camera.shrink(z), 4.0)
    near = np.hypot(x - pixel[0], y - pixel[1]) <= reach
    if not near.any():
        return None
    row = int(np.flatnonzero(near)[np.argmax(z[near])])
    return row, float(z[row] + staged.radii[row])
