"""Asks how a movie is to be made, and has it made by a process of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.app.file_dialogs import MOVIE, ask_save
from mlipviewer.core.children import start_child
from mlipviewer.core.own_program import own_command
from mlipviewer.core.progress import Progress
from mlipviewer.gui.dialog_buttons import DialogButtons
from mlipviewer.gui.form import titled
from mlipviewer.gui.plain import PlainLabel
from mlipviewer.io.files import write_text
from mlipviewer.io.movies import ABSENT, BITS, QUALITY, MovieProblem, ffmpeg, unfinished
from mlipviewer.session.key_views import seconds_of
from mlipviewer.session.landing import add_notice
from mlipviewer.session.saving.session_file import Saved, digest, session_text
from mlipviewer.session.saving.trust import trust
from mlipviewer.session.state import Errand, Notice, State
from mlipviewer.session.store import Store
from mlipviewer.session.time_changes import range_of

SIZES = ("1280x720", "1920x1080", "1080x1080", "2560x1440", "3840x2160")
KINDS = "Movie (*.mp4);;Movie for the web (*.webm);;Animated GIF (*.gif)"


class MovieDialog(QDialog):
    """The frames, their pace and size; tells how long and how large the movie will be."""

    def __init__(
        self, state: State, made: Callable[[list[str], str], None], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._made = made
        self.setWindowTitle("Export movie")
        trajectory = state.trajectory
        self._n = trajectory.n_frames if trajectory is not None else 0
        low, high = range_of(state)
        self.first, self.last = self._spin(1, low + 1), self._spin(1, high + 1)
        self.every = self._spin(1, state.document.playback.every)
        self.fps = QSpinBox(minimum=1, maximum=120, value=state.document.playback.fps)
        self.size_box = QComboBox(editable=True)
        self.size_box.addItems(SIZES)
        self.turn = QDoubleSpinBox(minimum=-3600, maximum=3600, suffix="°", singleStep=45)
        self._seconds = seconds_of(state.document.key_views)
        self.keys = QCheckBox(f"Along the {len(state.document.key_views)} key views")
        self.keys.setEnabled(self._seconds > 0)
        self.keys.setToolTip("Time > Key views lists them: from where one looks at which second")
        self.keys.setChecked(self._seconds > 0)
        self.quality = QComboBox()
        self.quality.addItems(list(QUALITY))
        self.told = PlainLabel()
        self.told.setWordWrap(True)
        self.buttons = DialogButtons()
        self.export = self.buttons.addButton("Export ...", QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        self._lay_out()
        self._tell()

    def _spin(self, low: int, value: int) -> QSpinBox:
        return QSpinBox(
            minimum=low, maximum=max(self._n, 1), value=min(max(value, low), self._n or 1)
        )

    def _lay_out(self) -> None:
        form = titled(
            (
                ("From frame", self.first),
                ("To frame", self.last),
                ("Every", self.every),
                ("Frames per second", self.fps),
                ("Size in pixels", self.size_box),
                ("Turn in all", self.turn),
                ("Camera", self.keys),
                ("Quality", self.quality),
            )
        )
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self.told)
        layout.addWidget(self.buttons)
        for spin in (self.first, self.last, self.every, self.fps, self.turn):
            spin.valueChanged.connect(self._tell)
        self.keys.toggled.connect(self._tell)
        self.size_box.currentTextChanged.connect(self._tell)
        self.quality.currentTextChanged.connect(self._tell)
        self.buttons.accepted.connect(self._ask_path)
        self.buttons.rejected.connect(self.reject)

    def _pixels(self) -> tuple[int, int] | None:
        width, _, height = self.size_box.currentText().partition("x")
        whole = width.strip().isdecimal() and height.strip().isdecimal()
        found = (int(width), int(height)) if whole else (0, 0)
        return found if all(16 <= n <= 8192 for n in found) else None

    @property
    def n_pictures(self) -> int:
        if self.keys.isChecked():
            return round(self._seconds * self.fps.value()) + 1
        return len(range(self.first.value() - 1, self.last.value(), self.every.value()))

    def _tell(self) -> None:
        pixels, n, fps = self._pixels(), self.n_pictures, self.fps.value()
        for box in (self.first, self.last, self.every, self.turn):
            box.setEnabled(not self.keys.isChecked())
        problem = ""
        if self._n == 0:
            problem = "No trajectory is shown."
        elif n == 0:
            problem = "No frame is left: the last one is before the first."
        elif pixels is None:
            problem = "A size is like 1280x720, from 16 to 8192 pixels."
        if problem or pixels is None:
            self.told.setText(problem)
        else:
            size = pixels[0] * pixels[1] * n * BITS[self.quality.currentText()] / 8e6
            said = f"{n} pictures, {n / fps:.1f} s, about {max(size, 0.1):.1f} MB as MP4"
            self.told.setText(said if ffmpeg() else f"{said}. Here, PNG files: {ABSENT}")
        self.export.setEnabled(not problem)

    def _ask_path(self) -> None:
        if ffmpeg():
            path = ask_save(self, "Export movie", MOVIE, "movie.mp4", KINDS)
        else:
            path = ask_save(self, "Folder for the pictures", MOVIE, "movie")
        if path is not None:
            self.make(str(path))

    def make(self, path: str) -> None:
        """Have it made."""
        frames = f"{self.first.value() - 1}:{self.last.value()}:{self.every.value()}"
        words = ["--frames", frames, "--fps", str(self.fps.value())]
        words += ["--size", self.size_box.currentText().replace(" ", "")]
        words += ["--turn", str(self.turn.value()), "--quality", self.quality.currentText()]
        words += ["--keys"] if self.keys.isChecked() else []
        self._made(words, path)
        self.accept()


def ask_movie(store: Store, saved: Callable[[], Saved], parent: QWidget) -> MovieDialog:
    """The dialog, shown."""

    def made(words: list[str], path: str) -> None:
        work = partial(make_movie, saved(), words, Path(path))

        def land(state: State, _nothing: Any) -> State:
            return add_notice(state, Notice(f"Written: {path}"))

        errand = Errand(f"Movie {Path(path).name}", work, land)
        store.commit(lambda s: s.with_moment(errands=(*s.moment.errands, errand)), f"Movie {path}")

    dialog = MovieDialog(store.state, made, parent)
    dialog.open()
    return dialog


def make_movie(saved: Saved, words: list[str], path: Path, progress: Progress) -> None:
    """Have another process make it of a copy of the session. Raises MovieProblem, Cancelled."""
    with tempfile.TemporaryDirectory(prefix="mlipviewer-movie-") as folder:
        session = Path(folder) / "movie.mlipview"
        text = session_text(saved, Path(folder))
        write_text(session, text)
        trust(digest(text))
        command = [*own_command(), "movie", str(session), "--out", str(path), "--progress", *words]
        with (  # its complaints go to a file: a pipe that nobody reads would fill, and hold it up
            tempfile.TemporaryFile("w+", errors="replace") as said,
            start_child(command, stdout=subprocess.PIPE, stderr=said, text=True) as process,
        ):
            try:
                _follow(process, progress, said)
            except BaseException:
                process.terminate()
                process.wait()
                _clear(unfinished(path.absolute(), process.pid))
                raise


def _clear(left: Path) -> None:
    """What a process could not clear itself: where ending it is killing it."""
    if left.is_dir():
        shutil.rmtree(left, ignore_errors=True)
    else:
        left.unlink(missing_ok=True)


def _follow(process: subprocess.Popen[str], progress: Progress, said: TextIO) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("{"):
            told = json.loads(line)
            progress.step(int(told["done"]), int(told["total"]))
    if process.wait() != 0:
        said.seek(0)
        lines = said.read().strip().splitlines()
        raise MovieProblem(lines[-1] if lines else "the movie was not made")
