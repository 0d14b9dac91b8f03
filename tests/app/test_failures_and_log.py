"""What fails is told, kept and does not spread; the log shows it."""

from __future__ import annotations

import logging
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMessageLogger
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QToolButton

from mlipviewer.app.failures import hear_qt
from mlipviewer.app.window import MainWindow
from mlipviewer.session.reports.log_book import LogBook, begin_log, end_log, hear_failures
from mlipviewer.session.state import Notice, Weight
from mlipviewer.views.details import DetailsView
from mlipviewer.views.failed import FailedView
from tests import made
from tests.main_window import close_window, open_window, settled, shown_view
from tests.windows import click, give, type_text

pytestmark = pytest.mark.window


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LogBook]:
    """The log, with problems heard as in the program instead of failing the test."""
    monkeypatch.setattr(sys, "excepthook", lambda *_about: None)
    kept, ends = begin_log(tmp_path / "log"), [hear_failures(), hear_qt()]
    yield kept
    for end in reversed(ends):
        end()
    end_log(kept)


@pytest.fixture
def logged(qtbot: Any, book: LogBook) -> Iterator[MainWindow]:
    window = open_window(qtbot, book)
    yield window
    close_window(window)


def paintEvent(self: DetailsView, _event: object) -> None:
    raise RuntimeError("no paint left")


def test_that_a_view_that_fails_three_times_is_replaced_and_reloaded(
    qtbot: Any, logged: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(logged, made.error_table())
    dock = logged.docks.by_panel["details"]
    view = shown_view(logged, "details")
    monkeypatch.setattr(DetailsView, "paintEvent", paintEvent, raising=False)
    logged.docks.make_anew("details")  # its class paints otherwise now
    assert dock.view is not view

    def replaced() -> bool:
        dock.view.update()
        return isinstance(dock.view, FailedView)

    qtbot.waitUntil(replaced)
    assert isinstance(dock.view, FailedView)
    assert "no paint left" in dock.view.reason.text()
    assert any("no paint left" in notice.text for notice in settled(logged).moment.notices)
    monkeypatch.undo()
    click(dock.view.reload)
    qtbot.waitUntil(lambda: isinstance(dock.view, DetailsView))
    give(logged, made.error_table(seed=2))
    assert dock.view.isVisible()


def test_that_a_view_that_cannot_show_does_not_keep_others_from_it(
    logged: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(logged, made.error_table())
    shown_view(logged, "details")

    def fail(_self: DetailsView, _old: object, _new: object) -> None:
        raise RuntimeError("cannot be shown")

    monkeypatch.setattr(DetailsView, "show_state", fail)
    state = logged.store.state
    logged.store.commit(lambda s: s.with_document(condition="e0 < 0.1"), "Filter")
    with pytest.raises(RuntimeError, match="cannot be shown"):
        logged.store.flush()
    assert logged.store.state is not state
    assert logged.docks.by_panel["table"].view.filter.text() == "e0 < 0.1"
    assert logged.store.undo_label == "Filter"
    assert logged._undo.text() == "Undo Filter"


def test_that_the_log_shows_notices_and_messages_of_qt(logged: MainWindow) -> None:
    QMessageLogger("", 0, "").warning("a surface was lost")
    logged.session.notify("run.xyz: frame 3 is damaged", Weight.WARNING, "line 77")
    settled(logged)
    buttons = logged.notices.findChildren(QToolButton)
    click(next(button for button in buttons if button.text() == "Log"))
    dock = logged.help.log
    assert dock.isVisible()
    text = dock.text.toPlainText()
    assert "a surface was lost" in text
    assert "frame 3 is damaged\nline 77" in text


def test_that_the_log_is_filtered_and_copied(logged: MainWindow) -> None:
    log = logging.getLogger("mlipviewer.io")
    log.info("opened one")
    log.error("could not open two")
    dock = logged.help.log
    dock.open()
    dock.level.setCurrentText("Errors")
    dock.level.activated.emit(2)
    assert "two" in dock.text.toPlainText()
    assert "one" not in dock.text.toPlainText()
    type_text(dock.filter, "nowhere")
    assert dock.text.toPlainText() == ""
    dock.filter.clear()
    settled(logged)
    click(next(b for b in dock.findChildren(QPushButton) if b.text() == "Copy"))
    assert "could not open two" in QGuiApplication.clipboard().text()


def test_that_a_bundle_is_written_and_told(logged: MainWindow, tmp_path: Path) -> None:
    logged.help.log.write_report(tmp_path / "report.zip")
    with zipfile.ZipFile(tmp_path / "report.zip") as file:
        assert "OpenGL renderer" in file.read("drawing.json").decode()
    said = settled(logged).moment.notices[-1].text
    assert "nothing was sent" in said
    logged.help.log.write_report(tmp_path / "no such folder" / "report.zip")
    assert "was not written" in settled(logged).moment.notices[-1].text


def test_that_a_flood_of_failures_is_told_once(logged: MainWindow) -> None:
    before = len(settled(logged).moment.notices)
    for k in range(50):
        problem = RuntimeError(f"number {k}")
        sys.excepthook(RuntimeError, problem, None)
    notices: tuple[Notice, ...] = settled(logged).moment.notices
    assert len(notices) == before + 1
    assert notices[-1].weight is Weight.ERROR
