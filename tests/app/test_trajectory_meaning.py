"""Saying what a trajectory is: its time, the elements of its types, its columns; undone, kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDialogButtonBox

from mlipviewer.app.main import settle
from mlipviewer.app.trajectories.meaning import TrajectoryMeaning
from mlipviewer.app.window import MainWindow
from mlipviewer.session.settings.remembered import recall
from tests.io.test_timing import LOG, dump
from tests.windows import click, in_front

pytestmark = pytest.mark.window

OK = QDialogButtonBox.StandardButton.Ok


def ask(window: MainWindow, qtbot: Any) -> TrajectoryMeaning:
    menu = window._menus["Time"]
    item = next(a for a in menu.actions() if a.text().startswith("What the trajectory"))
    item.trigger()
    found = [w for w in window.findChildren(TrajectoryMeaning) if w.isVisible()]
    in_front(qtbot, found[-1])
    return found[-1]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "run.dump").write_text(dump([0, 100, 200]))
    return tmp_path / "run.dump"


def press(dialog: TrajectoryMeaning, kind: QDialogButtonBox.StandardButton) -> None:
    box = dialog.findChild(QDialogButtonBox)
    assert box is not None
    click(box.button(kind))


def shown(window: MainWindow) -> Any:
    settle(window)
    state = window.store.state
    assert state.trajectory is not None
    return state.trajectory, state.moment.frames[state.trajectory.name]


def test_that_time_elements_and_units_are_said_shown_and_undone(
    window: MainWindow, path: Path, qtbot: Any
) -> None:
    window.open([str(path)])
    _, frame = shown(window)
    assert frame.numbers.tolist() == [0, 0]
    dialog = ask(window, qtbot)
    QTest.keyClicks(dialog.interval, "0.5")
    dialog.tabs.setCurrentIndex(1)
    for row, symbol in enumerate(("Si", "o")):
        combo = dialog.kinds.cellWidget(row, 2)
        assert isinstance(combo, QComboBox)
        combo.lineEdit().selectAll()
        QTest.keyClicks(combo.lineEdit(), symbol)
    dialog.units.setCurrentText("real")
    press(dialog, OK)
    trajectory, frame = shown(window)
    assert trajectory.frame_interval() == 0.5
    assert frame.numbers.tolist() == [14, 8]
    assert frame.info["units"] == "real"
    assert '"interval": 0.5' in recall(str(path))
    window.store.undo()
    trajectory, frame = shown(window)
    assert not trajectory.clock.known
    assert frame.numbers.tolist() == [0, 0]
    window.store.redo()
    assert shown(window)[0].frame_interval() == 0.5


def test_that_what_was_said_is_kept_for_the_next_time(
    window: MainWindow, path: Path, qtbot: Any
) -> None:
    window.open([str(path)])
    shown(window)
    dialog = ask(window, qtbot)
    QTest.keyClicks(dialog.interval, "2")
    press(dialog, OK)
    shown(window)
    fresh = MainWindow()
    qtbot.addWidget(fresh)
    fresh.open([str(path)])
    assert shown(fresh)[0].frame_interval() == 2
    dialog = ask(window, qtbot)
    assert dialog.interval.text() == "2"
    press(dialog, QDialogButtonBox.StandardButton.RestoreDefaults)
    assert not shown(window)[0].clock.known
    assert recall(str(path)) == ""
    fresh.close()


def test_that_nothing_changed_is_nothing_said(window: MainWindow, path: Path, qtbot: Any) -> None:
    window.open([str(path)])
    shown(window)
    before = window.store.state.document
    press(ask(window, qtbot), OK)
    settle(window)
    assert window.store.state.document.inputs == before.inputs


def test_that_a_role_is_chosen_with_the_guess_in_sight(
    window: MainWindow, tmp_path: Path, qtbot: Any
) -> None:
    text = "Properties=species:S:1:pos:R:3:forces:R:3:dft_forces:R:3 energy=-1.0 e2=-2.0"
    (tmp_path / "run.xyz").write_text(f"1\n{text}\nSi 0 0 0 1 0 0 2 0 0\n" * 2)
    window.open([str(tmp_path / "run.xyz")])
    trajectory, _ = shown(window)
    assert trajectory.roles["reference forces"] == "dft_forces"
    dialog = ask(window, qtbot)
    assert dialog.roles["reference forces"].currentText() == "(as guessed: dft_forces)"
    names = [dialog.roles["forces"].itemText(k) for k in range(4)]
    assert names[2:] == ["forces (eV/Å, by convention)", "dft_forces (eV/Å, by convention)"]
    combo = dialog.roles["energy"]
    combo.setCurrentIndex(combo.findData("e2"))
    dialog.roles["reference forces"].setCurrentIndex(1)
    press(dialog, OK)
    trajectory, _ = shown(window)
    assert trajectory.roles["energy"] == "e2"
    assert "reference forces" not in trajectory.roles


def test_that_a_log_dropped_beside_a_trajectory_is_joined_and_undone(
    window: MainWindow, path: Path, tmp_path: Path
) -> None:
    log = tmp_path / "elsewhere"
    log.mkdir()
    (log / "thermo.log").write_text(LOG)
    window.open([str(log / "thermo.log")])
    settle(window)
    assert "open the trajectory" in window.store.state.moment.notices[-1].text
    window.open([str(path)])
    shown(window)
    window.open([str(log / "thermo.log")])
    trajectory, frame = shown(window)
    assert frame.info["PotEng"] == -10.5
    assert trajectory.frame_interval() == pytest.approx(0.2)
    assert len(window.store.state.document.inputs) == 1
    window.store.undo()
    assert "PotEng" not in shown(window)[1].info


def test_that_the_dialog_is_closed_by_escape_without_a_change(
    window: MainWindow, path: Path, qtbot: Any
) -> None:
    window.open([str(path)])
    shown(window)
    dialog = ask(window, qtbot)
    QTest.keyClicks(dialog.interval, "9")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not shown(window)[0].clock.known


def test_that_a_window_is_closed_again_in_peace(window: MainWindow) -> None:
    assert window.close()
    assert window.close()
