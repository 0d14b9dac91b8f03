"""The species as a tree: an eye, a colour and a radius each."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QColorDialog,
    QPushButton,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.gui.editors import Number, colour_icon
from mlipviewer.gui.plain import plain
from mlipviewer.gui.scene.spheres import Kind, Kinds
from mlipviewer.session.look_changes import set_looks
from mlipviewer.session.looks import Looks, SpeciesLook, with_species
from mlipviewer.session.store import Store

LARGEST = 4.0
MOST_HIGH = 190


class SpeciesPanel(QWidget):
    """Shows the species of the first pane."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self._shown: tuple[tuple[str, int], ...] = ()
        self.tree = QTreeWidget()
        self.tree.setColumnCount(4)
        self.tree.setHeaderLabels(["Species", "Atoms", "Colour", "Radius (\u00c5)"])
        self.tree.setRootIsDecorated(False)
        self.tree.setUniformRowHeights(True)
        self.tree.setAccessibleName("Species")
        self.tree.setMinimumWidth(330)
        self.tree.itemClicked.connect(self._click)
        self.reset = QPushButton("Forget changes of species")
        self.reset.clicked.connect(self._forget)
        self.colours: dict[str, QToolButton] = {}
        self.radii: dict[str, Number] = {}
        box = QVBoxLayout(self)
        box.setContentsMargins(4, 0, 4, 0)
        box.addWidget(self.tree)
        box.addWidget(self.reset)

    def show_species(self, kinds: Kinds | None, looks: Looks) -> None:
        """The species as they are drawn; rows are made anew only for other species."""
        listed = kinds.kinds if kinds is not None else ()
        names = tuple((kind.name, kind.count) for kind in listed)
        if names != self._shown:
            self._shown = names
            self.tree.clear()
            self.colours.clear()
            self.radii.clear()
            for kind in listed:
                self._add(kind)
            line = self.tree.sizeHintForRow(0) if listed else 0
            self.tree.setFixedHeight(min(40 + max(len(listed), 1) * max(line, 20), MOST_HIGH))
            for column in range(4):
                self.tree.resizeColumnToContents(column)
        for i, kind in enumerate(listed):
            item = self.tree.topLevelItem(i)
            state = Qt.CheckState.Checked if kind.visible else Qt.CheckState.Unchecked
            if item is not None and item.checkState(0) != state:
                item.setCheckState(0, state)
            self.colours[kind.name].setIcon(colour_icon(kind.colour))
            self.radii[kind.name].show_value(kind.radius / max(looks.radius, 1e-6))
        self.reset.setVisible(bool(looks.species))

    def _add(self, kind: Kind) -> None:
        item = QTreeWidgetItem(self.tree, [plain(kind.name, 40), f"{kind.count:,}"])
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(0, Qt.CheckState.Checked if kind.visible else Qt.CheckState.Unchecked)
        item.setData(0, Qt.ItemDataRole.UserRole, kind.name)
        item.setToolTip(0, "Shown or hidden")
        button, radius = QToolButton(), Number(0.05, LARGEST, 0.05)
        button.setAccessibleName(f"Colour of {kind.name}")
        button.setAutoRaise(True)
        button.clicked.connect(lambda: self._choose_colour(kind.name))
        radius.setAccessibleName(f"Radius of {kind.name}")
        radius.edited.connect(lambda value: self._change(kind.name, "Radius of", radius=value))
        self.colours[kind.name], self.radii[kind.name] = button, radius
        self.tree.setItemWidget(item, 2, button)
        self.tree.setItemWidget(item, 3, radius)

    def _click(self, item: QTreeWidgetItem, column: int) -> None:
        name = item.data(0, Qt.ItemDataRole.UserRole)
        shown = item.checkState(0) is Qt.CheckState.Checked
        if column == 0 and shown != self._own(name).visible:
            self._change(name, "Show" if shown else "Hide", visible=shown)

    def _own(self, name: str) -> SpeciesLook:
        return self._store.state.document.looks.of_species(name)

    def _choose_colour(self, name: str) -> None:
        own = self._own(name)
        colour = QColorDialog.getColor(QColor(*(own.colour or (128, 128, 128))), self)
        if colour.isValid():
            rgb = (colour.red(), colour.green(), colour.blue())
            self._change(name, "Colour of", colour=rgb)

    def _change(self, name: str, deed: str, **about: object) -> None:
        one = replace(self._own(name), **about)  # type: ignore[arg-type]
        self._store.commit(
            lambda s: set_looks(s, with_species(s.document.looks, one)), f"{deed} {name}"
        )

    def _forget(self) -> None:
        self._store.commit(
            lambda s: set_looks(s, replace(s.document.looks, species=())), "Forget species"
        )
