"""Published tables of other groups, as they are: each opens or says why not; eight are analysed."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlipviewer.cli import main
from mlipviewer.core.table import ErrorTable
from mlipviewer.io.tables import read_table
from mlipviewer.io.tables.cells import as_numbers
from mlipviewer.io.tables.probe import probe_table

TABLES = "tables"
REFUSED = {"radar.json", "GAP_rep.json", "full_rep.json"}
NUMBERS = 1e-5  # the facts are rounded to eight digits

# file: rows, metrics, what makes the figures (no choice but the two metrics of the plot)
ANALYSED = {
    "benchmark_app/GMTKN55_category_mae.csv": (6, 6, ()),
    "benchmark_app/GMTKN55_mae_per_subset.csv": (6, 31, ()),
    "benchmark_app/phonons_mae_phonons.csv": (6, 6, ()),
    "benchmark_app/elasticity_mae_elasticity.csv": (6, 3, ()),
    "lambench/results.json": (10, 188, ("--category", "generalizability_force_field_results")),
    "lambench/final_rankings.json": (10, 4, ()),
    "lambench/barplot.json": (10, 3, ()),
    "lambench/scatter.json": (10, 3, ()),
    "matbench-discovery/models": (63, 72, ("--category", "discovery")),
    "matbench-discovery/per-element-each-errors.jsonl": (52, 89, ()),
    "mlip-arena/eos_bulk_leaderboard.csv": (9, 5, ()),
    "mlip-arena/Table-A1-fcc.csv": (57, 6, ()),
    "mlip-dynamic-stability/ledger.parquet": (708, 16, ()),
    "mlip-dynamic-stability/ledger.jsonl": (113, 9, ()),
    "summer/Master_OOD_Global_Metric_Summary.xlsx": (8654, 6, ()),
    "benchmarks/ace_Li_metrics.md": (20, 3, ()),
}


def expected(shared_data: Path) -> Mapping[str, Any]:
    return dict(json.loads((shared_data / "EXPECTED.json").read_text("utf-8"))["files"])


def test_that_every_published_table_opens_or_says_why_not(shared_data: Path) -> None:
    files = [p for p in sorted((shared_data / TABLES).rglob("*")) if p.is_file()]
    assert len(files) > 30
    for path in files:
        found = probe_table(str(path))
        if path.name in REFUSED:
            assert "no table" in found["problems"][0]["message"]
        else:
            assert found["status"] == "ok", path
        assert all(path.name in problem["message"] for problem in found["problems"])


def test_that_published_numbers_are_those_of_the_index(shared_data: Path) -> None:
    """Row counts, and the least, the greatest and the mean of each column that is a metric."""
    n_compared = 0
    for name, about in expected(shared_data).items():
        facts = about.get("facts", {})
        facts = facts.get("table", facts)
        if not name.startswith(TABLES) or "rows" not in facts or "subset" in name:
            continue
        table = read_table(shared_data / name)
        assert table.n_rows == facts["rows"], name
        for metric, stats in facts.get("stats", {}).items():
            if metric in table.metrics:
                n_compared += _compare(table, metric, stats)
    assert n_compared > 70


def _compare(table: ErrorTable, metric: str, stats: Mapping[str, Any]) -> int:
    values = table.metric(metric)
    good = values[np.isfinite(values)]
    for value, key in ((good.min(), "min"), (good.max(), "max"), (good.mean(), "mean")):
        assert math.isclose(value, stats[key], rel_tol=NUMBERS, abs_tol=1e-12), (metric, key)
    return 1


@pytest.mark.parametrize("name", ANALYSED)
def test_that_published_tables_give_a_front_and_a_graph(
    shared_data: Path, tmp_path: Path, name: str
) -> None:
    path, (n_rows, n_metrics, choice) = shared_data / TABLES / name, ANALYSED[name]
    table = read_table(path)
    assert (table.n_rows, len(table.metrics)) == (n_rows, n_metrics)
    for analysis, plot in (("pareto", "Pareto"), ("correlation", "Graph")):
        figure, out = tmp_path / f"{analysis}.svg", tmp_path / f"{analysis}.csv"
        words = ["run", analysis, "--table", str(path), *choice, "--plot", plot]
        assert main([*words, "--figure", str(figure), "--out", str(out)]) == 0
        assert "<svg" in figure.read_text("utf-8")
        assert out.read_text("utf-8")


def test_that_a_folder_of_models_is_read_as_published(shared_data: Path) -> None:
    table = read_table(shared_data / TABLES / "matbench-discovery" / "models")
    f1 = table.metric("discovery.unique_prototypes.F1")
    best, worst = table.text["file"][np.nanargmax(f1)], table.text["file"][np.nanargmin(f1)]
    assert (best, worst) == ("equiformer-v3-oam", "voronoi-rf")
    assert (np.nanmax(f1), np.nanmin(f1)) == (0.931, 0.333)
    assert np.isfinite(f1).sum() == 62
    assert np.isfinite(table.metric("phonons.kappa_103.κ_SRME")).sum() == 52
    assert table.categories == ("discovery", "diatomics", "geo_opt", "md", "phonons")
    counts = [np.isfinite(column).sum() for column in table.values.T]
    counts += [sum(map(bool, cells)) for name, cells in table.text.items() if is_count(name, cells)]
    assert (len(counts), min(counts)) == (99, 34)  # numbers below `metrics`; no model has all


def is_count(name: str, cells: tuple[str, ...]) -> bool:
    """Numbers below `metrics` that are no errors: sizes of files, counts of structures."""
    below = "." in name and not name.startswith(("dates.", "license.", "environment."))
    return below and as_numbers([cell for cell in cells if cell]) is not None


def test_that_a_long_published_table_is_models_by_subsets(shared_data: Path) -> None:
    folder = shared_data / TABLES / "benchmark_app"
    table = read_table(folder / "GMTKN55_mae_per_subset.csv")
    assert set(table.keys) == set(read_table(folder / "GMTKN55_category_mae.csv").keys)
    assert table.metric("bhrot27")[table.row("mace_mp_0a_D3")] == 3.258001434857271
    assert np.isfinite(table.values).all()
    assert len(table.categories) == 5
