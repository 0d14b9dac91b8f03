"""Values by step from files beside a trajectory, joined to its frames, also while they grow."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from mlipviewer.core.problem import ReadProblem
from mlipviewer.io.thermo import ThermoTable, read_thermo

REST = 1.0
"""Seconds at least between two looks at a file that may have grown."""


class Growing:
    """One table, with the row of each step. A step that it lacks may have been written meanwhile:
    then its file is read again, if it is another than before."""

    def __init__(self, table: ThermoTable) -> None:
        self._held = (table, _rows(table))
        self._stamp: tuple[int, int] | None = None  # of the file when it was read here
        self._next_look = 0.0
        self._lock = threading.Lock()

    @property
    def table(self) -> ThermoTable:
        return self._held[0]

    def values(self, step: float) -> Iterator[tuple[str, float]]:
        """The values at a step; none where the file does not have it."""
        table, rows = self._held
        row = rows.get(int(step))
        if row is None and (not len(table.steps) or step > table.steps[-1]):
            self._look()
            table, rows = self._held
            row = rows.get(int(step))
        if row is not None:
            for name, column in table.columns.items():
                yield name, float(column[row])

    def _look(self) -> None:
        with self._lock:
            begun = time.monotonic()
            if begun < self._next_look:
                return
            self._next_look = begun + REST
            stamp = _stamp(self.table.path)
            if stamp is not None and stamp != self._stamp:
                self._read(stamp)
                # a log that takes long to read is not read all the time
                self._next_look += 20 * (time.monotonic() - begun)

    def _read(self, stamp: tuple[int, int]) -> None:
        try:
            new = read_thermo(self.table.path)
        except ReadProblem:
            return  # perhaps half written: what was read stays
        self._stamp = stamp
        old = self.table.steps
        if np.array_equal(new.steps[: len(old)], old):  # else it is the log of another run
            self._held = (new, _rows(new))


def _rows(table: ThermoTable) -> dict[int, int]:
    return {int(step): k for k, step in enumerate(table.steps)}


def _stamp(path: str) -> tuple[int, int] | None:
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def join(values: dict[str, Any], tables: tuple[Growing, ...], step: object) -> None:
    """Add what the tables have at a step; what the frame says itself stays."""
    if isinstance(step, int | float):
        for table in tables:
            for name, value in table.values(step):
                values.setdefault(name, value)


def units_of(tables: tuple[Growing, ...]) -> Mapping[str, str]:
    return {name: unit for one in tables for name, unit in one.table.units.items()}
