"""Small editors that tell what a user did, and never what a program sets."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.gui.floating import Floating
from mlipviewer.gui.plain import plain, plain_tip

STEPS = 500


class Number(QDoubleSpinBox):
    """A number; `edited` when the user has typed another one or pressed an arrow."""

    edited = Signal(float)

    def __init__(self, low: float, high: float, step: float, decimals: int = 2) -> None:
        super().__init__()
        self.setRange(low, high)
        self.setSingleStep(step)
        self.setDecimals(decimals)
        self.setKeyboardTracking(False)
        digits = max(len(f"{end:.{decimals}f}") for end in (low, high))  # its own hint sees few
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance("0") * min(digits, 9) + 30)
        self._told = self.value()
        self.editingFinished.connect(self._tell)  # that of the line is not told of Return

    def show_value(self, value: float) -> None:
        self._told = value
        self.setValue(value)

    def sizeHint(self) -> QSize:
        """With room for all decimals, though those of the ends of the range may be zeros."""
        hint = super().sizeHint()
        digits = "." + "0" * self.decimals()
        return QSize(hint.width() + self.fontMetrics().horizontalAdvance(digits), hint.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def textFromValue(self, value: float) -> str:
        """Without zeros at the end, which say nothing."""
        text, point = super().textFromValue(value), self.locale().decimalPoint()
        return text.rstrip("0").rstrip(point) if point in text else text

    def stepBy(self, steps: int) -> None:
        super().stepBy(steps)
        self._tell()

    def _tell(self) -> None:
        if self.value() != self._told:
            self._told = self.value()
            self.edited.emit(self._told)


class Slide(QWidget):
    """A number with a slider; `edited` has the number and whether the drag goes on."""

    edited = Signal(float, bool)

    def __init__(self, low: float, high: float, decimals: int = 2) -> None:
        super().__init__()
        self._low, self._high = low, high
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, STEPS)
        self.slider.setMinimumWidth(110)
        self.number = Number(low, high, (high - low) / 50, decimals)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.slider, 1)
        row.addWidget(self.number)
        self.setFocusProxy(self.number)
        self.number.edited.connect(lambda value: self.edited.emit(value, False))
        self.slider.actionTriggered.connect(lambda _action: self._slid())
        self.slider.sliderReleased.connect(lambda: self.edited.emit(self.number.value(), False))

    def show_value(self, value: float) -> None:
        if not self.slider.isSliderDown():
            self.slider.setValue(round((value - self._low) / (self._high - self._low) * STEPS))
        self.number.show_value(value)

    def _slid(self) -> None:
        share = self.slider.sliderPosition() / STEPS
        value = self._low + share * (self._high - self._low)
        self.number.show_value(value)
        self.edited.emit(self.number.value(), self.slider.isSliderDown())

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        self.slider.setAccessibleName(name)
        self.number.setAccessibleName(name)


class Choice(QComboBox):
    """One of several values; `chosen` when the user took one."""

    chosen = Signal(object)

    def __init__(self, offered: Sequence[tuple[str, object]] = ()) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContentsOnFirstShow)
        self.setMaximumWidth(220)
        self._values: list[object] = []
        self.offer(offered)
        self.activated.connect(lambda i: self.chosen.emit(self._values[i]))

    def offer(self, offered: Sequence[tuple[str, object]]) -> None:
        """Words and values; nothing happens where they are offered already."""
        values, words = [value for _, value in offered], [plain(word, 60) for word, _ in offered]
        if values == self._values and words == [self.itemText(i) for i in range(self.count())]:
            return
        now = self.value
        self.clear()
        self._values = values
        self.addItems(words)
        self.show_value(now)

    @property
    def value(self) -> object:
        i = self.currentIndex()
        return self._values[i] if 0 <= i < len(self._values) else None

    def show_value(self, value: object) -> None:
        self.setCurrentIndex(self._values.index(value) if value in self._values else -1)


class Popover(QToolButton):
    """A button that opens a panel; a click elsewhere or Escape closes it."""

    opened = Signal()

    def __init__(self, text: str, tip: str, panel: QWidget) -> None:
        super().__init__()
        self.setText(f"{text} \u25be")
        self.setToolTip(plain_tip(tip))
        self.setAccessibleName(text)
        self.setAutoRaise(True)
        self.panel = panel
        self.frame = Floating(self)
        box = QVBoxLayout(self.frame)
        box.setContentsMargins(10, 8, 10, 8)
        box.addWidget(panel)
        self.clicked.connect(self.open)

    def open(self) -> None:
        """Show the panel above the button, or below it where there is more room."""
        self.opened.emit()
        self.frame.adjustSize()
        size, top_left = self.frame.sizeHint(), self.mapToGlobal(QPoint(0, 0))
        screen = self.screen() or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        y = top_left.y() - size.height()
        if y < room.top():
            y = min(top_left.y() + self.height(), room.bottom() - size.height())
        x = min(max(top_left.x(), room.left()), room.right() - size.width())
        self.frame.move(x, max(y, room.top()))
        self.frame.show()


def colour_icon(rgb: tuple[int, int, int], side: int = 14) -> QIcon:
    """A square of one colour."""
    pixmap = QPixmap(side, side)
    pixmap.fill(QColor(*rgb))
    return QIcon(pixmap)
