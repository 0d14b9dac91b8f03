"""Errors -> the numbers that statistics are made of: logarithms and z-scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mlipviewer.analysis.methods.chosen import values_of
from mlipviewer.core.rows import NONE, Mask, Rows, from_mask
from mlipviewer.core.table import ErrorTable, Floats, Scale

FLOOR = 1e-16  # below it an error is a zero that was floored so that its logarithm exists
MOST_FLOORED = 0.1  # of a column's cells; beyond it, zeros are values, not failures
CHOICES = ("default", "authors")


@dataclass(frozen=True, eq=False)
class Transformed:
    """(n, m) numbers of all rows of a table; `failed` models are not to be counted.

    `rows` are those that statistics over the whole table use.
    """

    values: Floats
    rows: Rows
    failed: Rows
    notes: tuple[str, ...] = ()


def log10_floored(values: Floats, floor: float = FLOOR) -> tuple[Floats, Mask]:
    """log10 of values, zeros and smaller ones raised to `floor`, and where that was so."""
    floored = values <= floor * (1 + 1e-9)
    return np.log10(np.maximum(values, floor)), floored


def at_least_floors(table: ErrorTable, metrics: Sequence[str], values: Floats) -> Floats:
    """(n, m) errors, those below the floor that their metric states raised to it: a zero there is
    no failed fit, but an error too small to be told. Of a table of errors themselves."""
    if table.scale is not Scale.LINEAR:
        return values
    floors = np.array([table.metric_column(name).floor or -np.inf for name in metrics])
    return np.asarray(np.where((values >= 0) & (values < floors), floors, values))


def z_scores(values: Floats, rows: Rows | None = None) -> Floats:
    """(y - mean) / population deviation of each column (ddof = 0), over `rows`, missing left out.

    A column that does not vary has no z-scores: NaN.
    """
    counted = values if rows is None else values[rows]
    good = np.isfinite(counted)
    n = np.maximum(good.sum(axis=0), 1)
    mean = np.where(good, counted, 0.0).sum(axis=0) / n
    deviation = np.sqrt((np.where(good, counted - mean, 0.0) ** 2).sum(axis=0) / n)
    constant = deviation <= 1e-14 * np.maximum(np.abs(mean), 1e-300)
    return np.asarray((values - mean) / np.where(constant, np.nan, deviation))


def transform(table: ErrorTable, metrics: Sequence[str], how: str) -> Transformed:
    """The metrics as logarithms (where the table is not yet log) and z-scores.

    `authors`: all rows and cells count, references included: for reproducing the published study.
    `default`: references and thresholds do not count, nor models with a floored error: a zero
    that is no zero, but a fit that failed, where its metric states no floor. Signed columns and
    such with many zeros stay linear.
    """
    errors = at_least_floors(table, metrics, values_of(table, metrics))
    values, floored, linear = _logarithms(table, errors)
    notes = _linear_note(metrics, linear)
    if how == "authors":
        every = from_mask(np.ones(table.n_rows, bool))
        return Transformed(z_scores(values), every, NONE, notes)
    bad = np.asarray(floored.any(axis=1)) & table.model_mask
    failed, rows = from_mask(bad), from_mask(table.model_mask & ~bad)
    return Transformed(z_scores(values, rows), rows, failed, (*notes, *_failed_note(table, failed)))


def _logarithms(table: ErrorTable, values: Floats) -> tuple[Floats, Mask, Mask]:
    """Values on the scale of statistics, which cells were floored, which columns stay linear."""
    none = np.zeros(values.shape, bool)
    if table.scale is Scale.ZSCORE:
        return values, none, np.zeros(values.shape[1], bool)
    if table.scale is Scale.LOG10:
        return values, values <= np.log10(FLOOR) + 1e-9, np.zeros(values.shape[1], bool)
    logs, floored = log10_floored(values)
    signed = np.asarray((values < 0).any(axis=0))
    many = np.asarray(floored.mean(axis=0) > MOST_FLOORED) if len(values) else signed
    linear = signed | many
    return np.where(linear, values, logs), floored & ~linear, linear


def _linear_note(metrics: Sequence[str], linear: Mask) -> tuple[str, ...]:
    names = [name for name, stays in zip(metrics, linear, strict=True) if stays]
    if not names:
        return ()
    shown = ", ".join(names[:5]) + (" ..." if len(names) > 5 else "")
    return (f"without logarithm, being negative or zero in many rows: {shown}",)


def _failed_note(table: ErrorTable, failed: Rows) -> tuple[str, ...]:
    if failed.size == 0:
        return ()
    shown = ", ".join(table.keys[row] for row in failed[:10]) + (" ..." if len(failed) > 10 else "")
    what = "model has" if len(failed) == 1 else "models have"
    return (f"{len(failed)} {what} an error of zero (a failed fit) and are left out: {shown}",)


def suits_log(values: Floats, scale: Scale) -> bool:
    """Whether values are best shown on a log axis: positive, over more than a decade."""
    good = values[np.isfinite(values)]
    if scale is not Scale.LINEAR or good.size == 0 or good.min() <= 0:
        return False
    return bool(good.max() > 10 * good.min())


def log_where_positive(values: Floats, choice: str, scale: Scale) -> bool:
    """Whether an axis is logarithmic, as chosen; `auto`: where all values are positive."""
    if choice != "auto":
        return choice == "log"
    good = values[np.isfinite(values)]
    return scale is Scale.LINEAR and bool(good.size) and bool((good > 0).all())


def log_where_suited(values: Floats, choice: str, scale: Scale) -> bool:
    """Whether an axis is logarithmic, as chosen; `auto`: where that suits its values."""
    return suits_log(values, scale) if choice == "auto" else choice == "log"


def ranks(values: Floats, rows: Rows) -> Floats:
    """1 for the lowest value of each column among `rows`, the mean rank for equal ones.

    Other rows and missing cells have no rank: NaN.
    """
    from scipy.stats import rankdata

    found = np.full(values.shape, np.nan)
    for column in range(values.shape[1]):
        good = rows[np.isfinite(values[rows, column])]
        if good.size:
            found[good, column] = rankdata(values[good, column])
    return found
