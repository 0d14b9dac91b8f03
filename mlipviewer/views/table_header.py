"""The header of the table of models: names of columns, a funnel where a filter is active, and
above them a band for each run of metrics of one category."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHeaderView, QWidget

from mlipviewer.gui.colours import categorical
from mlipviewer.gui.plain import plain
from mlipviewer.gui.theme import colour, current_theme

FUNNEL = 9  # pixels
BAND = 70  # opacity of a band


@dataclass(frozen=True)
class Bands:
    """The category of each column ('' for none), and the categories in the order of colours."""

    of_column: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


class TableHeader(QHeaderView):
    """It tells what is clicked; bands and funnels are those it was given last."""

    band_clicked = Signal(str, object)  # category, held keys
    funnel_clicked = Signal(int)  # column
    columns_moved = Signal(object)  # the columns in the order that the user gave them

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._bands = Bands()
        self._filtered: frozenset[int] = frozenset()
        self._pointed = -1
        self._elsewhere = False  # the press was on a band or a funnel, not on a name
        self.setDefaultSectionSize(92)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setHighlightSections(False)
        self.setMouseTracking(True)

    # -- what is shown ---------------------------------------------------------------------

    def show_bands(self, bands: Bands) -> None:
        """Show other categories above the columns."""
        if bands != self._bands:
            self._bands = bands
            self.updateGeometry()
            self.geometriesChanged.emit()
            self.viewport().update()

    def show_filtered(self, columns: frozenset[int]) -> None:
        """The columns that have a funnel."""
        if columns != self._filtered:
            self._filtered = columns
            self.viewport().update()

    @property
    def band_height(self) -> int:
        """The height of the bands; 0 where no column has a category."""
        return self.fontMetrics().height() + 4 if any(self._bands.of_column) else 0

    def sizeHint(self) -> QSize:
        usual = super().sizeHint()
        return QSize(usual.width(), usual.height() + self.band_height)

    def bands(self) -> Iterator[tuple[str, QRect]]:
        """(category, place) of each run of neighbouring columns of one category."""
        category, left, right = "", 0, 0
        for visual in range(self.count()):
            logical = self.logicalIndex(visual)
            if self.isSectionHidden(logical):
                continue
            here = self._category(logical)
            start = self.sectionViewportPosition(logical)
            if here != category:
                if category:
                    yield category, QRect(left, 0, right - left, self.band_height)
                category, left = here, start
            right = start + self.sectionSize(logical)
        if category:
            yield category, QRect(left, 0, right - left, self.band_height)

    def _category(self, logical: int) -> str:
        known = self._bands.of_column
        return known[logical] if logical < len(known) else ""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.band_height:
            return
        painter = QPainter(self.viewport())
        for category, box in self.bands():
            if box.intersects(self.viewport().rect()):
                self._paint_band(painter, category, box)
        painter.end()

    def _paint_band(self, painter: QPainter, category: str, box: QRect) -> None:
        theme = current_theme()
        number = self._bands.categories.index(category)
        tint = QColor(*categorical(number)).lighter(theme.category_gain)
        line = QRect(box.left(), box.bottom() - 2, box.width() - 1, 3)
        painter.fillRect(line, tint)
        tint.setAlpha(BAND)
        painter.fillRect(box.adjusted(0, 0, -1, -3), tint)
        painter.setPen(self.palette().buttonText().color())
        seen = box.intersected(self.viewport().rect()).adjusted(5, 0, -5, -2)
        name = self.fontMetrics().elidedText(
            plain(category, 80), Qt.TextElideMode.ElideRight, seen.width()
        )
        painter.drawText(seen, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)

    def paintSection(self, painter: QPainter, rect: QRect, logical: int) -> None:
        below = rect.adjusted(0, self.band_height, 0, 0)
        painter.save()
        super().paintSection(painter, below, logical)
        painter.restore()
        if logical in self._filtered or logical == self._pointed:
            self._paint_funnel(painter, self.funnel_box(logical), logical in self._filtered)

    def funnel_box(self, logical: int) -> QRect:
        """Where the funnel of a column is, at the left of its name."""
        left = self.sectionViewportPosition(logical)
        top = self.band_height + (self.height() - self.band_height - FUNNEL) // 2
        return QRect(left + 4, top, FUNNEL, FUNNEL)

    def _paint_funnel(self, painter: QPainter, box: QRect, active: bool) -> None:
        theme = current_theme()
        ink = colour(theme.selected) if active else self.palette().placeholderText().color()
        x, y, s = box.left(), box.top(), float(FUNNEL)
        share = ((0.0, 0.0), (1.0, 0.0), (0.6, 0.5), (0.6, 1.0), (0.4, 0.85), (0.4, 0.5))
        shape = QPolygonF([QPointF(x + a * s, y + b * s) for a, b in share])
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRectF(box).adjusted(-2, -2, 2, 2), self.palette().button())
        painter.setPen(QPen(ink, 1.2))
        painter.setBrush(ink if active else Qt.BrushStyle.NoBrush)
        painter.drawPolygon(shape)
        painter.restore()

    # -- what the user does ----------------------------------------------------------------

    def band_at(self, at: QPoint) -> str:
        """The category whose band is at a place; '' where there is none."""
        if at.y() >= self.band_height:
            return ""
        return next((name for name, box in self.bands() if box.contains(at)), "")

    def funnel_at(self, at: QPoint) -> int:
        """The column whose funnel is at a place, -1 for none."""
        logical = self.logicalIndexAt(at)
        reach = self.funnel_box(logical).adjusted(-3, -4, 3, 4) if logical >= 0 else QRect()
        return logical if reach.contains(at) else -1

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        category, column = self.band_at(at), self.funnel_at(at)
        self._elsewhere = at.y() < self.band_height or column >= 0
        if not self._elsewhere:
            super().mousePressEvent(event)
        elif event.button() is Qt.MouseButton.LeftButton and column >= 0:
            self.funnel_clicked.emit(column)
        elif event.button() is Qt.MouseButton.LeftButton and category:
            self.band_clicked.emit(category, event.modifiers())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        if self._elsewhere and event.buttons():
            return
        self._point(self.logicalIndexAt(at) if at.y() >= self.band_height else -1)
        if at.y() >= self.band_height or event.buttons():
            super().mouseMoveEvent(event)
        else:
            self.unsetCursor()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._elsewhere:
            return
        super().mouseReleaseEvent(event)
        order = [self.logicalIndex(visual) for visual in range(self.count())]
        if order != sorted(order):
            for column in range(len(order)):  # the document says the order
                self.moveSection(self.visualIndex(column), column)
            self.columns_moved.emit(order)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.position().y() >= self.band_height:
            super().mouseDoubleClickEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point(-1)

    def _point(self, logical: int) -> None:
        if logical != self._pointed:
            self._pointed = logical
            self.viewport().update()
