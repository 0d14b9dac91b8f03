"""Distributions by group: statistics, bins, boxes and cumulative shares with known answers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlipviewer.analysis.models.distributions import ANALYSIS, DistributionParams
from mlipviewer.analysis.models.distributions_plots import density
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.plot import Area, Bars, Line, Plot, Points, Rule
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import rows
from mlipviewer.core.table import ErrorTable, RowRole
from mlipviewer.io.tables import read_table
from tests.analysis.conftest import a_table

VALUES = [[1.0], [2.0], [3.0], [4.0], [100.0], [np.nan], [2.5]]
FAMILIES = ("a", "a", "a", "a", "b", "b", "")
ROLES = [RowRole.MODEL] * 6 + [RowRole.THRESHOLD]


def table() -> ErrorTable:
    return a_table(VALUES, families=FAMILIES, roles=ROLES)


def ran(inputs: Inputs, **about: object) -> Result:
    return ANALYSIS.run(inputs, DistributionParams(**about), Progress())  # type: ignore[arg-type]


def drawn(inputs: Inputs, plot: str, **about: object) -> Plot:
    params = DistributionParams(**about)  # type: ignore[arg-type]
    return ANALYSIS.plots[plot](inputs, params, ANALYSIS.run(inputs, params, Progress()))


def test_that_statistics_are_those_of_each_group() -> None:
    found = ran(Inputs(table()))
    assert found.summary == {
        "n_models": 6, "n_missing": 1, "n_groups": 2, "n_bins": found.summary["n_bins"],
        "log": True,
    }  # fmt: skip
    groups = found.tables["groups"]
    assert (groups["group"], groups["n"]) == (["a", "b"], [4, 1])
    assert (groups["mean"][0], groups["std"][0]) == (2.5, np.sqrt(1.25))
    assert [groups[q][0] for q in ("min", "q1", "median", "q3", "max")] == [1, 1.75, 2.5, 3.25, 4]


@given(
    st.lists(st.floats(-1e6, 1e6) | st.just(np.nan), min_size=1, max_size=40),
    st.integers(0, 20),
    st.sampled_from(["auto", "log", "linear"]),
)
def test_that_every_shown_model_is_in_one_bin(values: list[float], bins: int, log: str) -> None:
    one = a_table([[v] for v in values])
    found = ran(Inputs(one), bins=bins, log=log)
    n_shown = len(values) - int(found.summary["n_missing"])  # type: ignore[arg-type]
    assert sum(found.tables["bins"]["count"]) == n_shown
    plot = drawn(Inputs(one), "Histogram", bins=bins, log=log)
    held = [
        row for mark in plot.marks if isinstance(mark, Bars) for own in mark.rows for row in own
    ]
    assert len(held) == len(set(held)) == n_shown
    assert bool(plot.empty) == (n_shown == 0)


def test_that_bars_stand_upon_each_other_and_for_their_models() -> None:
    bars = next(m for m in drawn(Inputs(table()), "Histogram", bins=1).marks if isinstance(m, Bars))
    assert [own.tolist() for own in bars.rows] == [[0, 1, 2, 3], [4]]
    assert (np.asarray(bars.base).tolist(), bars.end.tolist()) == ([0, 4], [4, 5])


def test_that_boxes_are_quartiles_with_whiskers_to_models() -> None:
    one = a_table([[1.0], [2.0], [3.0], [4.0], [100.0]])
    plot = drawn(Inputs(one), "Box", log="linear")
    box = next(m for m in plot.marks if isinstance(m, Bars))
    median = next(m for m in plot.marks if isinstance(m, Line))
    assert (np.asarray(box.base)[0], box.end[0]) == (2, 4)
    assert box.low is not None
    assert box.high is not None
    assert (box.low[0], box.high[0], median.y[0]) == (1, 4, 3)


def test_that_shares_rise_to_one_in_each_group() -> None:
    plot = drawn(Inputs(table()), "Cumulative")
    points = next(m for m in plot.marks if isinstance(m, Points))
    assert points.y.tolist() == [0.25, 0.5, 0.75, 1.0, 1.0]
    assert points.rows.tolist() == [0, 1, 2, 3, 4]
    rule = next(m for m in plot.marks if isinstance(m, Rule))
    assert (rule.value, rule.name) == (2.5, "m6")


def test_that_groups_keep_their_colours_when_models_are_filtered() -> None:
    inputs = Inputs(table(), models=rows([4, 5]))
    found = ran(inputs)
    assert found.tables["groups"]["n"] == [0, 1]
    assert found.arrays["group"].tolist() == [1]
    for plot in ANALYSIS.plots:
        assert not drawn(inputs, plot).empty


def test_that_any_text_column_makes_groups_and_many_are_put_together() -> None:
    text = MappingProxyType({"family": FAMILIES, "set": tuple(f"s{i}" for i in range(7))})
    one = replace(table(), text=text)
    assert ran(Inputs(one), by="set").summary["n_groups"] == 6
    with pytest.raises(AnalysisProblem, match="no text column 'x' makes groups; there are family"):
        ran(Inputs(one), by="x")
    many = a_table([[i + 1.0] for i in range(40)], families=[f"f{i // 2}" for i in range(40)])
    found = ran(Inputs(many))
    assert found.summary["n_groups"] == 14
    assert found.tables["groups"]["group"][-1] == "others"
    assert sum(found.tables["groups"]["n"]) == 40


def test_that_a_table_without_values_says_so() -> None:
    for plot in ANALYSIS.plots:
        assert drawn(Inputs(a_table([[np.nan], [np.nan]])), plot).empty


def test_that_shares_below_the_published_thresholds_are_as_published(shared_data: Path) -> None:
    """Table S13: 30.7 % of the models are at or below the threshold of the vacancy's energy."""
    one = read_table(shared_data / "tables/learning_from_models/absolute_errors.csv")
    found = ran(Inputs(one), metric="vac_Ef")
    assert found.tables["groups"]["n"] == [300, 500, 500, 200, 500, 300]
    assert sum(found.tables["bins"]["count"]) == 2300
    threshold = one.metric("vac_Ef")[one.rows_of(RowRole.THRESHOLD)[0]]
    below = (one.metric("vac_Ef")[found.arrays["rows"]] <= threshold).mean()
    assert round(100 * below, 1) == 30.7


