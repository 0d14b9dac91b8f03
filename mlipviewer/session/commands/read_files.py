"""The files that a command reads, which it does not write over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from mlipviewer.core.analysis import Inputs
from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.trajectory import Trajectory
from mlipviewer.session.inputs import Input, Kind


def refuse_what_is_read(out: str | Path, read: Iterable[str | Path]) -> None:
    """Raises ReadProblem where a file to be written is one of those that are read."""
    path = Path(out)
    if not path.exists():
        return
    for one in map(Path, read):
        if one.exists() and path.samefile(one):
            raise ReadProblem("is the file that is read: choose another name", path)


def files_read(inputs: Inputs, used: Sequence[Input] = ()) -> Iterator[str]:
    """The files that the inputs of an analysis are of, those beside them too."""
    if inputs.table is not None:
        yield inputs.table.path
    for run in (inputs.trajectory, *inputs.runs.values(), *inputs.beside.values()):
        yield from () if run is None else _of_trajectory(run)
    if inputs.reference is not None:
        yield from _of_trajectory(inputs.reference)
    for one in used:
        yield from files_of(one)


def _of_trajectory(run: Trajectory) -> Sequence[str]:
    paths: Sequence[str] = getattr(run.source, "paths", (run.source.path,))
    return paths


def files_of(one: Input) -> Iterator[str]:
    """The files that an input names."""
    from mlipviewer.io.trajectories.choices import trajectory_choices

    yield from (one.path, *one.more)
    if one.joined is not None:
        yield from files_of(one.joined.first)
        yield from files_of(one.joined.second)
    elif one.kind is Kind.TRAJECTORY:
        choices = trajectory_choices(one.choices)
        yield from filter(None, (choices.topology, *choices.thermo))
