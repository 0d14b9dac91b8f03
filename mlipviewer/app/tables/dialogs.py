"""What the user says of the shown table, in dialogs: what it means, is made of and joined with."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QMenu, QWidget

from mlipviewer.app.file_dialogs import OPEN, ask_file
from mlipviewer.session import changes, table_changes
from mlipviewer.session.inputs import Join
from mlipviewer.session.session import Session
from mlipviewer.session.state import State, Weight
from mlipviewer.session.store import Store
from mlipviewer.session.table_steps import Step
from mlipviewer.views.table_chooser import table_titles

if TYPE_CHECKING:
    from mlipviewer.io.tables.choices import TableChoices

READABLE = "Error tables (*.csv *.tsv *.xlsx *.parquet *.json *.jsonl *.yaml *.yml *.md);;All (*)"


class TableDialogs:
    """Opens the dialogs on the shown table; each decision is one change that can be undone."""

    def __init__(self, parent: QWidget, store: Store, session: Session) -> None:
        self._parent, self._store, self._session = parent, store, session

    def _state(self) -> State | None:
        """The state if a table is shown; else the user is told."""
        state = self._store.state
        if state.table is not None:
            return state
        self._session.notify("No error table is open.", Weight.WARNING)
        return None

    @staticmethod
    def _open(dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def ask_meaning(self) -> None:
        """What the shown table's columns and rows mean: a dialog over the guesses."""
        state = self._state()
        if state is None or state.table is None:
            return
        from mlipviewer.app.tables.meaning import TableMeaning
        from mlipviewer.io.tables.choices import choices_from

        one = state.document.input(state.document.table)
        assert one is not None
        if one.joined is not None:
            parts = f"{one.joined.first.name} and {one.joined.second.name}"
            self._session.notify(
                f"{one.name} is made of {parts}: say it of them, and the joined table follows."
            )
            return
        name = one.name

        def decided(choices: TableChoices | None) -> None:
            text = json.dumps(choices.to_dict()) if choices is not None else ""
            self._store.commit(
                lambda s: table_changes.decide(s, name, text), f"Say what {name} means"
            )

        table = (*state.moment.stages.get(name, ()), state.table)[0]
        focus = state.focus if table is state.table else None
        now = choices_from(json.loads(one.choices)) if one.choices else None
        self._open(TableMeaning(table, now, focus, decided, self._parent))

    def ask_errors(self) -> None:
        """Errors from the values of the shown table."""
        from mlipviewer.app.tables.step_dialogs import ErrorsDialog

        state = self._state()
        if state is not None:
            self._open(ErrorsDialog(state, self._take_steps(state), self._parent))

    def ask_seeds(self) -> None:
        """Several rows of a model to one."""
        from mlipviewer.app.tables.step_dialogs import SeedsDialog

        state = self._state()
        if state is not None:
            self._open(SeedsDialog(state, self._take_steps(state), self._parent))

    def _take_steps(self, state: State) -> Callable[[tuple[Step, ...]], None]:
        name = state.document.table or ""

        def decided(steps: tuple[Step, ...]) -> None:
            label = "; ".join(map(str, steps)) or "as read"
            change = f"Make {name} {label}"
            self._store.commit(lambda s: table_changes.set_steps(s, name, steps), change)

        return decided

    def ask_join(self) -> None:
        """The shown table joined with another one, open or in a file."""
        from mlipviewer.app.tables.joining import JoinTables

        state = self._state()
        if state is None:
            return

        def decided(how: Join) -> None:
            label = f"Join {how.first.name} with {how.second.name}"
            self._store.commit(lambda s: table_changes.join_tables(s, how), label)

        self._open(JoinTables(state, self._ask_file, decided, self._parent))

    def _ask_file(self) -> Path | None:
        text = ask_file(self._parent, "Join with", OPEN, READABLE)
        return Path(text).absolute() if text else None

    def fill_menu(self, menu: QMenu) -> None:
        """The open tables, the shown one ticked."""
        menu.clear()
        state = self._store.state
        for name, title in table_titles(state):
            item = menu.addAction(title.replace("&", "&&"))
            item.setCheckable(True)
            item.setChecked(name == state.document.table)
            item.triggered.connect(lambda _on=False, of=name: self._show(of))
        if menu.isEmpty():
            menu.addAction("(none)").setEnabled(False)

    def _show(self, name: str) -> None:
        self._store.commit(lambda s: changes.show_table(s, name), f"Show {name}")
