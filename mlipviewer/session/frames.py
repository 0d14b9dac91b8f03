"""Reads the frames that are shown: the newest wish first, ahead while playing, kept by bytes."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.background import step_back
from mlipviewer.core.trajectory import Frame, FrameSource, Trajectory

log = logging.getLogger(__name__)

CACHE_BYTES = 512 * 2**20

Wish = tuple[Trajectory, int]
Key = tuple[int, int]


def frame_bytes(frame: Frame) -> int:
    """What a frame holds in memory: of arrays that are parts of a larger one all of that, once."""
    own = (frame.positions, frame.numbers, frame.ids, frame.species)
    arrays = (*own, *frame.columns.values())
    whole = {id(one): one for array in arrays if array is not None for one in (_owner(array),)}
    return sum(one.nbytes for one in whole.values()) + 1024


def _owner(array: NDArray[Any]) -> NDArray[Any]:
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def _key(trajectory: Trajectory, index: int) -> Key:
    """A frame of the source: the same however long the trajectory has grown.

    Whoever keeps the key holds the trajectory too, so that the id of its source stays its own.
    """
    frame = trajectory.frames[index] if index < trajectory.n_frames else -1
    return id(trajectory.source), frame


def inmost(source: FrameSource) -> FrameSource:
    """The one that reads the file, below what is understood and computed of it."""
    while (inside := getattr(source, "inside", None)) is not None:
        source = inside
    return source


def _same_file(run: Trajectory, source: FrameSource) -> bool:
    return inmost(run.source) is inmost(source)


class FrameCache:
    """The frames read last, up to `limit` bytes; those that are shown stay in any case."""

    def __init__(self, limit: int = CACHE_BYTES) -> None:
        self._limit = limit
        self._bytes = 0
        self._frames: OrderedDict[Key, tuple[Trajectory, Frame]] = OrderedDict()
        self._shown: frozenset[Key] = frozenset()
        self._coming: Wish | None = None  # what is being read, unless it was to be forgotten
        self._lock = threading.Lock()

    @property
    def limit(self) -> int:
        return self._limit

    @property
    def n_bytes(self) -> int:
        """What is held now."""
        return self._bytes

    def set_limit(self, limit: int) -> None:
        """Keep at most so many bytes from now on."""
        with self._lock:
            self._limit = limit
            self._shrink()

    def room_for(self, frame: Frame | None) -> int:
        """How many frames like this one half of the limit holds."""
        return self._limit // 2 // frame_bytes(frame) if frame is not None else 0

    def get(self, trajectory: Trajectory, index: int) -> Frame | None:
        with self._lock:
            key = _key(trajectory, index)
            found = self._frames.get(key)
            if found is None:
                return None
            self._frames.move_to_end(key)
            return found[1]

    def show(self, wishes: Iterable[Wish]) -> None:
        """These frames are shown now: where they do not fit together none makes room for another,
        or they would be read in turns for ever."""
        with self._lock:
            self._shown = frozenset(_key(*wish) for wish in wishes)
            self._shrink()

    def forget(self, source: FrameSource, first: int) -> None:
        """Of what a file has given, or is giving, keep the frames before `first` alone, whatever is
        computed of them."""
        with self._lock:
            for key, (run, _) in tuple(self._frames.items()):
                if key[1] >= first and _same_file(run, source):
                    self._bytes -= frame_bytes(self._frames.pop(key)[1])
            coming = self._coming
            if coming is not None and _key(*coming)[1] >= first and _same_file(coming[0], source):
                self._coming = None

    def keep_of(self, sources: Iterable[FrameSource]) -> None:
        """Let go of what all other sources have given, or are giving: their runs were closed."""
        kept = {id(inmost(source)) for source in sources}
        with self._lock:
            for key, (run, _) in tuple(self._frames.items()):
                if id(inmost(run.source)) not in kept:
                    self._bytes -= frame_bytes(self._frames.pop(key)[1])
            if self._coming is not None and id(inmost(self._coming[0].source)) not in kept:
                self._coming = None

    def read(self, trajectory: Trajectory, index: int) -> None:
        """Read a frame and keep it, unless it was to be forgotten meanwhile. By one thread."""
        wish = (trajectory, index)
        with self._lock:
            self._coming = wish
        try:
            frame = trajectory.frame(index)
            with self._lock:
                if self._coming is wish:
                    self._keep(_key(*wish), trajectory, frame)
        finally:
            with self._lock:
                self._coming = None

    def put(self, trajectory: Trajectory, index: int, frame: Frame) -> None:
        with self._lock:
            self._keep(_key(trajectory, index), trajectory, frame)

    def _keep(self, key: Key, trajectory: Trajectory, frame: Frame) -> None:
        size, old = frame_bytes(frame), self._frames.pop(key, None)
        self._frames[key] = (trajectory, frame)
        self._bytes += size - (frame_bytes(old[1]) if old else 0)
        self._shrink()

    def _shrink(self) -> None:
        """Let go of the oldest that are not shown; the newest stays."""
        for key in [k for k in tuple(self._frames)[:-1] if k not in self._shown]:
            if self._bytes <= self._limit:
                return
            self._bytes -= frame_bytes(self._frames.pop(key)[1])


class FrameReader:
    """One thread that reads what was wished last. A wish that is no longer asked for is dropped.

    While wishes follow each other faster than they are read, as in a drag, `latest` gives the
    newest of them that was read, so that something moves.
    """

    def __init__(self, cache: FrameCache, wake: Callable[[], None] | None = None) -> None:
        self.cache = cache
        self.wake = wake
        self._wishes: dict[str, Wish] = {}
        self._ahead: list[Wish] = []
        self._chases: dict[str, int] = {}  # by name: which chase after a frame goes on
        self._latest: dict[str, tuple[int, Trajectory, Frame]] = {}
        self._n_chases = 0
        self._problems: dict[tuple[int, int], tuple[Trajectory, str]] = {}
        self._condition = threading.Condition()
        self._closed = False
        self._thread: threading.Thread | None = None

    def wish(self, wishes: Mapping[str, Wish], ahead: list[Wish]) -> None:
        """Read these frames (by trajectory name) in place of earlier wishes, then those ahead."""
        with self._condition:
            self._wishes = dict(wishes)
            self._ahead = list(ahead)
            self._follow_chases()
            if (self._wishes or self._ahead) and self._thread is None:
                self._thread = threading.Thread(target=self._read, name="frames", daemon=True)
                self._thread.start()
            self._condition.notify()

    def _follow_chases(self) -> None:
        """A chase goes on while a frame is wished for, and ends when the wished one is shown."""
        for name in self._chases.keys() - self._wishes.keys():
            del self._chases[name]
            self._latest.pop(name, None)
        for name in self._wishes.keys() - self._chases.keys():
            self._n_chases += 1
            self._chases[name] = self._n_chases

    def latest(self, name: str, trajectory: Trajectory) -> Frame | None:
        """The frame read last of those wished for since one could not be shown at once."""
        with self._condition:
            found = self._latest.get(name)
            return found[2] if found is not None and found[1] is trajectory else None

    def problem(self, trajectory: Trajectory, index: int) -> str | None:
        """Why a frame could not be read, if it was tried."""
        with self._condition:
            found = self._problems.get(_key(trajectory, index))
            return found[1] if found is not None else None

    def forget_problems(self, source: FrameSource) -> None:
        """What could not be read of a source may be readable now."""
        with self._condition:
            for key, (run, _) in tuple(self._problems.items()):
                if _same_file(run, source):
                    del self._problems[key]

    def keep_of(self, sources: Iterable[FrameSource]) -> None:
        """Forget what could not be read of all others: their runs were closed."""
        kept = {id(inmost(source)) for source in sources}
        with self._condition:
            for key, (run, _) in tuple(self._problems.items()):
                if id(inmost(run.source)) not in kept:
                    del self._problems[key]

    def close(self) -> None:
        with self._condition:
            self._closed = True
            self._condition.notify()

    def _next(self) -> tuple[str, int, Wish] | None:
        with self._condition:
            while not (self._wishes or self._ahead or self._closed):
                self._condition.wait()
            if self._closed:
                return None
            if self._wishes:
                name, wish = self._wishes.popitem()
                return name, self._chases.get(name, 0), wish
            return "", 0, self._ahead.pop(0)

    def _read(self) -> None:
        step_back()
        while self._grant():  # nothing is held while it waits: a run may be closed
            continue

    def _grant(self) -> bool:
        """Read what is wished for next; False at the end."""
        found = self._next()
        if found is None:
            return False
        name, chase, (trajectory, index) = found
        if self.cache.get(trajectory, index) is None:
            self._read_one(trajectory, index)
        self._remember(name, chase, trajectory, self.cache.get(trajectory, index))
        wake = self.wake  # once: it may be taken away at any time
        if name and wake is not None:
            wake()
        return True

    def _remember(self, name: str, chase: int, trajectory: Trajectory, frame: Frame | None) -> None:
        with self._condition:
            if frame is not None and chase and self._chases.get(name) == chase:
                self._latest[name] = (chase, trajectory, frame)

    def _read_one(self, trajectory: Trajectory, index: int) -> None:
        try:
            self.cache.read(trajectory, index)
        except BaseException as problem:  # whatever it is, the thread goes on to other frames
            log.info("frame %d of %s", index, trajectory.name, exc_info=True)
            reason = str(problem) or type(problem).__name__
            with self._condition:  # the trajectory is held, so that its id stays its own
                self._problems[_key(trajectory, index)] = (trajectory, reason)
