"""The menus of a window, made from the lists of actions, and what the window does for them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from mlipviewer.app.campaigns.panel import evaluate_model
from mlipviewer.app.export_tabs import ExportTabs
from mlipviewer.app.figures.drawings import TABLE
from mlipviewer.app.figures.screenshots import Screenshots
from mlipviewer.app.figures.web_snapshot import ask_snapshot
from mlipviewer.app.recent_menu import RecentMenu
from mlipviewer.app.registry import Registry
from mlipviewer.app.trajectories.dialogs import TrajectoryDialogs
from mlipviewer.app.trajectories.frames_export import ask_frames
from mlipviewer.gui.keys import keymap_in_use
from mlipviewer.session.actions.listing import ACTIONS
from mlipviewer.session.actions.panels import panel_actions
from mlipviewer.views.script_menu import copy_session

if TYPE_CHECKING:
    from mlipviewer.app.window import MainWindow

MENUS = ("File", "Edit", "Select", "Table", "Atoms", "Time", "Analyse", "View", "Help")


def fill_menus(registry: Registry) -> None:
    """Make all actions, each in its menu."""
    actions = (*panel_actions(), *ACTIONS)
    keymap_in_use.know(actions)
    for name in MENUS:
        registry.menu(name)
    for action in actions:
        registry.add(action)


def bind_window(window: MainWindow) -> None:
    """Say what a window does for the actions that are its own."""
    _bind_files(window)
    _bind_tables(window)
    _bind_places(window)
    bind, store = window.registry.bind, window.store
    runs = TrajectoryDialogs(window, store, window.session)
    bind("time.meaning", runs.ask_meaning)
    bind("time.memory", partial(window.open_preferences, "Performance", "memory frames"))
    bind("edit.preferences", window.open_preferences)
    bind("edit.keys", partial(window.open_preferences, "Shortcuts"))
    bind("edit.undo", store.undo, lambda: "" if store.undo_label else "nothing was done yet")
    bind("edit.redo", store.redo, lambda: "" if store.redo_label else "nothing was undone")
    bind("edit.palette", window.open_palette)
    window.help.bind(window.registry)
    bind("help.about", window.exports.show_about)


def _bind_files(window: MainWindow) -> None:
    registry, exports, files = window.registry, window.exports, window.sessions
    menu, bind = registry.menu("File"), registry.bind
    menu.insertMenu(registry.items["window.new"], RecentMenu(menu, window.open))
    bind("file.open", lambda: window.open(exports.ask_files()))
    bind("file.folder", exports.open_folder)
    bind("session.open", files.ask_open)
    bind("session.save", files.save)
    bind("session.save_as", files.ask_save)
    bind("session.pack", files.ask_pack)
    bind("session.figure", files.ask_figure)
    bind("session.locate", files.locate)
    bind("file.unpack", partial(window.open_preferences, "Files", "compressed"))
    shots = Screenshots(window)
    bind("export.figure", shots.export_focused)
    bind("export.atoms", shots.export_atoms)
    bind("export.composite", window.figures.ask_composite)
    bind("export.movie", shots.ask_movie)
    bind("time.keys", shots.ask_key_views)
    bind("export.snapshot", partial(ask_snapshot, window.store, files.saved, window))
    window.figures.tabs = tabs = ExportTabs(registry, window.store)
    bind("export.models", partial(exports.ask_models, partial(window.figures.ask, TABLE), tabs))
    bind("export.frames", partial(ask_frames, window, window.store, window.session, tabs))
    bind("export.python", partial(copy_session, window.store))
    bind("shot.save", shots.save)
    bind("shot.copy", shots.copy)
    bind("window.quit", window.close)


def _bind_tables(window: MainWindow) -> None:
    registry, ask = window.registry, window.table_dialogs
    tables = QMenu("Open tables", window)
    tables.aboutToShow.connect(lambda: ask.fill_menu(tables))
    registry.menu("Table").insertMenu(registry.items["table.meaning"], tables)
    registry.menus["Table/Open tables"] = tables
    bind = registry.bind
    bind("table.meaning", ask.ask_meaning)
    bind("table.folder", window.ask_for_table)
    bind("table.errors", ask.ask_errors)
    bind("table.seeds", ask.ask_seeds)
    bind("table.join", ask.ask_join)
    bind("campaign.evaluate", partial(evaluate_model, window))
    bind("table.copy", window.exports.copy_selection)


def _bind_places(window: MainWindow) -> None:
    places = window.places
    bind = window.registry.bind
    bind("window.new", places.open_another)
    bind("view.full", places.toggle_full)
    bind("view.one", places.toggle_one)
    for number in range(1, 10):
        bind(f"panel.{number}", partial(places.go_to, number))
