"""The atoms of a frame that take part in a local analysis, sorted for the search of neighbours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.atoms import AtomNames
from mlipviewer.core.problem import QueryProblem
from mlipviewer.core.query import matching_mask
from mlipviewer.core.trajectory import Frame

Array = NDArray[Any]

AVERAGE = (
    "positions averaged over so many frames before and after, which takes thermal noise away; 0: as"
    " they are"
)
AS_THEY_ARE, QUENCHED, MINIMISED = "as they are", "quenched", "minimised"
PLACES = (AS_THEY_ARE, QUENCHED, MINIMISED)
POSITIONS = (
    "where atoms are taken to stand: quenched has no thermal noise, by a descent in a plain soft"
    " potential; minimised is the column `minimised_positions`"
)
QUENCHED_COLUMN, MINIMISED_COLUMN = "quenched_positions", "minimised_positions"
AMONG = "a condition: only these atoms take part, e.g. element == 'Li'; all when empty"


def taking_part(frame: Frame, among: str) -> Array:
    """(m,) rows of the atoms for which a condition holds. Raises AnalysisProblem."""
    if not among.strip():
        return np.arange(frame.n_atoms)
    try:
        return np.flatnonzero(matching_mask(among, AtomNames(frame), frame.n_atoms))
    except QueryProblem as problem:
        raise AnalysisProblem(f"among {among!r}: {problem.reason}") from None


@contextmanager
def neighbourhood(frame: Frame, rows: Array, k: int, positions: str = AS_THEY_ARE) -> Iterator[Any]:
    """The native grid of these atoms, which stand where `positions` says; about k neighbours are
    asked for. Raises AnalysisProblem."""
    from mlipviewer.native.nearest import Grid

    try:
        places = places_of(frame, rows, positions)
        with Grid(places, frame.cell, frame.pbc, k) as grid:
            yield grid
    except ValueError as problem:
        raise AnalysisProblem(f"frame {frame.index + 1}: {problem}") from None


def places_of(frame: Frame, rows: Array, positions: str) -> Array:
    """(m, 3) in A where these atoms stand: one of PLACES. What another computation has found of the
    frame is not computed again. Raises AnalysisProblem, ValueError."""
    if positions == AS_THEY_ARE:
        return frame.positions[rows]
    name = QUENCHED_COLUMN if positions == QUENCHED else MINIMISED_COLUMN
    column = frame.columns.get(name)
    if column is not None and column.shape == (frame.n_atoms, 3):
        return column[rows]
    if positions == QUENCHED:
        from mlipviewer.native.quench import quenched

        return quenched(frame.positions[rows], frame.cell, frame.pbc)[0]
    raise AnalysisProblem(
        f"frame {frame.index + 1} has no column {name}: compute Energies of atoms with minimise"
        " first, or name a calculator where there is room for one"
    )


def spread(values: Array, rows: Array, n: int, otherwise: Any) -> Array:
    """(n, ...) the values of some rows, `otherwise` elsewhere."""
    if len(rows) == n:
        return values
    whole = np.full((n, *values.shape[1:]), otherwise, values.dtype)
    whole[rows] = values
    return whole
