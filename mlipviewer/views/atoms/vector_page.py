"""The page that says which arrows are drawn: a column, an error, displacements since a frame."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from mlipviewer.core.aliases import Roles
from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.editors import Number
from mlipviewer.gui.plain import plain_tip
from mlipviewer.gui.scene.arrows import vector_columns
from mlipviewer.session.changes import shown_trajectories
from mlipviewer.session.looks import Looks
from mlipviewer.session.state import State
from mlipviewer.session.store import Store
from mlipviewer.views.atoms.settings import Settings

MOST_FRAMES = 10_000_000
FORCES, REFERENCE = "forces", "reference forces"


def _column(looks: Looks, name: str) -> Looks:
    return replace(looks, vectors=replace(looks.vectors, column=name, since=None))


def _since(looks: Looks, frame: int | None) -> Looks:
    """Displacements since a frame counted from 0; None: none."""
    return replace(looks, vectors=replace(looks.vectors, since=frame))


def forces_column(state: State, frame: Frame | None) -> str:
    """The column of the forces of the shown run, as its roles say; '' where a frame has none."""
    names = vector_columns(frame) if frame is not None else ()
    run = state.trajectory
    known = run.roles.get(FORCES, "") if run is not None else ""
    return next((name for name in (known, FORCES) if name in names), "")


class VectorPage(Settings):
    """The rows of the page."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.choice("vectors.column", "Arrows", "The column that arrows show", (), _column)
        self.choice("vectors.minus", "Less", "Taken from it: the error of predicted forces")
        self.error = QPushButton("Error of forces")
        self.error.clicked.connect(self._show_error)
        self.form.addRow(self.error)
        self._add_displacements()
        self.slide("vectors.scale", "Length", "Å for each unit of the column", 0.05, 10.0)
        self.number("vectors.threshold", "At least", "Shorter vectors are left out", 0, 1e6, 0.1)
        tip = "An arrow of a round value; drag it to its place"
        self.check("vectors.legend", "Length of arrows", tip)
        self.check("vectors.selected_only", "Selected atoms only", "No arrows at other atoms")

    def _add_displacements(self) -> None:
        on = self.check(
            "vectors.since",
            "Displacements",
            "Arrows from where each atom was in another frame, over the nearest image",
            lambda looks, on: _since(looks, int(self.frame.value()) - 1 if on else None),
        )
        self.show_by(lambda looks: on.setChecked(looks.vectors.since is not None))
        self.frame, self.here = Number(1, MOST_FRAMES, 1, 0), QPushButton("This frame")
        self.frame.setAccessibleName("frame that displacements are from")
        self.frame.edited.connect(lambda value: self._count_from(int(value) - 1))
        self.here.setToolTip("Displacements count from the frame that is shown now")
        self.here.clicked.connect(lambda: self._count_from(self._store.state.frame))
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.frame)
        row.addWidget(self.here)
        self._add("vectors.since.frame", "Since frame", "Counted from 1", holder)
        self.show_by(self._show_frame)

    def _show_frame(self, looks: Looks) -> None:
        if looks.vectors.since is not None:
            self.frame.show_value(looks.vectors.since + 1)

    def _count_from(self, frame: int) -> None:
        self.commit(lambda looks: _since(looks, frame), f"Displacements since frame {frame + 1}")

    def offer(self, frame: Frame | None) -> None:
        """Offer the columns of a frame, and its error of forces where their roles are known."""
        names = vector_columns(frame) if frame is not None else ()
        offered = [("none", ""), *((name, name) for name in names)]
        for path in ("vectors.column", "vectors.minus"):
            self.editors[path].offer(offered)  # type: ignore[attr-defined]
        pair = self._pair()
        known = all(one in names for one in pair)
        self.error.setEnabled(known)
        lacks = "The file names no predicted forces beside reference forces"
        self.error.setToolTip(plain_tip(f"{pair[0]} less {pair[1]}" if known else lacks))

    def _pair(self) -> tuple[str, str]:
        """The columns of predicted and of reference forces, '' where none is known."""
        roles: Roles = {}
        for one in shown_trajectories(self._store.state)[:1]:
            trajectory = self._store.state.loaded_trajectory(one.name)
            roles = trajectory.roles if trajectory is not None else roles
        return roles.get(FORCES, ""), roles.get(REFERENCE, "")

    def _show_error(self) -> None:
        column, minus = self._pair()
        self.commit(
            lambda looks: replace(
                looks, vectors=replace(looks.vectors, column=column, minus=minus, since=None)
            ),
            "Arrows of the error of forces",
        )
