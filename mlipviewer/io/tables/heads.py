"""Lines that are neither head nor model: the head once more, and units below it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from mlipviewer.core.problem import Note, Place
from mlipviewer.io.tables.cells import as_numbers, with_points
from mlipviewer.io.tables.delimited import Cells
from mlipviewer.io.tables.roles import UNIT

NO_UNIT = frozenset({"", "-", "unit", "units"})


def without_heads(cells: Cells, path: str) -> Cells:
    """The cells without lines that repeat the head, as files joined by `cat` have, and without a
    first line of units, which are kept as what the file says of its columns. Both are told."""
    return _without_units(_without_repeats(cells, path), path)


def _without_repeats(cells: Cells, path: str) -> Cells:
    again = [[cell.strip() for cell in row] == list(cells.header) for row in cells.rows]
    if len(cells.header) < 2 or not any(again):
        return cells
    both = list(zip(cells.rows, cells.lines, again, strict=True))
    first = next(line for _, line, same in both if same)
    count = "a line repeats" if sum(again) == 1 else f"{sum(again)} lines repeat"
    note = Note(f"{count} the head, as of files put together: left out", Place(path, line=first))
    return replace(
        cells,
        rows=[row for row, _, same in both if not same],
        lines=[line for _, line, same in both if not same],
        notes=(*cells.notes, note),
    )


def _without_units(cells: Cells, path: str) -> Cells:
    units = _units(cells)
    if not units:
        return cells
    said = f"a line of units below the head: {', '.join(dict.fromkeys(units.values()))}"
    facts = {name: {**cells.facts.get(name, {}), "unit": unit} for name, unit in units.items()}
    return replace(
        cells,
        rows=cells.rows[1:],
        lines=cells.lines[1:],
        notes=(*cells.notes, Note(said, Place(path, line=cells.lines[0]))),
        facts=MappingProxyType({**cells.facts, **facts}),
    )


def _units(cells: Cells) -> Mapping[str, str]:
    """By column, what its first cell says, where that is a unit above numbers; else nothing."""
    found: dict[str, str] = {}
    for index, cell in enumerate(cells.rows[0] if len(cells.rows) > 1 else []):
        unit = cell.strip().strip("[]()").strip()
        if unit.lower() in NO_UNIT:
            continue
        below = cells.column(index)[1:]
        if not UNIT.fullmatch(unit) or as_numbers(with_points(below) or below) is None:
            return {}
        found[cells.header[index]] = unit
    return found
