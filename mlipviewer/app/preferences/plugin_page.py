"""The plug-ins in the preferences: what other packages add, and what became of it."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from mlipviewer.core.plugins import Plugin
from mlipviewer.gui.later import Later
from mlipviewer.gui.plain import plain
from mlipviewer.session.settings.plugin_list import all_plugins, none_said, said_of

TITLES = ("Name", "Adds", "Package", "State")


class PluginPage(QTreeWidget):
    """Filled by a thread when it is shown first: all plug-ins are imported for it."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Plug-ins")
        self.setHeaderLabels(list(TITLES))
        self.setRootIsDecorated(False)
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self._later, self._begun = Later(self), False

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._begun:
            self._begun = True
            self._later.ask(all_plugins, self._fill, self._tell)

    def _tell(self, reason: str) -> None:
        QTreeWidgetItem(self, ["", "", "", plain(reason, 300)])

    def _fill(self, found: tuple[Plugin, ...]) -> None:
        for one in found:
            package = f"{one.package} {one.version}".strip()
            cells = (one.name, one.kind.word, package, said_of(one))
            QTreeWidgetItem(self, [plain(cell, 300) for cell in cells])
        if not found:
            QTreeWidgetItem(self, ["", "", "", none_said()])
