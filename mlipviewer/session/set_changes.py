"""Pure changes of the named sets."""

from __future__ import annotations

from dataclasses import replace

from mlipviewer.core.named_sets import Join, NamedSet, complement, joined
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import Mode, RowKey, Rows, all_rows, member, rows
from mlipviewer.session import changes
from mlipviewer.session.atom_changes import shown_frame
from mlipviewer.session.conditions import rows_of_set
from mlipviewer.session.state import State

COLOURS = ("#e69f00", "#56b4e9", "#009e73", "#cc79a7", "#0072b2", "#d55e00", "#999933", "#882255")


def free_set_name(state: State, name: str) -> str:
    """`name`, or `name 2` ... where a set has it; without the quotes that conditions need."""
    name = name.replace('"', "'").strip() or "set"
    taken = {one.name for one in state.document.sets}
    number, found = 2, name
    while found in taken:
        found, number = f"{name} {number}", number + 1
    return found


def next_colour(state: State) -> str:
    used = {one.colour for one in state.document.sets}
    free = (colour for colour in COLOURS if colour not in used)
    return next(free, COLOURS[len(state.document.sets) % len(COLOURS)])


def set_named(state: State, name: str) -> NamedSet | None:
    return next((one for one in state.document.sets if one.name == name), None)


def save_selection(state: State, space: Space, name: str = "", owner: str | None = None) -> State:
    """The selected rows of a space under a name."""
    owner = owner or state.owner(space)
    chosen = state.selected(space, owner)
    if owner is None or len(chosen) == 0:
        return state
    return _add(state, name or f"{space}s", space, owner, RowKey(chosen))


def save_condition(state: State, space: Space, owner: str, condition: str, name: str = "") -> State:
    """A live set: the rows for which a condition holds in what is shown."""
    return _add(state, name or condition, space, owner, None, condition)


def _add(
    state: State, name: str, space: Space, owner: str, held: RowKey | None, condition: str = ""
) -> State:
    free = free_set_name(state, name)
    new = NamedSet(free, space, owner, next_colour(state), held, condition)
    return state.with_document(sets=(*state.document.sets, new))


def join_sets(state: State, first: str, second: str, how: Join) -> State:
    """A frozen set made of two of the same rows; sets of different rows make none."""
    a, b = set_named(state, first), set_named(state, second)
    if a is None or b is None or (a.space, a.owner) != (b.space, b.owner):
        return state
    found = joined(rows_of_set(state, a), rows_of_set(state, b), how)
    sign = {Join.UNION: "∪", Join.INTERSECTION: "∩", Join.DIFFERENCE: "−", Join.EITHER: "⊕"}[how]
    return _add(state, f"{first} {sign} {second}", a.space, a.owner, RowKey(found))


def complement_set(state: State, name: str) -> State:
    """A frozen set of all rows that are not in another."""
    one = set_named(state, name)
    every = None if one is None else every_row(state, one.space, one.owner)
    if one is None or every is None:
        return state
    found = complement(rows_of_set(state, one), every)
    return _add(state, f"not {name}", one.space, one.owner, RowKey(found))


def fitting_runs(state: State, one: NamedSet) -> tuple[str, ...]:
    """The other shown trajectories that have all atoms of a set, by their ids."""
    if one.space is not Space.ATOM:
        return ()
    held = rows_of_set(state, one)
    frames = ((name, frame) for name, frame in state.moment.frames.items() if name != one.owner)
    return tuple(
        name for name, frame in frames if one.live or bool(member(held, frame.atom_ids).all())
    )


def copy_set(state: State, name: str, owner: str) -> State:
    """The same atoms by id in another trajectory, or of a live set the same condition there."""
    one = set_named(state, name)
    if one is None or owner not in fitting_runs(state, one):
        return state
    return _add(state, f"{name} of {owner}", one.space, owner, one.rows, one.condition)


def every_row(state: State, space: Space, owner: str) -> Rows | None:
    """All rows of a space: of models those that are ranked, of atoms those of the shown frame."""
    table, trajectory = state.loaded_table(owner), state.loaded_trajectory(owner)
    frame = shown_frame(state, owner)
    match space:
        case Space.MODEL:
            return None if table is None else table.models
        case Space.FRAME:
            return None if trajectory is None else all_rows(trajectory.n_frames)
        case Space.ATOM:
            return None if frame is None else rows(frame.atom_ids)
        case _:
            return None


def freeze_set(state: State, name: str) -> State:
    """A live set becomes what it holds now."""
    one = set_named(state, name)
    if one is None or not one.live:
        return state
    held = replace(one, rows=RowKey(rows_of_set(state, one)), condition="")
    return _replace(state, name, held)


def rename_set(state: State, old: str, new: str) -> State:
    """Another name; conditions that speak of the old one no longer find it."""
    one, new = set_named(state, old), new.replace('"', "'").strip()
    if one is None or not new or new == old:
        return state
    return _replace(state, old, replace(one, name=free_set_name(state, new)))


def colour_set(state: State, name: str, colour: str) -> State:
    one = set_named(state, name)
    return state if one is None else _replace(state, name, replace(one, colour=colour))


def _replace(state: State, name: str, new: NamedSet) -> State:
    sets = tuple(new if one.name == name else one for one in state.document.sets)
    return state if sets == state.document.sets else state.with_document(sets=sets)


def drop_set(state: State, name: str) -> State:
    sets = tuple(one for one in state.document.sets if one.name != name)
    return state if len(sets) == len(state.document.sets) else state.with_document(sets=sets)


def select_set(state: State, name: str, mode: Mode = Mode.REPLACE) -> State:
    """Select what a set holds, in its own table or trajectory."""
    one = set_named(state, name)
    if one is None:
        return state
    chosen = rows_of_set(state, one)
    if one.space is Space.MODEL and one.owner == state.document.table:
        return changes.select_models(state, chosen, mode)
    return changes.select(state, one.space, chosen, mode, one.owner)
