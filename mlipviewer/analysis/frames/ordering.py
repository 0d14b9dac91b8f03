"""The ordered structure that each atom is in: template matching with chemistry."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from mlipviewer.analysis.methods.chemistry import (
    SAME_KIND,
    family_codes,
    read_families,
    species_of,
)
from mlipviewer.analysis.methods.neighbourhood import (
    AMONG,
    AVERAGE,
    neighbourhood,
    spread,
    taking_part,
)
from mlipviewer.analysis.methods.ordered_templates import A1, A2, A3, CLASSES, LEFT_OUT, matched
from mlipviewer.core.analysis import Params, param
from mlipviewer.core.computation import Computation, Computed
from mlipviewer.core.trajectory import Frame


@dataclass(frozen=True)
class OrderingParams(Params):
    wrong: int = param(
        1,
        "so many of an atom's 12 (fcc) or 14 (bcc) neighbours may be of the wrong kind; 0: none, as"
        " the order of template matching asks",
        low=0,
        high=4,
    )
    cutoff: float = param(
        0.15, "largest deviation from the template, as of template matching; 0: none", low=0.0,
        high=1.0,
    )  # fmt: skip
    families: str = param("", SAME_KIND)
    among: str = param("", AMONG)
    average: int = param(0, AVERAGE, low=0, high=1000)


def run(frame: Frame, params: OrderingParams) -> Computed:
    """Columns: `ordering` (n,), the structure around an atom: L1_0, L1_2, L1_1, B2, else the plain
    lattice A1 (fcc), A2 (bcc), A3 (hcp), or other; `ordering_wrong` (n,): neighbours of the wrong
    kind, -1 outside ordered structures; `ordering_axis` (n, 3): the direction in which layers of
    L1_0 and L1_1 follow each other, zeros for none. Values: the share of each.

    The lattice is that of polyhedral template matching (Larsen, Schmidt and Schiotz, 2016). Raises
    AnalysisProblem.
    """
    rows, n = taking_part(frame, params.among), frame.n_atoms
    names, species = species_of(frame)
    kinds = family_codes(names, read_families(params.families))[species]
    with neighbourhood(frame, rows, 18) as grid:
        found = matched(grid, kinds[rows], params.wrong, params.cutoff)
    shares: dict[str, Any] = {
        f"share_{name}": float((found.classes == code).mean()) if len(rows) else 0.0
        for code, name in enumerate(CLASSES[:LEFT_OUT])
    }
    return Computed(
        {
            "ordering": spread(found.classes, rows, n, LEFT_OUT),
            "ordering_wrong": spread(found.wrong, rows, n, -1),
            "ordering_axis": spread(found.axes, rows, n, 0.0),
        },
        shares,
    )


_SHARES = {f"share_{name}": f"share of atoms in {name}" for name in CLASSES[:LEFT_OUT]}
_PLAIN = " and ".join(CLASSES[one] for one in (A1, A2, A3))

COMPUTATION = Computation(
    name="ordering",
    title="Chemical ordering",
    about=f"L1_0, L1_2, L1_1 or B2 around each atom; {_PLAIN} where there is no order.",
    params=OrderingParams,
    run=run,
    around=lambda params: params.average,
    version=2,
    columns=MappingProxyType(
        {
            "ordering": "ordered structure around the atom",
            "ordering_wrong": "neighbours of the wrong kind",
            "ordering_axis": "direction of the layers of L1_0 and L1_1",
        }
    ),
    values=MappingProxyType(_SHARES),
    classes=MappingProxyType({"ordering": CLASSES}),
)
