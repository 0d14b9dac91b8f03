"""Files that are held over the window: where they may go is shown meanwhile, and what cannot be
opened is refused with its reason."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow, QWidget

from mlipviewer.gui.carrying import from_elsewhere
from mlipviewer.gui.drop_places import NONE, DropPlaces, Hint
from mlipviewer.gui.later import Later
from mlipviewer.session.arriving import Way
from mlipviewer.session.dropping import (
    Looked,
    Target,
    carried_words,
    look_at_files,
    refusal_words,
    targets_for,
    usual_words,
)
from mlipviewer.session.store import Store
from mlipviewer.views.table import TableView

Held = tuple[tuple[str, ...], tuple[str, ...]]
"""Paths of files here, and addresses of what is elsewhere."""


def held_by(event: QDropEvent) -> Held:
    urls = event.mimeData().urls()
    paths = tuple(str(Path(url.toLocalFile())) for url in urls if url.isLocalFile())
    return paths, tuple(url.toString() for url in urls if not url.isLocalFile())


class Drops(QObject):
    """Hears of drags over a window and its views. The beginnings of the files are read in a thread;
    until that is done nothing is refused."""

    def __init__(self, window: QMainWindow, store: Store) -> None:
        super().__init__(window)
        self._window, self._store = window, store
        self.places = DropPlaces(window)
        self._later = Later(self)
        self._held: Held = ((), ())
        self._looked: Looked | None = None
        self._targets: tuple[Target, ...] = ()
        self._pointed = NONE  # the number of the tile under the mouse
        self._show: Callable[[], bool] = lambda: False  # of the place where they were held last
        # a drag that goes on to another view leaves the one before first
        self._gone = QTimer(self, singleShot=True, interval=0)
        self._gone.timeout.connect(self.end)

    def join(self, view: TableView) -> None:
        """Hear of drags over the rows of a table."""
        view.rows.files_over.connect(partial(self._over_rows, view))
        view.rows.files_left.connect(self.leave)

    def _over_rows(self, view: TableView, event: QDragMoveEvent, place: int) -> None:
        meant = self.over(event, view.rows.viewport(), view.key_at(place))
        view.rows.mark_over(place if meant else NONE)

    def over(self, event: QDragMoveEvent, widget: QWidget, model: str = "") -> bool:
        """Files are held over a place of a widget, on the row of a model if it is one; whether that
        row is meant. The event is refused where nothing can be opened."""
        if not from_elsewhere(event):
            event.ignore()
            return False
        self._gone.stop()
        held = held_by(event)
        if held != self._held or self.places.isHidden():
            self._begin(held)
        at = self._within(widget, event.position().toPoint())
        alone = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        self._show = partial(self._show_at, at, model, alone)
        meant = self._show()
        if self._looked is not None and self._looked.hopeless:
            event.ignore()
        else:
            event.acceptProposedAction()
        return meant

    def _within(self, widget: QWidget, at: QPoint) -> QPoint:
        """A place in the window; of a panel that floats over it one beside all tiles."""
        if widget.window() is not self._window:
            return QPoint(-1, -1)
        return self.places.mapFromGlobal(widget.mapToGlobal(at))

    def leave(self) -> None:
        """They are held over this no more, perhaps over another view."""
        self._gone.start()

    def end(self) -> None:
        """Nothing is held over the window any more."""
        self._gone.stop()
        self._forget(((), ()))
        self.places.hide()

    def taken(self) -> Way | None:
        """They were let fall: the way of the tile there, None beside all tiles."""
        way = None if self._pointed == NONE else self._targets[self._pointed].way
        self.end()
        return way

    # -- looking ---------------------------------------------------------------------------

    def _forget(self, held: Held) -> None:
        """Nothing is known of what is held now."""
        self._held, self._looked, self._targets, self._pointed = held, None, (), NONE

    def _begin(self, held: Held) -> None:
        self._forget(held)
        self._later.ask(partial(look_at_files, *held), partial(self._take, held), lambda _why: None)

    def _take(self, held: Held, looked: Looked) -> None:
        if held == self._held:
            self._looked = looked
            self._targets = targets_for(self._store.state, looked)
            self._show()

    # -- showing ---------------------------------------------------------------------------

    def _show_at(self, at: QPoint, model: str, alone: bool) -> bool:
        """Show what would happen here; whether the row of the model is meant."""
        bars = self._window.menuWidget()
        self.places.lie_over(self._window, bars.height() if bars is not None else 0)
        self._pointed = self.places.tile_at(at, len(self._targets))
        runs = self._looked is None or bool(self._looked.runs)
        row = bool(model) and self._pointed == NONE and runs
        self.places.show_hint(self._hint(model if row else "", alone))
        return row

    def _hint(self, model: str, alone: bool) -> Hint:
        paths, elsewhere = self._held
        held, looked = carried_words([*paths, *elsewhere]), self._looked
        if looked is None:
            return Hint(held, said=f"Link to {model}" if model else "")
        if looked.hopeless:
            return Hint(held, refused=refusal_words(looked))
        ways = [one.way for one in self._targets]
        usual = ways.index(Way.ADD) if ways and not model else NONE
        return Hint(
            held,
            tuple((one.title, one.about) for one in self._targets),
            usual if self._pointed == NONE else self._pointed,
            f"Link to {model}" if model else usual_words(looked, self._targets, alone),
            amiss=refusal_words(looked),
        )
