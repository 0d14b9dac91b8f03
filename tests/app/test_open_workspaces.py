"""Workspaces in the window: their panels at their places, by the menu, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mlipviewer.app.window import MainWindow
from mlipviewer.session.workspaces import WORKSPACES
from tests import made
from tests.main_window import settled


def open_by_menu(window: MainWindow, name: str) -> None:
    window._menus["View"].aboutToShow.emit()
    assert "Workspaces" in [a.text() for a in window._menus["View"].actions()]
    window.panel_menus.workspaces.aboutToShow.emit()
    next(a for a in window.panel_menus.workspaces.actions() if a.text() == name).trigger()
    settled(window)


@pytest.mark.parametrize("name", WORKSPACES)
def test_that_all_panels_are_seen_or_behind_a_tab_and_fit_a_small_screen(
    window: MainWindow, tmp_path: Path, name: str
) -> None:
    window.open([str(made.write_extxyz(tmp_path / "run.xyz"))])
    settled(window)
    window.resize(1280, 720)
    open_by_menu(window, name)
    docks = window.docks.by_panel
    assert set(docks) == {panel.id for panel in window.store.state.document.panels}
    assert (window.width(), window.height()) == (1280, 720)
    for column in WORKSPACES[name].columns:
        for stack in column.stacks:
            there = [docks[one] for one in stack.panels if one in docks]
            for dock in there[:1]:
                box = dock.geometry()
                assert dock.isVisible()
                assert not dock.visibleRegion().isEmpty()
                assert window.rect().contains(box)
                assert box.width() >= 150
                assert box.height() >= 120


def test_that_undo_brings_panels_and_places_back(window: MainWindow, tmp_path: Path) -> None:
    window.open([str(made.write_extxyz(tmp_path / "run.xyz"))])
    before = settled(window).document
    open_by_menu(window, "Crystallization")
    assert "doas" in window.docks.by_panel
    window.store.undo()
    settled(window)
    assert window.store.state.document.panels == before.panels
    table, atoms = window.docks.by_panel["table"], window.docks.by_panel["atoms"]
    assert table.isVisible()
    assert table.geometry().right() < atoms.geometry().left()


def test_that_without_a_run_the_menu_says_why(window: MainWindow) -> None:
    window.panel_menus.open_workspace("Crystallization")
    notices: Any = settled(window).moment.notices
    assert notices[-1].text == "Workspace Crystallization: no trajectory is open"
    assert "doas" not in window.docks.by_panel
