"""Looks after the campaign of the window: its design, its process, its table that grows.

One thread looks; the window hears frozen news of it. The campaign itself runs in a process of its
own, which the window begins, asks to stop, and otherwise only reads of."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from mlipviewer.campaign.beat import ask_to_stop, running
from mlipviewer.campaign.failure import DesignProblem
from mlipviewer.campaign.folder import folder_beside
from mlipviewer.core.background import step_back
from mlipviewer.core.problem import ReadProblem
from mlipviewer.session.campaigns.process import Process
from mlipviewer.session.campaigns.seen import Catalogue, Draft, Reading, Seen, Standing
from mlipviewer.session.campaigns.tables import GrowingTables, Grown, land_grown_table
from mlipviewer.session.inputs import Input
from mlipviewer.session.state import State
from mlipviewer.session.store import Store

if TYPE_CHECKING:
    from mlipviewer.session.campaigns.looking import Watch

log = logging.getLogger(__name__)

POLL = 1.0  # s
SHARE = 0.05
"""of the time at most goes into looking"""


@dataclass(frozen=True)
class Rewritten:
    """The file of the draft was written by another program: its text before, and now."""

    file: str
    before: str
    text: str


News = Catalogue | Reading | Standing | Grown | Rewritten


@dataclass(frozen=True)
class _Wanted:
    """What is to be looked after."""

    draft: Draft = field(default_factory=Draft)
    tables: tuple[Input, ...] = ()

    @property
    def anything(self) -> bool:
        return bool(self.draft.text or self.draft.file or self.tables)


class Campaigns:
    """One thread, begun when there is something to look after. `wake` is called on news."""

    def __init__(self, wake: Callable[[], None] | None = None) -> None:
        self.wake = wake
        self.process = Process()
        self._news: queue.SimpleQueue[News] = queue.SimpleQueue()
        self._wanted = _Wanted()
        self._condition = threading.Condition()
        self._new = False
        self._over = False
        self._thread: threading.Thread | None = None
        self._tables = GrowingTables()
        self._on_disk: tuple[str, str] = ("", "")  # the file of the draft, and what it says
        self._there: frozenset[str] | None = None  # environments, when they were told of last
        self._text = ""  # the text that was read last
        self._watch: Watch | None = None

    # -- asked by the window ---------------------------------------------------------------

    def attend(self, state: State) -> None:
        """Look after what the state holds now."""
        wanted = _Wanted(state.document.campaign, self._tables.candidates(state))
        if wanted == self._wanted:
            return
        with self._condition:
            self._wanted, self._new = wanted, True
            if wanted.anything and self._thread is None:
                self._thread = threading.Thread(target=self._run, name="campaign", daemon=True)
                self._thread.start()
            self._condition.notify()

    def look_now(self) -> None:
        """Look at once rather than with the next second."""
        with self._condition:
            self._new = True
            self._condition.notify()

    def start(self, draft: Draft, more: Sequence[str] = ()) -> None:
        """Begin the process that runs the design of the draft. Raises OSError, DesignProblem."""
        folder = folder_beside(draft.file)
        if (who := running(folder)) is not None:
            raise DesignProblem(f"{who} runs this campaign already")
        self.process.start(draft, folder, more)
        self.look_now()

    def stop(self, draft: Draft) -> None:
        """Have the campaign end soon, whoever runs it. Raises OSError."""
        folder = folder_beside(draft.file)
        if running(folder) is not None:
            ask_to_stop(folder)
        else:
            self.process.end()  # it gave no sign of life yet
        self.look_now()

    def drain(self) -> list[News]:
        found: list[News] = []
        while True:
            try:
                found.append(self._news.get_nowait())
            except queue.Empty:
                return found

    def hear(self, store: Store, follow_rows: Callable[[State], None]) -> None:
        """Bring the news into the state: no steps of history. After a table that has grown
        `follow_rows(state before)` mends what the history says of its rows."""
        news = self.drain()
        if news:
            store.commit(lambda s: with_news(s, news), "Look at the campaign", step=False)
        for one in news:
            before = store.state
            if isinstance(one, Rewritten):
                store.commit(partial(_with_file, one=one), "Read the design", step=False)
            if isinstance(one, Grown):
                store.commit(partial(land_grown_table, grown=one), "Grow", step=False)
                follow_rows(before)

    def close(self, draft: Draft) -> None:
        """The window closes: its campaign ends, unless it is to go on."""
        self.wake = None
        with self._condition:
            self._over = True
            self._condition.notify()
        if self.process.alive and not draft.goes_on:
            try:
                self.stop(draft)
            except OSError:
                self.process.end()

    # -- the thread ------------------------------------------------------------------------

    def _run(self) -> None:
        step_back()
        looks = (self._look_around, self._look_at_text, self._look_at_folder, self._look_at_tables)
        while not self._over:
            wanted = self._wanted
            began = time.monotonic()
            for look in looks:
                try:
                    look(wanted)
                except Exception:  # the next look may be better: the thread goes on
                    log.warning("looking after a campaign", exc_info=True)
            rest = max(POLL, (time.monotonic() - began) / SHARE)
            with self._condition:
                if not self._new and not self._over:
                    self._condition.wait(rest)
                self._new = False

    def _look_around(self, wanted: _Wanted) -> None:
        """What there is to choose from; it changes with the environments that are made."""
        # what runs campaigns is loaded with the first of them, not with the window
        from mlipviewer.session.campaigns.environments import those_there
        from mlipviewer.session.campaigns.looking import catalogue

        asked = wanted.draft.text or wanted.draft.file
        if asked and self._there != (there := those_there()):
            self._tell(catalogue())
            self._there = there

    def _look_at_text(self, wanted: _Wanted) -> None:
        from mlipviewer.session.campaigns.looking import read_text

        text, before = wanted.draft.text, self._text
        self._text = text
        if text and text != before:
            self._tell(read_text(text))

    def _look_at_folder(self, wanted: _Wanted) -> None:
        self._watch = self._watched(self._watch, wanted.draft.file)
        if self._watch is not None:
            self._look_at_file(wanted.draft)
            self._look(self._watch)

    def _look_at_tables(self, wanted: _Wanted) -> None:
        for grown in self._tables.look(wanted.tables):
            self._tell(grown)

    def _watched(self, now: Watch | None, file: str) -> Watch | None:
        if not file:
            return None
        from mlipviewer.session.campaigns.looking import Watch

        folder = folder_beside(file)
        return now if now is not None and now.folder == folder else Watch(folder)

    def _look(self, watch: Watch) -> None:
        try:
            complaint = self.process.complaint(watch.folder)
            self._tell(watch.look(complaint, self.process.alive))
        except (DesignProblem, ReadProblem, OSError) as problem:
            self._tell(Standing(str(watch.folder.path), message=str(problem)))

    def _look_at_file(self, draft: Draft) -> None:
        """A model that was evaluated joins the design of the file: the draft follows."""
        try:
            text = Path(draft.file).read_text(encoding="utf-8")
        except (OSError, ValueError):
            return
        file, before = self._on_disk
        self._on_disk = (draft.file, text)
        if file == draft.file and text not in (before, draft.text):
            self._tell(Rewritten(file, before, text))

    def _tell(self, news: News) -> None:
        self._news.put(news)
        wake = self.wake  # once: it may be taken away at any time
        if wake is not None:
            wake()


def with_news(state: State, news: Sequence[News]) -> State:
    """The Moment with what was heard, tables apart."""
    seen = state.moment.campaign or Seen()
    draft = state.document.campaign
    after = seen
    for one in news:
        match one:
            case Catalogue():
                after = replace(after, catalogue=one)
            case Reading():
                after = replace(after, reading=one)
            case Standing() if _is_of(draft, one) and one != after.standing:
                after = replace(after, standing=one)
            case _:
                pass
    return state if after is seen else state.with_moment(campaign=after)


def _with_file(state: State, one: Rewritten) -> State:
    """The text of the file, unless the draft was edited since it was read."""
    draft = state.document.campaign
    if draft.file != one.file or draft.text != one.before:
        return state
    return state.with_document(campaign=replace(draft, text=one.text))


def _is_of(draft: Draft, standing: Standing) -> bool:
    return bool(draft.file) and Path(standing.folder) == folder_beside(draft.file).path


def standing_of(state: State) -> Standing | None:
    """How far the campaign of the draft is; None while it was not looked at."""
    seen = state.moment.campaign
    known = seen.standing if seen is not None else None
    return known if known is not None and _is_of(state.document.campaign, known) else None


def reading_of(state: State) -> Reading | None:
    """What the draft's text says, or what a text before it said."""
    seen = state.moment.campaign
    return seen.reading if seen is not None else None
