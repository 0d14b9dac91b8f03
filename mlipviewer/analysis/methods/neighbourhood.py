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
def neighbourhood(frame: Frame, rows: Array, k: int) -> Iterator[Any]:
    """The native grid of these atoms; about k neighbours are asked for. Raises AnalysisProblem."""
    from mlipviewer.native.nearest import Grid

    try:
        with Grid(frame.positions[rows], frame.cell, frame.pbc, k) as grid:
            yield grid
    except ValueError as problem:
        raise AnalysisProblem(f"frame {frame.index + 1}: {problem}") from None


def spread(values: Array, rows: Array, n: int, otherwise: Any) -> Array:
    """(n, ...) the values of some rows, `otherwise` elsewhere."""
    if len(rows) == n:
        return values
    whole = np.full((n, *values.shape[1:]), otherwise, values.dtype)
    whole[rows] = values
    return whole
