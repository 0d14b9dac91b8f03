"""The space in which distances between models and volumes below fronts are measured: log10."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mlipviewer.analysis.methods.chosen import values_of
from mlipviewer.analysis.methods.transforms import (
    FLOOR,
    MOST_FLOORED,
    at_least_floors,
    log10_floored,
)
from mlipviewer.core.rows import Mask
from mlipviewer.core.table import Direction, ErrorTable, Floats, Scale


@dataclass(frozen=True, eq=False)
class LogSpace:
    """(n, m) coordinates to be minimised, of all rows of a table.

    `floored` (n, m): cells that were zero, so that their logarithm is that of the floor;
    `linear` (m,): metrics without logarithm, being negative or zero in many rows; `sign` (m,):
    -1 where higher is better.
    """

    values: Floats
    floored: Mask
    linear: Mask
    sign: Floats
    metrics: tuple[str, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        names = [name for name, stays in zip(self.metrics, self.linear, strict=True) if stays]
        if not names:
            return ()
        return (f"without logarithm, being negative or zero in many rows: {', '.join(names)}",)


def log_space(table: ErrorTable, metrics: Sequence[str]) -> LogSpace:
    """log10 of errors (of a table of logarithms or z-scores the cells themselves)."""
    values = at_least_floors(table, metrics, values_of(table, metrics))
    higher = [table.metric_column(name).direction is Direction.HIGHER for name in metrics]
    sign = np.where(higher, -1.0, 1.0)
    floored, linear = np.zeros(values.shape, bool), np.zeros(values.shape[1], bool)
    if table.scale is Scale.LOG10:
        floored = values <= np.log10(FLOOR) + 1e-9
    elif table.scale is Scale.LINEAR:
        logs, floored = log10_floored(values)
        models = table.model_mask
        signed = np.asarray((values[models] < 0).any(axis=0))
        linear = signed | np.asarray(floored[models].sum(axis=0) > MOST_FLOORED * models.sum())
        values, floored = np.where(linear, values, logs), floored & ~linear
    return LogSpace(values * sign, floored, linear, sign, tuple(metrics))
