"""Rows of a table as a part of a figure: text between three lines, as journals print tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from mlipviewer.core.progress import Progress
from mlipviewer.gui.drawing import Size, figure_font
from mlipviewer.gui.figure_look import FigureLook
from mlipviewer.gui.plain import plain
from mlipviewer.gui.theme import LIGHT, colour
from mlipviewer.io.table_texts import short_cell

PAD = 6.0
WIDEST_SHARE = 0.45  # of the figure, for one column


@dataclass(frozen=True, eq=False)
class TableDrawing:
    """Columns of cells; as many rows as there is room, then how many more there are."""

    columns: Mapping[str, Sequence[Any]]
    look: FigureLook
    title: str = ""

    @property
    def size(self) -> Size:
        return self.look.pixels

    def paint(self, painter: QPainter, scale: float, progress: Progress) -> None:
        del scale, progress
        pixels = max(round(self.look.font_pixels), 1)
        fine = self.look.font_pixels / pixels
        painter.save()
        painter.scale(fine, fine)
        if not self.look.transparent:
            painter.fillRect(QRectF(0, 0, *(s / fine for s in self.size)), colour("#ffffff"))
        self._paint(painter, figure_font(pixels), self.size[0] / fine, self.size[1] / fine)
        painter.restore()

    def _paint(self, painter: QPainter, font: QFont, width: float, height: float) -> None:
        metrics = QFontMetricsF(font)
        line = metrics.height() + 3
        texts = {name: [plain(short_cell(c, 4)) for c in cells] for name, cells in
                 self.columns.items()}  # fmt: skip
        n_rows = len(next(iter(texts.values()), []))
        n_fit = max(int((height - 3 * PAD - line) / line), 1)
        shown = n_rows if n_rows <= n_fit else n_fit - 1
        columns, left_out = self._fitting(texts, metrics, width, shown)
        right = columns[-1][2] if columns else width
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font)
        y = PAD
        _rule(painter, y, right, 1.2)
        self._row(painter, metrics, columns, [name for name, *_ in columns], y)
        y += line + 2
        _rule(painter, y, right, 0.6)
        for row in range(shown):
            cells = [texts[name][row] for name, *_ in columns]
            self._row(painter, metrics, columns, cells, y)
            y += line
        _rule(painter, y + 2, right, 1.2)
        more = [f"and {n_rows - shown} more rows"] if shown < n_rows else []
        more += [f"{left_out} more columns"] if left_out else []
        if more:
            painter.setPen(colour(LIGHT.faint_text))
            painter.drawText(QPointF(PAD, y + line), ", ".join(more))

    def _fitting(
        self, texts: Mapping[str, list[str]], metrics: QFontMetricsF, width: float, shown: int
    ) -> tuple[list[tuple[str, float, float, bool]], int]:
        """(name, left, right, whether numbers) of the columns that there is room for, and how many
        there is none for."""
        found: list[tuple[str, float, float, bool]] = []
        left = PAD
        for name, cells in texts.items():
            wide = max(metrics.horizontalAdvance(t) for t in (plain(name), *cells[:shown]))
            wide = min(wide, WIDEST_SHARE * width)
            if found and left + wide > width - PAD:
                break
            numbers = all(isinstance(c, int | float) for c in self.columns[name])
            found.append((name, left, left + wide, numbers))
            left += wide + 2 * PAD
        return found, len(texts) - len(found)

    def _row(
        self,
        painter: QPainter,
        metrics: QFontMetricsF,
        columns: list[tuple[str, float, float, bool]],
        cells: list[str],
        y: float,
    ) -> None:
        painter.setPen(colour(LIGHT.text))
        for (_, left, right, numbers), text in zip(columns, cells, strict=True):
            fitted = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, right - left + 1)
            x = right - metrics.horizontalAdvance(fitted) if numbers else left
            painter.drawText(QPointF(x, y + metrics.ascent() + 3), fitted)


def _rule(painter: QPainter, y: float, right: float, wide: float) -> None:
    painter.setPen(QPen(colour(LIGHT.text), wide))
    painter.drawLine(QPointF(PAD, y), QPointF(right, y))
