"""Chosen atoms over time: the mean of a per-atom column along a trajectory."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from mlipviewer.analysis.methods.times import TIME, along, time_column, time_of, time_units
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Params, Result, param
from mlipviewer.core.frames import unit_of
from mlipviewer.core.plot import Array, Axis, Cursor, Line, Plot, Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import member
from mlipviewer.core.trajectory import Frame

HEIGHT = "z"


@dataclass(frozen=True)
class AtomSeriesParams(Params):
    column: str = param("", "column to average; the height z where there is none of that name")


def run(inputs: Inputs, params: AtomSeriesParams, progress: Progress) -> Result:
    """Mean, smallest and largest value of a column over the chosen atoms in each frame.

    Vectors count by their norm. Atoms are followed by their ids; a frame without any of them has
    NaN. Summary: n_frames, n_atoms, column. Table `series`: frame, time (ps, where it is known),
    mean, minimum, maximum, n_atoms.
    Raises AnalysisProblem, ReadProblem, Cancelled.
    """
    trajectory = inputs.the_trajectory()
    if inputs.atoms is None or len(inputs.atoms) == 0:
        raise AnalysisProblem("no atoms are chosen")
    n = trajectory.n_frames
    found = np.full((n, 3), np.nan)
    counts, times = np.zeros(n, int), np.full(n, np.nan)
    first = trajectory.frame(0)
    column = usable_column(first, params.column)
    from_file = column in first.columns
    unit = unit_of(first, column, per_atom=True)[0] if from_file else "Å"
    for index in range(n):
        progress.step(index, n)
        frame = trajectory.frame(index)
        own = member(frame.atom_ids, inputs.atoms)
        values = atom_values(frame, column)[own]
        counts[index], times[index] = own.sum(), time_of(trajectory, index, frame)
        if np.isfinite(values).any():
            found[index] = np.nanmean(values), np.nanmin(values), np.nanmax(values)
    mean, low, high = found.T
    return Result(
        summary={"n_frames": n, "n_atoms": len(inputs.atoms), "column": column},
        tables={
            "series": {
                "frame": list(range(n)),
                **time_column(times),
                "mean": mean.tolist(),
                "minimum": low.tolist(),
                "maximum": high.tolist(),
                "n_atoms": counts.tolist(),
            }
        },
        units={
            **(dict.fromkeys(("mean", "minimum", "maximum"), unit) if unit else {}),
            **time_units(times),
        },
        arrays={"mean": mean, "low": low, "high": high, TIME: times},
        names=(column,),
    )


def usable_column(frame: Frame, wanted: str) -> str:
    """The wanted column where it holds numbers, else `z`."""
    values = frame.columns.get(wanted)
    return wanted if values is not None and values.dtype.kind in "iufb" else HEIGHT


def atom_values(frame: Frame, column: str) -> Array:
    """(n,) numbers of a column, vectors by their norm; NaN where the frame lacks it."""
    if column == HEIGHT and column not in frame.columns:
        return frame.positions[:, 2]
    values = frame.columns.get(column)
    if values is None:
        return np.full(frame.n_atoms, np.nan)
    values = np.asarray(values, float)
    return values if values.ndim == 1 else np.linalg.norm(values, axis=1)


def draw(_inputs: Inputs, _params: AtomSeriesParams, result: Result) -> Plot:
    """The mean with the smallest and largest value around it; vertices are frames."""
    column, unit = result.names[0], result.units.get("mean", "")
    mean = result.arrays["mean"]
    frames = np.arange(len(mean), dtype=np.int32)
    x, axis = along(frames, result.arrays[TIME])
    lines = (
        Line(x, result.arrays["low"], "minimum", width=0.75, dashed=True, colour=7),
        Line(x, result.arrays["high"], "maximum", width=0.75, dashed=True, colour=7),
        Line(x, mean, f"mean {column}", rows=frames, space=Space.FRAME),
    )
    n = result.summary["n_atoms"]
    missing = int(np.isnan(mean).sum())
    return Plot(
        title=f"{column} of {n} selected atom{'' if n == 1 else 's'}: mean, minimum, maximum",
        x=axis,
        y=Axis(f"{column} ({unit})" if unit else column),
        marks=(*lines, Cursor(0.0)),
        status=f"{len(mean) - missing} shown / {len(mean)} frames / {missing} missing",
    )


ANALYSIS = Analysis(
    name="atom-series",
    title="Selected atoms",
    about="The mean of a per-atom column over chosen atoms, along a trajectory.",
    needs=(Needs.TRAJECTORY, Needs.ATOMS),
    params=AtomSeriesParams,
    run=run,
    plots=MappingProxyType({"Selected atoms": draw}),
)
