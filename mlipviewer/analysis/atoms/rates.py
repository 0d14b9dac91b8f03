"""Rates of crystallizing: first-order decays of the disordered atoms."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from mlipviewer.analysis.methods.decays import Decay, first_order
from mlipviewer.analysis.methods.energy_samples import class_names, evenly
from mlipviewer.analysis.methods.labels import CLASSES, LABELS, Labelling
from mlipviewer.analysis.methods.neighbourhood import AMONG, AS_THEY_ARE, PLACES, POSITIONS
from mlipviewer.analysis.methods.temperatures import temperature_of
from mlipviewer.analysis.methods.times import interval_of
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Params, Result, param
from mlipviewer.core.computation import over_frames
from mlipviewer.core.plot import Array, Axis, Line, Mark, Plot, Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Trajectory


@dataclass(frozen=True)
class RatesParams(Params):
    classes: str = param("other", "the classes that decay, with commas between")
    method: str = param("ptm", "how atoms are classed", choices=("ptm", "cna"))
    cutoff: float = param(0.2, "largest deviation of template matching", low=0.0, high=0.5)
    among: str = param("", AMONG)
    positions: str = param(AS_THEY_ARE, POSITIONS, choices=PLACES)
    begin: int = param(0, "first frame of the decay, from 0", low=0, high=100_000_000)
    end: int = param(0, "frame before which it ends; 0: the last", low=0, high=100_000_000)
    most: int = param(400, "frames to look at, evenly chosen; 0: all", low=0, high=1_000_000)


def run(inputs: Inputs, params: RatesParams, progress: Progress) -> Result:
    """ln n(t) of the atoms of some classes, against a straight line.

    Where the decay is not of first order there is no rate, and a note with the reason. Summary, of
    the first run: n_frames, rate and rate_error (1/ps; None where refused), half_life (ps),
    refused (the reason or ''). Tables `rates`: trajectory, temperature, rate, error, refused;
    `counts`: trajectory, frame, time, count. Raises AnalysisProblem, ReadProblem, Cancelled.
    """
    runs = [_Run.of(inputs, one, params, progress) for one in inputs.overlaid()]
    first = runs[0].decay
    rate = None if first.refused else first.rate
    counts = [(r.name, f, t, n) for r in runs for f, t, n in _rows(r)]
    names = ("trajectory", "frame", "time", "count")
    return Result(
        summary={
            "n_frames": len(runs[0].frames),
            "rate": rate,
            "rate_error": None if first.refused else first.error,
            "half_life": float(np.log(2) / rate) if rate else None,
            "refused": first.refused,
        },
        tables={
            "rates": {
                "trajectory": [r.name for r in runs],
                "temperature": [r.kelvin for r in runs],
                "rate": [None if r.decay.refused else r.decay.rate for r in runs],
                "error": [None if r.decay.refused else r.decay.error for r in runs],
                "refused": [r.decay.refused for r in runs],
            },
            "counts": {name: [row[k] for row in counts] for k, name in enumerate(names)},
        },
        units={"rate": "1/ps", "rate_error": "1/ps", "error": "1/ps", "half_life": "ps",
               "time": "ps", "temperature": "K"},
        notes=tuple(f"{r.name}: no rate: {r.decay.refused}" for r in runs if r.decay.refused),
        arrays={k: v for i, r in enumerate(runs) for k, v in r.arrays(i).items()},
        names=tuple(r.name for r in runs),
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Run:
    """Counts of one run."""

    name: str
    frames: Array
    times: Array
    counts: Array
    decay: Decay
    kelvin: float | None

    @classmethod
    def of(
        cls, inputs: Inputs, trajectory: Trajectory, params: RatesParams, progress: Progress
    ) -> _Run:
        interval = interval_of(trajectory)
        stop = min(params.end or trajectory.n_frames, trajectory.n_frames)
        chosen = range(trajectory.n_frames)[params.begin : stop]
        if not chosen:
            raise AnalysisProblem(f"{trajectory.name} has {trajectory.n_frames} frames")
        frames = np.array([chosen[i] for i in evenly(len(chosen), params.most)])
        counts = _counts(replace(inputs, trajectory=trajectory), params, frames, progress)
        times = (frames - frames[0]) * interval
        decay = first_order(times, counts)
        return cls(trajectory.name, frames, times, counts, decay, temperature_of(trajectory))

    def arrays(self, i: int) -> dict[str, Array]:
        line = np.array([self.decay.intercept, -self.decay.rate])
        return {f"frames{i}": self.frames, f"t{i}": self.times, f"n{i}": self.counts, f"k{i}": line}


def _counts(inputs: Inputs, params: RatesParams, frames: Array, progress: Progress) -> Array:
    wanted = [name.strip() for name in params.classes.split(",") if name.strip()]
    unknown = [name for name in wanted if name not in CLASSES]
    if unknown or not wanted:
        raise AnalysisProblem(f"classes {params.classes!r}: choose from {', '.join(CLASSES)}")
    how = Labelling(params.method, "", params.among, positions=params.positions)
    found = over_frames(inputs, LABELS, how, frames.tolist(), progress)
    names = (class_names(one, params.method, params.cutoff) for one in found)
    return np.array([int(np.isin(one.astype(str), wanted).sum()) for one in names])


def _rows(one: _Run) -> list[tuple[int, float, int]]:
    return list(zip(one.frames.tolist(), one.times.tolist(), one.counts.tolist(), strict=True))


def draw(_inputs: Inputs, _params: RatesParams, result: Result) -> Plot:
    """ln n over time, with the straight line where there is a rate."""
    marks: list[Mark] = []
    refused = result.tables["rates"]["refused"]
    for i, name in enumerate(result.names):
        t, n = result.arrays[f"t{i}"], result.arrays[f"n{i}"]
        good = n > 0
        frames = result.arrays[f"frames{i}"][good].astype(np.int32)
        title = name if len(result.names) > 1 else ""
        own = (frames, Space.FRAME) if i == 0 else (None, None)
        marks.append(Line(t[good], np.log(n[good]), title, rows=own[0], space=own[1], colour=i))
        if not refused[i]:
            intercept, slope = result.arrays[f"k{i}"]
            marks.append(Line(t, intercept + slope * t, dashed=True, width=1.0, colour=-1))
    about = result.summary
    said = (
        f"no rate: {about['refused']}"
        if about["refused"]
        else f"rate {about['rate']:.4g} ± {about['rate_error']:.2g} 1/ps"
    )
    return Plot(
        title="Decay of disordered atoms",
        x=Axis("time (ps)"),
        y=Axis("ln n"),
        marks=tuple(marks),
        status=f"{about['n_frames']} frames / {said}",
    )


ANALYSIS = Analysis(
    name="rates",
    title="Rate of crystallizing",
    about="First-order decay of the disordered atoms, refused where it is none.",
    needs=(Needs.TRAJECTORY,),
    params=RatesParams,
    run=run,
    plots=MappingProxyType({"Rate of crystallizing": draw}),
    overlay=True,
)
