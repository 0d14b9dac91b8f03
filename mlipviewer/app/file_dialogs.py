"""Dialogs that ask for files. Each kind of them begins in the folder where it was used last; what
is saved never replaces a file unasked."""

from __future__ import annotations

import logging
import re
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from mlipviewer.gui.plain import plain_tip
from mlipviewer.session.saving.folders import folder_of, keep_folder

OPEN, SESSION, FIGURE, MOVIE, DATA = "open", "session", "figure", "movie", "data"
SETTINGS, REPORT, DESIGN, LINK = "settings", "report", "design", "link"

_ENDING = re.compile(r"\.[A-Za-z]\w*")
"""The end of a name that says what a file is; that of `GAP 93.5` does not."""


def ask_file(parent: QWidget, title: str, kind: str, filters: str = "", at: str = "") -> str:
    """A file to be read; '' where none is chosen. `at` is the one that is meant so far."""
    path, _ = QFileDialog.getOpenFileName(parent, title, _begin(kind, at), filters)
    return _kept(kind, path)


def ask_files(parent: QWidget, title: str, kind: str, filters: str = "") -> list[str]:
    """Files to be read."""
    paths, _ = QFileDialog.getOpenFileNames(parent, title, _begin(kind), filters)
    if paths:
        _kept(kind, paths[-1])
    return paths


def ask_folder(parent: QWidget, title: str, kind: str, at: str = "") -> str:
    """A folder; '' where none is chosen."""
    path = QFileDialog.getExistingDirectory(parent, title, _begin(kind, at))
    return _kept(kind, path)


def ask_save(
    parent: QWidget, title: str, kind: str, name: str, filters: str = "", must: bool = False
) -> Path | None:
    """Where to write; None where nothing is chosen. `name` is proposed, in the folder of this kind
    unless it is a whole path.

    A name without an ending gets that of the chosen filter, or of the proposed name; with `must`
    only endings of the filters are some."""
    text, chosen = QFileDialog.getSaveFileName(parent, title, _begin(kind, name), filters)
    if not text:
        return None
    path = Path(text)
    whole = _with_ending(path, name, chosen, filters if must else "")
    if whole != path and whole.exists() and not _may_replace(parent, title, whole):
        return None
    _kept(kind, str(whole))
    return whole


def _with_ending(path: Path, name: str, chosen: str, among: str) -> Path:
    """`among`: filters whose endings alone count; '' for any."""
    good = path.suffix.lower() in _endings(among) if among else _ENDING.fullmatch(path.suffix)
    ending = next(iter(_endings(chosen)), Path(name).suffix)
    return path if good or not ending else path.with_name(path.name + ending)


def _endings(filters: str) -> list[str]:
    """`Table (*.csv *.json.gz)` -> .csv, .json.gz"""
    return re.findall(r"\*(\.[\w.]+)", filters)


def _may_replace(parent: QWidget, title: str, path: Path) -> bool:
    """The dialog has asked about the name as it was typed, without its ending."""
    kinds = QMessageBox.StandardButton
    answer = QMessageBox.question(
        parent,
        title,
        plain_tip(f"{path.name} is there already. Replace it?"),
        kinds.Yes | kinds.No,
        kinds.No,
    )
    return answer == kinds.Yes


def _begin(kind: str, at: str = "") -> str:
    """Where a dialog begins: with what is given, in the folder of its kind unless that is whole."""
    if Path(at).is_absolute():
        return at
    folder = folder_of(kind)
    return str(Path(folder) / at) if folder else at


def _kept(kind: str, path: str) -> str:
    if path:
        folder = Path(path).absolute()
        try:
            keep_folder(kind, str(folder if folder.is_dir() else folder.parent))
        except (OSError, ValueError):
            logging.getLogger(__name__).warning("the folder is not kept", exc_info=True)
    return path
