"""What the command palette offers: actions, analyses, panels, metrics, columns, models, frames,
files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from mlipviewer.analysis import ANALYSES
from mlipviewer.app.recent_menu import is_gone
from mlipviewer.app.registry import Registry
from mlipviewer.core.fuzzy import best
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.gui.keys import keys_words
from mlipviewer.gui.palette import Offered
from mlipviewer.session import changes, colourings
from mlipviewer.session.actions.action import place_words
from mlipviewer.session.commands.view_scripts import can_be_said
from mlipviewer.session.panels import all_panels
from mlipviewer.session.saving.recents import recent
from mlipviewer.session.state import State
from mlipviewer.session.store import Change, Store
from mlipviewer.session.workspaces import WORKSPACES, prevented
from mlipviewer.views.script_menu import WAYS, copy_script

if TYPE_CHECKING:
    from mlipviewer.app.panel_menus import PanelMenus

MOST = 60


class Offers:
    """Finds among all that can be done now; what was taken lately comes first."""

    def __init__(
        self,
        store: Store,
        registry: Registry,
        panels: PanelMenus,
        opened: Callable[[Sequence[str]], None],
    ) -> None:
        self._store, self._registry, self._panels, self._opened = store, registry, panels, opened
        self._taken: list[str] = []

    def search(self, text: str) -> list[Offered]:
        """The offers that fit best; without a text those taken last, then the actions."""
        offers = list(self._all(bool(text.strip())))
        if not text.strip():
            order = {title: place for place, title in enumerate(reversed(self._taken))}
            offers.sort(key=lambda one: order.get(one.title, len(order)))
            return offers[:MOST]
        jump = self._frame(text)
        names = [f"{one.title} {one.hint}" for one in offers]
        return [*jump, *(offers[place] for place in best(text, names, MOST))]

    def _all(self, searched: bool) -> Iterator[Offered]:
        yield from self._actions()
        yield from self._of_panels()
        yield from self._scripts()
        if searched:
            state = self._store.state
            yield from self._of_table(state)
            yield from self._of_atoms(state)
            yield from self._files()

    def _offered(
        self, title: str, hint: str, act: Callable[[], object], reason: str = ""
    ) -> Offered:
        def taken() -> None:
            self._taken = [*(one for one in self._taken if one != title), title][-20:]
            act()

        return Offered(title, hint, taken, reason)

    def _commit(self, title: str, hint: str, change: Change, label: str = "") -> Offered:
        act = partial(self._store.commit, change, label or title)
        return self._offered(title, hint, act)

    def _actions(self) -> Iterator[Offered]:
        """Those of the menus, and those that have keys alone; panels and workspaces follow."""
        state = self._store.state
        for action in self._registry.actions.values():
            if action.id.startswith(("show.", "workspace.")):
                continue
            menu, keys = action.menu.replace("/", " > "), keys_words(action.id)
            hint = "   ".join(part for part in (menu or place_words(action.where), keys) if part)
            item = self._registry.items[action.id]
            reason = self._registry.reason(action, state)
            do = partial(self._registry.do, action.id)
            yield self._offered(item.text(), hint, do, reason)

    def _of_panels(self) -> Iterator[Offered]:
        for name, analysis in ANALYSES.items():
            for plot in analysis.plots:
                title = analysis.title if len(analysis.plots) == 1 else f"{analysis.title}: {plot}"
                yield self._offered(title, "Analyse", partial(self._panels.analyse, name, plot))
        for panel in all_panels():
            change = partial(changes.restore_panel, panel=panel)
            yield self._commit(f"Show {panel.title}", "View", change, f"Open {panel.title}")
        for name in WORKSPACES:
            reason = prevented(self._store.state, name)
            act = partial(self._panels.open_workspace, name)
            yield self._offered(f"Workspace {name}", "View", act, reason)

    def _scripts(self) -> Iterator[Offered]:
        """The script of each open panel that one can repeat."""
        for panel in self._store.state.document.panels:
            for title in WAYS if can_be_said(panel) else ():
                act = partial(copy_script, self._store, panel.id, title)
                yield self._offered(f"{title}: {panel.title}", "Panel", act)

    def _of_table(self, state: State) -> Iterator[Offered]:
        table = state.table
        if table is None:
            return
        for place, column in enumerate(table.metric_columns):
            chosen = rows([place])
            change = partial(changes.choose, space=Space.METRIC, chosen=chosen)
            yield self._commit(column.title, "metric: select", change, f"Select {column.name}")
        for row, key in enumerate(table.keys):
            change = partial(changes.choose, space=Space.MODEL, chosen=rows([row]))
            yield self._commit(key, "model: select", change, f"Select {key}")

    def _of_atoms(self, state: State) -> Iterator[Offered]:
        frame = state.moment.frames.get(state.document.trajectory or "")
        for name in ("species", *(frame.columns if frame is not None else ())):
            change = partial(colourings.colour_by, column=name)
            yield self._commit(f"Colour by {name}", "atoms", change)

    def _files(self) -> Iterator[Offered]:
        for path in recent():
            reason = "it is not there any more" if is_gone(path) else ""
            act = partial(self._opened, [path])
            yield self._offered(f"Open {Path(path).name}", path, act, reason)

    def _frame(self, text: str) -> list[Offered]:
        """`frame 1200`, `fr 1200`, or a number alone: that frame, as people count."""
        word = text.lower().strip()
        name = word.rstrip("0123456789")
        word, named = word[len(name) :], "frame".startswith(name.strip())
        trajectory = self._store.state.trajectory
        if trajectory is None or not named or not word.isdecimal() or len(word) > 12:
            return []
        number = int(word)
        reason = "" if 1 <= number <= trajectory.n_frames else f"there are {trajectory.n_frames}"
        change = partial(changes.show_frame, index=number - 1)
        act = partial(self._store.commit, change, f"Frame {number}")
        return [self._offered(f"Frame {number}", f"of {trajectory.n_frames}", act, reason)]
