"""A dialog that joins two tables: how rows match, which metrics are the same, what is left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QStringListModel
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QListView,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.app.tables.metric_pairs import MetricPairs
from mlipviewer.core.table import ErrorTable
from mlipviewer.gui.dialog_buttons import DialogButtons
from mlipviewer.gui.later import Later
from mlipviewer.gui.plain import PlainLabel, plain
from mlipviewer.io.tables.aliases import same_metrics
from mlipviewer.io.tables.join import Joined, ways_to_match
from mlipviewer.session.closing import of_kind
from mlipviewer.session.inputs import Input, Join, Kind
from mlipviewer.session.opening import read_stages
from mlipviewer.session.state import State

FILE = "A file ..."
Ways = tuple[tuple[tuple[str, ...], int], ...]


@dataclass(frozen=True, eq=False)
class Partner:
    """The second table, how it can be matched, and the metrics that both have."""

    input: Input
    table: ErrorTable
    ways: Ways
    same: dict[str, str]


def partner_of(first: ErrorTable, one: Input, table: ErrorTable | None) -> Partner:
    """The table is read where it is not there yet. Raises ReadProblem, JoinProblem ..."""
    second = table if table is not None else read_stages(one)[-1]
    same = same_metrics(first.metrics, second.metrics)
    return Partner(one, second, ways_to_match(first, second), same)


class Unmatched(QWidget):
    """The rows of one table that have no partner, all of them."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.title = PlainLabel()
        self.names = QStringListModel()
        self.view = QListView()
        self.view.setModel(self.names)
        self.view.setUniformItemSizes(True)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setAccessibleName(name)
        self.copy = QPushButton("Copy")
        self.copy.clicked.connect(self._copy)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(head)
        layout.addWidget(self.view)

    def show_names(self, table: str, names: tuple[str, ...]) -> None:
        self.title.setText(f"{len(names)} of {table} without partner" if table else "")
        self.names.setStringList([plain(name, 300) for name in names])
        self.copy.setEnabled(bool(names))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(self.names.stringList()))


