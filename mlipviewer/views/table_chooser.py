"""Which of the open tables is shown: a list above the table, where there are two or more."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QSizePolicy

from mlipviewer.gui.plain import plain
from mlipviewer.session import changes
from mlipviewer.session.closing import of_kind
from mlipviewer.session.inputs import Kind
from mlipviewer.session.state import State
from mlipviewer.session.store import Store

WIDTH = 16  # characters of a name that are surely seen


def table_titles(state: State) -> tuple[tuple[str, str], ...]:
    """(name, name with the numbers of models and metrics once it is read) of each open table."""
    return tuple((one.name, _title(state, one.name)) for one in of_kind(state, Kind.TABLE))


def _title(state: State, name: str) -> str:
    table = state.loaded_table(name)
    size = f" · {table.n_models} × {len(table.metrics)}" if table is not None else ""
    return plain(name, 120) + size


class TableChooser(QComboBox):
    """Commits the table that the user takes."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self._titles: tuple[tuple[str, str], ...] = ()
        self.setAccessibleName("shown table")
        self.setToolTip("The open tables: models × metrics")
        self.setMinimumContentsLength(WIDTH)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.activated.connect(self._take)
        self.hide()

    def _take(self, place: int) -> None:
        name = str(self.itemData(place))
        self._store.commit(lambda s: changes.show_table(s, name), f"Show {name}")

    def show_tables(self, state: State) -> None:
        titles = table_titles(state)
        if titles != self._titles:
            self._titles = titles
            self.clear()
            for name, title in titles:
                self.addItem(title, name)
            view = self.view()
            view.setMinimumWidth(view.sizeHintForColumn(0) + 24)
        self.setCurrentIndex(self.findData(state.document.table))
        self.setVisible(len(titles) > 1)
