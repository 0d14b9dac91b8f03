"""Out of the window: figures, rows and frames are dragged to another program, or copied."""

from __future__ import annotations

import csv
import shutil
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from mlipviewer.app.window import MainWindow
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.gui.carrying import SVG
from mlipviewer.io.trajectories.opening import open_trajectory
from mlipviewer.session import changes
from tests import made
from tests.app import window_work as work
from tests.main_window import atoms, plot, row_pixel, selected, settled, table, timeline
from tests.windows import ALT, Key, Pixel, click, press

pytestmark = [
    pytest.mark.window,
    pytest.mark.timeout(120),
    pytest.mark.skipif(not shutil.which("xdotool"), reason="xdotool is not installed"),
]


class Taker(QWidget):
    """Another program: it takes what falls on it."""

    def __init__(self) -> None:
        super().__init__(None, Qt.WindowType.Tool | Qt.WindowType.WindowStaysOnTopHint)
        self.setAcceptDrops(True)
        self.setGeometry(1720, 900, 180, 180)
        self.files: list[Path] = []
        self.text, self.svg, self.image = "", b"", QImage()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.take(event.mimeData())

    def take(self, data: QMimeData) -> None:
        self.files = [Path(url.toLocalFile()) for url in data.urls()]
        self.text = data.text() if data.hasText() else ""
        self.svg = bytes(data.data(SVG).data())
        self.image = QImage(data.imageData()) if data.hasImage() else QImage()


@pytest.fixture
def taker(qtbot: Any) -> Taker:
    found = Taker()
    qtbot.addWidget(found)
    with qtbot.waitExposed(found):
        found.show()
    return found


@pytest.fixture
def full(window: MainWindow, tmp_path: Path) -> MainWindow:
    files = [made.write_table(tmp_path / "errors.csv"), made.write_extxyz(tmp_path / "run.xyz")]
    window.open([str(path) for path in files])
    work.run_until(lambda: len(window.store.state.moment.loaded) == 2, 20)
    settled(window)
    return window


