"""The curves behind metrics: files that the metadata of a table names, `curves: curves/eos.csv`.

A line is a point of one curve: the key of the model, x, y; the header gives the titles of both
axes. The key `reference` is the curve that errors are taken against.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from io import StringIO
from pathlib import Path, PurePosixPath

import numpy as np

from mlipviewer.core.curves import Curves
from mlipviewer.core.problem import Note, ReadProblem
from mlipviewer.core.table import Column
from mlipviewer.io.files import MEGABYTE, decode, read_bytes, write_text

SIZE_LIMIT = 256 * MEGABYTE


def curves_beside(
    table: Path, columns: Iterable[Column]
) -> tuple[Mapping[str, Curves], tuple[Note, ...]]:
    """By metric, of the files that the columns name, each read once; a file that cannot be read
    becomes a note, as the table is good without it."""
    found: dict[str, Curves] = {}
    read: dict[str, Curves | None] = {}
    notes = []
    for column in columns:
        if column.curves and column.curves not in read:
            try:
                read[column.curves] = read_curves(_place(table, column.curves))
            except ReadProblem as problem:
                read[column.curves] = None
                notes.append(Note(f"curves of {column.name}: {problem.reason}", problem.place))
        curves = read.get(column.curves)
        if curves is not None:
            found[column.name] = curves
    return found, tuple(notes)


def _place(table: Path, named: str) -> Path:
    """A file in the folder of the table or below, packed by gzip or not. Raises ReadProblem."""
    inside = PurePosixPath(named.replace("\\", "/"))
    if inside.is_absolute() or ".." in inside.parts or ":" in named:
        raise ReadProblem(f"{named!r} is not a file beside the table", table)
    plain = table.parent / inside
    packed = plain.with_name(f"{plain.name}.gz")
    return packed if packed.is_file() and not plain.is_file() else plain


def read_curves(path: Path) -> Curves:
    """Points of a key stand together or apart; their order is kept. Raises ReadProblem."""
    text, _ = decode(_bytes(path), path)
    lines = csv.reader(StringIO(text, newline=""))
    points: dict[str, tuple[list[float], list[float]]] = {}
    try:
        header = next(lines, [])
        if len(header) != 3:
            raise ReadProblem("the header of a file of curves is model,x,y", path, line=1)
        for cells in lines:
            if cells:
                key, x, y = cells
                xs, ys = points.setdefault(key, ([], []))
                xs.append(float(x))
                ys.append(float(y))
    except (csv.Error, ValueError):
        raise ReadProblem("is no point model,x,y", path, line=lines.line_num) from None
    of = {key: (np.array(xs), np.array(ys)) for key, (xs, ys) in points.items()}
    return Curves(header[1], header[2], of)


def _bytes(path: Path) -> bytes:
    if path.suffix != ".gz":
        return read_bytes(path, SIZE_LIMIT)
    from mlipviewer.io.trajectories.bytestore import read_whole
    from mlipviewer.io.trajectories.compressed import open_bytes

    return bytes(read_whole(open_bytes(path), SIZE_LIMIT))


def write_curves(path: Path, curves: Curves) -> None:
    """A file that `read_curves` reads as these curves, to six digits. Raises OSError."""
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("model", curves.x_title, curves.y_title))
    for key, (xs, ys) in curves.of.items():
        writer.writerows((key, f"{x:.6g}", f"{y:.6g}") for x, y in zip(xs, ys, strict=True))
    write_text(path, text.getvalue())
