"""The plug-ins in the preferences: what other packages add, and what became of it."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from mlipviewer.core.plugins import Plugin
from mlipviewer.gui.plain import plain
from mlipviewer.session.settings.plugin_list import all_plugins, none_said, said_of

TITLES = ("Name", "Adds", "Package", "State")


class _News(QObject):
    """Outlives the list: a thread may end after it."""

    found = Signal(object)


class PluginPage(QTreeWidget):
    """Filled by a thread when it is shown first: all plug-ins are imported for it."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Plug-ins")
        self.setHeaderLabels(list(TITLES))
        self.setRootIsDecorated(False)
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self._news = _News()
        self._news.found.connect(self._fill, Qt.ConnectionType.QueuedConnection)
        self._begun = False

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._begun:
            self._begun = True
            news = self._news
            work = threading.Thread(
                target=lambda: news.found.emit(all_plugins()), name="plug-ins", daemon=True
            )
            work.start()

    def _fill(self, found: tuple[Plugin, ...]) -> None:
        for one in found:
            package = f"{one.package} {one.version}".strip()
            cells = (one.name, one.kind.word, package, said_of(one))
            QTreeWidgetItem(self, [plain(cell, 300) for cell in cells])
        if not found:
            QTreeWidgetItem(self, ["", "", "", none_said()])
