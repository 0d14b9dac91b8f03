"""Two error tables side by side, matched by what their rows are called, never by row order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from types import MappingProxyType

import numpy as np

from mlipviewer.core.curves import Curves
from mlipviewer.core.problem import Note, Place
from mlipviewer.core.table import Column, ErrorTable, Floats, Role, RowRole, Scale
from mlipviewer.io.tables.aliases import same_metrics

LISTED = 5
NUMBERED = re.compile(r" #\d+$")  # the mark of a repeated key
MOST_SHARED = 8  # text columns of both tables that are tried


class JoinProblem(ValueError):
    """Two tables cannot be joined as asked; one sentence for the user."""


@dataclass(frozen=True, eq=False)
class Joined:
    """A joined table, the keys without a partner on each side, and the metrics that both have.

    `pairs` are (column of the first, column of the second) as named in the joined table.
    """

    table: ErrorTable
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]


def join(
    one: ErrorTable,
    two: ErrorTable,
    on: Sequence[str] = (),
    keep_all: bool = False,
    aliases: Mapping[str, str] | None = None,
    same: Mapping[str, str] | None = None,
    as_one: bool = False,
) -> Joined:
    """The rows of `one` with the columns of `two`; those in both, or with `keep_all` every row.

    Rows are matched by key, or by the text columns `on`, which name each row of `two` uniquely
    (several rows of `one` may share a partner). A column of `two` whose name is taken is called
    `NAME [table]`. `aliases`: name in `two` -> name in `one` of the same metric, beside those that
    are recognised; `same`: these alone. `as_one`: such metrics are one column, with the numbers of
    `one` and, where it has none, those of `two`. Raises JoinProblem.
    """
    first, second = _names(one, on), _names(two, on)
    place = {name: row for row, name in enumerate(second)}
    if len(place) < len(second):
        n = len(second) - len(place)
        raise JoinProblem(f"{n} rows of {two.name} are named twice by {', '.join(on)}")
    both = [row for row, name in enumerate(first) if name in place]
    known = set(first)
    alone = [row for row, name in enumerate(second) if name not in known]
    if not both:
        raise JoinProblem(f"no row of {one.name} has a partner in {two.name}")
    rows = list(range(one.n_rows)) if keep_all else both
    partners = [place.get(first[row], -1) for row in rows]
    extra = alone if keep_all else []
    only_first = tuple(one.keys[row] for row in range(one.n_rows) if first[row] not in place)
    only_second = tuple(two.keys[row] for row in alone)
    table, renamed = _side_by_side(one, two, rows, [*partners, *extra], len(extra))
    table = replace(table, notes=(*table.notes, *_notes(one, two, only_first, only_second)))
    if same is None:
        same = same_metrics(one.metrics, two.metrics, aliases)
    pairs = tuple((a, renamed[b]) for b, a in same.items() if a in one.metrics and b in renamed)
    return Joined(_as_one(table, pairs) if as_one else table, only_first, only_second, pairs)


def ways_to_match(one: ErrorTable, two: ErrorTable) -> tuple[tuple[tuple[str, ...], int], ...]:
    """(columns, number of rows of `one` with a partner) of each sensible way: by key (no column),
    or by the fewest text columns of both that name each row of `two` once. The best first; keys
    that had to be numbered say little and come last."""
    shared = [name for name in one.text if name in two.text][:MOST_SHARED]
    found: list[tuple[tuple[str, ...], int]] = []
    for size in range(4):
        for on in combinations(shared, size):
            if any(set(other) <= set(on) for other, _ in found if other):
                continue
            first, second = _names(one, on), set(_names(two, on))
            n_both = sum(name in second for name in first)
            if n_both and len(second) == two.n_rows:
                found.append((on, n_both))
    poor = any(NUMBERED.search(key) for key in (*one.keys, *two.keys))
    return tuple(sorted(found, key=lambda way: (poor and not way[0], -way[1])))


def _as_one(table: ErrorTable, pairs: Sequence[tuple[str, str]]) -> ErrorTable:
    """The table with each pair of columns as one."""
    values = table.values.copy()
    gone = set()
    for first, second in pairs:
        here, there = table.metric_index(first), table.metric_index(second)
        values[:, here] = np.where(np.isnan(values[:, here]), values[:, there], values[:, here])
        gone.add(second)
    kept = [i for i, name in enumerate(table.metrics) if name not in gone]
    columns = tuple(c for c in table.columns if c.role is not Role.ERROR or c.name not in gone)
    return replace(table, columns=columns, values=values[:, kept])


def _names(table: ErrorTable, on: Sequence[str]) -> list[tuple[str, ...]]:
    if not on:
        return [(key,) for key in table.keys]
    missing = [name for name in on if name not in table.text]
    if missing:
        raise JoinProblem(f"{table.name} has no text column {', '.join(missing)}")
    return list(zip(*(table.text[name] for name in on), strict=True))


def _side_by_side(
    one: ErrorTable, two: ErrorTable, rows: list[int], partners: list[int], n_extra: int
) -> tuple[ErrorTable, dict[str, str]]:
    """The joined table; the last `n_extra` partners have no row in `one`."""
    firsts = [*rows, *[-1] * n_extra]
    taken = {column.name for column in one.columns}
    same = {
        name
        for name, cells in two.text.items()
        if name in one.text and _agree(_picked(one.text[name], firsts), _picked(cells, partners))
    }
    added = [c for c in two.columns if c.role is not Role.IGNORE and c.name not in same]
    renamed = {c.name: _free(c.name, two.name, taken) for c in added}
    text = {name: _picked(cells, firsts) for name, cells in one.text.items()}
    for name in same:
        text[name] = _either(text[name], _picked(two.text[name], partners))
    text |= {renamed[c.name]: _picked(two.text[c.name], partners) for c in added
             if c.name in two.text}  # fmt: skip
    values = np.hstack([_rows(one.values, firsts), _rows(_on_scale_of(one, two), partners)])
    keys = [one.keys[row] for row in rows]
    keys += [_free(two.keys[row], two.name, set(one.keys)) for row in partners[len(rows) :]]
    roles = [one.row_roles[row] for row in rows]
    roles += [two.row_roles[row] for row in partners[len(rows) :]]
    columns = tuple(_second(c, renamed[c.name]) for c in added)
    family = one.family or (renamed.get(two.family, two.family) if two.family else None)
    table = ErrorTable(
        name=f"{one.name} + {two.name}",
        columns=_ordered(one.columns, columns),
        keys=tuple(keys),
        row_roles=tuple(roles),
        values=values,
        text=MappingProxyType({name: tuple(cells) for name, cells in text.items()}),
        scale=one.scale,
        family=family if family in text else None,
        notes=one.notes,
        path=one.path,
        curves=_curves(one, two, keys, partners, renamed),
    )
    return table, renamed


def _curves(
    one: ErrorTable,
    two: ErrorTable,
    keys: list[str],
    partners: list[int],
    renamed: Mapping[str, str],
) -> Mapping[str, Curves]:
    """Those of both, by the names of metrics and rows in the joined table."""
    of_two = {two.keys[row]: key for row, key in zip(partners, keys, strict=True) if row >= 0}
    found = {renamed[name]: c.renamed(of_two) for name, c in two.curves.items() if name in renamed}
    return MappingProxyType({**found, **one.curves})


def _picked(cells: Sequence[str], rows: Sequence[int]) -> list[str]:
    return [cells[row] if row >= 0 else "" for row in rows]


def _rows(values: Floats, rows: Sequence[int]) -> Floats:
    """(k, m) the chosen rows, NaN for -1."""
    picked = np.full((len(rows), values.shape[1]), np.nan)
    there = np.array(rows, int) >= 0
    picked[there] = values[np.array(rows, int)[there]]
    return picked


def _agree(one: Sequence[str], two: Sequence[str]) -> bool:
    return all(a == b or not a or not b for a, b in zip(one, two, strict=True))


def _either(one: Sequence[str], two: Sequence[str]) -> list[str]:
    return [a or b for a, b in zip(one, two, strict=True)]


def _free(name: str, table: str, taken: set[str]) -> str:
    new, count = name, 1
    while new in taken:
        new = f"{name} [{table}]" if count == 1 else f"{name} [{table} {count}]"
        count += 1
    taken.add(new)
    return new


def _second(column: Column, name: str) -> Column:
    """A column of the second table: under a free name, and never part of the key."""
    role = Role.METADATA if column.role is Role.KEY else column.role
    return replace(column, name=name, role=role)


def _ordered(one: tuple[Column, ...], two: tuple[Column, ...]) -> tuple[Column, ...]:
    """Text before metrics among the added, so that metrics stay in the order of the values."""
    return (*one, *sorted(two, key=lambda column: column.role is Role.ERROR))


def _on_scale_of(one: ErrorTable, two: ErrorTable) -> Floats:
    """The values of the second table on the scale of the first."""
    if one.scale is two.scale:
        return two.values
    if Scale.ZSCORE in (one.scale, two.scale):
        raise JoinProblem(f"{one.name} holds {one.scale} values, {two.name} {two.scale} ones")
    if one.scale is Scale.LINEAR:
        return np.asarray(10.0**two.values)
    return np.log10(np.where(two.values > 0, two.values, np.nan))


def _notes(
    one: ErrorTable, two: ErrorTable, only_first: Sequence[str], only_second: Sequence[str]
) -> list[Note]:
    notes = []
    for table, other, keys in ((one, two, only_first), (two, one, only_second)):
        models = [key for key in keys if table.row_roles[table.row(key)] is RowRole.MODEL]
        if models:
            shown = ", ".join(models[:LISTED]) + (" ..." if len(models) > LISTED else "")
            text = f"{len(models)} models have no partner in {other.name}: {shown}"
            every = "\n".join(models) if len(models) > LISTED else ""
            notes.append(Note(text, Place(table.path), details=every))
    return notes
