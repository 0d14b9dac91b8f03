"""The top of the window: its menus, and beside them the newest notice."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QBoxLayout, QMenuBar, QWidget

from mlipviewer.app.notice_bar import NoticeBar

BESIDE, BELOW = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom


class TopRow(QWidget):
    """A notice that has room beside the menus moves nothing: all panels would be drawn anew for it.
    A longer one, or one with its details, stands below them."""

    def __init__(self, menus: QMenuBar, notices: NoticeBar) -> None:
        super().__init__()
        self._menus, self._notices = menus, notices
        self._layout = QBoxLayout(BELOW, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(menus, alignment=Qt.AlignmentFlag.AlignVCenter)
        self._layout.addWidget(notices, 1)

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._arrange()
        return super().event(event)

    def _arrange(self) -> None:
        menus, line = self._menus.sizeHint(), self._notices.line_size()
        self.setMinimumHeight(line.height() if menus.height() else 0)
        fits = menus.width() + line.width() <= self.width() and not self._notices.is_tall
        self._layout.setDirection(BESIDE if fits and menus.height() else BELOW)
