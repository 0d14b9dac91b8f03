"""The log of this window's program: levels, filter, copy, and a bundle for a bug report."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.app.docks import make_room
from mlipviewer.app.file_dialogs import REPORT, ask_save
from mlipviewer.gui.dock import InkedDock
from mlipviewer.gui.plain import PlainLabel, plain
from mlipviewer.session.reports.bug_report import report_parts, write_report
from mlipviewer.session.reports.log_book import Entry, LogBook
from mlipviewer.session.state import State, Weight

LEVELS = {"All": logging.DEBUG, "Warnings": logging.WARNING, "Errors": logging.ERROR}
SIGNS = {logging.INFO: "i", logging.WARNING: "!", logging.ERROR: "✕", logging.CRITICAL: "✕"}
WEIGHTS = {
    Weight.INFO: logging.INFO,
    Weight.WARNING: logging.WARNING,
    Weight.ERROR: logging.ERROR,
}
SOON_MS = 100

Told = Callable[[str], object]


class LogDock(InkedDock):
    """Not a panel of the document: the log is of the program."""

    _news = Signal()

    def __init__(self, book: LogBook, tell: Told, parent: QMainWindow) -> None:
        super().__init__("Log", parent)
        self.setObjectName("log")
        self._book, self._tell, self._window = book, tell, parent
        self._first = True
        self.level = QComboBox()
        self.level.addItems(list(LEVELS))
        self.level.setAccessibleName("level of the log")
        self.level.activated.connect(self._show_all)
        self.filter = QLineEdit(placeholderText="Filter", clearButtonEnabled=True)
        self.filter.setAccessibleName("filter of the log")
        self.filter.setMinimumWidth(12 * self.filter.fontMetrics().averageCharWidth())
        self.filter.textChanged.connect(self._show_all)
        self.status = PlainLabel()
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setAccessibleName("log")
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._lay_out()
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self._show_all)
        self._news.connect(self._ask, Qt.ConnectionType.QueuedConnection)
        self._end = book.listen(lambda _entry: self._news.emit())

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.level)
        row.addWidget(self.filter, 1)
        row.addWidget(self.status)
        for title, act in (("Copy", self._copy), ("Save for a bug report ...", self.ask_report)):
            button = QPushButton(title)
            button.clicked.connect(act)
            row.addWidget(button)
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(4, 2, 4, 2)
        layout.addLayout(row)
        layout.addWidget(self.text)
        self.setWidget(inside)

    def end(self) -> None:
        """The window closes."""
        self._end()

    def _ask(self) -> None:
        if self.isVisible() and not self._soon.isActive():
            self._soon.start()

    def open(self) -> None:
        """Show it, with all that came meanwhile."""
        self.show()
        self.raise_()
        if self._first:
            self._first = False
            make_room(self._window, self)
        self._show_all()
        self.filter.setFocus()

    def _show_all(self) -> None:
        entries = self._book.entries
        least, word = LEVELS[self.level.currentText()], self.filter.text().casefold()
        lines = [_shown(entry) for entry in entries if entry.level >= least]
        lines = [line for line in lines if word in line.casefold()]
        self.text.setPlainText("\n".join(lines))
        self.text.moveCursor(self.text.textCursor().MoveOperation.End)
        self.status.setText(f"{len(lines)} of {len(entries)} events")

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self._tell("Copied the log as it is shown.")

    def ask_report(self) -> None:
        """Ask where the bundle goes and write it. What is in it is told; nothing is sent."""
        name = time.strftime("mlipviewer-report-%Y%m%d.zip")
        path = ask_save(self, "Save for a bug report", REPORT, name, "Zip (*.zip)", must=True)
        if path is not None:
            self.write_report(path)

    def write_report(self, path: Path) -> None:
        try:
            parts = report_parts(self._book, drawing_facts())
            write_report(path, parts)
        except OSError as problem:
            self._tell(f"{path.name} was not written: {problem.strerror}")
        else:
            held = ", ".join(parts)
            self._tell(f"Written: {path}. It holds {held}, without paths; nothing was sent.")


def _shown(entry: Entry) -> str:
    sign = SIGNS.get(entry.level, "i")
    stamp = time.strftime("%H:%M:%S", time.localtime(entry.when))
    more = f"\n{entry.details.rstrip()}" if entry.details else ""
    return plain(f"{stamp} {sign} {entry.source}: {entry.text}{more}")


def drawing_facts() -> dict[str, str]:
    """OpenGL and screens, as far as can be told without making a context where there is none."""
    from PySide6.QtCore import qVersion
    from PySide6.QtGui import QOffscreenSurface, QOpenGLContext

    screens = [
        f"{s.size().width()} x {s.size().height()} at {s.devicePixelRatio():g}"
        for s in QGuiApplication.screens()
    ]
    facts = {
        "Qt": qVersion(),
        "platform": QGuiApplication.platformName(),
        "screens": "; ".join(screens),
    }
    surface, context = QOffscreenSurface(), QOpenGLContext()
    surface.create()
    if not context.create() or not context.makeCurrent(surface):
        return {**facts, "OpenGL": "none"}
    names = {"vendor": 0x1F00, "renderer": 0x1F01, "version": 0x1F02}
    functions = context.functions()
    found = {f"OpenGL {name}": str(functions.glGetString(code)) for name, code in names.items()}
    context.doneCurrent()
    return {**facts, **found}


def log_notices(old: State | None, new: State) -> None:
    """An observer of the store: new notices are written to the log."""
    before = set(map(id, old.moment.notices)) if old is not None else set()
    log = logging.getLogger("mlipviewer.notice")
    for notice in new.moment.notices:
        if id(notice) not in before:
            log.log(WEIGHTS[notice.weight], "%s", notice.text, extra={"details": notice.details})
