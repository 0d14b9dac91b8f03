"""The one place where the state changes, and the history of its documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import pairwise

from mlipviewer.session.held_bytes import held_bytes
from mlipviewer.session.state import Document, State

Change = Callable[[State], State]
Completion = Callable[[State], State]
Observer = Callable[[State, State], None]

MAX_STEPS = 200
MAX_BYTES = 256 * 2**20
"""Of all steps together; the last one is kept whatever it holds."""


class CommitWhileShowing(RuntimeError):
    """A view tried to change the state while it was being told of a change."""


@dataclass(frozen=True)
class Step:
    """A document that can be put back, and the name of the change that left it."""

    document: Document
    label: str
    merge: str = ""
    mark: object = None  # that of the document
    held: int = 0  # bytes that the document after it does not share


class Store:
    """Holds the State. `commit` is the only way to change it; observers hear of it in `flush`.

    `schedule` is called with `flush` when there is something to tell; the window gives a timer of
    the event loop, so that many commits of one turn are told once.
    """

    def __init__(
        self, state: State | None = None, schedule: Callable[[], None] | None = None
    ) -> None:
        self._state = state or State()
        self._told = self._state
        self._schedule = schedule
        self._scheduled = False
        self._showing = False
        self._past: list[Step] = []
        self._future: list[Step] = []
        self._observers: list[Observer] = []
        self._complete: Completion | None = None
        self._mark = object()

    def complete_with(self, completion: Completion) -> None:
        """Before each telling, `completion(state)` fills in the Moment (results, frames, jobs)."""
        self._complete = completion

    @property
    def state(self) -> State:
        return self._state

    @property
    def mark(self) -> object:
        """Another object for each document that a user made, the same again after undo; what is
        filled in without a step is not the user's."""
        return self._mark

    def commit(self, change: Change, label: str, merge: str = "", step: bool = True) -> None:
        """Make `change(state)` the state. A changed Document is a step of history under `label`.

        Consecutive steps with the same non-empty `merge` are one (the drag of a slider). Without
        `step`, what nobody did is filled in: undo goes back to before it.
        Raises CommitWhileShowing inside an observer.
        """
        if self._showing:
            raise CommitWhileShowing(f"{label!r} was committed while views were being shown")
        old, new = self._state, change(self._state)
        if new is old:
            return
        if step and new.document is not old.document:
            self._remember(Step(old.document, label, merge, self._mark), new.document)
        self._state = new
        self._ask_for_flush()

    def _remember(self, step: Step, now: Document) -> None:
        last = self._past[-1] if self._past else None
        merged = bool(step.merge) and last is not None and last.merge == step.merge
        self._future.clear()
        self._mark = object()
        if merged:
            step = self._past.pop()
        self._past.append(replace(step, held=held_bytes(step.document, now)))
        self._forget_oldest()

    def _forget_oldest(self) -> None:
        """What is beyond the number of steps, or beyond their memory."""
        del self._past[:-MAX_STEPS]
        held = sum(step.held for step in self._past)
        while held > MAX_BYTES and len(self._past) > 1:
            held -= self._past.pop(0).held

    def end_merge(self) -> None:
        """The drag is over: the next step stands alone even if it is of the same kind."""
        if self._past:
            self._past[-1] = replace(self._past[-1], merge="")

    def undo(self) -> None:
        self._travel(self._past, self._future)

    def redo(self) -> None:
        self._travel(self._future, self._past)

    def _travel(self, source: list[Step], target: list[Step]) -> None:
        if self._showing:
            raise CommitWhileShowing("history moved while views were being shown")
        if not source:
            return
        step, now = source.pop(), self._state.document
        held = held_bytes(now, step.document)
        target.append(Step(now, step.label, mark=self._mark, held=held))
        self._mark = step.mark
        self._state = replace(self._state, document=step.document)
        self._ask_for_flush()

    def go_to(self, place: int) -> None:
        """Undo or redo to where `place` steps of history lie behind; as far as there are any."""
        while place < len(self._past):
            self.undo()
        while place > len(self._past) and self._future:
            self.redo()

    def take_back(self, document: Document) -> None:
        """If this document is the present one, the step that made it is as if it had not been."""
        if self._past and document is self._state.document:
            step = self._past.pop()
            self._state, self._mark = replace(self._state, document=step.document), step.mark
            self._ask_for_flush()

    def begin(self, state: State, past: Iterable[tuple[Document, str]] = ()) -> None:
        """Another state with a history of its own: a session was opened."""
        if self._showing:
            raise CommitWhileShowing("a session was opened while views were being shown")
        steps = tuple(past)
        documents = [*(document for document, _ in steps), state.document]
        self._past = [
            Step(before, label, mark=object(), held=held_bytes(before, after))
            for (before, after), (_, label) in zip(pairwise(documents), steps, strict=True)
        ]
        self._forget_oldest()
        self._mark = object()
        self._future.clear()
        self._state = state
        self._ask_for_flush()

    @property
    def future(self) -> tuple[Step, ...]:
        """What redo puts back, the next one first."""
        return tuple(reversed(self._future))

    @property
    def past(self) -> tuple[Step, ...]:
        """What undo puts back, the newest last."""
        return tuple(self._past)

    def rewrite_history(self, change: Callable[[Document], Document]) -> None:
        """Change the documents that undo and redo put back: what they number has other numbers."""
        self._past = [replace(step, document=change(step.document)) for step in self._past]
        self._future = [replace(step, document=change(step.document)) for step in self._future]

    @property
    def undo_label(self) -> str:
        return self._past[-1].label if self._past else ""

    @property
    def redo_label(self) -> str:
        return self._future[-1].label if self._future else ""

    @property
    def n_steps(self) -> int:
        return len(self._past)

    def subscribe(self, observer: Observer) -> Callable[[], None]:
        """Tell `observer(old, new)` at each flush; returns how to stop that."""
        self._observers.append(observer)
        return lambda: self._observers.remove(observer)

    def _ask_for_flush(self) -> None:
        if self._schedule is not None and not self._scheduled:
            self._scheduled = True
            self._schedule()

    def flush(self) -> None:
        """Tell the observers of all that changed since the last flush."""
        self._scheduled = False
        if self._told is self._state or self._showing:
            return
        self._showing = True
        try:
            if self._complete is not None:
                self._state = self._completed(self._complete)
            old, new = self._told, self._state
            self._told = new
            with ExitStack() as telling:  # one that fails does not keep the others from knowing
                for observer in reversed(self._observers):
                    telling.callback(observer, old, new)
        finally:
            self._showing = False

    def _completed(self, completion: Completion) -> State:
        state = completion(self._state)
        if state.document is not self._state.document:
            raise CommitWhileShowing("only the Moment is completed, never the Document")
        return state
