"""The events under the timeline: a mark for each, from its first to its last frame."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from mlipviewer.core.events import Events
from mlipviewer.core.plot import Array
from mlipviewer.gui.plain import plain_tip
from mlipviewer.gui.theme import colour, current_theme
from mlipviewer.views.timeline.strip import places

HEIGHT = 12
NEAR = 4.0  # pixels about a mark that mean it
WIDE = 2.0  # pixels of the shortest mark


@dataclass(frozen=True, eq=False)
class Marked:
    """What is painted: events of a run of `n` frames; `of_selected` (k,) those of selected atoms,
    `shown` the number of the one shown last."""

    n: int
    events: Events
    of_selected: Array
    shown: int | None


class EventsStrip(QWidget):
    """A click shows the event there; again, the next one there."""

    clicked = Signal(float, float)  # the first and last frame that a click may mean

    def __init__(self, words: Callable[[float, float], list[str]]) -> None:
        super().__init__()
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName("events")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._words = words
        self.marked: Marked | None = None

    def sizeHint(self) -> QSize:
        return QSize(100, HEIGHT)

    def show_events(self, marked: Marked | None) -> None:
        old, self.marked = self.marked, marked
        if old is None or marked is None or _differ(old, marked):
            self.update()

    def x_of(self, frame: float) -> float:
        left, step = places(self, self.marked.n if self.marked is not None else 1)
        return left + frame * step

    def _meant(self, x: float) -> tuple[float, float]:
        """The frames within a few pixels."""
        left, step = places(self, self.marked.n if self.marked is not None else 1)
        step = max(step, 1e-9)
        return (x - NEAR - left) / step, (x + NEAR - left) / step

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.marked is not None:
            self.clicked.emit(*self._meant(event.position().x()))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            told = self._words(*self._meant(event.pos().x()))
            QToolTip.showText(event.globalPos(), plain_tip("\n".join(told)), self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.marked is None:
            return
        painter = QPainter(self)
        theme, events = current_theme(), self.marked.events
        left, step = places(self, self.marked.n)
        painter.fillRect(QRectF(left, HEIGHT / 2, self.width() - 2 * left, 1), colour(theme.grid))
        chosen = self.marked.of_selected
        for mask, tint in ((~chosen, theme.faint_text), (chosen, theme.selected)):
            low = left + events.begin[mask] * step
            high = left + events.end[mask] * step
            for x, end in _covered(low, high, self.width()):
                painter.fillRect(QRectF(x, 2, end - x, HEIGHT - 4), colour(tint))
        if self.marked.shown is not None:
            k = self.marked.shown
            begin, long = int(events.begin[k]) * step, int(events.end[k] - events.begin[k]) * step
            painter.setPen(colour(theme.text))
            place = QRectF(left + begin - 2.5, 0.5, max(long, WIDE) + 3, HEIGHT - 2)
            painter.drawRect(place)
        painter.end()


def _covered(low: Array, high: Array, width: int) -> list[tuple[int, int]]:
    """The stretches of pixels (first, one beyond the last) that marks cover, however many."""
    first = np.clip(np.round(low - WIDE / 2), 0, width).astype(int)
    last = np.clip(np.round(np.maximum(high, low + WIDE / 2)), 0, width).astype(int)
    change = np.bincount(first, minlength=width + 2) - np.bincount(last, minlength=width + 2)
    covered = np.concatenate([[0], (np.cumsum(change) > 0).astype(np.int8), [0]])
    edges = np.flatnonzero(np.diff(covered))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2).tolist()]


def _differ(old: Marked, new: Marked) -> bool:
    same = (old.n, old.shown) == (new.n, new.shown) and old.events is new.events
    return not same or not np.array_equal(old.of_selected, new.of_selected)
