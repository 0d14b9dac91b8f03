"""Activity: what runs, how far it is, and its stop."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QProgressBar, QPushButton

from mlipviewer.session.landing import add_job, add_notice, set_job
from mlipviewer.session.state import Job, JobState, Notice, Weight
from mlipviewer.views.jobs import JobsView
from tests.windows import Stage, press_at, release_at

pytestmark = pytest.mark.window


@pytest.fixture
def jobs(stage: Callable[..., Stage]) -> Stage:
    return stage(JobsView, 500, 240)


def view(shown: Stage) -> JobsView:
    assert isinstance(shown.view, JobsView)
    return shown.view


def lines(shown: Stage) -> list[tuple[str, str]]:
    tree = view(shown).list
    items = [tree.topLevelItem(i) for i in range(tree.topLevelItemCount())]
    return [(item.text(0), item.text(1)) for item in items if item is not None]


def test_that_work_shows_its_progress_and_can_be_stopped(jobs: Stage) -> None:
    stopped: list[int] = []
    view(jobs).stop_wanted.connect(stopped.append)
    jobs.commit(lambda s: add_job(s, Job(7, "Correlation")))
    jobs.commit(lambda s: set_job(s, 7, done=3, total=12))
    bar = view(jobs).list.findChildren(QProgressBar)[-1]
    assert (bar.value(), bar.maximum()) == (3, 12)
    button = view(jobs).list.findChildren(QPushButton)[-1]
    middle = (button.width() / 2, button.height() / 2)
    press_at(button, middle)
    jobs.commit(lambda s: set_job(s, 7, done=5, total=12))  # while the button is held down
    release_at(button, middle)
    assert stopped == [7]
    assert bar.value() == 5
    jobs.commit(lambda s: set_job(s, 7, state=JobState.STOPPED))
    assert lines(jobs) == [("Correlation", "stopped")]


def test_that_the_newest_come_first_and_failures_say_why(jobs: Stage) -> None:
    for number, title in ((1, "First"), (2, "Second")):
        jobs.commit(lambda s, n=number, t=title: add_job(s, Job(n, t, JobState.DONE)))
    jobs.commit(lambda s: set_job(s, 1, state=JobState.FAILED, message="a.xyz: is cut"))
    assert lines(jobs) == [("Second", "done"), ("First", "a.xyz: is cut")]


def test_that_notices_are_plain_text(jobs: Stage) -> None:
    jobs.commit(lambda s: add_notice(s, Notice("<b>bad</b>\x07", Weight.ERROR)))
    assert lines(jobs) == [("<b>bad</b>\ufffd", "error")]
