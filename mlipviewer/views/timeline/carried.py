"""The shown frame for other programs, as a file of extended XYZ with all its columns."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.trajectory import Trajectory
from mlipviewer.gui.carrying import Carried, Make, room_for
from mlipviewer.session.commands.frame_converting import Wanted, write_frames
from mlipviewer.session.computing import with_columns
from mlipviewer.session.state import State


def carried_frame(state: State) -> Make | None:
    """What makes the file of the shown frame; None where there is none."""
    trajectory, index = state.trajectory, state.frame
    if trajectory is None or trajectory.n_frames == 0:
        return None
    return partial(_made, with_columns(trajectory, state.document.computed), index)


def _made(trajectory: Trajectory, index: int) -> Carried:
    """Raises ValueError, OSError."""
    stem = Path(trajectory.name).name.partition(".")[0] or "frame"
    path = room_for(f"{stem} frame {index + 1}.extxyz")
    try:
        write_frames(trajectory, path, Wanted(frames=(index,)), {})
    except ReadProblem as problem:
        raise ValueError(str(problem)) from problem
    return Carried(f"frame {index + 1} of {trajectory.name}", path, path.read_text("utf-8"))
