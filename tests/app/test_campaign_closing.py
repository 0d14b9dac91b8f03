"""A window that closes ends its campaign, or leaves it, as the user said; another goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mlipviewer.app.window import MainWindow
from mlipviewer.campaign.beat import ask_to_stop, running
from mlipviewer.campaign.folder import Folder
from tests.app.campaign_stage import n_done, open_small, page, panel, runs, wait
from tests.campaign.test_running import wait_for, written
from tests.main_window import close_window, open_window
from tests.windows import click

pytestmark = [pytest.mark.window, pytest.mark.timeout(240)]
PIECES = 2 * 21


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    """Of the campaign, which nobody runs any more in the end."""
    found = Folder(tmp_path / "small.campaign")
    yield found
    ask_to_stop(found)
    wait_for(lambda: running(found) is None)


def begun(qtbot: Any, tmp_path: Path, goes_on: bool) -> MainWindow:
    """A window whose campaign runs."""
    window = open_window(qtbot)
    open_small(window, tmp_path, 20, "lattice elastic")
    run = page(window, panel(window), 2)
    if goes_on:
        click(run.goes_on, (8, 8))
        assert window.store.state.document.campaign.goes_on
    click(run.start)
    wait(window, lambda: n_done(window) >= 2)
    return window


def test_that_a_campaign_ends_with_its_window_and_is_resumed_in_another(
    qtbot: Any, tmp_path: Path, folder: Folder
) -> None:
    close_window(begun(qtbot, tmp_path, goes_on=False))
    wait_for(lambda: running(folder) is None)
    so_far = written(folder.journal)
    assert 2 <= so_far < PIECES
    window = open_window(qtbot)
    open_small(window, tmp_path, 20, "lattice elastic")
    run = page(window, panel(window), 2)
    wait(window, lambda: n_done(window) == so_far)
    assert run.start.text() == "Resume"
    click(run.start)
    wait(window, lambda: n_done(window) == PIECES and not runs(window))
    close_window(window)
    assert written(folder.journal) == PIECES


def test_that_a_campaign_goes_on_without_its_window_where_that_is_said(
    qtbot: Any, tmp_path: Path, folder: Folder
) -> None:
    close_window(begun(qtbot, tmp_path, goes_on=True))
    assert running(folder) is not None
    wait_for(lambda: written(folder.journal) == PIECES)
    wait_for(lambda: running(folder) is None)
