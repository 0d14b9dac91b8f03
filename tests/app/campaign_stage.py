"""A window with a small campaign in its panel: potentials that exist, judged in a second each."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from mlipviewer.app.window import MainWindow
from mlipviewer.campaign.design_file import as_toml
from mlipviewer.session.campaigns import changes
from mlipviewer.session.campaigns.attending import standing_of
from mlipviewer.session.campaigns.seen import Standing
from mlipviewer.views.campaign import CampaignView
from tests.campaign.stage import design, existing
from tests.main_window import settled, shown_view

LONG = 60.0


def wait(window: MainWindow, come: Callable[[], object], seconds: float = LONG) -> None:
    """Run the window until something has come."""
    end = time.monotonic() + seconds
    while not come():
        assert time.monotonic() < end, "it does not come"
        QApplication.processEvents()
        window.session.drain(0.01)
        window.store.flush()


def panel(window: MainWindow) -> CampaignView:
    """The panel of the campaign, opened by the workspace."""
    if "campaign" not in window.docks.by_panel:
        window.panel_menus.open_workspace("Campaign")
        settled(window)
    found = shown_view(window, "campaign")
    assert isinstance(found, CampaignView)
    return found


def page(window: MainWindow, view: CampaignView, number: int) -> Any:
    """One of the pages, by a click on its tab."""
    from tests.windows import click

    bar = view.pages.tabBar()
    middle = bar.tabRect(number).center()
    click(bar, (middle.x(), middle.y()))
    settled(window)
    return view.pages.currentWidget()


def open_small(window: MainWindow, folder: Path, models: int, properties: str) -> Path:
    """A design file of so many Stillinger-Weber potentials, opened in the panel."""
    file = folder / "small.toml"
    file.write_text("# mine\n" + as_toml(design(properties, existing(models))))
    text = file.read_text()
    window.store.commit(lambda s: changes.set_draft(s, text=text, file=str(file)), "Open")
    panel(window)
    wait(window, lambda: standing(window) is not None)
    return file


def standing(window: MainWindow) -> Standing | None:
    return standing_of(window.store.state)


def n_done(window: MainWindow) -> int:
    now = standing(window)
    return now.n_done if now is not None else 0


def runs(window: MainWindow) -> bool:
    now = standing(window)
    return now is not None and (now.running is not None or now.starting)
