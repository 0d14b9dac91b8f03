"""Files of a session that were moved: the user shows one, its neighbours are found with it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from mlipviewer.session.inputs import Input
from mlipviewer.session.saving.restoring import lost, missing
from mlipviewer.session.state import State, frozen

Renamed = Callable[[str], str]


def relocated(state: State, old: str, new: str) -> State:
    """The file `old` is `new`: other files that are not there are looked for in the same way from
    it as they lay from `old`."""
    rename = _rename(old, new)
    inputs = tuple(_moved(one, rename) for one in state.document.inputs)
    if inputs == state.document.inputs:
        return state
    pairs = zip(state.document.inputs, inputs, strict=True)
    found = {before.name: (before, after) for before, after in pairs if before != after}
    links = tuple(replace(one, path=rename(one.path)) for one in state.document.links)
    moment = state.moment
    failed = {name: why for name, why in moment.failed.items() if name not in found}
    read_with = dict(moment.read_with)  # what was read before it was moved stays
    for name, (before, after) in found.items():
        if read_with.get(name) == before.meaning:
            read_with[name] = after.meaning
    state = state.with_document(inputs=inputs, links=links)
    return state.with_moment(failed=frozen(failed), read_with=frozen(read_with))


def _rename(old: str, new: str) -> Renamed:
    """By the longest end that both paths share: `a/b/run.xyz`, `c/b/run.xyz` move `a` to `c`."""
    before, after = Path(old).parts, Path(new).parts
    n = 0
    while n < min(len(before), len(after)) - 1 and before[-1 - n] == after[-1 - n]:
        n += 1
    roots = [(before[: len(before) - k], after[: len(after) - k]) for k in range(n, 0, -1)]

    def renamed(path: str) -> str:
        if path == old:
            return new
        parts = Path(path).parts
        if os.path.exists(path):  # noqa: PTH110 (it may be no path at all)
            return path
        for head, other in roots:
            if parts[: len(head)] == head:
                there = Path(*other, *parts[len(head) :])
                if there.exists():
                    return str(there)
        return path

    return renamed


def _moved(one: Input, rename: Renamed) -> Input:
    joined = one.joined
    if joined is not None:
        first, second = _moved(joined.first, rename), _moved(joined.second, rename)
        joined = replace(joined, first=first, second=second)
    more = tuple(rename(path) for path in one.more)
    return replace(one, path=rename(one.path), more=more, joined=joined)


def first_lost(state: State) -> str:
    """The path of the first file that is not there; '' where all are."""
    return next((missing(one) for one in lost(state.document)), "")
