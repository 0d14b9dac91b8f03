"""Results and tables -> JSON, CSV, Parquet. All files are written atomically."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Mapping, Sequence
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import numpy as np

from mlipviewer import __version__
from mlipviewer.core.analysis import Params, Result
from mlipviewer.core.rows import Rows
from mlipviewer.core.table import ErrorTable, Role
from mlipviewer.io.files import write_bytes, write_text
from mlipviewer.io.plugged import table_writer
from mlipviewer.io.table_texts import as_latex, as_markdown, as_tsv

SCHEMA = 1
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
Table = Mapping[str, Sequence[Any]]


def result_as_json(
    analysis: str, params: Params, inputs: Sequence[Mapping[str, str]], result: Result
) -> str:
    """The result in schema 1: analysis, version, params, inputs, summary, units, tables, notes.

    `inputs` are mappings with name, path, fingerprint. NaN and infinities become null.
    """
    content = {
        "schema": SCHEMA,
        "analysis": analysis,
        "version": __version__,
        "params": _resolved(params, result),
        "inputs": [dict(one) for one in inputs],
        "summary": {name: plain_value(value) for name, value in result.summary.items()},
        "units": dict(result.units),
        "tables": {
            name: {column: plain_value(values) for column, values in table.items()}
            for name, table in result.tables.items()
        },
        "notes": list(result.notes),
    }
    return json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _resolved(params: Params, result: Result) -> dict[str, Any]:
    """The parameters; an empty choice of metrics as those that were used."""
    values = {name: plain_value(value) for name, value in vars(params).items()}
    if values.get("metrics") == [] and result.names:
        values["metrics"] = list(result.names)
    return values


def plain_value(value: Any) -> Any:
    """What JSON knows: numpy scalars and arrays as Python's, not finite numbers as null."""
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(name): plain_value(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain_value(one) for one in value]
    return value


def table_as_csv(table: Table) -> str:
    """A table of columns as CSV; text that a spreadsheet would calculate is made inert."""
    buffer = StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([inert(name) for name in table])
    for row in zip(*table.values(), strict=True):
        writer.writerow([_cell(value) for value in row])
    return buffer.getvalue()


def inert(text: str) -> str:
    """Text that starts like a formula, with an apostrophe before it; numbers are left alone."""
    if not text.startswith(FORMULA_STARTS):
        return text
    try:
        float(text)
    except ValueError:
        return f"'{text}"
    return text


def _cell(value: Any) -> Any:
    value = plain_value(value)
    if value is None:
        return ""
    if isinstance(value, str):
        return inert(value)
    return json.dumps(value) if isinstance(value, list | dict) else value


def table_as_parquet(table: Table) -> bytes:
    """A table of columns as Parquet. Raises ImportError where pyarrow is not installed."""
    import pandas as pd

    buffer = BytesIO()
    pd.DataFrame({name: list(values) for name, values in table.items()}).to_parquet(buffer)
    return buffer.getvalue()


def write_table(path: str | Path, table: Table) -> None:
    """CSV, Parquet, TSV, Markdown or LaTeX by the suffix. Raises OSError, ValueError, ImportError.

    Parquet, CSV and TSV keep all digits; Markdown and LaTeX are for reading.
    """
    suffix = Path(path).suffix.lower()
    texts = {".csv": table_as_csv, ".tsv": as_tsv, ".md": as_markdown, ".tex": as_latex}
    if suffix == ".parquet":
        write_bytes(path, table_as_parquet(table))
    elif suffix in texts:
        write_text(path, texts[suffix](table))
    elif write := table_writer(suffix):
        write_bytes(path, write(table))
    else:
        known = ", ".join((*texts, ".parquet"))
        raise ValueError(f"tables are written as {known}, not {suffix or 'without suffix'}")


def rows_of_table(table: ErrorTable, rows: Rows) -> dict[str, Sequence[Any]]:
    """The rows of an error table with its columns in the order of the file, for export."""
    columns: dict[str, Sequence[Any]] = {}
    for column in table.columns:
        if column.role is Role.ERROR:
            columns[column.name] = table.metric(column.name)[rows].tolist()
        elif column.role is not Role.IGNORE:
            cells = table.text[column.name]
            columns[column.name] = [cells[row] for row in rows]
    return columns


def write_rows(path: str | Path, table: ErrorTable, rows: Rows) -> None:
    """Chosen rows of an error table as CSV or Parquet. Raises as `write_table`."""
    write_table(path, rows_of_table(table, rows))
