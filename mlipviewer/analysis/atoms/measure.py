"""A measurement over all frames: distance, angle, dihedral, coordination or plane of atoms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from mlipviewer.analysis.methods.times import TIME, along, time_column, time_of, time_units
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Params, Result, param
from mlipviewer.core.measures import chain
from mlipviewer.core.measuring import (
    CUTOFF,
    N_ATOMS,
    UNITS,
    Measure,
    measures_of,
    rows_of_ids,
    value,
)
from mlipviewer.core.neighbours import FARTHEST
from mlipviewer.core.plot import Array, Axis, Bars, Cursor, Line, Plot, Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Frame, Trajectory

USUAL = "usual"
N_BINS = 40


@dataclass(frozen=True)
class MeasureParams(Params):
    kind: str = param(
        USUAL,
        "what is measured; usual: a distance of 2 atoms, an angle of 3, a dihedral of 4",
        choices=(USUAL, *Measure),
    )
    order: str = param(
        "", "ids of the atoms in order, as 17,5,3; else along the chain of the first frame"
    )
    cutoff: float = param(CUTOFF, "how far neighbours are counted", unit="Å", low=0.1)
    periodic: bool = param(True, "take the nearest periodic images")


def run(inputs: Inputs, params: MeasureParams, progress: Progress) -> Result:
    """One number a frame, of atoms followed by their ids; NaN where one of them is missing.

    Dihedrals are given from -180 to 180 degrees; their mean is that of directions. Summary: kind,
    n_frames, n_missing, mean, std, minimum, maximum. Table `series`: frame (from 0 in the slice),
    time (ps, where it is known), value. Table `histogram`: low, high, count. Units: A, degrees.
    Lost atoms are listed in the notes. Raises AnalysisProblem, ReadProblem, Cancelled.
    """
    trajectory = inputs.the_trajectory()
    if not params.cutoff <= FARTHEST:
        raise AnalysisProblem(f"neighbours are counted up to {FARTHEST:g} Å")
    ids, kind = _atoms(inputs, params, trajectory)
    n = trajectory.n_frames
    values, times, lost = np.full(n, np.nan), np.full(n, np.nan), dict.fromkeys(ids, 0)
    for index in range(n):
        progress.step(index, n)
        frame = trajectory.frame(index)
        times[index] = time_of(trajectory, index, frame)
        rows = rows_of_ids(frame, ids)
        for one in np.flatnonzero(rows < 0):
            lost[ids[one]] += 1
        values[index] = value(frame, kind, rows.tolist(), params.cutoff, params.periodic)
    notes = tuple(f"atom {one} is missing in {k} frames" for one, k in lost.items() if k)
    return _result(values, times, (str(kind), *map(str, ids)), notes)


def _result(values: Array, times: Array, names: tuple[str, ...], notes: tuple[str, ...]) -> Result:
    """`values` and `times` (n,); `names`: the kind, then the ids."""
    n, kind = len(values), Measure(names[0])
    good = values[np.isfinite(values)]
    mean, std = _mean_and_spread(good, kind)
    edges, counts = _histogram(good, kind)
    return Result(
        summary={
            "kind": str(kind),
            "n_frames": n,
            "n_missing": n - len(good),
            "mean": mean,
            "std": std,
            "minimum": float(good.min()) if len(good) else None,
            "maximum": float(good.max()) if len(good) else None,
        },
        tables={
            "series": {
                "frame": list(range(n)),
                **time_column(times),
                "value": values.tolist(),
            },
            "histogram": {
                "low": edges[:-1].tolist(),
                "high": edges[1:].tolist(),
                "count": counts.tolist(),
            },
        },
        units={"value": UNITS[kind], **time_units(times)},
        notes=notes,
        arrays={"value": values, TIME: times, "edges": edges, "count": counts},
        names=names,
    )


def _atoms(
    inputs: Inputs, params: MeasureParams, trajectory: Trajectory
) -> tuple[tuple[int, ...], Measure]:
    """The ids in order, and what is measured of them."""
    if params.order.strip():
        ids = _typed(params.order)
    else:
        chosen = inputs.atoms
        if chosen is None or len(chosen) == 0:
            raise AnalysisProblem("no atoms are chosen")
        ids = tuple(int(one) for one in chosen)
    kind = _kind(params.kind, len(ids))
    if not params.order.strip() and len(ids) in (3, 4) and trajectory.n_frames:
        ids = _in_chain(trajectory.frame(0), ids)
    return ids, kind


def _typed(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(word) for word in text.replace(",", " ").split())
    except ValueError:
        raise AnalysisProblem(f"order: {text!r} is no list of atom ids such as 17,5,3") from None


def _kind(name: str, n: int) -> Measure:
    possible = measures_of(n)
    if name == USUAL:
        if n > 4 or not possible:
            raise AnalysisProblem(f"of {n} atoms nothing is measured as usual: choose a kind")
        return possible[0]
    kind = Measure(name)
    low, high = N_ATOMS[kind]
    if not low <= n <= high:
        wanted = f"{low}" if low == high else f"{low} to {high}"
        raise AnalysisProblem(f"{kind} needs {wanted} atoms, not {n}")
    return kind


def _in_chain(frame: Frame, ids: Sequence[int]) -> tuple[int, ...]:
    rows = rows_of_ids(frame, ids)
    if (rows < 0).any():
        return tuple(ids)
    return tuple(int(frame.atom_ids[row]) for row in chain(frame, tuple(rows.tolist())))


def _mean_and_spread(good: Array, kind: Measure) -> tuple[float | None, float | None]:
    """Mean and standard deviation; dihedrals are averaged as directions."""
    if not len(good):
        return None, None
    if kind is not Measure.DIHEDRAL:
        return float(good.mean()), float(good.std())
    mean = float(np.degrees(np.angle(np.exp(1j * np.radians(good)).mean())))
    away = (good - mean + 180) % 360 - 180
    return mean, float(np.sqrt((away**2).mean()))


def _histogram(good: Array, kind: Measure) -> tuple[Array, Array]:
    """(k+1,) edges and (k,) counts; of counts of neighbours one bin each."""
    if not len(good):
        return np.array([0.0, 1.0]), np.zeros(1, int)
    if kind is Measure.COORDINATION and np.array_equal(good, np.round(good)):
        edges = np.arange(good.min() - 0.5, good.max() + 1)
    else:
        low, high = float(good.min()), float(good.max())
        rim = 0.5 * max(abs(low) * 1e-3, 1e-6) if high == low else 0.0
        edges = np.linspace(low - rim, high + rim, N_BINS + 1)
    counts, _ = np.histogram(good, edges)
    return edges, counts


def _title(result: Result) -> str:
    kind, *ids = result.names
    return f"{kind} " + "–".join(ids[:4]) + (" ..." if len(ids) > 4 else "")


def _axis(result: Result) -> str:
    unit = result.units["value"]
    return f"{result.names[0]} ({unit})" if unit else result.names[0]


def draw(_inputs: Inputs, _params: MeasureParams, result: Result) -> Plot:
    """The value in each frame; the vertices are frames."""
    values = result.arrays["value"]
    frames = np.arange(len(values), dtype=np.int32)
    good = np.isfinite(values)
    x, axis = along(frames, result.arrays[TIME])
    line = Line(x, values, result.names[0], rows=frames, space=Space.FRAME)
    return Plot(
        title=_title(result),
        x=axis,
        y=Axis(_axis(result)),
        marks=(line, Cursor(0.0)),
        status=_status(result),
        empty="" if good.any() else "No frame has all of these atoms.",
    )


def draw_histogram(_inputs: Inputs, _params: MeasureParams, result: Result) -> Plot:
    """How often each value comes; a bar stands for its frames."""
    values, edges = result.arrays["value"], result.arrays["edges"]
    bins = np.clip(np.digitize(values, edges) - 1, 0, len(edges) - 2)
    good = np.isfinite(values)
    frames = tuple(
        np.flatnonzero(good & (bins == i)).astype(np.int32) for i in range(len(edges) - 1)
    )
    bars = Bars(
        at=(edges[:-1] + edges[1:]) / 2,
        end=np.array([len(own) for own in frames], float),
        rows=frames,
        space=Space.FRAME,
        thick=np.diff(edges) * 0.96,
    )
    return Plot(
        title=_title(result),
        x=Axis(_axis(result)),
        y=Axis("number of frames"),
        marks=(bars,),
        status=_status(result),
        empty="" if good.any() else "No frame has all of these atoms.",
    )


def _status(result: Result) -> str:
    n, missing = result.summary["n_frames"], result.summary["n_missing"]
    words = f"{int(n or 0) - int(missing or 0)} shown / {n} frames / {missing} missing"
    mean, std = result.summary["mean"], result.summary["std"]
    return words if mean is None else f"{words}; {mean:.4f} ± {std:.4f} {result.units['value']}"


ANALYSIS = Analysis(
    name="measure",
    title="Measure atoms",
    about="A distance, angle, dihedral, coordination or plane of atoms along a trajectory.",
    needs=(Needs.TRAJECTORY, Needs.ATOMS),
    params=MeasureParams,
    run=run,
    plots=MappingProxyType({"Series": draw, "Histogram": draw_histogram}),
)
