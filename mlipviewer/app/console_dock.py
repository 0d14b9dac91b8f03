"""The Python console of a window: what is typed runs in a thread of its own (decision 0025)."""

from __future__ import annotations

import platform
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QKeyEvent,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.app.docks import make_room
from mlipviewer.gui.dock import InkedDock
from mlipviewer.gui.plain import PlainLabel
from mlipviewer.gui.theme import current_theme
from mlipviewer.session.interpreter import Completed, Interpreter, Ready, Said, needs_more

if TYPE_CHECKING:
    from mlipviewer.api.viewing import Viewer
    from mlipviewer.app.window import MainWindow

Value = TypeVar("Value")
News = Said | Ready | Completed

MOST_LINES = 10_000
SHOW_MS = 30  # output is shown so often, not at every word
INPUT_LINES = 8
TAB = "    "
HELLO = """Python {python}. `app` is this window; `mlipviewer` and numpy as `np` are at hand. Try:
  app.selection    app.table.metrics    app.trajectory.frame(0).positions
  app.run("pareto").table()    app.select(atoms="z > 5")    app.undo()
Return runs, Tab completes, Up and Down walk through what was typed, Ctrl+C interrupts.
"""


class WindowHands(QObject):
    """The window's thread works for the console's."""

    _wanted = Signal(object)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._closed = threading.Event()
        self._wanted.connect(lambda act: act(), Qt.ConnectionType.QueuedConnection)

    def do(self, act: Callable[[], Value]) -> Value:
        """Have it done by the window's thread; what it raises is raised here."""
        if threading.current_thread() is threading.main_thread():
            return act()
        done, found = threading.Event(), _Found[Value]()

        def work() -> None:
            try:
                found.value.append(act())
            except BaseException as problem:  # noqa: BLE001 - it is raised where it was asked for
                found.problem = problem
            done.set()

        self._wanted.emit(work)
        while not done.wait(0.05):
            if self._closed.is_set():
                raise RuntimeError("the window is closed")
        if found.problem is not None:
            raise found.problem
        return found.value[0]

    def turn(self) -> None:
        """Let the window work for a moment."""
        self._closed.wait(0.02)

    def open_session(self, path: Path, trust: bool) -> None:
        """As dropped on the window, which asks what is to be asked; until it is there."""
        del trust
        sessions = self._window.sessions
        self.do(lambda: sessions.open(path))
        while self.do(lambda: sessions.opening):
            self.turn()

    def end(self) -> None:
        self._closed.set()


class _Found(Generic[Value]):
    """What was done, or what it raised."""

    def __init__(self) -> None:
        self.value: list[Value] = []
        self.problem: BaseException | None = None


