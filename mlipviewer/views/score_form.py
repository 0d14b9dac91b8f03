"""The form of a score: a weight and two levels for each metric, or for a whole category.

What is told shows in full ink; what follows from it, from the table or from the models is grey.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.analysis.methods.told import (
    EQUAL,
    Level,
    Weights,
    number,
    of_representatives,
    one_per_category,
    read_levels,
    read_weights,
    write_levels,
    write_weights,
)
from mlipviewer.core.analysis import AnalysisProblem, Result
from mlipviewer.core.table import ErrorTable
from mlipviewer.gui.menus import MenuButton
from mlipviewer.gui.plain import PlainLabel, plain
from mlipviewer.gui.view import View
from mlipviewer.session import changes
from mlipviewer.session.panels import request_of
from mlipviewer.session.state import Failure, State
from mlipviewer.session.store import Store
from mlipviewer.views.score_presets import ScorePresets

NAME = Qt.ItemDataRole.UserRole
HEADS = ("Error", "Weight", "Good", "Bad")
OTHERS = "Other metrics"
Index = QModelIndex | QPersistentModelIndex


class ScoreForm(View, QDialog):
    """Stays open beside the plot; every edit is a step of history."""

    def __init__(self, store: Store, panel_id: str, parent: QWidget) -> None:
        super().__init__(store, parent)
        self._panel_id = panel_id
        self.setWindowTitle("Weights and thresholds")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(460, 560)
        self.search = QLineEdit(clearButtonEnabled=True)
        self.search.setPlaceholderText("Search errors")
        self.search.setAccessibleName("search errors")
        self.search.textEdited.connect(self._find)
        self.presets = ScorePresets(self, self._use, self._set, self._params)
        button = MenuButton("Presets")
        button.setMenu(self.presets)
        self.tree = _Tree(self._edited)
        self.problem = PlainLabel()
        self.problem.setWordWrap(True)
        top = QHBoxLayout()
        top.addWidget(self.search, 1)
        top.addWidget(button)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self.tree, 1)
        layout.addWidget(self.problem)
        self._filled: ErrorTable | None = None

    def closeEvent(self, event: QCloseEvent) -> None:
        self.detach()
        super().closeEvent(event)

    # -- what is shown ---------------------------------------------------------------------

    def show_state(self, old: State | None, new: State) -> None:
        del old
        panel = next((p for p in new.document.panels if p.id == self._panel_id), None)
        if panel is None or new.table is None:
            return
        if new.table is not self._filled:
            self._filled = new.table
            self.tree.fill(new.table)
        request = request_of(new, panel)
        found = request if isinstance(request, Failure) else new.moment.results.get(request)
        used = _used(found) if isinstance(found, Result) else {}
        weights, levels = _told(panel.params)
        self.tree.show_told(new.table, weights, levels, used)
        self.presets.know_representatives(_stands_for(new) is not None)
        reason = getattr(found, "reason", "")
        self._say(reason or _best(found))

    def _say(self, text: str) -> None:
        self.problem.setText(text)

    # -- what the user does ----------------------------------------------------------------

    def _edited(self, name: str, head: str, text: str) -> None:
        weights, levels = _told(self.store.state.document.panel(self._panel_id).params)
        value = number(text) if text.strip() else None
        if text.strip() and (value is None or (head == "Weight" and value < 0)):
            self._say(f"{text!r} is no {'weight' if head == 'Weight' else 'error'}")
        elif head == "Weight":
            kept = {one: weight for one, weight in weights.items() if one != name}
            self._set(weights=write_weights(kept if value is None else {**kept, name: value}))
        else:
            good, bad = levels.get(name, (None, None))
            level = (value, bad) if head == "Good" else (good, value)
            self._set(levels=write_levels({**levels, name: level}))

    def _use(self, preset: str) -> None:
        table = self.store.state.table
        stands_for = _stands_for(self.store.state)
        if table is None:
            return
        if preset == "Representatives":
            weights = of_representatives(table.metrics, stands_for or {})
        else:
            weights = EQUAL if preset == "Equal" else one_per_category(table, table.metrics)
        self._set(weights=write_weights(weights))

    def _set(self, **values: str) -> None:
        self.store.commit(
            lambda s: changes.set_params(s, self._panel_id, **values), f"Set {', '.join(values)}"
        )

    def _params(self) -> Any:
        return self.store.state.document.panel(self._panel_id).params

    def _find(self, text: str) -> None:
        self.tree.show_matching(text)


class _Tree(QTreeWidget):
    """Categories and their metrics; an edit is told, and changes nothing here."""

    def __init__(self, edited: Callable[[str, str, str], None]) -> None:
        super().__init__()
        self.setHeaderLabels(list(HEADS))
        self.setAccessibleName("weights and levels")
        trigger = QTreeWidget.EditTrigger
        self.setEditTriggers(trigger.EditKeyPressed | trigger.AnyKeyPressed)
        self.itemClicked.connect(self._begin)
        self.setUniformRowHeights(True)
        self.setItemDelegate(_Editor(self, edited))
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.header().setStretchLastSection(False)
        for column in (1, 2, 3):
            self.header().resizeSection(column, 84)

    def _begin(self, item: QTreeWidgetItem, column: int) -> None:
        if column and item.flags() & Qt.ItemFlag.ItemIsEditable:
            self.editItem(item, column)

    def fill(self, table: ErrorTable) -> None:
        self.clear()
        for category in (*table.categories, ""):
            names = [c.name for c in table.metric_columns if c.category == category]
            if not names:
                continue
            top = QTreeWidgetItem(self, [plain(category or OTHERS, 200)])
            top.setData(0, NAME, category)
            top.setFlags(_FLAGS if category else Qt.ItemFlag.ItemIsEnabled)
            for name in names:
                item = QTreeWidgetItem(top, [plain(name, 200)])
                item.setData(0, NAME, name)
                item.setFlags(_FLAGS)
            top.setExpanded(True)

    def items(self) -> Iterator[tuple[str, QTreeWidgetItem]]:
        """(category, '' for the category itself; item) of every line."""
        for i in range(self.topLevelItemCount()):
            top = self.topLevelItem(i)
            assert top is not None
            yield "", top
            for j in range(top.childCount()):
                yield top.data(0, NAME), top.child(j)

    def show_told(
        self,
        table: ErrorTable,
        weights: Weights,
        levels: Mapping[str, Level],
        used: Mapping[str, tuple[float, ...]],
    ) -> None:
        """Texts of weights and levels; `used`: metric -> (weight, good, bad) of the last score."""
        names = set(table.metrics)
        for category, item in self.items():
            name = item.data(0, NAME)
            weight, level = weights.get(name), levels.get(name, (None, None))
            own = (weight, *level)
            metric = name in names and (bool(category) or item.parent() is not None)
            usual = used.get(name, (weights.get(category, 1.0), None, None)) if metric else ()
            for column, value in enumerate(own, 1):
                follows = usual[column - 1] if usual else None
                shown = follows if value is None else value
                item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight)
                item.setText(column, "" if shown is None else f"{shown:.4g}")
                item.setData(column, NAME, "" if value is None else f"{value:g}")
                ink = self.palette().text() if value is not None else self._grey()
                item.setForeground(column, ink)

    def _grey(self) -> Any:
        return self.palette().placeholderText()

    def show_matching(self, text: str) -> None:
        wanted = text.casefold()
        for i in range(self.topLevelItemCount()):
            top = self.topLevelItem(i)
            assert top is not None
            whole = wanted in top.text(0).casefold()
            inside = [top.child(j) for j in range(top.childCount())]
            for item in inside:
                item.setHidden(not whole and wanted not in item.text(0).casefold())
            top.setHidden(all(item.isHidden() for item in inside))


class _Editor(QStyledItemDelegate):
    """A line for a number; what is typed is told instead of put into the cell."""

    def __init__(self, tree: _Tree, edited: Callable[[str, str, str], None]) -> None:
        super().__init__(tree)
        self._edited = edited

    def createEditor(  # type: ignore[override]  # None: not to be edited
        self, parent: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> QWidget | None:
        del option
        return None if index.column() == 0 else QLineEdit(parent)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        assert isinstance(editor, QLineEdit)
        editor.setText(index.data(NAME) or "")
        editor.setPlaceholderText(index.data() or "")

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        del model
        assert isinstance(editor, QLineEdit)
        if editor.text() != (index.data(NAME) or ""):
            name = index.siblingAtColumn(0).data(NAME)  # type: ignore[union-attr]
            self._edited(name, HEADS[index.column()], editor.text())


_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable


def _told(params: Any) -> tuple[Weights, Mapping[str, Level]]:
    """What the panel's texts say; nothing where they cannot be read."""
    try:
        return read_weights(params.weights), read_levels(params.levels)
    except AnalysisProblem:
        return {}, {}


def _used(result: Result) -> dict[str, tuple[float, ...]]:
    """Metric -> (weight, good, bad) of a score."""
    found = result.tables["metrics"]
    columns = (found[name] for name in ("weight", "good", "bad"))
    return dict(zip(found["metric"], zip(*columns, strict=True), strict=True))


def _stands_for(state: State) -> dict[str, str] | None:
    """Metric -> its representative, of the newest representatives of the shown table."""
    for request, result in reversed(tuple(state.moment.results.items())):
        right = request.analysis == "representatives" and request.table == state.document.table
        if right and isinstance(result, Result):
            found = result.tables["stands_for"]
            return dict(zip(found["metric"], found["representative"], strict=True))
    return None


def _best(found: object) -> str:
    if not isinstance(found, Result):
        return ""
    return f"best {found.summary['best_model']}: {found.summary['best_score']:.3f}"
