"""A free-energy profile, -kT ln P, over any value of frames or of atoms."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.analysis.atoms.series import read_series, usual_quantity
from mlipviewer.analysis.methods.block_averages import inefficiency, why_not_stationary
from mlipviewer.analysis.methods.decays import BOLTZMANN
from mlipviewer.analysis.methods.neighbourhood import AMONG, taking_part
from mlipviewer.analysis.methods.temperatures import temperature_of
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Params, Result, param
from mlipviewer.core.columns import numbers_of
from mlipviewer.core.plot import Array, Axis, Line, Mark, Plot, Points, Space
from mlipviewer.core.problem import QueryProblem
from mlipviewer.core.progress import Progress
from mlipviewer.core.query import calculated
from mlipviewer.core.trajectory import Trajectory


@dataclass(frozen=True)
class FreeEnergyParams(Params):
    quantity: str = param(
        "", "a value of frames or a calculation such as energy / 64; the usual one when empty"
    )
    column: str = param("", "in its place, a column of atoms", names="column")
    among: str = param("", "of a column, " + AMONG)
    skip: float = param(
        0.0, "leave out this share of the frames, at the beginning", low=0.0, high=0.9
    )
    kelvin: float = param(
        0.0, "temperature; 0: that of the trajectory", unit="K", low=0.0, high=2e4
    )
    bins: int = param(40, "of the histogram", low=2, high=1000)
    blocks: int = param(5, "parts of the run that errors come from", low=2, high=100)


def run(inputs: Inputs, params: FreeEnergyParams, progress: Progress) -> Result:
    """F(x) = -kT ln P(x), its lowest point at 0, with errors from blocks of frames.

    Refused where the run is not stationary (methods.block_averages.why_not_stationary, of the
    value or of the mean of the column in each frame). Summary: n_frames, quantity, temperature
    (K), independent (samples), minimum (where), barrier (eV, the highest point between the two
    deepest minima above the lower one, None where there is one minimum). Table `profile`: x, free
    energy, error, count. Raises AnalysisProblem, ReadProblem, Cancelled.
    """
    trajectory = inputs.the_trajectory()
    name, per_frame = _values(trajectory, params, progress)
    skipped = int(params.skip * len(per_frame))
    per_frame = per_frame[skipped:]
    means = np.array([float(np.mean(one)) for one in per_frame])
    refused = why_not_stationary(means)
    if refused:
        raise AnalysisProblem(
            f"no free energy of {name}: {refused}; leave out the beginning (skip), or run longer"
        )
    kelvin = temperature_of(trajectory, params.kelvin)
    if kelvin is None:
        raise AnalysisProblem("the temperature is not known: give it in K")
    x, energy, error, count = _profile(per_frame, kelvin, params.bins, params.blocks)
    barrier = _barrier(energy)
    return Result(
        summary={
            "n_frames": len(per_frame),
            "quantity": name,
            "temperature": kelvin,
            "independent": round(len(means) / inefficiency(means), 1),
            "minimum": float(x[np.nanargmin(energy)]),
            "barrier": barrier,
        },
        tables={
            "profile": {
                "x": x.tolist(),
                "free energy": energy.tolist(),
                "error": error.tolist(),
                "count": count.tolist(),
            }
        },
        units={"free energy": "eV", "error": "eV", "barrier": "eV", "temperature": "K"},
        arrays={"x": x, "energy": energy, "error": error},
        names=(name,),
    )


def _values(
    trajectory: Trajectory, params: FreeEnergyParams, progress: Progress
) -> tuple[str, list[Array]]:
    """(name, the values of each frame). Raises AnalysisProblem."""
    if params.column:
        return params.column, _of_atoms(trajectory, params, progress)
    columns = read_series(trajectory, progress)
    if not columns:
        raise AnalysisProblem(f"the frames of {trajectory.name} carry no numbers")
    name = params.quantity.strip() or usual_quantity(columns)
    try:
        found = columns[name] if name in columns else calculated(name, columns, _length(columns))
    except QueryProblem as problem:
        raise AnalysisProblem(f"{name!r}: {problem.reason}; known: {', '.join(columns)}") from None
    values = np.asarray(found, float)
    return name, [values[i : i + 1] for i in np.flatnonzero(np.isfinite(values))]


def _length(columns: dict[str, Array]) -> int:
    return len(next(iter(columns.values())))


def _of_atoms(trajectory: Trajectory, params: FreeEnergyParams, progress: Progress) -> list[Array]:
    found = []
    for index in range(trajectory.n_frames):
        progress.step(index, trajectory.n_frames)
        frame = trajectory.frame(index)
        column = frame.columns.get(params.column)
        if column is None or column.dtype.kind not in "iuf":
            known = ", ".join(frame.columns) or "none"
            raise AnalysisProblem(f"{params.column!r} is no column of numbers; there are: {known}")
        values = np.asarray(numbers_of(column)[taking_part(frame, params.among)], float)
        values = values[np.isfinite(values)]
        if len(values):
            found.append(values)
    if not found:
        raise AnalysisProblem("no atom takes part")
    return found


def _profile(
    per_frame: list[Array], kelvin: float, bins: int, blocks: int
) -> tuple[Array, Array, Array, Array]:
    """x, F, its error and counts (bins,); NaN in empty bins."""
    values = np.concatenate(per_frame)
    edges = np.histogram_bin_edges(values, bins)
    count = np.histogram(values, edges)[0]
    parts = np.array_split(np.arange(len(per_frame)), min(blocks, len(per_frame)))
    each = [np.histogram(np.concatenate([per_frame[i] for i in p]), edges)[0] for p in parts]
    shares = np.array([one / max(one.sum(), 1) for one in each])
    share = count / count.sum()
    wrong = shares.std(axis=0, ddof=1) / np.sqrt(len(parts)) if len(parts) > 1 else 0 * share
    kt = BOLTZMANN * kelvin
    with np.errstate(divide="ignore", invalid="ignore"):
        energy = np.where(count > 0, -kt * np.log(share), np.nan)
        error = np.where(count > 0, kt * wrong / share, np.nan)
    return (edges[:-1] + edges[1:]) / 2, energy - np.nanmin(energy), error, count


def _barrier(energy: Array) -> float | None:
    """The highest point between the two deepest minima, above the lower; None for one minimum.

    A dip less than twice the spread of neighbouring bins is none.
    """
    from scipy.signal import find_peaks

    filled = np.where(np.isfinite(energy), energy, np.nanmax(energy))
    noise = float(np.abs(np.diff(filled, 2)).mean())
    dips, about = find_peaks(-np.pad(filled, 1, constant_values=np.inf), prominence=2 * noise)
    if len(dips) < 2:
        return None
    deepest = sorted(dips[np.argsort(-about["prominences"])[:2]] - 1)
    return float(filled[deepest[0] : deepest[1] + 1].max() - filled[deepest].min())


def draw(_inputs: Inputs, _params: Any, result: Result) -> Plot:
    """The profile with one error to each side."""
    x, energy, error = (result.arrays[name] for name in ("x", "energy", "error"))
    good = np.isfinite(energy)
    x, energy, error = x[good], energy[good], error[good]
    about = result.summary
    marks: list[Mark] = [Line(x, energy)]
    marks += [Line(x, one, width=0.75, dashed=True) for one in (energy - error, energy + error)]
    none = np.empty(0)
    marks.append(Points(none, none, none.astype(np.int32), Space.FRAME))
    barrier = about["barrier"]
    said = "one minimum" if barrier is None else f"barrier {barrier:.4f} eV"
    return Plot(
        title=f"Free energy over {result.names[0]}",
        x=Axis(result.names[0]),
        y=Axis("free energy (eV)"),
        marks=tuple(marks),
        status=f"{about['n_frames']} frames, {about['independent']} independent /"
        f" {about['temperature']:g} K / {said}",
    )


ANALYSIS = Analysis(
    name="free-energy",
    title="Free-energy profile",
    about="-kT ln P over a value of frames or a column of atoms, refused where a run drifts.",
    needs=(Needs.TRAJECTORY,),
    params=FreeEnergyParams,
    run=run,
    plots=MappingProxyType({"Free-energy profile": draw}),
)
