"""The empty space between spheres: nodes of the Voronoi-Dirichlet partition, the ways between them
and the largest sphere that fits through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from mlipviewer.analysis.methods.windings import widest_ways
from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.periodic import with_images
from mlipviewer.core.plot import Array
from mlipviewer.core.trajectory import Frame

SAME = 1e-3
"""A; nodes nearer than this are one."""

START, WIDEST = 8.0, 60.0
"""A; images of atoms are taken up to here around the cell."""

LOOKED_AT = 24
"""Spheres, nearest first, among which one is sought that reaches into a way."""


@dataclass(frozen=True, eq=False)
class Spheres:
    """n spheres in a cell (3, 3) that repeats in all directions: places (n, 3), radii (n,) in A."""

    cell: Array
    places: Array
    radii: Array

    def images(self, margin: float) -> tuple[Array, Array]:
        """Places (m, 3) in the cell and up to `margin` A around it, and the sphere (m,) of each."""
        numbers = np.ones(len(self.places), np.int32)
        frame = Frame(0, self.places.copy(), numbers, self.cell.copy(), (True, True, True))
        return with_images(frame, margin)


@dataclass(frozen=True, eq=False)
class Voids:
    """k nodes: places (k, 3) in the cell, and the radius (k,) of the empty sphere there in A.
    m ways between them: `ends` (m, 2), `images` (m, 3) of the second end's cell, `widths` (m,) the
    radius of the largest sphere that can go there. `margin` A of images were looked at."""

    places: Array
    room: Array
    ends: Array
    images: Array
    widths: Array
    margin: float

    def free_spheres(self) -> Array:
        """(3,) the radius in A of the largest sphere that goes on without end along each vector of
        the cell: 0 where none does."""
        found = widest_ways(len(self.places), self.ends, self.images, self.widths)
        return np.asarray(np.maximum(np.nan_to_num(found, nan=0.0), 0.0))


def voids_of(spheres: Spheres, margin: float = START) -> Voids:
    """The nodes and ways of the power diagram (of equal radii: the Voronoi diagram), of images up
    to `margin` A at first. Raises AnalysisProblem where the empty space is too wide."""
    while True:
        found = _cells(spheres, margin)
        need = found.reach
        if need <= margin:
            return _voids(spheres, found, margin)
        if need > WIDEST:
            raise AnalysisProblem("the empty space between its atoms is wider than 120 Å")
        margin = need * 1.01


@dataclass(frozen=True, eq=False)
class _Cells:
    """The dual tetrahedra: points (p, 3) with their radii (p,), corners (t, 4), neighbours (t, 4)
    opposite to each corner, centres (t, 3); `home` (t,): the centre lies in the cell."""

    points: Array
    radii: Array
    corners: Array
    neighbours: Array
    centres: Array
    parts: Array  # (t, 3) the centres as parts of the cell's vectors
    home: Array
    reach: float


def _cells(spheres: Spheres, margin: float) -> _Cells:
    """Tetrahedra by the lower hull of the spheres lifted to |x|^2 - r^2."""
    from scipy.spatial import ConvexHull, QhullError

    points, of = spheres.images(margin)
    middle = spheres.cell.sum(axis=0) / 2
    radii, moved = spheres.radii[of], points - middle
    none = _Cells(points, radii, *(np.empty((0, 4), int),) * 2, *(np.empty((0, 3)),) * 2,
                  np.empty(0, bool), 1.5 * margin)  # fmt: skip
    if len(points) < 6:
        return none
    lifted = np.column_stack((moved, (moved**2).sum(axis=1) - radii**2))
    try:
        hull = ConvexHull(lifted)
    except QhullError:  # all images lie in a plane: those farther away do not
        return none
    normals = hull.equations[:, :4]
    lower = normals[:, 3] < -1e-9
    number = np.cumsum(lower) - 1
    beside = np.where(lower[hull.neighbors], number[hull.neighbors], -1)[lower]
    centres = -normals[lower, :3] / (2 * normals[lower, 3:]) + middle
    parts = centres @ np.linalg.inv(spheres.cell)
    home = ((parts >= -1e-7) & (parts < 1 - 1e-7)).all(axis=1)
    corners = hull.simplices[lower]
    far = np.linalg.norm(points[corners[home, 0]] - centres[home], axis=1)
    reach = float(far.max(initial=0.0)) + float(np.ptp(radii)) if home.any() else 1.5 * margin
    return _Cells(points, radii, corners, beside, centres, parts, home, reach)


def _voids(spheres: Spheres, found: _Cells, margin: float) -> Voids:
    from scipy.spatial import cKDTree

    node_of, shift_of, parts = _numbered(spheres, found)
    places = parts @ spheres.cell
    tree = cKDTree(found.points)
    rows = np.flatnonzero(found.home)
    first = np.repeat(rows, 4)
    second, corner = found.neighbours[rows].ravel(), np.tile(np.arange(4), len(rows))
    good = (second >= 0) & (node_of[second] >= 0)
    first, second, corner = first[good], second[good], corner[good]
    widths = _widths(found, tree, first, second, corner)
    ends = np.column_stack((node_of[first], node_of[second]))
    images = shift_of[second] - shift_of[first]
    return Voids(places, _room(found, tree, places), ends, images, widths, margin)


def _numbered(spheres: Spheres, found: _Cells) -> tuple[Array, Array, Array]:
    """(t,) the node of each tetrahedron, -1 for those far away; (t, 3) its image; (k, 3) where the
    nodes are as parts of the cell. Tetrahedra around one place are one node."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    slack = SAME / float(np.linalg.norm(spheres.cell, axis=1).min())
    at = np.mod(found.parts[found.home], 1.0) % 1.0
    tree = cKDTree(at, boxsize=np.ones(3))
    near = tree.query_pairs(slack, output_type="ndarray")
    graph = coo_matrix((np.ones(len(near), bool), (near[:, 0], near[:, 1])), (len(at),) * 2)
    n, labels = connected_components(graph, directed=False)
    parts = np.empty((n, 3))
    parts[labels[::-1]] = at[::-1]
    apart, which = tree.query(np.mod(found.parts, 1.0) % 1.0)
    node = np.where(apart <= 2 * slack, labels[which], -1)
    shift = np.rint(found.parts - parts[node]).astype(int)
    return node, shift, parts


