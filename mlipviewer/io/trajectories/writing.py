"""Frames to files: extended XYZ with all columns and values, and LAMMPS dumps. Large frames are
given piece by piece, so that other threads have their turn and writing can be stopped."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.trajectory import Frame
from mlipviewer.io.trajectories.plain_values import plain
from mlipviewer.io.trajectories.species import SYMBOLS

Array = NDArray[Any]

_KINDS = {"f": "R", "i": "I", "u": "I", "b": "L", "U": "S"}
CHUNK = 4096  # atoms of a piece
_BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+./|*#")


def as_extxyz(frame: Frame) -> bytes:
    """A frame as extended XYZ. Numbers are written so that reading gives the same bits."""
    return b"".join(extxyz_parts(frame))


def extxyz_parts(frame: Frame) -> Iterator[bytes]:
    """The same in pieces."""
    columns = _columns(frame)
    words = [f"{name}:{kind}:{width(values)}" for name, kind, values in columns]
    parts = []
    if frame.cell is not None:
        parts.append(f'Lattice="{_numbers(frame.cell)}"')
    if frame.origin.any():
        parts.append(f'Origin="{_numbers(frame.origin)}"')
    parts.append(f"Properties={':'.join(words)}")
    parts.append(f'pbc="{" ".join("T" if flag else "F" for flag in frame.pbc)}"')
    parts += [_pair(name, value) for name, value in frame.info.items()]
    yield f"{frame.n_atoms}\n{' '.join(parts)}\n".encode()
    yield from text_rows([values for _, _, values in columns])


def _columns(frame: Frame) -> list[tuple[str, str, Array]]:
    """(name, kind, (n,) or (n, k) values) of every column."""
    found = [("species", "S", labels_of(frame)), ("pos", "R", frame.positions)]
    if frame.ids is not None:
        found.append(("id", "I", frame.ids))
    for name, values in frame.columns.items():
        kind = _KINDS.get(values.dtype.kind)
        if kind is not None and values.ndim <= 2:
            found.append((_column_name(name, found), kind, values))
    return found


def _column_name(name: str, taken: list[tuple[str, str, Array]]) -> str:
    plain_name = "".join("_" if letter in ":= \t\"'" else letter for letter in name) or "column"
    names = {one for one, _, _ in taken}
    k, unique = 2, plain_name
    while unique in names:
        unique, k = f"{plain_name}_{k}", k + 1
    return unique


def width(values: Array) -> int:
    """How many columns an array of atoms is."""
    return values.shape[1] if values.ndim == 2 else 1


def labels_of(frame: Frame) -> Array:
    """(n,) symbols of the elements; the labels of the file where it names none."""
    if frame.species is not None and (frame.numbers == 0).all():
        return frame.species.astype(str)
    return np.array(SYMBOLS)[frame.numbers]


def text_rows(columns: Sequence[Array], between: str = " ") -> Iterator[bytes]:
    """The lines of atoms with these columns, (n,) or (n, k) each, some thousand atoms at a time.

    Reals are in the shortest form that reads back to the same bits."""
    n = len(columns[0])
    for start in range(0, n, CHUNK):
        texts = [one for values in columns for one in _texts(values[start : start + CHUNK])]
        yield "".join(f"{between.join(row)}\n" for row in zip(*texts, strict=True)).encode()


def _texts(values: Array) -> list[list[str]]:
    """The texts of each component; objects are texts already."""
    parts = values.reshape(len(values), -1).T
    if values.dtype.kind == "b":
        return [["T" if one else "F" for one in part.tolist()] for part in parts]
    if values.dtype.kind == "f":
        return [[repr(float(one)) for one in part.tolist()] for part in parts]
    if values.dtype.kind == "O":
        return [[str(one) for one in part.tolist()] for part in parts]
    return [[_word(str(one)) for one in part.tolist()] for part in parts]


def _word(text: str) -> str:
    return "_".join(text.split()) or "_"


def _numbers(values: Array) -> str:
    return " ".join(repr(float(x)) for x in values.ravel())


def _key(name: str) -> str:
    return name if name and set(name) <= _BARE else json.dumps(name, ensure_ascii=False)


def _pair(name: str, value: Any) -> str:
    """`key=value`; a key alone is true, as T would be read as a label."""
    return _key(name) if value is True else f"{_key(name)}={_value(value)}"


def _value(value: Any) -> str:
    """Numbers bare, vectors in quotes, matrices as JSON; text in quotes unless it is one word that
    no reader takes for something else."""
    if isinstance(value, bool | np.bool_):
        return "T" if value else "F"
    if isinstance(value, float | np.floating):
        return repr(float(value))
    if isinstance(value, int | np.integer):
        return str(int(value))
    found = plain(value)
    if isinstance(found, list):
        flat = found and all(isinstance(x, int | float) and not isinstance(x, bool) for x in found)
        if flat:
            return f'"{" ".join(repr(x) for x in found)}"'
        return f"_JSON {json.dumps(found)}".join(('"', '"')).replace("\\", "\\\\")
    text = " ".join(str(found).split("\n"))
    return json.dumps(text, ensure_ascii=False)


def as_dump(frame: Frame) -> bytes:
    """A frame as LAMMPS dump in metal units: id, type, element, coordinates, then numbers."""
    return b"".join(dump_parts(frame))


def dump_parts(frame: Frame) -> Iterator[bytes]:
    """The same in pieces."""
    kinds, codes = np.unique(labels_of(frame), return_inverse=True)
    names = ["id", "type", "element", "x", "y", "z"]
    columns = [lammps_ids(frame), codes + 1, kinds[codes], frame.positions]
    for name, values in _vectors(frame):
        names += name
        columns.append(values)
    step = frame.info.get("Timestep", frame.index)
    head = ["ITEM: TIMESTEP", str(step), "ITEM: NUMBER OF ATOMS", str(frame.n_atoms), *_box(frame)]
    head += [f"ITEM: ATOMS {' '.join(names)}", ""]
    yield "\n".join(["ITEM: UNITS", "metal", *head]).encode()
    yield from text_rows(columns)


def lammps_ids(frame: Frame) -> Array:
    """(n,) the atoms' ids; counted from 1 where the file has none."""
    return frame.ids if frame.ids is not None else np.arange(1, frame.n_atoms + 1)


