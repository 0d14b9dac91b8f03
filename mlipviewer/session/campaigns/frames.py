"""Frames of the shown run as a set of a design: written beside it, and named in it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from mlipviewer.campaign.labelled import read_labelled
from mlipviewer.core.plot import Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import Rows, all_rows
from mlipviewer.core.trajectory import Trajectory
from mlipviewer.io.files import write_bytes
from mlipviewer.io.trajectories.writing import as_extxyz
from mlipviewer.session.campaigns import changes
from mlipviewer.session.notices import add_notice
from mlipviewer.session.state import Errand, Notice, State, Weight


def file_for(folder: Path, name: str) -> Path:
    """A file beside the design that is not there yet."""
    names = (f"{name}{'' if n == 1 else f'-{n}'}.extxyz" for n in count(1))
    return next(folder / one for one in names if not (folder / one).exists())


def chosen_frames(state: State) -> Rows:
    """The selected frames of the shown run, else all."""
    trajectory = state.trajectory
    if trajectory is None:
        return all_rows(0)
    chosen = state.selected(Space.FRAME)
    return chosen if len(chosen) else all_rows(trajectory.n_frames)


def about(state: State) -> str:
    """Which frames they are, in words."""
    trajectory, chosen = state.trajectory, chosen_frames(state)
    if trajectory is None:
        return ""
    whole = len(chosen) == trajectory.n_frames
    which = f"all {len(chosen)}" if whole else f"the {len(chosen)} selected"
    return f"{which} frames of {trajectory.name}"


def errand(state: State, said: Mapping[str, Any]) -> Errand:
    """Write the frames to the file that `said` names, and add the set to the design."""
    trajectory, design = state.trajectory, state.document.campaign.file
    assert trajectory is not None
    work = partial(_written, trajectory, chosen_frames(state), Path(str(said["file"])))
    land = partial(_added, said=said, design=design)
    return Errand(f"Make the set {said['name']}", work, land)


def _written(trajectory: Trajectory, chosen: Rows, path: Path, progress: Progress) -> int:
    """How many frames were written. Raises ReadProblem where they have no energies or forces."""
    parts = []
    for k, index in enumerate(chosen):
        progress.step(k, len(chosen))
        parts.append(as_extxyz(trajectory.frame(int(index))))
    write_bytes(path, b"".join(parts))
    try:
        return len(read_labelled(path))
    except Exception:
        path.unlink(missing_ok=True)
        raise


def _added(state: State, _n: int, said: Mapping[str, Any], design: str) -> State:
    """The set joins the design that it was made for, not one that was opened meanwhile."""
    if state.document.campaign.file == design:
        return changes.add_part(state, "set", said)
    text = f"{said['file']} is written, but {Path(design).name} is not open: it lacks the set"
    return add_notice(state, Notice(text, Weight.WARNING))
