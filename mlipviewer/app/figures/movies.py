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

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.app.export_tabs import MOVIE as MOVIE_TAB
from mlipviewer.app.export_tabs import ExportTabs
from mlipviewer.app.figures.film import LOGICAL
from mlipviewer.app.file_dialogs import MOVIE, ask_save
from mlipviewer.core.children import start_child
from mlipviewer.core.own_program import own_command
from mlipviewer.core.progress import Progress
from mlipviewer.gui.dialog_buttons import DialogButtons
from mlipviewer.gui.drawing import Drawing
from mlipviewer.gui.figure_look import MM_PER_INCH, SCREEN_DPI, FigureLook
from mlipviewer.gui.form import titled
from mlipviewer.gui.plain import PlainLabel
from mlipviewer.gui.preview import Preview
from mlipviewer.gui.settings_in_use import settings_in_use
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
KINDS = (
    "Movie (*.mp4);;Movie for the web (*.webm);;Animated GIF (*.gif);;"
    "Pictures in a folder of that name (*.png)"
)


Draw = Callable[[FigureLook], Drawing]
ROOM = (384, 288)  # pixels of the preview
SOON_MS = 60


class MovieDialog(QDialog):
    """The frames, their pace and size; tells how long and how large the movie will be."""

    def __init__(
        self,
        state: State,
        made: Callable[[list[str], str], None],
        parent: QWidget,
        draw: Draw | None = None,
    ) -> None:
        super().__init__(parent)
        self._made, self._draw = made, draw
        self.setWindowTitle("Export movie")
        trajectory = state.trajectory
        self._n = trajectory.n_frames if trajectory is not None else 0
        low, high = range_of(state)
        self.first, self.last = self._spin(1, low + 1), self._spin(1, high + 1)
        self.every = self._spin(1, state.document.playback.every)
        self.fps = QSpinBox(minimum=1, maximum=120, value=state.document.playback.fps)
        self.size_box = QComboBox(editable=True)
        self.size_box.addItems(SIZES)
        size, quality = _kept()
        self.size_box.setCurrentText(size)
        self.turn = QDoubleSpinBox(minimum=-3600, maximum=3600, suffix="°", singleStep=45)
        self._seconds = seconds_of(state.document.key_views)
        self.keys = QCheckBox(f"Along the {len(state.document.key_views)} key views")
        self.keys.setEnabled(self._seconds > 0)
        self.keys.setToolTip("Time > Key views lists them: from where one looks at which second")
        self.keys.setChecked(self._seconds > 0)
        self.quality = QComboBox()
        self.quality.addItems(list(QUALITY))
        self.quality.setCurrentText(quality)
        self.shown = Preview(ROOM)
        self.shown.setVisible(draw is not None)
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self._show)
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
        both = QHBoxLayout()
        both.addLayout(form)
        both.addWidget(self.shown, 1)
        layout = QVBoxLayout(self)
        layout.addLayout(both)
        layout.addWidget(self.told)
        layout.addWidget(self.buttons)
        for spin in (self.first, self.last, self.every, self.fps, self.turn):
            spin.valueChanged.connect(self._tell)
        self.keys.toggled.connect(self._tell)
        self.size_box.currentTextChanged.connect(self._tell)
        self.quality.currentTextChanged.connect(self._tell)
        self.buttons.accepted.connect(self._ask_path)
        self.buttons.rejected.connect(self.reject)
        self.finished.connect(self._soon.stop)
        self.finished.connect(self.shown.close_thread)

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
        self._soon.start()

    def _show(self) -> None:
        """The shown frame as a picture of the movie."""
        pixels = self._pixels()
        if self._draw is None or pixels is None or self._n == 0:
            return
        try:
            self.shown.draw(self._draw(look_of_picture(*pixels)))
        except ValueError as reason:
            self.shown.say(str(reason))

    def _ask_path(self) -> None:
        if ffmpeg():
            path = ask_save(self, "Export movie", MOVIE, "movie.mp4", KINDS)
        else:
            path = ask_save(self, "Folder for the pictures", MOVIE, "movie")
        if path is not None:
            self.make(str(path.with_suffix("") if path.suffix.lower() == ".png" else path))

    def make(self, path: str) -> None:
        """Have it made."""
        frames = f"{self.first.value() - 1}:{self.last.value()}:{self.every.value()}"
        words = ["--frames", frames, "--fps", str(self.fps.value())]
        size, quality = self.size_box.currentText().replace(" ", ""), self.quality.currentText()
        words += ["--size", size, "--turn", str(self.turn.value()), "--quality", quality]
        words += ["--keys"] if self.keys.isChecked() else []
        settings_in_use.set("movies.look", f"{size} {quality}")
        self._made(words, path)
        self.accept()


def _kept() -> tuple[str, str]:
    """Size and quality of the last movie."""
    size, _, quality = settings_in_use.now.text("movies.look").partition(" ")
    return size or SIZES[0], quality if quality in QUALITY else next(iter(QUALITY))


def look_of_picture(width: int, height: int) -> FigureLook:
    """A picture of a movie (app.figures.film) as a figure: as high as LOGICAL pixels of the screen,
    however many dots it has."""
    high = LOGICAL / SCREEN_DPI * MM_PER_INCH
    return FigureLook(high * width / height, high, dpi=round(SCREEN_DPI))


def ask_movie(
    store: Store,
    saved: Callable[[], Saved],
    parent: QWidget,
    draw: Draw | None = None,
    tabs: ExportTabs | None = None,
) -> MovieDialog:
    """The dialog, shown; `draw` gives what is seen as a figure."""

    def made(words: list[str], path: str) -> None:
        work = partial(make_movie, saved(), words, Path(path))

        def land(state: State, _nothing: Any) -> State:
            return add_notice(state, Notice(f"Written: {path}"))

        errand = Errand(f"Movie {Path(path).name}", work, land)
        store.commit(lambda s: s.with_moment(errands=(*s.moment.errands, errand)), f"Movie {path}")

    dialog = MovieDialog(store.state, made, parent, draw)
    if tabs is not None:
        tabs.add_to(dialog, MOVIE_TAB)
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
