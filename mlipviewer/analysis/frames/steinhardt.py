"""Bond order parameters of Steinhardt, as they are and averaged over neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from mlipviewer.analysis.methods.neighbourhood import (
    AMONG,
    AS_THEY_ARE,
    AVERAGE,
    PLACES,
    POSITIONS,
    neighbourhood,
    spread,
    taking_part,
)
from mlipviewer.core.analysis import Params, param
from mlipviewer.core.computation import POSITIONS_ALONE, Computation, Computed
from mlipviewer.core.trajectory import Frame

NEAREST, CUTOFF, VORONOI = "nearest", "cutoff", "voronoi"
ORDERS = (4, 6, 8)


@dataclass(frozen=True)
class SteinhardtParams(Params):
    by: str = param(
        NEAREST,
        "who counts as a neighbour: the nearest, all up to a distance, or all with a common Voronoi"
        " face, weighted by its area",
        choices=(NEAREST, CUTOFF, VORONOI),
    )
    neighbours: int = param(
        12, "nearest neighbours: 12 for fcc and hcp, 14 or 8 for bcc", low=1, high=200
    )
    cutoff: float = param(3.5, "with cutoff: the largest distance", unit="A", low=0.1, high=30.0)
    among: str = param("", AMONG)
    positions: str = param(AS_THEY_ARE, POSITIONS, choices=PLACES)
    average: int = param(0, AVERAGE, low=0, high=1000)


def run(frame: Frame, params: SteinhardtParams) -> Computed:
    """Columns (n,): q4, q6, q8; w4, w6, w8 (normalised); the same of q_lm averaged over each atom
    and its neighbours, as averaged_q4 ...; NaN for atoms left out or without neighbours.

    Steinhardt, Nelson and Ronchetti, Phys. Rev. B 28, 784 (1983); averaged: Lechner and Dellago, J.
    Chem. Phys. 129, 114707 (2008); faces: Mickel et al., J. Chem. Phys. 138, 044501 (2013). Raises
    AnalysisProblem.
    """
    from mlipviewer.native.local_order import Bonds, bond_order

    rows = taking_part(frame, params.among)
    cutoff = params.cutoff if params.by == CUTOFF else 0.0
    bonds = Bonds(params.neighbours, cutoff, params.by == VORONOI)
    with neighbourhood(frame, rows, params.neighbours, params.positions) as grid:
        found = bond_order(grid, bonds)
    kinds = {
        "q": found.q, "w": found.w,
        "averaged_q": found.averaged_q, "averaged_w": found.averaged_w,
    }  # fmt: skip
    columns = {
        f"{kind}{order}": spread(np.ascontiguousarray(table[:, i]), rows, frame.n_atoms, np.nan)
        for kind, table in kinds.items()
        for i, order in enumerate(ORDERS)
    }
    return Computed(columns)


_ABOUT = {
    "q": "bond order q",
    "w": "bond order w",
    "averaged_q": "bond order q averaged over neighbours, l =",
    "averaged_w": "bond order w averaged over neighbours, l =",
}

COMPUTATION = Computation(
    name="steinhardt",
    title="Bond order (Steinhardt)",
    about="How the directions to an atom's neighbours are ordered: q and w for l = 4, 6, 8.",
    params=SteinhardtParams,
    run=run,
    reads_columns=POSITIONS_ALONE,
    around=lambda params: params.average,
    version=2,
    columns=MappingProxyType(
        {f"{kind}{l}": f"{about} {l}" for kind, about in _ABOUT.items() for l in ORDERS}  # noqa: E741
    ),
)
