"""Texts that come from data are shown as plain text, never as HTML."""

from __future__ import annotations

import html

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtGui import Qt as TextQt
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolButton, QWidget

MAX_TEXT = 10_000


def plain(text: str, limit: int = MAX_TEXT) -> str:
    """The text with control characters made visible and a sensible length."""
    short = text if len(text) <= limit else f"{text[:limit]} ..."
    return "".join(sign if sign.isprintable() or sign in "\n\t" else "\ufffd" for sign in short)


def plain_tip(text: str, limit: int = 1000) -> str:
    """A text for a tool tip or a message, where Qt takes for HTML what looks like it."""
    shown = plain(text, limit)
    if not TextQt.mightBeRichText(shown):
        return shown
    return f"<p style='white-space:pre'>{html.escape(shown)}</p>"


class PlainLabel(QLabel):
    """A label whose text is never read as HTML."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)

    def setText(self, text: str) -> None:
        super().setText(plain(text))


class ShortLabel(PlainLabel):
    """A line that is cut with an ellipsis where there is no room (on the right, unless told), and
    tells all as a tool tip: a long text never makes its panel wide."""

    cut = Qt.TextElideMode.ElideRight

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setToolTip(plain_tip(self.text(), MAX_TEXT))

    def shown_text(self) -> str:
        """What there is room for."""
        room = self.contentsRect().width()
        return self.fontMetrics().elidedText(self.text(), self.cut, room)

    def paintEvent(self, event: QPaintEvent) -> None:
        shown = self.shown_text()
        if shown == self.text():
            super().paintEvent(event)  # which shows what is selected of it, too
            return
        painter = QPainter(self)
        painter.drawText(self.contentsRect(), Qt.AlignmentFlag.AlignVCenter, shown)
        painter.end()


def card(parent: QWidget) -> PlainLabel:
    """A small label that floats over a view and tells what is under the mouse."""
    label = PlainLabel(parent=parent)
    label.setObjectName("card")
    label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    label.setStyleSheet(
        "#card { background: palette(tool-tip-base); color: palette(tool-tip-text);"
        " border: 1px solid palette(mid); border-radius: 4px; padding: 4px 6px; }"
    )
    label.hide()
    return label


def plain_button(text: str, tip: str) -> QToolButton:
    """A button with words on it and a tool tip."""
    button = QToolButton()
    button.setText(text)
    button.setToolTip(plain_tip(tip))
    return button
