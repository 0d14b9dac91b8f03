"""`mlipviewer info FILE`: what a file holds."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mlipviewer.cli.codes import DONE, BadInput


def info(words: list[str]) -> int:
    """Print what a file holds. Returns the exit code."""
    from mlipviewer.core.problem import ReadProblem
    from mlipviewer.session.commands.trajectory_options import add_time_options, choices_of

    parser = argparse.ArgumentParser(prog="mlipviewer info")
    parser.add_argument("file", metavar="FILE[@a:b:c]")
    parser.add_argument("--json", action="store_true", help="as JSON")
    add_time_options(parser.add_argument)
    options = parser.parse_args(words)
    try:
        found = _description(options.file, choices_of(options))
    except ReadProblem as problem:
        raise BadInput(str(problem)) from None
    if options.json:
        print(json.dumps(found, ensure_ascii=False, indent=1, default=str))
    else:
        _print_facts(found)
    return DONE


def _description(text: str, choices: str) -> Mapping[str, Any]:
    """Raises ReadProblem."""
    from mlipviewer.core.trajectory import Trajectory
    from mlipviewer.io.tables.facts import table_facts
    from mlipviewer.session.inputs import Input, Kind
    from mlipviewer.session.opening import open_input, sniff_kind, split_slice
    from mlipviewer.session.saving.session_file import SUFFIX

    path, frames = split_slice(text)
    if path.lower().endswith(SUFFIX):
        return _session_facts(path)
    is_run = sniff_kind(Path(path)) is Kind.TRAJECTORY and Path(path).suffix.lower() != ".txt"
    kind = Kind.TRAJECTORY if is_run else Kind.TABLE
    one = Input(Path(path).name, path, kind, frames, choices if is_run else "")
    thing = open_input(one).thing
    if isinstance(thing, Trajectory):
        from mlipviewer.io.trajectories.facts import trajectory_facts

        return trajectory_facts(thing)
    assert thing is not None
    return table_facts(thing)


def _session_facts(path: str) -> Mapping[str, Any]:
    """What a session file holds; nothing of it is opened. Raises ReadProblem."""
    from mlipviewer.session.saving.restoring import missing
    from mlipviewer.session.saving.session_file import read_session

    saved = read_session(Path(path))
    inputs = {one.name: (missing(one) and "not there") or one.path for one in saved.document.inputs}
    return {
        "kind": "session",
        "format": saved.format,
        "inputs": inputs,
        "panels": [panel.title for panel in saved.document.panels],
        "steps of undo": len(saved.past),
        "problems": list(saved.problems),
    }


def _print_facts(facts: Mapping[str, Any]) -> None:
    for name, value in facts.items():
        if name == "columns" and isinstance(value, list):
            _print_columns(value)
        elif isinstance(value, Mapping):
            for part, one in value.items():
                print(f"{name}.{part}: {_shown(one)}")
        else:
            print(f"{name}: {_shown(value)}")


def _print_columns(columns: list[Any]) -> None:
    for column in columns:
        if isinstance(column, Mapping):
            about = " ".join(str(v) for k, v in column.items() if k != "name" and v)
            print(f"column {column.get('name') or '(nameless)'}: {about}")
        else:
            print(f"column {column}")


def _shown(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value) or "none"
    return "none" if value is None else str(value)
