"""`mlipviewer convert IN OUT`: tables and trajectories in another format."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlipviewer.cli.codes import CANCELLED, DONE, BadInput, one_line

if TYPE_CHECKING:
    from mlipviewer.core.trajectory import Frame, Trajectory
    from mlipviewer.session.inputs import Input


def convert(words: list[str]) -> int:
    """A table or a trajectory, by what IN is. Returns the exit code."""
    if _is_trajectory(next((word for word in words if not word.startswith("-")), "")):
        return _convert_frames(_parser().parse_args(words))
    from mlipviewer.session.converting import convert as convert_table

    return convert_table(words)


def _is_trajectory(text: str) -> bool:
    from mlipviewer.session.inputs import Kind
    from mlipviewer.session.opening import sniff_kind, split_slice

    path = Path(split_slice(text)[0])
    if not text or path.suffix.lower() == ".txt":
        return False
    return sniff_kind(path) is Kind.TRAJECTORY


def _parser() -> argparse.ArgumentParser:
    from mlipviewer.session.trajectory_options import add_time_options

    parser = argparse.ArgumentParser(
        prog="mlipviewer convert", description="Frames of a trajectory in another format."
    )
    parser.add_argument("file", metavar="IN[@a:b:c]")
    parser.add_argument("out", metavar="OUT", help="an .extxyz, .xyz, .dump or .lammpstrj file")
    parser.add_argument("--frames", metavar="a:b:c", default="", help="some of the frames")
    parser.add_argument("--where", metavar="EXPR", default="", help='e.g. "energy < -10"')
    parser.add_argument("--atoms", metavar="EXPR", default="", help="e.g. \"element == 'Li'\"")
    given = parser.add_argument
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
    from mlipviewer.session.inputs import Input, Kind
    from mlipviewer.session.opening import open_input, split_slice
    from mlipviewer.session.trajectory_options import choices_of

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
    from mlipviewer.core.frames import frame_fits
    from mlipviewer.core.problem import ReadProblem
    from mlipviewer.io.files import write_atomically
    from mlipviewer.io.trajectories.writing import WRITERS

    if Path(options.out).exists() and Path(options.out).samefile(trajectory.source.path):
        raise ReadProblem("is the file that is read: choose another name", options.out)
    write = WRITERS.get(Path(options.out).suffix.lower())
    if write is None:
        raise ReadProblem(f"frames are written as {', '.join(WRITERS)}", options.out)
    counts = [0, 0]

    def fill(file: Any) -> None:
        wanted = [
            k
            for k in range(trajectory.n_frames)
            if not options.where or frame_fits(options.where, k, trajectory.info(k))
        ]
        for whole in _frames(options, one, trajectory, wanted):
            frame = _chosen(whole, options.atoms)
            file.write(write(frame))
            counts[0] += 1
            counts[1] += frame.n_atoms

    write_atomically(options.out, fill)
    return counts[0], trajectory.n_frames, counts[1]


def _frames(
    options: argparse.Namespace, one: Input, trajectory: Trajectory, wanted: list[int]
) -> Iterator[Frame]:
    """The frames, with the forces and the energy of a calculator where one is named."""
    if not options.calculator:
        yield from map(trajectory.frame, wanted)
        return
    from mlipviewer.analysis.frames import calculated_forces as of
    from mlipviewer.core.progress import Progress
    from mlipviewer.session.many_frames import ManyFrames

    params = of.CalculatedForcesParams(options.calculator, options.settings)
    engine = ManyFrames(known={trajectory.name: one})
    found = engine.over(trajectory, of.COMPUTATION, params, wanted, Progress())
    for k, computed in zip(wanted, found, strict=True):
        frame = trajectory.frame(k)
        columns = {**frame.columns, "model_forces": computed.columns[of.COLUMN]}
        info = {**frame.info, "model_energy": computed.values["energy_computed"]}
        yield replace(frame, columns=columns, info=info)


def _chosen(frame: Frame, condition: str) -> Frame:
    from mlipviewer.core.atoms import AtomNames
    from mlipviewer.core.frames import some_atoms
    from mlipviewer.core.query import matching_mask

    if not condition:
        return frame
    return some_atoms(frame, matching_mask(condition, AtomNames(frame), frame.n_atoms))
