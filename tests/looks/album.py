"""The window over the shipped example, and what opens over it, each thing as a picture."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from mlipviewer.app.main import example_files, settle
from mlipviewer.app.preferences.appearance import dress
from mlipviewer.app.preferences.dialog import Preferences
from mlipviewer.app.window import MainWindow
from mlipviewer.campaign.design_file import as_toml
from mlipviewer.session import changes, colourings
from mlipviewer.session.campaigns.changes import set_draft
from mlipviewer.session.settings.listing import PAGES
from mlipviewer.session.state import Weight
from mlipviewer.session.workspaces import WORKSPACES
from tests import openings
from tests.app import campaign_stage
from tests.campaign.stage import design, existing

CAMPAIGN = as_toml(design("lattice elastic", existing(3)))
CAMPAIGN += '\n[[existing]]\nname = "metal"\ncalculator = "emt"\n'  # of which silicon is none


class Album:
    """One theme and size. Each method pictures one kind of things."""

    def __init__(self, folder: Path, theme: str, size: tuple[int, int], home: Path) -> None:
        self.folder, self._home = folder, home
        folder.mkdir(parents=True, exist_ok=True)
        self._application = QApplication.instance() or QApplication(["looks"])
        assert isinstance(self._application, QApplication)
        dress(self._application, theme)
        self.window = window = MainWindow()
        window.resize(*size)
        window.show()
        window.open(example_files())
        settle(window)
        openings.arrange(window)
        settle(window)

    def end(self) -> None:
        self.window.sessions.may_leave = lambda: True  # type: ignore[method-assign]
        self.window.close()

    def keep(self, kind: str, name: str, widget: QWidget) -> None:
        title = re.sub(r"[^A-Za-z0-9.]+", "_", name).strip("_")
        widget.grab().save(str(self.folder / f"{kind}-{title}.png"))

    def windows(self) -> None:
        """Each workspace."""
        for name in WORKSPACES:
            self.window.panel_menus.open_workspace(name)
            settle(self.window)
            self.keep("window", name, self.window)
        self.window.panel_menus.open_workspace("Overview")
        settle(self.window)

    def panels(self) -> None:
        """Each panel of the workspaces, in front."""
        done: set[str] = set()
        for name in WORKSPACES:
            self.window.panel_menus.open_workspace(name)
            settle(self.window)
            for panel, dock in list(self.window.docks.by_panel.items()):
                if panel not in done:
                    done.add(panel)
                    dock.raise_()
                    settle(self.window)
                    self.keep("panel", panel, dock)
        self.window.panel_menus.open_workspace("Overview")
        settle(self.window)

    def _open_each(self, kind: str, opened: Iterable[tuple[str, openings.Act]]) -> None:
        for name, act in opened:
            came = openings.look_at(
                self.window, act, lambda shown, name=name: self.keep(kind, name, shown), 4
            )
            if not came:
                print(f"{kind} {name}: nothing opens")

    def menus(self) -> None:
        self._open_each("menu", openings.menus(self.window))

    def popups(self) -> None:
        self._values_as_colours()
        self._open_each("popup", openings.popups(self.window))

    def _values_as_colours(self) -> None:
        """A colour bar over the atoms, so that its settings are seen."""
        inputs = [one.name for one in self.window.store.state.document.inputs]
        run = next(name for name in inputs if "cryst" in name)
        for change in (
            lambda s: changes.show_trajectory(s, run),
            lambda s: colourings.colour_by(s, "energies"),
        ):
            self.window.store.commit(change, "Look")
            settle(self.window)

    def dialogs(self) -> None:
        self._open_each("dialog", openings.dialogs(self.window, self._home))

    def pages(self) -> None:
        """Each page of the preferences."""
        shown = Preferences(self.window)
        shown.show()
        for page in PAGES:
            shown.show_page(page)
            settle(self.window)
            openings.fill(self.window, shown)
            self.keep("page", page, shown)
        shown.close()
        settle(self.window)

    def campaigns(self) -> None:
        """A small campaign: its design, its text, and its run to the end, of which a part fails."""
        window, file = self.window, self._home / "silicon.toml"
        text = "# Four potentials that exist\n" + CAMPAIGN
        file.write_text(text)
        change = partial(set_draft, text=text, file=str(file), workers=1)
        window.store.commit(change, "Look")
        view = campaign_stage.panel(window)
        campaign_stage.wait(window, view.run.start.isEnabled)
        dock = window.docks.by_panel["campaign"]
        for number, name in enumerate(("design", "text", "costs")):
            view.pages.setCurrentIndex(number)
            settle(window)
            self.keep("campaign", name, dock)
        view.run.start.click()
        campaign_stage.wait(window, lambda: campaign_stage.n_done(window) >= 3, 120)
        self.keep("campaign", "run", dock)
        campaign_stage.wait(window, lambda: not campaign_stage.runs(window), 120)
        view.run.result.click()
        settle(window)
        self.keep("campaign", "end", window)
        window.panel_menus.open_workspace("Overview")
        settle(window)

    def help(self) -> None:
        """Notices, the log, the console, help, keys, welcome and the tour."""
        window, desk = self.window, self.window.help
        for weight in Weight:
            window.session.notify(
                f"A notice that is {weight}: look at it.", weight, "Details\nof it"
            )
            settle(window)
            self.keep("help", f"notice_{weight}", window.notices)
        desk.log.open()
        settle(window)
        self.keep("help", "log", desk.log)
        desk.log.hide()
        desk.console.open()
        desk.console.input.setPlainText("app.table")
        settle(window)
        self.keep("help", "console", desk.console)
        desk.console.hide()
        for name, act in (("keys", desk.keys), ("page", desk.show_about), ("guide", desk.guide)):
            act()
            settle(window)
            self.keep("help", name, desk.pages)
        desk.pages.hide()
        self._tour()
        desk.welcome.welcome()
        openings.fill(window, desk.welcome)
        self.keep("help", "welcome", window)
        desk.welcome.leave()

    def _tour(self) -> None:
        tour = self.window.help.tour
        tour.start()
        for stop in range(4):
            settle(self.window)
            self.keep("help", f"tour_{stop + 1}", self.window)
            tour.go(1)
