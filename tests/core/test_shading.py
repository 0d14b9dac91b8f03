"""How good a cell is among its column."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mlipviewer.core.shading import rank_shares
from mlipviewer.core.table import Direction, Role
from tests.made import error_table


def test_that_the_best_model_has_share_zero_and_the_worst_one() -> None:
    table = error_table(n_models=11, n_metrics=2, missing=0)
    shares = rank_shares(table)[table.models]
    values = table.values[table.models]
    assert np.allclose(shares[values.argmin(axis=0), [0, 1]], 0)
    assert np.allclose(shares[values.argmax(axis=0), [0, 1]], 1)
    assert np.allclose(np.sort(shares[:, 0]), np.linspace(0, 1, 11))


def test_that_missing_cells_have_no_share() -> None:
    table = error_table(missing=3)
    assert np.array_equal(np.isnan(rank_shares(table)), np.isnan(table.values))


def test_that_higher_is_better_where_the_metric_says_so() -> None:
    table = error_table(n_models=5, n_metrics=1, missing=0)
    columns = tuple(
        replace(c, direction=Direction.HIGHER) if c.role is Role.ERROR else c for c in table.columns
    )
    turned = replace(table, columns=columns)
    models = table.models
    assert np.allclose(rank_shares(turned)[models] + rank_shares(table)[models], 1)
