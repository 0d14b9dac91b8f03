"""The surface of particles and slabs, shells and depth below it, and facets."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from mlipviewer.analysis.methods.neighbour_shells import nearest_distance
from mlipviewer.analysis.methods.neighbourhood import AMONG, spread, taking_part
from mlipviewer.analysis.methods.surfaces import (
    BALL,
    BONDED,
    FACETS,
    LEFT_OUT,
    facets_of,
    few_neighbours,
    shells_below,
    touched,
)
from mlipviewer.core.analysis import AnalysisProblem, Params, param
from mlipviewer.core.computation import Computation, Computed
from mlipviewer.core.trajectory import Frame

BY_BALL, BY_NEIGHBOURS = "ball", "neighbours"


@dataclass(frozen=True)
class SurfaceParams(Params):
    by: str = param(
        BY_BALL,
        "ball: atoms that a ball rolling around outside touches (alpha shape); neighbours: atoms"
        " with fewer neighbours than `least`",
        choices=(BY_BALL, BY_NEIGHBOURS),
    )
    ball: float = param(
        0.0, "radius of the ball; 0: 1.2 distances of nearest neighbours", unit="A", low=0.0,
    )  # fmt: skip
    least: int = param(12, "with neighbours: so many has an atom inside", low=1, high=30)
    cutoff: float = param(
        0.0, "of a neighbour; 0: 1.2 distances of nearest neighbours", unit="A", low=0.0
    )
    among: str = param("", AMONG)


def run(frame: Frame, params: SurfaceParams) -> Computed:
    """Columns (n,): `shell`, 1 for the surface, 2 for the atoms next to it ..., 0 where there is no
    surface and for atoms left out; `depth` in A, the distance to the nearest atom of the surface,
    NaN for none; `facet`: of fcc, {111} and {100} where a surface atom has all its neighbours in
    the facet. Values: n_surface, dispersion (share of the surface). Raises AnalysisProblem.
    """
    rows, n = taking_part(frame, params.among), frame.n_atoms
    if len(rows) < 2:
        raise AnalysisProblem(f"frame {frame.index + 1}: a surface needs two atoms at least")
    apart = nearest_distance(frame, rows)
    cutoff = params.cutoff or BONDED * apart
    try:
        surface = surface_of(frame, rows, params, apart)
        shell, depth = shells_below(frame, rows, surface, cutoff)
        facets = facets_of(frame, rows, surface, cutoff)
    except ValueError as problem:
        raise AnalysisProblem(f"frame {frame.index + 1}: {problem}") from None
    columns = {
        "shell": spread(shell, rows, n, 0),
        "depth": spread(depth.astype(np.float32), rows, n, np.nan),
        "facet": spread(facets, rows, n, LEFT_OUT),
    }
    found = int(surface.sum())
    return Computed(columns, {"n_surface": found, "dispersion": found / len(rows)})


def surface_of(frame: Frame, rows: np.ndarray, params: SurfaceParams, apart: float) -> np.ndarray:
    """(m,) which atoms of `rows` are at the surface; `apart` is the nearest distance in A."""
    if params.by == BY_NEIGHBOURS:
        return few_neighbours(frame, rows, params.least, params.cutoff or BONDED * apart)
    return touched(frame, rows, params.ball or BALL * apart)


COMPUTATION = Computation(
    name="surface",
    title="Surface and shells",
    about="Surface atoms of a particle or slab, shells and depth below, and facets.",
    params=SurfaceParams,
    run=run,
    columns=MappingProxyType(
        {
            "shell": "shell below the surface, which is 1",
            "depth": "distance to the nearest atom of the surface",
            "facet": "facet of a surface atom",
        }
    ),
    values=MappingProxyType(
        {"n_surface": "atoms at the surface", "dispersion": "share of atoms at the surface"}
    ),
    classes=MappingProxyType({"facet": FACETS}),
    units=MappingProxyType({"depth": "A"}),
)
