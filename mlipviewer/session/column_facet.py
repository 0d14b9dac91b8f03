"""What a filter of one column has to show: its cells among the models that the rest of the
condition leaves, and what the condition says of the column itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.order import NO_COLUMNS, Columns, natural, shown_models
from mlipviewer.core.problem import QueryProblem
from mlipviewer.core.table import ErrorTable, Scale
from mlipviewer.core.terms import Limits, column_terms, limits_of, without_column


@dataclass(frozen=True, eq=False)
class Facet:
    """One column: `numbers` (n,) of a metric, or the `counts` of the values of a text column.

    `condition` holds the column's own terms; `n_kept` of the `n_models` models that the other
    terms leave pass them.
    """

    condition: str
    limits: Limits
    n_kept: int
    n_models: int
    n_missing: int
    numbers: NDArray[np.float64] | None
    counts: Mapping[str, int]
    scale: Scale


def facet(table: ErrorTable, condition: str, column: str, computed: Columns = NO_COLUMNS) -> Facet:
    """The facet of a column. A condition that does not fit the table counts as none.

    Raises KeyError for a column that the table lacks.
    """
    try:
        kept = shown_models(table, condition, computed)
        models = shown_models(table, without_column(condition, column), computed)
        own = " and ".join(column_terms(condition, column))
    except QueryProblem:
        kept, models, own = table.models, table.models, ""
    cells = (computed[column] if column in computed else table.namespace[column])[models]
    numeric = cells.dtype.kind == "f"
    n_missing = int(np.isnan(cells).sum() if numeric else (cells == "").sum())
    counts: Counter[str] = Counter() if numeric else Counter(cells.tolist())
    values = () if numeric else {table.text[column][row] for row in table.models}
    return Facet(
        condition=own,
        limits=limits_of(own, column),
        n_kept=len(kept),
        n_models=len(models),
        n_missing=n_missing,
        numbers=cells if numeric else None,
        counts={value: counts[value] for value in sorted(values, key=natural)},
        scale=Scale.LINEAR if column in computed else table.scale,
    )
