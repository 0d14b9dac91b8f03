"""Texts that come from data are shown as plain text, never as HTML."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

MAX_TEXT = 10_000


def plain(text: str, limit: int = MAX_TEXT) -> str:
    """The text with control characters made visible and a sensible length."""
    short = text if len(text) <= limit else f"{text[:limit]} ..."
    return "".join(sign if sign.isprintable() or sign in "\n\t" else "\ufffd" for sign in short)


class PlainLabel(QLabel):
    """A label whose text is never read as HTML."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)

    def setText(self, text: str) -> None:
        super().setText(plain(text))


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
