"""Cells such as `0.12 ± 0.03` -> two columns, the value and its spread."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from mlipviewer.core.problem import Note, Place
from mlipviewer.io.tables.cells import MISSING
from mlipviewer.io.tables.delimited import Cells

NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
WITH_SPREAD = re.compile(rf"\$?\s*({NUMBER})\s*(?:±|\+/-|\+-|\\pm)\s*({NUMBER})\s*\$?")
MARKS = ("±", "+-", "+/-", "\\pm")
LEAST = 0.5  # of the cells with content


def with_spreads(cells: Cells, path: str) -> Cells:
    """Columns of values with spreads as `NAME` and `NAME std`; the others as they are."""
    found = {
        index: pairs
        for index in range(len(cells.header))
        if (pairs := _pairs(cells.column(index))) is not None
    }
    if not found:
        return cells
    header: list[str] = []
    columns: list[list[str]] = []
    for index, name in enumerate(cells.header):
        header.append(name)
        columns.append(found[index][0] if index in found else cells.column(index))
        if index in found:
            header.append(_free(f"{name} std", cells.header))
            columns.append(found[index][1])
    names = ", ".join(cells.header[index] for index in list(found)[:5])
    note = Note(f"read as value and spread (`NAME std`): {names}", Place(path))
    rows = [list(row) for row in zip(*columns, strict=True)]
    return replace(cells, header=tuple(header), rows=rows, notes=(*cells.notes, note))


def spreads_follow(names: Mapping[str, str], header: Sequence[str]) -> dict[str, str]:
    """New names of columns, and with them those of their spreads."""
    spreads = {f"{old} std": f"{new} std" for old, new in names.items()}
    return {old: new for old, new in spreads.items() if old in header} | dict(names)


def _pairs(column: Sequence[str]) -> tuple[list[str], list[str]] | None:
    if not any(mark in cell for cell in column[:200] for mark in MARKS):
        return None
    found = [WITH_SPREAD.fullmatch(cell.strip()) for cell in column]
    n_filled = sum(cell.strip().lower() not in MISSING for cell in column)
    if sum(one is not None for one in found) < LEAST * max(n_filled, 1):
        return None
    values = [one[1] if one else cell for one, cell in zip(found, column, strict=True)]
    return values, [one[2] if one else "" for one in found]


def _free(name: str, taken: Sequence[str]) -> str:
    return f"{name} (2)" if name in taken else name
