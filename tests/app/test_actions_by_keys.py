"""Keys of the whole window: every action's keys are in its menu and tip, and mean it where the
focus is."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from mlipviewer.app.window import MainWindow
from mlipviewer.core.plot import Space
from mlipviewer.gui.keys import keymap_in_use, keys_words
from mlipviewer.session.time_changes import bookmarks_of
from tests import made
from tests.main_window import close_window, plot, selected, settled, shown_view, table, timeline
from tests.windows import ALT, CTRL, NO, SHIFT, Key, Modifier, give, press

pytestmark = pytest.mark.window


@pytest.fixture
def full(window: MainWindow) -> MainWindow:
    give(window, made.error_table())
    give(window, made.trajectory())
    return window


def test_that_every_action_is_made_once_with_its_keys_in_its_tip(full: MainWindow) -> None:
    settled(full)
    assert set(full.registry.items) == set(full.registry.actions)
    assert {one.id for one in keymap_in_use.keymap.actions} >= set(full.registry.actions)
    for name, item in full.registry.items.items():
        assert keys_words(name) in item.toolTip(), name
        assert item.isEnabled() or ": " in item.toolTip(), name
        action = full.registry.actions[name]
        if action.menu:
            assert item in full.registry.menu(action.menu).actions(), name
        if action.change is None and item.isEnabled():
            assert full.registry._deeds_for(name), f"nobody does {name}"


def test_that_no_key_of_the_window_is_ambiguous(full: MainWindow) -> None:
    anywhere = [one for one in full.registry.actions.values() if not one.local]
    keys = [key for one in anywhere for key in keymap_in_use.keymap.keys_of(one.id)]
    assert len(keys) == len(set(keys))
    full.activateWindow()
    press(table(full).rows, Key.Key_A, CTRL)
    assert len(selected(full, Space.MODEL)) == 24


@pytest.mark.parametrize(
    ("key", "held", "seen"),
    [
        (Key.Key_X, NO, (1, 0, 0)),
        (Key.Key_X, ALT, (-1, 0, 0)),
        (Key.Key_Y, NO, (0, 1, 0)),
        (Key.Key_Z, NO, (0, 0, 1)),
        (Key.Key_3, ALT, (0, 0, -1)),
    ],
)
def test_that_letters_look_along_axes(
    full: MainWindow, key: Key, held: Modifier, seen: tuple[int, int, int]
) -> None:
    view = shown_view(full, "atoms")
    press(view.surface, key, held)
    towards = view.canvas.camera.rotation[2]
    assert towards.round(3).tolist() == list(seen)


def test_that_ctrl_a_means_atoms_in_the_3d_view_and_models_elsewhere(full: MainWindow) -> None:
    press(shown_view(full, "atoms").surface, Key.Key_A, CTRL)
    assert selected(full, Space.MODEL) == []
    assert len(selected(full, Space.ATOM)) > 10
    press(plot(full, "pareto").canvas, Key.Key_A, CTRL)
    assert len(selected(full, Space.MODEL)) == 24


def test_that_frames_are_stepped_in_a_plot_and_letters_do_nothing_in_a_table(
    full: MainWindow,
) -> None:
    canvas = plot(full, "pareto").canvas
    press(canvas, Key.Key_End)
    assert settled(full).frame == 7
    press(canvas, Key.Key_Comma)
    assert settled(full).frame == 6
    press(canvas, Key.Key_Home)
    assert settled(full).frame == 0
    rows = table(full).rows
    document = settled(full).document
    for key in (Key.Key_Period, Key.Key_Space, Key.Key_H, Key.Key_X, Key.Key_S, Key.Key_5):
        press(rows, key)
    state = settled(full)
    assert not state.moment.playing
    assert state.document is document


def test_that_plots_zoom_by_keys(full: MainWindow, qtbot: QtBot) -> None:
    canvas = plot(full, "pareto").canvas
    whole = canvas.sheet.window.x
    press(canvas, Key.Key_Plus, SHIFT)  # as most keyboards have it
    assert canvas.sheet.window.x[1] - canvas.sheet.window.x[0] < whole[1] - whole[0]
    press(canvas, Key.Key_Minus)
    press(canvas, Key.Key_Minus)
    assert canvas.sheet.window.x[1] - canvas.sheet.window.x[0] > whole[1] - whole[0]
    press(canvas, Key.Key_R)
    assert canvas.sheet.window.x == whole
    QApplication.clipboard().clear()
    press(canvas, Key.Key_C, CTRL)  # made by a thread
    qtbot.waitUntil(lambda: QApplication.clipboard().mimeData().hasImage(), timeout=10_000)


def test_that_digits_go_through_time_on_the_timeline(full: MainWindow) -> None:
    bar = timeline(full)
    press(bar.slider, Key.Key_5)
    assert settled(full).frame == 4
    press(bar.slider, Key.Key_B)
    assert [mark.frame for mark in bookmarks_of(settled(full))] == [4]


def test_that_ctrl_f_begins_the_filter_of_models(full: MainWindow) -> None:
    press(table(full).rows, Key.Key_F, CTRL)
    line = QApplication.focusWidget()
    assert isinstance(line, QLineEdit)
    QTest.keyClicks(line, "e0 < 9")
    assert settled(full).document.condition == "e0 < 9"


def test_that_ctrl_and_a_digit_go_to_a_panel(full: MainWindow) -> None:
    names = [panel.id for panel in full.store.state.document.panels]
    for number in (1, 2, 5, 9):
        press(full, Qt.Key(Key.Key_0 + number), CTRL)
        settled(full)
        at = QApplication.focusWidget()
        assert full.docks.by_panel[names[number - 1]].isAncestorOf(at)


def test_that_one_panel_stands_alone_and_all_come_back(full: MainWindow) -> None:
    shown = {name for name, dock in full.docks.by_panel.items() if dock.isVisible()}
    document = settled(full).document
    plot(full, "pareto").canvas.setFocus()
    QTest.keyClick(full, Key.Key_Return, CTRL)
    settled(full)
    alone = {name for name, dock in full.docks.by_panel.items() if dock.isVisible()}
    assert alone == {"pareto"}
    QTest.keyClick(full, Key.Key_Return, CTRL)
    assert {name for name, dock in full.docks.by_panel.items() if dock.isVisible()} == shown
    assert settled(full).document is document


def test_that_a_screenshot_goes_to_the_clipboard(full: MainWindow) -> None:
    press(shown_view(full, "table").rows, Key.Key_C, ALT)
    settled(full)
    assert re.match(r"Copied \d+ x \d+ pixels", full.notices.text.text())
    image = QApplication.clipboard().image()
    assert image.width() == full.docks.by_panel["table"].view.width()


def test_that_another_window_opens_and_closes_alone(full: MainWindow) -> None:
    before = set(QApplication.topLevelWidgets())
    QTest.keyClick(full, Key.Key_N, CTRL)
    new = [one for one in QApplication.topLevelWidgets() if one not in before]
    (other,) = [one for one in new if isinstance(one, MainWindow)]
    settled(other)
    assert other.store.state.table is None
    close_window(other)
    assert settled(full).table is not None
