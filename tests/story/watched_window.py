"""The program as a user starts it, with eyes for a test: questions on the standard input are
answered on the standard output, a line of JSON each. It tells what is shown and where, in pixels of
the screen; it has no hands.

`python -m tests.story.watched_window [FILES]`
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QTabBar, QWidget

from mlipviewer.app.main import main
from mlipviewer.app.start.arrivals import Application
from mlipviewer.app.window import MainWindow
from mlipviewer.core.plot import Space
from mlipviewer.gui.plot_canvas import PlotCanvas
from mlipviewer.views.plot import PlotView
from mlipviewer.views.table import TableView
from tests.main_window import atom_pixel, row_pixel
from tests.windows import pixels_of

Place = list[int]


def the_window() -> MainWindow:
    return next(w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow))


def on_screen(widget: QWidget, at: tuple[float, float] | None = None) -> Place:
    x, y = at or (widget.width() / 2, widget.height() / 2)
    point = widget.mapToGlobal(QPoint(round(x), round(y)))
    return [point.x(), point.y()]


def view_of(panel: str) -> Any:
    return the_window().docks.by_panel[panel].view


# -- questions -----------------------------------------------------------------------------


def state() -> dict[str, Any]:
    window = the_window()
    now, document = window.store.state, window.store.state.document
    return {
        "working": window.session.working,
        "table": document.table if now.table is not None else None,
        "run": document.trajectory if now.trajectory is not None else None,
        "n_inputs": len(document.inputs),
        "condition": document.condition,
        "models": now.selected(Space.MODEL).tolist(),
        "atoms": now.selected(Space.ATOM).tolist(),
        "focus": document.focus,
        "frame": document.frame,
        "playing": now.moment.playing,
        "n_measurements": len(document.measurements),
        "n_jobs": len(now.moment.jobs),
        "n_steps": window.store.n_steps,
        "notice": now.moment.notices[-1].text if now.moment.notices else "",
        "kept": window.sessions._kept is document,
        "file": str(window.sessions.path or ""),
    }


def middle(panel: str) -> Place:
    """Of a panel's plot or drawing."""
    view = view_of(panel)
    inside = view.canvas if isinstance(view, PlotView) else getattr(view, "surface", view)
    return on_screen(inside)


def is_seen(panel: str) -> bool:
    return not view_of(panel).visibleRegion().isEmpty()


def is_drawn(panel: str) -> bool:
    return is_seen(panel) and getattr(getattr(view_of(panel), "canvas", None), "complete", True)


def tab(title: str) -> Place:
    """The tab of a panel, where it is behind others."""
    for bar in the_window().findChildren(QTabBar):
        for k in range(bar.count()):
            if bar.tabText(k) == title and bar.isVisible():
                return on_screen(bar, bar.tabRect(k).center().toTuple())
    raise LookupError(title)


def field(name: str) -> Place:
    """A text field by its accessible name."""
    fields = the_window().findChildren(QLineEdit)
    found = next(e for e in fields if e.isVisible() and name in e.accessibleName())
    return on_screen(found)


def button(text: str, panel: str = "") -> Place:
    """A button that can be seen, in the panel or in the window or dialog in front."""
    top = QApplication.activeModalWidget() or the_window()
    where = view_of(panel) if panel else top
    found = [b for b in where.findChildren(QAbstractButton) if b.isVisible()]
    words = [b for b in found if text in (b.text(), b.accessibleName(), b.toolTip())]
    return on_screen(words[0])


def drop_target() -> Place:
    return on_screen(the_window().help.welcome.target)


def held() -> dict[str, Any]:
    """What is told of files that are held over the window, and where its tiles are."""
    places = the_window().drops.places
    hint = places.hint
    boxes = places.tiles(len(hint.tiles))
    return {
        "seen": places.isVisible(),
        "words": hint.words,
        "tiles": {
            title: on_screen(places, box.center().toTuple())
            for (title, _), box in zip(hint.tiles, boxes, strict=True)
        },
    }


def tour() -> bool:
    """Whether the tour points at something."""
    return the_window().help.tour.running


def row(number: int) -> Place:
    view = view_of("table")
    assert isinstance(view, TableView)
    return on_screen(view.rows.viewport(), row_pixel(view, number))


def front(panel: str = "pareto") -> list[tuple[int, Place]]:
    """The models of the Pareto front with their places, from left to right."""
    canvas: PlotCanvas = view_of(panel).canvas
    results = the_window().store.state.moment.results
    found: Any = next(r for q, r in results.items() if q.analysis == "pareto")
    places = pixels_of(canvas)
    members = [int(m) for m in np.flatnonzero(found.arrays["rank"] == 1) if int(m) in places]
    members.sort(key=lambda member: places[member][0])
    return [(member, on_screen(canvas, places[member])) for member in members]


def atoms(n: int) -> list[tuple[int, Place]]:
    """Atoms whose middle no other atom hides, with their places."""
    from mlipviewer.gui.scene.picking import pick

    view = view_of("atoms")
    pane, (_, _, width, height) = view.canvas.panes[0], view.canvas.rects()[0]
    camera, found = view.canvas.pane_camera(0), []
    for k, position in enumerate(pane.frame.positions):
        x, y, _ = camera.project(position, (width, height))
        if pick(camera, pane.spheres, (width, height), (x, y)) == k:
            atom = int(pane.frame.atom_ids[k])
            found.append((atom, on_screen(view.surface, atom_pixel(view, atom))))
    return found[:n]


def corners(panel: str) -> list[Place]:
    view = view_of(panel)
    box: QRect = view.surface.rect().adjusted(4, 4, -4, -4)
    four = (box.topLeft(), box.topRight(), box.bottomRight(), box.bottomLeft())
    return [on_screen(view.surface, QPointF(one).toTuple()) for one in four]


def dialog() -> str:
    """The title of the dialog or menu that waits for an answer; '' for none, and as long as the
    keyboard is not given to it: keys would be lost."""
    if QApplication.activePopupWidget() is not None:
        return "menu"
    box = QApplication.activeModalWidget()
    return box.windowTitle() if box is not None and box.isActiveWindow() else ""


def focused() -> str:
    widget = QApplication.focusWidget()
    return "" if widget is None else f"{type(widget).__name__} {widget.accessibleName()}"


def recovered() -> bool:
    """Whether what is open now lies on the disk, should the program end."""
    window = the_window()
    path, row = window.sessions._recovery, window.store.state.document.focus
    return path.exists() and f'"focus": {row},' in path.read_text()


def active() -> bool:
    return QApplication.activeWindow() is not None


ANSWERS: dict[str, Callable[..., Any]] = {
    one.__name__: one
    for one in (
        *(state, middle, is_seen, is_drawn, tab, field, button, drop_target, held, tour, row),
        *(front, atoms, corners, dialog, focused, recovered, active),
    )
}


class Ears(QObject):
    """Hears questions in a thread and answers them on the window's."""

    heard = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.heard.connect(self._answer, Qt.ConnectionType.QueuedConnection)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in sys.stdin:
            self.heard.emit(line)

    def _answer(self, line: str) -> None:
        name, *about = json.loads(line)
        try:
            said: Any = ANSWERS[name](*about)
        except (LookupError, StopIteration, AttributeError, AssertionError, TypeError) as problem:
            said = {"not yet": repr(problem)}
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    application = Application(sys.argv[:1])
    ears = Ears()
    sys.exit(main(sys.argv[1:], new_window=True))
