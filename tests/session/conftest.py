"""A session without a window, and analyses whose running the test decides."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import pytest

from mlipviewer.analysis import ANALYSES
from mlipviewer.core.analysis import Analysis, Inputs, Needs, Params, Result, param
from mlipviewer.core.plot import Plot
from mlipviewer.core.progress import Progress
from mlipviewer.session import changes, opening
from mlipviewer.session.inputs import Input, Kind
from mlipviewer.session.panels import request_of
from mlipviewer.session.session import Session
from mlipviewer.session.state import Document, Failure, Panel, State
from mlipviewer.session.store import Store
from tests import made

LONG = 10.0


@dataclass(frozen=True)
class SlowParams(Params):
    number: int = param(0, "any number")


@dataclass
class Slow:
    """An analysis that answers with its number when it is let go."""

    go: threading.Event = field(default_factory=threading.Event)
    begun: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    runs: list[int] = field(default_factory=list)
    stopped: list[int] = field(default_factory=list)
    fail: Callable[[], None] = lambda: None

    def run(self, inputs: Inputs, params: SlowParams, progress: Progress) -> Result:
        self.runs.append(params.number)
        self.begun.release()
        assert self.go.wait(LONG)
        if progress.stopped:
            self.stopped.append(params.number)
        self.fail()
        return Result({"number": params.number, "rows": inputs.the_table().n_rows})

    def wait(self) -> None:
        assert self.begun.acquire(timeout=LONG)


def _draw(_inputs: Inputs, _params: SlowParams, result: Result) -> Plot:
    return Plot(status=f"{result.summary['number']}")


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    made = Slow()
    plots = MappingProxyType({"Slow": _draw})
    needs = (Needs.TABLE,)
    analysis = Analysis("slow", "Slow", "Waits.", needs, SlowParams, made.run, plots)
    known = MappingProxyType({**ANALYSES, "slow": analysis})
    for module in ("session.session", "session.panels", "session.answers", "views.plot"):
        monkeypatch.setattr(f"mlipviewer.{module}.ANALYSES", known)
    yield made
    made.go.set()


def slow_panel(number: int = 0) -> Panel:
    return Panel("slow", "plot", "Slow", "slow", "Slow", SlowParams(number))


@pytest.fixture
def session() -> Iterator[Session]:
    """A session without panels, as without a window."""
    made = Session(Store(State(Document())))
    yield made
    made.close()


TABLE = Input("made.csv", "/made.csv", Kind.TABLE)


def give_table(session: Session, n_models: int = 24) -> None:
    table = made.error_table(n_models)
    session.store.commit(lambda s: changes.add_loaded(s, TABLE, table), "Open")


def give_run(session: Session, name: str = "made.xyz", **about: object) -> None:
    one = Input(name, f"/{name}", Kind.TRAJECTORY)
    run = made.trajectory(name, **about)  # type: ignore[arg-type]
    session.store.commit(lambda s: changes.add_loaded(s, one, run), "Open")


def result(session: Session, panel_id: str) -> Result | Failure | None:
    state = session.store.state
    request = request_of(state, state.document.panel(panel_id))
    return request if isinstance(request, Failure) else state.moment.results.get(request)


def until(session: Session, true: Callable[[], bool]) -> None:
    """Work until it is so."""
    end = time.monotonic() + LONG
    while not true():
        assert time.monotonic() < end
        session.drain(0.02)
        session.store.flush()


def ended(title: str) -> None:
    """Until the thread of a job of that title has ended: its news are in the queue."""
    for thread in threading.enumerate():
        if thread.name == title:
            thread.join(LONG)
            assert not thread.is_alive()


class Held:
    """Reading of one file waits until the test lets it go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, path: Path, what: str) -> None:
        self.go, self.begun = threading.Event(), threading.Semaphore(0)
        inner: Callable[..., object] = getattr(opening, what)

        def held(one: Input, *more: object) -> object:
            if one.path == str(path):
                self.begun.release()
                assert self.go.wait(LONG)
            return inner(one, *more)

        monkeypatch.setattr(opening, what, held)

    def wait(self) -> None:
        assert self.begun.acquire(timeout=LONG)


def held_table(monkeypatch: pytest.MonkeyPatch, path: Path) -> Held:
    return Held(monkeypatch, path, "_table_of_file")


def held_run(monkeypatch: pytest.MonkeyPatch, path: Path) -> Held:
    return Held(monkeypatch, path, "_open_trajectory")


def open_panel(session: Session, panel: object) -> None:
    session.store.commit(lambda s: changes.open_panel(s, panel), "Open panel")  # type: ignore[arg-type]
    session.store.flush()
