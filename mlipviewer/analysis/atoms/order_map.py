"""The atoms of a frame in a map of two order parameters: q4 and q6, or any two columns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from mlipviewer.analysis.frames.rules import RulesParams, names_of
from mlipviewer.analysis.methods.class_rules import Rule, read_rules, write_rules
from mlipviewer.analysis.methods.neighbourhood import AMONG, taking_part
from mlipviewer.core.analysis import (
    Analysis,
    AnalysisProblem,
    Command,
    Edited,
    Inputs,
    Needs,
    Params,
    Result,
    param,
)
from mlipviewer.core.computation import Asked
from mlipviewer.core.plot import Array, Axis, Line, Plot, Points, Space
from mlipviewer.core.polygons import in_polygon, read_polygon, write_polygon
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import Rows, member
from mlipviewer.core.terms import written_name

HOW = "write x0, x1, y0, y1"


@dataclass(frozen=True)
class OrderMapParams(Params):
    x: str = param("averaged_q4", "a column, also one that is not computed yet")
    y: str = param("averaged_q6", "another")
    classes: str = param("", "a column of classes that colours the points; none when empty")
    among: str = param("", AMONG)
    frame: int = param(0, "the frame, counted from 0", low=0, names="shown")
    region: str = param("", "a region as drawn, corners as x y, x y, x y ...; or x0, x1, y0, y1")


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


def region_of(params: OrderMapParams) -> Array | None:
    """Corners (k, 2), or None. Raises AnalysisProblem."""
    text = params.region.strip()
    if not text:
        return None
    ends = text.split(",")
    if len(ends) == 4 and all(len(one.split()) == 1 for one in ends):
        try:
            x0, x1, y0, y1 = (float(one) for one in ends)
        except ValueError:
            raise AnalysisProblem(f"region {text!r}: {HOW}") from None
        return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])
    try:
        return read_polygon(text)
    except ValueError as problem:
        raise AnalysisProblem(f"region {text!r}: {problem}, or {HOW}") from None


def condition_of(params: OrderMapParams, corners: Array) -> str:
    """The region in the words of conditions."""
    x, y = written_name(params.x), written_name(params.y)
    return f'inside({x}, {y}, "{write_polygon(corners)}")'


def _inside(arrays: dict[str, Array], params: OrderMapParams) -> dict[str, int | str]:
    corners = region_of(params)
    if corners is None:
        return {}
    held = in_polygon(arrays["x"], arrays["y"], read_polygon(write_polygon(corners)))
    return {"n_inside": int(held.sum()), "condition": condition_of(params, corners)}


def around_selected(
    _inputs: Inputs, params: OrderMapParams, result: Result, chosen: Rows
) -> OrderMapParams:
    """The region that the chosen atoms span."""
    own = member(result.arrays["id"], chosen)
    if not own.any():
        return params
    (x0, x1), (y0, y1) = (_widened(result.arrays[axis][own]) for axis in "xy")
    return replace(params, region=write_polygon(np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])))


def _widened(values: Array) -> tuple[float, float]:
    """The ends, a little apart from the outermost: rounding must not lose these."""
    low, high = float(values.min()), float(values.max())
    slack = 1e-3 * max(abs(low), abs(high), high - low)
    return low - slack, high + slack


def drawn(
    _inputs: Inputs, params: OrderMapParams, _result: Result, corners: list[tuple[float, float]]
) -> Edited:
    """The region is what was drawn."""
    return Edited(replace(params, region=write_polygon(np.array(corners))))


def as_rule(params: OrderMapParams, result: Result, known: Params | None) -> Asked:
    """The rules in force, or the usual ones, with the region before them as a class of its own."""
    usual = known if isinstance(known, RulesParams) else RulesParams(among=params.among)
    rules = read_rules(usual.rules)
    condition = result.summary.get("condition")
    if condition:
        taken = {rule.name for rule in rules}
        name = next(f"region {n}" for n in range(1, 100) if f"region {n}" not in taken)
        rules = (Rule(name, str(condition)), *rules)
    return Asked("rules", replace(usual, rules=write_rules(rules)))


def draw(_inputs: Inputs, params: OrderMapParams, result: Result) -> Plot:
    """A point for each atom; what is chosen here is chosen in 3D."""
    arrays, corners = result.arrays, region_of(params)
    points = Points(
        x=arrays["x"], y=arrays["y"], rows=arrays["id"].astype(np.int32), space=Space.ATOM,
        group=arrays.get("group"), group_names=result.names, size=4.0,
    )  # fmt: skip
    marks: tuple[Points | Line, ...] = (points,)
    said = ""
    if corners is not None:
        x, y = np.concatenate([corners, corners[:1]]).T
        marks = (points, Line(x, y, "region", dashed=True, colour=-1))
        said = f" / {result.summary['n_inside']} inside"
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
    edits=MappingProxyType({"outline": drawn}),
    commands=(
        Command("Region of the selected atoms", around_selected, Space.ATOM),
        Command(
            "Make the region a class rule",
            lambda _i, params, _r, _c: params,
            computes=as_rule,
            computed="rules",
        ),
    ),
)
