"""The main window: drops, notices, docks, keys, exports, and its end."""

from __future__ import annotations

import gc
import threading
import weakref
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QDockWidget, QLineEdit

from mlipviewer.app.main import picture as save_picture
from mlipviewer.app.window import MainWindow
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.session import changes, table_changes, time_changes
from mlipviewer.session.state import Weight
from tests import made
from tests.main_window import (
    close_window,
    open_window,
    plot,
    row_pixel,
    selected,
    settled,
    table,
    timeline,
)
from tests.windows import (
    ALT,
    CTRL,
    SHIFT,
    Key,
    alone,
    choose_in_menu,
    click,
    drop,
    give,
    picture,
    pixels_of,
    press,
    ringed,
    type_text,
)

pytestmark = pytest.mark.window


@pytest.fixture
def full(window: MainWindow) -> MainWindow:
    give(window, made.error_table())
    give(window, made.trajectory())
    return window


# --- files -------------------------------------------------------------------------------------


def test_that_a_mixed_drop_opens_the_good_and_tells_of_the_bad(
    window: MainWindow, tmp_path: Path
) -> None:
    run = made.write_extxyz(tmp_path / "run.xyz")
    broken = tmp_path / "broken.xyz"
    lines = run.read_text().splitlines()
    broken.write_text("\n".join(["many", *lines[1:10]]))
    made.write_dump(tmp_path / "own.dump")
    links = made.write_links(tmp_path / "links.csv", [("m2", "trajectory", "own.dump")])
    paths = [broken, run, made.write_table(tmp_path / "errors.csv"), links]
    assert drop(window, paths)
    state = settled(window)
    assert (state.document.table, state.document.trajectory) == ("errors.csv", "run.xyz")
    (notice,) = [one for one in state.moment.notices if one.weight is Weight.ERROR]
    assert notice.text.startswith("broken.xyz: ")
    assert "line 1" in notice.text
    assert "\n" not in notice.text
    assert window.notices.text.text() == notice.text
    assert window.notices.body.isVisible()
    assert window.windowTitle() == "errors.csv - MLIPViewer"
    assert "24 of 24 models" in table(window).status.text()
    assert timeline(window).name_button.text() == "run.xyz"
    assert "frame 1 of 8" in timeline(window).label.text()
    click(table(window).rows.viewport(), row_pixel(table(window), 2))
    assert settled(window).document.trajectory == "own.dump"
    assert "own.dump" in timeline(window).name_button.text()


def test_that_a_damaged_frame_is_told_by_frame_and_the_others_show(
    window: MainWindow, tmp_path: Path
) -> None:
    path = made.write_extxyz(tmp_path / "cut.xyz")
    text = path.read_text().splitlines()
    path.write_text("\n".join(text[:-3]) + "\n")
    assert drop(window, [path])
    settled(window)
    assert "cut.xyz: frame 8" in window.notices.text.text()
    assert timeline(window).name_button.text() == "cut.xyz"
    assert "frame 1 of" in timeline(window).label.text()


def test_that_a_trajectory_dropped_on_a_row_belongs_to_it(full: MainWindow, tmp_path: Path) -> None:
    run = made.write_dump(tmp_path / "run.dump")
    view = table(full)
    assert drop(view.rows.viewport(), [run], row_pixel(view, 7))
    state = settled(full)
    assert [(link.model, link.path) for link in state.document.links] == [("m7", str(run))]
    assert (state.document.focus, state.document.trajectory) == (7, "run.dump")


def test_that_what_is_no_file_is_not_taken(window: MainWindow) -> None:
    from PySide6.QtCore import QMimeData, QPoint
    from PySide6.QtGui import QDragEnterEvent
    from PySide6.QtWidgets import QApplication

    data = QMimeData()
    data.setText("words")
    modifiers = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(
        QPoint(9, 9), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, modifiers
    )
    enter.ignore()
    QApplication.sendEvent(window, enter)
    assert not enter.isAccepted()


def test_that_opening_and_undoing_all_is_the_start(window: MainWindow, tmp_path: Path) -> None:
    start = window.store.state.document
    window.open([str(made.write_table(tmp_path / "errors.csv"))])
    window.open([str(made.write_extxyz(tmp_path / "run.xyz"))])
    state = settled(window)
    assert len(state.document.inputs) == 2
    while window.store.undo_label:
        press(window, Key.Key_Z, CTRL)
    assert settled(window).document is start
    assert "No trajectory" in timeline(window).label.text()
    assert "No error table" in plot(window, "pareto").canvas.plot.empty
    while window.store.redo_label:
        press(window, Key.Key_Z, CTRL | SHIFT)
    state = settled(window)
    assert (state.document.table, state.document.trajectory) == ("errors.csv", "run.xyz")


