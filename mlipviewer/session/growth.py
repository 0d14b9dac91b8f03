"""What a session does while files grow: who looks after them, and what is to be asked again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from mlipviewer.core.analysis import Inputs, Request
from mlipviewer.core.trajectory import FrameSource, Trajectory
from mlipviewer.session.frames import FrameCache, FrameReader
from mlipviewer.session.growing import (
    Change,
    Follower,
    Grew,
    land_change,
    land_grown,
    names_of,
    root,
    without_loaded,
)
from mlipviewer.session.reread import names_in
from mlipviewer.session.state import Loaded, State, frozen
from mlipviewer.session.store import Store


class Growth:
    """Which trajectories grow, and which results speak of them when they were shorter."""

    def __init__(
        self,
        store: Store,
        cache: FrameCache,
        reader: FrameReader,
        wake: Callable[[], None] | None = None,
    ) -> None:
        self._store, self._cache, self._reader = store, cache, reader
        self.follower = Follower(wake)
        self._indexed: dict[int, tuple[str, FrameSource]] = {}
        """By job, the trajectory that is still being indexed."""
        self._loaded: Mapping[str, Loaded] = {}  # when it was looked at last
        self._outgrown: set[Request] = set()
        self._anew: set[str] = set()  # inputs whose files are to be read again

    # -- indexing --------------------------------------------------------------------------

    def hear_part(self, number: int, thing: object, first: Callable[[], None]) -> None:
        """A job gives the first frames of a file, which `first` brings in, or more of them."""
        if not isinstance(thing, Trajectory):
            return
        if number in self._indexed:
            self._store.commit(lambda s: land_grown(s, thing.source), "Grow", step=False)
            return
        first()
        names = names_of(self._store.state, thing.source)
        self._indexed[number] = (names[0] if names else thing.name, thing.source)

    def forget(self, number: int) -> None:
        self._indexed.pop(number, None)

    def is_closed(self, state: State, number: int) -> bool:
        """Whether the trajectory that a job indexes was shown, and is not there any more."""
        name_and_source = self._indexed.get(number)
        return name_and_source is not None and not names_of(state, name_and_source[1])

    def closed(self, state: State) -> tuple[int, ...]:
        """The jobs that index what was closed."""
        return tuple(number for number in self._indexed if self.is_closed(state, number))

    def stopped(self, number: int) -> str:
        """What to say of a file whose indexing was stopped; '' where nothing of it is shown."""
        name, _ = self._indexed.get(number, (None, None))
        trajectory = self._store.state.loaded_trajectory(name)
        if trajectory is None or self.is_closed(self._store.state, number):
            return ""
        return f"{trajectory.name}: stopped; the first {trajectory.n_frames} frames are shown"

    def indexes(self, request: Request) -> bool:
        """Analyses wait until all frames are found: half an answer for each part would be waste."""
        return any(name in names_in(request) for name, _ in self._indexed.values())

    # -- following -------------------------------------------------------------------------

    def watch(self, state: State) -> None:
        """Look after the files of what is loaded and wholly indexed; let go of those closed."""
        indexed = {name for name, _ in self._indexed.values()}
        things = state.moment.loaded.items()
        if state.moment.loaded is not self._loaded:
            self._loaded = state.moment.loaded
            there = [t.source for t in self._loaded.values() if isinstance(t, Trajectory)]
            self._cache.keep_of(there)
            self._reader.keep_of(there)
        sources: list[FrameSource] = [
            root(t.source) for n, t in things if isinstance(t, Trajectory) and n not in indexed
        ]
        self.follower.watch(sources)

    def hear_changes(self) -> None:
        for change in self.follower.drain():
            self._hear(change)

    def _hear(self, change: Change) -> None:
        source, before = change.source, self._store.state
        for name in names_of(before, source) if isinstance(change, Grew) else ():
            trajectory = before.loaded_trajectory(name)
            if trajectory is not None:
                self._cache.forget(trajectory.source, trajectory.frames[-1])
                self._reader.forget_problems(trajectory.source)
        self._store.commit(lambda s: land_change(s, change), "Follow", step=False)
        if self._store.state.moment.loaded is not before.moment.loaded:
            names = set(names_of(self._store.state, source))
            self._outgrown = {
                request
                for request in self._store.state.moment.results
                if request in self._outgrown or names_in(request) & names
            }

    # -- results ---------------------------------------------------------------------------

    def knows(self, state: State, request: Request) -> bool:
        """Whether there is a result, and of all the frames."""
        return request in state.moment.results and request not in self._outgrown

    def without_outgrown(self, state: State) -> State:
        """What an answer may be made from."""
        if not self._outgrown:
            return state
        results = state.moment.results.items()
        kept = {request: found for request, found in results if request not in self._outgrown}
        return state.with_moment(results=frozen(kept))

    def asked(self, request: Request) -> None:
        self._outgrown.discard(request)

    def landed(self, request: Request, worked_on: Inputs, now: Inputs) -> None:
        """An answer came: is it of all the frames that are there by now?"""
        runs = all(run is now.runs.get(row) for row, run in worked_on.runs.items())
        beside = all(run is now.beside.get(name) for name, run in worked_on.beside.items())
        if worked_on.trajectory is not now.trajectory or not (runs and beside):
            self._outgrown.add(request)

    # -- reading anew ----------------------------------------------------------------------

    def reload(self, names: Iterable[str]) -> None:
        """Read these inputs anew, from the files that are there now."""
        wanted = tuple(names)
        self._anew.update(wanted)
        self._store.commit(lambda s: without_loaded(s, wanted), "Reload", step=False)

    def wants_anew(self, name: str) -> bool:
        return name in self._anew

    def known(self, state: State, name: str) -> Loaded | None:
        """What was read of an input before, unless its file is to be read anew."""
        known = None if name in self._anew else state.moment.loaded.get(name)
        self._anew.discard(name)
        return known

    def begin(self) -> None:
        """Forget all of the session before."""
        self._indexed.clear()
        self._outgrown.clear()
        self._anew.clear()

    def close(self) -> None:
        self.follower.close()
