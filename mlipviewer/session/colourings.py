"""What colours the atoms: one colouring, or several in panes beside each other. Pure changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from mlipviewer.core.differences import DISPLACEMENT
from mlipviewer.core.trajectory import Frame
from mlipviewer.session.changes import shown_trajectories
from mlipviewer.session.state import Colouring, RangePolicy, State

MOST_PANES = 4
MOST_CLASSES = 32
NO_CLASSES = frozenset({"id", "type", "mol", "ix", "iy", "iz", "image"})
"""Whole numbers of LAMMPS that name no class of the surroundings of an atom."""

SPECIES = "species"
PLAIN_MAP, DIVERGING_MAP = Colouring().map, "balance"


@dataclass(frozen=True)
class PaneOf:
    """A pane of the atoms: the run that it shows, and which of the colourings is its."""

    name: str
    colouring: int = 0


def panes_of(state: State) -> tuple[PaneOf, ...]:
    """The panes from left to right and from above: for each colouring all runs side by side."""
    names = [one.name for one in shown_trajectories(state)][:MOST_PANES]
    n = len(colourings_of(state))
    return tuple(PaneOf(name, k) for k in range(n) for name in names)


def most_colourings(state: State) -> int:
    """For how many colourings there is room beside the runs that are shown."""
    return max(MOST_PANES // max(len(shown_trajectories(state)), 1), 1)


def colourings_of(state: State) -> tuple[Colouring, ...]:
    """The colourings that are shown, each in panes of its own."""
    document = state.document
    return (document.colouring, *document.further)[: most_colourings(state)]


def active_colouring(state: State) -> int:
    """The number of the colouring that the bar below the atoms is about."""
    return min(state.moment.colouring, len(colourings_of(state)) - 1)


def coloured(state: State) -> Colouring:
    """The colouring that the bar is about."""
    return colourings_of(state)[active_colouring(state)]


def make_active(state: State, number: int) -> State:
    """The bar is about another colouring. No step of history."""
    number = min(max(number, 0), len(colourings_of(state)) - 1)
    return state if number == state.moment.colouring else state.with_moment(colouring=number)


# -- changing one


def colour_by(state: State, column: str) -> State:
    """Colour the active panes by another column, over its own range."""
    old = coloured(state)
    if column == old.column:
        return state
    fresh = Colouring(column, own=old.own, difference=old.difference, aligned=old.aligned)
    return set_colouring(state, _fitting(state, fresh))


def set_colouring(state: State, colouring: Colouring) -> State:
    """Another colouring of the active panes."""
    if colouring == coloured(state):
        return state
    return _with(state, {active_colouring(state): colouring})


def set_component(state: State, component: int | None) -> State:
    """Colour by one component of vectors, or by their norm; a fixed range is freed."""
    now = replace(coloured(state), component=component, low=None, high=None)
    return set_colouring(state, _fitting(state, now))


def set_difference(state: State, wanted: bool) -> State:
    """Colour runs side by side by what they have more than the first, on a map around zero."""
    now = replace(coloured(state), difference=wanted, low=None, high=None)
    return set_colouring(state, _fitting(state, now))


def set_for_all(state: State, **about: Any) -> State:
    """The same fields in all colourings."""
    changed = {k: replace(one, **about) for k, one in enumerate(_every(state))}
    return _with(state, changed)


def recolour(state: State, gone: Mapping[str, str]) -> State:
    """Colourings by columns that are gone (name to what colours instead)."""
    every = enumerate(_every(state))
    changed = {k: Colouring(gone[one.column]) for k, one in every if one.column in gone}
    return _with(state, changed) if changed else state


def _every(state: State) -> tuple[Colouring, ...]:
    """All colourings, also those for which there is no room now."""
    return (state.document.colouring, *state.document.further)


def _with(state: State, changed: Mapping[int, Colouring]) -> State:
    every = list(_every(state))
    for number, colouring in changed.items():
        every[number] = colouring
    if tuple(every) == _every(state):
        return state
    return state.with_document(colouring=every[0], further=tuple(every[1:]))


def _fitting(state: State, colouring: Colouring) -> Colouring:
    """With a map that shows where zero is, where values may be above and below it; a map of the
    user's choice stays."""
    less = colouring.difference or colouring.column == DISPLACEMENT
    if less and _signed(state, colouring):
        own = colouring.map != PLAIN_MAP
        name = colouring.map if own else DIVERGING_MAP
        return replace(colouring, map=name, policy=RangePolicy.SYMMETRIC)
    if colouring.map == DIVERGING_MAP and colouring.policy is RangePolicy.SYMMETRIC:
        return replace(colouring, map=PLAIN_MAP, policy=RangePolicy.FRAME)
    return colouring


def _signed(state: State, colouring: Colouring) -> bool:
    """Whether differences in this column have a sign: norms of vectors have none."""
    frames = (state.moment.frames.get(one.name) for one in shown_trajectories(state))
    columns = [one.columns.get(colouring.column) for one in frames if one is not None]
    vectors = any(column is not None and column.ndim > 1 for column in columns)
    vectors |= colouring.column == DISPLACEMENT
    return colouring.component is not None or not vectors


# -- how many there are


def set_n_colourings(state: State, n: int) -> State:
    """Show the runs in so many colourings beside each other; new ones take columns not yet seen."""
    n = min(max(n, 1), most_colourings(state))
    now = list(colourings_of(state))
    while len(now) < n:
        now.append(Colouring(_unseen_column(state, {one.column for one in now}), own=now[0].own))
    if tuple(now[:n]) == _every(state):
        return state
    after = state.with_document(colouring=now[0], further=tuple(now[1:n]))
    return make_active(after, n - 1)


def close_colouring(state: State, number: int) -> State:
    """Close the panes of one colouring; the last one stays."""
    every = _every(state)
    if len(every) < 2 or not 0 <= number < len(every):
        return state
    left = every[:number] + every[number + 1 :]
    after = state.with_document(colouring=left[0], further=left[1:])
    return make_active(after, min(number, len(left) - 1))


def _unseen_column(state: State, seen: set[str]) -> str:
    """What a new pane shows: classes first, then numbers, then vectors, else species."""
    frame = next(
        (f for one in shown_trajectories(state) if (f := state.moment.frames.get(one.name))), None
    )
    if frame is None:
        return SPECIES
    fresh = [name for name in frame.columns if name not in seen and _tells(frame, name)]
    kin = {one.partition("_")[0].partition(" ")[0] for one in seen}

    def rank(name: str) -> tuple[bool, bool, int]:
        """What a computation says besides what is seen already comes last."""
        akin = "_" in name and name.partition("_")[0] in kin
        return akin, frame.columns[name].dtype.kind == "f", frame.columns[name].ndim

    return min(fresh, key=rank) if fresh else SPECIES


def _tells(frame: Frame, name: str) -> bool:
    """Whether a column is worth a pane: classes, real numbers and vectors are; counts of images,
    ids and what is the same for all atoms are not."""
    column = frame.columns[name]
    if name in frame.classes or (column.dtype.kind == "f" and column.ndim <= 2):
        return True
    if column.dtype.kind not in "iub" or column.ndim > 1 or name in NO_CLASSES or not len(column):
        return False
    return 0 < int(column.max()) - int(column.min()) < MOST_CLASSES
