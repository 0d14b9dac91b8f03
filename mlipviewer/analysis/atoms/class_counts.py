"""How many atoms the user's own classes have, along a trajectory."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.analysis.frames.rules import COMPUTATION, RulesParams
from mlipviewer.analysis.methods.class_areas import (
    COUNTS,
    FRACTIONS,
    ON_FRAMES,
    ON_TIME,
    class_areas,
    x_axis,
)
from mlipviewer.analysis.methods.class_rules import classes_of, left_out, read_rules
from mlipviewer.analysis.methods.times import TIME, time_units, times_of
from mlipviewer.core.analysis import Analysis, Inputs, Needs, Result, param
from mlipviewer.core.computation import over_frames
from mlipviewer.core.plot import Array, Axis, Cursor, Plot
from mlipviewer.core.progress import Progress


@dataclass(frozen=True)
class ClassCountsParams(RulesParams):
    show: str = param(COUNTS, "areas of counts or of shares", choices=(COUNTS, FRACTIONS))
    along: str = param(
        ON_TIME, "x axis: the time where it is known, or frames", choices=(ON_TIME, ON_FRAMES)
    )
    every: int = param(1, "look at every so many frames", low=1, high=1_000_000)


def run(inputs: Inputs, params: ClassCountsParams, progress: Progress) -> Result:
    """Classes of all atoms in all frames by rules; those in parentheses are not counted.

    Summary: n_frames, n_classes, n_left_out (in the last frame), and the share of each class in the
    first and last frame. Table `counts`: frame (from 0), time (ps, where known), class, count,
    fraction (of the counted atoms of the frame). Raises AnalysisProblem, ReadProblem, Cancelled.
    """
    trajectory = inputs.the_trajectory()
    rules = read_rules(params.rules)
    classes, _ = classes_of(rules)
    frames = range(0, trajectory.n_frames, params.every)
    asked = RulesParams(params.rules, params.among, params.deviation)
    found = over_frames(inputs, COMPUTATION, asked, frames, progress)
    counts = [np.bincount(one.columns["rules"], minlength=len(classes)) for one in found]
    table = np.array(counts, np.int64).reshape(len(frames), len(classes))
    kept = [i for i, name in enumerate(classes) if name not in left_out(rules)]
    kept = [i for i in kept if table[:, i].any() or classes[i] != "other"]
    names = tuple(classes[i] for i in kept)
    times = times_of(trajectory, frames)
    return _result(np.array(frames), times, table[:, kept], table.sum(axis=1), names)


def _result(
    frames: Array, times: Array, counts: Array, totals: Array, names: tuple[str, ...]
) -> Result:
    counted = counts.sum(axis=1)
    fractions = counts / np.maximum(counted, 1)[:, None]
    k = len(names)
    table: dict[str, Any] = {"frame": np.repeat(frames, k).tolist()}
    if np.isfinite(times).all():
        table["time"] = np.repeat(times, k).tolist()
    table |= {
        "class": list(names) * len(frames),
        "count": counts.ravel().tolist(),
        "fraction": fractions.ravel().tolist(),
    }
    ends = {
        f"{name}_{when}": round(float(fractions[at, i]), 6)
        for i, name in enumerate(names)
        for when, at in (("first", 0), ("last", -1))
        if len(frames)
    }
    out = int(totals[-1] - counted[-1]) if len(frames) else 0
    return Result(
        summary={"n_frames": len(frames), "n_classes": k, "n_left_out": out, **ends},
        tables={"counts": table},
        units=time_units(times),
        arrays={"frames": frames, TIME: times, "counts": counts},
        names=names,
    )


def draw(_inputs: Inputs, params: ClassCountsParams, result: Result) -> Plot:
    """Areas of the classes upon each other."""
    arrays = result.arrays
    x, axis = x_axis(params.along, arrays)
    areas = class_areas(x, arrays["frames"], arrays["counts"], result.names, params.show)
    return Plot(
        title="Classes by rules",
        x=axis,
        y=Axis("atoms" if params.show == COUNTS else "atoms (%)"),
        marks=(areas, Cursor(0.0)),
        status=f"{len(x)} frames / {int(arrays['counts'][-1].sum()) if len(x) else 0} atoms counted"
        f" / {result.summary['n_left_out']} left out",
    )


ANALYSIS = Analysis(
    name="class-counts",
    title="Classes by rules",
    about="How many atoms each class of your own rules has, along a trajectory.",
    needs=(Needs.TRAJECTORY,),
    params=ClassCountsParams,
    run=run,
    plots=MappingProxyType({"Counts": draw}),
    picture=("show", "along"),
)
