"""The notices at the top of the window: the newest, those before it, repeated ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from mlipviewer.app.window import MainWindow
from mlipviewer.session import changes
from mlipviewer.session.landing import add_notice
from mlipviewer.session.state import Document, Notice, State, Weight
from tests import made
from tests.main_window import settled

pytestmark = pytest.mark.window


def tell(window: MainWindow, text: str, weight: Weight = Weight.WARNING) -> None:
    window.store.commit(lambda s: add_notice(s, Notice(text, weight)), "Tell")
    settled(window)


def click(window: MainWindow, title: str) -> None:
    buttons = window.notices.findChildren(QToolButton)
    QTest.mouseClick(
        next(one for one in buttons if one.text().startswith(title)), Qt.MouseButton.LeftButton
    )
    settled(window)


def test_that_notices_before_the_newest_are_a_step_away(window: MainWindow) -> None:
    bar = window.notices
    tell(window, "first")
    assert bar.next.isHidden()
    tell(window, "second")
    tell(window, "third", Weight.ERROR)
    seen = []
    for _ in range(4):
        seen.append((bar.text.text(), bar.next.text()))
        click(window, "Next")
    assert seen == [
        ("third", "Next (1 of 3)"),
        ("second", "Next (2 of 3)"),
        ("first", "Next (3 of 3)"),
        ("third", "Next (1 of 3)"),
    ]
    click(window, "Close")
    assert bar.body.isHidden()
    tell(window, "fourth")
    assert (bar.text.text(), bar.next.isHidden()) == ("fourth", True)


def test_that_a_repeated_notice_is_counted_and_pushes_none_out(window: MainWindow) -> None:
    tell(window, "other")
    for _ in range(150):
        window.store.commit(lambda s: add_notice(s, Notice("again", Weight.ERROR)), "Tell")
    settled(window)
    assert window.notices.text.text() == "again (150 times)"
    assert [one.text for one in window.store.state.moment.notices] == ["other", "again"]
    click(window, "Next")
    assert window.notices.text.text() == "other"


def test_that_only_the_same_in_a_row_is_counted() -> None:
    state = State(Document())
    for text, weight in (("a", Weight.INFO), ("a", Weight.ERROR), ("b", Weight.ERROR)) * 2:
        state = add_notice(state, Notice(text, weight))
    assert [one.times for one in state.moment.notices] == [1] * 6
    state = add_notice(state, Notice("b", Weight.ERROR, "details of the last time"))
    last = state.moment.notices[-1]
    assert (last.times, last.details) == (2, "details of the last time")


def test_that_a_notice_does_not_move_the_camera(window: MainWindow, tmp_path: Path) -> None:
    """Nor does it go away with it; a much narrower view keeps all in sight, and keeps doing so."""
    window.open([str(made.write_dump(tmp_path / "run.dump", n_atoms=64))])
    settled(window)
    view = window.docks.by_panel["atoms"].view
    canvas = view.canvas  # type: ignore[attr-defined]
    if not window.notices.body.isHidden():
        click(window, "Close")
    window.store.commit(lambda s: changes.show_frame(s, 7), "Frame")  # atoms have moved since
    settled(window)
    before, height = canvas.camera, canvas.height()
    tell(window, "first")
    tell(window, "second, of several lines of words that want room\n" * 3)
    assert canvas.height() < height
    assert canvas.camera is before
    click(window, "Close")
    settled(window)
    assert canvas.camera is before


def test_that_a_view_that_gets_narrow_keeps_all_in_sight(
    window: MainWindow, tmp_path: Path
) -> None:
    window.open([str(made.write_dump(tmp_path / "run.dump", n_atoms=64))])
    settled(window)
    canvas = window.docks.by_panel["atoms"].view.canvas  # type: ignore[attr-defined]
    before = canvas.camera.height
    canvas.setFixedWidth(canvas.height() // 3)
    settled(window)
    assert canvas.camera.height > 1.5 * before


def places(window: MainWindow) -> list[tuple[int, ...]]:
    return [dock.geometry().getRect() for dock in window.docks.by_panel.values()]


def test_that_a_notice_that_fits_beside_the_menus_moves_nothing(window: MainWindow) -> None:
    window.resize(1440, 900)
    settled(window)
    before = places(window)
    tell(window, "Written: front.svg")
    assert window.notices.text.isVisible()
    assert window.notices.y() <= window._bar.y() < window.notices.geometry().bottom()
    assert places(window) == before
    click(window, "Close")
    assert places(window) == before


def test_that_a_long_notice_and_its_details_stand_below_the_menus(window: MainWindow) -> None:
    window.resize(1440, 900)
    tell(window, "Written: front.svg")
    click(window, "Details")
    settled(window)
    assert window.notices.y() >= window._bar.geometry().bottom()
    click(window, "Details")
    settled(window)
    assert window.notices.x() >= window._bar.geometry().right()
    tell(window, "many words of a long sentence " * 12)
    settled(window)
    assert window.notices.y() >= window._bar.geometry().bottom()
    assert window.notices.text.height() > 1.5 * window.notices.text.fontMetrics().height()


def test_that_a_notice_goes_below_the_menus_when_the_window_gets_narrow(
    window: MainWindow,
) -> None:
    window.resize(1440, 900)
    tell(window, "a sentence of some eighty letters, that says what was read and what was not")
    assert window.notices.x() >= window._bar.geometry().right()
    window.resize(800, 700)
    settled(window)
    assert window.notices.y() >= window._bar.geometry().bottom()
