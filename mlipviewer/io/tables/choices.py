"""What a user decides about a table, where the guesses are not what is meant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeVar

from mlipviewer.core.table import Direction, ErrorTable, Role, RowRole, Scale

Value = TypeVar("Value")


def _none() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True)
class Pivot:
    """The columns of a long table: who was measured, what was measured, and the number."""

    model: str
    metric: str
    value: str


@dataclass(frozen=True)
class TableChoices:
    """Decisions about a table by the names of its columns; what is left out is guessed.

    `row_roles` go by row key. `family` '' means that there is no such column. `pivot` makes a long
    table wide; `long` keeps it as it stands. `names` are new names for columns (aliases), which
    the other choices then use. `sheet` is that of a workbook.
    """

    roles: Mapping[str, Role] = field(default_factory=_none)
    keys: tuple[str, ...] = ()
    scale: Scale | None = None
    directions: Mapping[str, Direction] = field(default_factory=_none)
    units: Mapping[str, str] = field(default_factory=_none)
    row_roles: Mapping[str, RowRole] = field(default_factory=_none)
    family: str | None = None
    sheet: str = ""
    pivot: Pivot | None = None
    long: bool = False
    names: Mapping[str, str] = field(default_factory=_none)

    __hash__ = None  # type: ignore[assignment]

    def to_dict(self) -> dict[str, Any]:
        """As plain data for JSON; only what was decided."""
        plain: dict[str, Any] = {
            name: {key: str(value) for key, value in getattr(self, name).items()}
            for name in ("roles", "directions", "units", "row_roles", "names")
        }
        plain |= {"keys": list(self.keys), "sheet": self.sheet, "long": self.long}
        plain["scale"] = self.scale.value if self.scale else None
        plain["family"] = self.family
        plain["pivot"] = vars(self.pivot) if self.pivot else None
        empty: tuple[Any, ...] = ({}, [], "", False, None)
        return {
            name: value
            for name, value in plain.items()
            if value not in empty or (name == "family" and value == "")
        }


def choices_of(table: ErrorTable) -> TableChoices:
    """What was guessed or chosen of a table, as choices that give the same table: to be edited."""
    keys = tuple(column.name for column in table.columns if column.role is Role.KEY)
    return TableChoices(
        roles={column.name: column.role for column in table.columns},
        keys=keys,
        scale=table.scale,
        directions={column.name: column.direction for column in table.metric_columns},
        units={column.name: column.unit for column in table.metric_columns if column.unit},
        row_roles={
            key: role
            for key, role in zip(table.keys, table.row_roles, strict=True)
            if role is not RowRole.MODEL
        },
        family=table.family or "",
    )


def choices_from(found: Mapping[str, Any]) -> TableChoices:
    """The choices of `to_dict`; unknown names are left out. Raises ValueError for wrong values."""
    pivot = found.get("pivot")
    if pivot is not None and set(pivot) != {"model", "metric", "value"}:
        raise ValueError("a pivot names the columns model, metric and value")
    family = found.get("family")
    return TableChoices(
        roles=_mapped(found, "roles", Role),
        keys=tuple(str(name) for name in found.get("keys", ())),
        scale=Scale(found["scale"]) if found.get("scale") else None,
        directions=_mapped(found, "directions", Direction),
        units=_mapped(found, "units", str),
        row_roles=_mapped(found, "row_roles", RowRole),
        family=None if family is None else str(family),
        sheet=str(found.get("sheet", "")),
        pivot=Pivot(**{name: str(value) for name, value in pivot.items()}) if pivot else None,
        long=bool(found.get("long", False)),
        names=_mapped(found, "names", str),
    )


def _mapped(
    found: Mapping[str, Any], name: str, kind: Callable[[str], Value]
) -> Mapping[str, Value]:
    inner = found.get(name, {})
    if not isinstance(inner, Mapping):
        raise ValueError(f"{name}: is not a list of names with values")
    return MappingProxyType({str(key): kind(str(value)) for key, value in inner.items()})
