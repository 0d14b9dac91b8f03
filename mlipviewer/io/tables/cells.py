"""Text cells -> numbers, where a column holds numbers. The text itself is kept as it is."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mlipviewer.core.table import Floats

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eEdD][+-]?\d+)?")
COMMA_NUMBER = re.compile(r"[+-]?\d*,\d+([eE][+-]?\d+)?")
PADDED = re.compile(r"[+-]?0\d+")
INFINITE = frozenset({"inf", "+inf", "-inf", "infinity", "+infinity", "-infinity"})
INFINITE |= {".inf", "+.inf", "-.inf"}  # of YAML
MISSING = frozenset({"", "na", "n/a", "nan", "none", "null", "-", "--", "?", "#n/a", "missing"})
MISSING |= {"~", ".nan"}  # of YAML
ERRORS = frozenset({"#div/0!", "#value!", "#ref!", "#num!", "#name?", "#null!"})
"""What a spreadsheet shows where it could not compute a number."""
MOST_FAILURES = 0.1  # of the cells with content, for a column that still counts as numbers


@dataclass(frozen=True, eq=False)
class Numbers:
    """A column as numbers (n,), NaN where there is none; rows that are not finite, or no number."""

    values: Floats
    infinite: tuple[int, ...] = ()
    failed: tuple[int, ...] = ()


def as_numbers(cells: Sequence[str]) -> Numbers | None:
    """Numbers of a column of text, or None where it holds names.

    Labels such as 007, NA, 1e5 among names stay text: a column counts as numbers when at most a
    tenth of its cells are something else, and missing cells are the minority or all spelt alike.
    """
    try:
        values = np.fromiter(map(float, cells), float, len(cells))
    except ValueError:
        return _mixed(cells)
    if np.isfinite(values).all() and not _label_like(cells):
        return Numbers(values) if len(cells) else None
    return _mixed(cells)


def _label_like(cells: Sequence[str]) -> bool:
    """Zero-padded numbers (007) are labels; Python would also take 1_000 for a number."""
    joined = "\n".join(cells)
    return "_" in joined or any(
        cell[:1] == "0" and PADDED.fullmatch(cell) is not None for cell in cells
    )


def _mixed(cells: Sequence[str]) -> Numbers | None:
    values = np.full(len(cells), np.nan)
    infinite, failed, errors = list[int](), list[int](), list[int]()
    spellings, n_numbers, n_missing = set[str](), 0, 0
    for row, raw in enumerate(cells):
        cell = raw.strip()
        lower = cell.lower()
        if NUMBER.fullmatch(cell):
            if PADDED.fullmatch(cell):
                return None
            value = float(lower.replace("d", "e"))
            n_numbers += 1
            if math.isfinite(value):
                values[row] = value
            else:
                infinite.append(row)
        elif lower in INFINITE:
            n_numbers += 1
            infinite.append(row)
        elif lower in MISSING:
            if cell:
                n_missing += 1
                spellings.add(cell)
        elif lower in ERRORS:
            errors.append(row)
        else:
            failed.append(row)
    filled = n_numbers + n_missing + len(failed)
    few_failures = len(failed) <= MOST_FAILURES * filled
    clear = 2 * n_numbers >= filled or len(spellings) <= 1
    if not n_numbers or not few_failures or not clear:
        return None
    return Numbers(values, tuple(infinite), tuple(sorted([*failed, *errors])))


def nearly_numbers(cells: Sequence[str]) -> list[int]:
    """The rows that keep a column from being one of numbers, where most of its cells are some."""
    filled = [row for row, cell in enumerate(cells) if cell.strip().lower() not in MISSING]
    failed = [row for row in filled if not NUMBER.fullmatch(cells[row].strip())]
    padded = any(PADDED.fullmatch(cell.strip()) for cell in cells)
    return [] if padded or 2 * len(failed) >= len(filled) else failed


def forced_numbers(cells: Sequence[str]) -> Numbers:
    """Numbers of a column that was chosen to hold them; whatever else it holds is missing."""
    values = np.full(len(cells), np.nan)
    infinite, failed = [], []
    for row, raw in enumerate(cells):
        cell = raw.strip().lower()
        value = float(cell.replace("d", "e")) if NUMBER.fullmatch(cell) else math.nan
        if math.isfinite(value):
            values[row] = value
        elif cell in INFINITE or math.isinf(value):
            infinite.append(row)
        elif cell not in MISSING:
            failed.append(row)
    return Numbers(values, tuple(infinite), tuple(failed))


def with_points(cells: Sequence[str]) -> list[str] | None:
    """The cells with decimal points, where the column has decimal commas; else None."""
    some = False
    for cell in cells:
        stripped = cell.strip()
        if COMMA_NUMBER.fullmatch(stripped):
            some = True
        elif not NUMBER.fullmatch(stripped) and stripped.lower() not in MISSING | INFINITE:
            return None
    return [cell.replace(",", ".") for cell in cells] if some else None
