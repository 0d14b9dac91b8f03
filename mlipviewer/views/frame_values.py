"""The values of the shown frame as a whole: energy, time, what a log says of its step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem

from mlipviewer.core.frames import unit_of
from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.plain import plain, plain_tip
from mlipviewer.session.state import State

HEADS = ("Of the frame", "Value", "Unit")
MOST = 200  # values that are listed
LONGEST = 200  # characters of one
WIDEST = 24  # digits that a column has room for; what is longer is cut, and told as a tool tip

Row = tuple[str, str, str]


class FrameValues(QTreeWidget):
    """Name, value and unit of each; hidden where no frame is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.setHeaderLabels(list(HEADS))
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setSelectionMode(QTreeWidget.SelectionMode.NoSelection)
        self.setAccessibleName("values of the shown frame")
        self._shown: tuple[Row, ...] = ()

    def show_state(self, state: State) -> None:
        frame = state.moment.frames.get(state.document.trajectory or "")
        found = value_rows(frame) if frame is not None else ()
        self.setVisible(bool(found))
        if [row[0] for row in found] != [row[0] for row in self._shown]:
            self._fill(found)
        for number, (new, old) in enumerate(zip(found, self._shown, strict=True)):
            if new != old:
                self._write(number, new)
        self._shown = found

    def _fill(self, found: tuple[Row, ...]) -> None:
        self.clear()
        items = [QTreeWidgetItem(list(row)) for row in found]
        for item, row in zip(items, found, strict=True):
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight)
            _tell_whole(item, row)
        self.addTopLevelItems(items)
        widest = WIDEST * self.fontMetrics().horizontalAdvance("0")
        for column in range(len(HEADS)):
            self.resizeColumnToContents(column)
            self.setColumnWidth(column, min(self.columnWidth(column), widest))
        self._shown = found

    def _write(self, number: int, row: Row) -> None:
        item = self.topLevelItem(number)
        assert item is not None
        for column, text in enumerate(row):
            item.setText(column, text)
        _tell_whole(item, row)


def _tell_whole(item: QTreeWidgetItem, row: Row) -> None:
    for column, text in enumerate(row):
        item.setToolTip(column, plain_tip(text))


def value_rows(frame: Frame) -> tuple[Row, ...]:
    """(name, value, unit) of what belongs to a whole frame; units alone are no values."""
    info = frame.info
    shown = [name for name in info if not _is_unit(name, info)][:MOST]
    return tuple(
        (plain(name, LONGEST), plain(_text(info[name]), LONGEST), _unit(frame, name))
        for name in shown
    )


def _is_unit(name: str, info: Mapping[str, Any]) -> bool:
    return any(name.endswith(end) and name.removesuffix(end) in info for end in ("_unit", "_units"))


def _unit(frame: Frame, name: str) -> str:
    return plain(unit_of(frame, name, per_atom=False)[0], 20)


def _text(value: object) -> str:
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, float | np.floating):
        return f"{value:.8g}"
    if isinstance(value, np.ndarray):
        flat = value.ravel()
        words = " ".join(_text(one) for one in flat[:9].tolist())
        return f"{words} ..." if flat.size > 9 else words
    return str(value)
