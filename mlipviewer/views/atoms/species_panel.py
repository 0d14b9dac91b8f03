"""The species, the classes that colour, and the selection: eye, colour, radius, opacity each."""

from __future__ import annotations

from collections.abc import Callable
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
from mlipviewer.gui.scene.paints import SPECIES, Paint, Swatch
from mlipviewer.gui.scene.spheres import Kind, Kinds
from mlipviewer.session.look_changes import look, set_looks
from mlipviewer.session.looks import (
    ClassLook,
    Looks,
    Rgb,
    SpeciesLook,
    with_class,
    with_species,
)
from mlipviewer.session.store import Store

LARGEST, LEAST_OPACITY, STEP = 4.0, 0.125, 0.125
MOST_HIGH = 250
NAME, ATOMS, COLOUR, RADIUS, OPACITY = range(5)
SELECTED = "Selected atoms"

Own = SpeciesLook | ClassLook
Key = tuple[str, str]
"""The column (`` for species) and the name of a row."""


class SpeciesPanel(QWidget):
    """Shows the species of the first pane, below them the classes it is coloured by."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self._shown: tuple[object, ...] = ()
        self.tree = QTreeWidget()
        self.tree.setColumnCount(5)
        self.tree.setHeaderLabels(["Species", "Atoms", "Colour", "Radius (\u00c5)", "Opacity"])
        self.tree.setRootIsDecorated(False)
        self.tree.setUniformRowHeights(True)
        self.tree.setAccessibleName("Species")
        self.tree.setMinimumWidth(400)
        self.tree.itemClicked.connect(self._click)
        self.reset = QPushButton("Forget changes of species and classes")
        self.reset.clicked.connect(self._forget)
        self.colours: dict[Key, QToolButton] = {}
        self.radii: dict[Key, Number] = {}
        self.opacities: dict[Key, Number] = {}
        self.items: dict[Key, QTreeWidgetItem] = {}
        box = QVBoxLayout(self)
        box.setContentsMargins(4, 0, 4, 0)
        box.addWidget(self.tree)
        box.addWidget(self.reset)

    def show_species(self, kinds: Kinds | None, looks: Looks, paint: Paint | None = None) -> None:
        """The species and classes as they are drawn; rows are made anew only for other ones."""
        listed = kinds.kinds if kinds is not None else ()
        classes = _classes(paint)
        column = paint.column if paint is not None and classes else ""
        rows = tuple((kind.name, kind.count) for kind in listed)
        rows_of_classes = tuple((one.name, one.count) for one in classes)
        if (rows, column, rows_of_classes) != self._shown:
            self._shown = (rows, column, rows_of_classes)
            self._fill(listed, column, classes)
        for kind in listed:
            self._show_row(("", kind.name), kind.colour, looks.of_species(kind.name))
            self.radii["", kind.name].show_value(kind.radius / max(looks.radius, 1e-6))
        for one in classes:
            self._show_row((column, one.name), one.colour, looks.of_class(column, one.name))
        self.opacities["", SELECTED].show_value(looks.selected_opacity)
        self.reset.setVisible(bool(looks.species or looks.classes or looks.selected_opacity < 1))

    def _show_row(self, key: Key, colour: Rgb, own: Own) -> None:
        item = self.items[key]
        state = Qt.CheckState.Checked if own.visible else Qt.CheckState.Unchecked
        if item.checkState(NAME) != state:
            item.setCheckState(NAME, state)
        self.colours[key].setIcon(colour_icon(colour))
        self.opacities[key].show_value(own.opacity)

    def _fill(self, kinds: tuple[Kind, ...], column: str, classes: tuple[Swatch, ...]) -> None:
        self.tree.clear()
        for held in (self.colours, self.radii, self.opacities, self.items):
            held.clear()
        for kind in kinds:
            item = self._add(("", kind.name), kind.count)
            self._add_radius(item, kind.name)
        if classes:
            heading = QTreeWidgetItem(self.tree, [plain(column, 40)])
            heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
            font = heading.font(NAME)
            font.setBold(True)
            heading.setFont(NAME, font)
        for one in classes:
            self._add((column, one.name), one.count)
        item = QTreeWidgetItem(self.tree, [SELECTED])
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self._add_opacity(item, ("", SELECTED), self._change_selected)
        line = max(self.tree.sizeHintForRow(0), 20)
        n = self.tree.topLevelItemCount()
        self.tree.setFixedHeight(min(34 + n * line, MOST_HIGH))
        for i in range(5):
            self.tree.resizeColumnToContents(i)

    def _add(self, key: Key, count: int) -> QTreeWidgetItem:
        item = QTreeWidgetItem(self.tree, [plain(key[1], 40), f"{count:,}"])
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable)
        shown = self._own(key).visible
        item.setCheckState(NAME, Qt.CheckState.Checked if shown else Qt.CheckState.Unchecked)
        item.setData(NAME, Qt.ItemDataRole.UserRole, key)
        item.setToolTip(NAME, "Shown or hidden")
        button = QToolButton()
        button.setAccessibleName(f"Colour of {key[1]}")
        button.setAutoRaise(True)
        button.clicked.connect(lambda: self._choose_colour(key))
        self.items[key], self.colours[key] = item, button
        self.tree.setItemWidget(item, COLOUR, button)
        self._add_opacity(item, key, lambda value: self._change(key, "Opacity of", opacity=value))
        return item

    def _add_radius(self, item: QTreeWidgetItem, name: str) -> None:
        radius = Number(0.05, LARGEST, 0.05)
        radius.setAccessibleName(f"Radius of {name}")
        radius.edited.connect(lambda value: self._change(("", name), "Radius of", radius=value))
        self.radii["", name] = radius
        self.tree.setItemWidget(item, RADIUS, radius)

    def _add_opacity(
        self, item: QTreeWidgetItem, key: Key, change: Callable[[float], None]
    ) -> None:
        opacity = Number(LEAST_OPACITY, 1.0, STEP, 3)
        opacity.setAccessibleName(f"Opacity of {key[1]}")
        opacity.edited.connect(change)
        self.opacities[key] = opacity
        self.tree.setItemWidget(item, OPACITY, opacity)

    # -- what the user does ----------------------------------------------------------------

    def _click(self, item: QTreeWidgetItem, column: int) -> None:
        found = item.data(NAME, Qt.ItemDataRole.UserRole)
        if column != NAME or found is None:
            return
        key = (found[0], found[1])
        shown = item.checkState(NAME) is Qt.CheckState.Checked
        if shown != self._own(key).visible:
            self._change(key, "Show" if shown else "Hide", visible=shown)

    def _own(self, key: Key) -> Own:
        looks, (column, name) = self._store.state.document.looks, key
        return looks.of_class(column, name) if column else looks.of_species(name)

    def _choose_colour(self, key: Key) -> None:
        colour = QColorDialog.getColor(QColor(*(self._own(key).colour or (128, 128, 128))), self)
        if colour.isValid():
            rgb = (colour.red(), colour.green(), colour.blue())
            self._change(key, "Colour of", colour=rgb)

    def _change(self, key: Key, deed: str, **about: object) -> None:
        one = replace(self._own(key), **about)  # type: ignore[arg-type]

        def changed(looks: Looks) -> Looks:
            return (
                with_class(looks, one) if isinstance(one, ClassLook) else with_species(looks, one)
            )

        self._store.commit(lambda s: set_looks(s, changed(s.document.looks)), f"{deed} {key[1]}")

    def _change_selected(self, value: float) -> None:
        self._store.commit(lambda s: look(s, selected_opacity=value), "Opacity of selected atoms")

    def _forget(self) -> None:
        self._store.commit(
            lambda s: look(s, species=(), classes=(), selected_opacity=1.0), "Forget species"
        )


def _classes(paint: Paint | None) -> tuple[Swatch, ...]:
    """The classes that colour; none where species or values do."""
    if paint is None or paint.continuous or paint.column == SPECIES:
        return ()
    return paint.swatches
