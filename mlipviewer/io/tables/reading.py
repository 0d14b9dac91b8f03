"""Cells of a table file -> ErrorTable, with the roles of columns and rows guessed or chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import numpy as np

from mlipviewer.core.problem import Note, Place
from mlipviewer.core.table import Column, ErrorTable, Floats, Role, RowRole
from mlipviewer.io.tables import roles
from mlipviewer.io.tables.cells import (
    Numbers,
    as_numbers,
    forced_numbers,
    nearly_numbers,
    with_points,
)
from mlipviewer.io.tables.choices import TableChoices
from mlipviewer.io.tables.curves import curves_beside
from mlipviewer.io.tables.delimited import LISTED, Cells
from mlipviewer.io.tables.formats import read_cells
from mlipviewer.io.tables.heads import without_heads
from mlipviewer.io.tables.known_metrics import known_metrics
from mlipviewer.io.tables.measured import spreads_follow, with_spreads
from mlipviewer.io.tables.metadata import metadata_path, read_choices, read_metadata, with_facts
from mlipviewer.io.tables.pivot import guess_pivot, pivoted

NO_CHOICES = TableChoices()


def read_table(
    path: str | Path, name: str | None = None, choices: TableChoices | None = None
) -> ErrorTable:
    """The error table of a file under `name` (else the file's stem), with the user's `choices`.

    Without any, those count that are under `table` in the metadata file beside it.

    Read are CSV, TSV, XLSX, Parquet, JSON, JSON Lines, YAML (a file, or a folder of them) and
    Markdown. All cells are read as text; columns of numbers are typed copies. Raises ReadProblem.
    """
    file = Path(path)
    beside, told = read_choices(metadata_path(file)) if choices is None else (choices, ())
    chosen = beside or NO_CHOICES
    cells, notes = read_cells(file, chosen.sheet)
    cells = renamed(without_heads(cells, str(file)), chosen.names)
    shaped = with_spreads(_shaped(cells, chosen, str(file)), str(file))
    made = set(shaped.header) - set(cells.header)  # by the pivot, or of values with spreads
    names = spreads_follow(chosen.names, shaped.header)
    cells = renamed(shaped, {old: new for old, new in names.items() if old in made})
    lost = [Note(text, Place(str(file))) for text in _unknown(cells, chosen)]
    return _assemble(file, name or file.stem, cells, (*notes, *told, *lost), chosen)


def renamed(cells: Cells, names: Mapping[str, str]) -> Cells:
    """The cells with other names of columns; names that would not be unique are left."""
    taken = set(cells.header) - set(names)
    header = []
    for old in cells.header:
        new = names.get(old, old)
        header.append(old if new != old and (new in taken or not new) else new)
        taken.add(header[-1])
    facts = {new: cells.facts[old] for old, new in zip(cells.header, header, strict=True)
             if old in cells.facts}  # fmt: skip
    return replace(cells, header=tuple(header), facts=facts)


def _shaped(cells: Cells, choices: TableChoices, path: str) -> Cells:
    pivot = choices.pivot or (None if choices.long else guess_pivot(cells))
    return pivoted(cells, pivot, path) if pivot else cells


def _unknown(cells: Cells, choices: TableChoices) -> list[str]:
    named = [*choices.roles, *choices.keys, *choices.directions, *choices.units]
    named += [choices.family] if choices.family else []
    unknown = [name for name in dict.fromkeys(named) if name not in cells.header]
    return [f"was told of columns that it does not have: {', '.join(unknown)}"] if unknown else []


@dataclass(frozen=True, eq=False)
class _Typed:
    """A column of the file: its cells, as numbers too where it holds numbers."""

    name: str
    cells: Sequence[str]
    role: Role
    values: Floats | None
    notes: tuple[Note, ...] = ()


def _typed(cells: Cells, choices: TableChoices, path: str) -> list[_Typed]:
    every = range(len(cells.header))
    columns = [_chosen_column(cells, index, choices, path) for index in every]
    return [one or _typed_column(cells, i, path) for i, one in zip(every, columns, strict=True)]


def _chosen_column(cells: Cells, index: int, choices: TableChoices, path: str) -> _Typed | None:
    """The column in the role that was chosen for it; None where none was."""
    name = cells.header[index]
    role = choices.roles.get(name, Role.KEY if name in choices.keys else None)
    if role is None:
        return None
    column = cells.column(index)
    if role is not Role.ERROR:
        return _Typed(name, column, Role.METADATA if role is Role.KEY else role, None)
    points = with_points(column) if cells.separator != "," else None
    numbers = forced_numbers(points or column)
    notes = _cell_notes(name, numbers, column, cells.lines, path)
    return _Typed(name, column, role, numbers.values, tuple(notes))


def _typed_column(cells: Cells, index: int, path: str) -> _Typed:
    name, column = cells.header[index], cells.column(index)
    if index == 0 and roles.is_index(name, column) and column:
        return _Typed(name, column, Role.IGNORE, None)
    if not column:
        role = Role.METADATA if index == 0 or roles.is_text_name(name) else Role.ERROR
        return _Typed(name, column, role, np.empty(0) if role is Role.ERROR else None)
    points = with_points(column) if cells.separator != "," else None
    numbers = None if roles.is_text_name(name) else as_numbers(points or column)
    if numbers is None or roles.is_numeric_metadata(name) or roles.is_spread(name, cells.header):
        text = index == 0 or numbers is not None or roles.is_text_name(name)
        notes = [] if text else _why_text(name, column, cells.lines, path)
        return _Typed(name, column, Role.METADATA, None, tuple(notes))
    notes = [] if points is None else [Note(f"{name}: commas are read as decimal", Place(path))]
    notes += _cell_notes(name, numbers, column, cells.lines, path)
    return _Typed(name, column, Role.ERROR, numbers.values, tuple(notes))


def _why_text(name: str, column: Sequence[str], lines: Sequence[int], path: str) -> list[Note]:
    """A note where some cells keep a column from being one of numbers."""
    rows = nearly_numbers(column)
    if not rows:
        return []
    count = "a cell that is" if len(rows) == 1 else f"{len(rows)} cells that are"
    text = f"{name} is read as text: it has {count} no number ({column[rows[0]]!r})"
    return [Note(text, Place(path, line=lines[rows[0]]))]


def _cell_notes(
    name: str, numbers: Numbers, column: Sequence[str], lines: Sequence[int], path: str
) -> list[Note]:
    notes = []
    for rows, what in ((numbers.infinite, "not finite"), (numbers.failed, "no number")):
        if rows:
            count = "1 cell is" if len(rows) == 1 else f"{len(rows)} cells are"
            text = f"{name}: {count} {what} ({column[rows[0]]!r}), shown as missing"
            notes.append(Note(text, Place(path, line=lines[rows[0]]), loss=True))
    return notes


def _assemble(
    file: Path, name: str, cells: Cells, notes: Sequence[Note], choices: TableChoices
) -> ErrorTable:
    n_rows, path = len(cells.rows), str(file)
    columns = _typed(cells, choices, path)
    text = {c.name: tuple(c.cells) for c in columns if c.role is Role.METADATA}
    labels = {c.name: text[c.name] for c in columns if c.name in text and _names_rows(c, choices)}
    row_roles = roles.row_roles(labels, n_rows)
    models = [row for row, role in enumerate(row_roles) if role is RowRole.MODEL]
    chosen, told = _keys(labels, models, choices)
    keys = roles.row_keys(labels, chosen, row_roles)
    row_roles, more = _with_chosen_roles(row_roles, keys, choices)
    models = [row for row, role in enumerate(row_roles) if role is RowRole.MODEL]
    values = _stacked([c.values for c in columns if c.values is not None], n_rows)
    described, fact_notes = _described(columns, chosen, metadata_path(file), cells, choices)
    known = any(c.category for c in described if c.name in known_metrics())
    scale, reason = roles.scale_of(file.stem, values, known)
    if choices.scale is not None:
        scale, reason = choices.scale, ""
    texts = [Note(one, Place(path)) for one in (reason, *told, *more) if one]
    curves, lost = curves_beside(file, described)
    of_columns = (n for c in columns for n in c.notes)
    every = (*notes, *cells.notes, *of_columns, *fact_notes, *lost, *texts)
    return ErrorTable(
        name=name,
        columns=described,
        keys=keys,
        row_roles=row_roles,
        values=values,
        text=MappingProxyType(text),
        scale=scale,
        family=_family(text, labels, models, choices),
        notes=_limited(every, path),
        path=path,
        curves=MappingProxyType(curves),
    )


def _keys(
    labels: Mapping[str, Sequence[str]], models: Sequence[int], choices: TableChoices
) -> tuple[tuple[str, ...], list[str]]:
    """The columns whose cells name the rows, and what is to be said of them."""
    wanted = tuple(name for name in choices.keys if name in labels)
    if not wanted:
        wanted = tuple(name for name, role in choices.roles.items() if role is Role.KEY)
        wanted = tuple(name for name in labels if name in wanted)
    chosen = wanted or (roles.key_columns(labels, models) if models else tuple(labels)[:1])
    n_again = len(models) - len(roles.distinct(labels, chosen, models)) if chosen else 0
    if not n_again:
        return chosen, []
    better = roles.key_columns(labels, models)
    if len(roles.distinct(labels, better, models)) < len(models):
        return chosen, ["no set of columns tells all models apart; repeated keys are numbered"]
    told = f"{n_again} rows repeat a key of {', '.join(chosen)} and are numbered"
    return chosen, [f"{told}; {', '.join(better)} tells all models apart"]


def _with_chosen_roles(
    guessed: tuple[RowRole, ...], keys: Sequence[str], choices: TableChoices
) -> tuple[tuple[RowRole, ...], list[str]]:
    if not choices.row_roles:
        return guessed, []
    roles_now = [choices.row_roles.get(key, role) for key, role in zip(keys, guessed, strict=True)]
    unknown = sorted(set(choices.row_roles) - set(keys))
    text = f"was told of rows that it does not have: {', '.join(unknown[:5])}"
    return tuple(roles_now), [text] if unknown else []


def _family(
    text: Mapping[str, Sequence[str]],
    labels: Mapping[str, Sequence[str]],
    models: Sequence[int],
    choices: TableChoices,
) -> str | None:
    if choices.family is None:
        return roles.family_column(labels, models)
    return choices.family if choices.family in text else None


def _names_rows(column: _Typed, choices: TableChoices) -> bool:
    """Text that can name a row: not a count, a rank or a spread, unless it was chosen."""
    if column.name in choices.keys or choices.roles.get(column.name) is Role.KEY:
        return True
    return not roles.is_numeric_metadata(column.name) and not roles.SPREAD.search(column.name)


def _stacked(columns: Sequence[Floats], n_rows: int) -> Floats:
    return np.column_stack(columns) if columns else np.empty((n_rows, 0))


def _described(
    columns: Sequence[_Typed],
    keys: Sequence[str],
    path: Path,
    cells: Cells,
    choices: TableChoices,
) -> tuple[tuple[Column, ...], list[Note]]:
    """What each column means: guessed, then what the file says, its metadata, and the choices."""
    facts, file_notes = read_metadata(path)
    notes = [*file_notes]
    described = []
    for typed in columns:
        column = _guessed(typed, keys)
        if typed.role is Role.ERROR:
            column = replace(column, **{k: v for k, v in cells.facts.get(typed.name, {}).items()
                                        if not getattr(column, k)})  # type: ignore[arg-type]  # fmt: skip
        if typed.name in facts and column.role is Role.ERROR:
            column, more = with_facts(column, facts[typed.name], path)
            notes += more
        described.append(_as_chosen(column, choices))
    unknown = sorted(set(facts) - {typed.name for typed in columns})
    if unknown:
        text = f"speaks of metrics that the table does not have: {', '.join(unknown[:5])}"
        notes.append(Note(text, Place(str(path))))
    return tuple(described), notes


def _as_chosen(column: Column, choices: TableChoices) -> Column:
    return replace(
        column,
        direction=choices.directions.get(column.name, column.direction),
        unit=choices.units.get(column.name, column.unit),
    )


def _guessed(typed: _Typed, keys: Sequence[str]) -> Column:
    if typed.role is not Role.ERROR:
        role = Role.KEY if typed.name in keys else typed.role
        return Column(typed.name, role)
    category, unit = known_metrics().get(typed.name, ("", ""))
    label, unit_in_name = roles.unit_in(typed.name)
    return Column(
        typed.name,
        Role.ERROR,
        unit=unit or unit_in_name,
        category=category,
        label=label,
        direction=roles.direction_of(typed.name),
    )


def _limited(notes: Sequence[Note], path: str) -> tuple[Note, ...]:
    if len(notes) <= LISTED:
        return tuple(notes)
    return (*notes[:LISTED], Note(f"and {len(notes) - LISTED} more notes", Place(path)))


def with_roles(table: ErrorTable, row_roles: Mapping[str, RowRole]) -> ErrorTable:
    """The table with other roles for some rows, by key. Raises KeyError."""
    new = list(table.row_roles)
    for key, role in row_roles.items():
        new[table.row(key)] = role
    return replace(table, row_roles=tuple(new))
