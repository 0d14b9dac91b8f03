"""Graphs by family: made families that differ, the published counts, the panels."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mlipviewer.analysis.models.correlation import CorrelationParams
from mlipviewer.analysis.models.correlation import run as correlate_all
from mlipviewer.analysis.models.family_graphs import ANALYSIS, FamilyGraphsParams, run
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.plot import Edges, Line, Points, Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import rows
from mlipviewer.core.table import ErrorTable
from mlipviewer.io.tables import read_table

STUDY = "tables/learning_from_models"
MakeTable = Callable[..., ErrorTable]


def two_kinds(make_table: MakeTable, small: int = 4) -> ErrorTable:
    """e0, e1 go together in A and in B; e2, e3 in A alone; e2 with them in B alone; C is small."""
    rng = np.random.default_rng(0)
    n = 200
    logs = rng.normal(size=(2 * n + small, 4))
    logs[:, 1] = logs[:, 0] + 0.1 * logs[:, 1]
    logs[:n, 3] = 3 * logs[:n, 2] + 0.1 * logs[:n, 3]
    logs[:n, 2] *= 3
    logs[n : 2 * n, 2] = logs[n : 2 * n, 0] + 0.1 * logs[n : 2 * n, 2]
    families = ("A",) * n + ("B",) * n + ("C",) * small
    return make_table(10 ** (0.1 * logs), families=families)


def of(table: ErrorTable, **params: object) -> Result:
    return run(Inputs(table), FamilyGraphsParams(**params), Progress())  # type: ignore[arg-type]


def test_that_families_are_compared_with_all(make_table: MakeTable) -> None:
    table = two_kinds(make_table)
    result = of(table)
    found = result.tables["families"]
    assert found["family"] == ["all", "A", "B"]
    assert found["n_models"] == [404, 200, 200]
    assert found["n_edges"] == [2, 2, 3]
    assert found["n_gained"] == [0, 0, 2]
    assert found["n_lost"] == [0, 0, 1]
    edges = result.tables["edges"]
    lines = set(zip(edges["family"], edges["a"], edges["b"], edges["kind"], strict=True))
    assert ("A", "e2", "e3", "shared") in lines
    assert ("B", "e2", "e3", "lost") in lines
    assert ("B", "e0", "e2", "gained") in lines
    assert result.summary["n_families"] == 2
    assert result.summary["n_common"] == 1


def test_that_a_family_has_the_graph_of_its_models_alone(make_table: MakeTable) -> None:
    table = two_kinds(make_table)
    result = of(table)
    own = rows(range(200, 400))
    alone = correlate_all(Inputs(table, models=own), CorrelationParams(), Progress())
    assert np.allclose(result.arrays["family_r"][1], alone.arrays["r"])
    assert result.tables["families"]["n_edges"][2] == alone.summary["n_edges"]
    whole = correlate_all(Inputs(table), CorrelationParams(), Progress())
    assert np.array_equal(result.arrays["layout"], whole.arrays["layout"])


def test_that_what_cannot_be_is_told(make_table: MakeTable) -> None:
    table = two_kinds(make_table)
    with pytest.raises(AnalysisProblem, match="no family 'Z'; there are A, B"):
        of(table, family="Z")
    with pytest.raises(AnalysisProblem, match="500 models"):
        of(table, fewest=500)
    with pytest.raises(AnalysisProblem, match="names families"):
        of(make_table(table.values))
    assert "C" in of(table, fewest=3).tables["families"]["family"]


def test_that_panels_differ_in_place_and_mark_what_differs(make_table: MakeTable) -> None:
    inputs, params = Inputs(two_kinds(make_table)), FamilyGraphsParams(family="B")
    result = run(inputs, params, Progress())
    plot = ANALYSIS.plots["Families"](inputs, params, result)
    nodes = [m for m in plot.marks if isinstance(m, Points) and m.space is Space.METRIC]
    titles = [m for m in plot.marks if isinstance(m, Points) and m.space is Space.MODEL]
    assert len(nodes) == len(titles) == 2
    assert [title.labels for title in titles] == [("A",), ("B",)]
    assert np.ptp(nodes[1].x - nodes[0].x) == pytest.approx(0)
    assert abs(nodes[1].x - nodes[0].x).max() + abs(nodes[1].y - nodes[0].y).max() > 2
    missing, edges, own = ANALYSIS.plots["One family"](inputs, params, result).marks
    assert isinstance(missing, Line)
    assert isinstance(edges, Edges)
    assert isinstance(own, Points)
    assert edges.negative.tolist() == [False, True, True]
    assert edges.pairs[1:].tolist() == [[0, 2], [1, 2]]
    assert np.isfinite(missing.x).sum() == 2
    assert own.show_labels


def test_that_the_published_graph_of_gap_is_found(shared_data: Path) -> None:
    table = read_table(shared_data / STUDY / "absolute_errors.csv")
    found = of(table, transform="authors").tables["families"]
    for family, counts in {"all": (128, 10, 19), "GAP": (54, 27, 33)}.items():
        i = found["family"].index(family)
        assert tuple(found[k][i] for k in ("n_edges", "n_isolated", "n_components")) == counts
    assert set(found["family"]) == {"all", "GAP", "DPMD", "SNAP", "MTP", "NNP", "DPPT"}
