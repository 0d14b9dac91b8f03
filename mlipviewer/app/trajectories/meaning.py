"""A dialog on what a trajectory means: its time, units, atoms, columns, and the files beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QDoubleValidator
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.core.aliases import ROLES
from mlipviewer.core.frames import unit_of
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.gui.dialog_buttons import DialogButtons
from mlipviewer.gui.plain import PlainLabel, plain
from mlipviewer.io.trajectories.choices import Pairs, TrajectoryChoices
from mlipviewer.io.trajectories.lammps_dump import ASSUMED
from mlipviewer.io.trajectories.lammps_units import STYLES
from mlipviewer.io.trajectories.species import SYMBOLS
from mlipviewer.io.trajectories.understood import Meaning, labels_of

GUESS, NONE = "(as guessed)", "(none)"
MOST_KINDS = 200


@dataclass(frozen=True, eq=False)
class Kinds:
    """The labels of a frame's atoms with their numbers of atoms and what they are taken for."""

    labels: tuple[str, ...]
    counts: tuple[int, ...]
    symbols: tuple[str, ...]


def kinds_of(frame: Frame, renamed: bool = False) -> Kinds:
    """By the labels of the file where they say more than elements, else by its elements."""
    import numpy as np

    names = np.array(SYMBOLS)[np.clip(frame.numbers, 0, len(SYMBOLS) - 1)]
    labels = labels_of(frame, renamed)
    kinds, first, counts = np.unique(labels, return_index=True, return_counts=True)
    symbols = tuple(str(names[k]) for k in first[:MOST_KINDS])
    return Kinds(tuple(map(str, kinds[:MOST_KINDS])), tuple(map(int, counts[:MOST_KINDS])), symbols)


