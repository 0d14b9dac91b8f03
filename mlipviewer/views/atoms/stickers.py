"""Notes as small widgets over the panes, dragged to their places; pictures have them as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QFont, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from mlipviewer.gui.plain import plain_tip
from mlipviewer.gui.scene.scene import Scene
from mlipviewer.gui.scene.shot import Shot
from mlipviewer.gui.theme import LIGHT, Theme
from mlipviewer.session.look_changes import look_at
from mlipviewer.session.looks import Looks, Place
from mlipviewer.session.state import State
from mlipviewer.session.store import Store
from mlipviewer.views.atoms.legend import RIM, legend_corner
from mlipviewer.views.atoms.notes import (
    Note,
    arrow_note,
    bar_note,
    note_size,
    paint_note,
    text_note,
    values_of,
)

CLICK_REACH = 4


class Sticker(QWidget):
    """One note in a room of its parent."""

    moved = Signal(float, float)  # the place 0..1 to which the user dragged it

    def __init__(self, parent: QWidget, name: str) -> None:
        super().__init__(parent)
        self.note: Note | None = None
        self.theme: Theme = LIGHT
        self._room, self._place = QRect(), (0.0, 0.0)
        self._press: QPointF | None = None
        self._dragged = False
        self.setAccessibleName(name)
        self.setToolTip(plain_tip(f"{name}: drag to move"))
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.hide()

    def show_note(self, note: Note | None, room: QRect, place: Place, theme: Theme) -> None:
        """Show this note at a place 0..1 of the room."""
        changed = (note, theme) != (self.note, self.theme)
        self.note, self._room, self.theme = note, room, theme
        self._place = self._place if self._dragged else place
        if note is None:
            self.hide()
            return
        self.setAccessibleDescription(note.text)
        self.resize(*note_size(note, self.font()))
        self._settle()
        self.show()
        if changed:
            self.update()

    def _settle(self) -> None:
        size = (self._room.width(), self._room.height())
        corner = legend_corner((self.width(), self.height()), size, self._place)
        self.move(self._room.topLeft() + corner)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.paint_at(painter, QPointF(0, 0))
        painter.end()

    def paint_at(self, painter: QPainter, at: QPointF) -> None:
        if self.note is not None:
            paint_note(painter, self.note, self.font(), self.theme, at)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._press, self._dragged = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._press is None:
            return
        step = event.position() - self._press
        if self._dragged or step.manhattanLength() > CLICK_REACH:
            self._dragged = True
            self._drag_to(self.mapToParent(step.toPoint()) - self._room.topLeft())

    def _drag_to(self, corner: QPoint) -> None:
        free = (self._room.width() - self.width(), self._room.height() - self.height())
        x, y = (
            min(max((at - RIM) / (size - 2 * RIM), 0.0), 1.0) if size > 2 * RIM else 0.0
            for at, size in zip((corner.x(), corner.y()), free, strict=True)
        )
        self._place = (x, y)
        self._settle()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._press = None
        if self._dragged:
            self._dragged = False
            self.moved.emit(*self._place)


@dataclass(frozen=True)
class Subject:
    """A kind of note: the part of the looks that places it, its name, how it is made."""

    part: str
    name: str
    make: Callable[[State, Scene | Shot, int, str], Note | None]


def _text(state: State, canvas: Scene | Shot, i: int, name: str) -> Note | None:
    frame, look = canvas.panes[i].frame, state.document.looks.text
    if frame is None or not look.shown:
        return None
    return text_note(look, values_of(state, name, frame))


def _scale(canvas: Scene | Shot, i: int) -> float:
    _, _, width, height = canvas.rects()[i]
    return canvas.pane_camera(i).scale((width, height))


def _bar(state: State, canvas: Scene | Shot, i: int, _name: str) -> Note | None:
    shown = state.document.looks.scale_bar.shown and canvas.panes[i].frame is not None
    return bar_note(_scale(canvas, i)) if shown else None


def _arrows(state: State, canvas: Scene | Shot, i: int, _name: str) -> Note | None:
    frame, vectors = canvas.panes[i].frame, state.document.looks.vectors
    if frame is None or not vectors.shown:
        return None
    return arrow_note(vectors, frame, _scale(canvas, i))


SUBJECTS = (
    Subject("text", "Text", _text),
    Subject("scale_bar", "Scale bar", _bar),
    Subject("vectors", "Length of arrows", _arrows),
)


class Stickers:
    """All notes of all panes. It keeps what it shows, so that sizes and cameras may change it."""

    def __init__(self, store: Store, canvas: Scene, surface: QWidget) -> None:
        self._store, self._canvas, self._surface = store, canvas, surface
        self._rows: list[dict[str, Sticker]] = []
        self._shown: tuple[State, tuple[str, ...]] | None = None

    def show_state(self, state: State, names: tuple[str, ...]) -> None:
        self._shown = (state, names)
        self.settle()

    def settle(self) -> None:
        """Show all as the panes lie and are seen now."""
        if self._shown is None:
            return
        state, names = self._shown
        while len(self._rows) < len(names):
            self._rows.append({one.part: self._made(one) for one in SUBJECTS})
        for i, row in enumerate(self._rows):
            for one in SUBJECTS:
                here = i < min(len(names), len(self._canvas.panes))
                note = one.make(state, self._canvas, i, names[i]) if here else None
                room = QRect(*self._canvas.rects()[i]) if here else QRect()
                place = self._place(state.document.looks, one)
                row[one.part].show_note(note, room, place, self._canvas.theme)

    def _place(self, looks: Looks, one: Subject) -> Place:
        place: Place = getattr(looks, one.part).place
        return place

    def _made(self, one: Subject) -> Sticker:
        sticker = Sticker(self._surface, one.name)

        def move(x: float, y: float) -> None:
            words = f"Move {one.name.lower()}"
            self._store.commit(lambda s: look_at(s, one.part, place=(x, y)), words)

        sticker.moved.connect(move)
        return sticker

    def __iter__(self) -> Iterator[Sticker]:
        """Those that are seen."""
        every = (sticker for row in self._rows for sticker in row.values())
        return (one for one in every if not one.isHidden())

    def of(self, part: str, pane: int = 0) -> Sticker:
        return self._rows[pane][part]

    def paint(self, painter: QPainter, font: QFont) -> None:
        """Paint all into a picture of the surface."""
        painter.setFont(font)
        for one in self:
            one.paint_at(painter, QPointF(one.pos()))
