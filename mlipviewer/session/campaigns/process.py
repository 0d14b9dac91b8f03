"""The process that runs the campaign of a window: `mlipviewer campaign run DESIGN.toml`."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path

import mlipviewer
from mlipviewer.campaign.failure import DesignProblem
from mlipviewer.campaign.folder import Folder
from mlipviewer.core.own_program import NO_CONSOLE, own_command
from mlipviewer.io.files import write_text
from mlipviewer.session.campaigns.seen import Draft

STOPPED = (0, 3)
"""Exit codes of runs that ended well, or were asked to stop."""


class Process:
    """At most one process, and what became of it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: Folder | None = None

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self, draft: Draft, folder: Folder, more: Sequence[str] = ()) -> None:
        """Write the design and run it, or the other command of campaigns that `more` says. What is
        said goes to `run.log` of the folder. Raises OSError, DesignProblem."""
        if self.alive and folder != self._folder and self._folder is not None:
            raise DesignProblem(f"{self._folder.path.name} runs in this window: stop it first")
        if self.alive:
            return
        folder.path.mkdir(parents=True, exist_ok=True)
        own = Path(draft.file) == folder.design_file
        if not more:
            write_text(draft.file, draft.text)
        words = list(more) or ["resume" if own else "run", draft.file]
        words += ["--folder", str(folder.path), "--workers", str(max(draft.workers, 1))]
        words += ["--scheduler", draft.scheduler] if draft.scheduler.strip() else []
        with folder.log.open("wb") as log:
            self._process = subprocess.Popen(
                [*own_command(), "campaign", *words],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=os.environ | {"PYTHONPATH": _paths()},
                cwd=folder.path,
                creationflags=NO_CONSOLE,
                start_new_session=os.name == "posix",  # Ctrl+C in a terminal is for the window
            )
        self._folder = folder
        # it may outlive the window: somebody waits for it, so that it leaves nothing behind
        threading.Thread(target=self._process.wait, name="campaign process", daemon=True).start()

    def complaint(self, folder: Folder) -> str:
        """What the process said last where it ended badly; '' else."""
        process = self._process
        if process is None or folder != self._folder:
            return ""
        code = process.poll()
        return "" if code is None or code in STOPPED else last_words(folder)

    def end(self) -> None:
        """End it at once: what it has written stays, what was under way is done again."""
        if self._process is not None and self.alive:
            self._process.terminate()


def _paths() -> str:
    package = str(Path(mlipviewer.__file__).resolve().parents[1])
    return os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH", ""))))


def last_words(folder: Folder) -> str:
    """The last line that a run of this folder said."""
    try:
        lines = folder.log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return next((line.strip() for line in reversed(lines) if line.strip()), "")[:500]
