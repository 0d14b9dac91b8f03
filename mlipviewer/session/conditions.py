"""Conditions that hold for rows of what is shown: live sets, and what is being sought."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from mlipviewer.core.atoms import AtomNames
from mlipviewer.core.differences import DISPLACED, displaced_names
from mlipviewer.core.named_sets import NamedSet
from mlipviewer.core.plot import Space
from mlipviewer.core.problem import QueryProblem
from mlipviewer.core.query import matching_mask, set_term
from mlipviewer.core.rows import NONE, Mask, Rows, from_mask, member, rows
from mlipviewer.core.spread import spreads
from mlipviewer.core.table import ErrorTable
from mlipviewer.core.trajectory import Frame
from mlipviewer.session.changes import shown_trajectories
from mlipviewer.session.standing import counted_from
from mlipviewer.session.state import Condition, Document, Match, State

DEEPEST = 8
"""Sets that are made of sets that are made of sets."""


@dataclass(frozen=True, eq=False)
class Ground:
    """What conditions on an input are asked of: its table or frame, those beside it, the sets, and
    the frame from which displacements count."""

    own: ErrorTable | Frame
    others: tuple[Frame, ...] = ()
    sets: tuple[NamedSet, ...] = ()
    since: Frame | None = None

    @property
    def key(self) -> tuple[object, ...]:
        return (self.own, *self.others, self.sets, self.since)

    @property
    def n(self) -> int:
        return self.own.n_rows if isinstance(self.own, ErrorTable) else self.own.n_atoms


def same_key(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    return len(one) == len(other) and all(a is b for a, b in zip(one, other, strict=True))


def ground_of(state: State, space: Space, owner: str) -> Ground | None:
    """What a condition is asked of now; None while that is not there."""
    mine = tuple(s for s in state.document.sets if (s.space, s.owner) == (space, owner))
    sets = state.document.sets if mine else ()
    if space is Space.MODEL:
        table = state.loaded_table(owner)
        return None if table is None else Ground(table, (), sets)
    frame = state.moment.frames.get(owner) if space is Space.ATOM else None
    if frame is None:
        return None
    names = [one.name for one in shown_trajectories(state) if one.name != owner]
    others = tuple(state.moment.frames[name] for name in names if name in state.moment.frames)
    return Ground(frame, others, sets, counted_from(state, owner))


def wanted_conditions(state: State) -> tuple[Condition, ...]:
    """What is sought in the runs shown, and the live sets."""
    sought = (state.moment.sought or "").strip()
    shown = shown_trajectories(state) if sought else ()
    typed = [Condition(Space.ATOM, one.name, sought) for one in shown]
    live = [Condition(s.space, s.owner, s.condition) for s in state.document.sets if s.live]
    return tuple(dict.fromkeys(typed + live))


def match(condition: Condition, ground: Ground) -> Match:
    """The rows for which the condition holds, or the reason why that cannot be said."""
    try:
        return Match(ground.key, holding(condition, ground))
    except QueryProblem as problem:
        return Match(ground.key, problem=problem.reason, position=problem.position)


def holding(condition: Condition, ground: Ground, depth: int = 0) -> Rows:
    """The rows (ids of atoms) for which a condition holds. Raises QueryProblem."""
    if depth > DEEPEST:
        raise QueryProblem("a set is made of itself, or of too many sets in each other")
    names: Mapping[str, Any] = _Names(condition, ground, depth)
    mask = matching_mask(condition.text, names, ground.n)
    if isinstance(ground.own, ErrorTable):
        return from_mask(mask & ground.own.model_mask)
    return rows(ground.own.atom_ids[mask])


class _Names(Mapping[str, Any]):
    """The names that a condition may use: columns, spreads over runs, sets of the same rows."""

    def __init__(self, condition: Condition, ground: Ground, depth: int) -> None:
        own = ground.own
        self._columns = own.namespace if isinstance(own, ErrorTable) else AtomNames(own)
        self._made: dict[str, Callable[[], Any]] = {}
        if isinstance(own, Frame):
            self._made.update(spreads((own, *ground.others)))
            if DISPLACED not in own.columns:
                self._made.update(displaced_names(partial(_since, ground), own))
        for one in ground.sets:
            if (one.space, one.owner) == (condition.space, condition.owner):
                self._made[set_term(one.name)] = lambda one=one: _mask_of(one, ground, depth)  # type: ignore[misc]

    def __getitem__(self, name: str) -> Any:
        return self._made[name]() if name in self._made else self._columns[name]

    def __iter__(self) -> Any:
        yield from self._columns
        yield from self._made

    def __len__(self) -> int:
        return len(self._columns) + len(self._made)


def _since(ground: Ground) -> Frame:
    if ground.since is None:
        raise QueryProblem("the frame that displacements count from is not read yet")
    return ground.since


def _mask_of(one: NamedSet, ground: Ground, depth: int) -> Mask:
    chosen = one.rows.rows if one.rows is not None else _live(one, ground, depth)
    own = ground.own
    ids = np.arange(own.n_rows) if isinstance(own, ErrorTable) else own.atom_ids
    return member(ids, chosen)


def _live(one: NamedSet, ground: Ground, depth: int) -> Rows:
    return holding(Condition(one.space, one.owner, one.condition), ground, depth + 1)


def rows_of_set(state: State, one: NamedSet) -> Rows:
    """What a set holds now: its rows, or those last found for its condition."""
    if one.rows is not None:
        return one.rows.rows
    found = state.moment.matches.get(Condition(one.space, one.owner, one.condition))
    return NONE if found is None else found.rows


def set_masks(document: Document, table: ErrorTable) -> Mapping[str, Mask]:
    """(n,) truth for each named set of models of the shown table, by its term in conditions."""
    ground = Ground(table, (), document.sets)
    owner = document.table or ""
    found = {}
    for one in (s for s in document.sets if (s.space, s.owner) == (Space.MODEL, owner)):
        try:
            found[set_term(one.name)] = _mask_of(one, ground, 0)
        except QueryProblem:  # it is told where the set is listed
            found[set_term(one.name)] = np.zeros(table.n_rows, bool)
    return found
