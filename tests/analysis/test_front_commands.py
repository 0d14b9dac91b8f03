"""The analyses of fronts from the command line: filter, metrics, category, tables and figures."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlipviewer.cli import main

NAMES = ("indicators", "tradeoff", "passing", "dominators", "front-size")
EVERY = pytest.mark.parametrize("name", NAMES)
FEW = {"indicators": ["--resamples", "2"], "tradeoff": ["--draws", "5"]}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Two families of models with known names of metrics, whose categories are guessed."""
    rng = np.random.default_rng(0)
    names = ["hex_Ef", "vac_Ef", "spl_Ef", "hex_c11", "hex_c12", "spl_a"]
    lines = ["Models,ModelName," + ",".join(names), "DFT,Threshold," + ",".join(["1.0"] * 6)]
    for i in range(40):
        cells = (10 ** rng.normal(size=6)).tolist()
        lines.append(f"{'GAP' if i % 3 else 'MTP'},{i}x," + ",".join(map(repr, cells)))
    path = tmp_path / "errors.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def ran(name: str, table: Path, *words: str) -> dict[str, Any]:
    out = table.parent / "out.json"
    arguments = ["run", name, "--table", str(table), "--out", str(out), *FEW.get(name, []), *words]
    assert main(arguments) == 0
    return dict(json.loads(out.read_text()))


@EVERY
def test_that_a_filter_a_category_and_metrics_choose(name: str, table: Path) -> None:
    whole = ran(name, table, "--metrics", "all")
    assert whole["summary"]["n_models"] == 40
    part = ran(name, table, "--category", "E_f", "--where", "Models == 'GAP'")
    assert part["summary"]["n_models"] == 26
    assert part["params"]["category"] == "E_f"
    n_metrics = 3 if name != "dominators" else len(part["tables"]["improvements"]["metric"])
    assert part["summary"].get("n_metrics", 3) == n_metrics == 3
    two = ran(name, table, "--metrics", "vac_Ef,hex_c11", "--where", "vac_Ef < 1000")
    assert two["params"]["metrics"] == ["vac_Ef", "hex_c11"]


@pytest.mark.parametrize(
    ("name", "column", "keys"),
    [
        ("indicators", "scores", {"family", "metrics", "hv", "igd", "hypervolume", "hv_equal_n"}),
        ("indicators", "wins", {"family", "hv_lowest", "hv_second_lowest", "igd_lowest"}),
        ("tradeoff", "medians", {"dimension", "n_optimal_median", "n_optimal_expected"}),
        ("passing", "metrics", {"metric", "share", "n"}),
        ("passing", "models", {"model", "family", "n_passed"}),
        ("dominators", "dominators", {"model", "family", "distance"}),
        ("dominators", "improvements", {"metric", "value", "needed", "factor"}),
        ("front-size", "sizes", {"n_metrics", "n_front_median", "share", "n_expected"}),
        ("front-size", "categories", {"category", "n_front", "share", "n_epsilon"}),
    ],
)
def test_that_tables_have_the_columns_agreed_on(
    name: str, column: str, keys: set[str], table: Path
) -> None:
    assert keys <= set(ran(name, table)["tables"][column])


def test_that_the_dominators_of_a_named_model_are_asked_for(table: Path) -> None:
    found = ran("dominators", table, "--model", "7x", "--category", "E_f")
    assert found["summary"]["model"] == "7x"


def test_that_a_wrong_model_is_one_line(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "dominators", "--table", str(table), "--model", "nobody"]) == 1
    assert "no model 'nobody'" in capsys.readouterr().err


@pytest.mark.window
@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    ("name", "plot"),
    [
        ("indicators", "Scores"),
        ("indicators", "Scores of all"),
        ("indicators", "Share of subsets won"),
        ("tradeoff", "Distributions"),
        ("tradeoff", "By metric"),
        ("passing", "Hardest errors"),
        ("passing", "Models"),
        ("dominators", "Dominators"),
        ("dominators", "To the front"),
        ("front-size", "Front size"),
        ("front-size", "By category"),
    ],
)
def test_that_each_plot_becomes_a_figure(name: str, plot: str, table: Path) -> None:
    figure = table.parent / "figure.svg"
    ran(name, table, "--figure", str(figure), "--plot", plot)
    drawn = re.findall("<(path|rect|ellipse|circle|polygon|polyline) ", figure.read_text())
    assert len(drawn) > 5
