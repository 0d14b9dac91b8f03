"""The welcome page: what can be opened, over the empty panels. It waits for nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QCommandLinkButton,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.core.resources import resource, resource_json
from mlipviewer.gui.carrying import from_elsewhere
from mlipviewer.gui.icons import transport_icon
from mlipviewer.gui.later import Later
from mlipviewer.gui.plain import PlainLabel, plain, plain_tip
from mlipviewer.session.saving.recents import pin, pinned, recent

MOST_RECENT = 8
Act = Callable[[], object]


class DropTaker(Protocol):
    """Who opens what is dropped, and shows meanwhile what it would do."""

    def dragMoveEvent(self, event: QDragMoveEvent) -> None: ...

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None: ...

    def dropEvent(self, event: QDropEvent) -> None: ...


@dataclass(frozen=True)
class Lately:
    """A file that was opened lately: whether it is there now, and kept on top."""

    path: str
    there: bool
    pinned: bool


@dataclass(frozen=True)
class Sample:
    """Data that come with the program."""

    title: str
    about: str
    paths: tuple[str, ...]


def samples() -> list[Sample]:
    """Those whose files are there."""
    folder = Path(str(resource("examples")))
    found = []
    for one in resource_json("examples/samples.json"):
        paths = tuple(str(folder / name) for name in one["files"])
        if all(Path(path).exists() for path in paths):
            found.append(Sample(one["title"], one["about"], paths))
    return found


@dataclass(frozen=True)
class Ways:
    """What the page can ask the window to do."""

    open: Callable[[Sequence[str]], object]
    ask_files: Act
    ask_folder: Act
    tour: Act
    guide: Act


class Welcome(QFrame):
    """Covers the panels of a window while nothing is open."""

    closed = Signal()

    def __init__(self, window: QMainWindow, ways: Ways, taker: DropTaker) -> None:
        super().__init__(window)
        self._window, self._ways, self._taker = window, ways, taker
        self.setAutoFillBackground(True)
        self.setAcceptDrops(True)
        self.setAccessibleName("welcome")
        self.hide()
        self._later = Later(self)
        self.recents = QVBoxLayout()
        self.recents.setSpacing(0)
        self.target = self._drop_target()
        self._lay_out()
        window.installEventFilter(self)

    # -- what is on it ---------------------------------------------------------------------

    def _lay_out(self) -> None:
        head = PlainLabel("MLIPViewer")
        font = head.font()
        font.setPointSizeF(1.9 * font.pointSizeF())
        head.setFont(font)
        close = QPushButton("Show the empty window")
        close.clicked.connect(self.leave)
        top = QHBoxLayout()
        top.addWidget(head, 1)
        top.addWidget(close)
        both = QHBoxLayout()
        both.setSpacing(36)
        both.addLayout(self._left(), 1)
        both.addLayout(self._right(), 1)
        inside = QWidget()
        inside.setMaximumWidth(1100)
        page = QVBoxLayout(inside)
        page.setContentsMargins(36, 24, 36, 24)
        page.setSpacing(14)
        page.addLayout(top)
        about = "Error tables of interatomic potentials and their trajectories, one selection."
        page.addWidget(_wrapped(about))
        page.addLayout(both)
        page.addStretch(1)
        middle = QWidget()
        row = QHBoxLayout(middle)
        row.addStretch(1)
        row.addWidget(inside, 20)
        row.addStretch(1)
        area = QScrollArea(self, widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(middle)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)

    def _left(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(self.target)
        column.addWidget(_title("Opened lately"))
        column.addLayout(self.recents)
        column.addStretch(1)
        return column

    def _right(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(_title("Samples"))
        for sample in samples():
            button = QCommandLinkButton(sample.title, sample.about)
            button.setIconSize(QSize(0, 0))  # the arrow of the style is dark on dark
            button.clicked.connect(partial(self._open, sample.paths))
            column.addWidget(button)
        column.addWidget(_title("First steps"))
        row = QHBoxLayout()
        row.setSpacing(8)
        for text, act in (("Take the tour", self._ways.tour), ("Read the guide", self._ways.guide)):
            button_of = QPushButton(text)
            button_of.clicked.connect(lambda _=False, act=act: act())
            row.addWidget(button_of)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(_title("What is new"))
        lines = "\n".join(f"•  {line}" for line in resource_json("help/new.json")["lines"])
        column.addWidget(_wrapped(lines))
        column.addStretch(1)
        return column

    def _drop_target(self) -> QFrame:
        box = QFrame()
        box.setObjectName("target")
        said = _wrapped("Drop tables, trajectories, folders or a session here")
        said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(box)
        layout.setContentsMargins(18, 30, 18, 24)
        layout.addWidget(said)
        row = QHBoxLayout()
        row.addStretch(1)
        self.open_button = QPushButton("Open ...")
        for button, act in (
            (self.open_button, self._ways.ask_files),
            (QPushButton("Open folder ..."), self._ways.ask_folder),
        ):
            button.clicked.connect(lambda _=False, act=act: act())
            row.addWidget(button)
        row.addStretch(1)
        layout.addLayout(row)
        self._draw_target(box, False)
        return box

    def _draw_target(self, box: QFrame, hovered: bool) -> None:
        self._lit = hovered
        line = "3px solid palette(highlight)" if hovered else "2px dashed palette(mid)"
        box.setStyleSheet(f"QFrame#target {{ border: {line}; border-radius: 8px; }}")

    def _fill_recents(self, found: list[Lately], pinned_now: str = "") -> None:
        while (item := self.recents.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for one in found:
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            button = self._pin(one)
            line.addWidget(button)
            line.addWidget(self._recent(one.path, one.there), 1)
            self.recents.addWidget(row)
            if one.path == pinned_now:
                button.setFocus()
        if not found:
            self.recents.addWidget(_wrapped("Nothing yet."))

    def _pin(self, one: Lately) -> QToolButton:
        """Keeps a file on top of the others."""
        button = QToolButton(autoRaise=True)
        button.setCheckable(True)
        button.setChecked(one.pinned)
        button.setIcon(transport_icon("pin"))
        button.setAccessibleName(plain(f"keep {Path(one.path).name} on top"))
        button.setToolTip("Keep it on top" if not one.pinned else "It is kept on top: let it go")
        button.clicked.connect(lambda on, path=one.path: self._keep(path, on))
        return button

    def _keep(self, path: str, on: bool) -> None:
        def kept() -> list[Lately]:
            pin(path, on)
            return _recents_there()

        filled = partial(self._fill_recents, pinned_now=path)
        self._later.ask(kept, filled, lambda _why: None)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.isVisible():  # icons have its ink
            self._look_for_recents()

    def _look_for_recents(self) -> None:
        self._later.ask(_recents_there, self._fill_recents, lambda _why: None)

    def _recent(self, path: str, there: bool) -> QPushButton:
        name = plain(Path(path).name)
        button = QPushButton(name.replace("&", "&&") if there else f"{name} (not there now)")
        button.setFlat(True)
        button.setStyleSheet("text-align: left; padding: 3px 6px;")
        button.setToolTip(plain_tip(path))
        button.setEnabled(there)
        button.clicked.connect(partial(self._open, (path,)))
        return button

    # -- what it does ----------------------------------------------------------------------

    def _open(self, paths: Sequence[str], _checked: bool = False) -> None:
        self._ways.open(list(paths))

    def welcome(self) -> None:
        """Show the page, with what was opened lately looked for in a thread."""
        self._cover()
        self.show()
        self.raise_()
        self.open_button.setFocus()
        self._look_for_recents()

    def leave(self) -> None:
        """Show the empty panels."""
        self.hide()
        self.closed.emit()

    def _cover(self) -> None:
        bar = self._window.menuWidget()
        top = bar.geometry().bottom() + 1 if bar is not None else 0
        self.setGeometry(0, top, self._window.width(), self._window.height() - top)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest) and self.isVisible():
            self._cover()
            self.raise_()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            event.setAccepted(event.key() == Qt.Key.Key_Escape)  # means the page, no selection
            if event.isAccepted():
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab stays on the page: what it covers is not seen."""
        chain = [w for w in self.findChildren(QWidget) if _takes_tab(w)]
        now = QApplication.focusWidget()
        if not chain:
            return False
        place = chain.index(now) if now in chain else -1
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        chain[(place + (1 if forward else -1)) % len(chain)].setFocus(reason)
        return True

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if from_elsewhere(event):
            event.acceptProposedAction()
            self._draw_target(self.target, True)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._taker.dragMoveEvent(event)
        if event.isAccepted() != self._lit:
            self._draw_target(self.target, event.isAccepted())

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._draw_target(self.target, False)
        self._taker.dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self._draw_target(self.target, False)
        self._taker.dropEvent(event)


def _recents_there() -> list[Lately]:
    first = pinned()
    most = max(MOST_RECENT, len(first))
    return [Lately(path, Path(path).exists(), path in first) for path in recent()[:most]]


def _takes_tab(widget: QWidget) -> bool:
    can = widget.focusPolicy() & Qt.FocusPolicy.TabFocus == Qt.FocusPolicy.TabFocus
    return can and widget.isVisible() and widget.isEnabled()


def _title(text: str) -> PlainLabel:
    label = PlainLabel(text)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    label.setContentsMargins(0, 10, 0, 2)
    return label


def _wrapped(text: str) -> PlainLabel:
    label = PlainLabel(text)
    label.setWordWrap(True)
    return label
