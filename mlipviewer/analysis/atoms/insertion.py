"""Atoms that appear and disappear along a trajectory."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from mlipviewer.analysis.methods.growth_rate import straight_line
from mlipviewer.analysis.methods.labels import Births, looked_at
from mlipviewer.analysis.methods.neighbourhood import AMONG, taking_part
from mlipviewer.analysis.methods.times import (
    TIME,
    along,
    in_order,
    time_column,
    time_units,
    times_of,
)
from mlipviewer.core.analysis import Analysis, Inputs, Needs, Params, Result, param
from mlipviewer.core.computation import Computation, Computed, over_frames
from mlipviewer.core.plot import Array, Axis, Bars, Cursor, Line, Plot, Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import member
from mlipviewer.core.trajectory import Frame

MOST_BARS = 2000


@dataclass(frozen=True)
class InsertionParams(Params):
    among: str = param("", AMONG)
    every: int = param(1, "look at every so many frames", low=1, high=1_000_000)


@dataclass(frozen=True)
class Among(Params):
    """Which atoms are told."""

    among: str = ""


def ids_of(frame: Frame, params: Among) -> Computed:
    """Column `id`: those of the atoms that take part. Raises AnalysisProblem."""
    return Computed({"id": np.array(frame.atom_ids[taking_part(frame, params.among)])})


IDS = Computation(
    name="ids",
    title="Identities",
    about="Which atoms there are.",
    params=Among,
    run=ids_of,
    columns=MappingProxyType({}),
)


def run(inputs: Inputs, params: InsertionParams, progress: Progress) -> Result:
    """Numbers of atoms, and which appear and disappear, by their ids.

    Summary: n_frames, n_first, n_last, n_inserted, n_gone, rate and rate_error (inserted atoms per
    ps, where the time is known, else per frame). Tables `counts`: frame, time (ps, where known),
    n_atoms, inserted, gone (since the first frame); `events`: frame, id, event (born, gone).
    Raises AnalysisProblem, ReadProblem, Cancelled.
    """
    trajectory = inputs.the_trajectory()
    frames = looked_at(trajectory, params.every)
    found = over_frames(inputs, IDS, Among(params.among), frames, progress)
    births, n_atoms = Births(), np.empty(len(frames), int)
    for number, one in enumerate(found):
        ids = _chosen(one.columns["id"], inputs)
        births.see(ids)
        n_atoms[number] = len(ids)
    times = times_of(trajectory, frames)
    index = np.array(frames)
    gone = np.cumsum([len(one) for one in births.gone])
    timed = in_order(times)
    rate = straight_line(times if timed else index.astype(float), births.inserted.astype(float))
    unit = "1/ps" if timed else "1/frame"
    return Result(
        summary={
            "n_frames": len(frames),
            "n_first": int(n_atoms[0]),
            "n_last": int(n_atoms[-1]),
            "n_inserted": int(births.inserted[-1]),
            "n_gone": int(gone[-1]),
            "rate": _known(rate.slope),
            "rate_error": _known(rate.error),
        },
        tables={
            "counts": {
                "frame": index.tolist(),
                **time_column(times),
                "n_atoms": n_atoms.tolist(),
                "inserted": births.inserted.tolist(),
                "gone": gone.tolist(),
            },
            "events": _events(index, births.born, births.gone),
        },
        units={**time_units(times), "rate": unit, "rate_error": unit},
        notes=_notes(trajectory.frame(0), int(births.inserted[-1]) + int(gone[-1])),
        arrays={"frames": index, TIME: times, "n_atoms": n_atoms, "gone": gone}
        | {"inserted": births.inserted},
    )


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value


def _chosen(ids: Array, inputs: Inputs) -> Array:
    return ids if inputs.atoms is None else ids[member(ids, inputs.atoms)]


def _notes(first: Frame, n_events: int) -> tuple[str, ...]:
    if first.ids is not None or n_events == 0:
        return ()
    return (
        "the file has no ids of atoms: they are told apart by their place in the file, so that"
        " which ones appear and disappear means little",
    )


def _events(frames: Array, born: list[Array], gone: list[Array]) -> dict[str, list[object]]:
    found: dict[str, list[object]] = {"frame": [], "id": [], "event": []}
    for index, new, lost in zip(frames.tolist(), born, gone, strict=True):
        for name, ids in (("born", new), ("gone", lost)):
            found["frame"] += [index] * len(ids)
            found["id"] += ids.tolist()
            found["event"] += [name] * len(ids)
    return found


def draw_counts(_inputs: Inputs, _params: InsertionParams, result: Result) -> Plot:
    """Atoms, and those that appeared and disappeared, over the frames."""
    arrays, about = result.arrays, result.summary
    x, axis = along(arrays["frames"], arrays[TIME])
    rows = arrays["frames"].astype(np.int32)
    curves = (("n_atoms", "atoms", 7), ("inserted", "inserted", 0), ("gone", "gone", 5))
    lines = tuple(
        Line(x, arrays[key], name, rows=rows, space=Space.FRAME, colour=colour)
        for key, name, colour in curves
    )
    rate = ""
    if isinstance(about["rate"], float) and about["rate"] > 0:
        rate = f" / {about['rate']:.4g} per {result.units['rate'].removeprefix('1/')}"
    return Plot(
        title="Atoms that appear and disappear",
        x=axis,
        y=Axis("atoms"),
        marks=(*lines, Cursor(0.0)),
        status=f"{len(rows)} frames / {about['n_inserted']} inserted"
        f" / {about['n_gone']} gone{rate}",
    )


def draw_births(_inputs: Inputs, _params: InsertionParams, result: Result) -> Plot:
    """How many atoms appear in each frame; a bar stands for these atoms."""
    table, frames = result.tables["events"], result.arrays["frames"]
    born = np.array([event == "born" for event in table["event"]], bool)
    at, ids = np.array(table["frame"], int)[born], np.array(table["id"], np.int64)[born]
    places = np.unique(at)[:MOST_BARS]
    rows = tuple(np.sort(ids[at == place]) for place in places)
    x, axis = along(frames, result.arrays[TIME])
    where = x[np.searchsorted(frames, places)]
    counts = np.array([len(own) for own in rows], float)
    labels = tuple(f"frame {p + 1}\n{len(own)} atoms" for p, own in zip(places, rows, strict=True))
    thick = float(np.diff(x).min()) if len(x) > 1 else 1.0
    bars = Bars(where, counts, rows, Space.ATOM, labels=labels, thick=0.9 * thick)
    return Plot(
        title="Atoms that appear",
        x=axis,
        y=Axis("atoms", whole=True),
        marks=(bars,),
        status=f"{int(born.sum())} atoms in {len(places)} frames",
    )


ANALYSIS = Analysis(
    name="insertion",
    title="Insertion",
    about="How many atoms there are, and which appear and disappear, along a trajectory.",
    needs=(Needs.TRAJECTORY,),
    params=InsertionParams,
    run=run,
    plots=MappingProxyType({"Atoms": draw_counts, "Births": draw_births}),
    on_atoms=True,
)
