"""Plots as figures: the painter of the screen on a sheet of paper."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QRectF
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QApplication

from mlipviewer.core.plot import Plot
from mlipviewer.core.progress import Progress
from mlipviewer.gui.axes import Sheet, Window
from mlipviewer.gui.drawing import (
    FORMATS,
    Size,
    drawing_bytes,
    drawing_image,
    figure_font,
    format_of,
    image_bytes,
    write_drawing,
)
from mlipviewer.gui.figure_look import FigureLook
from mlipviewer.gui.overlay import Highlights, paint_overlay
from mlipviewer.gui.paint import lay_out, paint_plot
from mlipviewer.gui.style import Style
from mlipviewer.gui.theme import LIGHT, Theme

__all__ = ["FORMATS", "PlotDrawing", "ensure_application", "image_bytes", "save_plot"]

USUAL_LOOK = FigureLook(560 / 96 * 25.4, 420 / 96 * 25.4, 9.0, 288)
"""560 x 420 pixels of the screen, three dots for each."""


def ensure_application() -> QGuiApplication:
    """The running application, or one without a screen: the painter needs fonts."""
    running = QGuiApplication.instance()
    if isinstance(running, QGuiApplication):
        return running
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return QApplication(["mlipviewer"])


def save_plot(
    plot: Plot,
    path: str | Path,
    size: Size | None = None,
    window: Window | None = None,
    highlights: dict[object, Highlights] | None = None,
    theme: Theme = LIGHT,
    look: FigureLook | None = None,
) -> None:
    """Write a plot to an .svg, .pdf, .png or .tiff file, on a white background unless another theme
    is given. `size` is in pixels of the screen, that of a `look` on paper. Raises ValueError for
    other suffixes, OSError."""
    ensure_application()
    format_of(Path(path))
    look = look or look_of_size(size)
    if look.problem:
        raise ValueError(look.problem)
    write_drawing(PlotDrawing(plot, look, window, highlights or {}, theme), path)


def look_of_size(size: Size | None) -> FigureLook:
    """The usual look of so many pixels of the screen."""
    if size is None:
        return USUAL_LOOK
    return replace(USUAL_LOOK, width=size[0] / 96 * 25.4, height=size[1] / 96 * 25.4)


def preview(plot: Plot, look: FigureLook, window: Window | None, scale: float) -> QImage:
    """The figure as a picture of `scale` pixels for each of 96 an inch."""
    return drawing_image(PlotDrawing(plot, look, window), scale)


def plot_picture(plot: Plot, size: Size) -> tuple[bytes, Sheet]:
    """A plot as SVG of so many pixels, and where on it things lie."""
    ensure_application()
    drawing = PlotDrawing(plot, look_of_size(size))
    style = Style(LIGHT, figure_font(round(drawing.look.font_pixels)), True, True)
    return drawing_bytes(drawing, ".svg"), lay_out(plot, *drawing.size, style, None)


@dataclass(frozen=True, eq=False)
class PlotDrawing:
    """A plot at the size of a look."""

    plot: Plot
    look: FigureLook
    window: Window | None = None
    highlights: Mapping[Any, Highlights] = field(default_factory=dict)
    theme: Theme = LIGHT

    @property
    def size(self) -> Size:
        return self.look.pixels

    @property
    def title(self) -> str:
        return self.plot.title

    def paint(self, painter: QPainter, scale: float, progress: Progress) -> None:
        del scale, progress  # all of it is lines and text, but for densities of many points
        look = self.look
        # fonts have whole pixels: the rest of the wanted size is a scale of all
        pixels = max(round(look.font_pixels), 1)
        fine = look.font_pixels / pixels
        inner = (self.size[0] / fine, self.size[1] / fine)
        legend = look.shows("legend", otherwise=True)
        legend = legend and look.shows("legend of groups", otherwise=True)
        style = Style(self.theme, figure_font(pixels), not look.transparent, legend)
        plot = self.plot if look.shows("title", otherwise=True) else replace(self.plot, title="")
        sheet = lay_out(plot, *inner, style, self.window)
        painter.save()
        painter.scale(fine, fine)
        paint_plot(painter, plot, sheet, style, QRectF(0, 0, *inner))
        paint_overlay(painter, plot, sheet, self.theme, self.highlights)  # type: ignore[arg-type]
        painter.restore()
