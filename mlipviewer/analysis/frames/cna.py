"""Structure types by common neighbour analysis."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

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

CLASSES = ("other", "fcc", "hcp", "bcc", "ico", "left out")
LEFT_OUT = CLASSES.index("left out")


@dataclass(frozen=True)
class CnaParams(Params):
    cutoff: float = param(
        0.0, "of a bond; 0: for each atom from its nearest neighbours (adaptive)", unit="A", low=0.0
    )
    among: str = param("", AMONG)
    positions: str = param(AS_THEY_ARE, POSITIONS, choices=PLACES)
    average: int = param(0, AVERAGE, low=0, high=1000)


def run(frame: Frame, params: CnaParams) -> Computed:
    """Column `cna` (n,): the class of each atom.

    Adaptive: Stukowski, Modelling Simul. Mater. Sci. Eng. 20, 045021 (2012). A fixed cut-off lies
    halfway between the first and second shell of fcc, and the second and third of bcc: 0.854 a and
    1.207 a. Raises AnalysisProblem.
    """
    from mlipviewer.native.structure import cna_types

    rows = taking_part(frame, params.among)
    with neighbourhood(frame, rows, 14, params.positions) as grid:
        types = cna_types(grid, params.cutoff)
    return Computed({"cna": spread(types, rows, frame.n_atoms, LEFT_OUT)})


COMPUTATION = Computation(
    name="cna",
    title="Common neighbours",
    about="fcc, hcp, bcc or icosahedral by the bonds between an atom's neighbours.",
    params=CnaParams,
    run=run,
    reads_columns=POSITIONS_ALONE,
    around=lambda params: params.average,
    version=2,
    columns=MappingProxyType({"cna": "structure by common neighbours"}),
    classes=MappingProxyType({"cna": CLASSES}),
)
