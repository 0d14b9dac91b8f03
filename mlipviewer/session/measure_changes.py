"""Pure changes of the measurements."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from mlipviewer.analysis.atoms.measure import MeasureParams
from mlipviewer.core.measures import chain
from mlipviewer.core.measuring import (
    Measure,
    Measurement,
    measures_of,
    rows_of_ids,
)
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.session import changes
from mlipviewer.session.atom_changes import owner_of, shown_frame
from mlipviewer.session.panels import plot_panel
from mlipviewer.session.set_changes import COLOURS
from mlipviewer.session.state import Panel, State

PLOTS = SERIES, HISTOGRAM = "Series", "Histogram"
"""What panels show of a measurement."""


def measure_selected(state: State, kind: Measure | None = None, owner: str | None = None) -> State:
    """Measure the selected atoms: along the chain that joins them, or as `kind` wants."""
    name, frame = owner_of(state, owner), shown_frame(state, owner)
    ids = tuple(int(one) for one in state.selected(Space.ATOM, name))
    possible = measures_of(len(ids))
    if frame is None or not possible or (kind is not None and kind not in possible):
        return state
    kind = kind or possible[0]
    places = rows_of_ids(frame, ids)
    if len(ids) in (3, 4) and (places >= 0).all() and kind in (Measure.ANGLE, Measure.DIHEDRAL):
        order = chain(frame, tuple(places.tolist()))
        ids = tuple(int(frame.atom_ids[row]) for row in order)
    return add_measurement(state, name, kind, ids)


def add_measurement(state: State, owner: str, kind: Measure, atoms: tuple[int, ...]) -> State:
    """One more measurement, named by what it measures; the same one is not added twice."""
    document = state.document
    number = max((one.number for one in document.measurements), default=0) + 1
    name = f"{kind} " + "–".join(map(str, atoms[:4])) + (" ..." if len(atoms) > 4 else "")
    colour = COLOURS[(number - 1) % len(COLOURS)]
    new = Measurement(number, owner, kind, atoms, name, colour, document.reach, document.periodic)
    if any(_same(one, new) for one in document.measurements):
        return state
    return state.with_document(measurements=(*document.measurements, new))


def _same(one: Measurement, other: Measurement) -> bool:
    return replace(one, number=0, name="", colour="") == replace(
        other, number=0, name="", colour=""
    )


def measurement(state: State, number: int) -> Measurement | None:
    return next((one for one in state.document.measurements if one.number == number), None)


def set_measurement(state: State, number: int, **about: Any) -> State:
    """Change the name, colour, cut-off or periodicity of a measurement; its panel follows."""
    old = measurement(state, number)
    if old is None or not about.get("name", "name").strip():
        return state
    new = replace(old, **about)
    if new == old:
        return state
    every = tuple(new if one is old else one for one in state.document.measurements)
    state = state.with_document(measurements=every)
    for plot in PLOTS:
        state = changes.set_panel(state, panel_of(new, plot))
    return state


def drop_measurement(state: State, number: int) -> State:
    """Without a measurement, and without its panel."""
    every = tuple(one for one in state.document.measurements if one.number != number)
    if len(every) == len(state.document.measurements):
        return state
    state = state.with_document(measurements=every)
    for plot in PLOTS:
        state = changes.close_panel(state, panel_id(number, plot))
    return state


def panel_id(number: int, plot: str = SERIES) -> str:
    return f"measurement.{number}" if plot == SERIES else f"measurement.{number}.{plot.lower()}"


def panel_of(one: Measurement, plot: str = SERIES) -> Panel:
    """The panel that plots a measurement over its run."""
    about = {"trajectory": one.owner, "atoms": one.atoms}
    order = ",".join(map(str, one.atoms))
    params = MeasureParams(str(one.kind), order, one.cutoff, one.periodic)
    panel = plot_panel("measure", plot, panel_id(one.number, plot), **about)
    return replace(panel, params=params, title=one.name)


def plot_measurement(state: State, number: int, plot: str = SERIES) -> State:
    """Open a measurement's panel over all frames."""
    one = measurement(state, number)
    return state if one is None else changes.open_panel(state, panel_of(one, plot))


def select_measured(state: State, number: int) -> State:
    """Select the atoms of a measurement."""
    one = measurement(state, number)
    if one is None:
        return state
    return changes.select(state, Space.ATOM, rows(np.array(one.atoms)), owner=one.owner)


def set_periodic(state: State, wanted: bool) -> State:
    """Whether measurements made from now on take the nearest images."""
    return state if wanted == state.document.periodic else state.with_document(periodic=wanted)
