"""Tables with their units and where they come from: inside the file where it has a place for that,
else in a small JSON file beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import mlipviewer
from mlipviewer.io.export import Table, inert, plain_value, table_as_csv, write_table
from mlipviewer.io.files import write_bytes, write_text
from mlipviewer.io.table_texts import as_latex, as_markdown, as_tsv

BESIDE = ".about.json"
MOST_SHEET_NAME = 31
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", "-"))


@dataclass(frozen=True)
class About:
    """Units by column, and what a table is made of: `inputs` are hashes by name."""

    title: str = ""
    units: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def plain(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "program": f"MLIPViewer {mlipviewer.__version__}",
            "units": dict(self.units),
            "inputs": dict(self.inputs),
            "settings": plain_value(self.settings),
        }

    @property
    def lines(self) -> list[str]:
        made = self.plain
        said = [made["title"], made["program"]]
        said += [f"{name}: sha256 {mark}" for name, mark in self.inputs.items()]
        return [" ".join(str(one).split()) for one in said if one]

    def named(self, table: Table) -> dict[str, Sequence[Any]]:
        """The table with the units in the names of its columns."""
        units = self.units
        return {
            f"{name} ({units[name]})" if units.get(name) else name: cells
            for name, cells in table.items()
        }


def write_table_files(
    path: Path, table: Table, about: About, more: Mapping[str, Table] | None = None
) -> tuple[Path, ...]:
    """Write a table, by its suffix; into a workbook `more` of them too. Returns what was written.

    CSV and TSV hold numbers and names alone: units and origin lie beside them. Raises OSError,
    ValueError, ImportError."""
    suffix = path.suffix.lower()
    if suffix in (".csv", ".tsv"):
        write_text(path, table_as_csv(table) if suffix == ".csv" else as_tsv(inert_table(table)))
        beside = path.with_name(path.name + BESIDE)
        write_text(beside, json.dumps(about.plain, indent=1, ensure_ascii=False) + "\n")
        return path, beside
    if suffix == ".xlsx":
        write_bytes(path, as_workbook({about.title or "table": table, **(more or {})}, about))
    elif suffix == ".parquet":
        write_bytes(path, _as_parquet(table, about))
    elif suffix == ".md":
        note = "".join(f"<!-- {line.replace('--', '- -')} -->\n" for line in about.lines)
        write_text(path, note + as_markdown(about.named(table)))
    elif suffix == ".tex":
        note = "".join(f"% {line}\n" for line in about.lines)
        write_text(path, note + as_latex(about.named(table)))
    else:
        write_table(path, table)
    return (path,)


def inert_table(table: Table) -> dict[str, list[Any]]:
    """The same, its text made harmless for spreadsheets."""
    return {
        inert(name): [inert(cell) if isinstance(cell, str) else cell for cell in cells]
        for name, cells in table.items()
    }


def as_workbook(tables: Mapping[str, Table], about: About) -> bytes:
    """An XLSX file: a sheet a table, and one that says where they come from."""
    from openpyxl import Workbook  # type: ignore[import-untyped,unused-ignore]

    book = Workbook(write_only=True)
    names: set[str] = set()
    for title, table in tables.items():
        sheet = book.create_sheet(_sheet_name(title, names))
        sheet.append([inert(name) for name in about.named(table)])
        for row in zip(*table.values(), strict=True):
            sheet.append([_cell(value) for value in row])
    sheet = book.create_sheet(_sheet_name("about", names))
    for name, value in about.plain.items():
        pairs = value.items() if isinstance(value, Mapping) else [("", value)]
        for key, one in pairs:
            sheet.append([name, inert(str(key)), _cell(one)])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet_name(title: str, taken: set[str]) -> str:
    name = title.translate(FORBIDDEN)[:MOST_SHEET_NAME].strip("'") or "table"
    k, free = 2, name
    while free.lower() in taken:
        free, k = f"{name[: MOST_SHEET_NAME - 3]} {k}", k + 1
    taken.add(free.lower())
    return free


def _cell(value: Any) -> Any:
    value = plain_value(value)
    if isinstance(value, str):
        return inert("".join(c for c in value if c.isprintable() or c in "\n\t"))
    return json.dumps(value) if isinstance(value, list | dict) else value


def _as_parquet(table: Table, about: About) -> bytes:
    import pyarrow as pa  # type: ignore[import-untyped,unused-ignore]
    from pyarrow import parquet

    made = pa.table({name: pa.array(list(cells)) for name, cells in table.items()})
    told = {"mlipviewer": json.dumps(about.plain, ensure_ascii=False)}
    out = BytesIO()
    parquet.write_table(made.replace_schema_metadata(told), out)
    return out.getvalue()
