"""Several drawings on one sheet, with letters and one legend for all that name groups alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter

from mlipviewer.core.plot import Plot
from mlipviewer.core.progress import Progress
from mlipviewer.gui.drawing import Drawing, Size, figure_font
from mlipviewer.gui.figure import PlotDrawing
from mlipviewer.gui.figure_look import MM_PER_INCH, SCREEN_DPI, FigureLook
from mlipviewer.gui.marks import paint_outlined
from mlipviewer.gui.paint import Key, legend_names, paint_key
from mlipviewer.gui.table_figure import TableDrawing
from mlipviewer.gui.theme import LIGHT, colour
from mlipviewer.session.figures import FigureLayout, FigurePart

GAP_MM = 2.0
LETTER = 1.15  # of the size of the text

Draw = Callable[[str, FigureLook], Drawing]


@dataclass(frozen=True, eq=False)
class Cell:
    """A drawing with its upper left corner, in pixels of 96 an inch, and its letter."""

    drawing: Drawing
    corner: Size
    letter: str = ""


@dataclass(frozen=True, eq=False)
class CompositeDrawing:
    """Drawings on a sheet; `legend` is of all of them, in the lowest `legend_height` pixels."""

    look: FigureLook
    cells: tuple[Cell, ...]
    legend: tuple[tuple[int, str, Key], ...] = ()
    legend_height: float = 0.0
    title: str = ""

    @property
    def size(self) -> Size:
        return self.look.pixels

    def paint(self, painter: QPainter, scale: float, progress: Progress) -> None:
        if not self.look.transparent:
            painter.fillRect(QRectF(0, 0, *self.size), colour(LIGHT.background))
        for number, cell in enumerate(self.cells):
            progress.step(number, len(self.cells))
            painter.save()
            painter.translate(*cell.corner)
            cell.drawing.paint(painter, scale, progress)
            painter.restore()
            self._paint_letter(painter, cell)
        if self.legend:
            self._paint_legend(painter)

    def _paint_letter(self, painter: QPainter, cell: Cell) -> None:
        pixels = max(round(LETTER * self.look.font_pixels), 1)
        font = figure_font(pixels)
        font.setBold(True)
        painter.save()
        painter.setFont(font)
        x, y = cell.corner
        if isinstance(cell.drawing, TableDrawing):
            y -= 1.2 * LETTER * self.look.font_pixels
        ascent = QFontMetricsF(font).ascent()
        paint_outlined(painter, QPointF(x + 1, y + ascent), cell.letter, LIGHT)
        painter.restore()

    def _paint_legend(self, painter: QPainter) -> None:
        pixels = max(round(self.look.font_pixels), 1)
        fine = self.look.font_pixels / pixels
        font = figure_font(pixels)
        painter.save()
        painter.translate(0, self.size[1] - self.legend_height)
        painter.scale(fine, fine)
        painter.setFont(font)
        for (group, name, mark), x, y in _placed(self.legend, font, self.size[0] / fine):
            line = QFontMetricsF(font).height() + 2
            paint_key(painter, mark, group, QRectF(x, y, KEY, line), LIGHT)
            painter.setPen(colour(LIGHT.text))
            painter.drawText(QPointF(x + KEY + 3, y + QFontMetricsF(font).ascent()), name)
        painter.restore()


KEY = 18.0


def _placed(
    legend: Iterable[tuple[int, str, Key]], font: object, width: float
) -> list[tuple[tuple[int, str, Key], float, float]]:
    """Where each name stands: from the left, in as many lines as are needed."""
    metrics = QFontMetricsF(font)  # type: ignore[call-overload]
    line, x, y = metrics.height() + 2, 4.0, 2.0
    found = []
    for one in legend:
        wide = KEY + 3 + metrics.horizontalAdvance(one[1]) + 12
        if x > 4.0 and x + wide > width:
            x, y = 4.0, y + line
        found.append((one, x, y))
        x += wide
    return found


def shared_names(plots: Iterable[Plot]) -> tuple[tuple[int, str, Key], ...]:
    """What several plots name alike, with one colour: nothing, where names differ in colour."""
    found: dict[str, tuple[int, str, Key]] = {}
    for plot in plots:
        names = legend_names(plot)
        for one in names if len(names) > 1 else ():
            if found.setdefault(one[1], one)[0] != one[0]:
                return ()
    return tuple(found.values())


def composite(layout: FigureLayout, look: FigureLook, draw: Draw) -> CompositeDrawing:
    """The drawing of a layout; `draw(view, look)` makes its parts. Raises what `draw` raises."""
    legend: tuple[tuple[int, str, Key], ...] = ()
    height = 0.0
    if layout.shared_legend:
        drawn = [draw(part.view, look) for part in layout.parts]
        legend = shared_names(one.plot for one in drawn if isinstance(one, PlotDrawing))
        height = _legend_height(legend, look)
    cells = []
    for number, part in enumerate(layout.parts):
        corner, size = cell_place(layout, part, look, height)
        own = replace(look, width=_mm(size[0]), height=_mm(size[1]))
        if legend:
            own = replace(own, parts=(*own.parts, ("legend of groups", False)))
        drawing, letter = draw(part.view, own), layout.letter(number)
        if isinstance(drawing, TableDrawing) and letter:
            corner, drawing = _below_letter(corner, drawing)
        cells.append(Cell(drawing, corner, letter))
    return CompositeDrawing(look, tuple(cells), legend, height, layout.name)


def _below_letter(corner: Size, table: TableDrawing) -> tuple[Size, TableDrawing]:
    """A table leaves no corner for the letter, which stands above it."""
    line = LETTER * table.look.font_pixels * 1.2
    look = replace(table.look, height=table.look.height - _mm(line))
    return (corner[0], corner[1] + line), replace(table, look=look)


def _mm(pixels: float) -> float:
    return pixels / SCREEN_DPI * MM_PER_INCH


def _legend_height(legend: tuple[tuple[int, str, Key], ...], look: FigureLook) -> float:
    if not legend:
        return 0.0
    pixels = max(round(look.font_pixels), 1)
    fine = look.font_pixels / pixels
    font = figure_font(pixels)
    lowest = max(y for _, _, y in _placed(legend, font, look.pixels[0] / fine))
    return (lowest + QFontMetricsF(font).height() + 4) * fine


def cell_place(
    layout: FigureLayout, part: FigurePart, look: FigureLook, below: float
) -> tuple[tuple[float, float], Size]:
    """Upper left corner and size of a part, in pixels."""
    (rows, columns), gap = layout.shape, GAP_MM / MM_PER_INCH * SCREEN_DPI
    width = (look.pixels[0] - gap * (columns - 1)) / columns
    height = (look.pixels[1] - below - gap * (rows - 1)) / rows
    corner = (part.column * (width + gap), part.row * (height + gap))
    return corner, (
        part.columns * width + (part.columns - 1) * gap,
        part.rows * height + (part.rows - 1) * gap,
    )
