"""The menu of scores: those that every table has, and the user's own, kept for later windows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from mlipviewer.gui.plain import plain
from mlipviewer.gui.settings_in_use import settings_in_use

PRESETS = ("Equal", "One per category", "Representatives")
NO_REPRESENTATIVES = "Representatives (open Analyse > Representatives first)"


class ScorePresets(QMenu):
    """`use(name)` for a preset of all tables; `put(weights=, levels=)` for one of the user's."""

    def __init__(
        self,
        parent: QWidget,
        use: Callable[[str], None],
        put: Callable[..., None],
        now: Callable[[], Any],
    ) -> None:
        super().__init__(parent)
        self._use, self._put, self._now = use, put, now
        self._representatives = False
        self._fill()
        self.aboutToShow.connect(self._fill)

    def know_representatives(self, known: bool) -> None:
        """Whether it is known which errors stand for the others."""
        self._representatives = known
        self._fill()

    def _fill(self) -> None:
        self.clear()
        actions: list[QAction] = [self.addAction(n, partial(self._use, n)) for n in PRESETS]
        if not self._representatives:
            actions[-1].setEnabled(False)
            actions[-1].setText(NO_REPRESENTATIVES)
        own = settings_in_use.now.scores
        self.addSeparator()
        for name, weights, levels in own:
            self.addAction(plain(name, 60), partial(self._put, weights=weights, levels=levels))
        self.addAction("Save as a preset ...", self._ask_name)
        if own:
            gone = self.addMenu("Remove preset")
            for name, _, _ in own:
                gone.addAction(plain(name, 60), partial(self._remove, name))

    def _ask_name(self) -> None:
        name, done = QInputDialog.getText(self, "Save as a preset", "Name of this score")
        if done and name.strip():
            params = self._now()
            self._keep(name.strip(), (params.weights, params.levels))

    def _remove(self, name: str) -> None:
        self._keep(name, None)

    def _keep(self, name: str, told: tuple[str, str] | None) -> None:
        """Keep a preset under its name in place of an earlier one, or let it go."""
        settings = settings_in_use.now
        scores = [one for one in settings.scores if one[0] != name]
        if told is not None:
            scores.append((name, *told))
        settings_in_use.use(replace(settings, scores=tuple(scores)), "scores")
