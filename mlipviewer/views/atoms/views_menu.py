"""The menu of the button Views: how many views of the shown runs there are, and their cameras."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from mlipviewer.gui.menus import entry
from mlipviewer.session import time_changes
from mlipviewer.session.changes import shown_trajectories
from mlipviewer.session.colourings import (
    MOST_PANES,
    active_colouring,
    close_colouring,
    colourings_of,
    most_colourings,
    set_n_colourings,
)
from mlipviewer.session.store import Change, Store

NUMBERS_OF_RUNS = {2: "Both runs", 3: "All three runs", 4: "Four runs"}
NUMBERS = ("One view", "Two views", "Three views", "Four views")


class ViewsMenu:
    """Fills the menu from the state, and commits what is chosen in it."""

    def __init__(
        self, store: Store, copy_camera: Callable[[], None], paste_camera: Callable[[], None]
    ) -> None:
        self._store, self._copy, self._paste = store, copy_camera, paste_camera

    def _add(self, menu: QMenu, words: str, change: Change) -> QAction:
        return entry(menu, words, partial(self._store.commit, change, words))

    def _add_runs(self, menu: QMenu, n_open: int, n_shown: int) -> None:
        """Whether the open runs stand side by side."""
        if n_open < 2:
            return
        n = min(n_open, MOST_PANES)
        change = partial(time_changes.show_all_beside, wanted=n_shown < 2)
        beside = self._add(menu, f"{NUMBERS_OF_RUNS[n]} side by side", change)
        beside.setCheckable(True)
        beside.setChecked(n_shown > 1)

    def fill(self, menu: QMenu) -> None:
        state = self._store.state
        now, most = len(colourings_of(state)), most_colourings(state)
        runs = len(shown_trajectories(state))
        self._add_runs(menu, len(time_changes.trajectory_names(state)), runs)
        menu.addSection("Colours of their own" if runs < 2 else "Views of each run")
        group = QActionGroup(menu)
        for n, words in enumerate(NUMBERS, 1):
            action = self._add(menu, words, partial(set_n_colourings, n=n))
            action.setCheckable(True)
            action.setChecked(n == now)
            action.setEnabled(n <= most)
            group.addAction(action)
        close = self._add(
            menu, "Close this view", lambda s: close_colouring(s, active_colouring(s))
        )
        close.setEnabled(now > 1)
        menu.addSection("Camera")
        free = state.document.comparison.free_cameras
        same = self._add(
            menu, "Same for all", lambda s: time_changes.set_comparison(s, free_cameras=not free)
        )
        same.setCheckable(True)
        same.setChecked(not free)
        same.setEnabled(now * runs > 1)
        menu.addAction("Copy as text", self._copy)
        menu.addAction("Paste", self._paste)
