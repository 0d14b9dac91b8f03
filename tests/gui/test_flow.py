"""A bar that breaks into rows."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QToolButton, QWidget

from mlipviewer.core.rows import Mode
from mlipviewer.gui.flow import FlowLayout
from mlipviewer.views.atoms.bar import NARROW, AtomsBar

pytestmark = pytest.mark.window


def in_rows(bar: QWidget) -> list[list[QWidget]]:
    """The widgets of a bar from left to right, row by row."""
    shown = [one for one in bar.findChildren(QWidget) if one.isVisible()]
    own = [one for one in shown if one.parentWidget() is bar]
    tops = sorted({one.y() for one in own})
    return [sorted((one for one in own if one.y() == y), key=lambda one: one.x()) for y in tops]


@pytest.mark.parametrize("width", [1200, 380, 220])
def test_that_no_button_of_the_atoms_is_cut(width: int, qtbot: Any) -> None:
    bar = AtomsBar()
    qtbot.addWidget(bar)
    bar.resize(width, bar.heightForWidth(width))
    bar.show()
    QApplication.processEvents()  # it fits itself once it has its place
    bar.resize(width, bar.heightForWidth(width))
    rows = in_rows(bar)
    buttons = [one for row in rows for one in row if isinstance(one, QToolButton)]
    assert len(buttons) == (11 if width > NARROW else 4)
    for row in rows:
        for one, after in pairwise(row):
            assert one.geometry().right() < after.geometry().left()
    for one in buttons:
        assert one.width() >= one.sizeHint().width()
        assert bar.rect().contains(one.geometry())
    assert (len(rows) == 1) == (width == 1200)


def test_that_a_narrow_bar_has_a_menu_of_what_it_lacks(qtbot: Any) -> None:
    bar = AtomsBar()
    qtbot.addWidget(bar)
    bar.resize(220, 100)
    bar.show()
    menu = bar.more.menu()
    qtbot.waitUntil(bar.more.isVisible)
    menu.aboutToShow.emit()
    entries = {action.text(): action for action in menu.actions()}
    add = next(action for text, action in entries.items() if text.startswith("Add"))
    assert not add.isChecked()
    add.trigger()
    assert bar.mode is Mode.ADD
    with qtbot.waitSignal(bar.reset_wanted):
        next(action for text, action in entries.items() if "everything" in text).trigger()
    bar.resize(700, 60)
    qtbot.waitUntil(bar.more.isHidden)
    assert bar.reset.isVisible()


def test_that_groups_stay_together_where_there_is_room(qtbot: Any) -> None:
    bar = QWidget()
    qtbot.addWidget(bar)
    layout = FlowLayout(bar)
    for number in range(6):
        button = QToolButton()
        button.setText("word")
        button.setProperty("begins", number in (0, 4))
        layout.addWidget(button)
    wide = button.sizeHint().width()
    bar.resize(round(5.4 * wide), layout.heightForWidth(round(5.4 * wide)))
    bar.show()
    assert [len(row) for row in in_rows(bar)] == [4, 2]
