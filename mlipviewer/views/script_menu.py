"""Copy as script: entries that put the Python or the command of a panel on the clipboard."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.gui.plain import plain_tip
from mlipviewer.session.commands.view_scripts import command_of, python_of, python_of_all
from mlipviewer.session.landing import add_notice
from mlipviewer.session.state import Notice, Panel, State, Weight
from mlipviewer.session.store import Store

Write = Callable[[State, Panel], str]
WAYS: dict[str, Write] = {"Copy as Python": python_of, "Copy as command": command_of}


def add_scripts(menu: QMenu, store: Store, panel_id: str) -> None:
    """An entry for each way; where one cannot say it, greyed with the reason."""
    menu.setToolTipsVisible(True)
    panel = next((one for one in store.state.document.panels if one.id == panel_id), None)
    if panel is None:
        return
    for title, write in WAYS.items():
        _, reason = written(store.state, panel, write)
        action = menu.addAction(title, partial(copy_script, store, panel_id, title))
        action.setEnabled(not reason)
        if reason:
            action.setText(f"{title} (not here)")
        action.setToolTip(plain_tip(reason or "What repeats this panel without the window"))


def copy_script(store: Store, panel_id: str, title: str) -> None:
    """Put what repeats a panel on the clipboard, or tell why there is nothing."""
    panel = store.state.document.panel(panel_id)
    text, reason = written(store.state, panel, WAYS[title])
    if text:
        QGuiApplication.clipboard().setText(text)
    kind = title.removeprefix("Copy as ")
    said = f"{panel.title} as {kind}: {reason}" if reason else f"Copied {panel.title} as {kind}."
    weight = Weight.WARNING if reason else Weight.INFO
    store.commit(lambda s: add_notice(s, Notice(said, weight)), title)


def copy_session(store: Store) -> None:
    """Put a script of all open panels on the clipboard, or tell why there is none."""
    try:
        QGuiApplication.clipboard().setText(python_of_all(store.state))
    except AnalysisProblem as problem:
        notice = Notice(f"The session as Python: {problem}", Weight.WARNING)
    else:
        notice = Notice("Copied the session as Python: what each open panel shows.")
    store.commit(lambda s: add_notice(s, notice), "Copy session as Python")


def written(state: State, panel: Panel, write: Write) -> tuple[str, str]:
    """(the script, ''), or ('', why there is none)."""
    try:
        return write(state, panel), ""
    except AnalysisProblem as problem:
        return "", str(problem)
