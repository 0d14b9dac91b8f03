"""Long work in threads: progress, stop, failure, and the queue of its news."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from mlipviewer.core.progress import Progress
from mlipviewer.session.campaigns.attending import Campaigns
from mlipviewer.session.growing import Follower
from mlipviewer.session.jobs import (
    MAX_RUNNING,
    Failed,
    Finished,
    Jobs,
    News,
    Progressed,
    Started,
    Stopped,
)

LONG = 10.0  # seconds that nothing here takes


def news_until(jobs: Jobs, enough: Callable[[list[News]], bool]) -> list[News]:
    """All news until there are enough; fails where nothing more comes."""
    found: list[News] = []
    while not enough(found):
        new = jobs.drain(timeout=LONG)
        assert new, f"no more news than {found}"
        found += new
    return found


def ended(found: list[News]) -> bool:
    return any(isinstance(news, Finished | Failed | Stopped) for news in found)


def test_that_work_tells_its_start_its_progress_and_its_value() -> None:
    jobs = Jobs()

    def work(progress: Progress) -> str:
        progress.step(1, 2)
        return "value"

    number = jobs.start("Title", work)
    assert news_until(jobs, ended) == [
        Started(number, "Title"),
        Progressed(number, 0, 0),
        Progressed(number, 1, 2),
        Finished(number, "value"),
    ]
    assert not jobs.busy


def test_that_news_wake_who_drains() -> None:
    woken = threading.Event()
    Jobs(woken.set).start("Title", lambda _progress: None)
    assert woken.wait(LONG)


def test_that_a_stop_is_heard_at_the_next_step() -> None:
    jobs, begun = Jobs(), threading.Event()
    stopped = threading.Event()

    def work(progress: Progress) -> None:
        begun.set()
        assert stopped.wait(LONG)
        progress.step(1, 2)

    number = jobs.start("Title", work)
    assert begun.wait(LONG)
    jobs.stop(number)
    stopped.set()
    assert news_until(jobs, ended)[-1] == Stopped(number)
    assert not jobs.busy


def test_that_the_value_of_stopped_work_is_dropped() -> None:
    jobs, go = Jobs(), threading.Event()
    begun = threading.Event()

    def deaf(_progress: Progress) -> str:
        begun.set()
        go.wait(LONG)
        return "late"

    number = jobs.start("Deaf", deaf)
    assert begun.wait(LONG)
    jobs.stop(number)
    go.set()
    assert news_until(jobs, ended)[-1] == Stopped(number)


def test_that_a_failure_tells_its_reason_and_its_trace() -> None:
    jobs = Jobs()

    def work(_progress: Progress) -> None:
        raise ValueError("the cell is flat")

    number = jobs.start("Title", work)
    last = news_until(jobs, ended)[-1]
    assert isinstance(last, Failed)
    assert (last.number, last.reason) == (number, "the cell is flat")
    assert "ValueError: the cell is flat" in last.details


def test_that_a_failure_without_words_has_the_name_of_its_kind() -> None:
    jobs = Jobs()

    def work(_progress: Progress) -> None:
        raise MemoryError

    jobs.start("Title", work)
    last = news_until(jobs, ended)[-1]
    assert isinstance(last, Failed)
    assert last.reason == "MemoryError"


def test_that_few_run_at_a_time_and_waiting_ones_can_be_stopped() -> None:
    jobs, go, lock = Jobs(), threading.Event(), threading.Lock()
    begun: list[int] = []
    full = threading.Event()

    def work(_progress: Progress) -> None:
        with lock:
            begun.append(1)
            if len(begun) == MAX_RUNNING:
                full.set()
        go.wait(LONG)

    numbers = [jobs.start("Title", work) for _ in range(MAX_RUNNING + 2)]
    assert full.wait(LONG)
    jobs.stop_all()
    go.set()
    found = news_until(jobs, lambda news: sum(isinstance(n, Stopped) for n in news) == len(numbers))
    assert {n.number for n in found if isinstance(n, Stopped)} == set(numbers)
    assert len(begun) == MAX_RUNNING


def test_that_draining_nothing_gives_nothing_at_once() -> None:
    assert Jobs().drain() == []


def test_that_stopping_who_is_not_there_does_no_harm() -> None:
    jobs = Jobs()
    jobs.stop(99)
    assert jobs.drain() == []


def test_that_prompt_work_does_not_wait_behind_long_work() -> None:
    jobs, go = Jobs(), threading.Event()
    for _ in range(MAX_RUNNING):
        jobs.start("Long", lambda _progress: go.wait(LONG))
    number = jobs.start("Short", lambda _progress: "done", prompt=True)
    assert news_until(jobs, ended)[-1] == Finished(number, "done")
    go.set()


@pytest.mark.parametrize("problem", [SystemExit(2), BaseException("the library panicked")])
def test_that_work_that_leaves_has_failed(problem: BaseException) -> None:
    jobs = Jobs()

    def work(_progress: Progress) -> None:
        raise problem

    number = jobs.start("Title", work)
    last = news_until(jobs, ended)[-1]
    assert isinstance(last, Failed)
    assert last.number == number
    assert not jobs.busy


def test_that_a_job_without_a_thread_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refused)
    jobs = Jobs()
    number = jobs.start("Title", lambda _progress: None)
    assert news_until(jobs, ended)[-1].number == number
    assert not jobs.busy


class _Closing:
    """Its `wake` is taken away while a thread is about to call it."""

    @property
    def wake(self) -> Callable[[], None] | None:
        return next(self.wakes)

    @wake.setter
    def wake(self, _wake: object) -> None:
        self.woken: list[int] = []
        self.wakes = iter([lambda: self.woken.append(1), None])


class _ClosingJobs(_Closing, Jobs): ...


class _ClosingFollower(_Closing, Follower): ...


class _ClosingCampaigns(_Closing, Campaigns): ...


@pytest.mark.parametrize("kind", [_ClosingJobs, _ClosingFollower, _ClosingCampaigns])
def test_that_news_may_come_while_a_session_closes(kind: type[Any]) -> None:
    teller = kind()
    teller._tell(Started(1, "Title"))
    assert teller.woken == [1]


def test_that_work_left_behind_does_not_hold_up_another_session() -> None:
    jobs, go = Jobs(), threading.Event()
    begun = threading.Semaphore(0)

    def deaf(_progress: Progress) -> None:
        begun.release()
        go.wait(LONG)

    for _ in range(MAX_RUNNING):
        jobs.start("Deaf", deaf)
        assert begun.acquire(timeout=LONG)
    jobs.abandon()
    number = jobs.start("Of the new one", lambda _progress: "done")
    assert news_until(jobs, ended)[-1] == Finished(number, "done")
    go.set()
