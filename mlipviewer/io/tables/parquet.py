"""Parquet files -> cells. The footer is read first: rows, columns and sizes, before any value."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mlipviewer.core.problem import Note, Place, ReadProblem
from mlipviewer.io.files import MEGABYTE, open_regular
from mlipviewer.io.tables.delimited import Cells, distinct_names
from mlipviewer.io.tables.records import check_size, text_of
from mlipviewer.io.trajectories.bytestore import decoded

MOST_BYTES = 512 * MEGABYTE  # of the values, unpacked
INDEX = "__index_level_"


def read_parquet(file: Path) -> Cells:
    """The cells of a Parquet file. Raises ReadProblem."""
    import pyarrow as pa  # type: ignore[import-untyped,unused-ignore]
    import pyarrow.parquet as pq  # type: ignore[import-untyped,unused-ignore]

    with open_regular(file) as handle:
        try:
            source = pq.ParquetFile(handle)
            _check_footer(source.metadata, file)
            table = source.read(use_threads=False).flatten().flatten()
            given = table.column_names
        except (pa.ArrowException, OSError, ValueError) as error:
            reason = " ".join(str(error).split())[:200]
            raise ReadProblem(f"is an incomplete or damaged Parquet file: {reason}", file) from None
    names = ["" if name.startswith(INDEX) else name for name in given]
    first = [i for i, name in enumerate(names) if not name][:1]
    order = [*first, *(i for i in range(len(names)) if i not in first)]
    header, notes = distinct_names([names[i] for i in order], str(file), 1)
    columns = [_texts(table.column(i), names[i], file, notes) for i in order]
    rows = [list(row) for row in zip(*columns, strict=True)]
    lines = list(range(1, len(rows) + 1))
    return Cells(header, rows, lines, ",", tuple(notes))


def _check_footer(footer: Any, file: Path) -> None:
    n_rows, n_columns = footer.num_rows, footer.num_columns
    if not n_columns:
        raise ReadProblem("has no columns", file)
    check_size(n_rows, n_columns, n_rows * n_columns, str(file))
    n_bytes = sum(footer.row_group(i).total_byte_size for i in range(footer.num_row_groups))
    if n_bytes > MOST_BYTES:
        raise ReadProblem(
            f"refused: unpacked it has {n_bytes / MEGABYTE:.0f} MB; "
            f"at most {MOST_BYTES // MEGABYTE} MB are read",
            file,
        )


def _texts(column: Any, name: str, file: Path, notes: list[Note]) -> list[str]:
    """Text that is no UTF-8 is noted. Raises ReadProblem for lists of such."""
    import pyarrow as pa  # type: ignore[import-untyped,unused-ignore]

    kind = column.type
    is_text = pa.types.is_string(kind) or pa.types.is_large_string(kind)
    if is_text or pa.types.is_integer(kind) or pa.types.is_floating(kind):
        column = column.cast(pa.large_string())
    try:
        return [text_of(cell) for cell in column.to_pylist()]
    except UnicodeDecodeError:
        if not is_text:
            reason = f"column {name!r} holds bytes that are no text"
            raise ReadProblem(reason, file) from None
    notes.append(Note(f"column {name!r} is not UTF-8; read as Latin-1", Place(str(file))))
    cells = column.cast(pa.large_binary()).to_pylist()
    return ["" if cell is None else decoded(cell) for cell in cells]
