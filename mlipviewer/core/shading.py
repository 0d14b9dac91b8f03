"""How good a cell is among its column: what the shading of a table shows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.table import Direction, ErrorTable


def rank_shares(table: ErrorTable) -> NDArray[np.float32]:
    """(n, m) the share of models that are better, 0 best .. 1 worst; NaN where a value is missing.

    Ties share the best of their ranks. References and thresholds are placed among the models.
    """
    sign = np.array([1 if c.direction is Direction.LOWER else -1 for c in table.metric_columns])
    values = table.values * sign
    shares = np.full(values.shape, np.nan, np.float32)
    for column in range(values.shape[1]):
        models = np.sort(values[table.models, column])
        models = models[np.isfinite(models)]
        if len(models):
            better = np.searchsorted(models, values[:, column], side="left")
            shares[:, column] = np.minimum(better / max(len(models) - 1, 1), 1.0)
    shares[~np.isfinite(table.values)] = np.nan
    return shares
