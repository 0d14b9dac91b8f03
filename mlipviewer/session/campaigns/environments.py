"""Environments of heavy families, made on request as a job that is shown and can be stopped."""

from __future__ import annotations

from functools import partial

from mlipviewer.campaign.environments import ENVIRONMENTS, is_there, make
from mlipviewer.core.progress import Progress
from mlipviewer.session.landing import add_notice
from mlipviewer.session.state import Errand, JobState, Notice, State


def title_of(name: str) -> str:
    """Of the job."""
    return f"Make the environment {name}"


def make_environment(state: State, name: str) -> State:
    """Have an environment made, unless that is under way."""
    if name in being_made(state):
        return state
    errand = Errand(title_of(name), partial(_make, name), _land)
    return state.with_moment(errands=(*state.moment.errands, errand))


def _make(name: str, progress: Progress) -> str:
    make(name, progress)
    return name


def _land(state: State, name: str) -> State:
    return add_notice(state, Notice(f"The environment {name} is made: its family can be trained"))


def being_made(state: State) -> frozenset[str]:
    """Environments that jobs make now, or will."""
    titles = {job.title for job in state.moment.jobs if job.state is JobState.RUNNING}
    titles |= {errand.title for errand in state.moment.errands}
    return frozenset(name for name in ENVIRONMENTS if title_of(name) in titles)


def those_there() -> frozenset[str]:
    """Environments that are made."""
    return frozenset(name for name in ENVIRONMENTS if is_there(name))
