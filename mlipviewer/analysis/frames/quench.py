"""Positions without thermal noise, found without knowing the material."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from mlipviewer.analysis.methods.neighbourhood import AMONG, AVERAGE, QUENCHED_COLUMN, taking_part
from mlipviewer.core.analysis import AnalysisProblem, Params, param
from mlipviewer.core.computation import Computation, Computed
from mlipviewer.core.trajectory import Frame


@dataclass(frozen=True)
class QuenchParams(Params):
    steps: int = param(100, "steps at most", low=1, high=100_000)
    among: str = param("", AMONG)
    average: int = param(0, AVERAGE, low=0, high=1000)


def run(frame: Frame, params: QuenchParams) -> Computed:
    """Columns `quenched_positions` (n, 3) in A and `quench_moved` (n,) in A; value `quench_steps`.

    A descent (FIRE) in soft repulsion, with an attraction that takes the pressure away and the
    density around each atom held: bcc, fcc and hcp are minima alike, whatever the metal. For atoms
    of one size; those that do not take part are not felt. Raises AnalysisProblem.
    """
    from mlipviewer.native.quench import quenched

    rows = taking_part(frame, params.among)
    before = np.asarray(frame.positions, float)
    try:
        found, steps = quenched(before[rows], frame.cell, frame.pbc, params.steps)
    except ValueError as problem:
        raise AnalysisProblem(f"frame {frame.index + 1}: {problem}") from None
    after = before.copy()
    after[rows] = found
    moved = np.linalg.norm(after - before, axis=1)
    return Computed({QUENCHED_COLUMN: after, "quench_moved": moved}, {"quench_steps": steps})


COMPUTATION = Computation(
    name="quench",
    title="Quenched positions",
    about="Where atoms stand without thermal noise, by a descent in a plain soft potential.",
    params=QuenchParams,
    run=run,
    around=lambda params: params.average,
    version=2,
    columns=MappingProxyType(
        {
            "quench_moved": "how far quenching moved the atom",
            QUENCHED_COLUMN: "where the atom stands without thermal noise",
        }
    ),
    values=MappingProxyType({"quench_steps": "steps of the quench"}),
    units=MappingProxyType({QUENCHED_COLUMN: "Å", "quench_moved": "Å"}),
)
