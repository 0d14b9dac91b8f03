"""Pure changes of atoms: which are selected by kinship, shown, dimmed, followed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from mlipviewer.core import neighbours
from mlipviewer.core.plot import Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import NONE, Mask, Mode, Rows, combine, member, rows
from mlipviewer.core.trajectory import Frame
from mlipviewer.core.visibility import Visibility
from mlipviewer.session import changes
from mlipviewer.session.state import Errand, Following, State, frozen

SMALL = 20_000
"""Atoms up to which neighbours are looked for at once rather than in a thread."""

TRAIL = 250
"""Frames before and after the shown one that a trail has in a long run."""

Growth = Callable[[Frame, Mask], Mask]
Landing = Callable[[State, Any], State]


def owner_of(state: State, owner: str | None) -> str:
    return owner or state.document.trajectory or ""


def shown_frame(state: State, owner: str | None = None) -> Frame | None:
    """The frame that is shown of a trajectory, with its hidden atoms."""
    return state.moment.frames.get(owner_of(state, owner))


def ask(state: State, errand: Errand, at_once: bool = False) -> State:
    """Have work done: the session begins it; what is little is done at once."""
    if at_once:
        return errand.land(state, errand.work(Progress()))
    return state.with_moment(errands=(*state.moment.errands, errand))


def if_as_asked(state: State, owner: str, land: Landing) -> Landing:
    """A landing of what was asked of the selected atoms of a run: not where others were selected
    since, or the run was closed."""
    chosen = state.selected(Space.ATOM, owner)

    def landed(now: State, found: Any) -> State:
        same = now.selected(Space.ATOM, owner) is chosen
        return land(now, found) if same and now.loaded_trajectory(owner) is not None else now

    return landed


# -- selecting by kinship


def select_all_atoms(state: State, owner: str | None = None) -> State:
    """Select the atoms of the shown frame that are not hidden."""
    frame, name = shown_frame(state, owner), owner_of(state, owner)
    return state if frame is None else _choose(state, rows(_seen_ids(state, frame, name)), name)


def invert_atoms(state: State, owner: str | None = None) -> State:
    """Select what is shown and not selected; of hidden atoms nothing changes hands."""
    frame, name = shown_frame(state, owner), owner_of(state, owner)
    if frame is None:
        return state
    ids = rows(_seen_ids(state, frame, name))
    chosen = state.selected(Space.ATOM, name)
    return _choose(state, combine(ids, chosen, Mode.REMOVE), name)


def _seen_ids(state: State, frame: Frame, owner: str) -> Any:
    visibility = state.document.visible.get(owner)
    ids = frame.atom_ids
    return ids if visibility is None else ids[visibility.kept(ids)]


def _choose(state: State, chosen: Rows, owner: str, mode: Mode = Mode.REPLACE) -> State:
    return changes.select(state, Space.ATOM, chosen, mode, owner)


def select_alike(
    state: State, owner: str, atoms: Rows, column: str = "", mode: Mode = Mode.REPLACE
) -> State:
    """Select all atoms of the species of some, or with their values of a column."""
    frame = shown_frame(state, owner)
    if frame is None:
        return state
    values = kind_of_atoms(frame) if not column else frame.columns.get(column)
    if values is None:
        return state
    own = np.unique(values[member(frame.atom_ids, atoms)])
    return _choose(state, rows(frame.atom_ids[np.isin(values, own)]), owner, mode)


def kind_of_atoms(frame: Frame) -> Any:
    """(n,) the file's labels, else the atomic numbers."""
    return frame.numbers if frame.species is None else frame.species


def grow_within(state: State, owner: str | None = None) -> State:
    """Add the neighbours of the selected atoms up to `document.reach` A away."""
    reach = state.document.reach
    return _grow(state, owner, partial(_within, reach=reach), f"Grow by {reach:g} Å")


def grow_bonded(state: State, owner: str | None = None, shells: int = 1) -> State:
    """Add the atoms bonded to the selected ones."""
    return _grow(state, owner, partial(neighbours.bonded, shells=shells), "Grow by bonds")


def grow_clusters(state: State, owner: str | None = None) -> State:
    """Add all that hangs together by bonds with the selected atoms."""
    return _grow(state, owner, neighbours.connected, "Select whole clusters")


def grow_close(state: State, owner: str | None = None) -> State:
    """Add all that hangs together by steps of at most `document.reach` A."""
    reach = state.document.reach
    work = partial(neighbours.connected, distance=reach)
    return _grow(state, owner, work, f"Select clusters at {reach:g} Å")


