"""The menu of a right click on an atom, or on empty space."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from mlipviewer.core.measuring import measures_of, rows_of_ids
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import Mode, Rows, rows
from mlipviewer.core.spread import spreads
from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.plain import plain
from mlipviewer.session import atom_changes, changes, measure_changes, seeking, set_changes
from mlipviewer.session.state import State
from mlipviewer.session.store import Change, Store
from mlipviewer.views.script_menu import add_scripts


@dataclass(frozen=True)
class Spot:
    """What was clicked: an atom (id) of a run, or its empty space."""

    owner: str
    atom: int | None


class AtomsMenu:
    """Makes the menu anew for each click; `centre` looks at the clicked atom."""

    def __init__(self, store: Store, parent: QWidget, centre: Callable[[Spot], None]) -> None:
        self._store, self._parent, self._centre = store, parent, centre

    def made(self, spot: Spot) -> QMenu:
        """What can be done here. A click beside the selection means the clicked atom."""
        menu = QMenu(self._parent)
        state = self._store.state
        chosen = state.selected(Space.ATOM, spot.owner)
        if spot.atom is not None and spot.atom not in chosen:
            chosen = rows([spot.atom])
        if spot.atom is not None:
            self._add_of_atom(menu, state, spot)
        if len(chosen):
            self._add_of_chosen(menu, state, spot.owner, chosen)
        menu.addSeparator()
        self._add_of_all(menu, state, spot.owner)
        menu.addSeparator()
        add_scripts(menu, self._store, "atoms")
        return menu

    def _add(self, menu: QMenu, words: str, change: Change) -> None:
        menu.addAction(plain(words, 60), partial(self._store.commit, change, words))

    def _add_of_atom(self, menu: QMenu, state: State, spot: Spot) -> None:
        frame, atom = state.moment.frames.get(spot.owner), spot.atom
        if frame is None or atom is None:
            return
        one = rows([atom])
        alike = partial(atom_changes.select_alike, owner=spot.owner, atoms=one)
        self._add(menu, f"Select all {species_name(frame, atom)}", alike)
        column = state.document.colouring.column
        if column in frame.columns and frame.columns[column].dtype.kind in "iubUOS":
            same = partial(atom_changes.select_alike, owner=spot.owner, atoms=one, column=column)
            self._add(menu, f"Select the same {column}", same)
        menu.addAction("Centre here", partial(self._centre, spot))
        now = state.document.followed
        if now is not None and (now.owner, now.atom) == (spot.owner, atom):
            self._add(menu, "Stop following", atom_changes.follow_none)
        else:
            follow = partial(atom_changes.follow, owner=spot.owner, atom=atom)
            self._add(menu, f"Follow atom {atom}", follow)
        menu.addSeparator()

    def _add_of_chosen(self, menu: QMenu, state: State, owner: str, chosen: Rows) -> None:
        """What is done with the selection, which the clicked atom becomes where it is not in it."""
        n = len(chosen)
        what = f"{n:,} atom{'' if n == 1 else 's'}"

        def on(change: Callable[..., State], **more: object) -> Change:
            return lambda s: change(
                changes.select(s, Space.ATOM, chosen, Mode.REPLACE, owner), owner=owner, **more
            )

        grow = menu.addMenu("Grow")
        reach = state.document.reach
        self._add(grow, f"Neighbours within {reach:g} Å", on(atom_changes.grow_within))
        self._add(grow, "By one bond", on(atom_changes.grow_bonded))
        self._add(grow, "By two bonds", on(atom_changes.grow_bonded, shells=2))
        self._add(grow, "Whole clusters by bonds", on(atom_changes.grow_clusters))
        self._add(grow, f"Whole clusters at {reach:g} Å", on(atom_changes.grow_close))
        possible = measures_of(n)
        measure = menu.addMenu("Measure")
        measure.setEnabled(bool(possible))
        for kind in possible:
            self._add(measure, f"{kind} of {what}", on(measure_changes.measure_selected, kind=kind))
        self._add(menu, f"Hide {what}", on(atom_changes.hide_atoms))
        self._add(menu, f"Show {what} alone", on(atom_changes.isolate_atoms))
        save = on(set_changes.save_selection, space=Space.ATOM)
        self._add(menu, f"Save {what} as a set", save)
        ids = " ".join(map(str, chosen.tolist()))
        menu.addAction(
            f"Copy id{'' if n == 1 else 's'}",
            lambda: QGuiApplication.clipboard().setText(ids),
        )

    def _add_of_all(self, menu: QMenu, state: State, owner: str) -> None:
        self._add(menu, "Select all atoms", partial(atom_changes.select_all_atoms, owner=owner))
        self._add(menu, "Invert selection", partial(atom_changes.invert_atoms, owner=owner))
        if owner in state.document.visible:
            self._add(menu, "Show all atoms", partial(atom_changes.show_all_atoms, owner=owner))
        dims = not state.document.dimmed
        words = "Dim what is not selected" if dims else "Show unselected atoms as bright"
        self._add(menu, words, partial(atom_changes.dim_others, wanted=dims))
        self._add(menu, "Find atoms ...", lambda s: atom_changes.seek(s, s.moment.sought or ""))
        self._add_disagreement(menu, state, owner)

    def _add_disagreement(self, menu: QMenu, state: State, owner: str) -> None:
        """Runs of the same atoms side by side: where they disagree."""
        frames = state.moment.frames
        own = frames.get(owner)
        others = [frames[o.name] for o in changes.shown_trajectories(state)
                  if o.name in frames and o.name != owner]  # fmt: skip
        names = [] if own is None else [name for name, _ in spreads((own, *others))]
        if not names:
            return
        inside = menu.addMenu("Where models disagree in")
        for name in names:
            column = name.removeprefix("spread(").removesuffix(")")
            self._add(inside, column, partial(seeking.seek_disagreement, column=column))


def species_name(frame: Frame, atom: int) -> str:
    """The label or element of an atom by its id."""
    from mlipviewer.core.elements import element

    row = int(rows_of_ids(frame, (atom,))[0])
    if row < 0:
        return "?"
    if frame.species is not None:
        return str(np.asarray(frame.species)[row])
    return element(int(frame.numbers[row])).symbol