def test_that_a_table_read_anew_with_fewer_models_shows_well_and_undoes(
    window: MainWindow, tmp_path: Path
) -> None:
    path = made.write_table(tmp_path / "errors.csv", made.error_table(24))
    window.open([str(path)])
    settled(window)
    click(table(window).rows.viewport(), row_pixel(table(window), 3))
    window.store.commit(lambda s: changes.select_models(s, rows([20])), "Select")
    window.store.commit(lambda s: table_changes.sort_by(s, "e5"), "Sort")
    made.write_table(path, made.error_table(5, 4, missing=0))
    window.open([str(path)])
    state = settled(window)
    assert state.focus is None
    assert "5 of 5 models" in table(window).status.text()
    while window.store.undo_label:
        window.store.undo()
        settled(window)
        press(window, Key.Key_A, CTRL)
        settled(window)
        window.store.undo()
    while window.store.redo_label:
        window.store.redo()
        settled(window)
    details = window.docks.by_panel["details"].view
    assert "No model is in focus" in details.title.text()


# --- notices -----------------------------------------------------------------------------------


def test_that_a_notice_is_closed_until_the_next(window: MainWindow) -> None:
    window.session.notify("<b>One</b>", Weight.WARNING, "more")
    settled(window)
    bar = window.notices
    assert (bar.text.text(), bar.body.isVisible()) == ("<b>One</b>", True)
    buttons = {b.text(): b for b in bar.findChildren(QAbstractButton) if b.text()}
    click(buttons["Details"])
    assert bar.details.isVisible()
    assert bar.details.toPlainText() == "more"
    close = next(b for b in bar.findChildren(QAbstractButton) if "lose" in (b.text() + b.toolTip()))
    click(close)
    assert not bar.body.isVisible()
    window.store.commit(lambda s: time_changes.play(s, True), "Play")
    settled(window)
    assert not bar.body.isVisible()
    window.session.notify("Two")
    settled(window)
    assert (bar.text.text(), bar.body.isVisible()) == ("Two", True)


# --- docks -------------------------------------------------------------------------------------


def test_that_a_dock_closed_by_the_user_comes_back_by_undo(full: MainWindow) -> None:
    panels = full.store.state.document.panels
    places = pixels_of(plot(full, "pareto").canvas)
    row = alone(places)[1]
    full.store.commit(lambda s: changes.select(s, Space.MODEL, rows([row])), "Select")
    dock = full.docks.by_panel["pareto"]
    title = dock.windowTitle()
    click(dock.findChild(QAbstractButton, "qt_dockwidget_closebutton"))
    state = settled(full)
    assert "pareto" not in {panel.id for panel in state.document.panels}
    assert full.store.undo_label == f"Close {title}"
    assert full.findChild(QDockWidget, "pareto") is None
    assert "pareto" not in full.docks.by_panel
    press(full, Key.Key_Z, CTRL)
    assert settled(full).document.panels is panels
    canvas = plot(full, "pareto").canvas
    assert canvas.isVisible()
    assert ringed(picture(canvas), pixels_of(canvas)[row])


def test_that_panels_open_and_close_from_the_view_menu(window: MainWindow) -> None:
    choose_in_menu(window._menus["View"], "Details")
    assert "details" not in {panel.id for panel in settled(window).document.panels}
    choose_in_menu(window._menus["View"], "Details")
    assert "details" in {panel.id for panel in settled(window).document.panels}
    assert window.docks.by_panel["details"].isVisible()
    window.store.commit(lambda s: changes.close_panel(s, "graph"), "Close")
    settled(window)
    choose_in_menu(window._menus["View"], "Usual places")
    settled(window)
    assert window.docks.by_panel["graph"].isVisible()


def test_that_a_hidden_panel_catches_up_when_raised(full: MainWindow) -> None:
    heat, graph = full.docks.by_panel["heatmap"], full.docks.by_panel["graph"]
    graph.raise_()
    settled(full)
    assert heat.view.visibleRegion().isEmpty()
    told: list[object] = []
    show_state = heat.view.show_state
    heat.view.show_state = lambda old, new: (told.append(old), show_state(old, new))  # type: ignore[method-assign]
    for metric in (1, 2, 3):
        full.store.commit(lambda s, m=metric: changes.choose_metrics(s, rows([m])), "Metric")
        settled(full)
    assert told == []
    heat.raise_()
    settled(full)
    assert len(told) == 1
    assert heat.view.canvas.highlights[Space.METRIC].selected.tolist() == [3]


