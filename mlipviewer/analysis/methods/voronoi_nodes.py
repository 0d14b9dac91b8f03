"""Corners of the Voronoi cells of atoms: the places farthest from all of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.analysis.methods.site_search import Box, merged
from mlipviewer.core.analysis import AnalysisProblem

Array = NDArray[Any]

FEWEST = 5  # points of a diagram in space


def voronoi_nodes(scaled: Array, box: Box, apart: float, least: float) -> tuple[Array, Array]:
    """((s, 3) fractions, (s,) distances in A to the nearest atoms) of the corners that are at least
    `least` A from all atoms (n, 3), those nearer than `apart` A to a farther one left out.

    Raises AnalysisProblem.
    """
    from scipy.spatial import KDTree, QhullError, Voronoi

    inside, _ = box.wrapped(np.asarray(scaled, float))
    reach = 2.0 * float(np.linalg.norm(box.cell, axis=1).max()) if len(inside) < 8 else _wide(box)
    rows, cells = box.images(inside, reach)
    points = (inside[rows] + cells) @ box.cell
    if len(points) < FEWEST:
        raise AnalysisProblem(f"{len(inside)} atoms have no Voronoi cells")
    try:
        corners = Voronoi(points).vertices
    except QhullError:
        raise AnalysisProblem("the atoms lie in one plane: they have no Voronoi cells") from None
    at = box.scaled(corners)
    home = ((at >= -1e-9) & (at < 1 - 1e-9) | ~box.repeats).all(axis=1)
    bounded = (corners >= points.min(axis=0)) & (corners <= points.max(axis=0))
    at = at[home & bounded.all(axis=1)]
    tree = KDTree(points)
    radius = np.asarray(tree.query(at @ box.cell)[0])
    at, radius = at[radius >= least], radius[radius >= least]
    if not len(at):
        raise AnalysisProblem(f"no corner of the Voronoi cells is {least:g} Å from all atoms")
    kept = merged(at, radius, box, apart)
    return at[kept], radius[kept]


def _wide(box: Box) -> float:
    """A, how far images are needed for the cells of the atoms inside to be whole."""
    return float(max(12.0, 0.75 * box.heights.max()))
