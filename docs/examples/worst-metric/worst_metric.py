"""A plug-in in one file: the metric in which each model is worst, against the median model."""

from dataclasses import dataclass

import numpy as np

from mlipviewer.core.analysis import (
    Analysis,
    AnalysisProblem,
    Inputs,
    Needs,
    Params,
    Result,
    param,
)
from mlipviewer.core.extension import ColourMap
from mlipviewer.core.plot import Axis, Plot, Points, Space
from mlipviewer.core.progress import Progress


@dataclass(frozen=True)
class WorstParams(Params):
    metrics: tuple[str, ...] = param((), "metrics to compare; all when empty", names="metrics")


def run(inputs: Inputs, params: WorstParams, progress: Progress) -> Result:
    """The largest ratio of an error to the median of its metric, and which metric that is."""
    table = inputs.the_table()
    rows = table.models if inputs.models is None else inputs.models
    names = table.select_metrics(params.metrics)
    ratios = []
    for done, name in enumerate(names):
        progress.step(done, len(names))
        errors = table.metric(name)[rows]
        median = np.nanmedian(errors)
        if not median > 0:
            raise AnalysisProblem(f"the median of {name} is not positive")
        ratios.append(errors / median)
    every = np.nan_to_num(np.array(ratios), nan=-np.inf)
    worst = every.argmax(axis=0)
    ratio = every.max(axis=0)
    found = {
        "model": [table.keys[row] for row in rows],
        "metric": [names[place] for place in worst],
        "ratio": ratio.tolist(),
    }
    return Result(
        {"n_models": len(rows), "largest": float(ratio.max())},
        {"worst": found},
        arrays={"rows": np.asarray(rows), "metric": worst, "ratio": ratio},
        names=tuple(names),
    )


def draw(_inputs: Inputs, _params: WorstParams, result: Result) -> Plot:
    """Models by their worst metric: a click selects the model everywhere."""
    ratio, metric = result.arrays["ratio"], result.arrays["metric"]
    points = Points(
        metric.astype(float),
        ratio,
        result.arrays["rows"],
        Space.MODEL,
        labels=tuple(result.tables["worst"]["model"]),
    )
    ticks = tuple((float(place), name) for place, name in enumerate(result.names))
    return Plot(
        "Worst metric",
        Axis("metric", ticks=ticks),
        Axis("error / median", log=True),
        (points,),
        f"{len(ratio)} models",
    )


ANALYSIS = Analysis(
    name="worst-metric",
    title="Worst metric",
    about="The metric in which each model is worst, against the median of all models.",
    needs=(Needs.TABLE,),
    params=WorstParams,
    run=run,
    plots={"Worst metric": draw},
)

RUST = ColourMap("rust", ((0.12, 0.05, 0.03), (0.55, 0.2, 0.08), (0.9, 0.5, 0.2), (1.0, 0.93, 0.8)))
