"""One story with real X events: the pointer and the keys are those of the screen."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QProcess, QTimer
from PySide6.QtGui import QDragMoveEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QToolButton, QWidget

from mlipviewer.app.window import MainWindow
from mlipviewer.core.plot import Space
from mlipviewer.gui.plot_canvas import Tool
from mlipviewer.views.atoms import AtomsView
from tests import made
from tests.main_window import atom_pixel, atoms, plot, row_pixel, settled, table, timeline
from tests.story import drag_source
from tests.windows import Pixel, pixels_of

pytestmark = [
    pytest.mark.window,
    pytest.mark.skipif(not shutil.which("xdotool"), reason="xdotool is not installed"),
    pytest.mark.skipif(os.environ.get("QT_QPA_PLATFORM") != "xcb", reason="needs an X screen"),
]

PATIENCE = 20_000  # ms


class Pointer(QObject):
    """Notes where the pointer was last seen by the application, with and without a drag."""

    def __init__(self) -> None:
        super().__init__()
        self.at = self.dragged_over = QPoint(-1, -1)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent):
            self.at = event.globalPosition().toPoint()
        elif isinstance(event, QDragMoveEvent) and isinstance(watched, QWidget):
            self.dragged_over = watched.mapToGlobal(event.position().toPoint())
        return False


class Robot:
    """Moves the screen's pointer and presses its keys by xdotool, while the window lives on."""

    def __init__(self, window: MainWindow, qtbot: Any) -> None:
        self.window, self.qtbot, self.pointer = window, qtbot, Pointer()
        QApplication.instance().installEventFilter(self.pointer)

    def until(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition, timeout=PATIENCE)

    def do(self, *words: object) -> None:
        """Run xdotool; the window goes on working meanwhile."""
        process = subprocess.Popen(["xdotool", *map(str, words)])
        self.until(lambda: process.poll() is not None)
        assert process.returncode == 0, words

    def move(self, widget: QWidget, at: Pixel) -> None:
        point = widget.mapToGlobal(QPoint(round(at[0]), round(at[1])))
        if self.pointer.at != point:
            self.do("mousemove", point.x(), point.y())
            self.until(lambda: self.pointer.at == point)

    def click(self, widget: QWidget, at: Pixel | None = None, key: str = "") -> None:
        self.move(widget, at or (widget.width() / 2, widget.height() / 2))
        if key:
            self.do("keydown", key, "click", 1, "keyup", key)
        else:
            self.do("click", 1)

    def drag(self, widget: QWidget, path: list[Pixel]) -> None:
        self.move(widget, path[0])
        self.do("mousedown", 1)
        for at in path[1:]:
            self.move(widget, at)
        self.do("mouseup", 1)

    def choose(self, button: QToolButton, *keys: str) -> None:
        """Open the menu of a button and choose by keys, once the menu is there."""
        watch = QTimer()

        def choose_now() -> None:
            if QApplication.activePopupWidget() is not None:
                watch.stop()
                QProcess.startDetached("xdotool", ["key", *keys])

        watch.timeout.connect(choose_now)
        watch.start(20)
        self.click(button)
        self.until(lambda: not watch.isActive() and QApplication.activePopupWidget() is None)


@pytest.fixture
def robot(window: MainWindow, qtbot: Any) -> Iterator[Robot]:
    made_robot = Robot(window, qtbot)
    made_robot.do("windowactivate", "--sync", int(window.winId()))
    made_robot.until(window.isActiveWindow)
    yield made_robot
    QApplication.instance().removeEventFilter(made_robot.pointer)


def drop_files(robot: Robot, paths: list[Path], on: QWidget) -> None:
    """Drag files out of another program's window and let them fall on a widget."""
    x, y, middle = 1780, 1060, drag_source.SIZE // 2
    command = [sys.executable, drag_source.__file__, str(x), str(y), *map(str, paths)]
    source = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert source.stdout is not None
        assert source.stdout.readline() == "ready\n"
        target = on.mapToGlobal(on.rect().center())
        robot.do("mousemove", x + middle, y + middle, "mousedown", 1)
        robot.do("mousemove", x, y, "mousemove", x - 40, y)
        for nudge in range(500):  # until the drag has begun and is felt by the window
            robot.do("mousemove", target.x() + nudge % 2, target.y())
            if robot.pointer.dragged_over == target:
                break
        robot.do("mouseup", 1)
        robot.until(lambda: bool(robot.window.store.state.moment.jobs))
        assert source.stdout.readline() == "taken\n"
    finally:
        source.kill()
        source.communicate()


