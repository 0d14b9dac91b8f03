"""The paints of the panes side by side and their one legend. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mlipviewer.core.columns import Array, finite_range, numbers_of
from mlipviewer.core.differences import (
    DISPLACEMENT,
    SAME_OR_NOT,
    beside_columns,
    beside_unit,
    class_differences,
    differences,
)
from mlipviewer.core.frames import unit_of
from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.scene.paints import (
    SPECIES,
    Paint,
    Scale,
    Swatch,
    class_names,
    coded_paint,
    column_paint,
    species_paint,
)
from mlipviewer.gui.scene.spheres import Kinds
from mlipviewer.gui.theme import Theme
from mlipviewer.session.standing import Ends
from mlipviewer.session.state import Colouring, RangePolicy
from mlipviewer.views.atoms.legend import Legend

PERCENTILES = (2.0, 98.0)
SAME_OR_NOT_COLOURS = ("#c7ccd3", "#d55e00")
MOST_RANKED = 200_000
"""Values of which percentiles are taken; of more, evenly chosen ones."""


def limits_of(
    columns: Sequence[Array], colouring: Colouring, all_frames: Ends | None = None
) -> Ends:
    """(low, high) over which the colours of columns spread, by the policy of the colouring.

    `all_frames` is the range over all frames, where it is known; until then it is this frame's.
    """
    numeric = [
        numbers_of(column, colouring.component) for column in columns if column.dtype.kind in "iufb"
    ]
    low, high = _policy_ends(numeric, colouring.policy, all_frames)
    if colouring.log and low <= 0:
        low = min((float(v[v > 0].min()) for v in numeric if (v > 0).any()), default=1.0)
        high = high if high > low else 10 * low
    return (
        low if colouring.low is None else colouring.low,
        high if colouring.high is None else colouring.high,
    )


def _policy_ends(numeric: Sequence[Array], policy: RangePolicy, all_frames: Ends | None) -> Ends:
    if policy is RangePolicy.ALL and all_frames is not None and np.isfinite(all_frames).all():
        return all_frames
    if policy is RangePolicy.PERCENTILE and numeric:
        every = np.concatenate([one[:: len(one) // MOST_RANKED + 1] for one in numeric])
        good = every[np.isfinite(every)]
        if good.size:
            low, high = np.percentile(good, PERCENTILES).tolist()
            return low, high
    known = [ends for one in numeric if (ends := finite_range(one)) is not None]
    if not known:
        return 0.0, 1.0
    low, high = min(ends[0] for ends in known), max(ends[1] for ends in known)
    if policy is RangePolicy.SYMMETRIC:
        most = max(abs(low), abs(high)) or 1.0  # where all are 0, they are in the middle
        return -most, most
    return low, high


def paints_of(
    panes: Sequence[tuple[Frame | None, Kinds | None]],
    colouring: Colouring,
    all_frames: Ends | None = None,
) -> list[Paint]:
    """One paint a pane, with one range (or each its own) and the same colours for the same
    classes."""
    known = [(frame, kinds) for frame, kinds in panes if frame is not None and kinds is not None]
    shown = shown_columns([frame for frame, _ in known], colouring)
    columns = [column for column in shown if column is not None]
    scale = _scale(columns, colouring, None if colouring.difference else all_frames)
    names = class_names(columns)
    return [
        _paint(one, column, colouring, _own_scale(column, colouring) or scale, names)
        for one, column in zip(known, shown, strict=True)
    ]


def shown_columns(frames: Sequence[Frame], colouring: Colouring) -> list[Array | None]:
    """For each frame the column that colours its atoms, or None. Frames side by side have more
    columns than their own (core.differences), and may show how they differ from the first."""
    name = colouring.column
    if name == SPECIES:
        return [None] * len(frames)
    between = beside_columns(name, frames, colouring.aligned)
    if between is None and colouring.difference:
        between = differences(name, frames) or class_differences(name, frames)
    return [frame.columns.get(name) for frame in frames] if between is None else list(between)


def _own_scale(column: Array | None, colouring: Colouring) -> Scale | None:
    """The scale over the values of a frame alone, where each has its own."""
    return _scale([column], colouring, None) if colouring.own and column is not None else None


def _scale(columns: Sequence[Array], colouring: Colouring, all_frames: Ends | None) -> Scale:
    ends = limits_of(columns, colouring, all_frames)
    how = colouring.component, colouring.log, colouring.reverse
    return Scale(ends, colouring.map, *how)


def _paint(
    one: tuple[Frame, Kinds],
    column: Array | None,
    colouring: Colouring,
    scale: Scale,
    names: tuple[object, ...] | None,
) -> Paint:
    (frame, kinds), name = one, colouring.column
    if column is None:
        return species_paint(kinds)
    own = frame.columns.get(name)
    if own is None:
        return replace(column_paint(name, column, scale), unit=beside_unit(name, frame))
    if colouring.difference and column.dtype == np.int8 and own is not column:
        return coded_paint(name, column, SAME_OR_NOT, SAME_OR_NOT_COLOURS)
    if name in frame.classes:
        return coded_paint(name, column, frame.classes[name], frame.class_colours.get(name, ()))
    return replace(column_paint(name, column, scale, names), unit=unit_of(frame, name, True)[0])


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
    caption = _caption(first, colouring.component)
    if first.column != colouring.column:
        caption = f'no column "{colouring.column}": {caption}'
    if colouring.difference and len(shown) > 1 and colouring.column == first.column:
        caption += _less_words(first)
    differ = len({(paint.low, paint.high) for paint in shown if paint.continuous}) > 1
    caption += ", each its own range" if differ else ""
    return Legend(caption, first, theme, differ=differ)


def _less_words(paint: Paint) -> str:
    beside = paint.column == DISPLACEMENT or paint.column.startswith("spread(")
    return " − that of the first run" if paint.continuous and not beside else ""


def _caption(paint: Paint, component: int | None) -> str:
    if paint.column == SPECIES:
        return "Species"
    name = paint.column if component is None else f"{paint.column} {component_name(component)}"
    return f"{name} ({paint.unit})" if paint.unit else name


def component_name(component: int) -> str:
    """`x`, `y`, `z`, then numbers."""
    return "xyz"[component] if component < 3 else str(component + 1)
