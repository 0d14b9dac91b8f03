"""Leaderboards as JSON and YAML hold them -> records: what names the models is found out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import TypeGuard

from mlipviewer.core.problem import Note, Place, ReadProblem
from mlipviewer.io.tables.records import Record

MODEL_NAMES = re.compile(
    r"mace|dpa|orb[-_ ]|chgnet|m3gnet|seven|mattersim|grace|gap|snap|nequip|allegro|dpmd|deepmd"
    r"|deepot|nnp|mtp|esen|eqv2|equiformer|uma|painn|schnet|model|potential",
    re.IGNORECASE,
)
METRIC_NAMES = re.compile(r"(^|[\W_])(rmse|mae|mse|r2|errors?)($|[\W_])", re.IGNORECASE)
MODEL_KEYS = ("model", "model_name", "name", "potential", "key", "method")
METRICS = "metrics"


def records_of(found: object, kind: str, path: str) -> tuple[list[Record], list[Note]]:
    """The records in parsed JSON or YAML, and notes on how they were read.

    Known shapes: a list of records; one of columns; models with their (nested) metrics; metrics
    with their models; one record; any of these as the only list within. Raises ReadProblem.
    """
    records, how = _records(found)
    if records is None:
        raise ReadProblem(
            f"is {kind}, but no table: neither a list of records nor models with metrics", path
        )
    if not records:
        raise ReadProblem("holds no records", path)
    notes = [Note(how, Place(path))] if how else []
    return records, notes


def unwrapped(records: Sequence[Record]) -> list[Record]:
    """What lies under `metrics` by its own names; what else is nested in such records is dropped.

    Where one record has `metrics`, others without it have none.
    """
    if not any(isinstance(record.get(METRICS), Mapping) for record in records):
        return list(records)
    return [_without_wrapping(record) for record in records]


def _records(found: object) -> tuple[list[Record] | None, str]:
    if isinstance(found, list) and all(isinstance(one, Mapping) for one in found):
        return list(found), ""
    return _of_mapping(found) if isinstance(found, Mapping) and found else (None, "")


def _of_mapping(found: Mapping[str, object]) -> tuple[list[Record] | None, str]:
    values = list(found.values())
    if all(isinstance(value, Mapping) for value in values):
        return _models(found)  # type: ignore[arg-type]
    columns = [value for value in values if _is_column(value)]
    if len(columns) == len(values) and len({len(column) for column in columns}) == 1:
        rows = zip(*columns, strict=True)
        return [dict(zip(map(str, found), row, strict=True)) for row in rows], ""
    if any(str(key).lower() in MODEL_KEYS for key in found):
        return [found], ""
    inner = {key: value for key, value in found.items() if _is_list_of_records(value)}
    if len(inner) == 1:
        key, records = next(iter(inner.items()))
        return list(records), f"the records are those of {key!r}"
    return None, ""


def _is_column(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list) and not any(isinstance(v, Mapping | list) for v in value)


def _is_list_of_records(value: object) -> TypeGuard[list[Record]]:
    return isinstance(value, list) and len(value) > 1 and all(isinstance(v, Mapping) for v in value)


def _models(found: Mapping[str, Record]) -> tuple[list[Record] | None, str]:
    """Models with metrics, or metrics with models when the inner names look more like models."""
    inner = list(dict.fromkeys(str(key) for one in found.values() for key in one))
    flat = all(not isinstance(v, Mapping | list) for one in found.values() for v in one.values())
    if flat and _likeness(inner) > _likeness([str(key) for key in found]):
        rows = [
            {"model": name} | {str(key): one.get(name) for key, one in found.items()}
            for name in inner
        ]
        return list(rows), f"models are the {len(inner)} inner names, metrics the outer ones"
    first, *others = ({str(key) for key in one} for one in islice(found.values(), 20))
    if others and not any(first & other for other in others):
        return [found], ""
    name = "name" if any("model" in one for one in found.values()) else "model"
    return [{name: str(key), **one} for key, one in found.items()], ""


def _likeness(names: Sequence[str]) -> float:
    """How much names are those of models: the share of such, less that of names of metrics."""
    models = sum(MODEL_NAMES.search(name) is not None for name in names)
    metrics = sum(METRIC_NAMES.search(name) is not None for name in names)
    return (models - metrics) / max(len(names), 1)


def _without_wrapping(record: Record) -> Record:
    metrics = record.get(METRICS)
    rest: dict[str, object] = {
        name: value
        for name, value in record.items()
        if name != METRICS and not isinstance(value, Mapping)
    }
    if not isinstance(metrics, Mapping):
        return rest
    return rest | {str(name): value for name, value in metrics.items() if str(name) not in rest}
