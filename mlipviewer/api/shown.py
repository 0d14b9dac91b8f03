"""What a viewer is asked to show is there, else it is told."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from mlipviewer.core.differences import DISPLACEMENT
from mlipviewer.core.order import shown_models
from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.rows import Rows
from mlipviewer.core.rows import rows as as_rows
from mlipviewer.core.table import ErrorTable
from mlipviewer.core.trajectory import Trajectory
from mlipviewer.session.conditions import set_masks
from mlipviewer.session.panels import result_columns
from mlipviewer.session.saving.session_file import SUFFIX
from mlipviewer.session.state import State

Value = TypeVar("Value")


def there(thing: Value | None, what: str) -> Value:
    """Raises ReadProblem where nothing of the kind is shown."""
    if thing is None:
        raise ReadProblem(f"no {what} is shown", "")
    return thing


def models_of(table: ErrorTable, wanted: str | Sequence[str]) -> Rows:
    """The models for which a condition holds, or of these keys. Raises QueryProblem, KeyError."""
    if isinstance(wanted, str):
        return shown_models(table, wanted)
    unknown = [key for key in wanted if not table.has_key(key)]
    if unknown:
        raise KeyError(f"no model {unknown[0]!r} in table {table.name!r}")
    return as_rows([table.row(key) for key in wanted])


def _run(state: State, name: str) -> Trajectory:
    """The run of that name, the shown one where none is named."""
    return there(state.loaded_trajectory(name) if name else state.trajectory, "trajectory")


def frame_number(state: State, name: str, frame: int) -> int:
    """The number of a frame of a run from 0; -1 is the last, as for `run.frame`. Raises
    IndexError, ReadProblem."""
    run = _run(state, name)
    if not -run.n_frames <= frame < run.n_frames:
        raise IndexError(f"no frame {frame}: {run.name} has {run.n_frames}, counted from 0")
    return range(run.n_frames)[frame]


def known_colour(state: State, column: str, name: str, frame: int | None) -> None:
    """Raises KeyError for what atoms cannot be coloured by in the shown frame, nor in that one."""
    from mlipviewer.gui.scene.paints import paintable_columns

    frames = [state.moment.frames.get(state.document.trajectory or "")]
    frames += [] if frame is None else [_run(state, name).frame(frame)]
    found = (paintable_columns(one) for one in frames if one is not None)
    known = tuple(dict.fromkeys(name for names in found for name in names))
    beside = column == DISPLACEMENT or column.startswith("spread(")
    if column not in known and not beside:
        raise KeyError(f"no column {column!r} of atoms; there are {', '.join(known)}")


def known_condition(state: State, condition: str) -> None:
    """Raises QueryProblem for a condition that cannot be read, or asks for what is not there."""
    if state.table is not None:
        names = {**result_columns(state), **set_masks(state.document, state.table)}
        shown_models(state.table, condition, names)


def session_path(path: str | Path) -> Path:
    """Where a session is written: under its name, with its ending."""
    place = Path(path).absolute()
    return place if place.suffix.lower() == SUFFIX else place.with_name(place.name + SUFFIX)