def _within(frame: Frame, chosen: Mask, reach: float) -> Mask:
    return neighbours.within(frame, chosen, reach)


def _grow(state: State, owner: str | None, growth: Growth, title: str) -> State:
    frame, name = shown_frame(state, owner), owner_of(state, owner)
    if frame is None:
        return state
    chosen = member(frame.atom_ids, state.selected(Space.ATOM, name))

    def work(_progress: Progress) -> Rows:
        return rows(frame.atom_ids[growth(frame, chosen)])

    def land(now: State, found: Rows) -> State:
        return _choose(now, found, name, Mode.ADD)

    errand = Errand(title, work, if_as_asked(state, name, land))
    return ask(state, errand, frame.n_atoms <= SMALL)


def select_next_atom(state: State, step: int, owner: str | None = None) -> State:
    """Select the atom after (or before) the one selected, in the order of their ids."""
    frame, name = shown_frame(state, owner), owner_of(state, owner)
    if frame is None or frame.n_atoms == 0:
        return state
    ids = rows(_seen_ids(state, frame, name))
    if len(ids) == 0:
        return state
    chosen = state.selected(Space.ATOM, name)
    at = int(np.searchsorted(ids, chosen[0 if step < 0 else -1])) if len(chosen) else None
    if at is None:
        at = 0 if step > 0 else len(ids) - 1
    else:
        found = at < len(ids) and ids[at] in chosen
        at = at + step if found or step < 0 else at
    return _choose(state, rows([int(ids[at % len(ids)])]), name)


# -- showing and hiding


def hide_atoms(state: State, owner: str | None = None, atoms: Rows | None = None) -> State:
    """Hide atoms, the selected ones unless others are named; they are then no longer selected."""
    name = owner_of(state, owner)
    atoms = state.selected(Space.ATOM, name) if atoms is None else atoms
    if not name or len(atoms) == 0:
        return state
    old = state.document.visible.get(name, Visibility())
    return _choose(_set_visible(state, name, old.without(atoms)), atoms, name, Mode.REMOVE)


def isolate_atoms(state: State, owner: str | None = None) -> State:
    """Show the selected atoms alone."""
    name = owner_of(state, owner)
    atoms = state.selected(Space.ATOM, name)
    return state if len(atoms) == 0 else _set_visible(state, name, Visibility(NONE, atoms))


def show_all_atoms(state: State, owner: str | None = None) -> State:
    name = owner_of(state, owner)
    return _set_visible(state, name, None) if name in state.document.visible else state


def _set_visible(state: State, owner: str, visibility: Visibility | None) -> State:
    others = {key: one for key, one in state.document.visible.items() if key != owner}
    new = others if visibility is None else {**others, owner: visibility}
    return state.with_document(visible=frozen(new))


def dim_others(state: State, wanted: bool) -> State:
    """Whether atoms that are not selected step back where some are."""
    return state if wanted == state.document.dimmed else state.with_document(dimmed=wanted)


def set_reach(state: State, reach: float) -> State:
    """How far neighbours are looked for, in A."""
    reach = min(max(reach, 0.1), neighbours.FARTHEST)
    return state if reach == state.document.reach else state.with_document(reach=reach)


# -- following


def follow(state: State, owner: str, atom: int) -> State:
    """Keep an atom in the middle; its trail spans the frames selected in time, else the run, of a
    long one some frames around the shown one."""
    trajectory = state.loaded_trajectory(owner)
    if trajectory is None:
        return state
    last = max(trajectory.n_frames - 1, 0)
    chosen = state.selected(Space.FRAME, owner)
    if len(chosen) > 1:
        span = int(chosen[0]), int(chosen[-1])
    elif last <= 2 * TRAIL:
        span = 0, last
    else:
        span = max(0, state.frame - TRAIL), min(last, state.frame + TRAIL)
    new = Following(owner, atom, *span)
    return state if new == state.document.followed else state.with_document(followed=new)


def follow_selected(state: State) -> State:
    """Follow the first selected atom; with the one followed alone selected, no longer."""
    owner = owner_of(state, None)
    chosen = state.selected(Space.ATOM, owner)
    if len(chosen) == 0:
        return state
    now = state.document.followed
    if now is not None and (now.owner, now.atom) == (owner, int(chosen[0])):
        return follow_none(state)
    return follow(state, owner, int(chosen[0]))


def follow_none(state: State) -> State:
    return state if state.document.followed is None else state.with_document(followed=None)


# -- seeking


def seek(state: State, text: str | None) -> State:
    """The condition on atoms that is being typed; None: no longer any."""
    return state if text == state.moment.sought else state.with_moment(sought=text)
