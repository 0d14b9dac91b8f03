"""Pure changes of what a trajectory means: its time, units, elements, and values joined to it."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import Any

from mlipviewer.io.trajectories.choices import NOTHING, TrajectoryChoices, trajectory_choices
from mlipviewer.session.inputs import Input
from mlipviewer.session.state import State
from mlipviewer.session.table_changes import decide


def choices_about(one: Input | None) -> TrajectoryChoices:
    """What was decided about an input; nothing where that cannot be read."""
    with contextlib.suppress(ValueError, TypeError):
        return trajectory_choices(one.choices if one is not None else "")
    return NOTHING


def decide_trajectory(state: State, name: str, choices: TrajectoryChoices) -> State:
    """What a trajectory means; it is then understood anew."""
    return decide(state, name, choices.as_text())


def choose(state: State, name: str, **about: Any) -> State:
    """Some of the choices about a trajectory in place of those before."""
    old = choices_about(state.document.input(name))
    return decide_trajectory(state, name, replace(old, **about))


def join_thermo(state: State, path: str) -> State:
    """Values by step from a file, joined to the frames of the shown trajectory."""
    name = state.document.trajectory
    one = state.document.input(name)
    if name is None or one is None:
        return state
    old = choices_about(one).thermo
    return state if path in old else choose(state, name, thermo=(*old, path))
