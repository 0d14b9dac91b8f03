"""Work on one frame that another process can do: where the frame is read, and what is asked of it.

The frame itself is not sent: the worker opens the file as the document means it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any, Protocol

import numpy as np

from mlipviewer.core.analysis import Params
from mlipviewer.core.averaging import frame_averaged
from mlipviewer.core.computation import Computation, Computed
from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.progress import Cancelled, Progress
from mlipviewer.core.trajectory import Frame, FrameSource, Trajectory
from mlipviewer.io.kept_results import KeptResults
from mlipviewer.session.inputs import Input
from mlipviewer.session.opening import open_input

POLL = 0.2  # s between two looks at whether the work is still wanted

Plain = tuple[dict[str, Any], ...]
"""What `Computed` holds of a frame, as it is sent."""


@dataclass(frozen=True)
class FrameWork:
    """`run(frame number, params)` of the trajectory that `input` is, its positions averaged over
    `around` frames before and after; `seen` is what its first frame must look like (`as_read`)."""

    input: Input
    number: int
    run: Callable[[Frame, Any], Computed]
    params: Params
    seen: str
    around: int = 0


def find(work: FrameWork) -> Plain:
    """What is found of the frame. Raises ReadProblem, AnalysisProblem."""
    trajectory, seen = _opened(work.input)
    if work.number >= trajectory.n_frames or not is_there(trajectory.source):
        _opened.cache_clear()  # it was written anew, or has grown, since it was opened here
        trajectory, seen = _opened(work.input)
    if seen != work.seen:
        raise ReadProblem("a worker reads another file under this name", work.input.path)
    source, number = trajectory.source, trajectory.frames[work.number]
    frame = frame_averaged(source.frame, source.n_frames, number, work.around)
    found = work.run(frame, work.params)
    return dict(found.columns), dict(found.values), dict(found.classes), dict(found.colours)


@lru_cache(maxsize=4)
def _opened(one: Input) -> tuple[Trajectory, str]:
    thing = open_input(one).thing
    if not isinstance(thing, Trajectory):
        raise ReadProblem("that is no trajectory", one.path)
    return thing, as_read(thing.source.frame(0))


def is_there(source: FrameSource) -> bool:
    """Whether the file at its path is the one that is read, as far as the source can tell."""
    there: Callable[[], bool] | None = getattr(source, "is_there", None)
    return there is None or there()


def as_read(frame: Frame) -> str:
    """What elements and units a user decided on shows in the numbers of the first frame."""
    digest = sha256(np.ascontiguousarray(frame.positions).tobytes())
    digest.update(np.ascontiguousarray(frame.numbers).tobytes())
    return digest.hexdigest()


class Sent(Protocol):
    """Work that is under way elsewhere."""

    def result(self, timeout: float | None = None) -> Any: ...

    def cancel(self) -> Any: ...


@dataclass(frozen=True, eq=False)
class Task:
    """All frames of a question: of which trajectory, meant how, and where answers are kept."""

    trajectory: Trajectory
    input: Input
    computation: Computation
    params: Params
    kept: KeptResults | None

    def works(self, frames: Iterator[int]) -> Iterator[FrameWork]:
        """Raises ReadProblem where others would read another file."""
        if not is_there(self.trajectory.source):
            reason = "the file was replaced while it was open; read it anew"
            raise ReadProblem(reason, self.trajectory.source.path)
        seen = as_read(self.trajectory.source.frame(0))
        run, around = self.computation.run, self.computation.frames_around(self.params)
        return (FrameWork(self.input, index, run, self.params, seen, around) for index in frames)

    def known(self, work: FrameWork) -> Computed | None:
        number = self.trajectory.frames[work.number]
        lasts = stays(self.trajectory, number, work.around)
        return self.kept.load(number) if self.kept is not None and lasts else None

    def keep(self, work: FrameWork, found: Computed) -> None:
        number = self.trajectory.frames[work.number]
        if self.kept is not None and stays(self.trajectory, number, work.around):
            self.kept.save(number, found)


def stays(trajectory: Trajectory, number: int, around: int) -> bool:
    """Whether what is found of frame `number` of the source is worth keeping: a growing file adds
    to those over which the last ones are averaged."""
    n_frames = trajectory.source.n_frames
    return not around or number + around < n_frames or n_frames == 1


def gathered(
    task: Task,
    frames: range | list[int],
    send: Callable[[FrameWork], Sent],
    ahead: int,
    progress: Progress,
) -> Iterator[Computed]:
    """What is found of each frame, in order; `ahead` of them are under way. What is kept already is
    not sent. Raises Cancelled and what `Sent.result` raises."""
    waiting: deque[tuple[FrameWork, Computed | Sent]] = deque()
    works = task.works(iter(frames))
    try:
        for done in range(len(frames)):
            while len(waiting) < ahead and (work := next(works, None)) is not None:
                waiting.append((work, task.known(work) or send(work)))
            work, answer = waiting.popleft()
            if not isinstance(answer, Computed):
                answer = Computed(*_awaited(answer, progress))
                task.keep(work, answer)
            progress.step(done + 1, len(frames))
            yield answer
    finally:
        for _, left in waiting:
            if not isinstance(left, Computed):
                left.cancel()


def _awaited(sent: Sent, progress: Progress) -> Plain:
    while True:
        if progress.stopped:
            sent.cancel()
            raise Cancelled
        try:
            found: Plain = sent.result(timeout=POLL)
            return found
        except TimeoutError:
            continue


Known = Mapping[str, Input]
"""How trajectories are read, by their names."""
