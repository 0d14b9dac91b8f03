"""Telling the user: one sentence after the other."""

from __future__ import annotations

from dataclasses import replace

from mlipviewer.session.state import Notice, State

MOST = 100


def add_notice(state: State, notice: Notice) -> State:
    """The newest of all; told again, it is counted and does not push others out."""
    known = state.moment.notices
    if known and replace(known[-1], times=1, details=notice.details) == notice:
        known, notice = known[:-1], replace(notice, times=known[-1].times + 1)
    return state.with_moment(notices=(*known, notice)[-MOST:])
