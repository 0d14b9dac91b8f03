"""What leaves the program, in one place: figures, movies, frames and models are tabs, of which each
dialog of export is one."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QBoxLayout, QDialog, QTabBar

from mlipviewer.app.registry import Registry
from mlipviewer.gui.plain import plain_tip
from mlipviewer.session.store import Store

FIGURE, MOVIE, FRAMES, MODELS = TABS = ("Figure", "Movie", "Frames", "Models")
ACTIONS = {name: f"export.{name.lower()}" for name in TABS}


class ExportTabs:
    """Puts the tabs on top of a dialog. Another one opens the dialog of that action where this one
    was; what this one was told is not lost where it keeps that."""

    def __init__(self, registry: Registry, store: Store) -> None:
        self._registry, self._store = registry, store
        self._place: QPoint | None = None  # of the dialog that was left for another tab

    def add_to(self, dialog: QDialog, here: str) -> None:
        bar = QTabBar()
        bar.setAccessibleName("what is exported")
        bar.setExpanding(False)
        for k, name in enumerate(TABS):
            bar.addTab(name)
            reason = "" if name == here else self._reason(name)
            bar.setTabEnabled(k, not reason)
            bar.setTabToolTip(k, plain_tip(reason or self._registry.actions[ACTIONS[name]].title))
        bar.setCurrentIndex(TABS.index(here))
        bar.currentChanged.connect(lambda k: self._go(dialog, TABS[k]))
        layout = dialog.layout()
        assert isinstance(layout, QBoxLayout)
        layout.insertWidget(0, bar)
        place, self._place = self._place, None
        if place is not None:  # without the frame, or it would wander by its height each time
            dialog.setGeometry(QRect(place, dialog.sizeHint()))

    def _reason(self, name: str) -> str:
        action = self._registry.actions[ACTIONS[name]]
        return self._registry.reason(action, self._store.state)

    def _go(self, dialog: QDialog, name: str) -> None:
        self._place = dialog.geometry().topLeft()
        dialog.reject()
        self._registry.do(ACTIONS[name])
