"""Composite figures and key views of movies, by their dialogs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from mlipviewer.app.figures.composite_dialog import CompositeDialog
from mlipviewer.app.figures.key_views_dialog import KeyViewsDialog
from mlipviewer.app.figures.movies import MovieDialog, ask_movie
from mlipviewer.app.window import MainWindow
from mlipviewer.gui.composite import shared_names
from mlipviewer.gui.figure import PlotDrawing
from mlipviewer.gui.figure_look import FigureLook
from mlipviewer.io.movies import ffmpeg
from mlipviewer.session.figures import FigureLayout, FigurePart, figure_named, moved_to
from tests import made, windows
from tests.app import window_work as work
from tests.io.test_movies import decoded
from tests.main_window import atoms, settled

pytestmark = pytest.mark.window
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def worked(window: MainWindow, tmp_path: Path, qtbot: Any) -> MainWindow:
    made.write_table(tmp_path / "errors.csv")
    made.write_extxyz(tmp_path / "run.extxyz", n_frames=6)
    for name in ("errors.csv", "run.extxyz"):
        window.open([str(tmp_path / name)])
        settled(window)
    atoms(window, qtbot)
    return window


def act(window: MainWindow, name: str) -> None:
    window.registry.items[name].trigger()
    settled(window)


def test_that_views_are_put_on_one_sheet(
    worked: MainWindow, tmp_path: Path, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "both.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    act(worked, "export.composite")
    dialog = windows.dialog_of(CompositeDialog, qtbot)
    shown = dialog.shown
    work.run_until(lambda: shown.n_drawn > 0, 10)
    QTest.mouseClick(dialog.add, LEFT)
    work.run_until(lambda: shown.n_drawn > 1, 10)
    parts = dialog.layout_now.parts
    assert [(one.view, one.row, one.column) for one in parts] == [
        ("pareto", 0, 0),
        ("atoms", 0, 1),
        ("table", 1, 0),
    ]
    picture = shown.pixmap()
    width, height = picture.width(), picture.height()
    left, top = (shown.width() - width) // 2, (shown.height() - height) // 2
    QTest.mousePress(shown, LEFT, pos=QPoint(left + width // 4, top + height // 4))
    QTest.mouseRelease(shown, LEFT, pos=QPoint(left + 3 * width // 4, top + height // 4))
    assert [one.view for one in dialog.layout_now.parts] == ["atoms", "pareto", "table"]
    QTest.mousePress(shown, LEFT, pos=QPoint(left + width // 4, top + 3 * height // 4))
    QTest.mouseRelease(shown, LEFT, pos=QPoint(left + 3 * width // 4, top + 3 * height // 4))
    assert (dialog.layout_now.parts[2].row, dialog.layout_now.parts[2].column) == (1, 1)
    dialog.dpi.setValue(100)
    QTest.mouseClick(dialog.export, LEFT)
    settled(worked)
    with Image.open(out) as image:
        assert image.size == (689, 453)
    kept = figure_named(worked.store.state, "Figure 1")
    assert kept == dialog.layout_now
    worked.store.undo()
    assert worked.store.state.document.figures == ()
    QTest.mouseClick(dialog.keep, LEFT)
    assert worked.store.state.document.figures == (kept,)
    dialog.reject()
    settled(worked)


def test_that_a_layout_is_taken_from_another_session(
    worked: MainWindow, tmp_path: Path, qtbot: Any
) -> None:
    act(worked, "export.composite")
    dialog = windows.dialog_of(CompositeDialog, qtbot)
    dialog.name.setEditText("Mine")
    dialog.letters.setCurrentText("(a)")
    QTest.mouseClick(dialog.keep, LEFT)
    dialog.reject()
    settled(worked)
    work.save(worked, tmp_path / "a.mlipview")
    worked.store.undo()
    settled(worked)
    act(worked, "export.composite")
    again = windows.dialog_of(CompositeDialog, qtbot)
    assert again.layout_now.name == "Figure 1"
    again.take_from(tmp_path / "a.mlipview")
    assert (again.layout_now.name, again.layout_now.letters) == ("Mine", "(a)")
    again.take_from(tmp_path / "no.mlipview")
    assert "no such file" in again.told.text()
    again.reject()
    work.save(worked, tmp_path / "b.mlipview")  # or closing would ask


def test_that_what_overlaps_is_said(worked: MainWindow, qtbot: Any) -> None:
    act(worked, "export.composite")
    dialog = windows.dialog_of(CompositeDialog, qtbot)
    dialog.set_layout(FigureLayout("F", (FigurePart("pareto"), FigurePart("atoms"))))
    work.run_until(lambda: not dialog.export.isEnabled(), 5)
    assert "lies over" in dialog.shown.text()
    dialog.reject()


def test_that_a_view_moves_to_a_free_cell_and_swaps_with_another() -> None:
    layout = FigureLayout("F", (FigurePart("a"), FigurePart("b", 0, 1), FigurePart("c", 1, 0)))
    assert [p.view for p in moved_to(layout, (0, 0), (0, 1)).parts] == ["b", "a", "c"]
    moved = moved_to(layout, (1, 0), (1, 1)).parts[2]
    assert (moved.row, moved.column) == (1, 1)
    assert moved_to(layout, (1, 1), (0, 0)) == layout, "there is nothing to move"


def test_that_one_legend_names_the_groups_of_all(worked: MainWindow) -> None:
    drawing = worked.figures.drawings.drawing("pareto", FigureLook())
    assert isinstance(drawing, PlotDrawing)
    names = shared_names([drawing.plot, drawing.plot])
    assert len(names) == len({name for _, name, _ in names}) > 1


def test_that_key_views_are_listed_changed_and_undone(
    worked: MainWindow, tmp_path: Path, qtbot: Any
) -> None:
    view = atoms(worked, qtbot)
    act(worked, "time.keys")
    (dialog,) = worked.findChildren(KeyViewsDialog)
    QTest.mouseClick(dialog.add, LEFT)
    settled(worked)
    view.looking.spin(90)
    QTest.keyClick(view.surface, Qt.Key.Key_End)
    settled(worked)
    QTest.mouseClick(dialog.add, LEFT)
    state = settled(worked)
    first, last = state.document.key_views
    assert (first.seconds, first.frame, last.seconds) == (0.0, 0, 2.0)
    assert first.camera != last.camera
    second = dialog.rows[1][1]
    second.setFocus()
    second.selectAll()
    QTest.keyClicks(second, "1")
    QTest.keyClick(second, Qt.Key.Key_Return)
    frame = dialog.rows[1][2]
    frame.setValue(6)
    frame.editingFinished.emit()
    state = settled(worked)
    last = state.document.key_views[1]
    assert (last.seconds, last.frame) == (1.0, 5)
    QTest.mouseClick(dialog.rows[0][0], LEFT)
    assert settled(worked).frame == 0
    assert view.looking.text() == first.camera
    movie = ask_movie(worked.store, worked.sessions.saved, worked)
    assert movie.keys.isChecked()
    assert "13 pictures" in movie.told.text()
    assert not movie.turn.isEnabled()
    movie.reject()
    if ffmpeg():
        _film(worked, tmp_path)
    dialog.close()
    for _ in range(2):
        worked.store.undo()
    assert settled(worked).document.key_views[1].seconds == 2.0


def _film(worked: MainWindow, tmp_path: Path) -> None:
    dialog = MovieDialog(worked.store.state, lambda *_: None, worked)
    dialog.close()
    out = tmp_path / "keys.mp4"
    movie = ask_movie(worked.store, worked.sessions.saved, worked)
    movie.fps.setValue(8)
    movie.size_box.setCurrentText("160x120")
    movie.make(str(out))
    work.run_until(out.exists, 60)
    work.rest(worked)
    seen = decoded(out)
    assert seen.shape == (9, 120, 160)
    assert len({one.tobytes() for one in seen}) >= 8
