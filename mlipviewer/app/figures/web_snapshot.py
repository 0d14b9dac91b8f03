"""Asks where a web snapshot goes, and has it made by a process of its own."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from mlipviewer.app.file_dialogs import DATA, ask_save
from mlipviewer.core.children import start_child
from mlipviewer.core.own_program import NO_CONSOLE, own_command
from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.progress import Progress
from mlipviewer.io.files import write_text
from mlipviewer.session.landing import add_notice
from mlipviewer.session.saving.session_file import Saved, digest, session_text
from mlipviewer.session.saving.trust import trust
from mlipviewer.session.state import Errand, Notice, State
from mlipviewer.session.store import Store

POLL = 0.1  # s


def ask_snapshot(store: Store, saved: Callable[[], Saved], parent: QWidget) -> None:
    """Ask for a path; the page is a job like others."""
    title, kinds = "Export web snapshot", "Web page (*.html)"
    path = ask_save(parent, title, DATA, "snapshot.html", kinds, must=True)
    if path is None:
        return

    def land(state: State, _nothing: Any) -> State:
        return add_notice(state, Notice(f"Written: {path}"))

    errand = Errand(f"Snapshot {path.name}", partial(make_snapshot, saved(), path), land)
    store.commit(lambda s: s.with_moment(errands=(*s.moment.errands, errand)), f"Snapshot {path}")


def make_snapshot(saved: Saved, path: Path, progress: Progress) -> None:
    """Have another process make it of a copy of the session. Raises ReadProblem, Cancelled."""
    with tempfile.TemporaryDirectory(prefix="mlipviewer-snapshot-") as folder:
        session = Path(folder) / "snapshot.mlipview"
        text = session_text(saved, Path(folder))
        write_text(session, text)
        trust(digest(text))
        words = ["snapshot", str(session), "--out", str(path), "--title", path.stem]
        with start_child(
            [*own_command(), *words],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            creationflags=NO_CONSOLE,
        ) as process:
            try:
                said = _followed(process, progress)
            except BaseException:
                process.terminate()
                raise
        if process.returncode:
            lines = said.strip().splitlines()
            raise ReadProblem(lines[-1] if lines else "the page was not made", path)


def _followed(process: subprocess.Popen[str], progress: Progress) -> str:
    """What it says of errors, once it has ended."""
    while True:
        progress.step(0, 1)
        try:
            return process.communicate(timeout=POLL)[1]
        except subprocess.TimeoutExpired:
            continue
