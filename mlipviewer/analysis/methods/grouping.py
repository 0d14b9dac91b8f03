"""Groups of models by a text column: family, training set, kind of selection."""

from __future__ import annotations

from collections import Counter

import numpy as np

from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.plot import Array
from mlipviewer.core.rows import Rows
from mlipviewer.core.table import ErrorTable

MOST_GROUPS = 14  # the others are one group
OTHERS, NAMELESS = "others", "(none)"


def groups_of(table: ErrorTable, rows: Rows, by: str) -> tuple[Array, tuple[str, ...]]:
    """(n,) the group of each row and the groups' names in the order of the table's models.

    `by` is a text column, '' the family. Of very many groups the largest stay and the others are
    one. Raises AnalysisProblem.
    """
    column = by or table.family
    if column is None:
        return np.zeros(len(rows), np.int32), ("all",)
    if column not in table.text:
        known = ", ".join(table.text) or "none"
        raise AnalysisProblem(f"no text column {column!r} makes groups; there are {known}")
    count = Counter(table.text[column][row] for row in table.models)
    kept = set(count)
    if len(count) > MOST_GROUPS:
        kept = {name for name, _ in count.most_common(MOST_GROUPS - 1)}
    names = [name for name in count if name in kept]
    place = {name: index for index, name in enumerate(names)}
    group = [place.get(table.text[column][row], len(names)) for row in rows]
    shown = [name or NAMELESS for name in names] + ([OTHERS] if len(kept) < len(count) else [])
    return np.array(group, np.int32), tuple(shown)
