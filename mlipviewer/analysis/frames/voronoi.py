"""Voronoi cells: volumes and indices."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from mlipviewer.analysis.methods.neighbourhood import (
    AMONG,
    AS_THEY_ARE,
    PLACES,
    POSITIONS,
    neighbourhood,
    spread,
    taking_part,
)
from mlipviewer.core.analysis import Params, param
from mlipviewer.core.computation import POSITIONS_ALONE, Computation, Computed
from mlipviewer.core.trajectory import Frame


@dataclass(frozen=True)
class VoronoiParams(Params):
    least_face: float = param(
        0.0,
        "faces smaller than this share of the cell's surface are not counted",
        low=0.0,
        high=1.0,
    )
    least_edge: float = param(
        0.0,
        "edges shorter than this share of the root of the cell's mean face are not counted",
        low=0.0,
        high=1.0,
    )
    among: str = param("", AMONG)
    positions: str = param(AS_THEY_ARE, POSITIONS, choices=PLACES)


def run(frame: Frame, params: VoronoiParams) -> Computed:
    """Columns: `voronoi_volume` (n,) in A^3, NaN where atoms do not close the cell (surfaces);
    `voronoi_faces` (n,), the coordination; `voronoi_index` (n, 4), faces with 3, 4, 5 and 6 edges.
    Atoms left out have -1. Raises AnalysisProblem.
    """
    from mlipviewer.native.local_order import voronoi_cells

    rows, n = taking_part(frame, params.among), frame.n_atoms
    with neighbourhood(frame, rows, 32, params.positions) as grid:
        found = voronoi_cells(grid, params.least_face, params.least_edge)
    return Computed(
        {
            "voronoi_volume": spread(found.volumes, rows, n, np.nan),
            "voronoi_faces": spread(found.faces, rows, n, -1),
            "voronoi_index": spread(found.edges, rows, n, -1),
        }
    )


COMPUTATION = Computation(
    name="voronoi",
    title="Voronoi cells",
    about="The room of an atom, and how many faces its cell has with 3, 4, 5 and 6 edges.",
    params=VoronoiParams,
    run=run,
    reads_columns=POSITIONS_ALONE,
    columns=MappingProxyType(
        {
            "voronoi_volume": "volume of the Voronoi cell",
            "voronoi_faces": "faces of the Voronoi cell",
            "voronoi_index": "faces with 3, 4, 5 and 6 edges",
        }
    ),
    units=MappingProxyType({"voronoi_volume": "A^3"}),
)
