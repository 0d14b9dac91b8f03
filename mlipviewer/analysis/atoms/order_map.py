"""The atoms of a frame in a map of two order parameters: q4 and q6, or any two columns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from mlipviewer.analysis.frames.rules import RulesParams, names_of
from mlipviewer.analysis.methods.neighbourhood import AMONG, taking_part
from mlipviewer.core.analysis import (
    Analysis,
    AnalysisProblem,
    Command,
    Inputs,
    Needs,
    Params,
    Result,
    param,
)
from mlipviewer.core.plot import Array, Axis, Line, Plot, Points, Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import Rows, member
from mlipviewer.core.terms import written_name


@dataclass(frozen=True)
class OrderMapParams(Params):
    x: str = param("averaged_q4", "a column, also one that is not computed yet")
    y: str = param("averaged_q6", "another")
    classes: str = param("", "a column of classes that colours the points; none when empty")
    among: str = param("", AMONG)
    frame: int = param(0, "the frame, counted from 0", low=0, names="shown")
    region: str = param("", "a region as x0, x1, y0, y1: drawn, and told as a condition")


def run(inputs: Inputs, params: OrderMapParams, progress: Progress) -> Result:
    """Two columns of the atoms of one frame.

    Summary: n_atoms, and of both columns mean and std; with a region n_inside and condition, which
    a rule or a filter can use. Table `atoms`: id, x, y. Raises AnalysisProblem, ReadProblem ...
    """
    progress.step(0, 1)
    trajectory = inputs.the_trajectory()
    if not 0 <= params.frame < trajectory.n_frames:
        raise AnalysisProblem(
            f"there are {trajectory.n_frames} frames, no frame {params.frame + 1}"
        )
    frame = trajectory.frame(params.frame)
    rows = taking_part(frame, params.among)
    names = names_of(frame, RulesParams(among=params.among))
    x, y = (_numbers(names, one)[rows] for one in (params.x, params.y))
    good = np.isfinite(x) & np.isfinite(y)
    ids = frame.atom_ids[rows][good]
    x, y, order = x[good], y[good], np.argsort(ids, kind="stable")
    arrays = {"id": ids[order], "x": x[order], "y": y[order]}
    classes: tuple[str, ...] = ()
    if params.classes:
        called = _column(names, params.classes)[rows][good][order].astype(str)
        different, arrays["group"] = np.unique(called, return_inverse=True)
        classes = tuple(different.tolist())
    told = {f"{stat}_{axis}": _rounded(getattr(np, stat), arrays[axis])
            for axis in "xy" for stat in ("mean", "std")}  # fmt: skip
    return Result(
        summary={"n_atoms": len(ids), **told, **_inside(arrays, params)},
        tables={"atoms": {name: arrays[name].tolist() for name in ("id", "x", "y")}},
        arrays=arrays,
        names=classes,
    )


def _rounded(of: object, values: Array) -> float | None:
    return round(float(of(values)), 6) if len(values) else None  # type: ignore[operator]


def _numbers(names: object, name: str) -> Array:
    values = _column(names, name)
    if values.dtype.kind not in "iufb":
        raise AnalysisProblem(f"{name!r} holds no numbers")
    return values.astype(float)


def _column(names: object, name: str) -> Array:
    try:
        return np.asarray(names[name])  # type: ignore[index]
    except KeyError:
        raise AnalysisProblem(f"there is no column {name!r}") from None


def region_of(params: OrderMapParams) -> tuple[float, ...] | None:
    """x0, x1, y0, y1, or None. Raises AnalysisProblem."""
    if not params.region.strip():
        return None
    try:
        ends = tuple(float(one) for one in params.region.split(","))
    except ValueError:
        ends = ()
    if len(ends) != 4 or not (ends[0] <= ends[1] and ends[2] <= ends[3]):
        raise AnalysisProblem(f"region {params.region!r}: write x0, x1, y0, y1")
    return ends


def condition_of(params: OrderMapParams, ends: tuple[float, ...]) -> str:
    """The region in the words of conditions."""
    x, y = written_name(params.x), written_name(params.y)
    return f"{ends[0]:g} <= {x} <= {ends[1]:g} and {ends[2]:g} <= {y} <= {ends[3]:g}"


def _inside(arrays: dict[str, Array], params: OrderMapParams) -> dict[str, int | str]:
    ends = region_of(params)
    if ends is None:
        return {}
    x, y = arrays["x"], arrays["y"]
    inside = (x >= ends[0]) & (x <= ends[1]) & (y >= ends[2]) & (y <= ends[3])
    return {"n_inside": int(inside.sum()), "condition": condition_of(params, ends)}


def around_selected(
    _inputs: Inputs, params: OrderMapParams, result: Result, chosen: Rows
) -> OrderMapParams:
    """The region that the chosen atoms span."""
    own = member(result.arrays["id"], chosen)
    if not own.any():
        return params
    values = (result.arrays["x"][own], result.arrays["y"][own])
    ends = [f"{end:.4g}" for one in values for end in _widened(one)]
    return replace(params, region=", ".join(ends))


def _widened(values: Array) -> tuple[float, float]:
    """The ends, a little apart from the outermost: rounding must not lose these."""
    low, high = float(values.min()), float(values.max())
    slack = 1e-3 * max(abs(low), abs(high), high - low)
    return low - slack, high + slack


def draw(_inputs: Inputs, params: OrderMapParams, result: Result) -> Plot:
    """A point for each atom; what is chosen here is chosen in 3D."""
    arrays, ends = result.arrays, region_of(params)
    points = Points(
        x=arrays["x"], y=arrays["y"], rows=arrays["id"].astype(np.int32), space=Space.ATOM,
        group=arrays.get("group"), group_names=result.names, size=4.0,
    )  # fmt: skip
    marks: tuple[Points | Line, ...] = (points,)
    said = ""
    if ends is not None:
        x0, x1, y0, y1 = ends
        corners = np.array([x0, x1, x1, x0, x0]), np.array([y0, y0, y1, y1, y0])
        marks = (points, Line(*corners, "region", dashed=True, colour=-1))
        said = f" / {result.summary['n_inside']} inside: {result.summary['condition']}"
    return Plot(
        title="Order map",
        x=Axis(params.x.replace("_", " ")),
        y=Axis(params.y.replace("_", " ")),
        marks=marks,
        status=f"frame {params.frame + 1} / {len(arrays['id'])} atoms{said}",
        empty="" if len(arrays["id"]) else "No atom has both values.",
    )


ANALYSIS = Analysis(
    name="order-map",
    title="Order map",
    about="The atoms of the shown frame by two order parameters, q4 and q6 or any columns.",
    needs=(Needs.TRAJECTORY,),
    params=OrderMapParams,
    run=run,
    plots=MappingProxyType({"Order map": draw}),
    commands=(Command("Region of the selected atoms", around_selected, Space.ATOM),),
)
