"""Preferences by keys and clicks: heeded at once, kept for later, searched, reset, exchanged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QFileDialog,
    QToolButton,
    QTreeWidgetItem,
    QWidget,
)

from mlipviewer.app.preferences.dialog import Preferences
from mlipviewer.app.preferences.heeding import heed_everywhere
from mlipviewer.app.window import MainWindow
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.gui.colour_vision import contrast
from mlipviewer.gui.editors import Choice, Number
from mlipviewer.gui.keys import keymap_in_use
from mlipviewer.gui.settings_in_use import settings_in_use
from mlipviewer.gui.theme import current_theme
from mlipviewer.io.files import RAISED_CAP
from mlipviewer.io.trajectories.compressed import cap_of
from mlipviewer.session import changes
from mlipviewer.session.settings.listing import PAGES
from mlipviewer.session.settings.values import MB, Settings, load_settings
from tests import made
from tests.main_window import close_window, settled, shown_view
from tests.windows import ALT, CTRL, NO, SHIFT, Key, choose_in_menu, click, give, press

pytestmark = pytest.mark.window


@pytest.fixture(autouse=True)
def _own_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> Iterator[None]:
    path = tmp_path / "settings.toml"
    monkeypatch.setattr("mlipviewer.session.settings.values.settings_path", lambda: path)
    settings_in_use.read_anew()
    yield
    settings_in_use.use(Settings())
    settings_in_use.wait()
    heed_everywhere(qapp, "light")


@pytest.fixture
def shown(window: MainWindow) -> Iterator[Preferences]:
    QTest.keyClick(window, Key.Key_Comma, CTRL)
    found = window.findChild(Preferences)
    assert isinstance(found, Preferences)
    QTest.qWaitForWindowActive(found)
    yield found
    found.close()


def editor(shown: Preferences, name: str) -> Any:
    return shown.shown.rows[name].editor


def choose(choice: Choice, value: str) -> None:
    """By keys, as a user does."""
    choice.setFocus()
    places = [choice.itemText(i) for i in range(choice.count())]
    steps = places.index(value) - choice.currentIndex()
    for _ in range(abs(steps)):
        QTest.keyClick(choice, Key.Key_Down if steps > 0 else Key.Key_Up)


def test_that_a_theme_is_worn_at_once_and_kept(shown: Preferences, window: MainWindow) -> None:
    shown.show_page("Appearance")
    choose(editor(shown, "appearance.theme"), "high contrast")
    assert current_theme().name == "high contrast"
    assert settled(window).document.inputs == ()
    settings_in_use.wait()
    assert load_settings().text("appearance.theme") == "high contrast"
    click(shown.reset)
    assert settings_in_use.now.text("appearance.theme") == "system"
    assert current_theme().name in ("light", "dark")


def test_that_all_words_can_be_read_after_a_theme_was_changed(
    shown: Preferences, window: MainWindow
) -> None:
    views = next(b for b in window.findChildren(QToolButton) if b.text().startswith("Views"))
    for theme in ("dark", "light", "high contrast", "dark"):
        settings_in_use.set("appearance.theme", theme)
        settled(window)
        QTest.qWait(20)
        colours = (views.palette().buttonText().color(), window.palette().window().color())
        assert contrast(*(one.name() for one in colours)) > 4.5, theme
    assert shown.isVisible()


def test_that_a_session_keeps_its_own_while_new_windows_begin_as_set(
    shown: Preferences, window: MainWindow
) -> None:
    shown.show_page("3-D")
    choose(editor(shown, "atoms.background"), "white")
    choose(editor(shown, "atoms.style"), "ball and stick")
    shown.show_page("Tables")
    click(editor(shown, "tables.shade"), (8, 8))
    assert window.store.state.document.looks.background == "as the window"
    other = MainWindow()
    document = other.store.state.document
    close_window(other)
    assert document.looks.background == "white"
    assert document.looks.bonds.shown
    assert document.shaded


def test_that_the_memory_is_set_from_the_menu_and_heeded(window: MainWindow) -> None:
    choose_in_menu(window.registry.menu("Time"), "Memory for frames ...")
    shown = window.findChild(Preferences)
    assert isinstance(shown, Preferences)
    assert list(shown.shown.rows) == ["memory.frames"]
    number: Number = editor(shown, "memory.frames")
    number.selectAll()
    QTest.keyClicks(number, "300")
    QTest.keyClick(number, Key.Key_Return)
    assert window.session.cache.limit == 300 * MB
    settings_in_use.wait()
    assert load_settings() == Settings({"memory.frames": 300})
    shown.close()


def test_that_the_cap_of_compressed_files_is_heeded(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(RAISED_CAP, "1")  # put back afterwards
    choose_in_menu(window.registry.menu("File"), "Limit of compressed files ...")
    shown = window.findChild(Preferences)
    assert isinstance(shown, Preferences)
    number: Number = editor(shown, "files.unpack")
    number.selectAll()
    QTest.keyClicks(number, "30")
    QTest.keyClick(number, Key.Key_Return)
    assert cap_of(10, "gz") == 30 << 30
    shown.close()


def test_that_settings_of_all_pages_are_found_by_words(shown: Preferences) -> None:
    QTest.keyClicks(shown.search, "wheel")
    assert set(shown.shown.rows) == {"mouse.reversed", "mouse.speed"}
    tick = editor(shown, "mouse.reversed")
    assert isinstance(tick, QCheckBox)
    click(tick, (8, 8))
    assert settings_in_use.now.flag("mouse.reversed")
    shown.search.clear()
    QTest.keyClicks(shown.search, "hide selected")
    assert shown.shown is shown.pages["Shortcuts"]
    assert [item.text(0) for item in listed(shown)] == ["Hide selected atoms"]


def test_that_settings_are_exchanged(
    shown: Preferences, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.toml"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a: (str(path), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a: (str(path), ""))
    mine = Settings({"general.recent": 3}, {"atoms.hide": ("Q",)})
    settings_in_use.use(mine)
    click(shown.save)
    assert load_settings(path) == mine
    settings_in_use.use(Settings())
    click(shown.load)
    assert settings_in_use.now == mine
    assert keymap_in_use.keymap.keys_of("atoms.hide") == ("Q",)
    path.write_text("[general]\nrecent = 'many'\n", "utf-8")
    click(shown.load)
    assert "general.recent is a whole number" in shown.told.text()
    assert settings_in_use.now == mine


# --- keys --------------------------------------------------------------------------------------


def listed(shown: Preferences) -> list[QTreeWidgetItem]:
    tree = shown.shortcuts.list
    items = (tree.topLevelItem(row) for row in range(tree.topLevelItemCount()))
    return [item for item in items if item is not None and not item.isHidden()]


def pick(shown: Preferences, title: str) -> None:
    shown.show_page("Shortcuts")
    item = next(item for item in listed(shown) if item.text(0) == title)
    tree = shown.shortcuts.list
    tree.scrollToItem(item)
    box = tree.visualItemRect(item)
    click(tree.viewport(), (box.center().x(), box.center().y()))


def test_that_ctrl_alt_slash_opens_the_keys_and_a_pressed_key_finds_its_actions(
    window: MainWindow,
) -> None:
    QTest.keyClick(window, Key.Key_Slash, CTRL | ALT)
    shown = window.findChild(Preferences)
    assert isinstance(shown, Preferences)
    assert shown.shown is shown.pages["Shortcuts"]
    press(shown.shortcuts.by_key, Key.Key_R)
    assert {item.text(0) for item in listed(shown)} == {"See all atoms", "See all of the plot"}
    press(shown.shortcuts.by_key, Key.Key_Z, CTRL | SHIFT)
    assert [item.text(0) for item in listed(shown)] == ["Redo"]
    click(shown.shortcuts.everything)
    assert len(listed(shown)) == len(keymap_in_use.keymap.actions)
    shown.close()


def test_that_another_key_is_given_shown_and_heard(shown: Preferences, window: MainWindow) -> None:
    give(window, made.trajectory())
    window.store.commit(lambda s: changes.select(s, Space.ATOM, rows([3, 4])), "Test")
    settled(window)
    pick(shown, "Hide selected atoms")
    editor = shown.shortcuts
    press(editor.new, Key.Key_W)
    assert editor.told.text() == "W is free."
    click(editor.add)
    assert keymap_in_use.keymap.keys_of("atoms.hide") == ("H", "W")
    item = window.registry.items["atoms.hide"]
    assert "H, W" in item.toolTip()
    press(shown_view(window, "atoms").surface, Key.Key_W, NO)
    assert settled(window).document.visible["made.xyz"].hidden.tolist() == [3, 4]
    click(editor.usual)
    assert keymap_in_use.keymap.keys_of("atoms.hide") == ("H",)
    settings_in_use.wait()
    assert load_settings() == Settings()


def test_that_a_taken_key_names_whose_it_is_and_can_be_taken(
    shown: Preferences, window: MainWindow
) -> None:
    pick(shown, "Command palette ...")
    editor = shown.shortcuts
    press(editor.new, Key.Key_S, CTRL)
    assert "already means Save session (File), which would lose it" in editor.told.text()
    assert editor.add.text() == "Take it"
    click(editor.add)
    assert keymap_in_use.keymap.keys_of("session.save") == ()
    assert "Ctrl+S" in window.registry.items["edit.palette"].toolTip()
    assert window.registry.items["session.save"].shortcuts() == []
    click(shown.reset)
    assert dict(keymap_in_use.keymap.own) == {}
    assert "Ctrl+S" in window.registry.items["session.save"].toolTip()


def test_that_a_letter_cannot_be_given_to_what_acts_in_text(shown: Preferences) -> None:
    pick(shown, "Command palette ...")
    press(shown.shortcuts.new, Key.Key_Q)
    assert "would be lost to text" in shown.shortcuts.told.text()
    assert not shown.shortcuts.add.isEnabled()


def test_that_tips_of_buttons_tell_the_keys_in_use(shown: Preferences, window: MainWindow) -> None:
    bar = shown_view(window, "atoms").bar
    assert bar.reset.toolTip() == "See everything (R)"
    pick(shown, "See all atoms")
    click(shown.shortcuts.clear)
    assert bar.reset.toolTip() == "See everything"
    press(shown.shortcuts.new, Key.Key_W)
    click(shown.shortcuts.add)
    assert bar.reset.toolTip() == "See everything (W)"


# --- a file, and the looks ---------------------------------------------------------------------


def test_that_a_damaged_file_is_told_of_once(window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("[[[", "utf-8")
    settings_in_use.read_anew()
    other = MainWindow()
    settled(other)
    assert "settings.toml is damaged" in other.store.state.moment.notices[-1].text
    close_window(other)
    settings_in_use.set("general.recent", 4)
    settings_in_use.wait()
    assert (tmp_path / "settings.damaged-1.toml").read_text("utf-8") == "[[["
    assert load_settings() == Settings({"general.recent": 4})
    assert window.isVisible()


def test_that_nothing_is_clipped_and_everything_has_a_name(shown: Preferences) -> None:
    for page in PAGES:
        shown.show_page(page)
        QApplication.processEvents()
        for one in shown.shown.findChildren(QWidget):
            if one.isVisibleTo(shown) and hasattr(one, "text") and not one.inherits("QLineEdit"):
                wide = one.width() + 1 >= one.minimumSizeHint().width()
                assert wide, f"{page}: {one.text()}"
        for row in shown.shown.rows.values():
            assert row.editor.accessibleName()
