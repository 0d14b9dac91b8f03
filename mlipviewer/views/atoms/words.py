"""The sentences of the atoms view: what is measured, hovered, missing. Pure functions."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from mlipviewer.core.aliases import NO_ROLES, Roles
from mlipviewer.core.columns import numbers_of
from mlipviewer.core.frames import unit_of
from mlipviewer.core.measures import angle, chain, dihedral, distance
from mlipviewer.core.measuring import replace_pbc
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import NONE, Mask
from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.scene.arranging import Arranged
from mlipviewer.gui.scene.paints import SPECIES, Paint
from mlipviewer.gui.scene.spheres import Kinds
from mlipviewer.native.members import count_codes
from mlipviewer.session.changes import shown_trajectories
from mlipviewer.session.looks import WHOLE, Looks
from mlipviewer.session.moments import frame_of
from mlipviewer.session.state import Colouring, State

MOST_MEASURED = 4  # selected atoms whose distance, angle or dihedral is told
MOST_CLASSES = 3  # columns of classes that the card tells of
NO_TRAJECTORY = "No trajectory: drop one here, or on a row of the table"


def atom_name(frame: Frame, kinds: Kinds, row: int) -> str:
    """`Li 17`: the species and the atom's id."""
    return f"{kinds.name(row)} {frame.atom_ids[row]}"


def chosen_words(frame: Frame, kinds: Kinds, mask: Mask) -> str:
    """What the selected atoms measure: position, distance, angle, dihedral, else composition."""
    n = int(np.count_nonzero(mask))
    if n == 0:
        return ""
    if n > MOST_MEASURED:
        return f"{n:,} of {frame.n_atoms:,} atoms: {_composition(kinds, mask)}"
    atoms = tuple(int(i) for i in np.flatnonzero(mask))
    if n == 1:
        x, y, z = frame.positions[atoms[0]]
        return f"{atom_name(frame, kinds, atoms[0])} at {x:.4f} {y:.4f} {z:.4f} Å"
    return _measured(frame, kinds, chain(frame, atoms))


def _measured(frame: Frame, kinds: Kinds, atoms: tuple[int, ...]) -> str:
    names = " – ".join(atom_name(frame, kinds, i) for i in atoms)
    bonds = " / ".join(f"{distance(frame, i, j):.4f}" for i, j in pairwise(atoms))
    if len(atoms) == 2:
        return f"{names}: distance {bonds} Å"
    if len(atoms) == 3:
        return f"{names}: angle {angle(frame, *atoms):.2f}°, distances {bonds} Å"
    a, b, c, d = atoms
    return f"{names}: dihedral {dihedral(frame, (a, b, c, d)):.2f}°, distances {bonds} Å"


def status_words(state: State, name: str, frame: Frame, kinds: Kinds, mask: Mask) -> str:
    """What is selected of a run, and which selected atoms its frame lacks."""
    whole = state.moment.frames.get(name, frame)
    measured = frame if state.document.periodic else replace_pbc(frame)
    words = chosen_words(measured, kinds, mask)
    # atoms that are seen need not be looked for among all those of the frame
    all_seen = np.count_nonzero(mask) == len(state.selected(Space.ATOM, name))
    lost = lost_words(state, name, whole, all_seen)
    return "; ".join(part for part in (words, lost) if part)


def status_changed(old: State | None, new: State) -> bool:
    return old is None or old.document.periodic != new.document.periodic


def lost_words(state: State, name: str, frame: Frame, all_there: bool = False) -> str:
    """The selected and followed atoms that a frame lacks, none silently another one; `all_there`:
    no selected one is lacking."""
    chosen = state.selected(Space.ATOM, name)
    now = state.document.followed
    followed = now is not None and now.owner == name
    chosen = NONE if all_there else chosen
    wanted = np.append(chosen, now.atom) if now is not None and followed else chosen
    if not len(wanted):
        return ""  # all ids of a frame are looked through only where something is asked of them
    lost = np.unique(wanted[~np.isin(wanted, frame.atom_ids)])
    if not len(lost):
        return ""
    names = ", ".join(map(str, lost[:6].tolist())) + (", ..." if len(lost) > 6 else "")
    return f"not in this frame: {len(lost):,} ({names})"


def hidden_words(state: State, name: str, frame: Frame) -> str:
    """How many atoms of a run are hidden in the shown frame."""
    whole = state.moment.frames.get(name, frame)
    n = whole.n_atoms - frame.n_atoms
    return f"{n:,} hidden (Shift+H shows all)" if n > 0 and whole.index == frame.index else ""


def cut_words(how: Arranged, looks: Looks) -> str:
    """How many of the atoms that would be drawn the slice and the box cut away."""
    n_all = how.n_cut + how.spheres.n
    if not how.n_cut:
        return ""
    by = " and ".join(("the slice",) * looks.slice.on + ("the box",) * (looks.clip != WHOLE))
    count = f"all {n_all:,}" if how.n_cut == n_all else f"{how.n_cut:,} of {n_all:,}"
    return f"{count} cut away by {by}"


def _composition(kinds: Kinds, mask: Mask) -> str:
    counts = count_codes(kinds.codes, mask)
    parts = [f"{kind.name} {counts[kind.code]:,}" for kind in kinds.kinds if counts[kind.code]]
    return ", ".join(parts[:8]) + (", ..." if len(parts) > 8 else "")