def carry(source: QWidget, at: Pixel, to: QWidget) -> None:
    """Press, move away, wait until a thread has made what is dragged, move over the other window,
    release there: by the pointer of the screen, as Qt hears no other one while it drags."""
    begin = source.mapToGlobal(QPoint(round(at[0]), round(at[1])))
    end = to.mapToGlobal(QPoint(80, 80))
    first: list[object] = ["mousemove", begin.x(), begin.y(), "sleep", 0.1, "mousedown", 1]
    for step in (0, 6, 12, 24):
        first += ["sleep", 0.05, "mousemove", begin.x() + step, begin.y() + step // 2]
    then: list[object] = ["sleep", 0.3]
    for step in range(8):
        then += ["mousemove", end.x() + step, end.y(), "sleep", 0.05]
    hands = [hand(*first, "sleep", 0.2)]

    def go_on() -> None:
        made_by = [one for one in threading.enumerate() if one.name == "carry"]
        if hands[0].poll() is not None and not made_by:
            timer.stop()
            hands.append(hand(*then, "mouseup", 1, "sleep", 0.2))

    timer = QTimer(interval=50)  # it goes on while Qt drags; what waits for its end does not
    timer.timeout.connect(go_on)
    timer.start()
    work.run_until(lambda: len(hands) == 2 and hands[1].poll() is not None, 40)
    assert [one.poll() for one in hands] == [0, 0]


def hand(*words: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen(["xdotool", *map(str, words)])


def test_that_a_plot_is_dragged_as_a_figure(full: MainWindow, taker: Taker) -> None:
    canvas, handle = plot(full, "pareto").canvas, plot(full, "pareto").handle
    carry(handle, (10, 10), taker)
    (path,) = taker.files
    assert path.suffix == ".svg"
    assert path.read_bytes() == taker.svg
    assert b"<svg" in taker.svg
    assert taker.image.width() == pytest.approx(3 * canvas.width(), abs=3)
    assert "Copied" not in full.notices.text.text()  # it was no click


def test_that_the_picture_of_atoms_is_dragged(full: MainWindow, taker: Taker, qtbot: Any) -> None:
    view = atoms(full, qtbot)
    carry(view.handle, (10, 10), taker)
    (path,) = taker.files
    assert path.name == "atoms.png"
    assert QImage(str(path)).width() == pytest.approx(2 * view.canvas.width(), abs=2)
    assert taker.image.width() == QImage(str(path)).width()


def test_that_the_shown_frame_is_dragged_as_a_file(full: MainWindow, taker: Taker) -> None:
    full.store.commit(lambda s: changes.show_frame(s, 3), "Show")
    settled(full)
    carry(timeline(full).handle, (10, 10), taker)
    (path,) = taker.files
    assert path.name == "run frame 4.extxyz"
    source = full.store.state.trajectory
    assert source is not None
    read, wanted = open_trajectory(path), source.frame(3)
    assert read.n_frames == 1
    assert read.frame(0).positions.tobytes() == wanted.positions.tobytes()
    assert taker.text == path.read_text()


def test_that_selected_rows_are_dragged_and_stay_selected(full: MainWindow, taker: Taker) -> None:
    view = table(full)
    chosen = rows([3, 5, 8])
    full.store.commit(lambda s: changes.select_models(s, chosen), "Select")
    settled(full)
    carry(view.rows.viewport(), row_pixel(view, 5, 1), taker)
    assert selected(full, Space.MODEL) == [3, 5, 8]
    (path,) = taker.files
    head, *lines = list(csv.reader(path.read_text("utf-8").splitlines()))
    assert len(lines) == 3
    assert [line[1] for line in lines] == [
        line.split("\t")[1] for line in taker.text.split("\n")[1:4]
    ]
    names = full.store.state.table.text  # type: ignore[union-attr]
    assert head[0] in names
    # a click on one of several lets go of the others, when it is released
    click(view.rows.viewport(), row_pixel(view, 5, 1))
    assert selected(full, Space.MODEL) == [5]


def test_that_rows_are_dragged_by_their_names(full: MainWindow, taker: Taker) -> None:
    view = table(full)
    side = view.rows.verticalHeader().viewport()
    places = {row: (20, row_pixel(view, row, 1)[1]) for row in (4, 6)}
    click(side, places[4])
    assert selected(full, Space.MODEL) == [4]
    chosen = rows([4, 6])
    full.store.commit(lambda s: changes.select_models(s, chosen), "Select")
    settled(full)
    carry(side, places[6], taker)
    assert len(taker.text.strip().split("\n")) == 3
    assert selected(full, Space.MODEL) == [4, 6]
    click(side, places[6])
    assert selected(full, Space.MODEL) == [6]


def test_that_what_is_dragged_is_not_opened_in_its_own_window(full: MainWindow) -> None:
    view = table(full)
    n = len(full.store.state.document.inputs)
    click(view.rows.viewport(), row_pixel(view, 2, 1))
    carry(view.rows.viewport(), row_pixel(view, 2, 1), view.rows.viewport())
    carry(view.rows.viewport(), row_pixel(view, 2, 1), full)
    assert len(settled(full).document.inputs) == n


def test_that_a_focused_plot_or_view_is_copied_as_a_figure(full: MainWindow, qtbot: Any) -> None:
    clipboard = QGuiApplication.clipboard()
    clipboard.clear()
    canvas = plot(full, "pareto").canvas
    press(canvas, Key.Key_C, ALT)
    qtbot.waitUntil(lambda: clipboard.mimeData().hasFormat(SVG), timeout=10_000)
    assert clipboard.image().width() == pytest.approx(3 * canvas.width(), abs=3)
    settled(full)
    assert full.notices.text.text().startswith("Copied Pareto")
    view = atoms(full, qtbot)
    press(view.surface, Key.Key_C, ALT)
    width = 2 * view.canvas.width()
    qtbot.waitUntil(lambda: abs(clipboard.image().width() - width) <= 2, timeout=10_000)
    assert not clipboard.mimeData().hasFormat(SVG)
    press(table(full).rows, Key.Key_C, ALT)
    settled(full)
    assert clipboard.image().width() == full.docks.by_panel["table"].view.width()
