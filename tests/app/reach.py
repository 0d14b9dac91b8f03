"""What a screen reader tells of controls, and what Tab reaches."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenuBar,
    QScrollArea,
    QScrollBar,
    QTabBar,
    QTabWidget,
    QWidget,
)

TOLD_BY_ITSELF = (QScrollBar, QTabBar, QMenuBar, QScrollArea, QTabWidget)
"""Qt tells these to screen readers by what they hold."""


def takes_focus(widget: QWidget) -> bool:
    return widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.isEnabled()


def inner(widget: QWidget) -> bool:
    """A part of another control: the line of a spin box, the popup of a combo box."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QAbstractSpinBox | QComboBox | QLineEdit):
            return True
        parent = parent.parentWidget()
    name = widget.objectName()
    return name.startswith("qt_") or type(widget).__name__ == "QComboBoxListView"


def has_name(widget: QWidget) -> bool:
    if isinstance(widget, QAbstractButton) and widget.text().strip():
        return True
    if isinstance(widget, QLabel):
        return True  # its text, once it has one
    if isinstance(widget, QLineEdit) and widget.placeholderText():
        return True
    return bool(widget.accessibleName())


def nameless(top: QWidget) -> list[str]:
    """The controls that take the focus and have no name."""
    found = []
    for widget in top.findChildren(QWidget):
        plain_area = type(widget) is QAbstractScrollArea
        if isinstance(widget, TOLD_BY_ITSELF) or plain_area or inner(widget):
            continue
        if takes_focus(widget) and not has_name(widget):
            parents = []
            parent = widget.parentWidget()
            while parent is not None:
                parents.append(type(parent).__name__)
                parent = parent.parentWidget()
            found.append(f"{type(widget).__name__} in {' < '.join(parents[:4])}")
    return sorted(set(found))


def chain_of(window: QWidget) -> list[QWidget]:
    """What Tab walks along."""
    found, now = [], window.nextInFocusChain()
    while now is not window and len(found) < 5000:
        found.append(now)
        now = now.nextInFocusChain()
    return found


def unreached(top: QWidget) -> list[str]:
    """The controls of a window that can be seen and used, and that Tab leaves out: but for parts
    of other controls, and headers."""
    chain = set(chain_of(top))
    by_arrows = {"What was found"}  # the palette's list, from the line above it
    kinds = (QAbstractItemView, QLineEdit, QComboBox, QAbstractSpinBox, QAbstractButton)
    tab = Qt.FocusPolicy.TabFocus
    return [
        f"{type(one).__name__} {one.accessibleName()}"
        for one in top.findChildren(QWidget)
        if isinstance(one, kinds) and not isinstance(one, QHeaderView)
        if one.isVisible() and one.isEnabled() and not inner(one)
        if one not in chain or one.focusPolicy() & tab != tab
        if one.accessibleName() not in by_arrows
    ]
