"""Sets and measurements as tables for files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mlipviewer.core.analysis import Result
from mlipviewer.core.elements import element
from mlipviewer.core.measuring import UNITS, Measurement, rows_of_ids, value
from mlipviewer.core.named_sets import NamedSet
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import member
from mlipviewer.core.trajectory import Frame
from mlipviewer.session.atom_changes import shown_frame
from mlipviewer.session.conditions import rows_of_set
from mlipviewer.session.measure_changes import panel_of
from mlipviewer.session.panels import request_of
from mlipviewer.session.state import Failure, State

Table = Mapping[str, Sequence[Any]]


def set_table(state: State, one: NamedSet) -> Table:
    """What a set holds: keys of models, numbers of frames, ids of atoms and where they are now."""
    held = rows_of_set(state, one)
    table, frame = state.loaded_table(one.owner), shown_frame(state, one.owner)
    if one.space is Space.MODEL and table is not None:
        return {"model": [table.keys[row] for row in held if row < table.n_rows]}
    if one.space is Space.ATOM and frame is not None:
        return _atom_table(frame, held)
    name = "frame" if one.space is Space.FRAME else str(one.space)
    return {name: held.tolist()}


def _atom_table(frame: Frame, held: Any) -> Table:
    """Every atom of the set; those that the frame lacks have no place."""
    here = member(frame.atom_ids, held)
    ids = frame.atom_ids[here]
    gone = np.setdiff1d(held, ids)
    symbols = [element(int(z)).symbol for z in frame.numbers[here]]
    places = np.concatenate([frame.positions[here], np.full((len(gone), 3), np.nan)])
    columns = {name: places[:, i].tolist() for i, name in enumerate("xyz")}
    return {"id": [*ids.tolist(), *gone.tolist()], "element": symbols + [""] * len(gone), **columns}


def value_now(state: State, one: Measurement) -> float:
    """What a measurement is in the frame that is shown; NaN where that cannot be said."""
    frame = shown_frame(state, one.owner)
    if frame is None:
        return float("nan")
    rows = rows_of_ids(frame, one.atoms).tolist()
    return value(frame, one.kind, rows, one.cutoff, one.periodic)


def values_table(state: State) -> Table:
    """All measurements in the shown frames."""
    every = state.document.measurements
    frames = [shown_frame(state, one.owner) for one in every]
    return {
        "name": [one.name for one in every],
        "kind": [str(one.kind) for one in every],
        "trajectory": [one.owner for one in every],
        "frame": [None if frame is None else frame.index for frame in frames],
        "atoms": [" ".join(map(str, one.atoms)) for one in every],
        "value": [value_now(state, one) for one in every],
        "unit": [UNITS[one.kind] for one in every],
        "cutoff": [one.cutoff for one in every],
        "periodic": [one.periodic for one in every],
    }


def series_table(state: State, one: Measurement) -> Table | None:
    """A measurement over all frames, where its panel has been computed."""
    request = request_of(state, panel_of(one))
    found = None if isinstance(request, Failure) else state.moment.results.get(request)
    return found.tables["series"] if isinstance(found, Result) else None
