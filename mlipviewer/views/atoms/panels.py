"""What the buttons Style, Show and Slice open."""

from __future__ import annotations

import re
from dataclasses import replace
from math import isfinite
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QTabWidget, QVBoxLayout, QWidget

from mlipviewer.core.template import check_template
from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.scene.dress import element_themes
from mlipviewer.gui.scene.labels import label_names
from mlipviewer.gui.scene.paints import Paint
from mlipviewer.gui.scene.spheres import Kinds
from mlipviewer.session.looks import (
    MOST_IMAGES,
    WHOLE,
    Background,
    Lighting,
    Looks,
    Slice,
    Style,
    Wrapping,
    with_style,
)
from mlipviewer.session.store import Store
from mlipviewer.views.atoms.settings import Settings
from mlipviewer.views.atoms.species_panel import SpeciesPanel
from mlipviewer.views.atoms.vector_page import VectorPage


def words(values: Any) -> list[tuple[str, Any]]:
    """The members of an enumeration as they are offered."""
    return [(str(value).capitalize(), value) for value in values]


class StylePanel(QWidget):
    """Style, sizes, light, and the species one by one."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.settings = rows = Settings(store)
        rows.choice("style", "Style", "How atoms are drawn", words(Style), with_style)
        rows.slide("radius", "Radii", "Times the radii of the style", 0.1, 3.0)
        rows.choice(
            "theme",
            "Elements",
            "The colours of the elements",
            [(name, name) for name in element_themes()],
        )
        rows.choice("lighting", "Light", "How depth is told", words(Lighting))
        rows.choice("background", "Background", "What is behind the atoms", words(Background))
        self.species = SpeciesPanel(store)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(rows)
        box.addWidget(self.species)

    def show_looks(
        self, looks: Looks, _frame: Frame | None, kinds: Kinds | None, paint: Paint | None = None
    ) -> None:
        self.settings.show_looks(looks)
        self.species.show_species(kinds, looks, paint)


class ShowPanel(QTabWidget):
    """What is shown besides the atoms, a page each."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.cell, self.bonds = _cell_page(store), _bond_page(store)
        self.vectors, self.polyhedra = VectorPage(store), _polyhedra_page(store)
        self.labels = _label_page(store)
        for page, name in (
            (self.cell, "Cell"),
            (self.bonds, "Bonds"),
            (self.vectors, "Vectors"),
            (self.polyhedra, "Polyhedra"),
            (self.labels, "Text"),
        ):
            self.addTab(page, name)
        self.setDocumentMode(True)
        self.setUsesScrollButtons(False)
        self.setMinimumWidth(self.tabBar().sizeHint().width() + 12)

    def show_looks(self, looks: Looks, frame: Frame | None, kinds: Kinds | None) -> None:
        species = [kind.name for kind in kinds.kinds] if kinds is not None else []
        self.vectors.offer(frame)
        atoms = [(name, name) for name in species]
        self.polyhedra.editors["polyhedra.centre"].offer([("none", ""), *atoms])  # type: ignore[attr-defined]
        self.polyhedra.editors["polyhedra.ligand"].offer([("any", ""), *atoms])  # type: ignore[attr-defined]
        names = [(name, name) for name in label_names(frame)] if frame is not None else []
        self.labels.editors["labels.what"].offer([("none", ""), *names])  # type: ignore[attr-defined]
        for page in (self.cell, self.bonds, self.vectors, self.polyhedra, self.labels):
            page.show_looks(looks)


def _cell_page(store: Store) -> Settings:
    page = Settings(store)
    page.check("cell", "Cell", "The edges of the cell (U)")
    page.check("axes", "Axes", "The directions of x, y and z")
    page.check("legend.shown", "Legend", "What the colours mean (G)")
    page.check("scenery", "Results", "What analyses show among the atoms: sites, polyhedra, links")
    page.choice("wrapping", "Atoms", "Where atoms are drawn that left the cell", words(Wrapping))
    page.numbers(
        "images", "Cells", "How often the cell is repeated along a, b and c", 1, MOST_IMAGES
    )
    return page


def _bond_page(store: Store) -> Settings:
    page = Settings(store)
    page.check("bonds.shown", "Bonds", "Bonds between near atoms (B)")
    page.slide(
        "bonds.factor",
        "Up to",
        "Times the sum of two covalent radii",
        0.7,
        2.0,
    )
    page.slide("bonds.radius", "Radius (Å)", "How thick bonds are drawn", 0.02, 0.5)
    page.line(
        "bonds.lengths",
        "Pairs (Å)",
        "Pairs that have a longest bond of their own, 0 for none: Si-O 2.0, Na-Na 0",
        write_pairs,
        read_pairs,
    )
    page.check(
        "bonds.at_any_size",
        "Also for many atoms",
        "Above 30,000 atoms bonds are found only when asked for",
    )
    return page


PAIR = re.compile(r"\s*(\S+?)\s*[-\u2013]\s*(\S+)\s+([0-9.]+)\s*(?:\u00c5|A)?\s*")


def read_pairs(text: str) -> tuple[tuple[str, str, float], ...]:
    """`Si-O 2.0, Na-Na 0` as pairs and lengths. Raises ValueError."""
    found = []
    for part in filter(str.strip, text.split(",")):
        match = PAIR.fullmatch(part)
        if match is None:
            raise ValueError(f"{part.strip()!r} is not of the kind Si-O 2.0")
        found.append((match[1], match[2], float(match[3])))
    return tuple(found)


