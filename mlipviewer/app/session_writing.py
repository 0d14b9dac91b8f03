"""Session files are written by jobs: the window stays alive while the inputs are looked at."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEventLoop, QObject, QTimer, Signal

from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.progress import Progress
from mlipviewer.io.room import sweep
from mlipviewer.session.landing import add_notice
from mlipviewer.session.saving import locks
from mlipviewer.session.saving.recents import add_recent
from mlipviewer.session.saving.restoring import fingerprints
from mlipviewer.session.saving.session_file import Saved, save_session
from mlipviewer.session.saving.trust import trust
from mlipviewer.session.session import Session
from mlipviewer.session.state import Errand, Notice, State
from mlipviewer.session.store import Store

WAIT_MS = 10


@dataclass(frozen=True, eq=False)
class Order:
    """What is to be written where: all of the window at that moment."""

    path: Path
    saved: Saved
    mark: object  # that of the document
    ours: bool  # it is locked for this window already
    window: int = 0  # its number


class NotOurs(Exception):
    """Another window has the session file."""


class SessionWriter(QObject):
    """Writes one session file at a time, in the order in which they were asked for."""

    written = Signal(object)  # the order; before `ended`
    ended = Signal(object)  # the order, written or not

    def __init__(self, parent: QObject, store: Store, session: Session) -> None:
        super().__init__(parent)
        self._store, self._session = store, session
        self._orders: list[Order] = []
        self.ended.connect(self._next)

    @property
    def writing(self) -> bool:
        """Whether an order is not done yet."""
        asked = bool(self._store.state.moment.errands)  # a job begins when all is shown
        return bool(self._orders) and (asked or self._session.working)

    def write(self, order: Order) -> None:
        """Begin it, or let it wait for those before."""
        if not self.writing:
            self._orders.clear()  # of a session that was left
        self._orders.append(order)
        if len(self._orders) == 1:
            self._begin(order)

    def wait(self) -> None:
        """Until all is written; the window is drawn meanwhile, but takes no input."""
        loop, timer = QEventLoop(), QTimer()
        timer.timeout.connect(lambda: None if self.writing else loop.quit())
        timer.start(WAIT_MS)
        if self.writing:
            loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)

    def _begin(self, order: Order) -> None:
        errand = Errand(
            f"Save {order.path.name}", partial(self._work, order), _told_of(order), prompt=True
        )
        self._store.commit(
            lambda s: s.with_moment(errands=(*s.moment.errands, errand)), errand.title
        )

    def _next(self, order: Order) -> None:
        self._orders = [one for one in self._orders if one is not order]
        if self._orders:
            self._begin(self._orders[0])

    def _work(self, order: Order, progress: Progress) -> None:
        """In a thread. Raises NotOurs or ValueError with one sentence where it was not written."""
        try:
            _write(order, progress)
            self.written.emit(order)
        finally:
            self.ended.emit(order)


def _told_of(order: Order) -> Callable[[State, object], State]:
    return lambda state, _nothing: add_notice(state, Notice(f"Saved: {order.path}"))


def _write(order: Order, progress: Progress) -> None:
    """Raises NotOurs, ValueError, Cancelled."""
    name = order.path.name
    try:
        if not order.ours and not locks.take(order.path, order.window):
            raise NotOurs(f"{name} is open in another window")
        marks: Mapping[str, str] = fingerprints(order.saved.document.inputs, progress)
        digest = save_session(order.path, replace(order.saved, fingerprints=marks))
        sweep(order.path.parent)
    except NotOurs:
        raise
    except BaseException as problem:
        if not order.ours:
            tolerated(lambda: locks.release(order.path, order.window))
        if isinstance(problem, OSError | ReadProblem | ValueError):
            said = f"{name} was not written: {problem}. The file there is as it was."
            raise ValueError(said) from problem
        raise
    tolerated(lambda: trust(digest))
    tolerated(lambda: add_recent(str(order.path)))


def tolerated(act: Callable[[], object]) -> None:
    """What is only a comfort must not disturb."""
    try:
        act()
    except (OSError, ValueError):
        logging.getLogger(__name__).warning("could not be kept", exc_info=True)
