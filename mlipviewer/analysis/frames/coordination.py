"""How many neighbours an atom has up to a distance, and the density around it."""

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
from mlipviewer.core.elements import elements
from mlipviewer.core.trajectory import Frame


@dataclass(frozen=True)
class CoordinationParams(Params):
    cutoff: float = param(3.5, "the largest distance", unit="A", low=0.1, high=30.0)
    each_element: bool = param(False, "a column for the neighbours of each element besides")
    among: str = param("", AMONG)
    positions: str = param(AS_THEY_ARE, POSITIONS, choices=PLACES)


def run(frame: Frame, params: CoordinationParams) -> Computed:
    """Columns (n,): `coordination`, the number of neighbours (-1 for atoms left out);
    `local_density` in 1/A^3, atoms in the ball around the atom, itself counted; with
    `each_element`, `coordination_Li` ... for each element of the frame. Raises AnalysisProblem.
    """
    from mlipviewer.native.local_order import neighbour_counts

    rows, n = taking_part(frame, params.among), frame.n_atoms
    kinds, numbers = np.unique(frame.numbers[rows], return_inverse=True)
    with neighbourhood(frame, rows, 16, params.positions) as grid:
        counts = neighbour_counts(grid, params.cutoff, numbers.astype(np.int32), max(len(kinds), 1))
    total = counts.sum(axis=1, dtype=np.int32)
    ball = 4 / 3 * np.pi * params.cutoff**3
    columns = {
        "coordination": spread(total, rows, n, -1),
        "local_density": spread(((total + 1) / ball).astype(np.float32), rows, n, np.nan),
    }
    if params.each_element:
        for place, kind in enumerate(kinds.tolist()):
            own = np.ascontiguousarray(counts[:, place])
            columns[f"coordination_{_symbol(kind)}"] = spread(own, rows, n, -1)
    return Computed(columns)


def _symbol(number: int) -> str:
    known = elements()
    return known[number].symbol if 0 <= number < len(known) else str(number)


COMPUTATION = Computation(
    name="coordination",
    title="Coordination",
    about="How many neighbours an atom has up to a distance, and how dense it is there.",
    params=CoordinationParams,
    run=run,
    reads_columns=POSITIONS_ALONE,
    columns=MappingProxyType(
        {"coordination": "number of neighbours", "local_density": "density around the atom"}
    ),
    units=MappingProxyType({"local_density": "1/A^3"}),
)
