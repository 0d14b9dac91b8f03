"""The dialog on the shown trajectory, and what its decision changes."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from mlipviewer.app.file_dialogs import OPEN, ask_file
from mlipviewer.io.trajectories.choices import TrajectoryChoices
from mlipviewer.session.session import Session
from mlipviewer.session.settings import remembered
from mlipviewer.session.state import Weight
from mlipviewer.session.store import Store
from mlipviewer.session.trajectory_changes import choices_about, decide_trajectory


class TrajectoryDialogs:
    """Opens the dialog; its decision is one change that can be undone, and is remembered."""

    def __init__(self, parent: QWidget, store: Store, session: Session) -> None:
        self._parent, self._store, self._session = parent, store, session

    def ask_meaning(self) -> None:
        """What the shown trajectory is."""
        state = self._store.state
        trajectory = state.trajectory
        frame = state.moment.frames.get(trajectory.name) if trajectory is not None else None
        if trajectory is None or frame is None:
            self._session.notify("No frame of a trajectory is shown.", Weight.WARNING)
            return
        from mlipviewer.app.trajectories.meaning import TrajectoryMeaning

        one = state.document.input(trajectory.name)
        decided = partial(self._decide, trajectory.name)
        dialog = TrajectoryMeaning(
            trajectory, frame, choices_about(one), self._ask_file, decided, self._parent
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _decide(self, name: str, choices: TrajectoryChoices) -> None:
        one = self._store.state.document.input(name)
        self._store.commit(lambda s: decide_trajectory(s, name, choices), f"Say what {name} is")
        if one is not None:
            try:
                remembered.remember(one.path, choices.as_text())
            except OSError as problem:
                self._session.notify(f"The choice is not kept: {problem}", Weight.WARNING)

    def _ask_file(self, title: str) -> str:
        return ask_file(self._parent, title, OPEN)
