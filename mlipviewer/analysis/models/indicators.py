"""How good the fronts of the families are: the scores of Liu and Mo beside the usual ones.

Reference: Y. Liu and Y. Mo, "Learning from models: high-dimensional analyses on the performance
of machine learning interatomic potentials", npj Comput. Mater. (2024), Fig. 5. All scores are of
log10 errors. See `front_scores` for what each of them is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from math import comb
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.analysis.methods import front_scores as of
from mlipviewer.analysis.methods.chosen import chosen_metrics, chosen_models
from mlipviewer.analysis.methods.fronts import non_dominated
from mlipviewer.analysis.methods.log_space import LogSpace, log_space
from mlipviewer.analysis.models.indicator_plots import BETTER, draw_scores, draw_whole, draw_wins
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Params, Result, param
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import Mask, Rows, from_mask
from mlipviewer.core.table import ErrorTable, Floats, RowRole

BELOW_BEST = 1e-5  # the ideal point lies this far below the least errors of all models
MOST_SUBSETS = 5000
RESAMPLE_EXACT, RESAMPLE_SAMPLES = 5, 4000
EVERYONE = "all models"  # the family where the table has no such column


@dataclass(frozen=True)
class IndicatorParams(Params):
    metrics: tuple[str, ...] = param(
        (), "errors to score; `all`, or the first four when none is named", names="metrics"
    )
    category: str = param("", "take all errors of this category", names="category")
    sizes: str = param("2,all", "how many of the errors at a time: numbers, `all` for all at once")
    reference: str = param(
        "nadir",
        "of the ordinary hypervolume: the worst of the families' fronts, of all models, or the "
        "first row of thresholds",
        choices=("nadir", "worst", "threshold"),
    )
    resamples: int = param(
        30, "samples of each family that are as small as the smallest family", low=0, high=1000
    )
    transform: str = param(
        "default",
        "default: models with an error of zero are failed fits and left out; authors: all models",
        choices=("default", "authors"),
    )
    score: str = param("hv", "the score that is drawn", choices=tuple(BETTER))
    seed: int = param(0, "seed of samples and of volumes by chance", low=0, high=2**31 - 1)


@dataclass(frozen=True, eq=False)
class _Task:
    """The points (n rows of the table, m), the ideal (m,), the reference of the hypervolume (m,),
    NaN for the nadir of each subset, and the rows of each family."""

    points: Floats
    ideal: Floats
    reference: Floats
    families: Mapping[str, Rows]
    params: IndicatorParams


def run(inputs: Inputs, params: IndicatorParams, progress: Progress) -> Result:
    """Scores of each family's front for each subset of the metrics. Raises AnalysisProblem,
    Cancelled.

    Table `scores`: family, metrics (joined by `|`), n_metrics, n_models, n_front; hv and igd (the
    authors', lower is better), hv_error (0: exact); hypervolume (higher is better) and its error;
    hv_equal_n, igd_equal_n and their deviations over samples of each family that are as large as
    the smallest; gd_joint, igd_joint, gd_plus_joint, igd_plus_joint: distances to the joint front.
    Table `wins`: family, and for each score the shares of subsets where it is best and second.
    Table `ideal`: metric, ideal (log10). Arrays: `front` rows of the table, those of score i
    end at `front_end[i]`.
    """
    table = inputs.the_table()
    metrics = chosen_metrics(table, params.metrics, params.category, default=4)
    subsets = subsets_of(len(metrics), params.sizes)
    space = log_space(table, metrics)
    task, notes = _task(inputs, space, params)
    records: list[dict[str, Any]] = []
    fronts: list[Rows] = []
    for number, subset in enumerate(subsets):
        progress.step(number, len(subsets))
        for record, front in _subset_scores(task, subset, progress):
            records.append({**record, "metrics": "|".join(metrics[i] for i in subset)})
            fronts.append(front)
    scores = _columns(records)
    return Result(
        summary=_summary(table, task, metrics, subsets, records),
        tables={
            "scores": scores,
            "wins": wins_of(records, tuple(task.families), len(metrics)),
            "ideal": {"metric": list(metrics), "ideal": task.ideal.tolist()},
        },
        units=MappingProxyType({"ideal": "log10"}),
        notes=(*space.notes, *notes, *_remarks(task, records)),
        arrays={
            "front": np.concatenate([np.empty(0, np.int32), *fronts]),
            "front_end": np.cumsum([len(front) for front in fronts], dtype=np.int64),
        },
        names=tuple(task.families),
    )


def subsets_of(m: int, sizes: str) -> list[tuple[int, ...]]:
    """Subsets of m metrics by size: `2,all` are all pairs and the whole. Raises AnalysisProblem."""
    asked: list[int] = []
    for word in sizes.replace(" ", "").split(","):
        if not (word == "all" or word.isdecimal()):
            raise AnalysisProblem(f"sizes are numbers or `all`, not {word!r}")
        asked.append(m if word == "all" else int(word))
    chosen = [size for size in dict.fromkeys(asked) if 1 <= size <= m]
    if not chosen:
        raise AnalysisProblem(f"no subset of {m} metrics has the size {sizes}")
    n = sum(comb(m, size) for size in chosen)
    if n > MOST_SUBSETS:
        raise AnalysisProblem(f"{n} subsets are too many: choose fewer metrics or other sizes")
    return [subset for size in chosen for subset in combinations(range(m), size)]


def _task(inputs: Inputs, space: LogSpace, params: IndicatorParams) -> tuple[_Task, list[str]]:
    """The ideal point is that of all models of the table, also of those that a filter hides."""
    table, models = inputs.the_table(), chosen_models(inputs)
    notes: list[str] = []
    counted: Mask = table.model_mask.copy()
    failed = np.asarray(space.floored.any(axis=1) & table.model_mask)
    if params.transform == "default" and failed.any():
        counted[failed] = False
        names = ", ".join(table.keys[row] for row in np.flatnonzero(failed)[:10])
        notes.append(f"{int(failed.sum())} models have an error of zero and are left out: {names}")
    every = space.values[counted]
    if not np.isfinite(every).any(axis=0).all() or not counted[models].any():
        raise AnalysisProblem("a chosen metric has no value, or no model is left")
    models = models[counted[models]]
    ideal = np.nanmin(every, axis=0) - BELOW_BEST
    reference = _reference(table, space, every, params.reference)
    return _Task(space.values, ideal, reference, families_of(table, models), params), notes


def _reference(table: ErrorTable, space: LogSpace, every: Floats, choice: str) -> Floats:
    if choice == "nadir":
        return np.full(every.shape[1], np.nan)
    if choice == "worst":
        return np.asarray(np.nanmax(every, axis=0))
    rows = table.rows_of(RowRole.THRESHOLD)
    if not len(rows) or not np.isfinite(space.values[rows[0]]).all():
        raise AnalysisProblem("there is no row of thresholds for all of these metrics")
    return np.asarray(space.values[rows[0]])


def families_of(table: ErrorTable, models: Rows) -> dict[str, Rows]:
    """The rows of each family among the models, families in the order of the file."""
    if table.family is None:
        return {EVERYONE: models}
    of_row = np.array(table.families, object)
    mask = np.zeros(table.n_rows, bool)
    mask[models] = True
    names = dict.fromkeys(table.families[row] for row in models)
    return {name: from_mask(mask & (of_row == name)) for name in names}


def _subset_scores(
    task: _Task, subset: tuple[int, ...], progress: Progress
) -> Iterator[tuple[dict[str, Any], Rows]]:
    """The scores of each family that has a model with all values, and the rows of its front."""
    columns = list(subset)
    points = task.points[:, columns]
    known = np.asarray(np.isfinite(points).all(axis=1))
    members = {name: rows[known[rows]] for name, rows in task.families.items()}
    members = {name: rows for name, rows in members.items() if len(rows)}
    if not members:
        return
    fronts = {name: rows[non_dominated(points[rows])] for name, rows in members.items()}
    joined = points[np.concatenate(list(fronts.values()))]
    joint = joined[non_dominated(joined)]
    ideal = task.ideal[columns]
    given = task.reference[columns]
    reference = np.where(np.isnan(given), joined.max(axis=0), given)
    n_least = min(len(rows) for rows in members.values())
    for name, front in fronts.items():
        record = {"family": name, "n_metrics": len(subset), "n_models": len(members[name])}
        record["n_front"] = len(front)
        record |= _scores(points[front], ideal, reference, task.params.seed)
        record |= _equal_n(points[members[name]], ideal, n_least, record, task.params, progress)
        record |= _joint(points[front], joint)
        yield record, front


def _scores(front: Floats, ideal: Floats, reference: Floats, seed: int) -> dict[str, float]:
    below = of.ideal_volume(front, ideal, seed)
    usual = of.hypervolume(front, reference, seed)
    return {
        "hv": below.value,
        "igd": of.ideal_distance(front, ideal),
        "hv_error": below.error,
        "hypervolume": usual.value,
        "hypervolume_error": usual.error,
    }


def _equal_n(
    points: Floats,
    ideal: Floats,
    n: int,
    whole: Mapping[str, Any],
    params: IndicatorParams,
    progress: Progress,
) -> dict[str, float | None]:
    """Mean and deviation of hv and igd over samples of n models, drawn without repetition."""
    names = ("hv_equal_n", "hv_equal_n_std", "igd_equal_n", "igd_equal_n_std")
    if params.resamples == 0:
        return dict.fromkeys(names)
    if len(points) == n:
        return dict(zip(names, (whole["hv"], 0.0, whole["igd"], 0.0), strict=True))
    rng = np.random.default_rng((params.seed, len(points), n))
    found = np.empty((params.resamples, 2))
    for i in range(params.resamples):
        if progress.stopped:
            progress.step(0, 0)
        front = of.distinct_front(points[rng.choice(len(points), n, replace=False)])
        volume = of.ideal_volume(front, ideal, i, RESAMPLE_EXACT, RESAMPLE_SAMPLES)
        found[i] = volume.value, of.ideal_distance(front, ideal)
    mean, spread = found.mean(axis=0), found.std(axis=0)
    return dict(zip(names, (mean[0], spread[0], mean[1], spread[1]), strict=True))


def _joint(front: Floats, joint: Floats) -> dict[str, float]:
    return {
        "gd_joint": of.gd(front, joint),
        "igd_joint": of.igd(front, joint),
        "gd_plus_joint": of.gd_plus(front, joint),
        "igd_plus_joint": of.igd_plus(front, joint),
    }


def _columns(records: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """Family and metrics first."""
    if not records:
        raise AnalysisProblem("no model has a value for all of these metrics")
    names = ["family", "metrics", *(n for n in records[0] if n not in ("family", "metrics"))]
    return {name: [_plain(record[name]) for record in records] for name in names}


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def wins_of(
    records: list[dict[str, Any]], families: tuple[str, ...], m: int
) -> dict[str, list[Any]]:
    """The share of subsets where a family is best, and second, by each score; ties count for all.

    The subset of all m metrics counts only where there is no smaller one.
    """
    smaller = [record for record in records if record["n_metrics"] < m] or records
    subsets: dict[str, list[dict[str, Any]]] = {}
    for record in smaller:
        subsets.setdefault(record["metrics"], []).append(record)
    columns: dict[str, list[Any]] = {"family": list(families)}
    for score, better in BETTER.items():
        places = [_places(group, score, better) for group in subsets.values()]
        for place, word in ((0, better), (1, f"second_{better}")):
            won = [sum(p.get(name) == place for p in places) for name in families]
            known = any(places)
            columns[f"{score}_{word}"] = [n / len(places) if known else None for n in won]
    return columns


def _places(group: list[dict[str, Any]], score: str, better: str) -> dict[str, int]:
    """How many families are better than each."""
    values = {one["family"]: one[score] for one in group if one[score] is not None}
    sign = 1 if better == "lowest" else -1
    return {
        name: sum(sign * other < sign * value for other in values.values())
        for name, value in values.items()
    }


def _summary(
    table: ErrorTable,
    task: _Task,
    metrics: tuple[str, ...],
    subsets: list[tuple[int, ...]],
    records: list[dict[str, Any]],
) -> dict[str, Any]:
    whole = [one for one in records if one["n_metrics"] == len(metrics)]
    best = min(whole, key=lambda one: float(one["hv"]), default=None)
    return {
        "n_models": int(sum(len(rows) for rows in task.families.values())),
        "n_total": table.n_models,
        "n_families": len(task.families),
        "n_metrics": len(metrics),
        "n_subsets": len(subsets),
        "lowest_hv": best["family"] if best else None,
    }


def _remarks(task: _Task, records: list[dict[str, Any]]) -> Iterator[str]:
    yield (
        "hv and igd: volume and distance between the ideal point and the front in log10 space, "
        "lower is better; hv is not Pareto-compliant ({(2, 2)} alone has a lower one than "
        "{(1, 4), (2, 2), (4, 1)}), hypervolume is"
    )
    sizes = [len(rows) for rows in task.families.values()]
    if min(sizes) < max(sizes):
        yield (
            f"families have {min(sizes)} to {max(sizes)} models, and larger ones reach lower "
            f"errors by number alone: see the columns equal_n"
        )
    if any(record["hv_error"] for record in records):
        yield (
            f"volumes in more than {of.EXACT_UP_TO} dimensions are by chance, seeded: hv_error is "
            "their standard error"
        )


def with_score(_inputs: Inputs, _params: IndicatorParams, result: Result) -> Result:
    """The result for another drawn score: it holds all of them."""
    return result


ANALYSIS = Analysis(
    name="indicators",
    title="Front scores",
    about="How near the fronts of the families are to the best: volumes and distances.",
    needs=(Needs.TABLE,),
    params=IndicatorParams,
    run=run,
    plots=MappingProxyType(
        {"Scores": draw_scores, "Scores of all": draw_whole, "Share of subsets won": draw_wins}
    ),
    adjustable=("score",),
    adjust=with_score,
)
