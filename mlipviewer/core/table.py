"""The error table: models x metrics, with what each column and row means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.curves import Curves
from mlipviewer.core.problem import Note
from mlipviewer.core.rows import Mask, Rows, from_mask

Floats = NDArray[np.float64]


class Role(StrEnum):
    """What a column is for."""

    KEY = "key"
    METADATA = "metadata"
    ERROR = "error"
    IGNORE = "ignore"


class RowRole(StrEnum):
    """What a row is: a model, the values that errors are judged against, or good-enough errors."""

    MODEL = "model"
    REFERENCE = "reference"
    THRESHOLD = "threshold"


class Scale(StrEnum):
    """What the cells of the table's metrics are."""

    LINEAR = "linear"
    LOG10 = "log10"
    ZSCORE = "z-score"


class Direction(StrEnum):
    LOWER = "lower"
    HIGHER = "higher"


@dataclass(frozen=True)
class Column:
    """One column as it stands in the file; unit, category and thresholds from a metadata file.

    `floor`: an error that is not larger says no more than that it is none; `curves`: the file of
    the curves behind it, beside the table.
    """

    name: str
    role: Role
    unit: str = ""
    category: str = ""
    label: str = ""
    direction: Direction = Direction.LOWER
    good: float | None = None
    bad: float | None = None
    level_of_theory: str = ""
    floor: float | None = None
    curves: str = ""

    @property
    def title(self) -> str:
        """`label (unit)`, for axes and headers."""
        label = self.label or self.name
        return f"{label} ({self.unit})" if self.unit else label


@dataclass(frozen=True, eq=False)
class ErrorTable:
    """n rows: text columns by name, metrics as one (n, m) array of float64 (NaN: missing).

    `keys` are the rows' identities, unique; `row_roles` says which rows are models.
    """

    name: str
    columns: tuple[Column, ...]
    keys: tuple[str, ...]
    row_roles: tuple[RowRole, ...]
    values: Floats
    text: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    scale: Scale = Scale.LINEAR
    family: str | None = None  # the text column that names the kind of potential
    notes: tuple[Note, ...] = ()
    path: str = ""
    curves: Mapping[str, Curves] = field(default_factory=lambda: MappingProxyType({}))
    """Those behind a metric, where there are some."""

    def __post_init__(self) -> None:
        self.values.flags.writeable = False
        if self.values.shape != (len(self.keys), len(self.metrics)):
            raise ValueError(
                f"{len(self.keys)} rows x {len(self.metrics)} metrics, "
                f"but the values are {self.values.shape}"
            )
        if len(set(self.keys)) != len(self.keys):
            raise ValueError("the keys of an error table are unique")

    @property
    def n_rows(self) -> int:
        return len(self.keys)

    @cached_property
    def metric_columns(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.role is Role.ERROR)

    @cached_property
    def metrics(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.metric_columns)

    @cached_property
    def text_columns(self) -> tuple[Column, ...]:
        return tuple(c for c in self.columns if c.role in (Role.KEY, Role.METADATA))

    @cached_property
    def categories(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(c.category for c in self.metric_columns if c.category))

    @cached_property
    def _metric_index(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.metrics)}

    @cached_property
    def _key_index(self) -> dict[str, int]:
        return {key: i for i, key in enumerate(self.keys)}

    @cached_property
    def model_mask(self) -> Mask:
        return np.array([role is RowRole.MODEL for role in self.row_roles], bool)

    @cached_property
    def models(self) -> Rows:
        """The rows that are models, not references or thresholds."""
        return from_mask(self.model_mask)

    @property
    def n_models(self) -> int:
        return len(self.models)

    def metric_index(self, name: str) -> int:
        """The position of a metric. Raises KeyError with the known names near it."""
        try:
            return self._metric_index[name]
        except KeyError:
            raise KeyError(f"no metric {name!r} in table {self.name!r}") from None

    def metric(self, name: str) -> Floats:
        """(n,) the column as in the file."""
        return self.values[:, self.metric_index(name)]

    def metric_column(self, name: str) -> Column:
        return self.metric_columns[self.metric_index(name)]

    def row(self, key: str) -> int:
        """The row of a model key. Raises KeyError."""
        return self._key_index[key]

    def has_key(self, key: str) -> bool:
        return key in self._key_index

    def rows_of(self, role: RowRole) -> Rows:
        return from_mask(np.array([r is role for r in self.row_roles], bool))

    @cached_property
    def families(self) -> tuple[str, ...]:
        """(n,) the family of each row, '' where the table has no such column."""
        return self.text[self.family] if self.family else ("",) * self.n_rows

    def select_metrics(
        self, names: Sequence[str] | None = None, category: str | None = None
    ) -> tuple[str, ...]:
        """The named metrics in the order given, or those of a category, or all. Raises KeyError."""
        if names:
            for name in names:
                self.metric_index(name)
            return tuple(names)
        if category:
            found = tuple(c.name for c in self.metric_columns if c.category == category)
            if not found:
                known = ", ".join(self.categories) or "none"
                raise KeyError(f"no category {category!r}; known: {known}")
            return found
        return self.metrics

    @cached_property
    def namespace(self) -> Mapping[str, NDArray[Any]]:
        """Every column by name, for conditions on models."""
        names: dict[str, NDArray[Any]] = {
            name: np.array(cells, object) for name, cells in self.text.items()
        }
        names.update({name: self.values[:, i] for i, name in enumerate(self.metrics)})
        return names

    def renamed(self, name: str) -> ErrorTable:
        return replace(self, name=name)
