"""The legend over the atoms: swatches with counts, or a colour bar; on screen and in pictures."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from mlipviewer.gui.colours import MISSING
from mlipviewer.gui.plain import plain
from mlipviewer.gui.scene.paints import Paint
from mlipviewer.gui.theme import Theme, colour

MOST_SWATCHES = 12
PADDING, SPACE, BOX = 9.0, 6.0, 12.0
BAR_WIDTH, BAR_HEIGHT = 190.0, 14.0


@dataclass(frozen=True, eq=False)
class Legend:
    """What the colours mean: a caption, and the paint of the shown atoms."""

    caption: str
    paint: Paint
    theme: Theme

    @property
    def rows(self) -> tuple[tuple[str, tuple[int, int, int]], ...]:
        """Text and colour of each swatch line."""
        paint = self.paint
        if paint.continuous:
            return ((f"no value: {paint.n_missing:,}", MISSING),) if paint.n_missing else ()
        shown = paint.swatches[:MOST_SWATCHES]
        rows = tuple((f"{one.name}  {one.count:,}", one.colour) for one in shown)
        hidden = len(paint.swatches) - len(shown)
        return (*rows, (f"and {hidden} more", MISSING)) if hidden else rows

    @property
    def ends(self) -> tuple[str, str]:
        """The values at the two ends of the bar."""
        return f"{self.paint.low:.5g}", f"{self.paint.high:.5g}"


def legend_size(legend: Legend, font: QFont) -> tuple[int, int]:
    """Width and height in pixels."""
    metrics = QFontMetricsF(font)
    line = max(metrics.height(), BOX) + 3
    widths = [metrics.horizontalAdvance(plain(legend.caption))]
    widths += [metrics.horizontalAdvance(plain(text)) + BOX + SPACE for text, _ in legend.rows]
    height = line * (1 + len(legend.rows))
    if legend.paint.continuous:
        both = sum(metrics.horizontalAdvance(text) for text in legend.ends) + 3 * SPACE
        widths += [BAR_WIDTH, both]
        height += BAR_HEIGHT + line
    return ceil(min(max(widths), 320) + 2 * PADDING) + 2, ceil(height + 2 * PADDING - 3)


def paint_legend(painter: QPainter, legend: Legend, font: QFont, at: QPoint) -> None:
    """Paint with the upper left corner `at` this pixel."""
    width, height = legend_size(legend, font)
    theme, metrics = legend.theme, QFontMetricsF(font)
    painter.save()
    painter.translate(at)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(font)
    painter.setPen(QPen(colour(theme.grid), 1))
    painter.setBrush(colour(theme.background, 225))
    painter.drawRoundedRect(QRectF(0.5, 0.5, width - 1, height - 1), 5, 5)
    painter.setPen(colour(theme.text))
    inner = width - 2 * PADDING
    line = max(metrics.height(), BOX) + 3
    caption = metrics.elidedText(plain(legend.caption), Qt.TextElideMode.ElideMiddle, inner)
    painter.drawText(QRectF(PADDING, PADDING, inner, line), Qt.AlignmentFlag.AlignLeft, caption)
    y = PADDING + line
    if legend.paint.continuous:
        y = _paint_bar(painter, legend, y, inner, line)
    for text, rgb in legend.rows:
        _paint_swatch(painter, theme, rgb, y + (line - BOX) / 2 - 1)
        words = metrics.elidedText(plain(text), Qt.TextElideMode.ElideRight, inner - BOX - SPACE)
        place = QRectF(PADDING + BOX + SPACE, y, inner - BOX - SPACE, line)
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft, words)
        y += line
    painter.restore()


def _paint_swatch(painter: QPainter, theme: Theme, rgb: tuple[int, int, int], y: float) -> None:
    painter.save()
    painter.setPen(QPen(colour(theme.edge), 1))
    painter.setBrush(QColor(*rgb))
    painter.drawEllipse(QRectF(PADDING + 0.5, y, BOX - 1, BOX - 1))
    painter.restore()


def _paint_bar(painter: QPainter, legend: Legend, y: float, width: float, line: float) -> float:
    table = legend.paint.table
    bar = QImage(table.tobytes(), 256, 1, 768, QImage.Format.Format_RGB888)
    place = QRectF(PADDING, y, width, BAR_HEIGHT)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(place, bar)
    low, high = legend.ends
    words = QRectF(PADDING, y + BAR_HEIGHT + 2, width, line)
    painter.drawText(words, Qt.AlignmentFlag.AlignLeft, low)
    painter.drawText(words, Qt.AlignmentFlag.AlignRight, high)
    return y + BAR_HEIGHT + line


class AtomsLegend(QWidget):
    """Shows a Legend; as large as it needs, and no obstacle to the mouse."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.legend: Legend | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("Colour legend")
        self.hide()

    def show_legend(self, legend: Legend | None) -> None:
        self.legend = legend
        self.setVisible(legend is not None)
        if legend is None:
            return
        self.resize(*legend_size(legend, self.font()))
        words = ", ".join((*(text for text, _ in legend.rows), *legend.ends))
        self.setAccessibleDescription(f"{legend.caption}: {words}")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.legend is not None:
            painter = QPainter(self)
            paint_legend(painter, self.legend, self.font(), QPoint(0, 0))
            painter.end()