class JoinTables(QDialog):
    """Joins the shown table with another one; `decided(join)` is called when accepted."""

    def __init__(
        self,
        state: State,
        ask_file: Callable[[], Path | None],
        decided: Callable[[Join], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        first, table = state.document.input(state.document.table), state.table
        assert first is not None
        assert table is not None
        self._first, self._table = first, table
        self._loaded = {
            one.name: state.loaded_table(one.name) for one in of_kind(state, Kind.TABLE)
        }
        self._ask_file, self._decided = ask_file, decided
        self._partner: Partner | None = None
        self._later = Later(self)
        self.setWindowTitle(plain(f"Join {table.name} with another table"))
        self.resize(680, 640)
        self._make_widgets(state)
        self._lay_out()
        self._connect()
        self._show_problem("Choose the table to join with.")
        if self.second.count() > 1:
            self.second.setCurrentIndex(0)
            self._choose(0)

    def _make_widgets(self, state: State) -> None:
        self.second = QComboBox(placeholderText="Choose a table ...")
        self.second.setAccessibleName("second table")
        for one in of_kind(state, Kind.TABLE):
            if one is not self._first:
                self.second.addItem(plain(one.name, 120), one)
        self.second.addItem(FILE, None)
        self.second.setCurrentIndex(-1)
        self.on = QComboBox()
        self.on.setAccessibleName("rows are matched by")
        self.keep = QCheckBox("Keep rows without a partner")
        self.as_one = QCheckBox("As one column: the second table fills what the first lacks")
        self.pairs = MetricPairs(self._preview)
        self.status = PlainLabel()
        self.status.setWordWrap(True)
        self.only_first = Unmatched("unmatched of the first")
        self.only_second = Unmatched("unmatched of the second")
        standard = QDialogButtonBox.StandardButton
        self.buttons = DialogButtons(standard.Ok | standard.Cancel)
        self.ok = self.buttons.button(standard.Ok)
        self.ok.setText("Join")

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.addRow("Join with", self.second)
        form.addRow("Match rows by", self.on)
        form.addRow("", self.keep)
        lists = QHBoxLayout()
        lists.addWidget(self.only_first)
        lists.addWidget(self.only_second)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(PlainLabel("The same metric in both tables:"))
        layout.addWidget(self.pairs, 1)
        layout.addWidget(self.as_one)
        layout.addWidget(self.status)
        layout.addLayout(lists, 1)
        layout.addWidget(self.buttons)

    def _connect(self) -> None:
        self.second.activated.connect(self._choose)
        self.on.activated.connect(lambda _place: self._preview())
        self.keep.clicked.connect(lambda _on: self._preview())
        self.as_one.clicked.connect(lambda _on: self._preview())
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    # -- the second table ------------------------------------------------------------------

    def _choose(self, place: int) -> None:
        one = self.second.itemData(place)
        if one is None:
            one = self._file()
        if one is None:
            now = self._partner.input if self._partner is not None else None
            self.second.setCurrentIndex(self._place_of(now))
            return
        self._show_problem(f"Reading {one.name} ...")
        first, table = self._table, self._loaded.get(one.name)
        self._later.ask(lambda: partner_of(first, one, table), self._show_partner, self._no_partner)

    def _file(self) -> Input | None:
        """A file that the user names; it is in the list from now on."""
        path = self._ask_file()
        if path is None:
            return None
        one = Input(path.name, str(path), Kind.TABLE)
        known = next((i for i in self._offered() if i.source == one.source), None)
        if known is None:
            self.second.insertItem(self.second.count() - 1, plain(one.name, 120), one)
        self.second.setCurrentIndex(self._place_of(known or one))
        return known or one

    def _offered(self) -> list[Input]:
        found = (self.second.itemData(i) for i in range(self.second.count()))
        return [one for one in found if one is not None]

    def _place_of(self, one: Input | None) -> int:
        return self._offered().index(one) if one is not None else -1

    def _show_partner(self, partner: Partner) -> None:
        self._partner = partner
        self.on.clear()
        for on, n_both in partner.ways:
            by = ", ".join(on) or "key"
            title = f"{by}: {n_both} of {self._table.n_rows} rows match"
            self.on.addItem(plain(title, 200), on)
        titles = (self._table.name, partner.table.name)
        self.pairs.show_tables(titles, self._table.metrics, partner.table.metrics, partner.same)
        if not partner.ways:
            self._no_partner(
                f"No row of {self._table.name} has a partner in {partner.table.name}, "
                "neither by key nor by text columns of the same name."
            )
            return
        self._preview()

    def _no_partner(self, reason: str) -> None:
        self.on.clear()
        self._show_problem(reason)

    # -- what comes of it ------------------------------------------------------------------

    def join(self) -> Join | None:
        """What is shown now; None where nothing can be joined."""
        partner = self._partner
        if partner is None or self.on.currentIndex() < 0:
            return None
        pairs = self.pairs.pairs()
        return Join(
            self._first,
            partner.input,
            tuple(self.on.currentData()),
            self.keep.isChecked(),
            None if dict(pairs) == partner.same else pairs,
            self.as_one.isChecked(),
        )

    def _preview(self) -> None:
        how, partner = self.join(), self._partner
        if how is None or partner is None:
            return
        first, second = self._table, partner.table
        self.ok.setEnabled(False)
        self._later.ask(lambda: how.joined(first, second), self._show_joined, self._show_problem)

    def _show_joined(self, found: Joined) -> None:
        assert self._partner is not None
        table, other = found.table, self._partner.table
        n_both = self._table.n_rows - len(found.only_first)
        matched = "1 row of {} has" if n_both == 1 else f"{n_both} rows of {{}} have"
        self.status.setText(
            f"{matched.format(self._table.name)} a partner in {other.name}. "
            f"The joined table has {table.n_rows} rows x {len(table.metrics)} metrics."
        )
        self.only_first.show_names(self._table.name, found.only_first)
        self.only_second.show_names(other.name, found.only_second)
        self.ok.setEnabled(True)

    def _show_problem(self, reason: str) -> None:
        self.status.setText(reason)
        self.only_first.show_names("", ())
        self.only_second.show_names("", ())
        self.ok.setEnabled(False)

    def accept(self) -> None:
        how = self.join()
        if how is not None and self.ok.isEnabled():
            self._decided(how)
            super().accept()
