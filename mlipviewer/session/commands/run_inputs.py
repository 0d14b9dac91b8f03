"""What `mlipviewer run` works on: the inputs that the words of a command line name."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from mlipviewer.core.analysis import Inputs
from mlipviewer.core.computation import Engine
from mlipviewer.core.problem import QueryProblem
from mlipviewer.core.table import ErrorTable
from mlipviewer.core.trajectory import Trajectory
from mlipviewer.session.cluster import Cluster
from mlipviewer.session.commands.trajectory_options import choices_of
from mlipviewer.session.inputs import Input, Kind, free_of
from mlipviewer.session.many_frames import ManyFrames
from mlipviewer.session.opening import group_input, open_input, open_path, split_slice
from mlipviewer.session.step_words import table_input
from mlipviewer.session.together import groups_of


class WrongArguments(ValueError):
    """What is wrong with a command line, in one sentence."""


def inputs_of_command(options: argparse.Namespace) -> tuple[list[Input], Inputs]:
    """The files named, and what was read from them. Raises WrongArguments, ReadProblem ..."""
    used = [one for kind in Kind for one in _inputs(options, kind)]
    things = [open_input(one).thing for one in used]
    table = next((one for one in things if isinstance(one, ErrorTable)), None)
    given = [one for one in things if isinstance(one, Trajectory)]
    trajectory = given[0] if given else None
    beside = {one.name: one for one in given[1:]}
    models = _models(options, table)
    runs = _runs(options, table, models) if table is not None else {}
    atoms = _atoms(options, trajectory or next(iter(runs.values()), None))
    reference = _reference(options, {one.name for one in used})
    if reference is not None:
        used.append(reference[0])
    against = reference[1] if reference is not None else None
    engine = _engine(options, used)
    return used, Inputs(table, trajectory, models, atoms, runs, engine, beside, against)


def _reference(options: argparse.Namespace, taken: set[str]) -> tuple[Input, Trajectory] | None:
    """The file of reference values, where one is named, under a name of its own."""
    given = getattr(options, "reference", None)
    if not given or not getattr(options, "compares", False):
        return None
    one = _input_of(Kind.TRAJECTORY, given, options.frames)
    one = replace(one, name=free_of(one.name, taken))
    thing = open_input(one).thing
    return (one, thing) if isinstance(thing, Trajectory) else None


@contextmanager
def closing_engine(inputs: Inputs) -> Iterator[None]:
    """A cluster is let go of in the end."""
    try:
        yield
    finally:
        if isinstance(inputs.engine, Cluster):
            inputs.engine.close()


def _engine(options: argparse.Namespace, used: list[Input]) -> Engine:
    """The cores of this machine, or the workers of a scheduler."""
    known = {one.name: _anywhere(one) for one in used}
    address = getattr(options, "scheduler", "")
    return Cluster(address, known) if address else ManyFrames(known=known)


def _anywhere(one: Input) -> Input:
    """The input by paths that processes in other folders understand."""
    more = tuple(str(Path(path).absolute()) for path in one.more)
    return replace(one, path=str(Path(one.path).absolute()), more=more)


def _inputs(options: argparse.Namespace, kind: Kind) -> list[Input]:
    """The inputs of a kind, under names of their own."""
    given = getattr(options, kind, None) or []
    several = kind is Kind.TRAJECTORY and getattr(options, "overlay", False)
    if len(given) > 1 and kind is Kind.TRAJECTORY and not several:
        return [_together(options, given)]
    if len(given) > 1 and not several:
        raise WrongArguments(f"this analysis takes one --{kind}, not {len(given)}")
    found: list[Input] = []
    for text in given:
        one = _input(options, kind, text)
        found.append(replace(one, name=free_of(one.name, {other.name for other in found})))
    return found


def _input(options: argparse.Namespace, kind: Kind, given: str) -> Input:
    name, text = _named(given)
    if kind is Kind.TABLE:
        return table_input(text, name or Path(text).stem, _choices(options))
    return replace(_input_of(kind, given, options.frames), choices=choices_of(options))


def _input_of(kind: Kind, given: str, some: str) -> Input:
    name, text = _named(given)
    path, frames = split_slice(text)
    return Input(name or Path(path).stem, path, kind, some or frames)


def _together(options: argparse.Namespace, given: list[str]) -> Input:
    """Several files as one trajectory."""
    name = next((name for name, _ in map(_named, given) if name), "")
    groups = groups_of([text for _, text in map(_named, given)], surely=False)
    if len(groups) != 1:
        said = f"this analysis takes one --trajectory, not {len(groups)}"
        raise WrongArguments(f"{said} (formats, steps or atoms differ)")
    ((paths, topology),) = groups
    return group_input(paths, topology, name, options.frames, choices_of(options))


def _choices(options: argparse.Namespace) -> str | None:
    if len(options.choices) > len(options.table):
        n_files, n_tables = len(options.choices), len(options.table)
        raise WrongArguments(f"--choices is given {n_files} times for {n_tables} --table")
    return next(iter(options.choices), None)


def _named(text: str) -> tuple[str, str]:
    """(name, file) of `NAME=FILE`; a file that has this very name wins."""
    name, sign, path = text.partition("=")
    if not sign or Path(text).exists() or "/" in name:
        return "", text
    return name, path


def _models(options: argparse.Namespace, table: ErrorTable | None) -> Any:
    from mlipviewer.core.order import shown_models

    condition = getattr(options, "where", "")
    if table is None or not condition:
        return None
    try:
        return shown_models(table, condition)
    except QueryProblem as problem:
        raise _of_condition("--where", problem, _given_by_an_analysis(str(problem))) from None


def _given_by_an_analysis(reason: str) -> str:
    """What to do where the unknown name is a column that an analysis gives."""
    from mlipviewer.analysis import ANALYSES

    for name, analysis in ANALYSES.items():
        if any(reason == f"there is no {column!r}" for column in analysis.columns):
            return (
                f"; it is a column of `run {name}`, and --where knows those of the table alone: "
                f"write it with --out, and filter that"
            )
    return ""


def _of_condition(option: str, problem: QueryProblem, more: str = "") -> WrongArguments:
    return WrongArguments(f"{option}: {problem} (character {problem.position + 1}){more}")


def _runs(options: argparse.Namespace, table: ErrorTable, models: Any) -> dict[int, Trajectory]:
    """The linked trajectories of the chosen models, by row; the first of each."""
    from mlipviewer.io.links import read_links

    runs: dict[int, Any] = {}
    links = read_links(options.links) if getattr(options, "links", None) else ()
    chosen = set((table.models if models is None else models).tolist())
    for link in links:
        if link.role != "trajectory" or not table.has_key(link.model):
            continue
        row = table.row(link.model)
        if row in chosen and row not in runs:
            runs[row] = open_path(link.path).thing
    return runs


def _atoms(options: argparse.Namespace, trajectory: Trajectory | None) -> Any:
    """The ids of the atoms for which the condition holds in the first frame. Raises
    AnalysisProblem where it holds for none: to an analysis no chosen atoms would mean all."""
    from mlipviewer.core.atoms import some_matching_atoms

    condition = getattr(options, "atoms", None)
    if not condition or trajectory is None:
        return None
    try:
        return some_matching_atoms(condition, trajectory.frame(0))
    except QueryProblem as problem:
        raise _of_condition("--atoms", problem) from None
