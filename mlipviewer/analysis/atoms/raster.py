"""The state of each atom over time as one image, atoms sorted by when they crystallize."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from mlipviewer.analysis.methods.class_areas import ALONG, ON_FRAMES, ON_INSERTED, ON_TIME, x_axis
from mlipviewer.analysis.methods.class_paths import BCC, DISORDERED, STATE_OF, STATES
from mlipviewer.analysis.methods.labels import (
    Births,
    LabelParams,
    cutoff_of,
    labelled_frames,
    looked_at,
)
from mlipviewer.analysis.methods.times import TIME, times_of
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Result, param
from mlipviewer.core.plot import Array, Axis, Cursor, Plot, Raster
from mlipviewer.core.progress import Progress
from mlipviewer.core.structure_classes import hues_of

MOST_COLUMNS, MOST_LINES = 1000, 1000
TIME_OF, PLACE, ID = "time", "height", "id"


@dataclass(frozen=True)
class RasterParams(LabelParams):
    sort: str = param(
        TIME_OF,
        "atoms by the frame from which on they are bcc, by their height z when they appear, or by"
        " id",
        choices=(TIME_OF, PLACE, ID),
    )
    persistence_frames: int = param(
        3, "an atom is bcc until it is something else for so many frames that are looked at", low=1
    )
    along: str = param(ON_TIME, ALONG, choices=(ON_TIME, ON_FRAMES, ON_INSERTED))


def run(inputs: Inputs, params: RasterParams, progress: Progress) -> Result:
    """States of atoms (disordered, close-packed, bcc) in at most 1000 columns of frames.

    A column of several frames shows the state that an atom is in most often. Summary: n_atoms,
    n_frames, n_columns, n_crystallized (bcc at the end, and not at first), cutoff. Table `atoms`:
    id, first (state), last, since (frame from which on it is bcc; -1: it is not at the end).
    Raises AnalysisProblem, ReadProblem, Cancelled.
    """
    trajectory = inputs.the_trajectory()
    frames = looked_at(trajectory, params.every)
    cutoff = cutoff_of(inputs, params, progress)
    image = _Image(len(frames), params.persistence_frames)
    births = Births()
    for number, one in enumerate(labelled_frames(inputs, params, progress, cutoff)):
        image.see(number, one.ids, STATE_OF[one.labels], one.places[:, 2])
        births.see(one.ids)
    if len(image.ids) == 0:
        raise AnalysisProblem("no atom takes part")
    image.close()
    index = np.array(frames)
    since = np.where(image.since >= 0, index[np.maximum(image.since, 0)], -1)
    begins = np.array(image.begins)
    later = (since >= 0) & (image.first != BCC)
    return Result(
        summary={
            "n_atoms": len(image.ids),
            "n_frames": len(frames),
            "n_columns": len(begins),
            "n_crystallized": int(later.sum()),
            "cutoff": cutoff,
        },
        tables={
            "atoms": {
                "id": image.ids.tolist(),
                "first": [STATES[k] for k in image.first.tolist()],
                "last": [STATES[k] for k in image.last.tolist()],
                "since": since.tolist(),
            }
        },
        arrays={
            **_sorted(image, np.where(since >= 0, since, index[-1] + 1), params.sort),
            "frames": index[begins],
            TIME: times_of(trajectory, index[begins].tolist()),
            "inserted": births.inserted[begins],
        },
        names=STATES,
    )


class _Image:
    """Takes frames one after the other, and keeps a column of states for every few of them."""

    def __init__(self, n_frames: int, patience: int) -> None:
        self._patience = patience
        self._as_given: Array = np.empty(0, np.int64)
        self._rows: Array = np.empty(0, np.int64)
        self._away: Array = np.empty(0, np.int32)  # frames that each was not bcc, up to now
        self._per_column = -(-n_frames // MOST_COLUMNS)
        self.ids: Array = np.empty(0, np.int64)
        self.columns: list[Array] = []
        self.begins: list[int] = []
        self._counts: Array = np.zeros((0, len(STATES)), np.int32)
        self.first: Array = np.empty(0, np.int8)
        self.last: Array = np.empty(0, np.int8)
        self.since: Array = np.empty(0, np.int32)
        self.heights: Array = np.empty(0, np.float32)

    def see(self, number: int, ids: Array, states: Array, heights: Array) -> None:
        """The atoms of the next frame."""
        self._make_room(ids)
        if number % self._per_column == 0:
            self.close()
            self.begins.append(number)
        if not np.array_equal(ids, self._as_given):
            self._as_given, self._rows = ids, np.searchsorted(self.ids, ids)
        rows = self._rows
        self._counts[rows, states] += 1
        new = self.first[rows] < 0
        self.first[rows[new]] = states[new]
        self.heights[rows[new]] = heights[new]
        self.last[rows] = states
        crystal = np.zeros(len(self.ids), bool)
        crystal[rows] = states == BCC
        self.since[crystal & (self.since < 0)] = number
        self._away = np.where(crystal, 0, self._away + 1)
        self.since[self._away >= self._patience] = -1

    def close(self) -> None:
        """End the column of the frames seen so far."""
        if len(self.columns) < len(self.begins):
            states = self._counts.argmax(axis=1).astype(np.int8)
            self.columns.append(np.where(self._counts.any(axis=1), states, -1).astype(np.int8))
        self._counts[:] = 0

    def _make_room(self, ids: Array) -> None:
        """Lines for atoms that were not there before."""
        if np.array_equal(ids, self._as_given):
            return
        new = np.setdiff1d(ids, self.ids)
        if len(new) == 0:
            return
        every = np.concatenate((self.ids, new))
        order = np.argsort(every, kind="stable")
        self.ids = every[order]

        def grown(old: Array, value: float) -> Array:
            more = np.full((len(new), *old.shape[1:]), value, old.dtype)
            found: Array = np.concatenate((old, more))[order]
            return found

        self.columns = [grown(one, -1) for one in self.columns]
        self._counts = grown(self._counts, 0)
        self.first, self.last = grown(self.first, -1), grown(self.last, -1)
        self._away = grown(self._away, 0)
        self.since, self.heights = grown(self.since, -1), grown(self.heights, 0.0)


def draw(_inputs: Inputs, params: RasterParams, result: Result) -> Plot:
    """The image: what crystallizes first is lowest. A click chooses atoms and shows the frame."""
    arrays, about = result.arrays, result.summary
    x, axis = x_axis(params.along, arrays)
    lines = np.array_split(arrays["ids"], min(len(arrays["ids"]), MOST_LINES))
    ids = tuple(np.sort(own) for own in lines)
    raster = Raster(
        arrays["image"], x, ids, arrays["frames"].astype(np.int32), STATES, hues_of(STATES)
    )
    sorts = {TIME_OF: "by when they become bcc", PLACE: "by height", ID: "by id"}
    return Plot(
        title=f"Atoms over time, {sorts[params.sort]}",
        x=axis,
        y=Axis("atoms", whole=True),
        marks=(raster, Cursor(0.0)),
        status=f"{about['n_atoms']} atoms x {about['n_frames']} frames"
        f" / {about['n_crystallized']} crystallized / image of {len(lines)} x {len(x)}",
    )


def _sorted(image: _Image, since: Array, sort: str) -> dict[str, Array]:
    """ids (n,) from the uppermost line to the lowest, and the image of their lines."""
    values = np.stack(image.columns, axis=1)
    if sort == ID:
        order = np.argsort(-image.ids, kind="stable")
    elif sort == PLACE:
        order = np.lexsort((image.ids, -image.heights))
    else:
        order = np.lexsort((image.ids, (values == BCC).sum(axis=1), -since))
    lines = np.array_split(order, min(len(order), MOST_LINES))
    return {"ids": image.ids[order], "image": np.stack([_most(values[own]) for own in lines])}


def _most(values: Array) -> Array:
    """(k,) the state that most atoms of a line (n, k) are in; disorder where none leads."""
    if len(values) == 1:
        found: Array = values[0]
        return found
    states = (DISORDERED, *range(1, len(STATES)))
    counts = np.stack([(values == state).sum(axis=0) for state in states])
    return np.where(counts.any(axis=0), counts.argmax(axis=0), -1).astype(np.int8)


ANALYSIS = Analysis(
    name="raster",
    title="Atoms over time",
    about="The state of each atom over time as one image, sorted by when they crystallize.",
    needs=(Needs.TRAJECTORY,),
    params=RasterParams,
    run=run,
    plots=MappingProxyType({"Atoms over time": draw}),
    picture=("along",),
    on_atoms=True,
)
