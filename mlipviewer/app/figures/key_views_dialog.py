"""The list of key views of a movie, beside the window: add what is seen, change, go there."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.gui.plain import PlainLabel
from mlipviewer.gui.view import View
from mlipviewer.session import changes
from mlipviewer.session.key_views import LONGEST, add_key, change_key, drop_key, seconds_of
from mlipviewer.session.state import State
from mlipviewer.session.store import Store
from mlipviewer.views.atoms.looking import Looking

HEADS = ("", "Second", "Frame", "Eases", "")


class KeyViewsDialog(View, QDialog):
    """Not modal: one looks around in the window, and adds what one sees."""

    def __init__(self, store: Store, looking: Looking, parent: QWidget) -> None:
        super().__init__(store, parent)
        self._looking = looking
        self.setWindowTitle("Key views of a movie")
        self.add = QPushButton("Add what is seen")
        self.told = PlainLabel()
        self.told.setWordWrap(True)
        self.told.setMinimumWidth(330)
        self.rows: list[tuple[QPushButton, QDoubleSpinBox, QSpinBox, QCheckBox]] = []
        self._grid = QGridLayout()
        close = QPushButton("Close")
        for button in (self.add, close):
            button.setAutoDefault(False)
        self.add.clicked.connect(self._add)
        close.clicked.connect(self.close)
        below = QHBoxLayout()
        below.addWidget(self.add)
        below.addStretch(1)
        below.addWidget(close)
        layout = QVBoxLayout(self)
        layout.addWidget(self.told)
        layout.addLayout(self._grid)
        layout.addStretch(1)
        layout.addLayout(below)

    def done(self, result: int) -> None:
        self.detach()
        super().done(result)
        self.deleteLater()

    def show_state(self, old: State | None, new: State) -> None:
        if old is None or old.document.key_views is not new.document.key_views:
            self._show(new)

    def _show(self, state: State) -> None:
        keys = state.document.key_views
        if len(keys) != len(self.rows):
            self._make_rows(len(keys))
        for (_, second, frame, eases), key in zip(self.rows, keys, strict=True):
            for box, value in ((second, key.seconds), (frame, key.frame + 1)):
                if not box.hasFocus() or box.value() != value:
                    box.setValue(value)  # type: ignore[arg-type]
            eases.setChecked(key.eases)
        said = "Turn the atoms, choose a frame, and add what is seen; then turn on and add more."
        if len(keys) > 1:
            said = f"{len(keys)} key views, {seconds_of(keys):g} s: Export movie goes along them."
        self.told.setText(said)

    def _make_rows(self, n: int) -> None:
        self.rows.clear()
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for column, head in enumerate(HEADS if n else ()):
            self._grid.addWidget(PlainLabel(head), 0, column)
        for number in range(n):
            self._make_row(number)

    def _make_row(self, number: int) -> None:
        go = QPushButton(f"Go to {number + 1}")
        go.setAutoDefault(False)
        second = QDoubleSpinBox(minimum=0, maximum=LONGEST, decimals=2, singleStep=0.5)
        trajectory = self.store.state.trajectory
        frame = QSpinBox(minimum=1, maximum=trajectory.n_frames if trajectory else 1_000_000)
        eases, gone = QCheckBox(), QToolButton()
        gone.setText("×")
        for widget, name in (
            (second, "Second"),
            (frame, "Frame"),
            (eases, "Eases"),
            (gone, "Remove this key view"),
        ):
            widget.setAccessibleName(f"{name} {number + 1}")
        gone.setToolTip("Remove this key view")
        eases.setToolTip("The camera comes and goes slowly here")
        go.clicked.connect(partial(self._go, number))
        second.editingFinished.connect(lambda: self._change(number, seconds=second.value()))
        frame.editingFinished.connect(lambda: self._change(number, frame=frame.value() - 1))
        eases.clicked.connect(lambda on: self._change(number, eases=bool(on)))
        gone.clicked.connect(partial(self._drop, number))
        row: tuple[QWidget, ...] = (go, second, frame, eases, gone)
        for column, one in enumerate(row):
            self._grid.addWidget(one, number + 1, column, Qt.AlignmentFlag.AlignLeft)
        self.rows.append((go, second, frame, eases))

    # -- what the user does ----------------------------------------------------------------

    def _add(self) -> None:
        camera = self._looking.text()
        self.store.commit(lambda s: add_key(s, s.frame, camera), "Add a key view")

    def _change(self, number: int, **about: object) -> None:
        label = f"Key view {number + 1}"
        self.store.commit(lambda s: change_key(s, number, **about), label)

    def _drop(self, number: int) -> None:
        self.store.commit(lambda s: drop_key(s, number), f"Remove key view {number + 1}")

    def _go(self, number: int) -> None:
        key = self.store.state.document.key_views[number]
        self._looking.await_text(key.camera)
        self.store.commit(lambda s: changes.show_frame(s, key.frame), f"Frame {key.frame + 1}")
