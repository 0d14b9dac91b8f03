"""Events of a run: jumps, displacements, changes of class, spikes of energy or of any column."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.analysis.methods.atom_energies import energy_column, total_energy
from mlipviewer.analysis.methods.detectors import (
    Found,
    class_changes,
    displacements,
    jumps,
    spikes,
)
from mlipviewer.analysis.methods.labels import CLASSES, CNA, PTM, LabelParams, labelled_frames
from mlipviewer.analysis.methods.neighbourhood import AMONG
from mlipviewer.analysis.methods.paths_of_atoms import DRIFTS, WHOLE, mobile_atoms, read_paths
from mlipviewer.analysis.methods.times import TIME, along, times_of
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Params, Result, param
from mlipviewer.core.columns import numbers_of
from mlipviewer.core.events import WHOLE as ALL_ATOMS
from mlipviewer.core.plot import Array, Axis, Plot, Points, Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Frame, Trajectory

JUMP, FAR, CLASS, SPIKE = KINDS = ("jump", "displacement", "class change", "spike")
EVERY_ATOM = "id == id"
"""The condition where none is given: followed are not the mobile ions alone."""


@dataclass(frozen=True)
class EventsParams(Params):
    what: str = param(
        JUMP,
        "jump: the mean place of a few frames is far from that of the frames before; displacement:"
        " far from a frame; class change: of a structure type or a column; spike: an energy, or a"
        " column, far from its median over time",
        choices=KINDS,
    )
    among: str = param("", AMONG)
    distance: float = param(
        1.5, "jumps and displacements are farther than this", unit="Å", low=0.01, high=1000.0
    )
    window: int = param(3, "frames over which places are averaged for jumps", low=1, high=10_000)
    reference: int = param(
        0, "displacements count from this frame, from 0", low=0, high=100_000_000
    )
    dwell: int = param(
        3, "frames that a displacement or spike, or the classes before and after, last", low=1,
        high=1_000_000,
    )  # fmt: skip
    classes: str = param(PTM, "what classes atoms, without a column", choices=(PTM, CNA))
    column: str = param(
        "", "a column: of classes, or of numbers with spikes; empty: by `classes`, the energies",
        names="column",
    )  # fmt: skip
    sigma: float = param(
        6.0, "spikes are so many robust standard deviations from the median", low=0.1, high=1e6
    )
    drift: str = param(WHOLE, "what paths are relative to", choices=DRIFTS)
    every: int = param(1, "look at every so many frames", low=1, high=1_000_000)


@dataclass(frozen=True, eq=False)
class _Told:
    """Events with the ids of their atoms, the unit of their values, and columns of their own."""

    found: Found
    ids: Array
    unit: str
    more: dict[str, list[Any]]


def run(inputs: Inputs, params: EventsParams, progress: Progress) -> Result:
    """Jumps: |mean place of `window` frames - that of the `window` before| > distance, unwrapped.
    Spikes: |x - median| / (1.4826 median |x - median|) > sigma, over time, atom by atom; without
    energies of atoms, of the whole frames.

    Summary: n_events, n_atoms (that have some), per_frame. Table `events`: kind, atom (-1: all),
    begin_frame, end_frame, time (ps, where it is known), value; for classes `from`, `to`. Raises
    AnalysisProblem, ReadProblem, Cancelled.
    """
    trajectory = inputs.the_trajectory()
    if trajectory.n_frames < 2:
        raise AnalysisProblem(f"{trajectory.name}: one frame has no events")
    told = _FINDERS[params.what](inputs, params, progress)
    found = told.found
    order = np.lexsort((told.ids, found.end, found.begin))
    begin, end = found.begin[order] * params.every, found.end[order] * params.every
    times = times_of(trajectory, [int(k) for k in (begin + end) // 2])
    known = bool(np.isfinite(times).all())
    ids = told.ids[order]
    n_frames = len(range(0, trajectory.n_frames, params.every))
    return Result(
        summary={
            "n_events": len(order),
            "n_atoms": len(np.unique(ids[ids != ALL_ATOMS])),
            "per_frame": len(order) / n_frames,
        },
        tables={
            "events": {
                "kind": [params.what] * len(order),
                "atom": ids.tolist(),
                "begin_frame": begin.tolist(),
                "end_frame": end.tolist(),
                **({TIME: times.tolist()} if known else {}),
                **{name: np.array(of, object)[order].tolist() for name, of in told.more.items()},
                "value": found.value[order].tolist(),
            }
        },
        units={"value": told.unit, **({TIME: "ps"} if known else {})},
        arrays={"frames": (begin + end) // 2, "times": times},
    )


def _of_paths(inputs: Inputs, params: EventsParams, progress: Progress) -> _Told:
    chosen = inputs.atoms if inputs.atoms is not None and len(inputs.atoms) else None
    among = params.among.strip() or EVERY_ATOM
    run = inputs.the_trajectory()
    paths = read_paths(run, among, params.drift, params.every, progress, chosen, timed=False)
    places = paths.of(paths.mobile)
    if params.what == JUMP:
        found = jumps(places, params.distance, params.window, progress)
    else:
        first = min(params.reference // params.every, len(places) - 1)
        found = displacements(places, first, params.distance, params.dwell)
    return _Told(found, paths.ids[paths.mobile][found.atom], "Å", {})


def _of_classes(inputs: Inputs, params: EventsParams, progress: Progress) -> _Told:
    if params.column:
        ids, values = _columns(inputs, params, params.column, progress)
        names, labels = np.unique(values, return_inverse=True)
        labels = labels.reshape(values.shape)
    else:
        ids, labels = _structures(inputs, params, progress)
        names = np.array(CLASSES, object)
    found, old, new = class_changes(labels, params.dwell)
    more = {"from": names[old].tolist(), "to": names[new].tolist()}
    return _Told(found, ids[found.atom], "frames", more)


def _structures(inputs: Inputs, params: EventsParams, progress: Progress) -> tuple[Array, Array]:
    """((n,) ids, (m, n) classes; -1 where an atom takes no part)."""
    how = LabelParams(method=params.classes, among=params.among, every=params.every)
    found = list(labelled_frames(inputs, how, progress, None))
    ids = np.unique(np.concatenate([one.ids for one in found]))
    labels = np.full((len(found), len(ids)), -1, np.int16)
    for k, one in enumerate(found):
        labels[k, np.searchsorted(ids, one.ids)] = one.labels
    return ids, labels


def _of_spikes(inputs: Inputs, params: EventsParams, progress: Progress) -> _Told:
    trajectory = inputs.the_trajectory()
    name, unit = params.column, ""
    if not name:
        unit = "σ"
        try:
            name = energy_column(trajectory, trajectory.frame(0))
        except AnalysisProblem:
            return _of_frames(trajectory, params, progress)
    ids, values = _columns(inputs, params, name, progress)
    if values.dtype.kind not in "iufb":
        raise AnalysisProblem(f"{name!r} holds words, which have no spikes")
    found = spikes(values.astype(float), params.sigma, params.dwell)
    return _Told(found, ids[found.atom], unit or "σ", {})


def _of_frames(trajectory: Trajectory, params: EventsParams, progress: Progress) -> _Told:
    """Spikes of the energy of whole frames."""
    frames = range(0, trajectory.n_frames, params.every)
    energies = []
    for done, index in enumerate(frames):
        progress.step(done, len(frames))
        energies.append(total_energy(trajectory, trajectory.frame(index)))
    values = np.array([np.nan if one is None else one for one in energies])[:, None]
    if not np.isfinite(values).any():
        raise AnalysisProblem(f"{trajectory.name} carries no energies: name a column")
    found = spikes(values, params.sigma, params.dwell)
    return _Told(found, np.full(len(found.atom), ALL_ATOMS), "σ", {})


def _columns(
    inputs: Inputs, params: EventsParams, name: str, progress: Progress
) -> tuple[Array, Array]:
    """((n,) ids, (m, n) values of a column) of the atoms of the first frame that take part."""
    trajectory = inputs.the_trajectory()
    first = trajectory.frame(0)
    mask = mobile_atoms(first, params.among.strip() or EVERY_ATOM, inputs.atoms)
    ids = np.sort(first.atom_ids[mask])
    frames = range(0, trajectory.n_frames, params.every)
    values = []
    for done, index in enumerate(frames):
        progress.step(done, len(frames))
        values.append(_column(trajectory, trajectory.frame(index), name, ids))
    return ids, np.array(values)


def _column(trajectory: Trajectory, frame: Frame, name: str, ids: Array) -> Array:
    column = frame.columns.get(name)
    where = f"{trajectory.name}, frame {frame.index + 1}"
    if column is None:
        known = ", ".join(frame.columns) or "none"
        raise AnalysisProblem(f"{where}: no column {name!r}; there are: {known}")
    order = np.argsort(frame.atom_ids, kind="stable")
    at = np.minimum(np.searchsorted(frame.atom_ids[order], ids), frame.n_atoms - 1)
    if not np.array_equal(frame.atom_ids[order][at], ids):
        raise AnalysisProblem(f"{where} has other atoms than the first frame")
    values = column if column.ndim == 1 else numbers_of(column, None)
    return np.asarray(values[order][at])


_FINDERS = MappingProxyType(
    {JUMP: _of_paths, FAR: _of_paths, CLASS: _of_classes, SPIKE: _of_spikes}
)


def draw(_inputs: Inputs, params: EventsParams, result: Result) -> Plot:
    """Each event at its time and its strength: a click shows its frame and selects its atom."""
    events, frames = result.tables["events"], result.arrays["frames"].astype(np.int32)
    atom, value = np.array(events["atom"], np.int64), np.array(events["value"], float)
    x, axis = along(frames, result.arrays["times"])
    whole = bool((atom == ALL_ATOMS).any())
    space, rows = (Space.FRAME, frames) if whole else (Space.ATOM, atom)
    points = Points(x, value, rows, space, frames=None if whole else frames, size=7.0)
    about: Any = result.summary
    unit = result.units["value"]
    names = {JUMP: "jump", FAR: "largest displacement", CLASS: "lasts", SPIKE: "largest deviation"}
    return Plot(
        title=f"Events over time: {params.what}",
        x=axis,
        y=Axis(f"{names[params.what]} ({unit})" if unit else names[params.what]),
        marks=(points,),
        status=f"{about['n_events']} events of {about['n_atoms']} atoms",
        empty="" if len(atom) else f"No {params.what} in this run.",
    )


ANALYSIS = Analysis(
    name="events",
    title="Events",
    about="Jumps, displacements, changes of class and spikes of energy, atom by atom.",
    needs=(Needs.TRAJECTORY,),
    params=EventsParams,
    run=run,
    plots=MappingProxyType({"Events over time": draw}),
    on_atoms=True,
)
