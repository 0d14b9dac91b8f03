"""Trajectories that grow while they are shown: still being indexed, or still being written."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mlipviewer.core.progress import Cancelled, Progress
from mlipviewer.core.trajectory import FrameSource, Trajectory
from mlipviewer.session.notices import add_notice
from mlipviewer.session.opening import is_young, parse_slice
from mlipviewer.session.state import Failure, Notice, State, Weight, frozen

log = logging.getLogger(__name__)

POLL = 1.0
"""Seconds between two looks at the files that are open."""

END = 10**9
"""The frame to ask for so that the last one is shown, however many there will be."""


@dataclass(frozen=True, eq=False)
class Grew:
    """Frames were appended to the file of `source`."""

    source: FrameSource


@dataclass(frozen=True, eq=False)
class Replaced:
    """The file of `source` is another one now."""

    source: FrameSource


@dataclass(frozen=True, eq=False)
class Ended:
    """The file of `source` is not written any more, and ends inside a frame."""

    source: FrameSource


Change = Grew | Replaced | Ended


class Follower:
    """One thread that looks after the open files. `wake` is called, from it, on news."""

    def __init__(self, wake: Callable[[], None] | None = None) -> None:
        self.wake = wake
        self._news: queue.SimpleQueue[Change] = queue.SimpleQueue()
        self._watched: dict[int, FrameSource] = {}
        self._told: dict[int, FrameSource] = {}  # those replaced, held so that their ids stay
        self._seen: dict[int, FrameSource] = {}
        self._waiting: dict[int, FrameSource] = {}  # those that end inside a frame so far
        self._condition = threading.Condition()
        self._progress = Progress()
        self._thread: threading.Thread | None = None

    def watch(self, sources: Iterable[FrameSource]) -> None:
        """Look after these, and no others, from now on."""
        watched = {id(s): s for s in sources if hasattr(s, "refresh")}
        with self._condition:
            self._watched = watched
            for known in (self._told, self._seen, self._waiting):
                for gone in known.keys() - watched.keys():
                    del known[gone]
            if watched and self._thread is None:
                self._thread = threading.Thread(target=self._run, name="follow", daemon=True)
                self._thread.start()

    def drain(self) -> list[Change]:
        found: list[Change] = []
        while True:
            try:
                found.append(self._news.get_nowait())
            except queue.Empty:
                return found

    def close(self) -> None:
        self.wake = None
        self._progress.stop()
        with self._condition:
            self._condition.notify()

    def _run(self) -> None:
        while not self._progress.stopped:
            with self._condition:
                self._condition.wait(POLL)
                watched = list(self._watched.values())
            for source in watched:
                try:
                    self.look(source)
                except Cancelled:
                    return
                except Exception:
                    log.info("following %s", source.path, exc_info=True)

    def look(self, source: FrameSource) -> None:
        """Ask once what became of the file of a source. Raises Cancelled."""
        if id(source) in self._told:
            return
        if id(source) not in self._seen:
            with self._condition:
                self._seen[id(source)] = source
                if is_young(source):
                    self._waiting[id(source)] = source
        refresh: Callable[..., str] = source.refresh  # type: ignore[attr-defined]
        change = refresh(self._progress, lambda grown: self._tell(Grew(grown)))
        if change == "grown":
            with self._condition:
                self._waiting[id(source)] = source
            self._tell(Grew(source))
        elif change == "replaced":
            with self._condition:
                self._told[id(source)] = source
            self._tell(Replaced(source))
        elif id(source) in self._waiting and not is_young(source):
            with self._condition:
                self._waiting.pop(id(source), None)
            if getattr(source, "tail_notes", ()):
                self._tell(Ended(source))

    def _tell(self, news: Change) -> None:
        self._news.put(news)
        wake = self.wake  # once: it may be taken away at any time
        if wake is not None:
            wake()


# --- what it does to the state -----------------------------------------------------------------


def land_change(state: State, change: Change) -> State:
    match change:
        case Grew(source):
            return land_grown(state, source)
        case Replaced(source):
            return _land_replaced(state, source)
        case Ended(source):
            notes = "\n".join(str(note) for note in getattr(source, "tail_notes", ()))
            text = f"{notes.splitlines()[0]}; the file was not written for a minute"
            return add_notice(state, Notice(text, Weight.WARNING, notes))


def root(source: FrameSource) -> FrameSource:
    """The source that reads the file, below what is understood of it."""
    inside: FrameSource = getattr(source, "inside", source)
    return inside


def land_grown(state: State, source: FrameSource) -> State:
    """The frames that are there by now join every trajectory that is read from this source."""
    loaded = dict(state.moment.loaded)
    for name in names_of(state, source):
        old, one = state.loaded_trajectory(name), state.document.input(name)
        if old is not None:
            part = parse_slice(one.frames if one is not None else "")
            frames = range(source.n_frames)[part]
            if frames != old.frames and frames:
                loaded[name] = replace(old, frames=frames)
    same = all(loaded[name] is old for name, old in state.moment.loaded.items())
    return state if same else state.with_moment(loaded=frozen(loaded))


def _land_replaced(state: State, source: FrameSource) -> State:
    names = names_of(state, source)
    if not names:
        return state
    text = (
        f"{Path(source.path).name} was replaced on the disk. Frames already read stay as they were"
    )
    return add_notice(state, Notice(text, Weight.WARNING, str(source.path), reload=names))


def names_of(state: State, source: FrameSource) -> tuple[str, ...]:
    """The inputs that are read from a source."""
    loaded, inside = state.moment.loaded.items(), root(source)
    return tuple(n for n, t in loaded if isinstance(t, Trajectory) and root(t.source) is inside)


def without_loaded(state: State, names: Iterable[str]) -> State:
    """These inputs are to be read anew: what was read is still shown until then."""
    forgotten = set(names)
    read_with = {n: how for n, how in state.moment.read_with.items() if n not in forgotten}
    failed: dict[str, Failure] = {
        n: why for n, why in state.moment.failed.items() if n not in forgotten
    }
    return state.with_moment(read_with=frozen(read_with), failed=frozen(failed))


def same_run(one: Any, other: Any) -> bool:
    """Whether two are the same trajectory, or one is the other grown longer."""
    if one is other:
        return True
    both = isinstance(one, Trajectory) and isinstance(other, Trajectory)
    if not both or one.source is not other.source:
        return False
    short, long = sorted((one.frames, other.frames), key=len)
    return bool(long[: len(short)] == short)


def follows_end(state: State) -> bool:
    """Whether the last frame is shown, also when others come behind it."""
    return state.document.frame >= END


def follow_end(state: State) -> State:
    """Show the last frame as the file grows, or stay at the one that is shown."""
    if state.trajectory is None:
        return state
    return state.with_document(frame=state.frame if follows_end(state) else END)
