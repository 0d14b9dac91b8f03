"""Several curves of frames are named beside the plot; one is named by its axis."""

from __future__ import annotations

import numpy as np

from mlipviewer.core.plot import Line, Plot, Space
from mlipviewer.gui.paint import legend_names

X = np.arange(3.0)


def curve(name: str, colour: int, space: Space | None = Space.FRAME) -> Line:
    rows = np.arange(3, dtype=np.int32) if space is not None else None
    return Line(X, X, name, rows=rows, space=space, colour=colour)


def test_that_curves_of_frames_are_named_in_order() -> None:
    plot = Plot(marks=(curve("energy", 0), curve("guide", 5, None), curve("T", 1)))
    assert [(group, name) for group, name, _ in legend_names(plot)] == [(0, "energy"), (1, "T")]
