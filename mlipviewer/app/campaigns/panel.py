"""Joins the panel of a campaign to the window: its dialogs load when it is opened first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from mlipviewer.app.window import MainWindow


def join_campaign(window: MainWindow, view: QWidget) -> None:
    """Files and processes for the panel."""
    from mlipviewer.app.campaigns.dialogs import CampaignDialogs
    from mlipviewer.views.campaign import CampaignView

    assert isinstance(view, CampaignView)
    CampaignDialogs(window, window.store, window.session).join(view)


def evaluate_model(window: MainWindow) -> None:
    """Ask for one existing model, which joins the table of the campaign."""
    from mlipviewer.app.campaigns.dialogs import CampaignDialogs

    CampaignDialogs(window, window.store, window.session).ask_evaluate()
