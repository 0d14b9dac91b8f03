"""The surface of particles and slabs: which atoms a ball from outside touches, how deep the others
lie, and which facets the surface has."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.analysis.methods.neighbourhood import neighbourhood
from mlipviewer.core.periodic import with_images
from mlipviewer.core.trajectory import Frame

Array = NDArray[Any]

BALL = 1.2  # nearest distances: larger than the hole of one missing atom, which has 1.0
BONDED = 1.2  # nearest distances: halfway between the first and second neighbours of fcc
MARGIN = 3.0  # nearest distances of images around a periodic cell
JITTER = 1e-4  # nearest distances: four atoms in one plane have no ball of their own
INSIDE, F111, F100, EDGE = range(4)
FACETS = ("inside", "{111}", "{100}", "edge or corner", "left out")
LEFT_OUT = FACETS.index("left out")
FLAT = 0.15  # root mean square of the sines; at the edge of an icosahedron it is 0.25


def touched(frame: Frame, rows: Array, ball: float) -> Array:
    """(m,) which atoms of `rows` a ball of a radius (A) touches that rolls around outside.

    The alpha shape: tetrahedra of the Delaunay division with a larger circumscribed ball are empty
    space where they are joined to the outside. All atoms of fewer than 4, or of a plane, are.
    """
    from scipy.spatial import Delaunay, QhullError

    own = np.asarray(rows)
    places, _ = with_images(frame, MARGIN * ball, own)  # the atoms themselves come first
    turned = np.random.default_rng(0).normal(0, JITTER * ball, places.shape)
    try:
        division = Delaunay(places + turned)
    except (QhullError, ValueError):
        return np.ones(len(own), bool)
    corners = division.simplices
    hollow = _radii(division.points[corners]) > ball
    found = np.zeros(len(places), bool)
    found[corners[_joined(hollow, division.neighbors)].ravel()] = True
    found[division.convex_hull.ravel()] = True
    return found[: len(own)]


def _joined(hollow: Array, beside: Array) -> Array:
    """(t,) the hollow tetrahedra that one can go to from outside through hollow ones."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    t, outside = len(hollow), len(hollow)
    first = np.repeat(np.arange(t), 4)
    second = beside.ravel()
    second = np.where(second < 0, outside, second)
    open_to = np.append(hollow, True)
    way = open_to[first] & open_to[second]
    graph = coo_matrix((np.ones(way.sum(), np.int8), (first[way], second[way])), (t + 1, t + 1))
    _, part = connected_components(graph, directed=False)
    found: Array = hollow & (part[:t] == part[outside])
    return found


def _radii(corners: Array) -> Array:
    """(t,) the radii of the balls through tetrahedra (t, 4, 3), infinite for flat ones."""
    sides = corners[:, 1:] - corners[:, :1]
    square = (sides**2).sum(axis=2)
    a, b, c = sides[:, 0], sides[:, 1], sides[:, 2]
    six = np.einsum("ij,ij->i", a, np.cross(b, c))
    above = (
        square[:, :1] * np.cross(b, c)
        + square[:, 1:2] * np.cross(c, a)
        + square[:, 2:] * np.cross(a, b)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        radii = np.linalg.norm(above, axis=1) / np.abs(2 * six)
    return np.where(np.isfinite(radii), radii, np.inf)


def few_neighbours(frame: Frame, rows: Array, least: int, cutoff: float) -> Array:
    """(m,) which atoms of `rows` have fewer than so many neighbours up to the cut-off (A)."""
    from mlipviewer.native.local_order import neighbour_counts

    with neighbourhood(frame, rows, 16) as grid:
        counts = neighbour_counts(grid, cutoff, np.zeros(len(rows), np.int32), 1)
    found: Array = counts[:, 0] < least
    return found


def shells_below(frame: Frame, rows: Array, surface: Array, cutoff: float) -> tuple[Array, Array]:
    """Of the atoms of `rows`: the shell (m,), 1 at the surface, 2 for neighbours of these up to the
    cut-off (A) ..., 0 for atoms that no way leads to; and the distance (m,) in A to the nearest
    atom of the surface, NaN where there is no surface."""
    from scipy.spatial import cKDTree

    shell = surface.astype(np.int32)
    depth = np.full(len(rows), np.nan)
    if not surface.any():
        return shell, depth
    places, which = with_images(frame, MARGIN * cutoff, np.asarray(rows))
    back = np.zeros(frame.n_atoms, int)
    back[rows] = np.arange(len(rows))
    own = back[which]
    tree = cKDTree(places[surface[own]])
    depth[:] = tree.query(places[: len(rows)])[0]
    pairs = cKDTree(places).query_pairs(cutoff, output_type="ndarray")
    first, second = own[pairs].T
    _count_shells(shell, np.concatenate([first, second]), np.concatenate([second, first]))
    return shell, depth


def _count_shells(shell: Array, first: Array, second: Array) -> None:
    """Number what is reached along bonds, shell by shell."""
    from scipy.sparse import coo_matrix

    n = len(shell)
    graph = coo_matrix((np.ones(len(first), np.float32), (first, second)), (n, n)).tocsr()
    number = 1
    while True:
        new = (graph @ (shell == number).astype(np.float32) > 0) & (shell == 0)
        if not new.any():
            return
        number += 1
        shell[new] = number


def facets_of(frame: Frame, rows: Array, surface: Array, cutoff: float) -> Array:
    """(m,) of FACETS: a surface atom with six neighbours of the surface in one plane is of {111},
    with four at right angles of {100}, else it is at an edge or corner. Of fcc."""
    from scipy.spatial import cKDTree

    found = np.zeros(len(rows), np.uint8)
    if not surface.any():
        return found
    own = np.asarray(rows)[surface]
    places, _ = with_images(frame, 2 * cutoff, own)  # the atoms themselves come first
    kinds = np.full(len(own), EDGE, np.uint8)
    around: Any = cKDTree(places).query_ball_point(places[: len(own)], cutoff)
    for place, near in enumerate(around):
        if len(near) in (5, 7):
            kinds[place] = _facet(places[[n for n in near if n != place]] - places[place])
    found[surface] = kinds
    return found


def _facet(around: Array) -> int:
    """The facet of an atom with these vectors (4 or 6, 3) to its neighbours of the surface."""
    unit = around / np.linalg.norm(around, axis=1)[:, None]
    normal = np.linalg.svd(unit)[2][2]
    if np.square(unit @ normal).mean() > FLAT**2:
        return EDGE
    cosines = np.sort(unit @ unit.T, axis=1)
    opposite = cosines[:, 0].max() < -0.8  # each has one on the other side
    return (F111 if len(around) == 6 else F100) if opposite else EDGE
