"""Models that have a value in every metric, for what cannot do without: regressions, distances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mlipviewer.analysis.methods.transforms import transform
from mlipviewer.core.analysis import Inputs
from mlipviewer.core.rows import Rows, to_mask
from mlipviewer.core.table import Floats

MOST_MISSING = 0.5  # of the models: a metric that lacks more is left out, not the models


@dataclass(frozen=True, eq=False)
class Complete:
    """z-scores (n, m) of n rows of the table in m metrics, none missing."""

    z: Floats
    rows: Rows
    metrics: tuple[str, ...]
    n_missing: int
    n_failed: int
    notes: tuple[str, ...]


def complete_rows(inputs: Inputs, metrics: Sequence[str], how: str) -> Complete:
    """The chosen models that have all metrics, transformed over the whole table.

    Metrics that do not vary, or that more than half of the models lack, are left out first.
    """
    table = inputs.the_table()
    data = transform(table, metrics, how)
    rows = data.rows
    if inputs.models is not None:
        rows = rows[to_mask(inputs.models, table.n_rows)[rows]]
    z = data.values[rows]
    known = np.isfinite(z)
    with np.errstate(invalid="ignore"):
        varies = np.array([np.ptp(z[good, j]) > 0 if good.any() else False
                           for j, good in enumerate(known.T)], bool)  # fmt: skip
    kept = varies & (known.mean(axis=0) >= 1.0 - MOST_MISSING if len(z) else varies)
    whole = known[:, kept].all(axis=1)
    names = tuple(name for name, keep in zip(metrics, kept, strict=True) if keep)
    n_missing = int((~whole).sum())
    notes = (*data.notes, *_notes([m for m in metrics if m not in names], n_missing, len(rows)))
    return Complete(z[whole][:, kept], rows[whole], names, n_missing, len(data.failed), notes)


def _notes(left_out: list[str], n_missing: int, n: int) -> tuple[str, ...]:
    notes = []
    if left_out:
        shown = ", ".join(left_out[:8]) + (" ..." if len(left_out) > 8 else "")
        notes.append(f"left out, being constant or unknown for most models: {shown}")
    if n_missing:
        notes.append(f"{n_missing} of {n} models have a missing value and are left out")
    return tuple(notes)
