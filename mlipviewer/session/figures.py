"""Composite figures: which views stand where on a sheet. Layouts of the document, by name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlipviewer.session.state import State

LETTERS = ("a", "(a)", "A", "none")
MOST_CELLS = 12
"""Along a side of the grid."""


@dataclass(frozen=True)
class FigurePart:
    """A view (a panel's id) in the cells of a grid, from its upper left one on."""

    view: str
    row: int = 0
    column: int = 0
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True)
class FigureLayout:
    """Views on a sheet of width x height mm with letters of `font` points. `letters` is one of
    LETTERS; with a `shared_legend` groups that plots name alike are named once, below."""

    name: str
    parts: tuple[FigurePart, ...] = ()
    width: float = 175.0
    height: float = 115.0
    font: float = 8.0
    dpi: int = 300
    letters: str = "a"
    shared_legend: bool = False

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the grid."""
        rows = max((one.row + one.rows for one in self.parts), default=1)
        return rows, max((one.column + one.columns for one in self.parts), default=1)

    @property
    def problem(self) -> str:
        """Why it cannot be drawn; '' where it can."""
        if not self.parts:
            return "The figure has no view yet."
        if not all(0 <= n < MOST_CELLS for one in self.parts for n in (one.row, one.column)):
            return f"A figure has up to {MOST_CELLS} rows and columns."
        if not all(1 <= n <= MOST_CELLS for one in self.parts for n in (one.rows, one.columns)):
            return f"A view takes 1 to {MOST_CELLS} cells."
        taken: set[tuple[int, int]] = set()
        for one in self.parts:
            cells = {
                (one.row + r, one.column + c) for r in range(one.rows) for c in range(one.columns)
            }
            if cells & taken:
                return f"{one.view} lies over another view."
            taken |= cells
        return ""

    def letter(self, number: int) -> str:
        """What stands at a view, by its place in the list."""
        if self.letters == "none" or number > 25:
            return ""
        small = "abcdefghijklmnopqrstuvwxyz"[number]
        return {"a": small, "(a)": f"({small})", "A": small.upper()}.get(self.letters, small)


def in_rows(views: tuple[str, ...], columns: int) -> tuple[FigurePart, ...]:
    """Views in a grid, row by row."""
    return tuple(FigurePart(view, i // columns, i % columns) for i, view in enumerate(views))


def swapped(layout: FigureLayout, one: int, other: int) -> FigureLayout:
    """Two views in each other's place."""
    parts = list(layout.parts)
    a, b = parts[one], parts[other]
    parts[one], parts[other] = replace(a, view=b.view), replace(b, view=a.view)
    return replace(layout, parts=tuple(parts))


def figure_named(state: State, name: str) -> FigureLayout | None:
    return next((one for one in state.document.figures if one.name == name), None)


def keep_figure(state: State, layout: FigureLayout) -> State:
    """Keep a layout, in place of one of its name."""
    names = [one.name for one in state.document.figures]
    if layout.name in names:
        kept = tuple(layout if one.name == layout.name else one for one in state.document.figures)
    else:
        kept = (*state.document.figures, layout)
    return state if kept == state.document.figures else state.with_document(figures=kept)


def drop_figure(state: State, name: str) -> State:
    kept = tuple(one for one in state.document.figures if one.name != name)
    return state if kept == state.document.figures else state.with_document(figures=kept)


def moved_to(layout: FigureLayout, begin: tuple[int, int], end: tuple[int, int]) -> FigureLayout:
    """The view at a cell (row, column) comes to another; one that is there takes its place."""
    one, other = _part_at(layout, begin), _part_at(layout, end)
    if one is None or one == other:
        return layout
    if other is not None:
        return swapped(layout, one, other)
    parts = list(layout.parts)
    parts[one] = replace(parts[one], row=end[0], column=end[1], rows=1, columns=1)
    return replace(layout, parts=tuple(parts))


def _part_at(layout: FigureLayout, cell: tuple[int, int]) -> int | None:
    for i, one in enumerate(layout.parts):
        down, across = cell[0] - one.row, cell[1] - one.column
        if 0 <= down < one.rows and 0 <= across < one.columns:
            return i
    return None
