"""Frames as one CSV table: a line for each atom of each frame."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.frames import unit_of
from mlipviewer.core.trajectory import Frame
from mlipviewer.io.export import inert
from mlipviewer.io.trajectories.writing import labels_of, text_rows, width

Array = NDArray[Any]


def csv_parts(frame: Frame, first: bool) -> Iterator[bytes]:
    """The lines of a frame in pieces, with the names of the columns where it is the `first` one:
    its number from 0, id, element, x, y, z in A, then the columns, classes by their names."""
    columns = [np.full(frame.n_atoms, frame.index), frame.atom_ids, _quoted(labels_of(frame))]
    columns.append(frame.positions)
    for name in csv_columns(frame):
        columns.append(_values(frame, name))
    if first:
        yield (",".join(map(_cell, csv_names(frame))) + "\n").encode()
    yield from text_rows(columns, ",")


def csv_columns(frame: Frame) -> list[str]:
    """The columns of a frame that a table can hold."""
    return [name for name, v in frame.columns.items() if v.dtype.kind in "biufU" and v.ndim <= 2]


def csv_names(frame: Frame) -> list[str]:
    """What the columns of the table are called, with their units: `forces[1] (eV/A)`."""
    names = ["frame", "id", "element", "x (Å)", "y (Å)", "z (Å)"]
    for name in csv_columns(frame):
        values, unit = frame.columns[name], unit_of(frame, name, per_atom=True)[0]
        said = f" ({unit})" if unit else ""
        parts = [f"{name}[{k + 1}]" for k in range(width(values))] if values.ndim == 2 else [name]
        names += [f"{part}{said}" for part in parts]
    return names


def _values(frame: Frame, name: str) -> Array:
    values, classes = frame.columns[name], frame.classes.get(name)
    if values.dtype.kind in "Ub":
        return _quoted(values)
    if classes is None or values.ndim != 1 or values.dtype.kind not in "iu":
        return values
    known = np.array([_cell(one) for one in classes], object)
    within = (values >= 0) & (values < len(known))
    named = values.astype(object)
    named[within] = known[values[within]]
    return named


def _quoted(values: Array) -> Array:
    """Texts as cells; each different one is looked at once."""
    kinds, codes = np.unique(values.astype(str), return_inverse=True)
    cells = np.array([_cell(one) for one in kinds.tolist()], object)
    found: Array = cells[codes].reshape(values.shape)
    return found


def _cell(text: str) -> str:
    out = StringIO()
    csv.writer(out, lineterminator="").writerow([inert(text)])
    return out.getvalue()
