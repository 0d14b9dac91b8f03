"""Running a campaign: pieces are sent, results are written once, what is lost is sent again."""

from __future__ import annotations

import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mlipviewer.campaign.engines import Engine, Sent
from mlipviewer.campaign.estimate import SET, Cost
from mlipviewer.campaign.isolated import Outcome
from mlipviewer.campaign.journal import DONE, FAILED, Entry, Journal
from mlipviewer.campaign.plan import Piece, Plan
from mlipviewer.core.progress import Progress

POLL = 0.02  # s
AHEAD = 64  # pieces that are looked up at once
LOST_WORKERS = 20
"""Times a piece is sent again whose worker was ended from outside: no fault of the piece."""


@dataclass
class Counts:
    """How far a campaign is: pieces by kind, done and failed; `seconds` of wall time that all
    remaining pieces may take, one after the other."""

    done: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    totals: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def n_done(self) -> int:
        return sum(self.done.values())

    @property
    def n_total(self) -> int:
        return sum(self.totals.values())


def counts_of(plan: Plan, known: Mapping[str, Entry]) -> Counts:
    """How far the plan is, as numbers of all."""
    counts = Counts(totals=plan.totals())
    for cost in progress_of(plan, known):
        counts.done[cost.kind] += cost.done
        counts.failed[cost.kind] += cost.failed
        counts.seconds += cost.left
    return counts


def progress_of(plan: Plan, known: Mapping[str, Entry]) -> tuple[Cost, ...]:
    """How far the plan is, by families and properties. Seconds are the mean of what was measured
    of the same one; before that, what they say of themselves."""
    seen: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in _of_plan(plan, known):
        seen[entry.kind, _sort(entry)].append(entry)
    found = []
    for sort, (total, guess) in plan.sorts().items():
        entries = seen[sort]
        mean = sum(one.seconds for one in entries) / len(entries) if entries else guess
        failed = sum(not one.good for one in entries)
        found.append(Cost(*sort, total, mean, len(entries), failed, bool(entries)))
    return tuple(found)


def _sort(entry: Entry) -> str:
    """What takes about as long as other entries do: all sets, a family, a property."""
    return "" if entry.kind == SET else entry.name


def _of_plan(plan: Plan, known: Mapping[str, Entry]) -> list[Entry]:
    keys = [*plan.set_keys.values()]
    keys += [one.key for _, _, candidates in plan.groups for one in candidates]
    keys += [piece.key for _, _, piece in plan.judged(known)]
    return [known[key] for key in dict.fromkeys(keys) if key in known]


@dataclass
class _Sent:
    piece: Piece
    answer: Sent
    attempts: int


class Run:
    """One run of a plan: `go()` ends when nothing is left to be done, or raises Cancelled.

    `told` is called with each new entry, in this thread; only `wanted` pieces are done.
    """

    def __init__(
        self,
        plan: Plan,
        journal: Journal,
        engine: Engine,
        told: Callable[[Entry], None] = lambda _entry: None,
        wanted: Callable[[Piece], bool] = lambda _piece: True,
    ) -> None:
        self._plan, self._journal, self._engine, self._told = plan, journal, engine, told
        self._wanted = wanted
        self.known = journal.known()
        self._under_way: dict[str, _Sent] = {}
        self._waiting: deque[Piece] = deque()
        self._total = plan.totals()
        self._lost: Counter[str] = Counter()

    def go(self, progress: Progress) -> None:
        """Raises Cancelled."""
        total, done = sum(self._total.values()), counts_of(self._plan, self.known).n_done
        while True:
            self._fill()
            progress.step(min(done, total), total)
            if not self._under_way:
                return
            landed = [sent for sent in self._under_way.values() if sent.answer.done()]
            for sent in landed:
                done += self._land(sent)
            if not landed:
                time.sleep(POLL)

    def _fill(self) -> None:
        """Send what can be done now, as far as there is room."""
        room = self._engine.room - len(self._under_way)
        if room > len(self._waiting):
            self._look_up()
        while room > 0 and self._waiting:
            self._send(self._waiting.popleft(), 1)
            room -= 1

    def _look_up(self) -> None:
        wanted = {piece.key for piece in self._waiting} | set(self._under_way)
        for piece in self._plan.ready(self.known):
            if piece.key not in wanted and self._wanted(piece):
                self._waiting.append(piece)
                wanted.add(piece.key)
            if len(self._waiting) >= AHEAD:
                return

    def _send(self, piece: Piece, attempts: int) -> None:
        limits = self._plan.design.limits
        task: dict[str, Any] = {
            "kind": piece.kind,
            "folder": str(self._plan.folder.path),
            "seconds": limits.seconds,
            "memory_gb": limits.memory_gb,
            **piece.said,
        }
        self._under_way[piece.key] = _Sent(piece, self._engine.send(task), attempts)

    def _land(self, sent: _Sent) -> bool:
        """Write what came of a piece; whether it is finished."""
        del self._under_way[sent.piece.key]
        outcome = _outcome(sent.answer)
        if outcome.lost and self._again(sent, outcome.lost):
            return False
        entry = replace(_entry(sent.piece, outcome), attempts=sent.attempts)
        self._journal.add(entry)
        self.known[entry.key] = entry
        self._told(entry)
        return True

    def _again(self, sent: _Sent, why: str) -> bool:
        key = sent.piece.key
        own = not why.startswith("the worker")
        self._lost[key] += own
        if self._lost[key] > self._plan.design.limits.retries or sent.attempts > LOST_WORKERS:
            return False
        self._send(sent.piece, sent.attempts + 1)
        return True


def _outcome(answer: Sent) -> Outcome:
    try:
        found = answer.result()
    except Exception as problem:  # noqa: BLE001 (of a scheduler: a worker that died, a lost link)
        return Outcome(lost=f"the worker: {type(problem).__name__}: {problem}")
    assert isinstance(found, Outcome)
    return found


def _entry(piece: Piece, outcome: Outcome) -> Entry:
    reason = outcome.reason or (f"{outcome.lost}, again and again" if outcome.lost else "")
    return Entry(
        piece.key,
        piece.kind,
        piece.model,
        piece.name,
        FAILED if reason else DONE,
        outcome.data,
        reason,
        outcome.seconds,
        outcome.cpu,
    )
