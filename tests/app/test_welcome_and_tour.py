"""The welcome page and the tour: they offer, point and wait for nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCommandLinkButton, QPushButton, QToolButton

from mlipviewer.app.help.tour import STOPS
from mlipviewer.app.help.welcome import Welcome, samples
from mlipviewer.app.recent_menu import RecentMenu
from mlipviewer.app.window import MainWindow
from mlipviewer.core.order import shown_models
from mlipviewer.session.closing import close_input
from mlipviewer.session.saving.recents import add_recent, forget_recent, pinned
from mlipviewer.session.settings.seen import mark_seen, seen
from tests import made
from tests.app import window_work as work
from tests.main_window import settled
from tests.windows import Key, choose_in_menu, click, drop, give, press

pytestmark = pytest.mark.window


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path


@pytest.fixture
def begun(place: Path, window: MainWindow) -> Iterator[MainWindow]:
    """A window of a user who saw the tour."""
    mark_seen("tour")
    window.help.begin()
    settled(window)
    yield window
    window.help.tour.end()


def page_of(window: MainWindow) -> Welcome:
    return window.help.welcome


def button_of(page: Welcome, place: int) -> QPushButton:
    """What opens a file of the list."""
    found = page.recents.itemAt(place).widget().findChild(QPushButton)
    assert isinstance(found, QPushButton)
    return found


def pin_of(page: Welcome, place: int) -> QToolButton:
    found = page.recents.itemAt(place).widget().findChild(QToolButton)
    assert isinstance(found, QToolButton)
    return found


def test_that_the_page_shows_while_nothing_is_open(begun: MainWindow) -> None:
    page = page_of(begun)
    assert page.isVisible()
    assert QApplication.activeModalWidget() is None
    give(begun, made.error_table(name="a.csv"))
    assert not page.isVisible()
    begun.store.commit(lambda s: close_input(s, "a.csv"), "Close")
    settled(begun)
    assert page.isVisible()
    begun.store.undo()
    settled(begun)
    assert not page.isVisible()


def test_that_escape_shows_the_empty_window_and_help_the_page(begun: MainWindow) -> None:
    page = page_of(begun)
    press(page.open_button, Key.Key_Escape)
    assert not page.isVisible()
    begun.registry.items["help.welcome"].trigger()
    assert page.isVisible()
    give(begun, made.error_table())
    begun.registry.items["help.welcome"].trigger()
    assert page.isVisible()


def test_that_files_dropped_on_the_page_are_opened(begun: MainWindow, place: Path) -> None:
    path = made.write_table(place / "errors.csv")
    assert drop(page_of(begun), [path])
    assert settled(begun).document.table == "errors.csv"


def test_that_what_was_opened_lately_is_offered_and_what_is_gone_is_grey(
    begun: MainWindow, place: Path, qtbot: Any
) -> None:
    there = made.write_table(place / "there & here.csv")
    forget_recent()
    for path in (place / "gone.csv", there):
        add_recent(str(path))
    page = page_of(begun)
    page.welcome()
    qtbot.waitUntil(lambda: page.recents.count() == 2)
    first, second = (button_of(page, k) for k in range(2))
    assert first.text() == "there && here.csv"
    assert second.text().startswith("gone.csv (not there")
    assert not second.isEnabled()
    settled(begun)
    click(first)
    assert settled(begun).document.table == "there & here.csv"


def test_that_a_file_is_kept_on_top_by_its_pin_and_by_the_menu(
    begun: MainWindow, place: Path, qtbot: Any
) -> None:
    forget_recent()
    for name in ("first.csv", "second.csv", "third.csv"):
        add_recent(str(made.write_table(place / name)))
    page = page_of(begun)
    page.welcome()
    qtbot.waitUntil(lambda: page.recents.count() == 3)
    settled(begun)
    click(pin_of(page, 2))
    qtbot.waitUntil(lambda: button_of(page, 0).text() == "first.csv")
    assert pin_of(page, 0).isChecked()
    assert QApplication.focusWidget() is pin_of(page, 0)
    assert pin_of(page, 0).accessibleName() == "keep first.csv on top"
    recents = begun.findChild(RecentMenu)
    assert recents is not None
    recents.aboutToShow.emit()
    names = [one.text() for one in recents.actions()]
    assert names[:4] == ["first.csv", "", "third.csv", "second.csv"]
    assert [one.isChecked() for one in recents.pins.actions()] == [True, False, False]
    choose_in_menu(recents.pins, "second.csv")
    choose_in_menu(recents.pins, "first.csv")
    assert [Path(path).name for path in pinned()] == ["second.csv"]
    page.welcome()
    qtbot.waitUntil(lambda: button_of(page, 0).text() == "second.csv")
    assert not pin_of(page, 1).isChecked()


def test_that_each_sample_opens(begun: MainWindow) -> None:
    cards = page_of(begun).findChildren(QCommandLinkButton)
    assert [card.text() for card in cards] == [sample.title for sample in samples()]
    assert len(cards) == 3
    click(cards[0])
    state = settled(begun)
    assert state.table is not None
    assert not state.moment.failed


def test_that_tab_stays_on_the_page(begun: MainWindow) -> None:
    page = page_of(begun)
    page.open_button.setFocus()
    met = []
    for _ in range(12):
        QTest.keyClick(QApplication.focusWidget(), Key.Key_Tab)
        met.append(QApplication.focusWidget())
    assert all(page.isAncestorOf(widget) for widget in met)
    assert len(set(met)) >= 7
    QTest.keyClick(QApplication.focusWidget(), Key.Key_Backtab)
    assert QApplication.focusWidget() is met[-2]


# -- the tour ------------------------------------------------------------------------------


def test_that_the_tour_is_led_once_when_the_first_data_are_there(
    place: Path, window: MainWindow, qtbot: Any
) -> None:
    window.help.begin()
    assert not window.help.tour.running
    give(window, made.error_table(name="a.csv"))
    qtbot.waitUntil(lambda: window.help.tour.running)
    assert "tour" in seen()
    window.help.tour.end()
    window.store.commit(lambda s: close_input(s, "a.csv"), "Close")
    settled(window)
    give(window, made.error_table(name="b.csv"))
    qtbot.wait(400)
    assert not window.help.tour.running


def test_that_the_tour_points_at_real_panels_by_keys(begun: MainWindow, qtbot: Any) -> None:
    give(begun, made.error_table())
    give(begun, made.trajectory())
    begun.registry.items["help.tour"].trigger()
    tour = begun.help.tour
    for stop in STOPS:
        callout = tour.callout
        assert callout is not None
        dock = begun.docks.by_panel[stop.panel]
        qtbot.waitUntil(
            lambda c=callout, d=dock: c.ring.geometry().center() == d.geometry().center()
        )
        assert callout.title.text() == stop.title
        assert begun.rect().contains(callout.geometry())
        assert not dock.visibleRegion().isEmpty()
        QTest.keyClick(QApplication.focusWidget(), Key.Key_Right)
    assert not tour.running


def test_that_the_tour_holds_nothing_up_and_ends_by_escape(begun: MainWindow, qtbot: Any) -> None:
    give(begun, made.error_table())
    tour = begun.help.tour
    tour.start()
    qtbot.wait(50)
    begun.resize(1280, 720)
    assert tour.callout is not None
    qtbot.waitUntil(lambda: begun.rect().contains(tour.callout.geometry()))
    table = begun.docks.by_panel["table"].view
    click(table.rows.viewport(), (40, 60))
    assert settled(begun).document.focus is not None
    tour.go(1)
    QTest.keyClick(tour.callout.next, Key.Key_Left)
    assert tour.callout.title.text() == STOPS[0].title
    QTest.keyClick(tour.callout.next, Key.Key_Escape)
    assert not tour.running


def test_that_the_tour_opens_the_sample_where_nothing_is_open(
    begun: MainWindow, qtbot: Any
) -> None:
    buttons = page_of(begun).findChildren(QPushButton)
    click(next(button for button in buttons if button.text() == "Take the tour"))
    settled(begun)
    qtbot.waitUntil(lambda: begun.help.tour.running, timeout=10_000)
    assert settled(begun).table is not None


def test_that_the_condition_that_the_tour_teaches_fits_the_sample(begun: MainWindow) -> None:
    work.open_example(begun)
    found = re.search(r"in words: (.+?)\. ", STOPS[0].text)
    assert found is not None
    table = begun.store.state.table
    assert table is not None
    assert 0 < len(shown_models(table, found[1])) < table.n_models
