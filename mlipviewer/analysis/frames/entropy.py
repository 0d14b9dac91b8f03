"""Local entropy from the distances to neighbours."""

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
from mlipviewer.core.periodic import periodic_cell
from mlipviewer.core.trajectory import Frame


@dataclass(frozen=True)
class EntropyParams(Params):
    cutoff: float = param(5.0, "distances up to here count", unit="A", low=0.5, high=30.0)
    sigma: float = param(0.2, "width by which distances are smeared", unit="A", low=0.01, high=2.0)
    local_density: bool = param(
        False, "judge by the density around each atom, not by that of the whole cell"
    )
    average: float = param(
        0.0, "mean over neighbours up to here; 0: none", unit="A", low=0.0, high=30.0
    )
    among: str = param("", AMONG)
    positions: str = param(AS_THEY_ARE, POSITIONS, choices=PLACES)


def run(frame: Frame, params: EntropyParams) -> Computed:
    """Column `entropy` (n,) in k_B: -2 pi rho int_0^cutoff (g ln g - g + 1) r^2 dr, g(r) around
    the atom as a sum of Gaussians. The lower, the more ordered; NaN for atoms left out.

    Piaggi and Parrinello, J. Chem. Phys. 147, 114112 (2017). Raises AnalysisProblem, also for a
    cell that does not repeat in all directions and has no density of its own.
    """
    from mlipviewer.native.local_order import local_entropy, local_means

    rows = taking_part(frame, params.among)
    density = 0.0 if params.local_density else _density(frame, len(rows))
    with neighbourhood(frame, rows, 16, params.positions) as grid:
        values = local_entropy(grid, params.cutoff, params.sigma, density)
        if params.average > 0:
            values = local_means(grid, params.average, values)
    return Computed({"entropy": spread(values, rows, frame.n_atoms, np.nan)})


def _density(frame: Frame, n: int) -> float:
    """Atoms that take part per A^3 of the cell. Raises AnalysisProblem."""
    found = periodic_cell(frame)
    if found is None or not found[1].all():
        raise AnalysisProblem("the cell does not repeat in all directions: take the local density")
    return n / abs(float(np.linalg.det(found[0])))


COMPUTATION = Computation(
    name="entropy",
    title="Local entropy",
    about="How disordered the distances around an atom are.",
    params=EntropyParams,
    run=run,
    reads_columns=POSITIONS_ALONE,
    columns=MappingProxyType({"entropy": "local entropy"}),
    units=MappingProxyType({"entropy": "k_B"}),
)
