"""Prepares what the panes show: few atoms at once, many in a thread, where the newest wish wins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from mlipviewer.core.plot import Space
from mlipviewer.core.rows import Rows, member
from mlipviewer.core.trajectory import Frame
from mlipviewer.core.visibility import Visibility
from mlipviewer.gui.scene.newest import Newest
from mlipviewer.gui.scene.paints import Paint, recoloured
from mlipviewer.gui.scene.pane import Pane
from mlipviewer.gui.scene.preparing import (
    PaneWish,
    Prepared,
    arranging_looks,
    paint_of_spheres,
    prepared,
)
from mlipviewer.gui.scene.solid_work import bonds_wanted
from mlipviewer.gui.scene.spheres import Kinds, Spheres
from mlipviewer.gui.scene.veils import veils_of
from mlipviewer.session.looks import Looks, Rgb
from mlipviewer.session.standing import Ends, all_frames_range, reference_frame
from mlipviewer.session.state import Colouring, RangePolicy, State
from mlipviewer.views.atoms.colours import paints_of
from mlipviewer.views.atoms.marking import marks_of

AT_ONCE = 100_000
"""Spheres up to which they are prepared on the window's thread."""

BONDED_AT_ONCE = 3_000
"""The same where bonds, arrows or polyhedra come along."""


@dataclass(frozen=True, eq=False)
class PaneAsk:
    """One pane: a wish where it shows other things than before, else what it shows."""

    wish: PaneWish | None
    shown: tuple[Frame, Kinds, Spheres] | None
    chosen: Rows


@dataclass(frozen=True, eq=False)
class Ask:
    """All panes, coloured together; `number` tells which was asked first."""

    number: int
    names: tuple[str, ...]
    panes: tuple[PaneAsk, ...]
    colouring: Colouring
    all_frames: Ends | None
    dims: bool
    hues: tuple[tuple[str, Rgb], ...] = ()  # of classes that a user has given a colour


@dataclass(frozen=True, eq=False)
class Made:
    """For each pane what was prepared, or None, and its paint with that of its spheres."""

    ask: Ask
    panes: tuple[Prepared | None, ...]
    paints: tuple[tuple[Paint, Paint] | None, ...]


def made_of(ask: Ask) -> Made:
    """All that is asked for. Pure."""
    panes = [None if one.wish is None else prepared(one.wish) for one in ask.panes]
    known: list[tuple[Frame | None, Kinds | None]] = []
    for one, pane in zip(ask.panes, panes, strict=True):
        shown = one.shown[:2] if one.shown is not None else (None, None)
        known.append((pane.frame, pane.kinds) if pane is not None else shown)
    own = dict(ask.hues)
    found = (recoloured(one, own) for one in paints_of(known, ask.colouring, ask.all_frames))
    paints = [next(found) if frame is not None else None for frame, _ in known]
    made = [
        None if pane is None or paint is None else _marked(pane.painted(paint), one.chosen, ask)
        for one, pane, paint in zip(ask.panes, panes, paints, strict=True)
    ]
    pairs = [
        _pair(one, pane, paint) for one, pane, paint in zip(ask.panes, made, paints, strict=True)
    ]
    return Made(ask, tuple(made), tuple(pairs))


def _marked(pane: Prepared, chosen: Rows, ask: Ask) -> Prepared:
    mask = member(pane.frame.atom_ids, chosen)
    veils = veils_of(pane.frame, pane.kinds, pane.wish.looks, mask)
    return pane.marked(mask, marks_of(mask, None, ask.dims, veils))


def _pair(one: PaneAsk, pane: Prepared | None, paint: Paint | None) -> tuple[Paint, Paint] | None:
    if pane is not None and pane.paint is not None and pane.drawn_paint is not None:
        return pane.paint, pane.drawn_paint
    if paint is None or one.shown is None:
        return None
    return paint, paint_of_spheres(paint, one.shown[2])


def all_frames_ends(state: State, names: Sequence[str]) -> Ends | None:
    """The range over all frames of all panes; None until all are known."""
    if state.document.colouring.policy is not RangePolicy.ALL:
        return None
    found = [all_frames_range(state, name) for name in names]
    ends = [one for one in found if one is not None and np.isfinite(one).all()]
    if len(ends) < len(found) or not ends:
        return None
    return min(low for low, _ in ends), max(high for _, high in ends)


