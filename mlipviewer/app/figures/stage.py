"""A session with its 3D view that nobody sees: what commands draw without a window."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication

from mlipviewer.core.problem import ReadProblem
from mlipviewer.gui.sweeping import Sweeper
from mlipviewer.session.saving.receipts import is_figure, read_figure
from mlipviewer.session.saving.restoring import state_of
from mlipviewer.session.saving.session_file import Saved, read_session
from mlipviewer.session.saving.trust import is_trusted, questions
from mlipviewer.session.session import Session
from mlipviewer.session.store import Store
from mlipviewer.views.atoms import AtomsView

PATIENCE = 120.0  # s for one frame, or for what panels ask


class Unready(Exception):
    """Why what is shown is not there, in one sentence."""


def saved_at(path: Path) -> Saved:
    """The session of a session file or of a figure. Raises ReadProblem."""
    return read_figure(path) if is_figure(path) else read_session(path)


class Stage:
    """Store, session and 3D view of a session file. Raises ReadProblem where the session asks for
    what is not agreed to."""

    def __init__(self, path: Path, trusted: bool) -> None:
        self.saved = saved_at(path)
        agreed = trusted or is_trusted(self.saved.digest)
        asked = () if agreed else questions(self.saved.document, path.parent)
        if asked:
            raise ReadProblem(f"{asked[0]}: say --trust to let it", path)
        self._sweeper = Sweeper(QApplication.instance())
        self.store = Store()
        self.session = Session(self.store)
        self.session.begin(state_of(self.saved, path, True))
        self.view = AtomsView(self.store)

    def begin(self, width: int, height: int) -> None:
        """Show the view with a canvas of that size, and wait for what it shows. Raises Unready."""
        view = self.view
        view.resize(width, height)
        view.attach()
        view.show()
        dark = self.saved.window.get("dark")
        if isinstance(dark, bool):
            view.set_theme(dark)
        self.turn_events()
        canvas = view.canvas
        view.resize(view.width() - canvas.width() + width, view.height() - canvas.height() + height)
        self.settle()
        cameras = self.saved.window.get("cameras")
        text = cameras.get("atoms") if isinstance(cameras, dict) else None
        view.looking.await_text(str(text or ""))

    def end(self) -> None:
        self.view.detach()
        self.view.close()
        self.session.close()
        self.view.deleteLater()
        self._sweeper.stop()

    def turn_events(self) -> None:
        QApplication.processEvents()
        self.session.drain(0.002)
        self.store.flush()

    def settle(self, also: Callable[[], bool] = lambda: True) -> None:
        """Until the frame is read, and what is asked of it is computed. Raises Unready."""
        end = time.monotonic() + PATIENCE
        self.turn_events()
        while self.session.working or not self._shown or not also():
            self.turn_events()
            if not self.session.working and self.store.state.trajectory is None and also():
                return
            if time.monotonic() > end:
                frame = self.store.state.frame + 1
                raise Unready(f"frame {frame} is not ready after {PATIENCE:.0f} s")
        self.turn_events()

    @property
    def _shown(self) -> bool:
        waiting = self.view.preparation.waiting
        return self.view.canvas.panes[0].frame is not None and not waiting
