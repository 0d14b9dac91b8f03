"""Columns that are computed for the shown frames, and the changes of which these are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary

from mlipviewer.analysis import COMPUTATIONS
from mlipviewer.core.analysis import AnalysisProblem, Params
from mlipviewer.core.averaging import frame_averaged
from mlipviewer.core.computation import (
    Asked,
    Computation,
    column_name,
    with_computed,
    with_failed,
)
from mlipviewer.core.problem import Note, ReadProblem
from mlipviewer.core.trajectory import Frame, FrameSource, Trajectory
from mlipviewer.session.colourings import recolour, set_colouring
from mlipviewer.session.state import Colouring, State


class ComputedSource:
    """A FrameSource whose frames carry computed columns; what cannot be had is a note of them."""

    def __init__(self, source: FrameSource, asked: tuple[Asked, ...]) -> None:
        self.inside, self.asked = source, asked

    @property
    def path(self) -> str:
        return self.inside.path

    @property
    def format(self) -> str:
        return self.inside.format

    @property
    def n_frames(self) -> int:
        return self.inside.n_frames

    @property
    def notes(self) -> tuple[Note, ...]:
        return self.inside.notes

    def info(self, index: int) -> Mapping[str, Any]:
        """See FrameSource."""
        return self.inside.info(index)

    def frame(self, index: int) -> Frame:
        """The frame with its columns. Raises IndexError, ReadProblem."""
        frame = self.inside.frame(index)
        for one in sorted(self.asked, key=_reads_columns):
            computation = COMPUTATIONS[one.computation]
            try:
                found = computation.run(self._seen(frame, computation, one.params), one.params)
                frame = with_computed(frame, computation, found)
            except (AnalysisProblem, ReadProblem) as problem:
                frame = with_failed(frame, computation, str(problem))
        return replace(frame, computed=self.asked)

    def _seen(self, frame: Frame, computation: Computation, params: Params) -> Frame:
        """The frame, with positions averaged over neighbouring frames where that is asked."""
        around = computation.frames_around(params)
        if not around:
            return frame
        source = self.inside
        mean = frame_averaged(source.frame, source.n_frames, frame.index, around)
        return replace(frame, positions=mean.positions)


def _reads_columns(one: Asked) -> int:
    return COMPUTATIONS[one.computation].reads_columns


def behind(column: str, asked: tuple[Asked, ...]) -> tuple[Asked, ...]:
    """Which of `asked` a column needs: its own computation and those that come before it, as it may
    read their columns; none for a column of the file."""
    name = column.removesuffix(" (computed)")
    own = tuple(one for one in asked if _gives(COMPUTATIONS[one.computation], name))
    last = max(map(_reads_columns, own), default=0)
    return tuple(one for one in asked if one in own or _reads_columns(one) < last)


def _gives(computation: Computation, name: str) -> bool:
    """Some have columns by element: `coordination_O`."""
    return any(name == known or name.startswith(f"{known}_") for known in computation.columns)


_computing: WeakKeyDictionary[Trajectory, Trajectory] = WeakKeyDictionary()
"""What each trajectory was last asked to be computed with."""


def with_columns(trajectory: Trajectory, asked: tuple[Asked, ...]) -> Trajectory:
    """The trajectory with computed columns: the same object as long as the same is asked."""
    if not asked:
        return trajectory
    known = _computing.get(trajectory)
    source = known.source if known is not None else None
    if known is not None and isinstance(source, ComputedSource) and source.asked == asked:
        return known
    found = replace(trajectory, source=ComputedSource(trajectory.source, asked))
    _computing[trajectory] = found
    return found


def compute(state: State, name: str, params: Params | None = None) -> State:
    """Have a computation's columns on all frames, with these parameters; the first colours."""
    computation = COMPUTATIONS[name]
    new = Asked(name, params if params is not None else computation.params())
    old = state.document.computed
    if new in old:
        return state
    there = any(one.computation == name for one in old)
    asked = tuple(new if one.computation == name else one for one in old) if there else (*old, new)
    state = state.with_document(computed=asked)
    return state if there else set_colouring(state, Colouring(_first_column(state, name)))


def _first_column(state: State, name: str) -> str:
    """What the first column of a computation is called in the shown frames."""
    column = next(iter(COMPUTATIONS[name].columns))
    frames = state.moment.frames.values()
    return next((column_name(column, frame) for frame in frames), column)


def compute_no_more(state: State, name: str) -> State:
    """Let go of a computation's columns; what was coloured by them shows species."""
    kept = tuple(one for one in state.document.computed if one.computation != name)
    if len(kept) == len(state.document.computed):
        return state
    state, computation = state.with_document(computed=kept), COMPUTATIONS[name]
    every = {one.column for one in (state.document.colouring, *state.document.further)}
    return recolour(state, {name: "species" for name in every if _is_of(computation, name)})


def _is_of(computation: Computation, column: str) -> bool:
    """Whether a column of a frame is one of a computation."""
    bare = f"{column.removesuffix(' (computed)')}_"
    return any(bare.startswith(f"{one}_") for one in computation.columns)