def write_pairs(pairs: tuple[tuple[str, str, float], ...]) -> str:
    return ", ".join(f"{first}-{second} {length:g}" for first, second, length in pairs)


def _polyhedra_page(store: Store) -> Settings:
    page = Settings(store)
    page.choice("polyhedra.centre", "Around", "The species in the middle")
    page.choice("polyhedra.ligand", "Of", "The species at the corners")
    page.slide("polyhedra.reach", "Up to (Å)", "How far the corners may be", 1.0, 6.0)
    page.slide("polyhedra.opacity", "Opacity", "1 hides what is inside", 0.1, 1.0)
    return page


def _label_page(store: Store) -> Settings:
    page = Settings(store)
    page.choice("labels.what", "Labels", "What is written at the atoms (T)")
    page.line("labels.form", "Format", "As in printf, with a unit: %.2f eV", str, read_format)
    page.check("labels.selected_only", "Selected atoms only", "No labels at other atoms")
    page.number("labels.size", "Size (pt)", "The size of the letters", 5, 40, 1)
    page.rule("In the picture")
    page.check("text.shown", "Text", "Values of the frame, also in pictures; drag it to its place")
    names = "{frame} {frames} {time:.1f} {T:.0f} {atoms} {name}"
    tip = f"Values in braces: {names}, or any value of the frame; \\n begins a line"
    page.line("text.form", "Words", tip, str, check_template)
    page.number("text.size", "Size (pt)", "The size of the letters", 5, 60, 1)
    page.check("scale_bar.shown", "Scale bar", "A bar of a round length; drag it to its place")
    return page


def read_format(text: str) -> str:
    """A printf format of one number or text. Raises ValueError."""
    from mlipviewer.gui.scene.labels import formatted

    formatted(text, 1.0)
    return text


def write_direction(direction: tuple[float, float, float]) -> str:
    return " ".join(f"{part:g}" for part in direction)


def read_direction(text: str) -> tuple[float, float, float]:
    """`1 -1 0`, `1,-1,0`, `(110)` or four hexagonal indices. Raises ValueError."""
    inside = text.strip().strip("()[]{}").replace(",", " ").replace("\u2212", "-")
    parts = inside.split()
    if len(parts) == 1 and re.fullmatch(r"(-?\d){3,4}", inside):
        parts = re.findall(r"-?\d", inside)
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        numbers = []
    if len(numbers) == 4 and abs(numbers[0] + numbers[1] + numbers[2]) < 1e-9:
        del numbers[2]  # i = -(h + k) says nothing more
    if len(numbers) != 3 or not all(map(isfinite, numbers)) or not any(numbers):
        raise ValueError(f"{text.strip()!r} is no direction as 1 -1 0 is")
    return numbers[0], numbers[1], numbers[2]


class SlicePanel(QWidget):
    """The plane that cuts the atoms, and the box that clips them."""

    from_view = Signal()

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.settings = rows = Settings(store)
        rows.check("slice.on", "Slice", "Leave out what lies before a plane")
        rows.check("slice.miller", "Miller indices", "The direction counts in planes (h k l)")
        tip = "Across the plane: x y z, or the indices h k l (also h k i l), as 1 -1 0 or (110)"
        rows.line("slice.normal", "Direction", tip, write_direction, read_direction)
        self.view = QPushButton("As I look now")
        self.view.setToolTip("The plane lies across the direction of view")
        self.view.clicked.connect(self._want_view)
        rows.form.addRow(self.view)
        rows.slide("slice.position", "Position", "Where the plane lies, 0 to 1", 0, 1, 3)
        rows.slide("slice.thickness", "Thickness (Å)", "0: all behind the plane", 0, 50, 1)
        rows.rule("Clip to a part of the cell")
        for axis, name in enumerate("abc"):
            self._add_clip(rows, axis, name)
        self.whole = QPushButton("Show all")
        self.whole.clicked.connect(
            lambda: rows.commit(lambda looks: replace(looks, slice=Slice(), clip=WHOLE), "Show all")
        )
        rows.form.addRow(self.whole)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(rows)

    def _want_view(self) -> None:
        self.from_view.emit()

    def _add_clip(self, rows: Settings, axis: int, name: str) -> None:
        from mlipviewer.gui.editors import Slide

        for end, word in enumerate(("from", "to")):
            editor = Slide(0, 1, 3)

            def edited(value: float, dragging: bool, end: int = end) -> None:
                rows.commit(
                    lambda looks: _clipped(looks, axis, end, value), "Clip", f"clip {axis}{end}"
                )
                if not dragging:
                    rows._store.end_merge()

            editor.edited.connect(edited)
            rows.show_by(
                lambda looks, editor=editor, end=end: editor.show_value(looks.clip[axis][end])  # type: ignore[misc]
            )
            rows._add(f"clip.{name}.{word}", f"{name} {word}", "In parts of the cell", editor)

    def show_looks(self, looks: Looks, _frame: Frame | None, _kinds: Kinds | None) -> None:
        self.settings.show_looks(looks)


def _clipped(looks: Looks, axis: int, end: int, value: float) -> Looks:
    """The clip box with another end along an axis; the other end makes way."""
    low, high = looks.clip[axis]
    pair = (value, max(high, value)) if end == 0 else (min(low, value), value)
    return replace(looks, clip=(*looks.clip[:axis], pair, *looks.clip[axis + 1 :]))
