"""Whatever the table, the analyses of how errors go together answer, or say why they cannot."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlipviewer.analysis import ANALYSES
from mlipviewer.core.analysis import AnalysisProblem, Inputs
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import rows
from mlipviewer.core.table import Direction, ErrorTable, RowRole
from mlipviewer.io.export import result_as_json
from tests.analysis.conftest import a_table

QUICK: dict[str, dict[str, Any]] = {
    "representatives": {},
    "prediction": {"effort": "quick"},
    "clusters": {},
    "correlation-checks": {"draws": 20},
    "family-graphs": {"fewest": 3},
}
CELLS = st.sampled_from([np.nan, 0.0, 1e-16, 1.0, 2.0, 3.5, -1.0, 1e30])


@st.composite
def odd_tables(draw: st.DrawFn) -> ErrorTable:
    """Few models and metrics with missing, zero, equal, negative and huge cells."""
    n, m = draw(st.integers(1, 14)), draw(st.integers(1, 4))
    values = np.random.default_rng(draw(st.integers(0, 99))).lognormal(size=(n, m))
    for _ in range(draw(st.integers(0, 8))):
        values[draw(st.integers(0, n - 1)), draw(st.integers(0, m - 1))] = draw(CELLS)
    if draw(st.booleans()):
        values[:, -1] = values[:, 0]
    families = tuple(draw(st.sampled_from("AB")) for _ in range(n)) if draw(st.booleans()) else ()
    roles = (RowRole.REFERENCE,) + (RowRole.MODEL,) * (n - 1) if draw(st.booleans()) else ()
    direction = tuple(draw(st.sampled_from(list(Direction))) for _ in range(m))
    return a_table(values, families=families, roles=roles, direction=direction)


@pytest.mark.parametrize("name", QUICK)
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(table=odd_tables(), how=st.sampled_from(["default", "authors"]))
def test_that_odd_tables_are_answered_or_refused(name: str, table: ErrorTable, how: str) -> None:
    analysis, inputs = ANALYSES[name], Inputs(table)
    params = analysis.params(transform=how, **QUICK[name])
    try:
        result = analysis.run(inputs, params, Progress())
    except AnalysisProblem:
        return
    content = json.loads(result_as_json(name, params, [], result))
    for columns in content["tables"].values():
        assert len({len(column) for column in columns.values()}) <= 1
    for draw in analysis.plots.values():
        assert draw(inputs, params, result).status


@pytest.mark.parametrize("name", QUICK)
def test_that_a_filter_and_chosen_metrics_are_heeded(name: str) -> None:
    rng = np.random.default_rng(0)
    families = tuple("AB"[i % 2] for i in range(60))
    table = a_table(
        rng.lognormal(size=(60, 5)), families=families, category=("p", "p", "p", "q", "q")
    )
    analysis, chosen = ANALYSES[name], rows(range(40))
    inputs = Inputs(table, models=chosen)
    for params in (
        analysis.params(metrics=("e3", "e1"), **QUICK[name]),
        analysis.params(category="p", **QUICK[name]),
    ):
        result = analysis.run(inputs, params, Progress())
        assert result.names == (params.metrics or ("e0", "e1", "e2"))
        assert result.summary["n_models"] == 40
    with pytest.raises(AnalysisProblem, match="no metric"):
        analysis.run(inputs, replace(analysis.params(), metrics=("e9",)), Progress())
