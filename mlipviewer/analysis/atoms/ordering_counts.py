"""How many atoms are in L1_0, L1_2, L1_1 or B2, along a trajectory."""

from __future__ import annotations

from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.analysis.frames.ordering import COMPUTATION, OrderingParams
from mlipviewer.analysis.methods.class_areas import (
    COUNTS,
    FRACTIONS,
    ON_FRAMES,
    ON_TIME,
    class_areas,
    x_axis,
)
from mlipviewer.analysis.methods.ordered_templates import CLASSES, L1_0, LEFT_OUT
from mlipviewer.analysis.methods.temperatures import kelvin_of_frames
from mlipviewer.analysis.methods.times import TIME, time_column, time_units, times_of
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Result, param
from mlipviewer.core.computation import over_frames
from mlipviewer.core.plot import Array, Axis, Cursor, Plot
from mlipviewer.core.progress import Progress

ORDERED, PLAIN = range(L1_0, LEFT_OUT), range(L1_0)


@dataclass(frozen=True)
class OrderingCountsParams(OrderingParams):
    show: str = param(FRACTIONS, "areas of counts or of shares", choices=(COUNTS, FRACTIONS))
    along: str = param(
        ON_TIME, "x axis: the time where it is known, or frames", choices=(ON_TIME, ON_FRAMES)
    )
    every: int = param(1, "look at every so many frames", low=1, high=1_000_000)


def run(inputs: Inputs, params: OrderingCountsParams, progress: Progress) -> Result:
    """The classes of the column `ordering` counted in all frames.

    Summary: n_frames, n_atoms (that take part, in the last frame), and the share of each class in
    the first and last frame. Table `counts`: frame, time (ps) and temperature (K) where known,
    and the number of atoms of each class. Raises AnalysisProblem, ReadProblem, Cancelled.
    """
    trajectory = inputs.the_trajectory()
    frames = range(0, trajectory.n_frames, params.every)
    if not frames:
        raise AnalysisProblem(f"{trajectory.name} has no frames")
    own = {field.name: getattr(params, field.name) for field in fields(OrderingParams)}
    found = over_frames(inputs, COMPUTATION, OrderingParams(**own), frames, progress)
    whole = np.array([np.bincount(one.columns["ordering"], minlength=len(CLASSES))
                      for one in found])  # fmt: skip
    kept = [i for i in (*ORDERED, *PLAIN) if whole[:, i].any()]
    names, counts = tuple(CLASSES[i] for i in kept), whole[:, kept]
    times, kelvin = times_of(trajectory, frames), kelvin_of_frames(trajectory, frames)
    table: dict[str, list[Any]] = {"frame": list(frames), **time_column(times)}
    if np.isfinite(kelvin).any():
        table["temperature"] = kelvin.tolist()
    table |= {name: counts[:, i].tolist() for i, name in enumerate(names)}
    shares = counts / np.maximum(counts.sum(axis=1), 1)[:, None]
    ends = {
        f"{name}_{when}": round(float(shares[at, i]), 6)
        for i, name in enumerate(names)
        for when, at in (("first", 0), ("last", -1))
    }
    return Result(
        summary={"n_frames": len(frames), "n_atoms": int(counts[-1].sum()), **ends},
        tables={"counts": table},
        units={**time_units(times), "temperature": "K"},
        arrays={"frames": np.array(frames), TIME: times, "counts": counts},
        names=names,
    )


def draw(_inputs: Inputs, params: OrderingCountsParams, result: Result) -> Plot:
    """Areas of the ordered structures upon each other."""
    arrays: dict[str, Array] = dict(result.arrays)
    x, axis = x_axis(params.along, arrays)
    areas = class_areas(x, arrays["frames"], arrays["counts"], result.names, params.show)
    return Plot(
        title="Chemical ordering",
        x=axis,
        y=Axis("atoms" if params.show == COUNTS else "atoms (%)"),
        marks=(areas, Cursor(0.0)),
        status=f"{len(x)} frames / {result.summary['n_atoms']} atoms",
    )


ANALYSIS = Analysis(
    name="ordering-counts",
    title="Ordering over time",
    about="How many atoms are in L1_0, L1_2, L1_1 or B2, along a trajectory.",
    needs=(Needs.TRAJECTORY,),
    params=OrderingCountsParams,
    run=run,
    plots=MappingProxyType({"Counts": draw}),
    picture=("show", "along"),
)
