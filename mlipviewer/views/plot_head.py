"""What stands above a plot: the choice of axes, the parameter that gets a slider, and forms."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from mlipviewer.core.analysis import param_help
from mlipviewer.core.table import ErrorTable, RowRole
from mlipviewer.gui.plain import PlainLabel, plain_tip
from mlipviewer.session.state import Panel, State


def choices_of(table: ErrorTable) -> dict[str, tuple[str, ...]]:
    """What a form offers for parameters that name things of the table."""
    return {
        "category": ("", *table.categories),
        "metric": table.metrics,
        "metrics": table.metrics,
        "text": ("", *table.text),
        "texts": tuple(table.text),
        "family": ("", *dict.fromkeys(table.families[row] for row in table.models)),
        "row": ("", *_keys_of_thresholds_first(table)),
    }


def _keys_of_thresholds_first(table: ErrorTable) -> tuple[str, ...]:
    ordered = [
        row for role in (RowRole.THRESHOLD, RowRole.REFERENCE) for row in table.rows_of(role)
    ]
    return tuple(table.keys[row] for row in (*ordered, *table.models))


def without_effect(panel: Panel) -> list[str]:
    """The parameters that only change other plots of the same analysis."""
    about = param_help(type(panel.params)) if panel.params is not None else {}
    return [name for name, tell in about.items() if tell.plot not in ("", panel.plot)]


def slid_parameter(panel: Panel) -> str | None:
    """The parameter that gets a slider of its own: the first number between bounds."""
    if panel.params is None:
        return None
    for name, tell in param_help(type(panel.params)).items():
        bounded = tell.low is not None and tell.high is not None
        number = isinstance(getattr(panel.params, name), float)
        if bounded and number and name not in without_effect(panel):
            return name
    return None


def named(name: str, widget: QWidget) -> QWidget:
    """A widget with its name before it."""
    both = QWidget()
    layout = QHBoxLayout(both)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(4)
    layout.addWidget(PlainLabel(name))
    layout.addWidget(widget, 1)
    return both


class MetricChoice(QComboBox):
    """A list of metrics: a long name is cut in the middle, and told whole as a tool tip."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumContentsLength(3)  # else a narrow panel would make its window wide
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.view().setTextElideMode(Qt.TextElideMode.ElideMiddle)

    def sizeHint(self) -> QSize:
        """Room for five letters, where there is room."""
        more = 2 * self.fontMetrics().horizontalAdvance("X")
        return super().sizeHint() + QSize(more, 0)

    def show_name(self, name: str) -> None:
        self.setCurrentText(name)
        self.setToolTip(plain_tip(name))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        box = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self)
        middle, text = Qt.TextElideMode.ElideMiddle, self.currentText()
        option.currentText = self.fontMetrics().elidedText(text, middle, box.width() - 4)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()


class AxisChoice(QWidget):
    """Two lists of metrics: what the x and the y axis show."""

    def __init__(self, choose: Any) -> None:
        super().__init__()
        self._choose = choose
        self._metrics: tuple[str, ...] = ()
        self.across, self.up = MetricChoice(), MetricChoice()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for name, combo in (("x", self.across), ("y", self.up)):
            combo.setAccessibleName(f"metric of the {name} axis")
            layout.addWidget(PlainLabel(name))
            layout.addWidget(combo, 1)
            combo.activated.connect(self._chosen)

    def _chosen(self) -> None:
        self._choose((self.across.currentText(), self.up.currentText()))

    def show_choice(self, state: State) -> None:
        metrics = state.table.metrics if state.table is not None else ()
        if metrics != self._metrics:
            self._metrics = metrics
            for combo in (self.across, self.up):
                combo.clear()
                combo.addItems(list(metrics))
        for combo, name in zip((self.across, self.up), state.document.axes, strict=False):
            combo.show_name(name)
