"""What the window does: files, sessions, dialogs, panels. The window says how."""

from __future__ import annotations

from mlipviewer.session.actions.action import Action, Reason, Where, has_run, has_table
from mlipviewer.session.state import State


def _needs_files(state: State) -> str:
    return "" if state.document.inputs else "nothing is open"


def _needs_campaign(state: State) -> str:
    return "" if state.document.campaign.file else "no campaign is open: View > Campaign"


def _free(_state: State) -> str:
    return ""


def _act(
    name: str,
    title: str,
    menu: str,
    *keys: str,
    section: str = "",
    needs: Reason = _free,
    about: str = "",
) -> Action:
    return Action(name, title, menu, None, keys, needs, section=section, about=about)


WINDOW_ACTIONS: tuple[Action, ...] = (
    # Ctrl+I adds elsewhere, and opening always adds here
    _act("file.open", "Open ...", "File", "Ctrl+O", "Ctrl+I"),
    _act("file.folder", "Open folder as sequence ...", "File", "Ctrl+Shift+O"),
    _act("window.new", "New window", "File", "Ctrl+N"),
    _act("session.open", "Open session ...", "File", section="session"),
    _act("session.save", "Save session", "File", "Ctrl+S", section="session"),
    _act("session.save_as", "Save session as ...", "File", "Ctrl+Shift+S", section="session"),
    _act("session.pack", "Save session with data ...", "File", section="session"),
    _act("session.figure", "Open from figure ...", "File", section="session"),
    _act("session.locate", "Locate missing files ...", "File", section="session"),
    _act("export.figure", "Export figure ...", "File", "Ctrl+E", section="export"),
    _act("export.atoms", "Export 3D figure ...", "File", section="export"),
    _act("export.composite", "Composite figure ...", "File", section="export"),
    _act("export.movie", "Export movie ...", "File", section="export", needs=has_run),
    _act("export.snapshot", "Export web snapshot ...", "File", section="export"),
    _act("export.models", "Export models ...", "File", section="export", needs=has_table),
    _act(
        "export.frames",
        "Export frames ...",
        "File",
        section="export",
        needs=has_run,
        about="Frames, atoms and columns of the shown trajectory as a file for other programs",
    ),
    _act(
        "export.python",
        "Copy session as Python",
        "File",
        section="export",
        needs=_needs_files,
        about="A script that finds and draws, without a window, what the open panels show",
    ),
    _act("shot.save", "Save a screenshot ...", "File", "Alt+S", section="export"),
    _act(
        "shot.copy",
        "Copy the panel as a figure",
        "File",
        "Alt+C",
        section="export",
        about="Plots and the 3D view as figures, on white; other panels as they are seen",
    ),
    _act("file.unpack", "Limit of compressed files ...", "File", section="limits"),
    _act("window.quit", "Quit", "File", "Ctrl+Q", section="quit"),
    _act("edit.undo", "Undo", "Edit", "Ctrl+Z"),
    _act("edit.redo", "Redo", "Edit", "Ctrl+Shift+Z", "Ctrl+Y"),
    _act("edit.palette", "Command palette ...", "Edit", "Ctrl+Shift+P", "Ctrl+P", section="find"),
    _act("table.filter", "Filter models ...", "Edit", "Ctrl+F", section="find", needs=has_table),
    _act("edit.preferences", "Preferences ...", "Edit", "Ctrl+,", section="preferences"),
    _act("edit.keys", "Keyboard shortcuts ...", "Edit", "Ctrl+Alt+/", section="preferences"),
)
"""What begins the menus."""

LATER_ACTIONS: tuple[Action, ...] = (
    _act("table.meaning", "What columns mean ...", "Table", section="ask"),
    _act("table.folder", "Table of a folder of structures ...", "Table", section="ask"),
    _act("table.errors", "Errors from values ...", "Table", section="ask"),
    _act("table.seeds", "Combine seeds ...", "Table", section="ask"),
    _act("table.join", "Join with another table ...", "Table", "Ctrl+J", section="ask"),
    _act(
        "campaign.evaluate",
        "Evaluate a model ...",
        "Table",
        section="ask",
        needs=_needs_campaign,
        about="Judge one existing model by the campaign of the panel, and add its row to the table",
    ),
    _act("table.copy", "Copy selected models", "Table", "Ctrl+Shift+C", section="ask"),
    # where the table has the focus, the key that copies everywhere
    Action("table.copy.key", "Copy selected models", "", None, ("Ctrl+C",), where=Where.TABLE),
    _act("time.meaning", "What the trajectory is ...", "Time", section="ask"),
    _act("time.memory", "Memory for frames ...", "Time", section="ask"),
    _act("time.keys", "Key views of a movie ...", "Time", section="ask"),
    _act("view.usual", "Usual places", "View", section="places"),
    _act("view.full", "Full screen", "View", "F11", "Ctrl+Shift+F", section="places"),
    _act("view.one", "One panel alone / all again", "View", "Ctrl+Return", section="places"),
    *(_act(f"panel.{n}", f"Go to panel {n}", "View/Go to", f"Ctrl+{n}") for n in range(1, 10)),
    _act("view.console", "Python console", "View", "Ctrl+Shift+K", section="console"),
    _act("help.page", "Help on this panel", "Help", "F1"),
    _act("help.guide", "User guide", "Help"),
    _act("help.keys", "Keys on a sheet", "Help"),
    _act("help.welcome", "Welcome page", "Help"),
    _act("help.tour", "Take the tour", "Help"),
    _act("help.log", "Log", "Help", section="log"),
    _act("help.report", "Save for a bug report ...", "Help", section="log"),
    _act("help.updates", "Look for a new version", "Help", section="about"),
    _act("help.about", "About MLIPViewer", "Help", section="about"),
)
"""What ends them."""