class Preparation(QObject):
    """`arrived` brings what a thread has made. It keeps only what was asked for last."""

    arrived = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._thread = Newest(parent, "preparation")
        self._thread.done.connect(self._arrive)
        self._number = self._taken = 0
        self._asked: tuple[Any, ...] = ()
        self._shown: list[tuple[Any, ...] | None] = []  # what each pane shows, as `_key`
        self._pending: Ask | None = None

    @property
    def waiting(self) -> bool:
        return self._pending is not None

    def forget(self, panes: Sequence[Pane]) -> None:
        """Panes were cleared, or others come."""
        kept = list(self._shown) + [None] * len(panes)
        self._shown = [
            key if pane.frame is not None else None for key, pane in zip(kept, panes, strict=False)
        ]
        self._asked = ()

    def want(self, state: State, names: tuple[str, ...], panes: Sequence[Pane]) -> Made | None:
        """What is to be shown now where it is quickly made, else None: it arrives."""
        looks = state.document.looks
        keys = [_key(state, name, looks) for name in names]
        ends = all_frames_ends(state, names)
        hues = _own_hues(looks, state.document.colouring.column)
        asked = (names, *keys, state.document.colouring, ends, hues)
        if self._asked and _same(asked, self._asked):
            return None
        self._asked = asked
        self._number += 1
        asks = [
            self._pane_ask(state, name, pane, key, i)
            for i, (name, pane, key) in enumerate(zip(names, panes, keys, strict=False))
        ]
        ask = Ask(
            self._number,
            names,
            tuple(asks),
            state.document.colouring,
            ends,
            state.document.dimmed,
            hues,
        )
        if _slow(ask):
            self._pending = ask
            self._thread.ask(lambda: made_of(ask))
            return None
        self._thread.drop()
        return self._take(made_of(ask))

    def _pane_ask(
        self, state: State, name: str, pane: Pane, key: tuple[Any, ...], i: int
    ) -> PaneAsk:
        chosen, shown = state.selected(Space.ATOM, name), None
        if pane.frame is not None and pane.kinds is not None and pane.spheres is not None:
            shown = (pane.frame, pane.kinds, pane.spheres)
        frame, visibility, looks, _ = key
        held = self._shown[i] if i < len(self._shown) else None
        if frame is None or (shown is not None and held is not None and _same(key, held)):
            return PaneAsk(None, shown, chosen)
        since = reference_frame(state, name)
        wish = pane.wish_for(frame, state.document.looks, since, visibility=visibility)
        there = pane.solids is not None or frame.n_atoms * _images(looks) > BONDED_AT_ONCE
        return PaneAsk(replace(wish, with_solids=there), shown, chosen)

    def finish(self) -> None:
        """Make here what the thread has not brought yet: a picture for a file is complete."""
        if self._pending is not None:
            self._thread.drop()
            self._arrive(made_of(self._pending))

    def _take(self, made: Made) -> Made:
        self._taken = made.ask.number
        if self._pending is not None and made.ask.number >= self._pending.number:
            self._pending = None
        shown = self._shown + [None] * len(made.panes)
        for i, one in enumerate(made.panes):
            if one is not None:
                wish = one.wish
                shown[i] = (wish.frame, wish.visibility, arranging_looks(wish.looks), 0)
        self._shown = shown[: len(made.panes)]
        return made

    def _arrive(self, made: Made) -> None:
        if made.ask.number > self._taken:
            self.arrived.emit(self._take(made))

    def close(self) -> None:
        self._thread.close()
        self._pending, self._asked = None, ()


def _key(state: State, name: str, looks: Looks) -> tuple[Any, ...]:
    """What decides where the spheres of a run are."""
    visibility: Visibility | None = state.document.visible.get(name)
    return state.moment.frames.get(name), visibility, arranging_looks(looks), 0


def _same(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """Whether all is the same; frames are compared by what they are, not by their numbers."""
    if len(one) != len(other):
        return False
    for a, b in zip(one, other, strict=True):
        if isinstance(a, tuple) and isinstance(b, tuple) and not _same(a, b):
            return False
        if a is not b and (isinstance(a, Frame | Visibility) or a != b):
            return False
    return True


def _images(looks: Looks) -> int:
    return int(np.prod(looks.images))


def _own_hues(looks: Looks, column: str) -> tuple[tuple[str, Rgb], ...]:
    own = (one for one in looks.classes if one.column == column and one.colour is not None)
    return tuple((one.name, one.colour) for one in own if one.colour is not None)


def _slow(ask: Ask) -> bool:
    """Whether the window would wait for it."""
    n, bonded = 0, 0
    for one in ask.panes:
        if one.wish is not None:
            spheres = one.wish.frame.n_atoms * _images(one.wish.looks)
            n += spheres
            bonded += (
                spheres
                if one.wish.with_solids and _dressed_up(one.wish.looks, one.wish.frame.n_atoms)
                else 0
            )
        elif one.shown is not None:
            n += one.shown[2].n
    return n > AT_ONCE or bonded > BONDED_AT_ONCE


def _dressed_up(looks: Looks, n_atoms: int) -> bool:
    return bonds_wanted(looks, n_atoms) or looks.vectors.shown or bool(looks.polyhedra.centre)
