"""The line below the atoms: what is selected and what it measures, over nearest images or not."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from mlipviewer.gui.plain import ShortLabel, plain_tip
from mlipviewer.session.measure_changes import set_periodic
from mlipviewer.session.store import Store


class StatusLine(QWidget):
    """The words, and while something is measured a chip that says by which images."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self.label = ShortLabel()
        self.label.cut = Qt.TextElideMode.ElideMiddle  # names at first, values at last
        self.label.setObjectName("status")
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.label.setContentsMargins(8, 2, 8, 0)
        self.chip = QToolButton()
        self.chip.setText("PBC")
        self.chip.setCheckable(True)
        self.chip.setAccessibleName("nearest periodic images")
        self.chip.setToolTip(plain_tip("Measure over the nearest periodic images"))
        self.chip.clicked.connect(self._set_periodic)
        policy = self.chip.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # the picture above stays as large as it is
        self.chip.setSizePolicy(policy)
        self.chip.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 4, 0)
        row.setSpacing(0)
        row.addWidget(self.label, 1)
        row.addWidget(self.chip)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def _set_periodic(self, wanted: bool) -> None:
        label = "Measure by nearest images" if wanted else "Measure without images"
        self._store.commit(lambda s: set_periodic(s, wanted), label)

    def show_words(self, words: str, measures: bool, periodic: bool) -> None:
        """`measures`: there is a distance, angle or dihedral among the words."""
        self.label.setText(words)
        self.chip.setVisible(measures)
        self.chip.setChecked(periodic)
