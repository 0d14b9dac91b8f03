"""Several runs of the same model (seeds) -> one row with their mean, median or best, and spread."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from mlipviewer.analysis.methods.chosen import to_minimise
from mlipviewer.analysis.methods.transforms import ranks
from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.problem import Note, Place
from mlipviewer.core.table import Column, Direction, ErrorTable, Floats, Role, RowRole

HOW = ("mean", "median", "best", "spread")
COUNT = "n_replicates"
SEED_NAMES = re.compile(
    r"(random[_ ]?)?seeds?|replicas?|replicates?|repeats?|repetitions?|runs?|trials?|folds?",
    re.IGNORECASE,
)


def model_columns(table: ErrorTable) -> tuple[str, ...]:
    """The columns that name a model whatever its seed, as far as names tell."""
    keys = [c.name for c in table.columns if c.role is Role.KEY and c.name in table.text]
    found = tuple(name for name in keys if not SEED_NAMES.fullmatch(name.strip()))
    others = (name for name in table.text if not SEED_NAMES.fullmatch(name.strip()))
    return found or tuple(others)[:1]


def combine_replicates(table: ErrorTable, by: Sequence[str], how: str = "mean") -> ErrorTable:
    """One row for each combination of the text columns `by`, in the order of the file.

    `mean` and `median` are taken of each metric, missing left out; `best` is the run with the
    lowest mean rank over all metrics; `spread` is the deviation in place of the metric (missing for
    a model with one run), the better the lower. The population deviation of each metric is a column
    of text `NAME std`, the number of runs `n_replicates`. Columns that differ within a model are
    left out; references and thresholds stay as they are. Raises AnalysisProblem.
    """
    if how not in HOW:
        raise AnalysisProblem(f"replicates are combined by {', '.join(HOW)}, not {how!r}")
    missing = [name for name in by if name not in table.text]
    if missing or not by:
        known = ", ".join(table.text) or "none"
        raise AnalysisProblem(f"models are named by text columns, of which there are {known}")
    groups = groups_of(table, by)
    means = _mean_ranks(table) if how == "best" else np.zeros(table.n_rows)
    values = np.array([_combined(table.values[rows], means[rows], how) for rows in groups])
    spread = np.array([_spread(table.values[rows]) for rows in groups])
    of_models = np.array([table.row_roles[rows[0]] is RowRole.MODEL for rows in groups], bool)
    if how == "spread":
        values[of_models] = spread[of_models]
    kept = [name for name, cells in table.text.items() if _one_each(cells, groups)]
    text = {name: tuple(table.text[name][rows[0]] for rows in groups) for name in kept}
    text |= {
        f"{name} std": tuple("" if np.isnan(s) else repr(float(s)) for s in spread[:, i])
        for i, name in enumerate(table.metrics)
    }
    text[COUNT] = tuple(str(len(rows)) for rows in groups)
    shown = [c for c in table.columns if c.role is Role.ERROR or c.name in kept]
    added = [Column(name, Role.METADATA) for name in text if name not in kept]
    told = f"{table.n_models} runs combined to {of_models.sum()} models: {how}"
    note = Note(told, Place(table.path))
    return replace(
        table,
        columns=(*(_combined_column(column, by, how) for column in shown), *added),
        keys=tuple(_key(table, rows, by) for rows in groups),
        row_roles=tuple(table.row_roles[rows[0]] for rows in groups),
        values=values.reshape(len(groups), len(table.metrics)),
        text=MappingProxyType(text),
        family=table.family if table.family in text else None,
        notes=(*table.notes, note),
    )


def groups_of(table: ErrorTable, by: Sequence[str]) -> list[list[int]]:
    """The rows of each model; every other row is a group of its own."""
    found: dict[object, list[int]] = {}
    for row, role in enumerate(table.row_roles):
        name = tuple(table.text[column][row] for column in by)
        found.setdefault(name if role is RowRole.MODEL else row, []).append(row)
    return list(found.values())


def _mean_ranks(table: ErrorTable) -> Floats:
    """(n,) the mean rank of each row over the metrics that it has."""
    found = ranks(to_minimise(table, table.metrics), table.models)
    good = np.isfinite(found)
    total = np.where(good, found, 0.0).sum(axis=1)
    return np.asarray(np.where(good.any(axis=1), total / np.maximum(good.sum(axis=1), 1), np.inf))


def _combined(values: Floats, mean_rank: Floats, how: str) -> Floats:
    if how == "best" or len(values) == 1:
        return np.asarray(values[int(np.argmin(mean_rank))])
    return np.array([_middle(column[np.isfinite(column)], how) for column in values.T])


def _middle(values: Floats, how: str) -> float:
    if not values.size:
        return float("nan")
    return float(values.mean() if how == "mean" else np.median(values))


def _spread(values: Floats) -> Floats:
    good = [column[np.isfinite(column)] for column in values.T]
    return np.array([column.std() if len(column) > 1 else np.nan for column in good])


def _one_each(cells: Sequence[str], groups: Sequence[Sequence[int]]) -> bool:
    return all(len({cells[row] for row in rows}) == 1 for rows in groups)


def _combined_column(column: Column, by: Sequence[str], how: str) -> Column:
    if column.role is Role.ERROR and how == "spread":
        label = f"spread of {column.label or column.name}"
        return replace(column, label=label, direction=Direction.LOWER, good=None, bad=None)
    if column.role is Role.ERROR:
        return column
    return replace(column, role=Role.KEY if column.name in by else Role.METADATA)


def _key(table: ErrorTable, rows: Sequence[int], by: Sequence[str]) -> str:
    if table.row_roles[rows[0]] is not RowRole.MODEL:
        return table.keys[rows[0]]
    return "|".join(table.text[name][rows[0]].strip() for name in by)
