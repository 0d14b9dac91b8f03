"""What every atom was and became: its states over time, passing changes left out.

An atom is in a state of three: disordered, close-packed (fcc and hcp) or crystal (bcc). A change
counts where the new label lasts for `persistence` frames; shorter ones are fluctuations.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.analysis.methods.labels import CLASSES

Array = NDArray[Any]

STATES = ("disordered", "close-packed", "bcc")
DISORDERED, CLOSE_PACKED, BCC = range(3)
NOWHERE = -1
"""Before an atom appears, after it has gone."""

STATE_OF = np.array(
    [
        BCC if name == "bcc" else CLOSE_PACKED if name in ("fcc", "hcp", "close-packed") else 0
        for name in CLASSES
    ],
    np.int8,
)
"""(n_classes,) the state of each class."""


@dataclass(frozen=True, eq=False)
class Histories:
    """The raw states (n, k) int8 of n atoms, ids (n,) rising, in k frames that were looked at."""

    ids: Array
    states: Array


def histories(frames: Iterable[tuple[Array, Array]], n_frames: int) -> Histories:
    """Of frames as (ids, labels of CLASSES), in any order of the atoms, which may come and go."""
    ids = np.empty(0, np.int64)
    states = np.empty((0, n_frames), np.int8)
    as_given = rows = np.empty(0, np.int64)
    for number, (now, labels) in enumerate(frames):
        if not np.array_equal(now, as_given):
            new = np.setdiff1d(now, ids)
            if len(new):
                ids, states = _with(ids, states, new)
            as_given, rows = now, np.searchsorted(ids, now)
        states[rows, number] = STATE_OF[labels]
    return Histories(ids, states)


def _with(ids: Array, states: Array, new: Array) -> tuple[Array, Array]:
    """The same with more atoms, in order."""
    every = np.concatenate((ids, new))
    order = np.argsort(every, kind="stable")
    none = np.full((len(new), states.shape[1]), NOWHERE, np.int8)
    grown = none if len(ids) == 0 else np.concatenate((states, none))
    return every[order], grown if len(ids) == 0 else grown[order]


def lasting(states: Array, persistence: int) -> Array:
    """(n, k) states without runs shorter than `persistence` frames: these are given to the lasting
    state before them; at the beginning, to the first one that lasts.

    Without any lasting state, an atom has the one it is in most often. Frames where it is not there
    stay so.
    """
    kept = np.full(states.shape, NOWHERE, np.int8)
    n, k = states.shape
    now = np.full(n, NOWHERE, np.int8)
    candidate = np.full(n, NOWHERE, np.int8)
    since = np.zeros(n, int)
    for t in range(k):
        label = states[:, t]
        there = label != NOWHERE
        now[~there] = candidate[~there] = NOWHERE  # it may come back as another
        fresh = there & (label != candidate)
        candidate[fresh] = label[fresh]
        since[fresh] = t
        ripe = np.flatnonzero(there & (t - since + 1 >= persistence) & (candidate != now))
        now[ripe] = candidate[ripe]
        kept[there, t] = now[there]
        for back in range(1, min(persistence, t + 1)):
            kept[ripe, t - back] = now[ripe]
    return _begun(states, kept)


def _begun(states: Array, kept: Array) -> Array:
    """What comes before the first lasting state, in each stay of an atom, belongs to it."""
    there = states != NOWHERE
    n, k = kept.shape
    following = np.full(n, NOWHERE, np.int8)
    for t in range(k - 1, -1, -1):
        following[~there[:, t]] = NOWHERE
        empty = there[:, t] & (kept[:, t] == NOWHERE)
        kept[empty, t] = following[empty]
        following = np.where(there[:, t], kept[:, t], NOWHERE).astype(np.int8)
    for i in np.flatnonzero((there & (kept == NOWHERE)).any(axis=1)).tolist():
        open_ = there[i] & (kept[i] == NOWHERE)
        kept[i, open_] = np.bincount(states[i, open_], minlength=3).argmax()
    return kept


@dataclass(frozen=True, eq=False)
class Changes:
    """m changes of state: row of the atom, number of the frame from which on, from, to. In the
    order of atoms, then time. Those between a frame and the next alone: gaps are none."""

    atoms: Array
    frames: Array
    old: Array
    new: Array


def changes_of(kept: Array) -> Changes:
    before, after = kept[:, :-1], kept[:, 1:]
    rows, at = np.nonzero((before != after) & (before != NOWHERE) & (after != NOWHERE))
    return Changes(rows, at + 1, before[rows, at], after[rows, at])


def transition_counts(changes: Changes) -> Array:
    """(3, 3) how many changes from (line) to (column)."""
    counts = np.zeros((3, 3), int)
    np.add.at(counts, (changes.old, changes.new), 1)
    return counts


def ends_of(kept: Array) -> tuple[Array, Array]:
    """(n,) the first and last state of each atom."""
    there = kept != NOWHERE
    rows = np.arange(len(kept))
    first = there.argmax(axis=1)
    last = kept.shape[1] - 1 - there[:, ::-1].argmax(axis=1)
    return kept[rows, first], kept[rows, last]


@dataclass(frozen=True, eq=False)
class Passages:
    """The last way of each atom from disorder into the crystal in which it is at the end.

    (m,) rows of atoms; `begin` and `end`: numbers of the frames in which it left disorder and
    arrived; `direct`: whether nothing lay between.
    """

    atoms: Array
    begin: Array
    end: Array

    @property
    def direct(self) -> Array:
        found: Array = self.begin == self.end
        return found


def passages_of(kept: Array) -> Passages:
    """Atoms that are bcc at the end and were disordered before; both within their last stay."""
    _, last = ends_of(kept)
    atoms, begin, end = [], [], []
    for i in np.flatnonzero(last == BCC).tolist():
        line = kept[i]
        disordered = np.flatnonzero(line == DISORDERED)
        if disordered.size == 0:
            continue
        left = int(disordered[-1]) + 1
        way = line[left:]
        if (way[: int(np.argmax(way == BCC))] == NOWHERE).any():
            continue  # it was not there in between
        atoms.append(i)
        begin.append(left)
        end.append(left + int(np.argmax(way == BCC)))
    return Passages(np.array(atoms, int), np.array(begin, int), np.array(end, int))


def flicker_of(kept: Array, rows: Array) -> Array:
    """(c,) for each of these atoms, the share of its frames in which it counts as close-packed."""
    there = (kept[rows] != NOWHERE).sum(axis=1)
    found: Array = (kept[rows] == CLOSE_PACKED).sum(axis=1) / np.maximum(there, 1)
    return found


def stays_of(kept: Array) -> tuple[Array, Array, Array, Array]:
    """Every stay in a state: rows of atoms, states, lengths in frames, and whether it is complete:
    it neither began nor ended with what was seen of the atom."""
    n, k = kept.shape
    walls = np.full((n, 1), -2, np.int8)
    padded = np.concatenate((walls, kept, walls), axis=1)
    rows, at = np.nonzero(padded[:, 1:] != padded[:, :-1])
    same = rows[1:] == rows[:-1]
    begin, end, own = at[:-1][same], at[1:][same], rows[:-1][same]
    states = kept[own, begin]
    whole = (begin > 0) & (end < k)
    inner = whole.copy()
    inner[whole] = (kept[own[whole], begin[whole] - 1] != NOWHERE) & (
        kept[own[whole], end[whole]] != NOWHERE
    )
    real = states != NOWHERE
    return own[real], states[real], (end - begin)[real], inner[real]


def flows_of(kept: Array, changes: Changes) -> tuple[Array, Array]:
    """(f, 3) the different ways as start, through (-1: directly), end, and (n,) which one each
    atom took. `through` is the state after the last visit to the start, where that is not the end;
    of atoms that come back to their start, the last state before."""
    start, end = ends_of(kept)
    through = np.full(len(kept), NOWHERE, np.int8)
    split = np.searchsorted(changes.atoms, np.arange(len(kept) + 1))
    for i in np.flatnonzero(np.diff(split) > 1).tolist():
        new = changes.new[split[i] : split[i + 1]]
        if start[i] == end[i]:
            through[i] = new[-2]
            continue
        visits = np.flatnonzero(new == start[i])
        following = new[int(visits[-1]) + 1 if visits.size else 0]
        through[i] = NOWHERE if following == end[i] else following
    every = np.stack((start, through, end), axis=1)
    flows, which = np.unique(every, axis=0, return_inverse=True)
    return flows, which.ravel()
