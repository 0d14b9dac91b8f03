"""`mlipviewer convert IN OUT`: tables and trajectories in another format."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from mlipviewer.cli.codes import CANCELLED, DONE, BadInput, one_line

if TYPE_CHECKING:
    from mlipviewer.core.trajectory import Trajectory
    from mlipviewer.session.inputs import Input


def convert(words: list[str]) -> int:
    """A table or a trajectory, by what IN is. Returns the exit code."""
    if _is_trajectory(next((word for word in words if not word.startswith("-")), "")):
        return _convert_frames(_parser().parse_args(words))
    from mlipviewer.session.commands.converting import convert as convert_table

    return convert_table(words)


def _is_trajectory(text: str) -> bool:
    from mlipviewer.session.inputs import Kind
    from mlipviewer.session.opening import sniff_kind, split_slice

    path = Path(split_slice(text)[0])
    if not text or path.suffix.lower() == ".txt":
        return False
    return sniff_kind(path) is Kind.TRAJECTORY


def _parser() -> argparse.ArgumentParser:
    from mlipviewer.session.commands.trajectory_options import add_time_options

    parser = argparse.ArgumentParser(
        prog="mlipviewer convert", description="Frames of a trajectory in another format."
    )
    parser.add_argument("file", metavar="IN[@a:b:c]")
    parser.add_argument(
        "out",
        metavar="OUT",
        help="an .extxyz, .dump, .data (one frame), .csv or chemiscope .json.gz",
    )
    parser.add_argument("--frames", metavar="a:b:c", default="", help="some of the frames")
    parser.add_argument("--where", metavar="EXPR", default="", help='e.g. "energy < -10"')
    parser.add_argument("--atoms", metavar="EXPR", default="", help="e.g. \"element == 'Li'\"")
    given = parser.add_argument
    since = "frame (from 0) that `displacement` of atoms, and `largest_displacement` and "
    since += "`rms_displacement` of frames count from (the first)"
    given("--since", metavar="N", type=int, default=0, help=since)
    given("--columns", metavar="a,b", default="", help="of atoms; positions and elements always")
    given(
        "--calculator", metavar="NAME", default="", help="add model_forces and model_energy by it"
    )
    given("--settings", metavar="JSON", default="", help="what the calculator is made with")
    add_time_options(parser.add_argument)
    return parser


def _convert_frames(options: argparse.Namespace) -> int:
    from mlipviewer.core.analysis import AnalysisProblem
    from mlipviewer.core.problem import QueryProblem, ReadProblem
    from mlipviewer.core.progress import Cancelled

    try:
        written, total, atoms = _write(options, *_opened(options))
    except (ReadProblem, AnalysisProblem, OSError) as problem:
        raise BadInput(one_line(problem)) from None
    except QueryProblem as problem:
        _parser().error(f"{problem} (character {problem.position + 1})")
    except Cancelled:
        return CANCELLED
    print(f"{written} of {total} frames, {atoms} atoms: {options.out}")
    return DONE


def _opened(options: argparse.Namespace) -> tuple[Input, Trajectory]:
    from mlipviewer.core.problem import ReadProblem
    from mlipviewer.core.trajectory import Trajectory
    from mlipviewer.session.commands.trajectory_options import choices_of
    from mlipviewer.session.inputs import Input, Kind
    from mlipviewer.session.opening import open_input, split_slice

    path, frames = split_slice(options.file)
    kind = Kind.TRAJECTORY
    one = Input(Path(path).name, path, kind, options.frames or frames, choices_of(options))
    thing = open_input(one).thing
    if not isinstance(thing, Trajectory):
        raise ReadProblem("is no trajectory", path)
    return one, thing


def _write(options: argparse.Namespace, one: Input, trajectory: Trajectory) -> tuple[int, int, int]:
    """(frames written, frames read, atoms written in all). Raises ReadProblem, QueryProblem,
    AnalysisProblem."""
    from mlipviewer.session.commands.frame_converting import Wanted, write_frames

    columns = tuple(one.strip() for one in options.columns.split(",") if one.strip()) or None
    asked = (options.where, options.atoms, options.calculator, options.settings)
    wanted = Wanted(*asked, columns, since=options.since)
    frames, atoms = write_frames(trajectory, options.out, wanted, {trajectory.name: one})
    return frames, trajectory.n_frames, atoms
