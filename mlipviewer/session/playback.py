"""How time is shown and played: frozen values, and the clock that keeps playing in time."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

PATIENCE = 3  # pictures too late before more frames are left out
STEADY = 8  # pictures in time before fewer are


class Around(StrEnum):
    """What playing does at the end."""

    ONCE = "once"
    LOOP = "loop"
    ROCK = "rock"


class Label(StrEnum):
    """What a moment is called on the timeline."""

    FRAME = "frame"
    STEP = "timestep"
    TIME = "time"


class Lock(StrEnum):
    """By what trajectories side by side show the same moment."""

    FRAME = "frame"
    TIME = "time"
    SHARE = "fraction"
    LIKENESS = "likeness"


@dataclass(frozen=True)
class Playback:
    """`fps` frames a second times `speed`; every `every`-th frame of those that are played."""

    fps: int = 12
    speed: float = 1.0
    every: int = 1
    around: Around = Around.LOOP
    label: Label = Label.FRAME
    chosen_only: bool = True  # where two or more frames are selected, these alone are played
    series: str = ""  # the value of frames drawn under the timeline; '' for none

    @property
    def rate(self) -> float:
        """Frames due in a second."""
        return self.fps * self.speed


@dataclass(frozen=True)
class Bookmark:
    """A named frame of a trajectory; `colour` counts in the palette of categories."""

    trajectory: str
    frame: int
    name: str
    colour: int = 0


@dataclass(frozen=True)
class Comparison:
    """The trajectories that were put side by side, and what is common to them."""

    names: tuple[str, ...] = ()
    lock: Lock = Lock.FRAME
    free_cameras: bool = False


@dataclass(frozen=True)
class Pace:
    """How playing goes on now: the way, how many frames a picture is apart, how many were left out
    to keep time."""

    backwards: bool = False
    stride: int = 1
    dropped: int = 0


class Clock:
    """Says how many frames playing is due to go on. Pictures that are late are made up for by
    leaving out frames: by `stride`, which changes rarely, so that what was read ahead is shown."""

    def __init__(self) -> None:
        self.start(0.0)

    def start(self, now: float) -> None:
        """Playing begins at `now` (s)."""
        self._since, self.stride = now, 1
        self._late = self._in_time = 0

    def due(self, now: float, rate: float, lagging: bool) -> int:
        """Frames to go on at `now`; 0 while the last one is still being read, or too early."""
        owed = int((now - self._since) * rate + 0.5)
        if lagging or owed < self.stride:
            return 0
        steps = owed - owed % self.stride
        self._since = max(self._since + steps / rate, now - (self.stride - 0.5) / rate)
        self._adapt(owed, late=steps > self.stride)
        return steps

    def _adapt(self, owed: int, late: bool) -> None:
        """Pictures that are late again and again come further apart, those long in time nearer."""
        self._late = self._late + 1 if late else 0
        self._in_time = 0 if late else self._in_time + 1
        if self._late >= PATIENCE:
            self.stride, self._late = owed, 0
        elif self._in_time >= STEADY and self.stride > 1:
            self.stride, self._in_time = self.stride - max(self.stride // 4, 1), 0