# --- keys --------------------------------------------------------------------------------------


def test_that_keys_of_actions_act(full: MainWindow) -> None:
    press(full, Key.Key_A, CTRL)
    assert selected(full, Space.MODEL) == list(range(1, 25))
    press(full, Key.Key_Escape)
    assert selected(full, Space.MODEL) == []
    press(full, Key.Key_I, CTRL | SHIFT)
    assert selected(full, Space.MODEL) == list(range(1, 25))
    press(full, Key.Key_Right, ALT)
    assert settled(full).document.frame == 1
    press(full, Key.Key_End, ALT)
    assert settled(full).document.frame == 7
    for _ in range(2):
        press(full, Key.Key_Z, CTRL)
    assert settled(full).document.frame == 0
    press(full, Key.Key_Y, CTRL)
    assert settled(full).document.frame == 1


def test_that_letters_act_in_plots_and_are_letters_in_the_filter(full: MainWindow) -> None:
    canvas = plot(full, "pareto").canvas
    press(canvas, Key.Key_Space)
    assert full.store.state.moment.playing
    press(canvas, Key.Key_Space)
    assert not settled(full).moment.playing
    edit = table(full).findChild(QLineEdit)
    type_text(edit, "e0 < 9")
    assert settled(full).document.condition == "e0 < 9"
    assert not full.store.state.moment.playing


def test_that_menus_name_what_is_undone(full: MainWindow) -> None:
    press(full, Key.Key_A, CTRL)
    settled(full)
    assert full._undo.text() == "Undo Select all models"
    assert not full._redo.isEnabled()
    press(full, Key.Key_Z, CTRL)
    settled(full)
    assert full._redo.text() == "Redo Select all models"
    assert full._redo.isEnabled()


def test_that_actions_that_cannot_be_say_why(window: MainWindow) -> None:
    items = window.registry.items
    assert not items["select.all"].isEnabled()
    assert items["select.all"].toolTip() == "Select all models (Ctrl+A): no error table is open"
    window.registry.do("select.all")
    settled(window)
    assert window.notices.text.text() == "Select all models: no error table is open"
    give(window, made.error_table())
    assert items["select.all"].isEnabled()


def test_that_many_commits_of_a_turn_are_shown_once(full: MainWindow, qtbot: Any) -> None:
    told: list[object] = []
    full.store.subscribe(lambda _old, new: told.append(new))
    for row in (1, 2, 3, 4):
        full.store.commit(lambda s, r=row: changes.select_models(s, rows([r])), "Select")
    assert told == []
    qtbot.waitUntil(lambda: len(told) == 1)
    assert full.docks.by_panel["table"].view.model._focus == 4


# --- pictures and exports ----------------------------------------------------------------------


def test_that_the_window_is_pictured_once_all_is_shown(
    qtbot: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    window = open_window(qtbot)
    window.open([str(made.write_table(tmp_path / "errors.csv"))])
    assert save_picture(window, tmp_path / "window.png") == 0
    image = QImage(str(tmp_path / "window.png"))
    assert (image.width(), image.height()) == (window.width(), window.height())
    assert "24 of 24 models" in window.docks.by_panel["table"].view.status.text()
    close_window(window)


# --- the end -----------------------------------------------------------------------------------


def test_that_a_window_closed_while_it_works_ends_its_work(qtbot: Any, tmp_path: Path) -> None:
    before = set(threading.enumerate())
    window = open_window(qtbot)
    window.open([str(made.write_extxyz(tmp_path / "run.xyz", n_atoms=1000, n_frames=30))])
    window.open([str(made.write_table(tmp_path / "errors.csv", made.error_table(400, 20)))])
    window.store.flush()
    close_window(window)
    n_jobs = len(window.store.state.moment.jobs)
    window.store.flush()
    window.session.drain()
    assert len(window.store.state.moment.jobs) == n_jobs
    for thread in set(threading.enumerate()) - before:
        thread.join(10)
        assert not thread.is_alive()


def test_that_a_closed_window_leaves_nothing_behind(qtbot: Any) -> None:
    window = open_window(qtbot)
    give(window, made.error_table())
    give(window, made.trajectory())
    plot(window, "heatmap")
    traces = [weakref.ref(window), weakref.ref(window.store), weakref.ref(window.session)]
    traces += [weakref.ref(window.store.state.trajectory)]
    close_window(window)
    del window
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()
        gc.collect()
    assert [trace() for trace in traces] == [None] * 4
