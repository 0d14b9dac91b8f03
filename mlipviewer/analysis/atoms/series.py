"""Values of whole frames along a trajectory: energy, temperature, time ..."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Params, Result, param
from mlipviewer.core.plot import Array, Axis, Cursor, Line, Plot, Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Trajectory

ENERGIES = ("energy", "free_energy", "REF_energy", "PotEng", "TotEng")
TIMES = ("Time", "time", "t")
UNITS = {
    **dict.fromkeys(ENERGIES, "eV"),
    "Temperature": "K",
    "temperature": "K",
    "Pressure": "GPa",
}
NOT_FOLLOWED = frozenset({"Timestep", "timestep", "step", "Step", *TIMES})
REPORT_EVERY = 64


@dataclass(frozen=True)
class SeriesParams(Params):
    quantity: str = param("", "value to follow; the energy, else the first number")


def run(inputs: Inputs, params: SeriesParams, progress: Progress) -> Result:
    """Every number that the frames carry as a whole, and the one that is asked for.

    Summary: n_frames, quantity, n_missing, minimum, maximum, mean. Table `series`: frame (from 0 in
    the chosen slice) and one column for each number, NaN where a frame has none. Arrays: `x` (time,
    else frame), `y` (n_frames,). Raises AnalysisProblem, ReadProblem, Cancelled.
    """
    trajectory = inputs.the_trajectory()
    columns = read_series(trajectory, progress)
    quantity = _chosen(columns, params.quantity, trajectory)
    y = columns[quantity]
    good = y[np.isfinite(y)]
    time = next((name for name in TIMES if name in columns and name != quantity), "")
    x = columns[time] if time else np.arange(trajectory.n_frames, dtype=float)
    units = {name: UNITS[name] for name in columns if name in UNITS}
    if time:
        units[time] = _time_unit(trajectory, time)
    return Result(
        summary={
            "n_frames": trajectory.n_frames,
            "quantity": quantity,
            "n_missing": len(y) - len(good),
            "minimum": float(good.min()) if good.size else None,
            "maximum": float(good.max()) if good.size else None,
            "mean": float(good.mean()) if good.size else None,
        },
        tables={"series": {"frame": list(range(trajectory.n_frames)), **_lists(columns)}},
        units=MappingProxyType(units),
        arrays={"x": x, "y": y},
        names=(time, quantity),
    )


def read_series(trajectory: Trajectory, progress: Progress) -> dict[str, Array]:
    """(n_frames,) floats by name, for each name that is a number in some frame."""
    n = trajectory.n_frames
    columns: dict[str, Array] = {}
    for index in range(n):
        if index % REPORT_EVERY == 0:
            progress.step(index, n)
        for name, value in trajectory.info(index).items():
            number = as_number(value)
            if number is not None:
                columns.setdefault(name, np.full(n, np.nan))[index] = number
    return columns


def as_number(value: object) -> float | None:
    """A scalar as float; None for text, truth values and arrays."""
    if isinstance(value, bool | np.bool_):
        return None
    if isinstance(value, int | float | np.integer | np.floating):
        return float(value)
    if isinstance(value, np.ndarray) and value.ndim == 0 and value.dtype.kind in "iuf":
        return float(value)
    return None


def _chosen(columns: Mapping[str, Array], asked: str, trajectory: Trajectory) -> str:
    if asked:
        if asked not in columns:
            known = ", ".join(columns) or "none"
            raise AnalysisProblem(f"the frames have no number {asked!r}; known: {known}")
        return asked
    if not columns:
        raise AnalysisProblem(f"the frames of {trajectory.name} carry no numbers")
    lower = {name.lower(): name for name in reversed(tuple(columns))}
    wanted = [lower[name.lower()] for name in ENERGIES if name.lower() in lower]
    others = [name for name in columns if name not in NOT_FOLLOWED]
    return next(iter((*wanted, *others, *columns)))


def _time_unit(trajectory: Trajectory, name: str) -> str:
    """The unit that the frames state beside the time; fs is ours, but is not assumed here."""
    for key in (f"{name}_unit", f"{name}_units"):
        unit = trajectory.info(0).get(key) if trajectory.n_frames else None
        if isinstance(unit, str):
            return unit
    return ""


def _lists(columns: Mapping[str, Array]) -> dict[str, Sequence[Any]]:
    return {
        (name if name != "frame" else "frame (of the file)"): values.tolist()
        for name, values in columns.items()
    }


def draw(_inputs: Inputs, _params: SeriesParams, result: Result) -> Plot:
    """The chosen quantity over time where the frames say it, else over frames."""
    time, quantity = result.names
    x, y = result.arrays["x"], result.arrays["y"]
    frames = np.arange(len(y), dtype=np.int32)
    drawn = np.isfinite(x) & np.isfinite(y)
    if not time:
        x = x + 1  # in views frames count from 1, as in messages about files
    line = Line(x[drawn], y[drawn], quantity, rows=frames[drawn], space=Space.FRAME)
    missing = len(y) - int(drawn.sum())
    return Plot(
        title=quantity,
        x=Axis(_titled(time, result.units)) if time else Axis("frame number", whole=True),
        y=Axis(_titled(quantity, result.units)),
        marks=(line, Cursor(0.0)),
        status=f"{len(y) - missing} shown / {len(y)} frames / {missing} missing",
        empty="" if drawn.any() else f"No frame has a value of {quantity}.",
    )


def _titled(name: str, units: Mapping[str, str]) -> str:
    unit = units.get(name, "")
    return f"{name} ({unit})" if unit else name


ANALYSIS = Analysis(
    name="series",
    title="Series",
    about="A value of whole frames, such as the energy, along a trajectory.",
    needs=(Needs.TRAJECTORY,),
    params=SeriesParams,
    run=run,
    plots=MappingProxyType({"Series": draw}),
)
