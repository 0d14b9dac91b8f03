"""Forms made from the parameters of an analysis."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QSlider,
    QSpinBox,
    QWidget,
)

from mlipviewer.core.analysis import ParamHelp, Params, explained, param_help
from mlipviewer.gui.chooser import PickList, TickList
from mlipviewer.gui.editors import Number
from mlipviewer.gui.plain import PlainLabel, plain_tip

Changed = Callable[[str, Any], None]
SLIDER_STEPS = 200
MOST_IN_COMBO = 12  # names; more are searched in a list
WIDE = 1_000  # a range in which single steps would be tedious


class Form(QWidget):
    """One editor per parameter; `changed(name, value)` is called when the user edits."""

    def __init__(
        self,
        params: Params,
        changed: Changed,
        skip: Sequence[str] = (),
        choices: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        super().__init__()
        layout = QFormLayout(self)
        about = param_help(type(params))
        for field in fields(params):
            if field.name in skip:
                continue
            editor = make_editor(field.name, getattr(params, field.name), about, changed, choices)
            if editor is not None:
                label = PlainLabel(field.name.replace("_", " "))
                label.setToolTip(plain_tip(explained(about[field.name])))
                editor.setToolTip(plain_tip(explained(about[field.name])))
                editor.setAccessibleName(field.name)
                layout.addRow(label, editor)


def make_editor(
    name: str,
    value: Any,
    about: dict[str, ParamHelp],
    changed: Changed,
    choices: Mapping[str, Sequence[str]] | None = None,
) -> QWidget | None:
    """The editor that suits a parameter's type and help."""
    tell = about[name]
    offered = tuple((choices or {}).get(tell.names, ())) or tell.choices
    say = partial(changed, name)
    if isinstance(value, tuple):
        return TickList(value, offered, say) if offered else None
    if isinstance(value, str):
        if len(offered) > MOST_IN_COMBO:
            return PickList(value, offered, say)
        return _combo(value, offered, say) if offered else _line(value, say)
    if isinstance(value, bool):
        return _check(value, say)
    if isinstance(value, int):
        return _whole(value, tell, say)
    return NumberSlider(value, tell, lambda now, _drag: say(now))


def _check(value: bool, changed: Callable[[bool], None]) -> QWidget:
    editor = QCheckBox()
    editor.setChecked(value)
    editor.clicked.connect(changed)
    return editor


def _combo(value: str, offered: Sequence[str], changed: Callable[[str], None]) -> QWidget:
    editor = QComboBox()
    editor.addItems(list(offered))
    editor.setCurrentText(value)
    editor.textActivated.connect(changed)
    return editor


def _whole(value: int, tell: ParamHelp, changed: Callable[[int], None]) -> QWidget:
    editor = QSpinBox()
    editor.setRange(int(tell.low or 0), int(tell.high if tell.high is not None else 10_000_000))
    if editor.maximum() - editor.minimum() > WIDE and tell.low != 0:
        editor.setStepType(QSpinBox.StepType.AdaptiveDecimalStepType)
    editor.setValue(value)
    editor.setKeyboardTracking(False)
    editor.valueChanged.connect(changed)  # the value is never set by the program after this
    return editor


def _line(value: str, changed: Callable[[str], None]) -> QWidget:
    editor = QLineEdit(value)
    editor.returnPressed.connect(lambda: changed(editor.text()))
    return editor


def titled(rows: Iterable[tuple[str, QWidget]]) -> QFormLayout:
    """Rows of a dialog: the title beside each control is its name for screen readers too."""
    form = QFormLayout()
    for title, widget in rows:
        form.addRow(title, widget)
        widget.setAccessibleName(title)
    return form


class NumberSlider(QWidget):
    """A slider with its number beside it; `changed(value, dragging)` while the user moves it."""

    def __init__(
        self, value: float, tell: ParamHelp, changed: Callable[[float, bool], None]
    ) -> None:
        super().__init__()
        self._low = tell.low if tell.low is not None else 0.0
        self._high = tell.high if tell.high is not None else max(1.0, 2 * value)
        self._changed = changed
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, SLIDER_STEPS)
        self.slider.setMinimumWidth(90)
        span = self._high - self._low
        self.number = Number(self._low, self._high, span / 100, 3 if span >= 0.5 else 5)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (self.slider, self.number):
            part.setAccessibleName(tell.text)
        layout.addWidget(self.slider, 1)
        layout.addWidget(self.number)
        self.show_value(value)
        self.slider.sliderMoved.connect(self._slid)
        self.slider.actionTriggered.connect(
            lambda _action: self._slid(self.slider.sliderPosition())
        )
        self.slider.sliderReleased.connect(lambda: self._changed(self.number.value(), False))
        self.number.edited.connect(lambda value: self._changed(value, False))

    def be_short(self) -> None:
        """Take no more room than there is, where it stands in a row with others."""
        self.slider.setMinimumWidth(60)
        self.slider.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_value(self, value: float) -> None:
        """Show a value; nobody is told, since only the user's own signals are connected."""
        share = (value - self._low) / (self._high - self._low)
        if not self.slider.isSliderDown():
            self.slider.setValue(round(share * SLIDER_STEPS))
        self.number.show_value(value)

    def _slid(self, position: int) -> None:
        value = self._low + position / SLIDER_STEPS * (self._high - self._low)
        self.number.show_value(value)
        self._changed(value, True)
