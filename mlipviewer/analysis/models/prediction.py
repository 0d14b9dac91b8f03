"""Errors from other errors: which ones a linear model predicts, how well, and from which.

Reference: Y. Liu and Y. Mo, "Learning from models: high-dimensional analyses on the performance
of machine learning interatomic potentials", npj Comput. Mater. (2024).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from mlipviewer.analysis.methods.chosen import chosen_metrics
from mlipviewer.analysis.methods.complete import Complete, complete_rows
from mlipviewer.analysis.methods.cover import by_pagerank, pagerank
from mlipviewer.analysis.methods.from_chosen import FITS, held_out, pooled_r2
from mlipviewer.analysis.methods.lasso import (
    EDGE,
    Relations,
    Split,
    best_penalties,
    leave_out,
    random_splits,
    relations,
    repeated_folds,
)
from mlipviewer.analysis.methods.layout import places
from mlipviewer.analysis.methods.pairwise import pearson
from mlipviewer.analysis.methods.parents import relatives
from mlipviewer.analysis.methods.transforms import CHOICES
from mlipviewer.analysis.models.prediction_plots import (
    draw_determination,
    draw_matrix,
    draw_relations,
    draw_residuals,
)
from mlipviewer.core.analysis import (
    Analysis,
    AnalysisProblem,
    Inputs,
    Needs,
    Params,
    Result,
    Scalar,
    param,
)
from mlipviewer.core.progress import Progress
from mlipviewer.core.table import Floats

GOOD = 0.6  # R² above which an error counts as predicted
FEWEST = 10  # models
FOLDS = 5
REPRESENTS = 0.6  # r² above which one error stands for another


@dataclass(frozen=True)
class PredictionParams(Params):
    metrics: tuple[str, ...] = param((), "errors to relate; all by default", names="metrics")
    category: str = param("", "relate the errors of this category", names="category")
    predictors: tuple[str, ...] = param(
        (), "predict all others from these; none: from the representatives", names="metrics"
    )
    transform: str = param(
        "default",
        "default: log10, without references and failed models; authors: all rows and cells",
        choices=CHOICES,
    )
    effort: str = param(
        "full",
        "full: the best of 31 penalties for each error, as published; quick: one penalty for all",
        choices=("full", "quick"),
        in_panel="quick",
    )
    fit: str = param(
        "lasso", "how the predictors predict; huber: outliers count less", choices=FITS
    )
    leave_out_parents: bool = param(
        False, "without what follows by algebra: K from C11 and C12 of the same cell"
    )
    coefficient: float = param(
        0.06,
        "an edge has a larger Lasso coefficient",
        low=0.0,
        high=1.0,
        plot="Relations",
        formula="coefficients w of min |y - X w|² / (2 n) + a |w|₁ in z-scores",
        reference="Lasso: Tibshirani, J. R. Stat. Soc. B 58, 267 (1996)",
    )
    least_r2: float = param(
        GOOD, "edges lead to errors that are predicted this well", low=0.0, high=1.0,
        plot="Relations",
        formula="R² = 1 - sum of squared residuals / sum of squared deviations, held-out models",
    )  # fmt: skip
    seed: int = param(0, "seed of the splits into training and test", low=0, high=2**31 - 1)


def run(inputs: Inputs, params: PredictionParams, progress: Progress) -> Result:
    """Lasso relations of each metric from all others, and predictions from a few of them.

    Of models that have all metrics, in z-scores. `full`: the penalty of 31 (10^1.5 to 10^-1.5) with
    the least mean absolute error in 3 x 10 folds, then the mean of 20 splits 67:33; `quick`:
    10^-1.5 and 5 folds. R² is always that of held-out models.
    Summary: n_edges, n_predicted (R² > 0.6), median_r2, n_predictors, median_r2_from_predictors (of
    the metrics that are none), n_metrics, n_models, n_missing, n_failed. Table `r2`: metric, r2,
    r2_spread, penalty, r2_other_families (each family predicted from the others), from_predictors,
    from_predictors_other_families, is_predictor. Table `ranking`: metric, pagerank, n_predicts.
    Table `edges`: predictor, target, coefficient. Table `residuals`: model, rms_residual, worst,
    worst_residual of the predictions from the predictors, in z-scores.
    Arrays: `coefficients` (m, m) predictor x target, `r2` (m,), `r` (m, m), `layout` (m, 2).
    Raises AnalysisProblem, Cancelled.
    """
    table = inputs.the_table()
    asked = chosen_metrics(table, params.metrics, params.category)
    progress.step(0, 1)
    data = complete_rows(inputs, asked, params.transform)
    if len(data.metrics) < 2:
        raise AnalysisProblem("a prediction needs two metrics or more that vary")
    if len(data.rows) < FEWEST:
        raise AnalysisProblem(
            f"a prediction needs {FEWEST} models or more; {len(data.rows)} are left"
        )
    allowed = _allowed(data.metrics, params.leave_out_parents)
    related = _related(data.z, allowed, params, progress)
    r, _ = pearson(data.z)
    chosen = _predictors(data.metrics, r, params)
    scores, guess = _scores(data, table.families, allowed, chosen, params, progress)
    found = Result(
        summary=_summary(data, related, chosen, scores),
        tables={
            "r2": _r2_table(data.metrics, related, scores, chosen),
            "residuals": _residual_table(table.keys, data, guess, chosen),
        },
        notes=data.notes,
        arrays={
            "coefficients": related.coefficients,
            "r2": related.r2,
            "r": r,
            "layout": places(_distance(r)),
            "rows": data.rows,
        },
        names=data.metrics,
    )
    return above(inputs, params, found)


def _summary(
    data: Complete, related: Relations, chosen: list[int], scores: dict[str, Floats]
) -> dict[str, Scalar]:
    return {
        "n_predicted": int((related.r2 > GOOD).sum()),
        "median_r2": _median(related.r2),
        "n_predictors": len(chosen),
        "median_r2_from_predictors": _median(np.delete(scores["from_predictors"], chosen)),
        "n_metrics": len(data.metrics),
        "n_models": len(data.rows),
        "n_missing": data.n_missing,
        "n_failed": data.n_failed,
    }


def _median(values: Floats) -> float | None:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size else None


def _distance(r: Floats) -> Floats:
    distance = 1.0 - np.abs(np.nan_to_num(r, nan=0.0))
    np.fill_diagonal(distance, 0.0)
    return np.asarray(distance)


def _allowed(metrics: tuple[str, ...], without_parents: bool) -> Callable[[int], list[int]]:
    """Which others may predict each metric."""
    banned = relatives(metrics) if without_parents else {}
    every = range(len(metrics))
    lists = [[i for i in every if i != j and i not in banned.get(j, ())] for j in every]
    return lists.__getitem__


def _related(
    z: Floats, allowed: Callable[[int], list[int]], params: PredictionParams, progress: Progress
) -> Relations:
    n, m = z.shape
    if params.effort == "quick":
        folds = repeated_folds(n, min(FOLDS, n), 1, params.seed)
        return relations(z, allowed, np.full(m, EDGE), folds, progress)
    folds = repeated_folds(n, min(10, n), 3, params.seed)
    penalties = best_penalties(z, allowed, folds, progress)
    return relations(z, allowed, penalties, random_splits(n, 20, 0.33, params.seed), progress)


def _predictors(metrics: tuple[str, ...], r: Floats, params: PredictionParams) -> list[int]:
    """The named ones, else the representatives (see `representatives`)."""
    for name in params.predictors:
        if name not in metrics:
            raise AnalysisProblem(f"{name} is not among the metrics of this analysis")
    if params.predictors:
        return sorted({metrics.index(name) for name in params.predictors})
    strength = np.nan_to_num(r**2, nan=0.0)
    return sorted(by_pagerank(strength > REPRESENTS, strength, params.seed))


def _scores(
    data: Complete,
    families: tuple[str, ...],
    allowed: Callable[[int], list[int]],
    chosen: list[int],
    params: PredictionParams,
    progress: Progress,
) -> tuple[dict[str, Floats], Floats]:
    """R² of each metric by what predicts it, and the predictions (n, m) from the chosen ones."""
    n = len(data.z)
    folds = repeated_folds(n, min(FOLDS, n), 1, params.seed)
    others = _by_family([families[row] for row in data.rows])

    def from_chosen(j: int) -> Sequence[int]:
        return [i for i in chosen if i in allowed(j)]

    guess = held_out(data.z, from_chosen, params.fit, folds, progress)
    unknown = np.full(data.z.shape[1], np.nan)
    if len(others) < 2:
        return {
            "from_predictors": pooled_r2(data.z, guess),
            "other": unknown,
            "both": unknown,
        }, guess
    other = held_out(data.z, allowed, "lasso", others, progress)
    both = held_out(data.z, from_chosen, params.fit, others, progress)
    found = {"from_predictors": guess, "other": other, "both": both}
    return {name: pooled_r2(data.z, values) for name, values in found.items()}, guess


def _by_family(families: list[str]) -> list[Split]:
    """Splits that hold out one family each; rows without a family are never held out."""
    names = np.array(families)
    held = [np.flatnonzero(names == name) for name in dict.fromkeys(families) if name]
    return leave_out(
        [rows for rows in held if 0 < len(rows) <= len(names) - FEWEST // 2], len(names)
    )


def _r2_table(
    metrics: tuple[str, ...], related: Relations, scores: dict[str, Floats], chosen: list[int]
) -> dict[str, list[object]]:
    return {
        "metric": list(metrics),
        "r2": related.r2.tolist(),
        "r2_spread": related.deviation.tolist(),
        "penalty": related.penalties.tolist(),
        "r2_other_families": scores["other"].tolist(),
        "from_predictors": scores["from_predictors"].tolist(),
        "from_predictors_other_families": scores["both"].tolist(),
        "is_predictor": [j in chosen for j in range(len(metrics))],
    }


def _residual_table(
    keys: tuple[str, ...], data: Complete, guess: Floats, chosen: list[int]
) -> dict[str, list[object]]:
    """How far each model is from what the predictors say of all other metrics."""
    rest = [j for j in range(len(data.metrics)) if j not in chosen] or list(chosen)
    residual = (data.z - guess)[:, rest]
    worst = np.abs(residual).argmax(axis=1)
    return {
        "model": [keys[row] for row in data.rows],
        "rms_residual": np.sqrt((residual**2).mean(axis=1)).tolist(),
        "worst": [data.metrics[rest[j]] for j in worst],
        "worst_residual": residual[np.arange(len(worst)), worst].tolist(),
    }


def above(_inputs: Inputs, params: PredictionParams, result: Result) -> Result:
    """The result with other edges: of larger coefficients, to better predicted metrics."""
    coefficients, names = result.arrays["coefficients"], result.names
    good = np.nan_to_num(result.arrays["r2"], nan=-1.0) >= params.least_r2
    mask = (np.abs(coefficients) > params.coefficient) & good
    pairs = np.argwhere(mask)
    pairs = pairs[np.argsort(-np.abs(coefficients[mask]), kind="stable")]
    rank = pagerank((np.abs(coefficients) * mask).T)  # a target votes for what predicts it
    order = np.argsort(-rank, kind="stable")
    edges = {
        "predictor": [names[i] for i, _ in pairs],
        "target": [names[j] for _, j in pairs],
        "coefficient": coefficients[pairs[:, 0], pairs[:, 1]].tolist(),
    }
    ranking = {
        "metric": [names[i] for i in order],
        "pagerank": rank[order].tolist(),
        "n_predicts": mask.sum(axis=1)[order].tolist(),
    }
    summary = {"n_edges": len(pairs)} | {k: v for k, v in result.summary.items() if k != "n_edges"}
    tables = {"r2": result.tables["r2"], "ranking": ranking, "edges": edges}
    tables["residuals"] = result.tables["residuals"]
    arrays = dict(result.arrays) | {"pairs": pairs, "pagerank": rank}
    return replace(result, summary=summary, tables=tables, arrays=arrays)


ANALYSIS = Analysis(
    name="prediction",
    title="Prediction",
    about="Which errors can be predicted from other errors, how well, and from which.",
    needs=(Needs.TABLE,),
    params=PredictionParams,
    run=run,
    plots=MappingProxyType(
        {
            "Relations": draw_relations,
            "Matrix": draw_matrix,
            "R²": draw_determination,
            "Residuals": draw_residuals,
        }
    ),
    adjustable=("coefficient", "least_r2"),
    adjust=above,
)