def _room(found: _Cells, tree: Any, places: Array) -> Array:
    """(k,) the distance in A from places to the surface of the nearest sphere."""
    k = min(LOOKED_AT, len(found.points))
    apart, which = tree.query(places, k=k)
    return np.asarray((apart - found.radii[which]).min(axis=1))


def _widths(found: _Cells, tree: Any, first: Array, second: Array, corner: Array) -> Array:
    """(m,) the radius of the largest sphere that goes from a tetrahedron to the next through the
    triangle between them: along the straight way between their centres, or through the place in
    the triangle that is equally far from its three spheres, whichever is wider."""
    three = np.array([[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]])
    corners = np.take_along_axis(found.corners[first], three[corner], axis=1)
    p, r = found.points[corners], found.radii[corners]  # (m, 3, 3), (m, 3)
    normal = np.cross(p[:, 1] - p[:, 0], p[:, 2] - p[:, 0])
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
    here, there = found.centres[first], found.centres[second]
    t = np.column_stack([((one - p[:, 0]) * normal).sum(axis=1) for one in (here, there)])
    crosses = t.min(axis=1) * t.max(axis=1) < 1e-12
    nearest = np.where(crosses, 0.0, np.abs(t).min(axis=1))
    closer = np.abs(t).argmin(axis=1)[:, None]
    start = np.where(closer == 0, here, there)
    depth = np.take_along_axis(t, closer, axis=1)
    foot = start - depth * normal  # where the straight way meets the plane of the triangle
    square = ((foot[:, None] - p) ** 2).sum(axis=2) + nearest[:, None] ** 2
    straight: Array = (np.sqrt(square) - r).min(axis=1)
    if np.ptp(found.radii) < 1e-9:
        return straight
    at = _equally_far(p, r, normal)
    usable = crosses & np.isfinite(at).all(axis=1)
    wide = np.full(len(at), -np.inf)
    wide[usable] = _room(found, tree, at[usable])
    return np.asarray(np.maximum(straight, wide))


def _equally_far(p: Array, r: Array, normal: Array) -> Array:
    """(m, 3) the place in the plane of three spheres (p (m, 3, 3), r (m, 3)) at the same distance
    from their surfaces, where it lies in the triangle of their centres; NaN elsewhere."""
    u = p[:, 1] - p[:, 0]
    ux = np.linalg.norm(u, axis=1)
    u = u / np.maximum(ux, 1e-12)[:, None]
    v = np.cross(normal, u)
    w = p[:, 2] - p[:, 0]
    wx, wy = (w * u).sum(axis=1), (w * v).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        # x = a + b s, y = c + d s, for the wanted distance s from the surfaces
        a = (ux**2 - r[:, 1] ** 2 + r[:, 0] ** 2) / (2 * ux)
        b = (r[:, 0] - r[:, 1]) / ux
        c = (wx**2 + wy**2 - r[:, 2] ** 2 + r[:, 0] ** 2 - 2 * wx * a) / (2 * wy)
        d = ((r[:, 0] - r[:, 2]) - wx * b) / wy
        qa, qb, qc = b**2 + d**2 - 1, a * b + c * d - r[:, 0], a**2 + c**2 - r[:, 0] ** 2
        root = np.sqrt(qb**2 - qa * qc)
        s = np.where(np.abs(qa) < 1e-12, -qc / (2 * qb), (-qb - root) / qa)
        x, y = a + b * s, c + d * s
        second, third = (x - wx * y / wy) / ux, y / wy
    inside = (second > -1e-9) & (third > -1e-9) & (second + third < 1 + 1e-9)
    return np.where(inside[:, None], p[:, 0] + x[:, None] * u + y[:, None] * v, np.nan)
