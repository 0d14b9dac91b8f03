"""`NAME.metrics.yaml` beside a table: what its metrics mean, and what was decided about it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from mlipviewer.core.problem import Note, Place, ReadProblem
from mlipviewer.core.table import Column, Direction
from mlipviewer.io.files import MEGABYTE, decode, read_bytes
from mlipviewer.io.tables.choices import TableChoices, choices_from

SUFFIX = ".metrics.yaml"
CHOICES = "table"
TEXTS = ("category", "unit", "label", "level_of_theory", "curves")
NUMBERS = ("good", "bad", "floor")


def metadata_path(table: Path) -> Path:
    """`errors.metrics.yaml` for `errors.csv`."""
    table = table if table.name else table.absolute()  # `.` is a folder with a name
    return table.with_name(table.stem + SUFFIX) if table.name else table / SUFFIX


def read_metadata(path: Path) -> tuple[Mapping[str, Mapping[str, Any]], tuple[Note, ...]]:
    """Facts by metric, and notes on what could not be used; nothing where there is no such file."""
    if not path.exists():
        return {}, ()
    try:
        found = _load(path)
    except ReadProblem as problem:
        return {}, (Note(problem.reason, problem.place),)
    if isinstance(found, dict):
        found = _metrics_in(found)
    if not isinstance(found, dict):
        return {}, (Note("is not a list of metrics with their facts", Place(str(path))),)
    good = {str(name): facts for name, facts in found.items() if isinstance(facts, dict)}
    notes = [
        Note(f"{name}: facts are written as `key: value`", Place(str(path)))
        for name, facts in found.items()
        if not isinstance(facts, dict)
    ]
    return good, tuple(notes)


def _metrics_in(found: dict[Any, Any]) -> dict[Any, Any]:
    """The part about metrics: all of the file, or what lies under `metrics`, beside `table`."""
    metrics = found.get("metrics")
    if isinstance(metrics, dict):
        return metrics
    return {} if set(found) == {CHOICES} else found


def read_choices(path: Path) -> tuple[TableChoices | None, tuple[Note, ...]]:
    """The decisions under `table` in a metadata file; None, and perhaps a note, where none are."""
    if not path.exists():
        return None, ()
    try:
        found = _load(path)
        table = found.get(CHOICES) if isinstance(found, dict) else None
        whole = isinstance(found, dict) and ("metrics" in found or len(found) == 1)
        return (choices_from(table) if isinstance(table, dict) and whole else None), ()
    except (ValueError, TypeError, AttributeError) as error:
        return None, (Note(f"{CHOICES}: {error}", Place(str(path))),)
    except ReadProblem:
        return None, ()  # told when its metrics are read


def _load(path: Path) -> object:
    import yaml

    text, _ = decode(read_bytes(path, MEGABYTE), path)
    if "&" in text and "*" in text:  # nested aliases grow without bound
        raise ReadProblem("uses YAML anchors, which are not read", path)
    try:
        return yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else None
        raise ReadProblem(f"is no YAML: {error.problem}", path, line=line) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ReadProblem(f"is no YAML: {str(error).splitlines()[0]}", path) from None


def with_facts(column: Column, facts: Mapping[str, Any], path: Path) -> tuple[Column, list[Note]]:
    """The column with the facts of the metadata file; facts that cannot be read become notes."""
    changes: dict[str, Any] = {}
    notes = []
    for name, value in facts.items():
        try:
            changes[name] = _fact(name, value)
        except (ValueError, TypeError) as error:
            notes.append(Note(f"{column.name}: {error}", Place(str(path))))
    return replace(column, **changes), notes


def _fact(name: str, value: object) -> object:
    if name in TEXTS:
        return "" if value is None else str(value)
    if name == "direction":
        word = str(value).lower()
        if word not in ("lower", "higher"):
            raise ValueError(f"direction is lower or higher, not {value!r}")
        return Direction(word)
    if name in NUMBERS:
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise ValueError(f"{name} is a number, not {value!r}")
        number = float(value)
        if not math.isfinite(number):
            raise ValueError(f"{name} is a finite number, not {value!r}")
        return number
    raise ValueError(f"{name!r} is not one of {', '.join((*TEXTS, 'direction', *NUMBERS))}")
