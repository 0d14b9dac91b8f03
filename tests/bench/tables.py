"""Analyses of a table of 2300 x 60, beside pandas."""

from __future__ import annotations

from typing import Any

from mlipviewer.analysis import ANALYSES
from mlipviewer.core.analysis import Inputs
from mlipviewer.core.progress import Progress
from tests.bench.made import error_table
from tests.bench.timing import timed


def measure() -> dict[str, Any]:
    import pandas as pd

    table = error_table()
    frame = pd.DataFrame(table.values[table.models])
    return {
        "pareto_2": _run(table, "pareto", metrics=table.metrics[:2]),
        "pareto_5": _run(table, "pareto", metrics=table.metrics[:5]),
        "pareto_20": _run(table, "pareto", metrics=table.metrics[:20]),
        "correlation_60": _run(table, "correlation"),
        "pandas_corr_60": timed(frame.corr, 5),
    }


def _run(table: Any, name: str, **params: Any) -> dict[str, float]:
    analysis = ANALYSES[name]
    chosen = analysis.params(**params)
    return timed(lambda: analysis.run(Inputs(table), chosen, Progress()), 5)
