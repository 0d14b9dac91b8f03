"""ASE databases (SQLite), opened read-only and without ASE: rows are frames, ordered by id."""

from __future__ import annotations

import json
import math
import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.problem import ReadProblem
from mlipviewer.io.trajectories.indexed.part import Part, known_numbers

Array = NDArray[Any]

MOST_ROWS = 10_000_000
_BLOBS = {"forces": 3, "momenta": 3, "charges": 1, "magmoms": 1, "masses": 1, "tags": 1}
_NUMBERS = ("energy", "free_energy", "magmom", "fmax", "smax")


class AseDb:
    """The rows of the table `systems`. Key-value pairs are values of the frame."""

    notes: tuple[str, ...] = ()
    losses: tuple[str, ...] = ()

    def __init__(self, path: str) -> None:
        self._base = sqlite3.connect(f"{Path(path).as_uri()}?mode=ro&immutable=1", uri=True)
        self._base.row_factory = sqlite3.Row
        self._base.text_factory = lambda raw: raw.decode("utf-8", "replace")
        try:
            found = self._base.execute("SELECT id FROM systems ORDER BY id LIMIT ?", [MOST_ROWS])
            self._ids = np.fromiter((row[0] for row in found), np.int64)
        except sqlite3.Error as error:
            raise ReadProblem(f"is no database of ASE: {error}") from None
        self.n_frames = len(self._ids)

    def frame(self, index: int) -> Part:
        row_id = int(self._ids[index])
        row = self._base.execute("SELECT * FROM systems WHERE id = ?", [row_id]).fetchone()
        if row is None:
            raise ReadProblem("the database changed while it was open")
        numbers = _blob(row, "numbers", np.int32, 1)
        positions = _blob(row, "positions", np.float64, 3)
        if numbers is None or positions is None or len(numbers) != len(positions):
            raise ReadProblem(f"row {row_id}: positions and numbers do not agree")
        cell = _blob(row, "cell", np.float64, 3)
        pbc = int(row["pbc"] or 0)
        return Part(
            positions=positions,
            numbers=known_numbers(numbers),
            cell=cell if cell is not None and cell.shape == (3, 3) and cell.any() else None,
            pbc=[bool(pbc & bit) for bit in (1, 2, 4)],
            columns=_columns(row, len(numbers)),
            info={"id": row_id, **_values(row)},
            units={"forces": "eV/Å", "energy": "eV", "free_energy": "eV", "stress": "eV/Å³"},
        )


def _blob(row: sqlite3.Row, name: str, dtype: Any, width: int) -> Array | None:
    """(n,) or (n, width); None where the row has none or its size is odd."""
    blob = row[name] if name in row.keys() else None  # noqa: SIM118 (a Row has no `in`)
    if not isinstance(blob, bytes) or len(blob) % (np.dtype(dtype).itemsize * width):
        return None
    values = np.frombuffer(blob, np.dtype(dtype).newbyteorder("<")).astype(dtype)
    return values if width == 1 else values.reshape(-1, width)


def _columns(row: sqlite3.Row, n: int) -> dict[str, Array]:
    columns = {}
    for name, width in _BLOBS.items():
        values = _blob(row, name, np.int32 if name == "tags" else np.float64, width)
        if values is not None and len(values) == n:
            columns[name] = values
    return columns


def _values(row: sqlite3.Row) -> dict[str, Any]:
    names = row.keys()
    values: dict[str, Any] = {name: row[name] for name in _NUMBERS if name in names}
    stress = _blob(row, "stress", np.float64, 1)
    if stress is not None and stress.size == 6:
        values["stress"] = stress.tolist()
    values |= _pairs(row["key_value_pairs"] if "key_value_pairs" in names else None)
    return {name: value for name, value in values.items() if _is_plain(value)}


def _pairs(text: object) -> dict[str, Any]:
    try:
        found = json.loads(text) if isinstance(text, str) and len(text) < 1 << 20 else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _is_plain(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int | str | list)
