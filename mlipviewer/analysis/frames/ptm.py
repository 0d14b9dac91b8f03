"""Structure types by polyhedral template matching."""

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
from mlipviewer.core.analysis import AnalysisProblem, Params, param
from mlipviewer.core.computation import POSITIONS_ALONE, Computation, Computed
from mlipviewer.core.trajectory import Frame

CLASSES = (
    "other", "fcc", "hcp", "bcc", "ico", "sc", "cubic diamond", "hexagonal diamond", "graphene",
    "left out",
)  # fmt: skip
LEFT_OUT = CLASSES.index("left out")
ORDERS = ("", "pure", "L1_0", "L1_2 (Cu)", "L1_2 (Au)", "B2", "zincblende", "boron nitride")


@dataclass(frozen=True)
class PtmParams(Params):
    cutoff: float = param(
        0.1,
        "largest root mean square deviation from the template, in units of the distance of nearest"
        " neighbours; 0: none. Thermal lithium at 300 K wants about 0.2",
        low=0.0,
        high=1.0,
    )
    templates: str = param("fcc, hcp, bcc, ico", "structures to match, with commas between")
    among: str = param("", AMONG)
    positions: str = param(AS_THEY_ARE, POSITIONS, choices=PLACES)
    average: int = param(0, AVERAGE, low=0, high=1000)


def run(frame: Frame, params: PtmParams) -> Computed:
    """Columns: `ptm` (n,) the class; `ptm_rmsd` (n,), infinite for no match at all; `ptm_distance`
    (n,) of nearest neighbours in A; `ptm_orientation` (n, 4), a quaternion w x y z; `ptm_order`
    (n,) the chemical order.

    Larsen, Schmidt and Schiotz, Modelling Simul. Mater. Sci. Eng. 24, 055007 (2016). Raises
    AnalysisProblem.
    """
    from mlipviewer.native.structure import match_templates

    rows = taking_part(frame, params.among)
    with neighbourhood(frame, rows, 18, params.positions) as grid:
        found = match_templates(grid, wanted_templates(params.templates), frame.numbers[rows])
    n = frame.n_atoms
    types = within(found.types, found.deviations, params.cutoff)
    return Computed(
        {
            "ptm": spread(types, rows, n, LEFT_OUT),
            "ptm_rmsd": spread(found.deviations, rows, n, np.inf),
            "ptm_distance": spread(found.distances, rows, n, np.nan),
            "ptm_orientation": spread(found.orientations, rows, n, np.nan),
            "ptm_order": spread(np.where(types > 0, found.orders, 0).astype(np.uint8), rows, n, 0),
        }
    )


def within(types: np.ndarray, deviations: np.ndarray, cutoff: float) -> np.ndarray:
    """(n,) the types, `other` where the deviation is larger than the cut-off (0: none)."""
    return types if cutoff == 0 else np.where(deviations <= cutoff, types, 0).astype(np.uint8)


def wanted_templates(text: str) -> tuple[int, ...]:
    """The numbers of structures named with commas between. Raises AnalysisProblem."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    known = CLASSES[1:LEFT_OUT]
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        raise AnalysisProblem(f"templates {text!r}: choose from {', '.join(known)}")
    return tuple(CLASSES.index(name) for name in names)


COMPUTATION = Computation(
    name="ptm",
    title="Template matching",
    about="The crystal structure whose template an atom and its neighbours fit best.",
    params=PtmParams,
    run=run,
    reads_columns=POSITIONS_ALONE,
    around=lambda params: params.average,
    version=2,
    columns=MappingProxyType(
        {
            "ptm": "structure by template matching",
            "ptm_rmsd": "deviation from the template",
            "ptm_distance": "distance of nearest neighbours",
            "ptm_orientation": "orientation as a quaternion w x y z",
            "ptm_order": "chemical order",
        }
    ),
    classes=MappingProxyType({"ptm": CLASSES, "ptm_order": ORDERS}),
    units=MappingProxyType({"ptm_distance": "A"}),
)
