"""Guesses: what the columns and rows of an error table are for. Each can be changed by hand."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np

from mlipviewer.core.table import Direction, Floats, RowRole, Scale

REFERENCE_WORDS = frozenset(
    {"dft", "reference", "ref", "theory", "alter", "alternative", "exp", "experiment"}
    | {"experimental", "ground truth", "truth", "exact"}
)
THRESHOLD_WORDS = frozenset({"threshold", "thresholds", "benchmark", "target", "good enough"})
NAME_COLUMNS = re.compile(
    r"(ml)?(ip|ff)?_?(models?|potentials?|names?|methods?|labels?|calculators?|types?|family"
    r"|model_?name|mlips?)",
    re.IGNORECASE,
)
TEXT_COLUMNS = re.compile(
    r"(.*_)?(models?|model_?name|names?|system|element|symbol|formula|label|id|uuid|hash|key|file"
    r"|filename|path|date|version|comment|notes?)",
    re.IGNORECASE,
)
FAMILY_COLUMNS = (
    "family",
    "families",
    "models",
    "model_type",
    "mlip_type",
    "mlip",
    "type",
    "architecture",
    "potential_type",
    "class",
    "method",
    "model",
)
NUMERIC_METADATA = re.compile(
    r"(.*\.)?(index|rank(ing)?|rank[-_ ]aggregation|seed|step|epoch|year|version|missing|count"
    r"|(n|num)_(?!.*(mae|rmse|error)).*|n?counts?"
    r"|no\.?|number.*|.*_count|temperature.*|temp|wall_s|size|run_time.*"
    r"|t[pn]|f[pn]|md5|missing_preds|nparams|model_params)",
    re.IGNORECASE,
)
HIGHER_IS_BETTER = re.compile(
    r"(^|[-_ .])(r2|r\^2|r²|rsq|f1|daf|accuracy|precision|recall|auc|auroc|tpr|tnr"
    r"|symmetry_match)($|[-_ ])|↑",
    re.IGNORECASE,
)
UNIT_IN_NAME = re.compile(r"(?P<label>.*?)\s*(\[(?P<square>[^\]]+)\]|\((?P<round>[^)]+)\))\s*")
UNIT = re.compile(
    r"[%°Å]|([kMGTmµun]?(eV|Pa|Hz|s|J|K|m|A|Å|g|cal|mol|Ha|Ry|bar|deg|cm))([\^\d./·* -].*)?"
)
LOG_NAME = re.compile(r"(^|[\W_])log(10)?($|[\W_])", re.IGNORECASE)
ZSCORE_NAME = re.compile(r"normali[sz]ed|z-?_?score|standardi[sz]ed", re.IGNORECASE)
SPREAD = re.compile(
    r"[-_ .(]*\b(std|stddev|stdev|sd|sem|stderr|unc|uncertainty)\)?$", re.IGNORECASE
)
MOST_KEY_COLUMNS = 12
MOST_TRIED = 6  # columns of a key; beyond it, all are taken


def is_text_name(name: str) -> bool:
    """Names of columns whose cells stay text even where they look like numbers (ids)."""
    return TEXT_COLUMNS.fullmatch(name.strip()) is not None


def is_numeric_metadata(name: str) -> bool:
    return NUMERIC_METADATA.fullmatch(name.strip()) is not None


def is_spread(name: str, names: Sequence[str]) -> bool:
    """Whether a column is the spread of another: `rmse std`, `rmse-std` beside `rmse`."""
    found = SPREAD.search(name.replace("_", " "))
    return found is not None and found.start() > 0 and name[: found.start()] in names


def is_index(name: str, cells: Sequence[str]) -> bool:
    """A nameless first column that only counts the rows."""
    if name and not re.fullmatch(r"unnamed: ?\d+", name, re.IGNORECASE):
        return False
    return all(cell.strip().isdecimal() for cell in cells)


def direction_of(name: str) -> Direction:
    return Direction.HIGHER if HIGHER_IS_BETTER.search(name) else Direction.LOWER


def unit_in(name: str) -> tuple[str, str]:
    """(label, unit) of names such as `K_bulk [GPa]` or `msd (A^2)`; ('', '') where none."""
    match = UNIT_IN_NAME.fullmatch(name)
    if match is None:
        return "", ""
    unit = match["square"] or match["round"]
    if match["square"] is None and not UNIT.fullmatch(unit):
        return "", ""
    return match["label"], unit


def row_roles(text: Mapping[str, Sequence[str]], n_rows: int) -> tuple[RowRole, ...]:
    """Reference and threshold rows by the words in the columns that name the row.

    A column where half the rows are called so does not name rows (a level of theory, say).
    """
    roles = [RowRole.MODEL] * n_rows
    for position, (name, cells) in enumerate(text.items()):
        if position and not NAME_COLUMNS.fullmatch(name.strip()):
            continue
        found = [(row, role) for row, cell in enumerate(cells) if (role := _word_role(cell))]
        if 2 * len(found) >= max(n_rows, 2):
            continue
        for row, role in found:
            if roles[row] is not RowRole.THRESHOLD:
                roles[row] = role
    return tuple(roles)


def _word_role(cell: str) -> RowRole | None:
    word = cell.strip().lower()
    if word in THRESHOLD_WORDS:
        return RowRole.THRESHOLD
    return RowRole.REFERENCE if word in REFERENCE_WORDS else None


def key_columns(text: Mapping[str, Sequence[str]], models: Sequence[int]) -> tuple[str, ...]:
    """The smallest set of text columns, first in file order, that tells all models apart.

    Where all columns together do not, the smallest that tells apart as many as they do.
    """
    names = tuple(text)[:MOST_KEY_COLUMNS]
    most = len(distinct(text, names, models))
    for size in range(1, min(len(names), MOST_TRIED)):
        for chosen in combinations(names, size):
            if len(distinct(text, chosen, models)) == most:
                return chosen
    return names


def distinct(
    text: Mapping[str, Sequence[str]], names: Sequence[str], rows: Sequence[int]
) -> set[tuple[str, ...]]:
    """The different keys of some rows."""
    columns = [[text[name][row] for row in rows] for name in names]
    return set(zip(*columns, strict=True)) if columns else set()


def row_keys(
    text: Mapping[str, Sequence[str]], chosen: Sequence[str], roles: Sequence[RowRole]
) -> tuple[str, ...]:
    """Keys joined by `|`; empty parts of references left out, repeated keys numbered (`a #2`)."""
    taken: set[str] = set()
    keys = []
    for row, role in enumerate(roles):
        parts = [text[name][row].strip() for name in chosen]
        if role is not RowRole.MODEL:
            parts = [part for part in parts if part]
        key = "|".join(parts) or f"row {row + 1}"
        new, count = key, 2
        while new in taken:
            new, count = f"{key} #{count}", count + 1
        taken.add(new)
        keys.append(new)
    return tuple(keys)


def family_column(text: Mapping[str, Sequence[str]], models: Sequence[int]) -> str | None:
    """The column of kinds of potentials: by its name, else the first with few, repeated values."""
    by_name = {name.strip().lower(): name for name in reversed(tuple(text))}
    named = [by_name[name] for name in FAMILY_COLUMNS if name in by_name]
    for name in (*named, *text):
        n_values = len({text[name][row] for row in models})
        repeated = n_values < len(models) if name in named else 3 * n_values <= len(models)
        if repeated and 1 <= n_values <= 40 and (name in named or n_values > 1):
            return name
    return None


def scale_of(stem: str, values: Floats, errors_known: bool) -> tuple[Scale, str]:
    """The scale of a table's metrics and why it is thought so ('' for plain numbers).

    Errors are not negative: known error metrics with negative cells in half the columns are
    logarithms. Columns of mean 0 and population deviation 1 are z-scores.
    """
    negative = _share_of_columns_with(values < 0)
    if ZSCORE_NAME.search(stem) and negative > 0.5:
        return Scale.ZSCORE, "the file's name says that its metrics are normalized (z-scores)"
    if _looks_standardized(values):
        return Scale.ZSCORE, "all columns have mean 0 and deviation 1: taken as z-scores"
    if LOG_NAME.search(stem) and negative > 0:
        return Scale.LOG10, "the file's name says that its metrics are log10 of errors"
    if errors_known and negative >= 0.5 and float(np.nanmax(np.abs(values))) < 30:
        return Scale.LOG10, "errors are negative in most columns: taken as log10 of errors"
    return Scale.LINEAR, ""


def _share_of_columns_with(cells: np.ndarray[tuple[int, int], np.dtype[np.bool_]]) -> float:
    return float(cells.any(axis=0).mean()) if cells.size else 0.0


def _looks_standardized(values: Floats) -> bool:
    if values.shape[0] < 20 or values.shape[1] < 2 or not np.isfinite(values).all():
        return False
    with np.errstate(over="ignore", invalid="ignore"):  # 1e300 is no sign of normalised values
        mean, deviation = values.mean(axis=0), values.std(axis=0)
    return bool(np.all(np.abs(mean) < 0.01) and np.all(np.abs(deviation - 1) < 0.01))