def test_that_those_without_a_value_are_counted_by_group_and_said() -> None:
    found = ran(Inputs(table()))
    assert found.tables["groups"]["n_missing"] == [0, 1]
    plot = drawn(Inputs(table()), "Violin")
    assert plot.status == "5 shown / 6 total / 1 missing"
    assert [text for _, text in plot.x.ticks] == ["a (4)", "b (1)"]


def test_that_a_violin_is_as_wide_as_the_density_of_scipy() -> None:
    from scipy.stats import gaussian_kde

    values, at = 10.0 ** np.random.default_rng(2).normal(size=50), np.linspace(-3, 3, 200)
    assert density(np.log10(values), at) == pytest.approx(gaussian_kde(np.log10(values))(at))
    plot = drawn(Inputs(a_table(values[:, None])), "Violin", log="log")
    (body,) = (mark for mark in plot.marks if isinstance(mark, Area))
    half = len(body.x) // 2
    y, wide = np.log10(body.y[:half]), body.x[:half]
    expected = gaussian_kde(np.log10(values))(y)
    assert wide / wide.max() == pytest.approx(expected / expected.max())
    assert body.x[half:] == pytest.approx(-body.x[:half][::-1])
    assert (body.y[0], body.y[half - 1]) == pytest.approx((values.min(), values.max()))


def test_that_models_lie_within_their_violin_and_lines_at_the_quartiles() -> None:
    plot = drawn(Inputs(table()), "Violin", log="linear")
    (points,) = (mark for mark in plot.marks if isinstance(mark, Points))
    (body,) = (mark for mark in plot.marks if isinstance(mark, Area))
    own = points.group == 0
    outline = np.interp(points.y[own], body.y[: len(body.y) // 2], body.x[: len(body.x) // 2])
    assert np.all(np.abs(points.x[own]) <= outline)
    assert body.label == "a: 4 models"
    lines = [float(m.y[0]) for m in plot.marks if isinstance(m, Line)]
    assert lines[:3] == [1.75, 2.5, 3.25]
