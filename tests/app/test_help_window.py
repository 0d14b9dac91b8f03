"""F1, the guide and the sheet of keys: offline, searchable, plain."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from mlipviewer.app.help.key_sheet import key_groups
from mlipviewer.app.help.window import as_html, guide_titles
from mlipviewer.app.window import MainWindow
from mlipviewer.gui.settings_in_use import settings_in_use
from mlipviewer.session.help_pages import Page, pages
from tests import made
from tests.main_window import plot, settled, shown_view
from tests.windows import Key, click, give, press, type_text

pytestmark = pytest.mark.window


def test_that_f1_tells_about_the_panel_with_the_focus(window: MainWindow) -> None:
    give(window, made.error_table())
    help_window = window.help.pages
    for panel, words in (("pareto", "no other model beats"), ("table", "One row a model")):
        view = plot(window, panel).canvas if panel == "pareto" else shown_view(window, panel).rows
        press(view, Key.Key_F1)
        settled(window)
        assert help_window.isVisible()
        assert words in help_window.text.toPlainText()
    docks = ((window.help.log, "help.log", "Log"), (window.help.console, "view.console", "Python"))
    for dock, action, words in docks:
        window.registry.do(action)
        settled(window)
        line = dock.filter if dock is window.help.log else dock.input  # type: ignore[union-attr]
        press(line, Key.Key_F1)
        assert help_window.text.toPlainText().startswith(words)


def test_that_the_question_mark_of_a_plot_leads_to_its_page(window: MainWindow) -> None:
    give(window, made.error_table())
    view = plot(window, "heatmap")
    buttons = view.findChildren(QToolButton)
    click(next(button for button in buttons if button.text() == "?"))
    text = window.help.pages.text.toPlainText()
    assert text.startswith("Correlation")
    assert "Formula" in text


def test_that_the_help_is_searched_and_goes_back(window: MainWindow) -> None:
    help_window = window.help.pages
    help_window.open_page("panel:table")
    type_text(help_window.search, "van hove")
    assert help_window.list.count() >= 1
    item = help_window.list.item(0)
    assert item.text() == "Van Hove functions"
    click(help_window.list.viewport(), (20, help_window.list.visualItemRect(item).center().y()))
    assert "G(r, τ)" in help_window.text.toPlainText()
    help_window.back()
    assert "One row a model" in help_window.text.toPlainText()


def test_that_nothing_of_a_page_is_read_as_html() -> None:
    said = as_html(Page("<b>a</b>", "x < y & z", (("T", ("<img src=x>",)),)))
    assert "<b>a" not in said
    assert "<img" not in said
    assert "x &lt; y &amp; z" in said


def test_that_the_guide_opens_and_its_links_lead_to_pages(window: MainWindow) -> None:
    window.registry.items["help.guide"].trigger()
    text = window.help.pages.text
    assert "First steps" in text.toPlainText()
    assert len(guide_titles()) >= 6
    text.anchorClicked.emit(QUrl("crystallization.md"))
    assert guide_titles()["crystallization.md"] in text.toPlainText()
    image = text.loadResource(2, QUrl("pictures/window-light.png"))
    assert not image.isNull()
    assert image.width() <= text.viewport().width()
    window.help.pages.open_page("guide:../../etc/passwd")
    assert "did not come" in text.toPlainText()


def test_that_the_sheet_of_keys_is_of_the_registry_and_becomes_a_pdf(
    window: MainWindow, tmp_path: Path
) -> None:
    window.registry.items["help.keys"].trigger()
    text = window.help.pages.text.toPlainText()
    keys = [line for lines in key_groups().values() for line in lines]
    assert len(keys) > 40
    for words, title in keys:
        assert words in text
        assert title in text
    window.help.pages.write_pdf(tmp_path / "keys.pdf")
    data = (tmp_path / "keys.pdf").read_bytes()
    assert data.startswith(b"%PDF")
    assert b"/Font" in data


@pytest.mark.parametrize(
    ("preset", "words"),
    [
        ("OVITO", "left drag turns, middle drag moves, right drag moves;"),
        ("ASE", "left drag selects, middle drag moves, right drag turns;"),
        ("zoom by drag", "right drag zooms;"),
        ("trackpad", "scrolling moves, with Alt it zooms;"),
    ],
)
def test_that_the_sheet_tells_of_the_mouse_as_it_is(
    window: MainWindow, preset: str, words: str
) -> None:
    settings_in_use.set("mouse.preset", preset)
    try:
        window.registry.items["help.keys"].trigger()
        assert words in window.help.pages.text.toPlainText()
    finally:
        settings_in_use.set("mouse.preset", "OVITO")


def test_that_a_page_is_read_by_keyboard(window: MainWindow, qtbot: Any) -> None:
    help_window = window.help.pages
    help_window.open_page("analysis:pareto")
    help_window.activateWindow()
    qtbot.waitUntil(help_window.text.hasFocus)
    bar = help_window.text.verticalScrollBar()
    QTest.keyClick(help_window.text, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(help_window.text, Qt.Key.Key_PageDown)
    assert bar.value() > 0 or bar.maximum() == 0
    assert set(pages())  # all were made from data alone
