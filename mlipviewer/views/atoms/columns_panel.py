"""What the button Columns opens: columns that are computed for the atoms, and their parameters."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from mlipviewer.analysis import COMPUTATIONS
from mlipviewer.analysis.frames.rules import RulesParams
from mlipviewer.core.analysis import Params
from mlipviewer.core.computation import Asked, Computation
from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.form import Form
from mlipviewer.gui.plain import plain_tip
from mlipviewer.session.computing import compute, compute_no_more
from mlipviewer.session.store import Store
from mlipviewer.views.atoms.rules_panel import RulesPanel

RULES = "rules"


class ColumnsPanel(QWidget):
    """A tick for each computation; below a ticked one its parameters. Commits what is changed."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self.boxes: dict[str, QCheckBox] = {}
        self.forms: dict[str, tuple[Params, Form]] = {}
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(4, 4, 4, 4)
        self.rules = RulesPanel(self._change_rules)
        self.rules.hide()

    def _list_computations(self) -> None:
        """Once, when it is opened first: a window needs no computation to start."""
        for computation in sorted(COMPUTATIONS.values(), key=lambda one: one.reads_columns):
            self._add(computation)
        self._rows.addWidget(self.rules)

    def _add(self, computation: Computation) -> None:
        box = QCheckBox(computation.title)
        box.setToolTip(plain_tip(computation.about))
        box.clicked.connect(lambda wanted: self._tick(computation, wanted))
        self.boxes[computation.name] = box
        self._rows.addWidget(box)

    def _tick(self, computation: Computation, wanted: bool) -> None:
        if wanted:
            self._store.commit(lambda s: compute(s, computation.name), f"{computation.title}")
        else:
            words = f"No {computation.title.lower()}"
            self._store.commit(lambda s: compute_no_more(s, computation.name), words)

    def _change(self, name: str, field: str, value: Any) -> None:
        params = replace(self.forms[name][0], **{field: value})
        self.forms[name] = (params, self.forms[name][1])  # it shows already what it was told
        title = COMPUTATIONS[name].title
        self._store.commit(
            lambda s: compute(s, name, params), f"{title}: {field}", f"{name} {field}"
        )

    def _change_rules(self, params: Params, deed: str) -> None:
        self._store.commit(lambda s: compute(s, RULES, params), deed)

    def show_asked(self, asked: tuple[Asked, ...], frame: Frame | None) -> None:
        """Tick what is computed now, with its parameters; the rules with counts of the frame."""
        if not self.boxes:
            self._list_computations()
        active = {one.computation: one.params for one in asked}
        for name, box in self.boxes.items():
            box.setChecked(name in active)
            if name != RULES:
                self._show_form(name, active.get(name))
        rules = active.get(RULES)
        self.rules.setVisible(rules is not None)
        if isinstance(rules, RulesParams):
            self.rules.show_rules(rules, frame)

    def _show_form(self, name: str, params: Params | None) -> None:
        known = self.forms.get(name)
        if known is not None and known[0] == params:
            return
        if known is not None:
            self._rows.removeWidget(known[1])
            known[1].deleteLater()
            del self.forms[name]
        if params is not None:
            form = Form(params, partial(self._change, name))
            self.forms[name] = (params, form)
            self._rows.insertWidget(self._rows.indexOf(self.boxes[name]) + 1, form)
