"""The question for a newer version by keys and clicks, asked of a server of this computer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLineEdit

from mlipviewer.app.preferences.dialog import Preferences
from mlipviewer.app.window import MainWindow
from mlipviewer.gui.settings_in_use import settings_in_use
from mlipviewer.session.settings.places import state_folder
from mlipviewer.session.settings.values import Settings, load_settings
from tests.main_window import settled
from tests.release_server import Answers, server
from tests.windows import CTRL, Key, choose_in_menu, click

__all__ = ["server"]

pytestmark = pytest.mark.window


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    path = tmp_path / "settings.toml"
    monkeypatch.setattr("mlipviewer.session.settings.values.settings_path", lambda: path)
    settings_in_use.read_anew()
    yield
    settings_in_use.use(Settings())
    settings_in_use.wait()
    (state_folder() / "asked_for_update").unlink(missing_ok=True)


def look(window: MainWindow) -> str:
    """Ask by the menu; the sentence in the bar."""
    choose_in_menu(window.registry.menu("Help"), "Look for a new version")
    settled(window)
    return window.notices.text.text()


def set_up(window: MainWindow, address: str) -> None:
    """Tick the question and type the address, as a user does."""
    QTest.keyClick(window, Key.Key_Comma, CTRL)
    shown = window.findChild(Preferences)
    assert isinstance(shown, Preferences)
    QTest.qWaitForWindowActive(shown)
    shown.show_page("Updates")
    tick = shown.shown.rows["updates.check"].editor
    line = shown.shown.rows["updates.address"].editor
    assert isinstance(tick, QCheckBox)
    assert isinstance(line, QLineEdit)
    assert not tick.isChecked()
    assert not line.text()
    click(tick)
    QTest.keyClicks(line, address)
    assert line.text() == address
    shown.close()


def test_that_without_an_address_it_says_so(window: MainWindow) -> None:
    assert "There is no address to ask" in look(window)


def test_that_the_address_of_the_preferences_is_asked(window: MainWindow, server: Answers) -> None:
    server.answer = b'{"version": "99.1", "page": "https://example.org/new"}'
    set_up(window, server.address)
    said = look(window)
    assert "MLIPViewer 99.1 is there" in said
    assert "https://example.org/new" in said
    settings_in_use.wait()
    assert load_settings().text("updates.address") == server.address
    assert not window.store.undo_label  # asking is nothing to be undone


def test_that_a_start_asks_once_a_day_and_only_where_it_was_ticked(
    window: MainWindow, server: Answers
) -> None:
    server.answer = b'{"version": "99.1"}'
    window.help.begin()
    settled(window)
    assert not server.asked
    set_up(window, server.address)
    for _ in range(2):
        window.help.begin()
        settled(window)
    assert len(server.asked) == 1
    assert "MLIPViewer 99.1 is there" in window.notices.text.text()
