"""A file that is not what it seems to be: a notice with its reason offers to open it as something
else, which is kept for the next time and in sessions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox

from mlipviewer.app.trajectories.open_as import FormatDialog
from mlipviewer.app.window import MainWindow
from mlipviewer.core.problem import ReadProblem
from mlipviewer.io.trajectories.choices import TrajectoryChoices, trajectory_choices
from mlipviewer.session.opening import open_as, open_path
from mlipviewer.session.state import Weight
from tests import made
from tests.main_window import settled
from tests.windows import click, drop, shown_dialog


@pytest.fixture
def strange(tmp_path: Path) -> Path:
    """A table whose name says nothing."""
    return made.write_table(tmp_path / "errors.dat")


def choose(dialog: FormatDialog, title: str) -> None:
    """Type the first word of a format, as people do in a list."""
    dialog.format.setFocus()
    QTest.keyClicks(dialog.format, title)
    assert title in dialog.format.currentText()
    kinds = QDialogButtonBox.StandardButton
    click(dialog.findChild(QDialogButtonBox).button(kinds.Open))


@pytest.mark.window
def test_that_a_notice_offers_to_open_it_as_something_else(
    window: MainWindow, strange: Path, qtbot: Any
) -> None:
    window.open([str(strange)])
    state = settled(window)
    assert state.document.inputs == ()
    assert state.moment.notices[-1].weight is Weight.ERROR
    assert "not supported" in window.notices.text.text()
    assert window.notices.offer.text() == "Open as ..."
    click(window.notices.offer)
    dialog = shown_dialog(FormatDialog, qtbot)
    choose(dialog, "Error")
    state = settled(window)
    assert state.document.table == "errors.dat"
    assert state.table is not None
    assert state.table.n_models == 24


@pytest.mark.window
def test_that_a_file_that_is_not_there_offers_nothing(window: MainWindow, tmp_path: Path) -> None:
    window.open([str(tmp_path / "gone.xyz")])
    settled(window)
    assert "there is no such file" in window.notices.text.text()
    assert not window.notices.offer.isVisible()


@pytest.mark.window
def test_that_a_bad_file_that_was_dropped_offers_it_too(window: MainWindow, tmp_path: Path) -> None:
    bad = tmp_path / "bad.xyz"
    bad.write_text("many\nwords\n")
    assert drop(window, [bad])
    settled(window)
    assert window.notices.offer.isVisible()
    assert window.notices.offer.text() == "Open as ..."


def test_that_a_format_is_kept_for_the_next_time(tmp_path: Path) -> None:
    run = made.write_extxyz(tmp_path / "run.xyz")
    text = run.read_text().replace("27\n", "27 atoms\n", 1)  # no number alone: not recognised
    odd = tmp_path / "odd.one"
    odd.write_text(text)
    with pytest.raises(ReadProblem):
        open_path(str(odd), recalled=True)
    odd.write_text(run.read_text())
    opened = open_as(str(odd), "extxyz")
    assert opened.input is not None
    assert trajectory_choices(opened.input.choices).format == "extxyz"
    again = open_path(str(odd), recalled=True)
    assert again.input == opened.input


def test_that_a_file_is_refused_as_what_it_is_not(tmp_path: Path) -> None:
    run = made.write_extxyz(tmp_path / "run.xyz")
    with pytest.raises(ReadProblem):
        open_as(str(run), "dcd")


def test_that_formats_in_choices_are_texts() -> None:
    with pytest.raises(ValueError, match="format"):
        trajectory_choices('{"format": 3}')
    assert TrajectoryChoices(format="dcd").as_text() != ""
