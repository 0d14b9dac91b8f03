"""The session: keeps what the panels ask for, by jobs; opens files; follows the shown frames."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from mlipviewer.analysis import ANALYSES
from mlipviewer.core.analysis import Inputs, Request, Result
from mlipviewer.core.file_names import Unread
from mlipviewer.core.table import ErrorTable
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.session.answers import add_results, answer, at_once, same_data
from mlipviewer.session.arriving import Arrival, Turn, Turns, Way, arrival_of
from mlipviewer.session.campaigns.attending import Campaigns
from mlipviewer.session.closing import without_strangers
from mlipviewer.session.frames import CACHE_BYTES, FrameCache, FrameReader
from mlipviewer.session.growth import Growth
from mlipviewer.session.jobs import (
    Failed,
    Finished,
    Given,
    Jobs,
    News,
    Progressed,
    Started,
    Stopped,
)
from mlipviewer.session.landing import (
    add_job,
    add_notice,
    land_linked,
    land_opened,
    land_runs,
    model_at,
    set_job,
    with_notes,
    with_offer,
)
from mlipviewer.session.loading import Loading, not_read
from mlipviewer.session.matching import Matcher
from mlipviewer.session.moments import (
    Wish,
    add_frames,
    add_unread,
    frames_ahead,
    lagging_names,
    wanted_frames,
)
from mlipviewer.session.opening import Opened, group_name, open_path
from mlipviewer.session.panels import column_requests, inputs_of, wanted_requests
from mlipviewer.session.reread import moved_document
from mlipviewer.session.standing import StandingJobs
from mlipviewer.session.state import (
    Document,
    Errand,
    Failure,
    Job,
    JobState,
    Notice,
    State,
    Weight,
)
from mlipviewer.session.store import Store
from mlipviewer.session.together import Groups, groups_of, never_together, open_one_of, runs_of

AHEAD = 24  # pictures that are read ahead while playing, where there is room

Landing = Callable[[State, Any], State]
Asked = tuple[int, Inputs]
"""The job that answers a request, and what it works on."""


class Session:
    """Joins a store to the work behind it. `drain` must be called when `wake` was (any thread)."""

    def __init__(
        self,
        store: Store,
        wake: Callable[[], None] | None = None,
        frame_bytes: int = CACHE_BYTES,
    ) -> None:
        self.store = store
        self.jobs = Jobs(wake)
        self.cache = FrameCache(frame_bytes)
        self.reader = FrameReader(self.cache, wake)
        self._landings: dict[int, tuple[str, Landing]] = {}  # what a job's value does to the state
        self._asked: dict[Request, Asked] = {}
        self._turns = Turns()
        self.standing = StandingJobs(self.jobs)
        self.growth = Growth(store, self.cache, self.reader, wake)
        self.loading = Loading(self.jobs, self.growth)
        self.campaigns = Campaigns(wake)
        self._closed = False
        self.matcher = Matcher(self.jobs)
        store.complete_with(self.complete)

    # -- opening ---------------------------------------------------------------------------

    def open(
        self,
        paths: Iterable[str],
        row: int | None = None,
        choices: str = "",
        separate: bool = False,
        way: Way = Way.ADD,
    ) -> None:
        """Open files; with `row`, trajectories are linked to that model of the shown table.

        Several trajectories of one run are one, unless `separate`. `choices` about the
        trajectories, as text; without them those that were kept."""
        texts, model = tuple(paths), model_at(self.store.state, row)
        arrival = arrival_of(self.store.state, way)
        if model is not None and len(texts) > 1:
            title = f"Link {len(texts)} files"
            number = self.jobs.start(title, partial(runs_of, texts, separate))
            self._landings[number] = (title, partial(land_runs, model=model))
            return
        alone = texts if separate or model is not None else never_together(texts)
        for text in alone:
            read = partial(open_path, text, "", recalled=True, choices=choices)
            number = self.jobs.start(title := f"Open {Path(text).name}", read)
            one = partial(self._land_in_turn, turn=(number, 0), arrival=arrival)
            landing = one if model is None else partial(land_linked, model=model)
            self._landings[number] = (arrival.label(title), landing)
        rest = tuple(text for text in texts if text not in alone)
        if rest:
            title = f"Look at {len(rest)} files"
            number = self.jobs.start(title, partial(groups_of, rest))
            land = partial(self._land_groups, number, choices, arrival)
            self._landings[number] = (title, land)

    def _land_groups(
        self, number: int, choices: str, arrival: Arrival, state: State, groups: Groups
    ) -> State:
        """What belongs together is known: each trajectory is opened."""
        errands = []
        for k, (paths, topology) in enumerate(groups):
            work = partial(open_one_of, paths, topology, choices)
            land = partial(self._land_in_turn, turn=(number, k), arrival=arrival)
            errands.append(Errand(f"Open {group_name(paths)}", work, land))
        return state.with_moment(errands=(*state.moment.errands, *errands))

    def _land_in_turn(self, state: State, opened: Opened, turn: Turn, arrival: Arrival) -> State:
        kind = opened.input.kind if opened.input is not None else None
        landed = land_opened(state, opened, self._turns.is_newest(kind, turn), arrival)
        return self._turns.placed(state, landed, turn)

    # -- what is asked for -----------------------------------------------------------------

    def complete(self, state: State) -> State:
        """The state with all that can be had at once; the rest is begun, the unwanted stopped."""
        if self._closed:
            return state
        state = without_strangers(state)
        self.loading.load_wanted(state, self._landings)
        for number in self.growth.closed(state):
            self.jobs.stop(number)
        self.standing.keep(state, self._landings)
        self.growth.watch(state)
        self.campaigns.attend(state)
        state = self._with_results(state)
        state = self._with_frames(state)
        self._run_errands(state)
        return self.matcher.complete(without_errands(state), self._landings)

    def _run_errands(self, state: State) -> None:
        for errand in state.moment.errands:
            number = self.jobs.start(errand.title, errand.work, errand.prompt)
            self._landings[number] = (errand.title, errand.land)

    def _with_results(self, state: State) -> State:
        """First the columns of the table, which a filter may name, then what else is asked."""
        state = self._answered(state, column_requests(state))
        wanted = wanted_requests(state)
        self._stop_unwanted(state, wanted)
        return self._answered(state, wanted)

    def _answered(self, state: State, wanted: tuple[Request, ...]) -> State:
        new: dict[Request, Result | Failure] = {}
        for request in wanted:
            known = self.growth.knows(state, request)
            if known or request in self._asked or self.growth.indexes(request):
                continue
            answer = at_once(self.growth.without_outgrown(state), request)
            self.growth.asked(request)
            if answer is not None:
                new[request] = answer
            else:
                self._ask(state, request)
        return add_results(state, new, wanted_requests(state)) if new else state

    def _ask(self, state: State, request: Request) -> None:
        title, inputs = ANALYSES[request.analysis].title, inputs_of(state, request)
        number = self.jobs.start(title, partial(answer, request, inputs))
        self._asked[request] = (number, inputs)
        self._landings[number] = (title, partial(self._land_result, number=number, request=request))

    def _stop_unwanted(self, state: State, wanted: tuple[Request, ...]) -> None:
        """Stop what nobody asks for any more, and what works on data since read anew."""
        for request, (number, inputs) in tuple(self._asked.items()):
            if request not in wanted or not same_data(inputs, inputs_of(state, request)):
                self.jobs.stop(number)
                del self._asked[request]

    def _land_result(
        self, state: State, result: Result | Failure, number: int, request: Request
    ) -> State:
        asked = self._asked.get(request)
        if asked is None or asked[0] != number:
            return state  # nobody asks for it any more, or anew of other data
        del self._asked[request]
        if not same_data(asked[1], inputs_of(state, request)):
            return state
        self.growth.landed(request, asked[1], inputs_of(state, request))
        return add_results(state, {request: result}, wanted_requests(state))

    # -- frames ----------------------------------------------------------------------------

    def _with_frames(self, state: State) -> State:
        wanted = wanted_frames(state)
        self.cache.show(wanted.values())
        found: dict[str, Frame] = {}
        wishes: dict[str, tuple[Trajectory, int]] = {}
        unread: dict[str, Failure] = {}
        for name, (trajectory, index) in wanted.items():
            frame = self.cache.get(trajectory, index)
            reason = self.reader.problem(trajectory, index)
            if frame is not None:
                found[name] = frame
            elif reason is None:
                wishes[name] = (trajectory, index)
            else:
                unread[name] = Failure(reason)
        self.reader.wish(wishes, self._frames_ahead(state) if state.moment.playing else [])
        found |= self._newest_read(wishes)
        return add_unread(add_frames(state, found, wanted), unread)

    def _newest_read(self, wishes: Mapping[str, Wish]) -> dict[str, Frame]:
        """Frames wished for a little earlier: they show while the wished ones are being read."""
        latest = {name: self.reader.latest(name, wish[0]) for name, wish in wishes.items()}
        return {name: frame for name, frame in latest.items() if frame is not None}

    def _frames_ahead(self, state: State) -> list[Wish]:
        """As many as half of the memory for frames holds."""
        frames = tuple(state.moment.frames.values())
        room = min((self.cache.room_for(frame) for frame in frames), default=0)
        ahead = frames_ahead(state, min(AHEAD, room // max(len(frames), 1)))
        new = (wish for wish in ahead if self.cache.get(*wish) is None)
        return [wish for wish in new if self.reader.problem(*wish) is None]

    # -- news ------------------------------------------------------------------------------

    def drain(self, timeout: float = 0.0) -> None:
        """Bring the news of jobs and the frames that were read into the state."""
        if self._closed:
            return
        with ExitStack() as hearing:  # one that fails does not keep the others from being heard
            hearing.callback(self.store.commit, self._with_frames, "Show frame")
            hearing.callback(self.campaigns.hear, self.store, self._follow_rows)
            hearing.callback(self.growth.hear_changes)
            for news in reversed(self.jobs.drain(timeout)):
                hearing.callback(self._hear, news)

    def _hear(self, news: News) -> None:
        match news:
            case Started(number, title):
                self.store.commit(lambda s: add_job(s, Job(number, title)), title)
            case Progressed(number, done, total):
                self.store.commit(lambda s: set_job(s, number, done=done, total=total), "Progress")
            case Given(number, value):
                self.growth.hear_part(number, value.thing, partial(self._land_part, number, value))
            case Stopped(number):
                self._end(number)
            case Failed(number, reason, details, path):
                self._fail(number, reason, details, path)
            case Finished(number, value):
                try:
                    self._land(number, value)
                except BaseException as problem:
                    failed = partial(set_job, number=number, state=JobState.FAILED)
                    self.store.commit(partial(failed, message=str(problem)), "Failed")
                    raise

    def _land(self, number: int, value: Any) -> None:
        by_user, before = self.loading.asked(number) is None, self.store.state
        closed = self.growth.is_closed(before, number)
        label, land = self._forget(number)

        def landed(state: State) -> State:
            state = set_job(state, number, state=JobState.DONE)
            return state if closed else with_offer(with_notes(land(state, value), value), value)

        self.store.commit(landed, label, step=by_user)
        self._follow_rows(before)

    def _end(self, number: int) -> None:
        """A job was stopped. What it was to read is not read again by itself."""
        said, asked = self.growth.stopped(number), self.loading.asked(number)
        self._forget(number)
        self.store.commit(lambda s: set_job(s, number, state=JobState.STOPPED), "Stop")
        if asked is not None and not said:
            said = f"{asked.name}: reading was stopped"
            self.store.commit(partial(not_read, asked=asked, reason=said), "Stop")
        if said:
            again = (asked.name,) if asked is not None else ()
            notice = Notice(said, Weight.WARNING, reload=again)
            self.store.commit(lambda s: add_notice(s, notice), said)

    def _follow_rows(self, before: State) -> None:
        """Where a table was read anew, the history too speaks of the rows of the new one."""
        state = self.store.state
        for name, old in {**before.moment.expected, **before.moment.loaded}.items():
            new, one = state.moment.loaded.get(name), state.document.input(name)
            if new is old or one is None or isinstance(old, Trajectory):
                continue
            if isinstance(new, ErrorTable):
                change = partial(moved_document, old=old, new=new, path=one.path)
                self.store.rewrite_history(change)

    def _land_part(self, number: int, opened: Opened) -> None:
        """The first frames of a file that is still being indexed."""
        label, land = self._landings.get(number, ("", lambda state, _value: state))
        by_user = self.loading.asked(number) is None
        self.store.commit(lambda s: land(s, opened), label, step=by_user)

    def _forget(self, number: int) -> tuple[str, Landing]:
        self.loading.forget(number)
        self.growth.forget(number)
        return self._landings.pop(number, ("", lambda state, _value: state))

    def _fail(self, number: int, reason: str, details: str, path: str) -> None:
        asked = self.loading.asked(number)
        requests = [request for request, (n, _) in self._asked.items() if n == number]
        for request in requests:
            del self._asked[request]
        label, _ = self._forget(number)
        offer = Unread(path) if path and asked is None and not requests else None
        notice = Notice(reason, Weight.ERROR, details, offer=offer)

        def failed(state: State) -> State:
            state = not_read(state, asked, reason)
            unanswered = dict.fromkeys(requests, Failure(reason))
            state = add_results(state, unanswered, wanted_requests(state))
            state = add_notice(state, notice)
            return set_job(state, number, state=JobState.FAILED, message=reason)

        self.store.commit(failed, f"{label} failed")

    def begin(self, state: State, past: Iterable[tuple[Document, str]] = ()) -> None:
        """Another document in place of all there is; `past` is what undo puts back."""
        self.jobs.abandon()
        for of_before in (self._landings, self._asked):
            of_before.clear()
        for part in (self.loading, self.standing, self.growth, self.matcher, self._turns):
            part.begin()
        self.store.begin(state, past)

    def notify(self, text: str, weight: Weight = Weight.INFO, details: str = "") -> None:
        """Tell the user one sentence."""
        notice = Notice(text, weight, details)
        self.store.commit(lambda s: add_notice(s, notice), text)

    def settle(self, seconds: float = 30.0) -> None:
        """Work until nothing is running: for use without a window."""
        import time

        end = time.monotonic() + seconds
        self.store.flush()
        while time.monotonic() < end:
            self.drain(0.02)
            self.store.flush()
            if not self.working:
                return

    @property
    def working(self) -> bool:
        """Whether a job runs, or a shown frame is still to be read."""
        return self.jobs.busy or self._lagging()

    def _lagging(self) -> bool:
        wanted, names = wanted_frames(self.store.state), lagging_names(self.store.state)
        return any(self.reader.problem(*wanted[name]) is None for name in names)

    def close(self) -> None:
        """Stop all work; threads that do not listen are left behind (they are daemons)."""
        self._closed = True
        self.jobs.wake = self.reader.wake = None
        self.growth.close()
        self.campaigns.close(self.store.state.document.campaign)
        self.jobs.stop_all()
        self.reader.close()


def without_errands(state: State) -> State:
    return state.with_moment(errands=()) if state.moment.errands else state
