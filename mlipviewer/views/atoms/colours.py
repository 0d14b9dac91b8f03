"""The paints of the panes side by side and their one legend. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.scene.paints import (
    SPECIES,
    Paint,
    Swatch,
    class_names,
    column_paint,
    species_paint,
    value_range,
)
from mlipviewer.gui.scene.spheres import Kinds
from mlipviewer.gui.theme import Theme
from mlipviewer.session.state import Colouring
from mlipviewer.views.atoms.legend import Legend

UNITS = {"forces": "eV/Å", "energies": "eV", "masses": "amu", "velocities": "Å/fs"}


def paints_of(
    panes: Sequence[tuple[Frame | None, Kinds | None]], colouring: Colouring
) -> list[Paint]:
    """One paint a pane, with one range and the same colours for the same classes."""
    known = [(frame, kinds) for frame, kinds in panes if frame is not None and kinds is not None]
    columns = [
        frame.columns[colouring.column]
        for frame, _ in known
        if colouring.column != SPECIES and colouring.column in frame.columns
    ]
    low, high = value_range(columns)
    limits = (
        low if colouring.low is None else colouring.low,
        high if colouring.high is None else colouring.high,
    )
    names = class_names(columns)
    return [_paint(frame, kinds, colouring, limits, names) for frame, kinds in known]


def _paint(
    frame: Frame,
    kinds: Kinds,
    colouring: Colouring,
    limits: tuple[float, float],
    names: tuple[object, ...] | None,
) -> Paint:
    column = frame.columns.get(colouring.column)
    if colouring.column == SPECIES or column is None:
        return species_paint(kinds)
    return column_paint(colouring.column, column, limits, colouring.map, names)


def legend_of(paints: Sequence[Paint | None], colouring: Colouring, theme: Theme) -> Legend:
    """The legend of all panes together; counts are sums."""
    shown = [paint for paint in paints if paint is not None]
    counts: dict[tuple[str, tuple[int, int, int]], int] = {}
    for swatch in (swatch for paint in shown for swatch in paint.swatches):
        key = (swatch.name, swatch.colour)
        counts[key] = counts.get(key, 0) + swatch.count
    swatches = tuple(Swatch(name, colour, n) for (name, colour), n in counts.items())
    missing = sum(paint.n_missing for paint in shown)
    first = replace(shown[0], swatches=swatches, n_missing=missing)
    caption = _caption(first.column)
    if first.column != colouring.column:
        caption = f"no {colouring.column} here: {caption}"
    return Legend(caption, first, theme)


def _caption(column: str) -> str:
    if column == SPECIES:
        return "Species"
    unit = UNITS.get(column)
    return f"{column} ({unit})" if unit else column
