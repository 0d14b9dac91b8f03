"""Values of whole frames along a trajectory: energy, temperature, time ..."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.analysis.methods.times import in_order
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Params, Result, param
from mlipviewer.core.frames import unit_of
from mlipviewer.core.plot import Array, Axis, Cursor, Line, Plot, Space
from mlipviewer.core.problem import QueryProblem
from mlipviewer.core.progress import Progress
from mlipviewer.core.query import calculated
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
OF_FILE = " (of the file)"  # said of a column that would have the name of our own


VALUES, NORMALISED = "values", "normalised"
APART = re.compile(r"(?:`[^`]*`|[^,`])+")  # what stands between commas, not those in backticks


@dataclass(frozen=True)
class SeriesParams(Params):
    quantity: str = param(
        "",
        "values to follow, with commas between: names or calculations such as"
        " energy / 64; the energy, else the first number",
    )
    scale: str = param(
        VALUES,
        "several curves as they are, or each from 0 to 1 over its own range",
        choices=(VALUES, NORMALISED),
    )


def run(inputs: Inputs, params: SeriesParams, progress: Progress) -> Result:
    """Every number that the frames carry as a whole, and those that are asked for.

    Summary, of the first one asked for: n_frames, quantity, n_missing, minimum, maximum, mean.
    Table `series`: frame (from 0 in the chosen slice) and one column for each number, NaN where a
    frame has none. Arrays: (n_frames,) by name; names: that of the time ('' without one), then of
    what is followed. Raises AnalysisProblem, ReadProblem, Cancelled.
    """
    trajectory = inputs.the_trajectory()
    columns = read_series(trajectory, progress)
    if not columns:
        raise AnalysisProblem(f"the frames of {trajectory.name} carry no numbers")
    table: dict[str, Sequence[Any]] = {"frame": list(range(trajectory.n_frames)), **_lists(columns)}
    first = trajectory.frame(0)
    units = {name: UNITS[name] for name in columns if name in UNITS}
    said = {name: unit_of(first, name, per_atom=False) for name in columns}
    units |= {name: unit for name, (unit, _) in said.items() if unit}
    for name in TIMES:
        if name in columns and (unit := _time_unit(trajectory, name)):
            units[name] = unit
    return _followed(columns, table, units, params)


def follow(_inputs: Inputs, params: SeriesParams, known: Result) -> Result:
    """The result for other quantities of the same frames. Raises AnalysisProblem."""
    read = [name for name in known.tables["series"] if name != "frame"]
    columns = {name: known.arrays[name.removesuffix(OF_FILE)] for name in read}
    columns = {name.removesuffix(OF_FILE): values for name, values in columns.items()}
    return _followed(columns, known.tables["series"], known.units, params)


def _followed(
    columns: Mapping[str, Array],
    table: Mapping[str, Sequence[Any]],
    units: Mapping[str, str],
    params: SeriesParams,
) -> Result:
    chosen = _chosen(columns, params.quantity)
    first = next(iter(chosen))
    y = chosen[first]
    good = y[np.isfinite(y)]
    named = (name for name in TIMES if name in columns and name not in chosen)
    time = next((name for name in named if in_order(columns[name])), "")
    return Result(
        summary={
            "n_frames": len(y),
            "quantity": first,
            "n_missing": len(y) - len(good),
            "minimum": float(good.min()) if good.size else None,
            "maximum": float(good.max()) if good.size else None,
            "mean": float(good.mean()) if good.size else None,
        },
        tables={"series": table},
        units=MappingProxyType(dict(units)),
        arrays={**columns, **chosen},
        names=(time, *chosen),
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


def _chosen(columns: Mapping[str, Array], asked: str) -> dict[str, Array]:
    """By name, what is asked for."""
    parts = [part.strip() for part in APART.findall(asked)]
    names = [part for part in parts if part] or [usual_quantity(columns)]
    return {name: _values_of(columns, name) for name in names}


def _values_of(columns: Mapping[str, Array], asked: str) -> Array:
    found = columns.get(asked)
    if found is not None:
        return found
    try:
        return calculated(asked, columns, len(next(iter(columns.values()))))
    except QueryProblem as problem:
        known = ", ".join(columns)
        raise AnalysisProblem(f"{asked!r}: {problem.reason}; known: {known}") from None


def usual_quantity(columns: Mapping[str, Array]) -> str:
    """The energy, else the first number that is no time."""
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
        (name if name != "frame" else f"frame{OF_FILE}"): values.tolist()
        for name, values in columns.items()
    }


def draw(_inputs: Inputs, params: SeriesParams, result: Result) -> Plot:
    """The chosen quantities over time where the frames say it, else over frames."""
    time, *chosen = result.names
    first = result.arrays[chosen[0]]
    # in views frames count from 1, as in messages about files
    x = result.arrays[time] if time else np.arange(1, len(first) + 1, dtype=float)
    normalised = params.scale == NORMALISED and len(chosen) > 1
    lines = tuple(
        _line(x, result.arrays[name], name, number, result.units if len(chosen) > 1 else {})
        for number, name in enumerate(chosen)
    )
    if normalised:
        lines = tuple(_normalised(line) for line in lines)
    shown = max(len(line.x) for line in lines)
    return Plot(
        title=", ".join(chosen),
        x=Axis(_titled("time", {"time": result.units.get(time, "")}))
        if time
        else Axis("frame number", whole=True),
        y=Axis("share" if normalised else _joint_title(chosen, result.units)),
        marks=(*lines, Cursor(0.0)),
        status=f"{shown} shown / {len(first)} frames / {len(first) - shown} missing",
        empty="" if shown else f"No frame has a value of {', '.join(chosen)}.",
    )


def _line(x: Array, y: Array, name: str, number: int, units: Mapping[str, str]) -> Line:
    drawn = np.isfinite(x) & np.isfinite(y)
    rows = np.flatnonzero(drawn).astype(np.int32)
    title = _titled(name, units)
    return Line(
        x[drawn], y[drawn], title, rows=rows, space=Space.FRAME, colour=number, pattern=number
    )


def _normalised(line: Line) -> Line:
    """From 0 to 1; the name says the range that this stands for."""
    if not len(line.y):
        return line
    low, high = float(line.y.min()), float(line.y.max())
    y = (line.y - low) / (high - low) if high > low else np.full(len(line.y), 0.5)
    return replace(line, y=y, name=f"{line.name}: {low:.6g} to {high:.6g}")


def _joint_title(names: Sequence[str], units: Mapping[str, str]) -> str:
    """The name of one curve; of several the unit, where it is the same."""
    if len(names) == 1:
        return _titled(names[0], units)
    found = {units.get(name, "") for name in names}
    return found.pop() if len(found) == 1 else ""


def _titled(name: str, units: Mapping[str, str]) -> str:
    unit = units.get(name, "")
    return f"{name} ({unit})" if unit else name


ANALYSIS = Analysis(
    name="series",
    title="Series",
    about="Values of whole frames, such as the energy, along a trajectory.",
    needs=(Needs.TRAJECTORY,),
    params=SeriesParams,
    run=run,
    plots=MappingProxyType({"Series": draw}),
    adjustable=("quantity", "scale"),
    adjust=follow,
)
