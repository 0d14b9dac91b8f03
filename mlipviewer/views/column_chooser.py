"""The popup that chooses which columns the table shows, by category, and their order."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.core.table import ErrorTable
from mlipviewer.gui.floating import Floating
from mlipviewer.gui.plain import plain
from mlipviewer.session import table_changes
from mlipviewer.session.panels import result_columns
from mlipviewer.session.state import State
from mlipviewer.session.store import Store
from mlipviewer.views.table_cells import text_columns

NAME = Qt.ItemDataRole.UserRole
COMPUTED, TEXT, OTHERS = "Computed", "Text", "Other metrics"


class ColumnChooser(Floating):
    """Shows the document's hidden columns, and commits others."""

    def __init__(self, parent: QWidget, store: Store) -> None:
        super().__init__(parent)
        self.setAccessibleName("columns")
        self._store = store
        self.search = QLineEdit(clearButtonEnabled=True)
        self.search.setPlaceholderText("Search columns")
        self.search.setAccessibleName("search columns")
        self.search.textEdited.connect(self._find)
        self.tree = TickTree(self._toggle)
        self.grouped = QCheckBox("Group metrics by category")
        self.grouped.clicked.connect(self._group)
        self.all, self.none = QPushButton("Show all"), QPushButton("Hide all")
        self.all.clicked.connect(lambda: self._hide(self._seen(), False))
        self.none.clicked.connect(lambda: self._hide(self._seen(), True))
        self._lay_out()
        table = store.state.table
        if table is not None:
            self._fill(table, tuple(result_columns(store.state)))
        self.show_state(store.state)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self.search)
        layout.addWidget(self.tree, 1)
        layout.addWidget(self.grouped)
        buttons = QHBoxLayout()
        buttons.addWidget(self.all)
        buttons.addWidget(self.none)
        buttons.addStretch(1)
        layout.addLayout(buttons)

    def _fill(self, table: ErrorTable, computed: tuple[str, ...]) -> None:
        for title, names in columns_by_group(table, computed):
            top = QTreeWidgetItem(self.tree, [plain(title, 200)])
            top.setFlags(Qt.ItemFlag.ItemIsEnabled)
            for name in names:
                item = QTreeWidgetItem(top, [plain(name, 200)])
                item.setFlags(Qt.ItemFlag.ItemIsEnabled)
                item.setData(0, NAME, name)
            top.setExpanded(True)

    def popup(self, at: QPoint) -> None:
        """Show it at a global place, within the screen."""
        self.resize(280, 420)
        screen = self.screen().availableGeometry()
        x = min(max(at.x(), screen.left()), screen.right() - self.width())
        y = min(max(at.y(), screen.top()), screen.bottom() - self.height())
        self.move(x, y)
        self.show()
        self.search.setFocus()

    # -- what is shown ---------------------------------------------------------------------

    def show_state(self, state: State) -> None:
        """Tick what the table shows."""
        hidden = state.document.hidden
        self.grouped.setChecked(state.document.grouped)
        for top in self.tree.tops():
            shown = [one.data(0, NAME) not in hidden for one in _inside(top)]
            for one, on in zip(_inside(top), shown, strict=True):
                one.setCheckState(0, _tick(on))
            mixed = any(shown) and not all(shown)
            top.setCheckState(0, Qt.CheckState.PartiallyChecked if mixed else _tick(all(shown)))

    # -- what the user does ----------------------------------------------------------------

    def _toggle(self, item: QTreeWidgetItem) -> None:
        """A column, or all of a group: a group that shows in part is shown whole."""
        group = [item, *_inside(item)]
        names = [one.data(0, NAME) for one in group if one.data(0, NAME)]
        self._hide(names, item.checkState(0) is Qt.CheckState.Checked)

    def _hide(self, names: list[str], hidden: bool) -> None:
        def changed(state: State) -> State:
            old = state.document.hidden
            return table_changes.hide_columns(state, old.union(names) if hidden else old - {*names})

        label = f"{'Hide' if hidden else 'Show'} {len(names)} column{'s' * (len(names) != 1)}"
        self._store.commit(changed, label)

    def _group(self, wanted: bool) -> None:
        self._store.commit(lambda s: table_changes.group_columns(s, wanted), "Order columns")

    def _seen(self) -> list[str]:
        items = (one for top in self.tree.tops() for one in _inside(top))
        return [one.data(0, NAME) for one in items if not one.isHidden()]

    def _find(self, text: str) -> None:
        """Show the columns whose name, or whose group's name, holds the text."""
        wanted = text.casefold()
        for top in self.tree.tops():
            whole = wanted in top.text(0).casefold()
            for one in _inside(top):
                one.setHidden(not whole and wanted not in one.text(0).casefold())
            top.setHidden(all(one.isHidden() for one in _inside(top)))


class TickTree(QTreeWidget):
    """Entries with ticks; a click or the space bar tells the entry, and ticks nothing itself."""

    def __init__(self, toggled: object) -> None:
        super().__init__()
        self._toggled = toggled
        self.setHeaderHidden(True)
        self.setAccessibleName("columns by category")
        self.setSelectionMode(QTreeWidget.SelectionMode.NoSelection)
        self.itemClicked.connect(toggled)

    def tops(self) -> list[QTreeWidgetItem]:
        found = (self.topLevelItem(i) for i in range(self.topLevelItemCount()))
        return [one for one in found if one is not None]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.key() == Qt.Key.Key_Space and item is not None:
            self.itemClicked.emit(item, 0)
        else:
            super().keyPressEvent(event)


def columns_by_group(
    table: ErrorTable, computed: tuple[str, ...] = ()
) -> Iterator[tuple[str, list[str]]]:
    """(title, columns): what was computed, the text columns, the metrics of each category."""
    if computed:
        yield COMPUTED, list(computed)
    text = list(text_columns(table))
    if text:
        yield TEXT, text
    for category in (*table.categories, ""):
        names = [c.name for c in table.metric_columns if c.category == category]
        if names:
            yield category or OTHERS, names


def _inside(item: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    return [item.child(i) for i in range(item.childCount())]


def _tick(on: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
