"""YAML leaderboards -> cells: one file of records, or a folder with a file for each model."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from mlipviewer.core.problem import Note, ReadProblem
from mlipviewer.io.files import MEGABYTE, decode, read_bytes
from mlipviewer.io.tables.delimited import LISTED, Cells, unfinished
from mlipviewer.io.tables.metadata import SUFFIX as METADATA
from mlipviewer.io.tables.nested import records_of, unwrapped
from mlipviewer.io.tables.records import DEEPEST, Record, cells_of_records

SUFFIXES = (".yml", ".yaml")
SIZE_LIMIT = 4 * MEGABYTE
MOST_FILES = 5_000
MOST_ENTRIES = 20_000  # looked at in a folder
LOOKED_AT = 500  # entries of a folder before it is said what it holds


def read_yaml(text: str, path: str) -> Cells:
    """The cells of one file. Raises ReadProblem."""
    records, notes = records_of(load_yaml(text, path), "YAML", path)
    notes += unfinished(text, path)
    return cells_of_records(unwrapped(records), list(range(1, len(records) + 1)), path, notes)


def read_yaml_folder(folder: Path) -> Cells:
    """A row for each YAML file below a folder; files that hold no record are left out with a note.

    Raises ReadProblem where there is none.
    """
    files = list(_yaml_files(folder))
    if not files:
        raise ReadProblem("is a folder without YAML files", folder)
    records: list[Record] = []
    notes: list[Note] = []
    for file in files:
        try:
            records += _records_of_file(file, folder, notes)
        except ReadProblem as problem:
            notes.append(Note(f"{problem.reason}; the file is left out", problem.place, True))
    if not records:
        raise ReadProblem(f"none of {len(files)} YAML files holds a record", folder)
    lines = list(range(1, len(records) + 1))
    return cells_of_records(unwrapped(records), lines, str(folder), notes[: LISTED + 1])


def _records_of_file(file: Path, folder: Path, notes: list[Note]) -> list[Record]:
    """The records of a file, each with the file's name; its folder is the family."""
    text, told = decode(read_bytes(file, SIZE_LIMIT), file)
    notes += told
    records, how = records_of(load_yaml(text, str(file)), "YAML", str(file))
    notes += how
    place = {"file": file.stem}
    if file.parent != folder:
        place["family"] = file.parent.name
    return [{**place, **record} for record in records]


def _yaml_files(folder: Path) -> Iterator[Path]:
    found = 0
    for path in _below(folder, MOST_ENTRIES):
        if path.suffix.lower() in SUFFIXES and not path.name.endswith(METADATA):
            found += 1
            if found > MOST_FILES:
                raise ReadProblem(f"holds more than {MOST_FILES} YAML files", folder)
            yield path


def _below(folder: Path, most: int) -> Iterator[Path]:
    """The files in a folder and its folders, by name, at most so many entries; links not followed.

    Hidden ones are left out.
    """
    n_seen = 0
    for base, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            n_seen += 1
            if n_seen > most:
                return
            if not name.startswith("."):
                yield Path(base, name)


def is_leaderboard_folder(folder: Path) -> bool:
    """Whether most of the first files below a folder are YAML."""
    names = [path.suffix.lower() for path in _below(folder, LOOKED_AT)]
    return 2 * sum(name in SUFFIXES for name in names) > len(names)


def load_yaml(text: str, path: str) -> object:
    """What plain YAML says, its words as they stand there. Tags and aliases, which run code or grow
    without bound, are refused. Raises ReadProblem.
    """
    import yaml

    try:
        safe = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        _check_events(text, safe, path)
        return yaml.load(text, Loader=_as_written(getattr(yaml, "CSafeLoader", yaml.SafeLoader)))  # noqa: S506
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else None
        raise ReadProblem(f"is no plain YAML: {error.problem}", path, line=line) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ReadProblem(f"is no plain YAML: {str(error).splitlines()[0]}", path) from None


@cache
def _as_written(safe: Any) -> type:
    """A safe loader for which `no` is a name, 0123 no octal and 12:30:45 no number: columns of
    numbers are made of text later, as in any table."""
    null = {
        first: [(tag, match) for tag, match in known if tag.endswith(":null")]
        for first, known in safe.yaml_implicit_resolvers.items()
    }
    return type("AsWritten", (safe,), {"yaml_implicit_resolvers": null})


def _check_events(text: str, loader: type, path: str) -> None:
    import yaml

    depth = 0
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.AliasEvent):
            raise ReadProblem("uses YAML aliases, which are not read", path)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise ReadProblem(f"is nested more than {DEEPEST} deep", path)
