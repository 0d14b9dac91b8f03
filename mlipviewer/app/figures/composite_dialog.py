"""Puts several views on one sheet: a grid, letters, one legend; kept in the session by a name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.app.figures.drawings import Drawings, look_of_layout, with_look
from mlipviewer.app.file_dialogs import FIGURE, ask_file
from mlipviewer.core.problem import ReadProblem
from mlipviewer.gui.composite import cell_place
from mlipviewer.gui.dialog_buttons import DialogButtons
from mlipviewer.gui.figure_look import HIGH, LOW, PRESETS, FigureLook
from mlipviewer.gui.form import titled
from mlipviewer.gui.plain import PlainLabel
from mlipviewer.gui.preview import Preview
from mlipviewer.session.figures import (
    LETTERS,
    MOST_CELLS,
    FigureLayout,
    FigurePart,
    drop_figure,
    in_rows,
    keep_figure,
    moved_to,
)
from mlipviewer.session.store import Store

ROOM = (520, 460)
SOON_MS = 80
NUMBERS = ("row", "column", "rows", "columns")

Export = Callable[[str, FigureLook], None]


class GridPreview(Preview):
    """The figure, whose views can be dragged onto each other's place."""

    dragged = Signal(QPointF, QPointF)  # shares 0..1 of the figure, from and to

    def __init__(self) -> None:
        super().__init__(ROOM)
        self._press: QPointF | None = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setToolTip("Drag a view onto another one, or onto a free cell")

    def share(self, at: QPointF) -> QPointF:
        """Where a pixel lies in the picture."""
        ratio = self.pixmap().devicePixelRatio() or 1.0
        width, height = self.pixmap().width() / ratio, self.pixmap().height() / ratio
        left, top = (self.width() - width) / 2, (self.height() - height) / 2
        return QPointF((at.x() - left) / max(width, 1), (at.y() - top) / max(height, 1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._press = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        press, self._press = self._press, None
        if press is not None and not self.pixmap().isNull():
            self.dragged.emit(self.share(press), self.share(event.position()))


class CompositeDialog(QDialog):
    """A layout with its preview. *Keep* puts it into the session, *Export* writes it too."""

    def __init__(self, store: Store, drawings: Drawings, export: Export, parent: QWidget) -> None:
        super().__init__(parent)
        self._store, self._drawings, self._export = store, drawings, export
        self.setWindowTitle("Composite figure")
        self.name = QComboBox(editable=True)
        self.preset = QComboBox()
        self.width_box = QDoubleSpinBox(minimum=LOW, maximum=HIGH, suffix=" mm", decimals=1)
        self.height_box = QDoubleSpinBox(minimum=LOW, maximum=HIGH, suffix=" mm", decimals=1)
        self.font_box = QDoubleSpinBox(minimum=3, maximum=72, suffix=" pt", singleStep=0.5)
        self.dpi = QSpinBox(minimum=30, maximum=2400, singleStep=50)
        self.letters = QComboBox()
        self.shared = QCheckBox("One legend for groups that are named alike")
        self.rows = QGridLayout()
        self.add = QPushButton("Add view")
        self.shown = GridPreview()
        self.told = PlainLabel()
        self.told.setWordWrap(True)
        self._parts: list[tuple[QComboBox, dict[str, QSpinBox]]] = []
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self._show)
        self._lay_out()
        self._fill()
        self._connect()
        self._show()

    # -- widgets ---------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.preset.addItems([*PRESETS, "own size"])
        self.letters.addItems(list(LETTERS))
        form = titled(
            (
                ("Name", self.name),
                ("Size", self.preset),
                ("Width", self.width_box),
                ("Height", self.height_box),
                ("Text", self.font_box),
                ("Dots per inch", self.dpi),
                ("Letters", self.letters),
            )
        )
        left = QVBoxLayout()
        left.addLayout(form)
        left.addWidget(self.shared)
        left.addLayout(self.rows)
        left.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        left.addWidget(self.told)
        left.addStretch(1)
        both = QHBoxLayout()
        both.addLayout(left)
        both.addWidget(self.shown, 1)
        layout = QVBoxLayout(self)
        layout.addLayout(both)
        layout.addWidget(self._make_buttons())

    def _make_buttons(self) -> QDialogButtonBox:
        buttons, role = DialogButtons(), QDialogButtonBox.ButtonRole
        self.take = buttons.addButton("Take from file ...", role.ActionRole)
        self.take.setToolTip("The layouts of another session, or of a figure with a receipt")
        self.remove = buttons.addButton("Remove", role.ActionRole)
        self.keep = buttons.addButton("Keep", role.ApplyRole)
        self.export = buttons.addButton("Export ...", role.ActionRole)
        buttons.addButton(QDialogButtonBox.StandardButton.Close)
        for button in buttons.buttons():
            button.setAutoDefault(False)  # type: ignore[attr-defined]
        buttons.rejected.connect(self.reject)
        return buttons

    def _connect(self) -> None:
        self.name.activated.connect(self._open_kept)
        self.preset.activated.connect(self._take_preset)
        for box in (self.width_box, self.height_box, self.font_box, self.dpi):
            box.valueChanged.connect(self._soon.start)
        self.letters.activated.connect(self._soon.start)
        self.shared.toggled.connect(self._soon.start)
        self.add.clicked.connect(self._add_next)
        self.shown.dragged.connect(self._drag)
        self.take.clicked.connect(self._ask_file)
        self.remove.clicked.connect(self._remove)
        self.keep.clicked.connect(self.keep_layout)
        self.export.clicked.connect(self._write)
        self.finished.connect(self.shown.close_thread)

    def _views(self) -> dict[str, str]:
        kept = {one.name for one in self._store.state.document.figures}
        return {name: title for name, title in self._drawings.names.items() if name not in kept}

    def _fill(self) -> None:
        """Begin with the first kept layout, else with the views that are usually looked at."""
        kept = self._store.state.document.figures
        self.name.addItems([one.name for one in kept])
        usual = [n for n in ("pareto", "atoms") if n in self._views()]
        first = FigureLayout("Figure 1", in_rows(tuple(usual), 2), shared_legend=True)
        self.set_layout(kept[0] if kept else first)

    def _add_row(self, part: FigurePart) -> None:
        row, view = len(self._parts), QComboBox()
        for name, title in self._views().items():
            view.addItem(title, name)
        view.setCurrentIndex(view.findData(part.view))
        view.setAccessibleName("View")
        view.activated.connect(self._soon.start)
        self.rows.addWidget(view, row + 1, 0)
        spins = {}
        for column, name in enumerate(NUMBERS):
            least = 0 if name in ("rows", "columns") else 1
            spin = QSpinBox(minimum=1, maximum=MOST_CELLS)
            spin.setValue(getattr(part, name) + least)
            spin.setAccessibleName(name)
            spin.valueChanged.connect(self._soon.start)
            self.rows.addWidget(spin, row + 1, column + 1)
            spins[name] = spin
        gone = QToolButton()
        gone.setText("×")
        gone.setToolTip("Leave this view out")
        gone.setAccessibleName("Leave this view out")
        gone.clicked.connect(partial(self._leave_out, row))
        self.rows.addWidget(gone, row + 1, 5)
        self._parts.append((view, spins))

    def _clear_rows(self) -> None:
        self._parts.clear()
        while (item := self.rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for column, title in enumerate(("View", "Row", "Column", "High", "Wide")):
            self.rows.addWidget(PlainLabel(title), 0, column)

    # -- the layout ------------------------------------------------------------------------

    @property
    def layout_now(self) -> FigureLayout:
        parts = tuple(
            FigurePart(
                view.currentData() or "",
                spins["row"].value() - 1,
                spins["column"].value() - 1,
                spins["rows"].value(),
                spins["columns"].value(),
            )
            for view, spins in self._parts
        )
        return FigureLayout(
            self.name.currentText().strip() or "Figure",
            parts,
            self.width_box.value(),
            self.height_box.value(),
            self.font_box.value(),
            self.dpi.value(),
            self.letters.currentText(),
            self.shared.isChecked(),
        )

    def set_layout(self, layout: FigureLayout) -> None:
        self.name.setEditText(layout.name)
        self.width_box.setValue(layout.width)
        self.height_box.setValue(layout.height)
        self.font_box.setValue(layout.font)
        self.dpi.setValue(layout.dpi)
        self.letters.setCurrentText(layout.letters)
        self.shared.setChecked(layout.shared_legend)
        self._clear_rows()
        for part in layout.parts:
            self._add_row(part)
        self._soon.start()

    def _take_preset(self) -> None:
        look = PRESETS.get(self.preset.currentText())
        if look is not None:
            self.set_layout(with_look(self.layout_now, look))

    def _open_kept(self) -> None:
        named = self.name.currentText()
        kept = {one.name: one for one in self._store.state.document.figures}
        if named in kept:
            self.set_layout(kept[named])

    def _add_next(self) -> None:
        now = self.layout_now
        taken = {one.view for one in now.parts}
        free = next((name for name in self._views() if name not in taken), "")
        view = free or next(iter(self._views()), "")
        rows, columns = now.shape
        row, column = (0, columns) if columns < 2 and now.parts else (rows, 0)
        row, column = (row, column) if now.parts else (0, 0)
        self._add_row(FigurePart(view, row, column))
        self._soon.start()

    def _leave_out(self, row: int) -> None:
        now = self.layout_now
        parts = tuple(one for i, one in enumerate(now.parts) if i != row)
        self.set_layout(replace(now, parts=parts))

    def _drag(self, begin: QPointF, end: QPointF) -> None:
        """A view comes to where it was dropped; what was there takes its place."""
        now = self.layout_now
        rows, columns = now.shape

        def cell(at: QPointF) -> tuple[int, int]:
            row, column = int(at.y() * rows), int(at.x() * columns)
            return min(max(row, 0), rows - 1), min(max(column, 0), columns - 1)

        self.set_layout(moved_to(now, cell(begin), cell(end)))

    # -- showing and doing -----------------------------------------------------------------

    def _show(self) -> None:
        layout = self.layout_now
        look = look_of_layout(layout)
        same = (look.width, look.height, look.font, look.dpi)
        sizes = {n: (p.width, p.height, p.font, p.dpi) for n, p in PRESETS.items()}
        self.preset.setCurrentText(next((n for n, s in sizes.items() if s == same), "own size"))
        problem = layout.problem or look.problem or self._too_small(layout, look)
        if not problem:
            try:
                self.shown.draw(self._drawings.of_layout(layout, look))
            except ValueError as reason:
                problem = str(reason)
        if problem:
            self.shown.say(problem)
        self.told.setText("" if problem else "SVG and PDF are vectors, but for atoms.")
        self.keep.setEnabled(not layout.problem)
        self.export.setEnabled(not problem)

    def _too_small(self, layout: FigureLayout, look: FigureLook) -> str:
        sides = [side for part in layout.parts for side in cell_place(layout, part, look, 0.0)[1]]
        return "The cells are too small: fewer of them, or a larger sheet." * (min(sides) < 40)

    def keep_layout(self) -> FigureLayout:
        """Put the layout into the session."""
        layout = self.layout_now
        self._store.commit(lambda s: keep_figure(s, layout), f"Keep {layout.name}")
        if self.name.findText(layout.name) < 0:
            self.name.addItem(layout.name)
        return layout

    def _remove(self) -> None:
        name = self.name.currentText()
        self._store.commit(lambda s: drop_figure(s, name), f"Remove {name}")
        at = self.name.findText(name)
        if at >= 0:
            self.name.removeItem(at)
            self.name.setEditText(name)

    def _write(self) -> None:
        layout = self.keep_layout()
        self._export(layout.name, look_of_layout(layout))

    def _ask_file(self) -> None:
        kinds = "Sessions and figures (*.mlipview *.svg *.pdf *.png *.tiff *.tif)"
        path = ask_file(self, "Take a layout", FIGURE, kinds)
        if path:
            self.take_from(Path(path))

    def take_from(self, path: Path) -> None:
        """The layouts of another session or figure; only these are read of it."""
        from mlipviewer.app.figures.stage import saved_at

        try:
            found = saved_at(path).document.figures
        except (ReadProblem, OSError) as problem:
            self.told.setText(str(problem))
            return
        if not found:
            self.told.setText(f"{path.name} holds no composite figure.")
            return
        for one in found:
            if self.name.findText(one.name) < 0:
                self.name.addItem(one.name)
        self.set_layout(found[0])
