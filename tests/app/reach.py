"""What a screen reader tells of controls, and what Tab reaches."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenuBar,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QScrollBar,
    QTabBar,
    QTabWidget,
    QWidget,
)

from mlipviewer.gui.plain import ShortLabel

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


SPARE = 2  # pixels


def cut(top: QWidget) -> list[str]:
    """The controls and words that are seen and have less room than they need: pressed flat, or cut
    without saying so."""
    found = []
    for one in top.findChildren(QWidget):
        if not one.isVisible() or inner(one):
            continue
        least = one.minimumSizeHint()
        if isinstance(one, QLabel):
            flat, narrow = _is_cut(one, least)
        elif isinstance(one, QPushButton | QCheckBox | QRadioButton):
            flat, narrow = one.height() < least.height(), one.width() < least.width()
        elif isinstance(one, QLineEdit | QComboBox | QAbstractSpinBox | QAbstractButton):
            flat, narrow = one.height() < least.height() - SPARE, False
        else:
            continue
        if flat or narrow:
            said = one.text() if isinstance(one, QLabel | QAbstractButton) else one.accessibleName()
            how = f"{one.width()} x {one.height()} of {least.width()} x {least.height()}"
            found.append(f"{type(one).__name__} {said[:60]!r}: {how}")
    return sorted(set(found))


def _is_cut(label: QLabel, least: QSize) -> tuple[bool, bool]:
    """Whether it is too low, too narrow. Those that end in dots where there is no room tell so."""
    if isinstance(label, ShortLabel) or not label.text():
        return False, False
    if label.wordWrap():
        return label.height() < label.heightForWidth(label.width()) - SPARE, False
    return label.height() < least.height() - SPARE, label.width() < least.width() - SPARE


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
