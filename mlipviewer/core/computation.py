"""What is found about one frame at a time: columns of its atoms and numbers of the whole.

A file in `analysis/frames` holds one `Computation`. Its columns are as those of the file: they
colour, filter, plot and are exported. Analyses of whole trajectories ask an `Engine`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Protocol

from mlipviewer.core.averaging import frame_averaged
from mlipviewer.core.params import Params
from mlipviewer.core.problem import Note
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Array, Frame, FrameSource, Trajectory

POSITIONS_ALONE, ANY_COLUMN = 1, 2
"""Which columns of other computations one reads."""


def _none() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, eq=False)
class Computed:
    """Per-atom `columns` (n,) or (n, k) in the order of the frame, and `values` of the frame.

    `classes` and `colours` (`#rrggbb`, '' for the usual one) are the names of the numbers of those
    columns whose classes depend on the parameters.
    """

    columns: Mapping[str, Array] = field(default_factory=_none)
    values: Mapping[str, Any] = field(default_factory=_none)
    classes: Mapping[str, tuple[str, ...]] = field(default_factory=_none)
    colours: Mapping[str, tuple[str, ...]] = field(default_factory=_none)

    def __post_init__(self) -> None:
        for array in self.columns.values():
            array.flags.writeable = False


@dataclass(frozen=True)
class Computation:
    """A pure function of one frame. Its `columns` and `values` tell what each name means.

    `classes`: the names that the numbers of a column stand for; `units` by name. `run` raises
    AnalysisProblem where a frame cannot be had (a cell without volume, a missing column ...).
    """

    name: str
    title: str
    about: str
    params: type[Params]
    run: Callable[[Frame, Any], Computed]
    columns: Mapping[str, str]
    values: Mapping[str, str] = field(default_factory=_none)
    classes: Mapping[str, tuple[str, ...]] = field(default_factory=_none)
    units: Mapping[str, str] = field(default_factory=_none)
    in_processes: bool = False  # it holds Python's lock, or may crash: not for threads
    version: int = (
        1  # to be raised when its numbers change: what is kept of earlier ones is dropped
    )
    reads_columns: int = 0
    """Also those of other computations, after which it comes: POSITIONS_ALONE, or any of them."""
    around: Callable[[Any], int] | None = None
    """From its parameters: over how many frames before and after positions are to be averaged."""

    depends_on: Callable[[Any], str] | None = None
    """From its parameters: what else its numbers depend on, as the contents of files they name."""

    def frames_around(self, params: Params) -> int:
        """How many frames before and after the one that is computed it asks for."""
        return 0 if self.around is None else self.around(params)

    def run_in(self, source: FrameSource, index: int, params: Params) -> Computed:
        """What is found of a frame of a file. Raises ReadProblem, AnalysisProblem."""
        around = self.frames_around(params)
        return self.run(frame_averaged(source.frame, source.n_frames, index, around), params)

    def __hash__(self) -> int:
        return hash(self.name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Computation) and other.name == self.name


@dataclass(frozen=True)
class Asked:
    """A computation by name with its parameters: hashable, part of the document."""

    computation: str
    params: Params


def with_computed(frame: Frame, computation: Computation, found: Computed) -> Frame:
    """The frame with what was computed of it, its columns under their `column_name`."""
    new = {column_name(name, frame): array for name, array in found.columns.items()}
    named = {**computation.classes, **found.classes}
    classes = {column_name(name, frame): names for name, names in named.items()}
    colours = {column_name(name, frame): given for name, given in found.colours.items()}
    units = {column_name(name, frame): unit for name, unit in computation.units.items()}
    return replace(
        frame,
        columns=MappingProxyType({**frame.columns, **new}),
        classes=MappingProxyType({**frame.classes, **classes}),
        class_colours=MappingProxyType({**frame.class_colours, **colours}),
        units=MappingProxyType({**frame.units, **units}),
        info=MappingProxyType({**frame.info, **found.values}),
    )


def column_name(name: str, frame: Frame) -> str:
    """What a computed column is called: a column of the file that has its name keeps it."""
    return f"{name} (computed)" if name in frame.columns else name


def with_failed(frame: Frame, computation: Computation, reason: str) -> Frame:
    """The frame with a note on what could not be computed of it."""
    return replace(frame, notes=(*frame.notes, Note(f"{computation.title}: {reason}")))


class Engine(Protocol):
    """Computes many frames, in whatever way: in turn, on all cores, on a cluster, or from what is
    kept of earlier runs."""

    def over(
        self,
        trajectory: Trajectory,
        computation: Computation,
        params: Params,
        frames: Sequence[int],
        progress: Progress,
    ) -> Iterator[Computed]:
        """What is found of each of `frames` (indices of the trajectory), in their order.

        Raises ReadProblem, AnalysisProblem, Cancelled.
        """
        ...


class InTurn:
    """The plain engine: one frame after the other."""

    def over(
        self,
        trajectory: Trajectory,
        computation: Computation,
        params: Params,
        frames: Sequence[int],
        progress: Progress,
    ) -> Iterator[Computed]:
        for done, index in enumerate(frames):
            progress.step(done, len(frames))
            yield computation.run_in(trajectory.source, trajectory.frames[index], params)


class OfTrajectory(Protocol):
    """Inputs of an analysis (core.analysis): a trajectory, and who computes its frames."""

    @property
    def engine(self) -> Engine | None: ...

    def the_trajectory(self) -> Trajectory: ...


def over_frames(
    inputs: OfTrajectory,
    computation: Computation,
    params: Params,
    frames: Sequence[int],
    progress: Progress,
) -> Iterator[Computed]:
    """What is found of the chosen frames of the inputs' trajectory, by the inputs' engine."""
    engine = inputs.engine or InTurn()
    return engine.over(inputs.the_trajectory(), computation, params, frames, progress)
