"""Prepares what the panes show: few atoms at once, many in a thread, where the newest wish wins."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

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
from mlipviewer.session.colourings import PaneOf, colourings_of
from mlipviewer.session.looks import Looks, Rgb
from mlipviewer.session.standing import Ends, all_frames_range, reference_frame
from mlipviewer.session.state import Colouring, RangePolicy, State
from mlipviewer.views.atoms.colours import paints_of
from mlipviewer.views.atoms.marking import marks_of

log = logging.getLogger(__name__)

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
    colouring: int = 0


@dataclass(frozen=True, eq=False)
class Ask:
    """All panes, those of one colouring coloured together; `number` tells which was asked first."""

    number: int
    of: tuple[PaneOf, ...]
    panes: tuple[PaneAsk, ...]
    colourings: tuple[Spread, ...]
    dims: bool


@dataclass(frozen=True)
class Spread:
    """A colouring, the range over all frames where it is known, and hues that a user has given to
    classes."""

    colouring: Colouring
    all_frames: Ends | None
    hues: tuple[tuple[str, Rgb], ...]


@dataclass(frozen=True, eq=False)
class Made:
    """For each pane what was prepared, or None, and its paint with that of its spheres."""

    ask: Ask
    panes: tuple[Prepared | None, ...]
    paints: tuple[tuple[Paint, Paint] | None, ...]


@dataclass(frozen=True)
class Unmade:
    """What was asked by this number cannot be made."""

    number: int
    reason: str


def tried(ask: Ask) -> Made | Unmade:
    """In a thread: whatever the problem, it is told of this very question."""
    try:
        return made_of(ask)
    except Exception as problem:
        log.warning("preparation", exc_info=True)
        return Unmade(ask.number, str(problem) or type(problem).__name__)


def made_of(ask: Ask) -> Made:
    """All that is asked for. Pure."""
    panes = _arranged(ask.panes)
    known: list[tuple[Frame | None, Kinds | None]] = []
    for one, pane in zip(ask.panes, panes, strict=True):
        shown = one.shown[:2] if one.shown is not None else (None, None)
        known.append((pane.frame, pane.kinds) if pane is not None else shown)
    paints = _paints(ask, known)
    made = [
        None if pane is None or paint is None else _marked(pane.painted(paint), one.chosen, ask)
        for one, pane, paint in zip(ask.panes, panes, paints, strict=True)
    ]
    pairs = [
        _pair(one, pane, paint) for one, pane, paint in zip(ask.panes, made, paints, strict=True)
    ]
    return Made(ask, tuple(made), tuple(pairs))


def _arranged(panes: Sequence[PaneAsk]) -> list[Prepared | None]:
    """What is where in each pane; panes that show the same share it."""
    found: list[Prepared | None] = []
    for one in panes:
        wish = one.wish
        twin = (
            None if wish is None else next((f for f in found if f and _alike(f.wish, wish)), None)
        )
        if twin is not None and wish is not None:
            found.append(replace(twin, wish=wish))
        else:
            found.append(None if wish is None else prepared(wish))
    return found


def _alike(one: PaneWish, other: PaneWish) -> bool:
    """Whether two panes show the same atoms at the same places."""
    if one.frame is not other.frame or one.visibility is not other.visibility:
        return False
    same = one.since is other.since and one.with_solids == other.with_solids
    if not same or one.looks != other.looks:
        return False
    if one.home is None or other.home is None:
        return one.home is other.home
    return bool(np.array_equal(one.home, other.home))


def _paints(ask: Ask, known: Sequence[tuple[Frame | None, Kinds | None]]) -> list[Paint | None]:
    """The paint of each pane that shows something, those of one colouring made together."""
    paints: list[Paint | None] = [None] * len(known)
    for number, one in enumerate(ask.colourings):
        hues = dict(one.hues)
        here = [
            i
            for i, pane in enumerate(ask.panes)
            if pane.colouring == number and known[i][0] is not None
        ]
        made = paints_of([known[i] for i in here], one.colouring, one.all_frames)
        for i, paint in zip(here, made, strict=True):
            paints[i] = recoloured(paint, hues)
    return paints


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


def all_frames_ends(state: State, names: Sequence[str], colouring: Colouring) -> Ends | None:
    """The range over all frames of all panes of a colouring; None until all are known."""
    if colouring.policy is not RangePolicy.ALL:
        return None
    found = [all_frames_range(state, name, colouring) for name in dict.fromkeys(names)]
    ends = [one for one in found if one is not None and np.isfinite(one).all()]
    if len(ends) < len(found) or not ends:
        return None
    return min(low for low, _ in ends), max(high for _, high in ends)


def _spreads(state: State, names: Sequence[str]) -> tuple[Spread, ...]:
    looks = state.document.looks
    return tuple(
        Spread(one, all_frames_ends(state, names, one), _own_hues(looks, one.column))
        for one in colourings_of(state)
    )


class Preparation(QObject):
    """`arrived` brings what a thread has made. It keeps only what was asked for last."""

    arrived = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._thread = Newest(parent, "preparation")
        self._thread.done.connect(self._arrive)
        self._number = self._taken = 0
        self._asked: tuple[Any, ...] = ()
        self._shown: list[tuple[Any, ...] | None] = []  # what each pane shows, as `_key`
        self._pending: Ask | None = None
        self._deeds: list[Callable[[], object]] = []  # they want all to be shown

    @property
    def waiting(self) -> bool:
        return self._pending is not None

    def when_ready(self, deed: Callable[[], object]) -> None:
        """Do something once all that was asked for is shown: now, or when the thread has it."""
        if self.waiting:
            self._deeds.append(deed)
        else:
            deed()

    def _be_ready(self) -> None:
        """Do what waited, after what is being shown now: it may commit."""
        if not self.waiting:
            deeds, self._deeds = self._deeds, []
            for deed in deeds:
                QTimer.singleShot(0, self, deed)

    def forget(self, panes: Sequence[Pane]) -> None:
        """Panes were cleared, or others come."""
        kept = list(self._shown) + [None] * len(panes)
        self._shown = [
            key if pane.frame is not None else None for key, pane in zip(kept, panes, strict=False)
        ]
        self._asked = ()

    def want(self, state: State, of: tuple[PaneOf, ...], panes: Sequence[Pane]) -> Made | None:
        """What is to be shown now where it is quickly made, else None: it arrives."""
        looks = state.document.looks
        keys = [_key(state, one.name, looks) for one in of]
        spread = _spreads(state, [one.name for one in of])
        asked = (of, *keys, spread)
        if self._asked and _same(asked, self._asked):
            return None
        self._asked = asked
        self._number += 1
        homes = _homes(of, panes)
        asks = [
            self._pane_ask(state, one, panes[i], keys[i], self._held(i), homes.get(one.name))
            for i, one in enumerate(of)
        ]
        ask = Ask(self._number, of, tuple(asks), spread, state.document.dimmed)
        if _slow(ask):
            self._pending = ask
            self._thread.ask(lambda: tried(ask))
            return None
        self._thread.drop()
        return self._take(made_of(ask))

    def _held(self, i: int) -> tuple[Any, ...] | None:
        return self._shown[i] if i < len(self._shown) else None

    def _pane_ask(
        self, state: State, of: PaneOf, pane: Pane, key: Any, held: Any, home: Any
    ) -> PaneAsk:
        chosen, shown = state.selected(Space.ATOM, of.name), None
        if pane.frame is not None and pane.kinds is not None and pane.spheres is not None:
            shown = (pane.frame, pane.kinds, pane.spheres)
        frame, visibility, looks, _ = key
        if frame is None or (shown is not None and held is not None and _same(key, held)):
            return PaneAsk(None, shown, chosen, of.colouring)
        since = reference_frame(state, of.name)
        wish = pane.wish_for(frame, state.document.looks, since, visibility=visibility)
        if wish.home is None:
            wish = replace(wish, home=home)
        there = pane.solids is not None or frame.n_atoms * _images(looks) > BONDED_AT_ONCE
        return PaneAsk(replace(wish, with_solids=there), shown, chosen, of.colouring)

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
        self._be_ready()
        return made

    def _arrive(self, made: Made | Unmade) -> None:
        if isinstance(made, Unmade):
            self._give_up(made)
        elif made.ask.number > self._taken:
            self.arrived.emit(self._take(made))

    def _give_up(self, unmade: Unmade) -> None:
        """What was asked for cannot be made: what is shown stays, unless more was asked since."""
        if self._pending is not None and self._pending.number == unmade.number:
            self._pending = None
            self._be_ready()
            self.failed.emit(unmade.reason)

    def close(self) -> None:
        self._thread.close()
        self._pending, self._asked = None, ()
        self._deeds.clear()


def _homes(of: Sequence[PaneOf], panes: Sequence[Pane]) -> dict[str, Any]:
    """Where the panes of each run count from: a new pane of it is looked at as the others are."""
    shown = zip(of, panes, strict=False)
    return {one.name: pane.home for one, pane in shown if pane.frame is not None}


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
