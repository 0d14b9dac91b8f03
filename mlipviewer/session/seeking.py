"""Pure changes of finding atoms: choosing what a condition finds, and keeping it as a set."""

from __future__ import annotations

from functools import partial

import numpy as np

from mlipviewer.core.plot import Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import Mode
from mlipviewer.core.spread import spread, spread_name
from mlipviewer.session import changes, set_changes
from mlipviewer.session.atom_changes import ask, if_as_asked, seek
from mlipviewer.session.conditions import ground_of, match, same_key
from mlipviewer.session.matching import AT_ONCE
from mlipviewer.session.state import Condition, Errand, Match, State

SHARE = 95.0
"""Atoms among which models disagree most, per cent of those below."""


def sought_conditions(state: State) -> tuple[Condition, ...]:
    """What is typed, for each run that is shown."""
    text = (state.moment.sought or "").strip()
    if not text:
        return ()
    return tuple(Condition(Space.ATOM, one.name, text) for one in changes.shown_trajectories(state))


def choose_sought(state: State, mode: Mode = Mode.REPLACE) -> State:
    """Select the atoms for which the condition being typed holds, in every run that is shown."""
    for condition in sought_conditions(state):
        state = _choose(state, condition, mode)
    return state


def _choose(state: State, condition: Condition, mode: Mode) -> State:
    ground = ground_of(state, condition.space, condition.owner)
    if ground is None:
        return state
    known = state.moment.matches.get(condition)
    if known is not None and same_key(known.ground, ground.key):
        return _land(state, known, condition, mode)

    def work(_progress: Progress) -> Match:
        return match(condition, ground)

    land = if_as_asked(state, condition.owner, partial(_land, condition=condition, mode=mode))
    return ask(state, Errand("Select found atoms", work, land), ground.n <= AT_ONCE)


def _land(state: State, found: Match, condition: Condition, mode: Mode) -> State:
    if found.problem:
        return state
    return changes.select(state, Space.ATOM, found.rows, mode, condition.owner)


def keep_sought(state: State) -> State:
    """The condition being typed becomes a live set of each run that is shown."""
    for condition in sought_conditions(state):
        state = set_changes.save_condition(state, condition.space, condition.owner, condition.text)
    return state


def sought_words(state: State) -> tuple[str, bool]:
    """How many atoms are found (`12 of 4,000 atoms`), or what is wrong; whether it is a problem."""
    conditions = sought_conditions(state)
    if not conditions:
        return "", False
    found = [state.moment.matches.get(condition) for condition in conditions]
    if any(one is None for one in found):
        return "...", False
    problem = next((one for one in found if one is not None and one.problem), None)
    if problem is not None:
        return f"character {problem.position + 1}: {problem.problem}", True
    n = sum(len(one.rows) for one in found if one is not None)
    frames = (state.moment.frames.get(condition.owner) for condition in conditions)
    of = sum(frame.n_atoms for frame in frames if frame is not None)
    runs = f" in {len(found)} runs" if len(found) > 1 else ""
    return f"{n:,} of {of:,} atoms{runs}", False


def seek_disagreement(state: State, column: str) -> State:
    """Begin to seek the atoms at which the runs side by side disagree most about a column."""
    shown = [state.moment.frames.get(one.name) for one in changes.shown_trajectories(state)]
    frames = [frame for frame in shown if frame is not None and column in frame.columns]
    if len(frames) < 2:
        return state
    found = spread(frames, column)
    known = found[np.isfinite(found)]
    if not len(known):
        return state
    name = column if column.isidentifier() else f"`{column}`"
    bound = float(np.percentile(known, SHARE))
    return seek(state, f"{spread_name(name)} > {bound:.4g}")
