"""The legend over the atoms: swatches with counts, or a colour bar; on screen and in pictures."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, inf

import numpy as np
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from mlipviewer.core.superscripts import raised
from mlipviewer.gui.colours import MISSING
from mlipviewer.gui.plain import plain
from mlipviewer.gui.scene.labels import formatted
from mlipviewer.gui.scene.paints import Paint
from mlipviewer.gui.theme import Theme, colour

MOST_SWATCHES = 12
PADDING, SPACE, BOX = 9.0, 6.0, 12.0
BAR_WIDTH, BAR_HEIGHT = 190.0, 14.0
LEAST_BAR, SHARE_OF_ROOM = 90.0, 0.42
"""Of a narrow pane the bar takes so much, but no less than so many pixels."""

TICK = 4.0
MOST_TICKS = 50
NO_CLASS = "(none)"
RIM = 8
"""Pixels between the legend and the picture's edge."""


@dataclass(frozen=True, eq=False)
class Legend:
    """What the colours mean: a caption, and the paint of the shown atoms; `form` as in printf,
    `every` the distance of ticks, 0 for what fits."""

    caption: str
    paint: Paint
    theme: Theme
    form: str = ""
    differ: bool = False  # panes have ranges of their own: the ends are words
    room: float = 1000.0  # pixels across that there are for it
    every: float = 0.0

    @property
    def bar_width(self) -> float:
        return min(max(self.room * SHARE_OF_ROOM, LEAST_BAR), BAR_WIDTH)

    @property
    def widest(self) -> float:
        """Pixels beyond which words are elided."""
        return min(max(self.room * 0.6, LEAST_BAR), 320.0)

    @property
    def rows(self) -> tuple[tuple[str, tuple[int, int, int]], ...]:
        """Text and colour of each swatch line."""
        paint = self.paint
        if paint.continuous:
            return ((f"no value: {paint.n_missing:,}", MISSING),) if paint.n_missing else ()
        shown = paint.swatches[:MOST_SWATCHES]
        rows = tuple((f"{one.name or NO_CLASS}  {one.count:,}", one.colour) for one in shown)
        hidden = len(paint.swatches) - len(shown)
        return (*rows, (f"and {hidden} more", MISSING)) if hidden else rows

    @property
    def ends(self) -> tuple[str, str]:
        """The values at the two ends of the bar."""
        return ("low", "high") if self.differ else (self.words(0.0), self.words(1.0))

    def words(self, share: float) -> str:
        """The value at 0..1 of the bar."""
        return self._written(self.paint.value_at(share))

    def _written(self, value: float) -> str:
        try:
            return formatted(self.form, value) if self.form else f"{value:.4g}"
        except ValueError:
            return f"{value:.4g}"

    @property
    def ticks(self) -> tuple[tuple[float, str], ...]:
        """Places 0..1 of round values within the bar, and their words."""
        paint = self.paint
        if self.differ or not paint.continuous or not paint.high > paint.low:
            return ()
        values = _values_of_ticks(paint.low, paint.high, self.every)
        shares = (values - paint.low) / (paint.high - paint.low)
        shown = 10.0**values if paint.log else values + 0.0  # without a minus before 0
        texts = map(self._written, shown.tolist())
        return tuple(zip(shares.tolist(), texts, strict=True))


def _values_of_ticks(low: float, high: float, every: float) -> np.ndarray:
    """Multiples of `every` within two ends; round values where it is 0 or would give too many."""
    if not 0 < (high - low) / MOST_TICKS <= every < inf:
        return _round_values(low, high)
    found = np.arange(np.floor(low / every), np.ceil(high / every) + 1) * every
    slack = 1e-9 * (high - low)  # the ends may be multiples
    return np.asarray(found[(found >= low - slack) & (found <= high + slack)])


def _round_values(low: float, high: float, most: int = 5) -> np.ndarray:
    """Up to `most` multiples of 1, 2 or 5 x 10^k within two ends."""
    rough = (high - low) / most
    power = 10.0 ** np.floor(np.log10(rough))
    step = next(power * n for n in (1, 2, 5, 10) if power * n >= rough * 0.999)
    first, last = np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9)
    return np.asarray(np.arange(first, last + 1) * step)


