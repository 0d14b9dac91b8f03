"""The design as a form: crystal, reference, families, sets, properties, limits."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.campaign.design import SAMPLERS, STRUCTURES, Design
from mlipviewer.campaign.estimate import duration
from mlipviewer.gui.editors import Choice, Number
from mlipviewer.gui.plain import PlainLabel, plain, plain_tip
from mlipviewer.session.campaigns import changes
from mlipviewer.session.campaigns.seen import Catalogue
from mlipviewer.session.store import Store
from mlipviewer.views.campaign.families import FamilyRow
from mlipviewer.views.campaign.sets import SetList


class DesignPage(QScrollArea):
    """All of a design that is chosen rather than written; what it lacks the text has."""

    file_wanted = Signal()
    frames_wanted = Signal()
    generated_wanted = Signal()

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self._catalogue: Catalogue | None = None
        self._properties: tuple[str, ...] = ()
        self.families: dict[str, FamilyRow] = {}
        self.properties: dict[str, QCheckBox] = {}
        self.sets = SetList(store)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._build()

    def _build(self) -> None:
        self.inside = QWidget()
        self._layout = QVBoxLayout(self.inside)
        self._layout.setContentsMargins(2, 4, 8, 4)
        self._layout.setSpacing(4)
        self._head("Crystal and reference")
        self._layout.addLayout(self._make_crystal())
        self._head("Families")
        self._layout.addLayout(self._make_sampling())
        self._layout.addLayout(self._make_family_head())
        self._family_rows = QVBoxLayout()
        self._family_rows.setSpacing(2)
        self._layout.addLayout(self._family_rows)
        self._head("Training and test sets")
        self._layout.addWidget(self.sets)
        self._layout.addLayout(self._make_set_buttons())
        self._head("Properties")
        self._grid = QGridLayout()
        self._grid.setVerticalSpacing(2)
        self._layout.addLayout(self._grid)
        self._head("Limits of one piece of work")
        self._layout.addLayout(self._make_limits())
        self._layout.addStretch(1)
        self.setWidget(self.inside)

    def _head(self, text: str) -> None:
        self._layout.addWidget(_title(text))

    def _make_family_head(self) -> QHBoxLayout:
        """What the numbers of each family are, above them."""
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addStretch(1)
        self.columns = [PlainLabel(text) for text in ("models", "candidates", "")]
        for label, tip in zip(self.columns, ("of each set", "of each set", ""), strict=True):
            label.setToolTip(plain_tip(tip))
            label.setAlignment(Qt.AlignmentFlag.AlignBottom)
            row.addWidget(label)
        return row

    def _make_sampling(self) -> QHBoxLayout:
        self.sampler = Choice([(name, name) for name in SAMPLERS])
        self.sampler.setAccessibleName("sampler")
        self.sampler.setToolTip("How candidates are spread over the hyper-parameters")
        self.seed = _number(0, 2**31 - 1, 1, 0, "the seed of all that is drawn at random")
        self.sampler.chosen.connect(lambda v: self._set("", "sampler", v))
        self.seed.edited.connect(lambda v: self._set("", "seed", int(v)))
        row = QHBoxLayout()
        for widget in (
            PlainLabel("Sampled by"),
            self.sampler,
            PlainLabel("seed"),
            self.seed,
        ):
            row.addWidget(widget)
        row.addStretch(1)
        return row

    def _make_crystal(self) -> QFormLayout:
        self.element = _line("element of the crystal")
        self.element.setMaximumWidth(60)
        self.structure = Choice([(name, name) for name in STRUCTURES])
        self.structure.setAccessibleName("structure")
        self.a = _number(0.5, 30.0, 0.01, 4, "a first guess of the lattice constant in Å")
        self.repeat = _number(1, 10, 1, 0, "cubic cells along each edge of the large cells")
        self.reference = QComboBox()
        self.reference.setEditable(True)
        self.reference.setAccessibleName("reference")
        self.reference.setToolTip(
            "Labels the structures, and gives the values that errors are taken against: a name, an"
            " ASE calculator as module:Class, a LAMMPS potential as lammps:NAME or a .toml file"
        )
        self.reference.setMinimumContentsLength(12)
        row = QHBoxLayout()
        for widget in (
            self.element,
            self.structure,
            PlainLabel("a / Å"),
            self.a,
            PlainLabel("cells"),
            self.repeat,
        ):
            row.addWidget(widget)
        row.addStretch(1)
        form = QFormLayout()
        form.addRow("Crystal", row)
        form.addRow("Reference", self.reference)
        self._connect_crystal()
        return form

    def _connect_crystal(self) -> None:
        self.element.editingFinished.connect(lambda: self._typed(self.element, "crystal"))
        self.structure.chosen.connect(lambda v: self._set("crystal", "structure", v))
        self.a.edited.connect(lambda v: self._set("crystal", "a", float(v)))
        self.repeat.edited.connect(lambda v: self._set("crystal", "repeat", int(v)))
        self.reference.textActivated.connect(lambda v: self._set("reference", "calculator", v))
        line = self.reference.lineEdit()
        assert line is not None
        line.returnPressed.connect(
            lambda: self._set("reference", "calculator", self.reference.currentText())
        )

    def _make_set_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        for text, tip, signal in (
            ("From a file ...", "Frames of a file with energies and forces", self.file_wanted),
            ("Frames of the run ...", "The selected frames of the shown run", self.frames_wanted),
            ("Generate ...", "Frames that the reference makes and labels", self.generated_wanted),
        ):
            button = QPushButton(text)
            button.setToolTip(plain_tip(tip))
            button.clicked.connect(signal)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _make_limits(self) -> QHBoxLayout:
        self.seconds = _number(1.0, 1e6, 10.0, 0, "seconds")
        self.memory = _number(0.1, 1024.0, 1.0, 1, "GB")
        self.retries = _number(0, 20, 1, 0, "times a piece is tried again that was lost")
        for widget, key, kind in (
            (self.seconds, "seconds", float),
            (self.memory, "memory_gb", float),
            (self.retries, "retries", int),
        ):
            widget.edited.connect(lambda v, k=key, t=kind: self._set("limits", k, t(v)))
        row = QHBoxLayout()
        for text, editor in (
            ("s", self.seconds),
            ("GB", self.memory),
            ("tries more", self.retries),
        ):
            row.addWidget(editor)
            row.addWidget(PlainLabel(text))
        row.addStretch(1)
        return row

    # -- what the user does ----------------------------------------------------------------

    def _set(self, table: str, key: str, value: object) -> None:
        label = f"{f'{table} {key}'.strip()} of the design"
        self._store.commit(lambda s: changes.set_value(s, table, key, value), label)

    def _typed(self, line: QLineEdit, table: str) -> None:
        text = line.text().strip()
        if text and text != line.property("shown"):
            self._set(table, "element", text)

    def _choose_property(self, name: str, wanted: bool) -> None:
        now = self._properties
        label = f"{'Compute' if wanted else 'Do not compute'} {name}"
        self._store.commit(lambda s: changes.choose_property(s, name, wanted, now), label)

    # -- showing ---------------------------------------------------------------------------

    def show_design(
        self, catalogue: Catalogue, design: Design | None, being_made: frozenset[str]
    ) -> None:
        """What is chosen; a text that is no design leaves it all as it was, greyed. Environments
        are being made by jobs."""
        if catalogue is not self._catalogue:
            self._offer(catalogue)
        self.inside.setEnabled(design is not None)
        for row in self.families.values():
            row.show_design(design, being_made)
        if design is None:
            return
        for label in self.columns:
            label.setVisible(bool(design.families))
        self.sets.show_sets(design.sets)
        self._properties = design.properties
        for name, box in self.properties.items():
            box.setChecked(name in design.properties)
        self._show_crystal(design)

    def _show_crystal(self, design: Design) -> None:
        crystal, limits = design.crystal, design.limits
        self.sampler.show_value(design.sampler)
        if not self.element.hasFocus():
            self.element.setText(crystal.element)
        self.element.setProperty("shown", crystal.element)
        self.structure.show_value(crystal.structure)
        for editor, value in (
            (self.a, crystal.a),
            (self.repeat, crystal.repeat),
            (self.seed, design.seed),
            (self.seconds, limits.seconds),
            (self.memory, limits.memory_gb),
            (self.retries, limits.retries),
        ):
            editor.show_value(value)
        if not self.reference.hasFocus():
            self.reference.setCurrentText(design.reference.calculator)

    def _offer(self, catalogue: Catalogue) -> None:
        """Rows for what there is to choose from; of the rows that are there, what is absent."""
        known, self._catalogue = self._catalogue, catalogue
        for sheet in catalogue.families:
            if sheet.name in self.families:
                self.families[sheet.name].sheet = sheet
                continue
            row = self.families[sheet.name] = FamilyRow(self._store, sheet)
            self._family_rows.addWidget(row)
        if known is None:
            self._offer_once(catalogue)

    def _offer_once(self, catalogue: Catalogue) -> None:
        self.reference.addItems(list(catalogue.references))
        for row in list(self.families.values())[:1]:
            below = (row.models, row.candidates, row.ranges)
            for label, widget in zip(self.columns, below, strict=True):
                label.setFixedWidth(widget.sizeHint().width())
        for one in catalogue.properties:
            box = QCheckBox(plain(one.name))
            box.setToolTip(plain_tip(f"{one.about}\nabout {duration(one.seconds)} a model"))
            box.clicked.connect(lambda on, name=one.name: self._choose_property(name, on))
            self.properties[one.name] = box
        _in_columns(self._grid, list(self.properties.values()), 2)


def _in_columns(grid: QGridLayout, boxes: Sequence[QWidget], columns: int) -> None:
    rows = -(-len(boxes) // columns)
    for k, box in enumerate(boxes):
        grid.addWidget(box, k % rows, k // rows)


def _title(text: str) -> PlainLabel:
    title = PlainLabel(text)
    title.setStyleSheet("font-weight: bold; margin-top: 6px")
    return title


def _line(name: str) -> QLineEdit:
    line = QLineEdit()
    line.setAccessibleName(name)
    line.setToolTip(plain_tip(name))
    return line


def _number(low: float, high: float, step: float, decimals: int, about: str) -> Number:
    editor = Number(low, high, step, decimals)
    editor.setAccessibleName(about)
    editor.setToolTip(plain_tip(about))
    return editor
