"""The menus of the timeline: how it plays, what it is called, marks, and which trajectories."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from PySide6.QtGui import QActionGroup, QColor, QGuiApplication, QIcon, QPixmap
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from mlipviewer.analysis.atoms.series import ENERGIES
from mlipviewer.core.differences import DISPLACEMENT
from mlipviewer.gui.colours import categorical
from mlipviewer.gui.keys import with_keys
from mlipviewer.gui.menus import entry
from mlipviewer.gui.plain import plain
from mlipviewer.session import changes, colourings, time_changes
from mlipviewer.session.closing import close_input
from mlipviewer.session.moments import columns_of
from mlipviewer.session.playback import Around, Bookmark, Label, Lock
from mlipviewer.session.state import State
from mlipviewer.session.store import Change, Store

NOT_YET = ENERGIES[:1]  # offered until it is known what the frames carry
EVERY = (1, 2, 5, 10, 20, 50, 100, 1000)
SPEEDS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 10.0)
AROUNDS = {
    Around.ONCE: "Once",
    Around.LOOP: "Around and around",
    Around.ROCK: "There and back",
}
LABELS = {
    Label.FRAME: "Frame number",
    Label.STEP: "Timestep",
    Label.TIME: "Time (ps, where it is known)",
}
LOCKS = {
    Lock.FRAME: "By frame number",
    Lock.TIME: "By time",
    Lock.SHARE: "By fraction of the run",
    Lock.LIKENESS: "By best alignment: the frame most alike",
}

MOST_LISTED = 12
"""Trajectories that are listed twice in one menu."""


class TimelineMenus:
    """Fills the menus from the state, and commits what is chosen in them."""

    def __init__(self, parent: QWidget, store: Store) -> None:
        self._parent, self._store = parent, store

    def _do(self, change: Change, label: str) -> None:
        self._store.commit(change, label)

    def _choice(
        self, menu: QMenu, title: str, offered: Iterable[tuple[Any, str]], now: Any, act: Any
    ) -> None:
        """Entries of which one is ticked; `act(value)` gives the change and its label."""
        menu.addSection(title)
        group = QActionGroup(menu)
        for value, name in offered:
            group.addAction(entry(menu, name, partial(self._do_chosen, act, value), value == now))

    def _do_chosen(self, act: Callable[[Any], tuple[Change, str]], value: Any) -> None:
        self._do(*act(value))

    def _set(self, name: str, value: Any) -> tuple[Change, str]:
        return partial(time_changes.set_playback, **{name: value}), f"Set {name}"

    # -- how it plays ----------------------------------------------------------------------

    def fill_playing(self, menu: QMenu) -> None:
        state = self._store.state
        playback = state.document.playback
        set_to = self._set
        self._choice(
            menu, "At the end", AROUNDS.items(), playback.around, partial(set_to, "around")
        )
        speeds = ((speed, f"{speed:g} x") for speed in SPEEDS)
        self._choice(menu, "Speed", speeds, playback.speed, partial(set_to, "speed"))
        every = (
            (n, "Every frame" if n == 1 else f"Every {n:,}{'nd' if n == 2 else 'th'}")
            for n in EVERY
        )
        self._choice(menu, "Shown frames", every, playback.every, partial(set_to, "every"))
        other = partial(time_changes.set_playback, chosen_only=not playback.chosen_only)
        toggle = partial(self._do, other, "Play selected frames only, or all")
        entry(menu, "Selected frames only", toggle, playback.chosen_only)
        menu.addSection("Played range")
        for title, change in (
            (with_keys("Begin here", "time.begin.key"), time_changes.begin_range),
            (with_keys("End here", "time.end.key"), time_changes.end_range),
            ("Play all", time_changes.clear_range),
        ):
            menu.addAction(title, partial(self._do, change, title))
        self._choice(
            menu, "Moments are called by", LABELS.items(), playback.label, partial(set_to, "label")
        )

    def fill_values(self, menu: QMenu) -> None:
        """Which value of the frames is drawn under the bar."""
        state = self._store.state
        name = state.document.trajectory or ""
        known = tuple(columns_of(state, name)) or NOT_YET
        now = state.document.playback.series
        offered = [
            ("", "None"),
            *((one, one) for one in dict.fromkeys((*known, *filter(None, [now])))),
        ]
        self._choice(menu, "Value under the bar", offered, now, partial(self._set, "series"))

    # -- marks -----------------------------------------------------------------------------

    def fill_marks(self, menu: QMenu) -> None:
        state = self._store.state
        for title, change in (
            ("Bookmark this frame, or not (B)", time_changes.toggle_bookmark),
            ("Next bookmark", time_changes.next_bookmark),
            ("Previous bookmark", partial(time_changes.next_bookmark, step=-1)),
        ):
            menu.addAction(title, partial(self._do, change, title.partition(",")[0]))
        found = time_changes.bookmarks_of(state)
        if found:
            menu.addSection("Go to")
        for one in found:
            title = plain(f"{one.name} · frame {one.frame + 1:,}", 120)
            action = menu.addAction(swatch(one.colour), title)
            action.triggered.connect(lambda _=False, mark=one: self.go_to(mark))

    def go_to(self, mark: Bookmark) -> None:
        self._do(lambda s: changes.show_frame(s, mark.frame), f"Show {mark.name}")

    def fill_mark(self, menu: QMenu, mark: Bookmark) -> None:
        """What can be done with one bookmark."""
        menu.addAction("Rename ...", partial(self._rename, mark))
        colours = menu.addMenu("Colour")
        for number in range(time_changes.N_COLOURS):
            new = Bookmark(mark.trajectory, mark.frame, mark.name, number)
            colours.addAction(swatch(number), str(number + 1), partial(self._change, mark, new))
        menu.addAction("Remove", partial(self._change, mark, None))

    def _change(self, mark: Bookmark, new: Bookmark | None) -> None:
        label = "Change bookmark" if new is not None else "Remove bookmark"
        self._do(lambda s: time_changes.change_bookmark(s, mark, new), label)

    def _rename(self, mark: Bookmark) -> None:
        text, done = QInputDialog.getText(self._parent, "Bookmark", "Name", text=mark.name)
        if done and text.strip():
            new = Bookmark(mark.trajectory, mark.frame, text.strip()[:200], mark.colour)
            self._change(mark, new)

    # -- which trajectories ----------------------------------------------------------------

    def fill_trajectories(self, menu: QMenu) -> None:
        """The open trajectories: which is shown, which stand side by side, close, link."""
        state = self._store.state
        names = time_changes.trajectory_names(state)
        shown = state.document.trajectory
        self._choice(menu, "Show", ((n, n) for n in names), shown, self._show)
        if len(names) >= 2:
            self._fill_beside(menu, state, names)
        if shown is not None:
            self._fill_deeds(menu, state, shown)

    def _show(self, name: str) -> tuple[Change, str]:
        return lambda s: changes.show_trajectory(s, name), f"Show {name}"

    def _fill_beside(self, menu: QMenu, state: State, names: tuple[str, ...]) -> None:
        """Within a menu of its own where there are many."""
        if len(names) > MOST_LISTED:
            listed = menu.addMenu("Show side by side")
        else:
            menu.addSection("Show side by side")
            listed = menu
        comparison = state.document.comparison
        for name in names:
            toggle = partial(time_changes.toggle_beside, name=name)
            shown = name in comparison.names
            action = entry(listed, name, partial(self._do, toggle, f"{name} side by side"), shown)
            full = len(comparison.names) >= time_changes.MOST_PANES
            action.setEnabled(shown or not full)
        if len(changes.shown_trajectories(state)) < 2:
            return
        act = self._compare
        self._choice(menu, "In step", LOCKS.items(), comparison.lock, partial(act, "lock"))
        menu.addSection("Common to all")
        free, own = comparison.free_cameras, colourings.coloured(state).own
        less = colourings.coloured(state).difference
        moved = colourings.coloured(state).column == DISPLACEMENT
        for title, common, do in (
            ("Same camera", not free, act("free_cameras", not free)),
            ("Same colour range", not own, (own_ranges(not own), "Colour ranges")),
            ("Colours: less those of the first run", less, (differences(not less), "Differences")),
            (f"Colours: {DISPLACEMENT}", moved, (by_displacement(not moved), "Displacements")),
        ):
            entry(menu, title, partial(self._do, *do), common)

    def _compare(self, field: str, value: Any) -> tuple[Change, str]:
        label = field.replace("_", " ").capitalize()
        return partial(time_changes.set_comparison, **{field: value}), label

    def _fill_deeds(self, menu: QMenu, state: State, shown: str) -> None:
        menu.addSeparator()
        table, row, one = state.table, state.focus, state.document.input(shown)
        if table is not None and row is not None and one is not None:
            path = one.path
            link = menu.addAction(plain(f"Link {shown} to {table.keys[row]}", 160))
            link.triggered.connect(
                lambda: self._do(lambda s: changes.link_model(s, row, path), f"Link {shown}")
            )
        copy = menu.addAction("Copy the path")
        copy.triggered.connect(lambda: QGuiApplication.clipboard().setText(one.path if one else ""))
        close = menu.addAction(plain(f"Close {shown}", 160))
        close.triggered.connect(lambda: self._do(lambda s: close_input(s, shown), f"Close {shown}"))


def swatch(number: int) -> QIcon:
    pixmap = QPixmap(12, 12)
    pixmap.fill(QColor(*categorical(number)))
    return QIcon(pixmap)


def own_ranges(wanted: bool) -> Change:
    """Whether runs side by side each have the colour range of their own values."""
    return partial(colourings.set_for_all, own=wanted)


def differences(wanted: bool) -> Change:
    """Whether runs side by side are coloured by how they differ from the first of them."""
    return partial(colourings.set_difference, wanted=wanted)


def by_displacement(wanted: bool) -> Change:
    """Colour runs side by side by how far each atom is from where it is in the first."""
    return partial(colourings.colour_by, column=DISPLACEMENT if wanted else colourings.SPECIES)