def legend_size(legend: Legend, font: QFont) -> tuple[int, int]:
    """Width and height in pixels."""
    metrics = QFontMetricsF(font)
    line = _line(metrics)
    widths = [metrics.horizontalAdvance(raised(plain(legend.caption)))]
    widths += [metrics.horizontalAdvance(plain(text)) + BOX + SPACE for text, _ in legend.rows]
    height = line * (1 + len(legend.rows))
    if legend.paint.continuous:
        both = sum(metrics.horizontalAdvance(text) for text in legend.ends) + 3 * SPACE
        widths += [legend.bar_width, both]
        height += BAR_HEIGHT + TICK + line
    return ceil(min(max(widths), legend.widest) + 2 * PADDING) + 2, ceil(height + 2 * PADDING - 3)


def _line(metrics: QFontMetricsF) -> float:
    return max(metrics.height(), BOX) + 3


def bar_place(legend: Legend, font: QFont) -> QRectF:
    """Where the colour bar lies in the legend; empty where there is none."""
    if not legend.paint.continuous:
        return QRectF()
    width, _ = legend_size(legend, font)
    top = PADDING + _line(QFontMetricsF(font))
    return QRectF(PADDING, top, width - 2 * PADDING, BAR_HEIGHT)


def swatch_at(legend: Legend, font: QFont, y: float) -> int | None:
    """The number of the swatch at a height in the legend."""
    line = _line(QFontMetricsF(font))
    row = int((y - PADDING - line) // line)
    shown = min(len(legend.paint.swatches), MOST_SWATCHES)
    return row if not legend.paint.continuous and 0 <= row < shown else None


def legend_corner(
    size: tuple[int, int], room: tuple[int, int], place: tuple[float, float]
) -> QPoint:
    """Its upper left corner at a place 0..1 of the room (width, height) that it has."""
    across = max(room[0] - size[0] - 2 * RIM, 0)
    down = max(room[1] - size[1] - 2 * RIM, 0)
    return QPoint(round(RIM + place[0] * across), round(RIM + place[1] * down))


def paint_legend(
    painter: QPainter,
    legend: Legend,
    font: QFont,
    at: QPoint,
    brush: tuple[float, float] | None = None,
) -> None:
    """Paint with the upper left corner `at` this pixel; `brush` is the chosen part of the bar."""
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
    inner, line = width - 2 * PADDING, _line(metrics)
    caption = metrics.elidedText(raised(plain(legend.caption)), Qt.TextElideMode.ElideMiddle, inner)
    painter.drawText(QRectF(PADDING, PADDING, inner, line), Qt.AlignmentFlag.AlignLeft, caption)
    y = PADDING + line
    if legend.paint.continuous:
        _paint_bar(painter, legend, bar_place(legend, font), line, brush)
        y += BAR_HEIGHT + TICK + line
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


def _paint_bar(
    painter: QPainter,
    legend: Legend,
    place: QRectF,
    line: float,
    brush: tuple[float, float] | None,
) -> None:
    bar = QImage(legend.paint.table.tobytes(), 256, 1, 768, QImage.Format.Format_RGB888)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(place, bar)
    low, high = legend.ends
    words = QRectF(place.left(), place.bottom() + TICK, place.width(), line)
    painter.drawText(words, Qt.AlignmentFlag.AlignLeft, low)
    painter.drawText(words, Qt.AlignmentFlag.AlignRight, high)
    _paint_ticks(painter, legend, place, words)
    if brush is not None:
        painter.save()
        painter.setPen(QPen(colour(legend.theme.selected), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        left, right = (place.left() + share * place.width() for share in brush)
        painter.drawRect(QRectF(left, place.top() - 2, right - left, place.height() + 4))
        painter.restore()


def _paint_ticks(painter: QPainter, legend: Legend, place: QRectF, words: QRectF) -> None:
    """Short lines at round values, with words where the ends and each other leave room."""
    metrics = QFontMetricsF(painter.font())
    low, high = legend.ends
    free = words.left() + metrics.horizontalAdvance(low) + 2 * SPACE
    end = words.right() - metrics.horizontalAdvance(high) - 2 * SPACE
    for share, text in legend.ticks:
        x, width = place.left() + share * place.width(), metrics.horizontalAdvance(text)
        painter.drawLine(QRectF(x, place.bottom(), 0, TICK - 1).topLeft(),
                         QRectF(x, place.bottom(), 0, TICK - 1).bottomLeft())  # fmt: skip
        if x - width / 2 >= free and x + width / 2 <= end:
            box = QRectF(x - width / 2 - 1, words.top(), width + 2, words.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, text)
            free = x + width / 2 + SPACE
