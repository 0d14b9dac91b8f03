"""Predictions: closed forms, other implementations, made relations, the published numbers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlipviewer.analysis.methods.from_chosen import held_out, huber, pooled_r2
from mlipviewer.analysis.methods.lasso import (
    EDGE,
    PENALTIES,
    best_penalties,
    determination,
    fold_of,
    leave_out,
    path,
    random_splits,
    relations,
    repeated_folds,
)
from mlipviewer.analysis.methods.parents import relatives
from mlipviewer.analysis.models.prediction import ANALYSIS, PredictionParams, above, run
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.plot import Edges, HeatMap, Points, Space
from mlipviewer.core.progress import Cancelled, Progress
from mlipviewer.core.rows import rows
from mlipviewer.core.table import ErrorTable
from mlipviewer.io.tables import read_table

STUDY = "tables/learning_from_models"
MakeTable = Callable[..., ErrorTable]
Array = np.ndarray  # type: ignore[type-arg]


def related(n: int = 90, seed: int = 0) -> Array:
    """z-scores: x2 = x0 + x1, x3 = -x4, x5 alone, with a little noise."""
    rng = np.random.default_rng(seed)
    a, b, c, d = rng.normal(size=(4, n))
    x = np.column_stack((a, b, a + b, c, -c, d)) + 0.05 * rng.normal(size=(n, 6))
    return np.asarray((x - x.mean(axis=0)) / x.std(axis=0))


def others(m: int) -> Callable[[int], list[int]]:
    return lambda j: [i for i in range(m) if i != j]


def of(table: ErrorTable, **params: object) -> Result:
    return run(Inputs(table), PredictionParams(**params), Progress())  # type: ignore[arg-type]


def made(make_table: MakeTable, **about: object) -> ErrorTable:
    return make_table(10 ** related(), families=tuple("ABC"[i % 3] for i in range(90)), **about)


# --- Lasso -----------------------------------------------------------------------------------


@given(st.integers(0, 10**6), st.floats(0.001, 2))
def test_that_of_uncorrelated_columns_lasso_is_the_soft_threshold(
    seed: int, penalty: float
) -> None:
    rng = np.random.default_rng(seed)
    x = np.linalg.qr(rng.normal(size=(20, 4)))[0] * np.sqrt(20)
    wanted = rng.normal(size=4)
    data = np.column_stack((x - 0, x @ wanted))
    found = path(data, 4, [0, 1, 2, 3], np.array([penalty]), close=1e-13)[:, 0]
    expected = np.sign(wanted) * np.maximum(np.abs(wanted) - penalty, 0)
    assert found == pytest.approx(expected, abs=1e-5)


def test_that_a_fold_gives_what_all_its_rows_give() -> None:
    from sklearn.linear_model import Lasso

    z = related()
    train, test = repeated_folds(len(z), 5, 1, 0)[0]
    fold = fold_of(z, train, test)
    for penalty in (0.5, EDGE, 0.01):
        found = path(fold.root, 2, [0, 1, 3, 4, 5], np.array([penalty]))[:, 0]
        other = Lasso(penalty, tol=1e-8).fit(z[train][:, [0, 1, 3, 4, 5]], z[train, 2])
        assert found == pytest.approx(other.coef_, abs=2e-3)


def test_that_the_penalty_is_that_of_a_grid_search() -> None:
    from sklearn.linear_model import Lasso
    from sklearn.model_selection import GridSearchCV

    z = related(40)[:, :3] + 0.6 * np.random.default_rng(1).normal(size=(40, 3))
    splits = repeated_folds(40, 4, 2, 0)
    found = best_penalties(z, others(3), splits, Progress())
    for j in range(3):
        search = GridSearchCV(
            Lasso(max_iter=10_000),
            {"alpha": PENALTIES},
            scoring="neg_mean_absolute_error",
            cv=splits,
        )
        search.fit(np.delete(z, j, axis=1), z[:, j])
        assert found[j] == pytest.approx(search.best_params_["alpha"])


def test_that_only_true_relations_remain() -> None:
    z = related()
    found = relations(z, others(6), np.full(6, EDGE), random_splits(90, 8, 0.33, 0), Progress())
    assert (found.r2[:5] > 0.9).all()
    assert found.r2[5] < 0.1
    assert found.coefficients[3, 4] < -0.9
    assert np.abs(found.coefficients[[0, 1], 2]).min() > 0.5
    assert np.diag(found.coefficients).tolist() == [0] * 6
    assert np.abs(found.coefficients[:3, 3:5]).max() < 0.06


@given(st.integers(2, 60), st.integers(2, 5), st.integers(1, 3))
def test_that_folds_hold_out_each_row_once(n: int, n_splits: int, n_repeats: int) -> None:
    splits = repeated_folds(n, min(n_splits, n), n_repeats, 0)
    held = np.concatenate([test for _, test in splits])
    assert np.bincount(held, minlength=n).tolist() == [n_repeats] * n
    assert all(not set(train) & set(test) for train, test in splits)
    assert all(len(train) + len(test) == n for train, test in splits)


def test_that_determination_is_one_minus_the_share_of_residuals() -> None:
    y = np.array([[1.0, 5.0], [2.0, 5.0], [3.0, 5.0]])
    guess = np.array([[1.0, 5.0], [2.0, 5.0], [2.0, 5.0]])
    found = determination(y, guess)
    assert found[0] == pytest.approx(0.5)
    assert np.isnan(found[1])


# --- from chosen ones ------------------------------------------------------------------------


@pytest.mark.parametrize("fit", ["lasso", "least squares", "huber"])
def test_that_chosen_columns_predict_the_others(fit: str) -> None:
    z = related()
    chosen = others(6)
    guess = held_out(
        z, lambda j: [i for i in (0, 1, 3) if i in chosen(j)], fit,
        repeated_folds(90, 5, 1, 0), Progress(),
    )  # fmt: skip
    r2 = pooled_r2(z, guess)
    assert (r2[[2, 4]] > 0.98).all()
    assert (r2[[0, 1, 3, 5]] < 0.2).all()


def test_that_huber_is_not_led_by_outliers() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, 1))
    y = 2 * x + 1 + 0.01 * rng.normal(size=(200, 1))
    y[:10] += 1000 * np.sign(x[:10])
    slope, shift = huber(x, y)
    assert slope[0, 0] == pytest.approx(2, abs=0.02)
    assert shift[0] == pytest.approx(1, abs=0.02)
    assert abs(np.polyfit(x[:, 0], y[:, 0], 1)[0] - 2) > 10


@settings(max_examples=20)
@given(st.integers(0, 10**6))
def test_that_huber_without_outliers_is_exact(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, slope = rng.normal(size=(30, 2)), rng.normal(size=(2, 3))
    found, shift = huber(x, x @ slope + 0.5)
    assert found == pytest.approx(slope, abs=1e-5)
    assert shift == pytest.approx(0.5, abs=1e-5)


def test_that_left_out_rows_are_those_named() -> None:
    splits = leave_out([np.array([0, 2]), np.array([1, 3])], 4)
    assert [(a.tolist(), b.tolist()) for a, b in splits] == [([1, 3], [0, 2]), ([0, 2], [1, 3])]


def test_that_parents_are_known_by_name() -> None:
    names = ("vac_c11", "vac_c12", "vac_c44", "vac_bulkmodulus", "hex_c11", "C11", "C12", "K")
    assert relatives(names) == {3: (0, 1), 0: (3,), 1: (3,), 7: (5, 6), 5: (7,), 6: (7,)}
    assert relatives(("e0", "rank", "bulkmodulus")) == {}


# --- the analysis ----------------------------------------------------------------------------


@pytest.mark.parametrize("effort", ["full", "quick"])
def test_that_made_relations_are_found(make_table: MakeTable, effort: str) -> None:
    result = of(made(make_table), effort=effort, transform="authors")
    table = dict(zip(result.tables["r2"]["metric"], result.tables["r2"]["r2"], strict=True))
    assert min(table[f"e{i}"] for i in range(5)) > 0.9
    assert table["e5"] < 0.2
    edges = result.tables["edges"]
    pairs = set(zip(edges["predictor"], edges["target"], strict=True))
    assert {("e3", "e4"), ("e4", "e3"), ("e0", "e2"), ("e1", "e2")} <= pairs
    assert result.summary["n_edges"] == len(pairs)
    assert result.summary["n_predicted"] == 5
    assert not any("e5" in pair for pair in pairs)
    assert result.tables["ranking"]["pagerank"] == sorted(
        result.tables["ranking"]["pagerank"], reverse=True
    )


def test_that_the_ranking_is_pagerank_of_the_reversed_edges(make_table: MakeTable) -> None:
    import networkx as nx

    result = of(made(make_table), effort="quick")
    graph = nx.DiGraph()
    graph.add_nodes_from(result.names)
    edges = result.tables["edges"]
    for source, target, value in zip(
        edges["predictor"], edges["target"], edges["coefficient"], strict=True
    ):
        graph.add_edge(target, source, weight=abs(value))
    other = nx.pagerank(graph, tol=1e-13, max_iter=2000)
    ranking = result.tables["ranking"]
    for name, value in zip(ranking["metric"], ranking["pagerank"], strict=True):
        assert value == pytest.approx(other[name], abs=1e-9)


def test_that_named_predictors_are_used(make_table: MakeTable) -> None:
    result = of(made(make_table), effort="quick", predictors=("e0", "e1", "e4"))
    table = result.tables["r2"]
    assert table["is_predictor"] == [True, True, False, False, True, False]
    assert result.summary["n_predictors"] == 3
    assert table["from_predictors"][2] > 0.9
    assert table["from_predictors"][3] > 0.9
    assert table["from_predictors"][5] < 0.1
    assert table["from_predictors_other_families"][2] > 0.9
    with pytest.raises(AnalysisProblem, match="e9"):
        of(made(make_table), predictors=("e9",))


def test_that_a_family_that_differs_is_not_predicted_from_the_others(
    make_table: MakeTable,
) -> None:
    z = related()
    z[::3, 4] *= -1
    table = make_table(10**z, families=tuple("ABC"[i % 3] for i in range(90)))
    found = of(table, effort="quick").tables["r2"]
    assert found["r2_other_families"][4] < found["r2"][4] - 0.2
    alone = make_table(10**z)
    assert np.isnan(of(alone, effort="quick").tables["r2"]["r2_other_families"]).all()


def test_that_parents_are_left_out_on_request(make_table: MakeTable) -> None:
    from dataclasses import replace

    table = make_table(10 ** related()[:, :3])
    columns = tuple(
        replace(column, name=name)
        for column, name in zip(table.columns, ("x_c11", "x_c12", "x_bulkmodulus"), strict=True)
    )
    named = replace(table, columns=columns)
    assert of(named, effort="quick").tables["r2"]["r2"][2] > 0.9
    without = of(named, effort="quick", leave_out_parents=True)
    assert without.tables["r2"]["r2"][2] < 0.1
    assert without.tables["r2"]["from_predictors"][2] < 0.1


def test_that_residuals_show_the_odd_model(make_table: MakeTable) -> None:
    z = related()
    z[17, 2] += 4
    result = of(make_table(10**z), effort="quick", predictors=("e0", "e1", "e3", "e5"))
    residuals = result.tables["residuals"]
    odd = int(np.argmax(residuals["rms_residual"]))
    assert residuals["model"][odd] == "m17"
    assert residuals["worst"][odd] == "e2"
    assert residuals["worst_residual"][odd] > 1


def test_that_missing_and_constant_are_left_out_and_told(make_table: MakeTable) -> None:
    values = 10 ** related()
    values[:5, 0] = np.nan
    values[:60, 5] = np.nan
    values[:, 4] = 3.0
    result = of(make_table(values), effort="quick")
    assert result.names == ("e0", "e1", "e2", "e3")
    assert (result.summary["n_models"], result.summary["n_missing"]) == (85, 5)
    assert "e4, e5" in " ".join(result.notes)


@pytest.mark.parametrize(
    ("params", "models", "words"),
    [({"metrics": ("e0",)}, None, "two metrics"), ({}, range(6), "10 models or more; 6")],
)
def test_that_too_little_is_told(
    make_table: MakeTable, params: dict[str, object], models: range | None, words: str
) -> None:
    inputs = Inputs(made(make_table), models=None if models is None else rows(models))
    with pytest.raises(AnalysisProblem, match=words):
        run(inputs, PredictionParams(**params), Progress())  # type: ignore[arg-type]


def test_that_it_can_be_stopped_on_the_way(make_table: MakeTable) -> None:
    steps = []

    def stop_soon(done: int, total: int) -> None:
        steps.append((done, total))
        if done == 3:
            progress.stop()

    progress = Progress(stop_soon)
    with pytest.raises(Cancelled):
        run(Inputs(made(make_table)), PredictionParams(), progress)
    assert steps[-1] == (3, 30)


def test_that_other_thresholds_need_no_new_fits(make_table: MakeTable) -> None:
    table = made(make_table)
    first = of(table, effort="quick")
    for changed in ({"coefficient": 0.5}, {"least_r2": 0.95}):
        params = PredictionParams(effort="quick", **changed)
        moved, new = above(Inputs(table), params, first), of(table, effort="quick", **changed)
        assert moved.summary == new.summary
        assert moved.tables == new.tables


def test_that_plots_stand_for_metrics_and_models(make_table: MakeTable) -> None:
    inputs, params = Inputs(made(make_table)), PredictionParams(effort="quick")
    result = run(inputs, params, Progress())
    edges, heads, nodes = ANALYSIS.plots["Relations"](inputs, params, result).marks
    assert isinstance(edges, Edges)
    assert isinstance(heads, Points)
    assert isinstance(nodes, Points)
    source, target = result.arrays["pairs"][0]
    at = np.array([heads.x[0], heads.y[0]])
    ends = result.arrays["layout"][[source, target]]
    assert np.linalg.norm(at - ends[1]) < np.linalg.norm(at - ends[0])
    (matrix,) = ANALYSIS.plots["Matrix"](inputs, params, result).marks
    assert isinstance(matrix, HeatMap)
    i, j = matrix.row_names.index("e4"), matrix.column_names.index("e3")
    assert matrix.values[i, j] == result.arrays["coefficients"][3, 4]
    (points,) = ANALYSIS.plots["Residuals"](inputs, params, result).marks
    assert isinstance(points, Points)
    assert points.space is Space.MODEL
    assert points.group_names == ("A", "B", "C")


# --- published data --------------------------------------------------------------------------


def test_that_the_published_relations_are_found(shared_data: Path) -> None:
    table = read_table(shared_data / STUDY / "absolute_errors.csv")
    result = of(table, transform="authors")
    assert result.summary["n_edges"] == pytest.approx(172, abs=8)
    assert result.summary["n_predicted"] == 48
    assert result.summary["median_r2"] == pytest.approx(0.80, abs=0.01)
    r2 = dict(zip(result.names, result.tables["r2"]["r2"], strict=True))
    best, worst = sorted(r2, key=r2.__getitem__)[-4:], sorted(r2, key=r2.__getitem__)[:6]
    assert set(best) == {
        "vacancy_entropy", "bulk_entropy", "vacancy_free_energy", "bulk_free_energy"
    }  # fmt: skip
    assert set(worst) == {"L3_frequency", "vac_Ef", "tet_Ef", "vac_a", "spl_Ef", "hex_Ef"}
    assert r2["super_c11"] == pytest.approx(0.85, abs=0.01)
    other = dict(zip(result.names, result.tables["r2"]["r2_other_families"], strict=True))
    assert other["super_c11"] == pytest.approx(0.43, abs=0.01)
    coefficients = result.arrays["coefficients"]
    assert coefficients.min() == pytest.approx(-0.73, abs=0.05)
    assert coefficients.max() == pytest.approx(0.95, abs=0.03)


def test_that_one_penalty_gives_nearly_the_published_relations(shared_data: Path) -> None:
    table = read_table(shared_data / STUDY / "absolute_errors.csv")
    result = of(table, transform="authors", effort="quick")
    r2 = dict(zip(result.names, result.tables["r2"]["r2"], strict=True))
    stored = {
        "vacancy_entropy": 0.975, "Interstitial_RE_F": 0.9, "spl_Ef": 0.3, "bulk_entropy": 0.973
    }  # fmt: skip
    for name, value in stored.items():
        assert r2[name] == pytest.approx(value, abs=0.012)
    assert result.summary["n_edges"] == pytest.approx(172, abs=8)