def card_words(
    frame: Frame,
    kinds: Kinds,
    row: int,
    colouring: Colouring,
    paint: Paint | None,
    roles: Roles = NO_ROLES,
) -> str:
    """The lines of the card of a hovered atom: what colours it, its classes, how far the forces of
    the model are from their reference."""
    x, y, z = frame.positions[row]
    lines = [atom_name(frame, kinds, row), f"{x:.3f}  {y:.3f}  {z:.3f} Å"]
    column = colouring.column
    if column != SPECIES and column in frame.columns:
        lines.append(_value_words(frame, column, row))
    if paint is not None and paint.column == column and row < len(paint.data):
        lines += _between_words(column in frame.columns, colouring, paint, row)
    classes = (n for n, v in frame.columns.items() if n in frame.classes or v.dtype.kind in "US")
    others = [name for name in classes if name != column]
    lines += [_value_words(frame, name, row) for name in others[:MOST_CLASSES]]
    return "\n".join([*lines, *_error_words(frame, row, roles)])


def _value_words(frame: Frame, column: str, row: int) -> str:
    """`|forces| = 0.25 eV/Å`, `structure = bcc`: a column of an atom."""
    values, names = frame.columns[column], frame.classes.get(column, ())
    value = numbers_of(values[row : row + 1])[0]
    name = f"|{column}|" if values.ndim > 1 else column
    if names and isinstance(value, int | np.integer):
        return f"{name} = {names[value] if 0 <= value < len(names) else value}"
    said = f"{value:.6g}" if _is_real(value) else f"{value}"
    return f"{name} = {said} {unit_of(frame, column, True)[0]}".rstrip()


def _error_words(frame: Frame, row: int, roles: Roles) -> list[str]:
    """The length of the difference from the reference forces, where a file holds both."""
    pair = [frame.columns.get(roles.get(one, "")) for one in ("forces", "reference forces")]
    own, reference = pair
    if own is None or reference is None or own.shape != reference.shape or own.ndim != 2:
        return []
    error = float(np.linalg.norm(own[row].astype(float) - reference[row].astype(float)))
    unit = unit_of(frame, roles["forces"], True)[0]
    return [f"error of the force = {error:.4g} {unit}".rstrip()] if np.isfinite(error) else []


def _between_words(own: bool, colouring: Colouring, paint: Paint, row: int) -> list[str]:
    """What the colours say of an atom beyond the columns of its frame."""
    if not paint.continuous or (own and not colouring.difference):
        return []
    value = float(paint.data[row]) + paint.zero
    if paint.log:
        value = 10.0**value
    said = f"{value:.4g} {paint.unit}".strip() if np.isfinite(value) and value < 1e37 else "none"
    return [f"less the first run: {said}" if own else f"{colouring.column}: {said}"]


def _is_real(value: object) -> bool:
    return isinstance(value, float | np.floating)


def wanted_frame(state: State, name: str) -> int | None:
    """The number in the file of the frame that should be shown of a trajectory."""
    trajectory = state.loaded_trajectory(name)
    if trajectory is None or trajectory.n_frames == 0:
        return None
    return trajectory.frames[frame_of(state, name)]


def missing_words(state: State, name: str | None) -> str:
    """Why a pane shows nothing."""
    if name is None:
        return NO_TRAJECTORY
    failure = state.moment.failed.get(name)
    if failure is not None:
        return f"{name} cannot be shown: {failure.reason}"
    trajectory = state.loaded_trajectory(name)
    if trajectory is None:
        return f"opening {name} ..."
    if trajectory.n_frames == 0:
        return f"{name} has no frames"
    shown = frame_of(state, name)
    return f"reading frame {shown + 1:,} of {trajectory.n_frames:,} ..."


def badge_words(state: State, name: str, frame: Frame) -> str:
    """What is amiss with the shown frame: it lags behind, or it is incomplete."""
    parts = []
    trajectory, wanted = state.loaded_trajectory(name), wanted_frame(state, name)
    if trajectory is not None and wanted is not None and frame.index != wanted:
        failure = state.moment.failed.get(name)
        reason = f"frame {wanted + 1:,} cannot be read: {failure.reason}" if failure else ""
        parts.append(f"still frame {frame.index + 1:,}: {reason or f'reading {wanted + 1:,} ...'}")
    if not frame.complete:
        parts.append("incomplete frame")
    parts.append(hidden_words(state, name, frame))
    return " · ".join(part for part in parts if part)


def model_of(state: State, name: str) -> str:
    """The selected model whose run this is, where several stand side by side; else ''."""
    table, one = state.table, state.document.input(name)
    if table is None or one is None or len(shown_trajectories(state)) < 2:
        return ""
    keys = {table.keys[row] for row in state.selected(Space.MODEL)}
    links = state.document.links
    return next((k.model for k in links if k.model in keys and k.path == one.path), "")


def title_words(state: State, name: str, frame: Frame) -> str:
    """`run.dump · frame 3 of 120 · 4,000 atoms`; side by side `GAP|93-5 · frame 3`."""
    model = model_of(state, name)
    if model:
        return f"{model} · frame {frame.index + 1:,}"
    trajectory = state.loaded_trajectory(name)
    of = f" of {trajectory.source.n_frames:,}" if trajectory is not None else ""
    return f"{name} · frame {frame.index + 1:,}{of} · {frame.n_atoms:,} atoms"