def lasso_around(places: list[Pixel], gap: float = 7.0) -> list[Pixel]:
    """An outline around pixels of which each is to the right of the last and below it."""
    low = [(x - gap, y + gap) for x, y in places]
    high = [(x + gap, y - gap) for x, y in reversed(places)]
    (x0, y0), (x1, y1) = places[0], places[-1]
    return [(x0 - gap, y0 - gap), *low, (x1 + gap, y1 + gap), *high]


def front(window: MainWindow) -> list[int]:
    """The models on the Pareto front, from left to right."""
    state = window.store.state
    found = next(r for q, r in state.moment.results.items() if q.analysis == "pareto")
    rank = found.arrays["rank"]  # type: ignore[union-attr]
    places = pixels_of(plot(window, "pareto").canvas)
    return sorted(np.flatnonzero(rank == 1).tolist(), key=lambda row: places[row][0])


def seen_atoms(view: AtomsView, n: int) -> list[int]:
    """Atoms whose middle no other atom hides, from the nearest on."""
    from mlipviewer.gui.scene.picking import pick

    pane, (_, _, width, height) = view.canvas.panes[0], view.canvas.rects()[0]
    camera = view.canvas.pane_camera(0)
    assert pane.frame is not None
    assert pane.spheres is not None
    found = []
    for row, place in enumerate(pane.frame.positions):
        x, y, _ = camera.project(place, (width, height))
        if pick(camera, pane.spheres, (width, height), (x, y)) == row:
            found.append(int(pane.frame.atom_ids[row]))
    return found[:n]


def lasso_front(robot: Robot, window: MainWindow) -> None:
    view = plot(window, "pareto")
    select = next(b for b in view.findChildren(QToolButton) if b.text() == "Select")
    robot.choose(select, "Down", "Down", "Return")
    assert view.canvas.tool is Tool.LASSO
    members, places = front(window), pixels_of(view.canvas)
    assert len(members) >= 2
    robot.drag(view.canvas, lasso_around([places[row] for row in members]))
    robot.until(lambda: len(window.store.state.selected(Space.MODEL)) > 0)
    assert set(members) <= set(settled(window).selected(Space.MODEL).tolist())


def focus_model(robot: Robot, window: MainWindow, row: int) -> None:
    view = table(window)
    robot.click(view.rows.viewport(), row_pixel(view, row))
    robot.until(lambda: window.store.state.document.focus == row)
    assert settled(window).selected(Space.MODEL).tolist() == [row]
    assert window.docks.by_panel["details"].view.title.text().startswith(f"m{row}")


def play(robot: Robot, window: MainWindow) -> None:
    robot.click(timeline(window).play_button)
    robot.until(lambda: window.store.state.document.frame >= 2)
    assert window.store.state.moment.playing
    robot.click(timeline(window).play_button)
    robot.until(lambda: not window.store.state.moment.playing)
    assert settled(window).document.frame >= 2


def pick_two_atoms(robot: Robot, window: MainWindow) -> None:
    shown = atoms(window, robot.qtbot)
    first, second = seen_atoms(shown, 2)
    for chosen, key in (([first], ""), (sorted([first, second]), "ctrl")):
        atom = second if key else first
        robot.click(shown.surface, atom_pixel(shown, atom), key=key)
        robot.until(lambda c=chosen: len(window.store.state.selected(Space.ATOM)) == len(c))
        assert settled(window).selected(Space.ATOM).tolist() == chosen
    assert "distance" in shown.status.text()


def undo_all(robot: Robot, window: MainWindow) -> None:
    while window.store.undo_label:
        steps = window.store.n_steps
        robot.do("key", "ctrl+z")
        robot.until(lambda steps=steps: window.store.n_steps < steps)


def test_that_a_table_and_a_run_are_dropped_looked_at_and_undone(
    robot: Robot, window: MainWindow, tmp_path: Path
) -> None:
    start = window.store.state.document
    errors = made.write_table(tmp_path / "errors.csv", made.error_table(seed=9))
    run = made.write_extxyz(tmp_path / "run.xyz", n_frames=24)
    drop_files(robot, [errors, run], plot(window, "pareto").canvas)
    robot.until(lambda: window.store.state.trajectory is not None)
    state = settled(window)
    assert (state.document.table, state.document.trajectory) == ("errors.csv", "run.xyz")
    lasso_front(robot, window)
    focus_model(robot, window, 9)
    play(robot, window)
    pick_two_atoms(robot, window)
    undo_all(robot, window)
    assert settled(window).document is start
    assert window.store.redo_label.startswith("Open ")
