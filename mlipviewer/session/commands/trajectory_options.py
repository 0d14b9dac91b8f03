"""What the commands say of a trajectory: how far apart its frames are, and what they are."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mlipviewer.core.problem import ReadProblem


def add_time_options(add: Callable[..., Any]) -> None:
    """Options for what a trajectory does not say itself."""
    add("--frame-interval", metavar="PS", type=_positive, help="time between frames, in ps")
    add("--temperature", metavar="K", type=_positive, help="temperature that the run was held at")
    add("--units", metavar="STYLE", default="", help="LAMMPS units where the file states none")
    add("--elements", metavar="1=Si,2=O", default="", help="elements of the atom types")
    add("--topology", metavar="FILE", default="", help="a structure that names the atoms")
    add("--thermo", metavar="FILE", action="append", default=[], help="log.lammps, OSZICAR ...")


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value < 1e15:
        raise argparse.ArgumentTypeError(f"{text} is not a positive number")
    return value


def choices_of(options: argparse.Namespace) -> str:
    """The choices in the options, as the document keeps them. Exits with 2 where they are wrong.
    Raises ReadProblem for a file that is not there."""
    from mlipviewer.io.trajectories.choices import TrajectoryChoices, trajectory_choices

    if not hasattr(options, "frame_interval"):
        return ""
    for path in filter(None, (options.topology, *options.thermo)):
        if not Path(path).exists():
            raise ReadProblem("there is no such file", path)
    pairs = (pair.partition("=") for pair in options.elements.split(",") if pair)
    text = TrajectoryChoices(
        interval=options.frame_interval,
        temperature=options.temperature,
        units=options.units,
        elements=tuple((label.strip(), symbol.strip()) for label, _, symbol in pairs),
        topology=options.topology,
        thermo=tuple(options.thermo),
    ).as_text()
    try:
        trajectory_choices(text)
    except ValueError as problem:
        argparse.ArgumentParser(prog="mlipviewer").error(str(problem))
    return text
