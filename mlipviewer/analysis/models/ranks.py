"""The Pareto rank of every model: on the front, on the front of the rest, and so on; and how many
models dominate it."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from mlipviewer.analysis.methods.chosen import (
    chosen_metrics,
    chosen_models,
    of_rows,
    to_minimise,
)
from mlipviewer.analysis.methods.fronts import Ranks, front_layers
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Params, Result, param
from mlipviewer.core.plot import Axis, Plot, Points, Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.table import Floats

BLOCK = 256  # models that are compared with all others at a time


@dataclass(frozen=True)
class RankParams(Params):
    metrics: tuple[str, ...] = param(
        (), "errors to minimise; `all`, or the first two when none is named", names="metrics"
    )
    category: str = param("", "take all errors of this category", names="category")


def run(inputs: Inputs, params: RankParams, progress: Progress) -> Result:
    """Ranks of the models with a value in every chosen metric. Raises AnalysisProblem, Cancelled.

    b dominates a iff b is nowhere worse and somewhere better. Rank 1 is the front, rank 2 the front
    of the rest. Summary: n_models, n_missing, n_metrics, n_front, n_ranks. Table `ranks`, the best
    first: model, family, rank, on_front, dominated_by. Columns rank, on_front, dominated_by.
    """
    table, models = inputs.the_table(), chosen_models(inputs)
    progress.step(0, 2)
    metrics = chosen_metrics(table, params.metrics, params.category, default=2)
    points = to_minimise(table, metrics)
    rows = models[np.isfinite(points[models]).all(axis=1)]
    if not len(rows):
        raise AnalysisProblem("no model has a value in all of the chosen errors")
    rank = front_layers(points[rows], len(rows), True, progress)
    dominated = n_dominators(points[rows], progress)
    order = np.lexsort((dominated, rank))
    return Result(
        summary={
            "n_models": len(models),
            "n_missing": len(models) - len(rows),
            "n_metrics": len(metrics),
            "n_front": int((rank == 1).sum()),
            "n_ranks": int(rank.max()),
        },
        tables={
            "ranks": {
                "model": [table.keys[row] for row in rows[order]],
                "family": [table.families[row] for row in rows[order]],
                "rank": rank[order].tolist(),
                "on_front": (rank[order] == 1).tolist(),
                "dominated_by": dominated[order].tolist(),
            }
        },
        arrays={"rows": np.asarray(rows), "rank": rank, "dominated_by": dominated},
        names=metrics,
        columns={
            "rank": of_rows(table, rows, rank),
            "on_front": of_rows(table, rows, rank == 1),
            "dominated_by": of_rows(table, rows, dominated),
        },
    )


def n_dominators(points: Floats, progress: Progress) -> Ranks:
    """(n,) how many rows of (n, d) dominate each, smaller being better. Raises Cancelled."""
    columns = [np.unique(column, return_inverse=True)[1].astype(np.int32) for column in points.T]
    n = len(points)
    found = np.zeros(n, np.int32)
    for start in range(0, n, BLOCK):
        progress.step(start, n)
        part = slice(start, start + BLOCK)
        nowhere_worse = np.ones((n, len(found[part])), bool)
        equal = nowhere_worse.copy()
        for column in columns:
            nowhere_worse &= column[:, None] <= column[None, part]
            equal &= column[:, None] == column[None, part]
        found[part] = (nowhere_worse & ~equal).sum(axis=0)
    return found


def draw(inputs: Inputs, _params: RankParams, result: Result) -> Plot:
    """The rank of each model against the number of models that dominate it."""
    table, rows = inputs.the_table(), result.arrays["rows"]
    rank, dominated = result.arrays["rank"], result.arrays["dominated_by"]
    families = tuple(dict.fromkeys(table.families[row] for row in table.models))
    number = {name: i for i, name in enumerate(families)}
    points = Points(
        x=dominated.astype(float),
        y=rank.astype(float),
        rows=rows,
        space=Space.MODEL,
        group=np.array([number[table.families[row]] for row in rows], np.int32),
        group_names=families if table.family else (),
        labels=tuple(
            f"{table.keys[row]}: rank {r}, dominated by {n}"
            for row, r, n in zip(rows.tolist(), rank.tolist(), dominated.tolist(), strict=True)
        ),
    )
    found = result.summary
    return Plot(
        title=f"Pareto ranks in {len(result.names)} errors",
        x=Axis("dominated by (models)", whole=True),
        y=Axis("rank (1: the front)", whole=True),
        marks=(points,),
        status=(
            f"front of {found['n_front']} / {len(rows)} ranked / {found['n_models']} models / "
            f"{found['n_missing']} missing"
        ),
    )


ANALYSIS = Analysis(
    name="ranks",
    title="Pareto ranks",
    about="The Pareto rank of every model, and how many models dominate it.",
    needs=(Needs.TABLE,),
    params=RankParams,
    run=run,
    plots=MappingProxyType({"Pareto ranks": draw}),
    columns=MappingProxyType(
        {
            "rank": "Pareto rank: 1 on the front, 2 on the front of the rest, ...",
            "on_front": "1 on the Pareto front, else 0",
            "dominated_by": "how many models are nowhere worse and somewhere better",
        }
    ),
)
