"""The dialog of exporting frames: which ones, which of their atoms and columns, and as what."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.core.atoms import AtomNames
from mlipviewer.core.frames import frame_fits, some_atoms
from mlipviewer.core.problem import QueryProblem, ReadProblem
from mlipviewer.core.query import matching_mask
from mlipviewer.core.rows import Rows, member
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.core.visibility import Visibility
from mlipviewer.gui.chooser import TickList
from mlipviewer.gui.dialog_buttons import DialogButtons
from mlipviewer.gui.form import titled
from mlipviewer.gui.plain import PlainLabel
from mlipviewer.io.trajectories.frame_formats import FORMATS, FrameFormat
from mlipviewer.session.commands.frame_converting import Keeps, Wanted

TRIED = 1000  # atoms of which a condition is asked while it is typed
LETTERS = {"f": 19, "i": 7, "u": 7, "b": 2, "U": 4}  # of a number in a file, to guess its size


class Which(Enum):
    """Frames to export."""

    THIS = "this"
    RANGE = "range"
    SELECTED = "selected"


class Atoms(Enum):
    """Atoms to export."""

    ALL = "all"
    SHOWN = "shown"
    SELECTED = "selected"
    WHERE = "where"


@dataclass(frozen=True, eq=False)
class Offered:
    """What there is: a trajectory with all its columns, the shown frame (the `index`-th), and what
    is selected and hidden."""

    trajectory: Trajectory
    frame: Frame
    index: int
    frames: Rows
    atoms: Rows
    visible: Visibility | None


Taken = Callable[[FrameFormat, Wanted], None]


class FramesDialog(QDialog):
    """Tells how many frames and atoms will be written, and what is wrong, as it is changed."""

    def __init__(self, offered: Offered, last: str, taken: Taken, parent: QWidget) -> None:
        super().__init__(parent)
        self._offered, self._taken = offered, taken
        self.setWindowTitle("Export frames")
        n = offered.trajectory.n_frames
        self.which = _choice(self._frames_offered())
        self.first = QSpinBox(minimum=1, maximum=n, value=1)
        self.last = QSpinBox(minimum=1, maximum=n, value=n)
        self.every = QSpinBox(minimum=1, maximum=n, value=1)
        self.where = QLineEdit(clearButtonEnabled=True)
        self.where.setPlaceholderText("all of these; e.g.  energy < -10 and frame > 5")
        self.atoms = _choice(self._atoms_offered())
        self.condition = QLineEdit(clearButtonEnabled=True)
        self.condition.setPlaceholderText('element == "Li" and z > 5')
        self.kind = _choice((one.title, one) for one in FORMATS)
        known = [one.title for one in FORMATS]
        self.kind.setCurrentIndex(known.index(last) if last in known else 0)
        self._columns = tuple(offered.frame.columns)
        self.columns = TickList(self._columns, self._columns, self._tick, "positions alone")
        self.columns.setAccessibleName("Columns")
        self.told = PlainLabel()
        self.told.setWordWrap(True)
        self.told.setMinimumHeight(2 * self.told.fontMetrics().lineSpacing())
        self.buttons = DialogButtons()
        self.export = self.buttons.addButton("Export ...", QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        self._lay_out()
        self._connect()
        self._tell()

    def _frames_offered(self) -> list[tuple[str, Which]]:
        offered = self._offered
        n, chosen = offered.trajectory.n_frames, len(offered.frames)
        found = [(f"The shown frame ({offered.index + 1})", Which.THIS)]
        found += [(f"The {chosen:,} selected frames", Which.SELECTED)] if chosen else []
        found += [("From ... to ...", Which.RANGE)] if n > 1 else []
        return found

    def _atoms_offered(self) -> list[tuple[str, Atoms]]:
        offered = self._offered
        found = [("All atoms", Atoms.ALL)]
        found += [("Those that are not hidden", Atoms.SHOWN)] if offered.visible is not None else []
        if n := len(offered.atoms):
            found.append((f"The {n:,} selected atom{'' if n == 1 else 's'}", Atoms.SELECTED))
        return [*found, ("Those where ...", Atoms.WHERE)]

    def _lay_out(self) -> None:
        span = QHBoxLayout()
        for name, box in (("from", self.first), ("to", self.last), ("every", self.every)):
            box.setAccessibleName(f"{name} frame" if name != "every" else "every n-th frame")
            span.addWidget(PlainLabel(name))
            span.addWidget(box, 1)
        self.span = QWidget()
        span.setContentsMargins(0, 0, 0, 0)
        self.span.setLayout(span)
        form = titled(
            (
                ("Frames", self.which),
                ("", self.span),
                ("Only where", self.where),
                ("Atoms", self.atoms),
                ("", self.condition),
                ("Columns of atoms", self.columns),
                ("Format", self.kind),
            )
        )
        self.condition.setAccessibleName("condition on atoms")
        self.span.setAccessibleName("range of frames")
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self.told)
        layout.addWidget(self.buttons)
        self.setMinimumWidth(440)

    def _connect(self) -> None:
        for choice in (self.which, self.atoms, self.kind):
            choice.currentIndexChanged.connect(self._tell)
        for spin in (self.first, self.last, self.every):
            spin.valueChanged.connect(self._tell)
        for line in (self.where, self.condition):
            line.textChanged.connect(self._tell)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    def _tick(self, names: tuple[str, ...]) -> None:
        self._columns = names
        self._tell()

    # -- what is wanted --------------------------------------------------------------------

    @property
    def _frames(self) -> tuple[int, ...]:
        which: Which = self.which.currentData()
        if which is Which.THIS:
            return (self._offered.index,)
        if which is Which.SELECTED:
            n = self._offered.trajectory.n_frames
            return tuple(k for k in self._offered.frames.tolist() if k < n)
        return tuple(range(self.first.value() - 1, self.last.value(), self.every.value()))

    @property
    def wanted(self) -> Wanted:
        """What the controls say."""
        atoms, offered = self.atoms.currentData(), self._offered
        keeps: Keeps | None = None
        if atoms is Atoms.SELECTED:
            keeps = partial(member, chosen=offered.atoms)
        elif atoms is Atoms.SHOWN and offered.visible is not None:
            keeps = offered.visible.kept
        every = tuple(offered.frame.columns)
        return Wanted(
            self.where.text().strip(),
            self.condition.text().strip() if atoms is Atoms.WHERE else "",
            columns=None if set(self._columns) == set(every) else self._columns,
            frames=self._frames,
            keeps=keeps,
        )

    def _problem(self, wanted: Wanted) -> str:
        """Why this cannot be written; '' where it can."""
        frame, kind = self._offered.frame, self.kind.currentData()
        if not wanted.frames:
            return "No frame is left: the last one is before the first."
        if self.atoms.currentData() is Atoms.WHERE and not wanted.atoms:
            return "Type a condition on atoms, or choose others."
        try:
            if wanted.where:
                index = self._offered.index
                frame_fits(wanted.where, index, self._offered.trajectory.info(index))
            if wanted.atoms:
                few = some_atoms(frame, np.arange(frame.n_atoms) < TRIED)
                matching_mask(wanted.atoms, AtomNames(few), few.n_atoms)
        except QueryProblem as problem:
            return f"Character {problem.position + 1}: {problem.reason}"
        except ReadProblem as problem:
            return str(problem)
        if kind.single and len(wanted.frames) > 1:
            return f"A {kind.title} holds one frame: choose the shown one, or another format."
        return ""

    def _tell(self) -> None:
        self.span.setVisible(self.which.currentData() is Which.RANGE)
        self.condition.setVisible(self.atoms.currentData() is Atoms.WHERE)
        kind, wanted = self.kind.currentData(), self.wanted
        self.columns.setEnabled(kind.columns)
        problem = self._problem(wanted)
        self.export.setEnabled(not problem)
        self.told.setText(problem or self._words(wanted))

    def _words(self, wanted: Wanted) -> str:
        n, frame = len(wanted.frames or ()), self._offered.frame
        atoms = frame.n_atoms
        if wanted.keeps is not None:
            atoms = int(np.count_nonzero(wanted.keeps(frame.atom_ids)))
        size = n * atoms * self._letters_of_atom() / 1e6
        most = "at most " if wanted.where or wanted.atoms else ""
        many = "frame" if n == 1 else "frames"
        return f"{most}{n:,} {many} of {atoms:,} atoms, about {max(size, 0.1):,.1f} MB"

    def _letters_of_atom(self) -> int:
        """About so many letters a line of an atom has."""
        columns = self._offered.frame.columns
        told = [columns[name] for name in self._columns if name in columns]
        told = told if self.kind.currentData().columns else []
        parts = (LETTERS.get(v.dtype.kind, 0) * int(np.prod(v.shape[1:])) for v in told)
        return 3 * LETTERS["f"] + 10 + sum(parts)

    def accept(self) -> None:
        kind, wanted = self.kind.currentData(), self.wanted
        super().accept()
        self._taken(kind, wanted)


def _choice(offered: Iterable[tuple[str, Any]]) -> QComboBox:
    box = QComboBox()
    for title, value in offered:
        box.addItem(title, value)
    return box
