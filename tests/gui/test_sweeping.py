"""Garbage is swept in the window's thread, whichever thread made it or allocates."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtCore import QObject

from mlipviewer.gui.sweeping import REST, Sweeper

ENOUGH = 20_000  # allocations, above all that Python waits for


class Cycle:
    """Holds itself and an object of Qt; tells the thread it ends in."""

    def __init__(self, told: list[threading.Thread]) -> None:
        self.itself, self.held, self.told = self, QObject(), told
        self.held.destroyed.connect(self.hear)

    def hear(self) -> None: ...

    def __del__(self) -> None:
        self.told.append(threading.current_thread())


@pytest.fixture
def sweeper(qapp: object) -> Iterator[Callable[..., Sweeper]]:
    made: list[Sweeper] = []

    def make(**about: Any) -> Sweeper:
        gc.collect()
        made.append(Sweeper(**about))
        return made[-1]

    by_itself = gc.isenabled()
    gc.enable()
    yield make
    for one in made:
        one.stop()
        one.deleteLater()
    (gc.enable if by_itself else gc.disable)()


def allocate() -> list[list[int]]:
    return [[k] for k in range(ENOUGH)]


def test_that_only_the_window_s_thread_sweeps(sweeper: Callable[..., Sweeper], qtbot: Any) -> None:
    sweeper()
    told: list[threading.Thread] = []
    Cycle(told)
    kept: list[object] = []
    worker = threading.Thread(target=lambda: kept.extend([allocate() for _ in range(20)]))
    worker.start()
    worker.join()
    assert not told
    qtbot.waitUntil(lambda: bool(told))
    assert told == [threading.main_thread()]


def test_that_old_garbage_is_swept_in_the_end(sweeper: Callable[..., Sweeper]) -> None:
    one = sweeper()
    told: list[threading.Thread] = []
    cycle = Cycle(told)
    gc.collect()  # now it is old
    del cycle
    for _ in range(200):
        kept = allocate()
        one.sweep()
        del kept
    assert told


def test_that_full_sweeps_rest_as_long_as_they_are_slow(sweeper: Callable[..., Sweeper]) -> None:
    now = 0.0

    def clock() -> float:
        nonlocal now
        now += 1.0  # each look at it is a second later: a full sweep takes one
        return now

    one = sweeper(clock=clock)
    full: list[float] = []

    def heard(phase: str, about: dict[str, int]) -> None:
        if phase == "stop" and about["generation"] == 2:
            full.append(now)

    gc.callbacks.append(heard)
    try:
        for _ in range(3000):
            kept = allocate()
            one.sweep()
            del kept
            if len(full) == 3:
                break
    finally:
        gc.callbacks.remove(heard)
    assert len(full) == 3
    assert min(later - former for former, later in pairwise(full)) >= REST


def test_that_nothing_is_swept_while_little_was_made(sweeper: Callable[..., Sweeper]) -> None:
    one = sweeper()
    seen: list[str] = []

    def heard(phase: str, _about: dict[str, int]) -> None:
        seen.append(phase)

    gc.collect()
    gc.callbacks.append(heard)
    try:
        one.sweep()
    finally:
        gc.callbacks.remove(heard)
    assert not seen


def test_that_python_sweeps_again_after_it(sweeper: Callable[..., Sweeper]) -> None:
    one = sweeper()
    assert not gc.isenabled()
    one.stop()
    assert gc.isenabled()
