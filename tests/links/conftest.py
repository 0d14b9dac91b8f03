"""The main window with a table, linked runs, and a trajectory that belongs to no model."""

from __future__ import annotations

import pytest

from mlipviewer.app.window import MainWindow
from tests import made
from tests.links.cells import ERRORS
from tests.main_window import link_runs, window
from tests.windows import give

__all__ = ["window"]


@pytest.fixture
def linked(window: MainWindow) -> MainWindow:
    """A table, runs of its first four models, and a trajectory that belongs to none."""
    give(window, made.error_table())
    give(window, made.trajectory("free.xyz", n_frames=20))
    link_runs(window, ERRORS)
    return window
