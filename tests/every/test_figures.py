"""What is asked of every plot as a figure: vectors with text as text, legible in one column."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlipviewer.core.analysis import Inputs
from mlipviewer.core.plot import HeatMap, Plot, Points, Polylines, Raster
from mlipviewer.core.plot_data import plot_table
from mlipviewer.gui.drawing import drawing_bytes
from mlipviewer.gui.figure import PlotDrawing, ensure_application
from mlipviewer.gui.figure_look import FigureLook
from mlipviewer.gui.polylines import MOST_SEGMENTS
from tests.every.test_analyses import PLOTS, inputs, ran

__all__ = ["inputs"]
COLUMN = FigureLook(85, 68, 7.0, 600)


@pytest.fixture(autouse=True)
def _application() -> Any:
    return ensure_application()


@PLOTS
def test_that_its_figure_is_vectors_with_text_as_text(
    analysis: Any, plot: str, inputs: Inputs, tmp_path: Path
) -> None:
    drawn: Plot = analysis.plots[plot](inputs, analysis.params(), ran(analysis, inputs))
    svg = drawing_bytes(PlotDrawing(drawn, COLUMN), ".svg").decode()
    pdf = drawing_bytes(PlotDrawing(drawn, COLUMN), ".pdf")
    if not _dense(drawn):
        assert "<image" not in svg
        assert b"/Subtype /Image" not in pdf
    assert re.search(r">[^<>]*\w[^<>]*</text>", svg), "there is text"
    assert b"/FontFile" in pdf, "fonts are embedded"
    sizes = [float(one) for one in re.findall(r'font-size="([\d.]+)"', svg)]
    assert min(sizes) >= 5.0


def _dense(plot: Plot) -> bool:
    """Whether some marks are drawn as a picture: so many points or lines, or bands of atoms."""
    return any(
        isinstance(mark, Raster)
        or (isinstance(mark, HeatMap) and mark.values.size > 40_000)
        or (isinstance(mark, Points) and len(mark.x) > mark.crowd)
        or (isinstance(mark, Polylines) and mark.y.size > MOST_SEGMENTS)
        for mark in plot.marks
    )


@PLOTS
def test_that_its_data_are_a_table(analysis: Any, plot: str, inputs: Inputs) -> None:
    drawn: Plot = analysis.plots[plot](inputs, analysis.params(), ran(analysis, inputs))
    table = plot_table(drawn)
    lengths = {len(column) for column in table.values()}
    assert len(lengths) == 1
    drawn_numbers = any(np.size(getattr(mark, "x", ())) for mark in drawn.marks)
    assert lengths.pop() > 0 or not drawn_numbers
