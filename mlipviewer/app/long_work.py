"""The desktop is told when work that took long has ended, while somebody works elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from mlipviewer.gui.plain import plain
from mlipviewer.gui.settings_in_use import settings_in_use
from mlipviewer.session.campaigns.seen import Standing
from mlipviewer.session.state import JobState, State
from mlipviewer.session.store import Store

LONG = 10.0  # s
SHOWN_MS = 10_000
WORDS = {JobState.DONE: "is done", JobState.FAILED: "failed"}

Tell = Callable[[str], object]


class LongWork(QObject):
    """Hears of the jobs and the campaign of one window. `tell` is given a sentence, `clock` tells
    seconds."""

    def __init__(
        self,
        window: QWidget,
        store: Store,
        tell: Tell | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(window)
        self._window, self._clock = window, clock
        self._tell = tell if tell is not None else Desktop(window).tell
        self._begun: dict[int, float] = {}
        self.end = store.subscribe(self._show_state)

    def _show_state(self, old: State, new: State) -> None:
        if old.moment.jobs is not new.moment.jobs:
            self._hear_jobs(new)
        if old.moment.campaign is not new.moment.campaign:
            self._hear_campaign(_standing(old), _standing(new))

    def _hear_jobs(self, new: State) -> None:
        running = {job.number for job in new.moment.jobs if job.state is JobState.RUNNING}
        for job in new.moment.jobs:
            began = self._begun.pop(job.number, None) if job.number not in running else None
            told = job.state in WORDS and began is not None
            if told and self._clock() - (began or 0.0) >= LONG:
                self._ended(f"{job.title} {WORDS[job.state]}")
        self._begun = {number: self._begun.get(number, self._clock()) for number in running}

    def _hear_campaign(self, old: Standing | None, new: Standing | None) -> None:
        """A campaign that ran does not run any more, by itself or stopped from elsewhere."""
        if old is None or new is None or old.folder != new.folder or old.running is None:
            return
        if new.running is None and not new.starting and time.time() - old.running.since >= LONG:
            failed = f", {new.n_failed} failed" if new.n_failed else ""
            name = Path(new.folder).name
            self._ended(f"Campaign {name}: {new.n_done} of {new.n_total} done{failed}")

    def _ended(self, said: str) -> None:
        if settings_in_use.now.flag("general.notify") and not self._window.isActiveWindow():
            self._tell(plain(said, 200))


def _standing(state: State) -> Standing | None:
    seen = state.moment.campaign
    return seen.standing if seen is not None else None


class Desktop(QObject):
    """Tells the desktop one sentence: the window asks for attention, and where there is a tray a
    message shows."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._tray: QSystemTrayIcon | None = None
        self._hide = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._hide.timeout.connect(self._leave)

    def tell(self, said: str) -> None:
        QApplication.alert(self._window)
        if not QSystemTrayIcon.isSystemTrayAvailable():
            return
        if self._tray is None:
            icon = QGuiApplication.windowIcon()
            self._tray = QSystemTrayIcon(icon, self)
            self._tray.messageClicked.connect(self._come)
        self._tray.show()
        self._tray.showMessage("MLIPViewer", said, self._tray.icon(), SHOWN_MS)
        self._hide.start()

    def _come(self) -> None:
        self._window.raise_()
        self._window.activateWindow()
        self._leave()

    def _leave(self) -> None:
        if self._tray is not None:
            self._tray.hide()