class TrajectoryMeaning(QDialog):
    """Shows what is known and by whom; `decided(choices)` gets what the user changed."""

    def __init__(
        self,
        trajectory: Trajectory,
        frame: Frame,
        choices: TrajectoryChoices,
        ask_file: Callable[[str], str],
        decided: Callable[[TrajectoryChoices], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(plain(f"What {trajectory.name} is"))
        self.resize(620, 460)
        self._trajectory, self._frame, self._choices = trajectory, frame, choices
        self._ask_file, self._decided = ask_file, decided
        meaning = getattr(trajectory.source, "meaning", Meaning())
        self._style = meaning.style
        self._kinds = kinds_of(frame, bool(meaning.elements))
        tabs = QTabWidget()
        tabs.setDocumentMode(True)
        tabs.addTab(self._time_page(), "Time and units")
        tabs.addTab(self._atoms_page(), "Atoms")
        tabs.addTab(self._columns_page(), "Columns")
        tabs.addTab(self._files_page(), "Files beside it")
        self.tabs = tabs
        layout = QVBoxLayout(self)
        layout.addWidget(tabs, 1)
        layout.addWidget(self._buttons())

    def _buttons(self) -> QDialogButtonBox:
        standard = QDialogButtonBox.StandardButton
        buttons = DialogButtons(standard.Ok | standard.Cancel | standard.RestoreDefaults)
        again = buttons.button(standard.RestoreDefaults)
        again.setText("Forget my choices")
        again.setEnabled(self._choices != TrajectoryChoices(format=self._choices.format))
        again.clicked.connect(self._forget)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        return buttons

    # -- pages -----------------------------------------------------------------------------

    def _time_page(self) -> QWidget:
        page, form = _form()
        clock, heat = self._trajectory.clock, self._trajectory.temperature
        self.interval = _number(self._choices.interval, "time between frames in ps")
        form.addRow("Time between frames (ps)", self.interval)
        form.addRow("", _quiet(f"{clock.source.value}: {clock.said}"))
        self.temperature = _number(self._choices.temperature, "temperature in K")
        form.addRow("Temperature of the run (K)", self.temperature)
        form.addRow("", _quiet(_heat_words(heat.kelvin, heat.source.value, heat.said)))
        self.units = _combo((GUESS, *STYLES, "lj"), self._choices.units or GUESS, "LAMMPS units")
        said = str(self._frame.info.get("units", ""))
        assumed = said == ASSUMED or bool(self._style)
        self.units.setEnabled(assumed)
        form.addRow("LAMMPS units", self.units)
        form.addRow("", _quiet(_units_words(said, assumed)))
        return page

    def _atoms_page(self) -> QWidget:
        kinds = self._kinds
        self.kinds = QTableWidget(len(kinds.labels), 3)
        self.kinds.setTabKeyNavigation(False)
        self.kinds.setHorizontalHeaderLabels(["Type or label", "Atoms", "Element"])
        self.kinds.setAccessibleName("elements of the atom types")
        self.kinds.verticalHeader().hide()
        self.kinds.horizontalHeader().setStretchLastSection(True)
        for k, label in enumerate(kinds.labels):
            for column, text in enumerate((plain(label, 80), f"{kinds.counts[k]:,}")):
                item = QTableWidgetItem(text)
                item.setFlags(item.flags() & ~item.flags().ItemIsEditable)
                self.kinds.setItem(k, column, item)
            names = (*(("?",) if kinds.symbols[k] == "X" else ()), *SYMBOLS[1:])
            combo = _combo(names, kinds.symbols[k].replace("X", "?", 1), f"element of {label}")
            combo.setEditable(True)
            self.kinds.setCellWidget(k, 2, combo)
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.addWidget(_quiet("What each type or label of the file stands for:"))
        layout.addWidget(self.kinds, 1)
        return page

    def _columns_page(self) -> QWidget:
        page, form = _form()
        chosen = dict(self._choices.roles)
        self.roles: dict[str, QComboBox] = {}
        for role in ROLES:
            per_atom = role.endswith(("atom energy", "forces"))
            names = self._names(per_atom)
            guess = self._trajectory.roles.get(role, "") if role not in chosen else ""
            first = f"{GUESS[:-1]}: {guess})" if guess else GUESS
            combo = QComboBox()
            combo.setAccessibleName(role)
            combo.addItem(plain(first, 120), None)
            combo.addItem(NONE, "")
            for name, unit in names.items():
                combo.addItem(plain(f"{name} ({unit})" if unit else name, 120), name)
            if role in chosen:
                combo.setCurrentIndex(max(0, combo.findData(chosen[role])))
            self.roles[role] = combo
            form.addRow(role.capitalize(), combo)
        return page

    def _names(self, per_atom: bool) -> Mapping[str, str]:
        """The columns, or the values of the frame, that hold numbers, with their units."""
        import numpy as np

        things = self._frame.columns if per_atom else self._frame.info
        numbers = (name for name, value in things.items() if np.asarray(value).dtype.kind in "if")
        return {name: _with_source(*unit_of(self._frame, name, per_atom)) for name in numbers}

    def _files_page(self) -> QWidget:
        page, form = _form()
        self.topology = QLineEdit(self._choices.topology)
        self.topology.setAccessibleName("structure that names the atoms")
        self.topology.setPlaceholderText("found beside it, if there is one")
        form.addRow("Structure", self._with_button(self.topology, "A structure"))
        form.addRow("", _quiet("A structure of as many atoms, which says what they are."))
        self.thermo = QLineEdit("; ".join(self._choices.thermo))
        self.thermo.setAccessibleName("files of values by step")
        self.thermo.setPlaceholderText("found beside it, if they are")
        form.addRow("Values by step", self._with_button(self.thermo, "Values by step", add=True))
        form.addRow("", _quiet("log.lammps, OSZICAR or model_devi.out; several with ; between."))
        notes = "\n".join(str(note.text) for note in self._trajectory.source.notes[:12])
        form.addRow("Found", _quiet(notes or "nothing"))
        return page

    def _with_button(self, line: QLineEdit, title: str, add: bool = False) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        button = QToolButton()
        button.setText("...")
        button.setAccessibleName(f"choose {title.lower()}")
        button.clicked.connect(lambda: self._choose(line, title, add))
        layout.addWidget(line, 1)
        layout.addWidget(button)
        return row

    def _choose(self, line: QLineEdit, title: str, add: bool) -> None:
        found = self._ask_file(title)
        if found:
            line.setText("; ".join(filter(None, [line.text(), found])) if add else found)

    # -- what was decided ------------------------------------------------------------------

    def choices(self) -> TrajectoryChoices:
        """What is shown now, as choices; what is as it was found stays a finding."""
        return TrajectoryChoices(
            interval=_value(self.interval),
            temperature=_value(self.temperature),
            units="" if self.units.currentText() == GUESS else self.units.currentText(),
            elements=self._elements(),
            topology=self.topology.text().strip(),
            thermo=tuple(filter(None, (part.strip() for part in self.thermo.text().split(";")))),
            roles=tuple(
                (role, combo.currentData())
                for role, combo in self.roles.items()
                if combo.currentData() is not None
            ),
            format=self._choices.format,
        )

    def _elements(self) -> Pairs:
        """All kinds, where any was changed now or before."""
        shown = []
        for k, label in enumerate(self._kinds.labels):
            combo = self.kinds.cellWidget(k, 2)
            assert isinstance(combo, QComboBox)
            text = combo.currentText().strip().title()
            shown.append((label, text if text in SYMBOLS[1:] else "X"))
        found = tuple(zip(self._kinds.labels, self._kinds.symbols, strict=True))
        changed = tuple(shown) != found
        return tuple(shown) if changed or self._choices.elements else ()

    def accept(self) -> None:
        self._decided(self.choices())
        super().accept()

    def _forget(self) -> None:
        self._decided(TrajectoryChoices(format=self._choices.format))
        super().reject()


def _form() -> tuple[QWidget, QFormLayout]:
    page = QWidget()
    form = QFormLayout(page)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return page, form


def _quiet(text: str) -> PlainLabel:
    label = PlainLabel(text)
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignTop)  # next to what it is about
    return label


def _number(value: float | None, name: str) -> QLineEdit:
    line = QLineEdit("" if value is None else f"{value:g}")
    line.setAccessibleName(name)
    line.setPlaceholderText("as found")
    line.setValidator(QDoubleValidator(1e-12, 1e12, 12, line))
    return line


def _value(line: QLineEdit) -> float | None:
    try:
        value = float(line.text().replace(",", "."))
    except ValueError:
        return None
    return value if 0 < value < 1e15 else None


def _combo(offered: tuple[str, ...], now: str, name: str) -> QComboBox:
    combo = QComboBox()
    combo.addItems(list(offered))
    combo.setCurrentText(now)
    combo.setAccessibleName(plain(name, 120))
    return combo


def _heat_words(kelvin: float | None, source: str, said: str) -> str:
    return f"{source}: {kelvin:g} K, {said}" if kelvin is not None else f"{source}: {said}"


def _units_words(said: str, assumed: bool) -> str:
    if not said:
        return "Only dumps of LAMMPS have them."
    if not assumed:
        return f"file: {said}"
    return f"The file does not state them: taken as {said.split(maxsplit=1)[0]}."


def _with_source(unit: str, source: str) -> str:
    return f"{unit}, by {source}" if unit and source != "file" else unit
