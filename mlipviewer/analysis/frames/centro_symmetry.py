"""The centro-symmetry parameter."""

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
from mlipviewer.core.analysis import AnalysisProblem, Params, param
from mlipviewer.core.computation import POSITIONS_ALONE, Computation, Computed
from mlipviewer.core.trajectory import Frame


@dataclass(frozen=True)
class CentroSymmetryParams(Params):
    neighbours: int = param(8, "nearest neighbours: 8 for bcc, 12 for fcc", low=2, high=32)
    among: str = param("", AMONG)
    positions: str = param(AS_THEY_ARE, POSITIONS, choices=PLACES)


def run(frame: Frame, params: CentroSymmetryParams) -> Computed:
    """Column `centro_symmetry` (n,) in A^2: the sum of |r_i + r_j|^2 over the k/2 pairs of the k
    nearest neighbours that are the most opposite; NaN for fewer neighbours.

    Kelchner, Plimpton and Hamilton, Phys. Rev. B 58, 11085 (1998), with the pairs chosen as the
    smallest of all sums. Raises AnalysisProblem.
    """
    from mlipviewer.native.structure import centro_symmetry

    if params.neighbours % 2:
        raise AnalysisProblem(f"the number of neighbours is even, not {params.neighbours}")
    rows = taking_part(frame, params.among)
    with neighbourhood(frame, rows, params.neighbours, params.positions) as grid:
        values = centro_symmetry(grid, params.neighbours)
    return Computed({"centro_symmetry": spread(values, rows, frame.n_atoms, np.nan)})


COMPUTATION = Computation(
    name="centro-symmetry",
    title="Centro-symmetry",
    about="How far the neighbours of an atom are from standing in opposite pairs.",
    params=CentroSymmetryParams,
    run=run,
    reads_columns=POSITIONS_ALONE,
    columns=MappingProxyType({"centro_symmetry": "centro-symmetry parameter"}),
    units=MappingProxyType({"centro_symmetry": "A^2"}),
)
