"""Tables and trajectories from files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from mlipviewer.core.order import shown_models
from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.table import ErrorTable
from mlipviewer.core.trajectory import Trajectory
from mlipviewer.session.inputs import Input, Kind
from mlipviewer.session.opening import group_input, open_input, split_slice
from mlipviewer.session.step_words import input_from

PathLike = str | Path
Thing = TypeVar("Thing", ErrorTable, Trajectory)
_read: WeakKeyDictionary[Any, Input] = WeakKeyDictionary()


def read_table(
    path: PathLike, name: str = "", choices: Mapping[str, Any] | None = None
) -> ErrorTable:
    """The error table of a file. `choices`: what its columns and rows mean, and under `steps` what
    is done with it (docs/guide/python.md). Raises ReadProblem, AnalysisProblem, OSError."""
    whole = Path(path).expanduser().absolute()
    try:
        one = input_from(str(whole), name or whole.name, choices or {}, whole.parent)
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise ReadProblem(f"these are no choices about a table: {error}", whole) from None
    table = open_input(one).thing
    assert isinstance(table, ErrorTable)
    return remembered(table if not name else table.renamed(name), one)


def read_trajectory(
    path: PathLike | Sequence[PathLike], name: str = "", frames: str = "", **choices: Any
) -> Trajectory:
    """The trajectory of a file, of a folder, of `run_*.dump`, or of several files that go on where
    the one before ends. Nothing but its first frames is read until it is asked for.

    `frames`: a slice `a:b:c`, also as `path@a:b:c`. What the file does not say: `interval` (ps
    between frames), `temperature` (K), `units` (a style of LAMMPS), `elements` ({"1": "Si"}),
    `topology`, `thermo` (paths) and `roles` ({"energy": "REF_energy"}). Raises ReadProblem.
    """
    many = [path] if isinstance(path, str | Path) else list(path)
    if not many:
        raise ReadProblem("no file is named", "")
    first, part = split_slice(str(many[0]))
    paths = [str(Path(one).expanduser().absolute()) for one in (first, *many[1:])]
    said = _said(choices, paths[0])
    if len(paths) > 1:
        one = group_input(paths, "", name, frames or part, said)
    else:
        called = name or Path(paths[0]).name
        one = Input(called, paths[0], Kind.TRAJECTORY, frames or part, said)
    if not Path(one.path).exists() and "*" not in Path(one.path).name:
        raise ReadProblem("there is no such file", one.path)
    thing = open_input(one).thing
    assert isinstance(thing, Trajectory)
    return remembered(thing, one)


def _said(choices: Mapping[str, Any], path: str) -> str:
    """Choices about a trajectory as the document keeps them. Raises ReadProblem."""
    import json

    from mlipviewer.io.trajectories.choices import TrajectoryChoices, trajectory_choices

    unknown = choices.keys() - TrajectoryChoices.__dataclass_fields__.keys()
    if unknown:
        known = ", ".join(TrajectoryChoices.__dataclass_fields__)
        raise TypeError(f"{sorted(unknown)[0]!r} is none of {known}")
    given = {
        key: list(value.items()) if isinstance(value, Mapping) else value
        for key, value in choices.items()
    }
    if isinstance(given.get("thermo"), str | Path):
        given["thermo"] = [given["thermo"]]
    try:
        return trajectory_choices(json.dumps(given, default=str)).as_text()
    except (ValueError, TypeError) as error:
        raise ReadProblem(str(error), path) from None


def models(table: ErrorTable, where: str = "") -> tuple[str, ...]:
    """The keys of the models for which a condition holds, in order. Raises QueryProblem."""
    return tuple(table.keys[row] for row in shown_models(table, where))


def remembered(thing: Thing, one: Input) -> Thing:
    """What was read, known by the file it is of."""
    _read[thing] = one
    return thing


def input_of(thing: ErrorTable | Trajectory) -> Input | None:
    """The file that a thing was read from; None for one made in memory."""
    return _read.get(thing)


def the_table(given: ErrorTable | PathLike | None) -> ErrorTable | None:
    """A table, or that of a path."""
    return read_table(given) if isinstance(given, str | Path) else given


def the_trajectory(given: Trajectory | PathLike | None) -> Trajectory | None:
    """A trajectory, or that of a path."""
    return read_trajectory(given) if isinstance(given, str | Path) else given
