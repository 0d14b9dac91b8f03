"""Coordination polyhedra: the hull of the atoms around a centre, by scipy. Pure."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.bonds import bonds_of
from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.scene.arranging import Arranged
from mlipviewer.gui.scene.spheres import Kinds
from mlipviewer.native.solids import NO_FACES, NO_RODS, Faces, Rods
from mlipviewer.session.looks import Polyhedra

Array = NDArray[Any]

MOST = 20_000
"""Polyhedra that are drawn of one frame."""

FLAT = 0.9995
"""Cosine between faces from which the edge between them is not drawn."""

EDGE_RADIUS = 0.03


def hulls(frame: Frame, kinds: Kinds, wish: Polyhedra) -> list[tuple[int, Array, Array]]:
    """For each centre its row, triangles (t, 3, 3) and edges (e, 2, 3) in A, counted from it."""
    codes = {kind.name: kind.code for kind in kinds.kinds}
    if wish.centre not in codes:
        return []
    lengths = np.zeros((256, 256))
    ligands = [codes[wish.ligand]] if wish.ligand in codes else list(codes.values())
    centre = codes[wish.centre]
    lengths[centre, ligands] = wish.reach
    found = bonds_of(frame, kinds.codes, lengths)
    order = np.argsort(found.first, kind="stable")
    rows, starts = np.unique(found.first[order], return_index=True)
    groups = np.split(found.vectors[order], starts[1:]) if len(rows) else []
    made = []
    for row, corners in zip(rows[:MOST].tolist(), groups[:MOST], strict=True):
        solid = hull(corners)
        if solid is not None:
            made.append((row, *solid))
    return made


def hull(corners: Array) -> tuple[Array, Array] | None:
    """Triangles (t, 3, 3) and edges (e, 2, 3) of the hull of points (k, 3); None for flat ones."""
    from scipy.spatial import ConvexHull, QhullError

    if len(corners) < 4:
        return None
    try:
        found = ConvexHull(corners)
    except QhullError:
        return None
    normals = found.equations[:, :3]
    edges = []
    for i, (simplex, beside) in enumerate(zip(found.simplices, found.neighbors, strict=True)):
        for k, j in enumerate(beside):
            if i < j and normals[i] @ normals[j] < FLAT:
                edges.append(np.delete(simplex, k))
    return corners[found.simplices], corners[np.array(edges, int).reshape(-1, 2)]


def polyhedra(
    frame: Frame, kinds: Kinds, wish: Polyhedra, how: Arranged, home: Any
) -> tuple[Faces, Rods]:
    """The faces and the outlines of all drawn polyhedra, counted from `home`."""
    made = hulls(frame, kinds, wish)
    faces, edges = [], []
    for image, shift in enumerate(how.shifts):
        kept = how.kept_of(image)
        for row, triangles, lines in made:
            if kept is None or kept[row]:
                at = how.places[row] + (shift - home)
                faces.append(triangles + at)
                edges.append(lines + at)
    if not faces:
        return NO_FACES, NO_RODS
    corners = np.concatenate(faces).reshape(-1, 9).astype(np.float32)
    ends = np.concatenate(edges).reshape(-1, 6).astype(np.float32)
    colour = next(kind.colour for kind in kinds.kinds if kind.name == wish.centre)
    tint = np.array(colour, np.uint8)
    rim = (tint * 0.45).astype(np.uint8)
    return (
        Faces(corners, np.tile(tint, (len(corners), 1)), wish.opacity),
        Rods(
            ends,
            np.full((len(ends), 2), EDGE_RADIUS, np.float32),
            np.tile(rim, (len(ends), 1)),
        ),
    )