def _vectors(frame: Frame) -> Iterator[tuple[list[str], Array]]:
    """Columns of numbers under the names of LAMMPS; velocities in A/ps."""
    known: Mapping[str, tuple[list[str], float]] = {
        "forces": (["fx", "fy", "fz"], 1.0),
        "velocities": (["vx", "vy", "vz"], 1000.0),
        "image": (["ix", "iy", "iz"], 1),
    }
    for name, values in frame.columns.items():
        if values.dtype.kind not in "iuf" or values.ndim > 2 or name in ("type", "element", "id"):
            continue
        wide = values.shape[1] if values.ndim == 2 else 0
        own = "_".join(name.split())
        names, factor = known.get(name, ([], 1))
        if not names or wide != 3:
            names, factor = [f"{own}[{k + 1}]" for k in range(wide)] or [own], 1
        yield names, values * factor if factor != 1 else values


def _box(frame: Frame) -> list[str]:
    """BOX BOUNDS: of a restricted triclinic box where the cell is one, else the general form."""
    flags = " ".join("pp" if flag else "ff" for flag in frame.pbc)
    if frame.cell is None:
        low = frame.positions.min(axis=0, initial=0.0) - 1.0
        high = frame.positions.max(axis=0, initial=0.0) + 1.0
        rows = np.stack([low, high], axis=1)
        return [f"ITEM: BOX BOUNDS {flags}", *(_numbers(row) for row in rows)]
    cell, low = frame.cell, frame.origin
    if np.triu(cell, 1).any() or (np.diag(cell) <= 0).any():
        rows = np.concatenate([cell, low[:, None]], axis=1)
        return [f"ITEM: BOX BOUNDS abc origin {flags}", *(_numbers(row) for row in rows)]
    high = low + np.diag(cell)
    xy, xz, yz = cell[1, 0], cell[2, 0], cell[2, 1]
    if not (xy or xz or yz):
        rows = np.stack([low, high], axis=1)
        return [f"ITEM: BOX BOUNDS {flags}", *(_numbers(row) for row in rows)]
    reach = [[0.0, xy, xz, xy + xz], [0.0, yz], [0.0]]
    rows = np.array(
        [
            [low[k] + min(reach[k]), high[k] + max(reach[k]), tilt]
            for k, tilt in enumerate((xy, xz, yz))
        ]
    )
    return [f"ITEM: BOX BOUNDS xy xz yz {flags}", *(_numbers(row) for row in rows)]