class ConsoleDock(InkedDock):
    """Not a panel of the document: what is typed is not saved, and nothing that is opened types."""

    _news = Signal(object)

    def __init__(self, window: MainWindow) -> None:
        super().__init__("Python console", window)
        self.setObjectName("console")
        self._window = window
        self.hands = WindowHands(window)
        self.interpreter: Interpreter | None = None
        self._history: list[str] = []
        self._place = 0
        self._waiting: list[Said] = []
        self._lay_out()
        self._soon = QTimer(self, singleShot=True, interval=SHOW_MS)
        self._soon.timeout.connect(self._show_waiting)
        self._news.connect(self._hear, Qt.ConnectionType.QueuedConnection)

    def _lay_out(self) -> None:
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        self.output = QPlainTextEdit(readOnly=True)
        self.output.setMaximumBlockCount(MOST_LINES)
        self.output.setAccessibleName("output of the Python console")
        self.input = QPlainTextEdit()
        self.input.setAccessibleName("Python console")
        self.input.setPlaceholderText("Python")
        self.input.setTabChangesFocus(False)
        self.input.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.input.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.input.installEventFilter(self)
        self.input.textChanged.connect(self._fit)
        self.prompt = PlainLabel(">>>")
        for widget in (self.output, self.input, self.prompt):
            widget.setFont(font)
        self.stop = QPushButton("Interrupt")
        self.stop.setEnabled(False)
        self.stop.clicked.connect(self.interrupt)
        clear = QPushButton("Clear")
        clear.clicked.connect(self.output.clear)
        row = QHBoxLayout()
        row.addWidget(self.prompt, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.input, 1)
        beside = QVBoxLayout()
        beside.addWidget(self.stop)
        beside.addWidget(clear)
        beside.addStretch()
        above = QHBoxLayout()
        above.addWidget(self.output, 1)
        above.addLayout(beside)
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(4, 2, 4, 4)
        layout.addLayout(above, 1)
        layout.addLayout(row)
        self.setWidget(inside)
        self._fit()

    def _fit(self) -> None:
        """As many lines high as are typed, up to some."""
        lines = min(max(self.input.blockCount(), 1), INPUT_LINES)
        margins = round(2 * self.input.document().documentMargin()) + 2 * self.input.frameWidth()
        self.input.setFixedHeight(self.input.fontMetrics().lineSpacing() * lines + margins + 2)
        self.prompt.setText(">>>" if lines == 1 else "...")

    # -- opening and ending ----------------------------------------------------------------

    def open(self) -> None:
        """Show it and begin, if it is shown first."""
        self.show()
        self.raise_()
        self.input.setFocus()
        if self.interpreter is None:
            make_room(self._window, self)
            self._write(Said(HELLO.format(python=platform.python_version())))
            self.interpreter = Interpreter(self._names(), self._news.emit)

    def _names(self) -> dict[str, Any]:
        import numpy as np

        import mlipviewer

        return {"app": self.viewer(), "mlipviewer": mlipviewer, "np": np}

    def viewer(self) -> Viewer:
        """This window, for code in another thread."""
        from mlipviewer.api.viewing import Viewer

        return Viewer(self._window.store, self._window.session, self.hands)

    def end(self) -> None:
        """The window closes."""
        self.hands.end()
        if self.interpreter is not None:
            self.interpreter.close()

    # -- typing ----------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride and self._is_interrupt(event):
                event.accept()  # this key is the console's own while it has the focus
                return True
            if event.type() == QEvent.Type.KeyPress:
                return self._pressed(event)
        return super().eventFilter(watched, event)

    def _is_interrupt(self, event: QKeyEvent) -> bool:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        chosen = self.input.textCursor().hasSelection() or self.output.textCursor().hasSelection()
        return control and event.key() == Qt.Key.Key_C and not chosen

    def _pressed(self, event: QKeyEvent) -> bool:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key, cursor = event.key(), self.input.textCursor()
        if self._is_interrupt(event):
            self.interrupt()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
            self._return()
        elif key == Qt.Key.Key_Tab and plain:
            self._tab()
        elif key == Qt.Key.Key_Up and plain and cursor.blockNumber() == 0:
            self._walk(-1)
        elif key == Qt.Key.Key_Down and plain and self._on_last_line(cursor):
            self._walk(1)
        else:
            return False
        return True

    def _on_last_line(self, cursor: QTextCursor) -> bool:
        return cursor.blockNumber() == self.input.blockCount() - 1

    def _return(self) -> None:
        source = self.input.toPlainText()
        running = self.interpreter is None or self.interpreter.busy
        inside = not self._on_last_line(self.input.textCursor())
        if running or inside or needs_more(source):
            last = self.input.textCursor().block().text()
            indent = last[: len(last) - len(last.lstrip())]
            self.input.insertPlainText("\n" + indent + (TAB if last.rstrip().endswith(":") else ""))
        elif source.strip():
            self.run(source.rstrip())

    def run(self, source: str) -> None:
        """Run what was typed."""
        assert self.interpreter is not None
        lines = source.split("\n")
        shown = [f"{'...' if k else '>>>'} {line}" for k, line in enumerate(lines)]
        self._write(Said("\n".join(shown) + "\n"), bold=True)
        self._history = [*(one for one in self._history if one != source), source]
        self._place = len(self._history)
        self.input.clear()
        self.stop.setEnabled(True)
        self.interpreter.run(source)

    def _walk(self, step: int) -> None:
        self._place = min(max(self._place + step, 0), len(self._history))
        there = self._place < len(self._history)
        self.input.setPlainText(self._history[self._place] if there else "")
        self.input.moveCursor(QTextCursor.MoveOperation.End)

    def interrupt(self) -> None:
        """Stop what runs; with nothing running, forget what is typed."""
        if self.interpreter is not None and self.interpreter.busy:
            self.interpreter.interrupt()
        else:
            self.input.clear()

    # -- completion ------------------------------------------------------------------------

    def _tab(self) -> None:
        word = self._word()
        if not word:
            self.input.insertPlainText(TAB)
        elif self.interpreter is not None:
            self.interpreter.complete(word)

    def _word(self) -> str:
        """The dotted name before the cursor."""
        cursor = self.input.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()]
        start = len(before)
        while start and (before[start - 1].isalnum() or before[start - 1] in "._"):
            start -= 1
        return before[start:]

    def _complete(self, told: Completed) -> None:
        if told.word != self._word() or not told.found:
            return
        longest = _shared(told.found)
        if len(longest) > len(told.word):
            self.input.insertPlainText(longest[len(told.word) :])
        elif len(told.found) > 1:
            stem = told.word.rpartition(".")[0]
            names = [one[len(stem) + 1 if stem else 0 :] for one in told.found]
            self._write(Said("   ".join(names) + "\n"), faint=True)

    # -- output ----------------------------------------------------------------------------

    def _hear(self, news: News) -> None:
        if isinstance(news, Completed):
            self._complete(news)
            return
        if isinstance(news, Said):
            self._waiting.append(news)
        else:
            self.stop.setEnabled(False)
        if not self._soon.isActive():
            self._soon.start()

    def _show_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        joined: list[Said] = []
        for one in waiting:
            if joined and joined[-1].wrong == one.wrong:
                joined[-1] = Said(joined[-1].text + one.text, one.wrong)
            else:
                joined.append(one)
        for one in joined:
            self._write(one)

    def _write(self, said: Said, bold: bool = False, faint: bool = False) -> None:
        cursor = QTextCursor(self.output.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        theme, look = current_theme(), QTextCharFormat()
        look.setForeground(
            QColor(theme.warning)
            if said.wrong
            else self.palette().placeholderText()
            if faint
            else self.palette().text()
        )
        look.setFontWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
        cursor.insertText(said.text, look)
        bar = self.output.verticalScrollBar()
        bar.setValue(bar.maximum())


def _shared(words: tuple[str, ...]) -> str:
    """What all of them begin with."""
    same = 0
    for letters in zip(*words, strict=False):
        if len(set(letters)) > 1:
            break
        same += 1
    return words[0][:same]
