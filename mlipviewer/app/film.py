"""A movie of the 3D view of a session, made without a window: a process of its own for each."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from mlipviewer.core.problem import ReadProblem
from mlipviewer.io.files import write_bytes
from mlipviewer.io.movies import MovieProblem, movie_writer
from mlipviewer.session import changes
from mlipviewer.session.opening import parse_slice
from mlipviewer.session.saving.restoring import state_of
from mlipviewer.session.saving.session_file import read_session
from mlipviewer.session.saving.trust import is_trusted, questions
from mlipviewer.session.session import Session
from mlipviewer.session.store import Store
from mlipviewer.views.atoms import AtomsView

PATIENCE = 120.0  # s for one frame
LOGICAL = 640  # pixels of the screen that a picture is high: words are so large in proportion

Told = Callable[[int, int], None]


@dataclass(frozen=True)
class Shooting:
    """How a movie is made. `frames` as `a:b:c`, '' for the played range; `turn` degrees about the
    vertical of the picture, over the whole movie."""

    width: int = 1280
    height: int = 720
    fps: float = 25.0
    frames: str = ""
    turn: float = 0.0
    quality: str = "high"


def shoot(session_file: Path, out: Path, how: Shooting, told: Told, trusted: bool = False) -> int:
    """Make a movie of what the session shows; returns its number of pictures.

    Raises MovieProblem, ReadProblem, OSError; then no part of it is left."""
    application = QApplication.instance() or QApplication(["mlipviewer"])
    assert isinstance(application, QApplication)
    from mlipviewer.app.appearance import dress

    dress(application, "light")
    # a movie is drawn by the processor anywhere: the same on all machines, and no warning
    logging.getLogger("mlipviewer.gui.scene.plain_canvas").setLevel(logging.ERROR)
    with Studio(session_file, how, trusted) as studio:
        frames = studio.frames()
        with movie_writer(out, how.fps, how.quality, _save) as writer:
            for done, picture in enumerate(studio.pictures(frames)):
                told(done, len(frames))
                writer.add(picture)
        told(len(frames), len(frames))
        return len(frames)


def _save(picture: NDArray[np.uint8], path: Path) -> None:
    from mlipviewer.gui.figure import image_bytes

    height, width = picture.shape[:2]
    image = QImage(picture.tobytes(), width, height, width * 4, QImage.Format.Format_RGBA8888)
    write_bytes(path, image_bytes(image))


class Studio:
    """A session with its 3D view, of the size of the pictures, that nobody sees."""

    def __init__(self, session_file: Path, how: Shooting, trusted: bool) -> None:
        saved = read_session(session_file)
        agreed = trusted or is_trusted(saved.digest)
        asked = questions(saved.document, session_file.parent)
        if asked and not agreed:
            raise ReadProblem(f"{asked[0]}: say --trust to let it", session_file)
        self._how = how
        self.store = Store()
        self.session = Session(self.store)
        self.session.begin(state_of(saved, session_file, True))
        self.view = AtomsView(self.store)
        self._cameras = saved.window.get("cameras", {})
        self._dark = saved.window.get("dark")

    def __enter__(self) -> Studio:
        view, how = self.view, self._how
        ratio = how.width / how.height
        view.resize(round(LOGICAL * ratio), LOGICAL)
        view.attach()
        view.show()
        if isinstance(self._dark, bool):
            view.set_theme(self._dark)
        self._turn_events()
        canvas = view.canvas
        view.resize(
            view.width() - canvas.width() + round(LOGICAL * ratio),
            view.height() - canvas.height() + LOGICAL,
        )
        self._settle()
        if self.store.state.trajectory is None:
            failed = self.store.state.moment.failed.values()
            reason = next((one.reason for one in failed), "it shows no trajectory")
            raise MovieProblem(f"no movie of this session: {reason}")
        text = self._cameras.get("atoms") if isinstance(self._cameras, dict) else None
        view.looking.await_text(str(text or ""))
        return self

    def __exit__(self, *_about: object) -> None:
        self.view.detach()
        self.view.close()
        self.session.close()
        self.view.deleteLater()

    def frames(self) -> list[int]:
        """The frames of the movie. Raises MovieProblem."""
        trajectory = self.store.state.trajectory
        assert trajectory is not None
        every = range(trajectory.n_frames)
        if self._how.frames:
            try:
                found = list(every[parse_slice(self._how.frames)])
            except ValueError as problem:
                raise MovieProblem(f"frames {self._how.frames}: {problem}") from None
        else:
            document = self.store.state.document
            low, high = document.ranges.get(trajectory.name, (0, every[-1]))
            found = list(every[low : high + 1])
        if not found:
            raise MovieProblem(f"frames {self._how.frames} are none of {trajectory.n_frames}")
        return found

    def pictures(self, frames: list[int]) -> Iterator[NDArray[np.uint8]]:
        """(height, width, 4) of each frame."""
        step = self._how.turn / max(len(frames), 1)
        for place, index in enumerate(frames):
            self.store.commit(partial(changes.show_frame, index=index), "Frame", step=False)
            self._settle()
            if place and step:
                self.view.looking.spin(step)
            yield self._picture()

    def _picture(self) -> NDArray[np.uint8]:
        how, canvas = self._how, self.view.canvas
        image = self.view.picture(how.height / canvas.height())
        image = image.convertToFormat(QImage.Format.Format_RGBA8888)
        if (image.width(), image.height()) != (how.width, how.height):
            image = image.scaled(how.width, how.height)
        pixels = np.frombuffer(image.constBits(), np.uint8)
        rows = pixels.reshape(image.height(), image.bytesPerLine() // 4, 4)
        return rows[:, : image.width()].copy()  # the image goes, and its memory with it

    def _turn_events(self) -> None:
        QApplication.processEvents()
        self.session.drain(0.002)
        self.store.flush()

    def _settle(self) -> None:
        """Until the frame is read and what is asked of it is computed. Raises MovieProblem."""
        end = time.monotonic() + PATIENCE
        self._turn_events()
        while self.session.working or self.view.canvas.panes[0].frame is None:
            self._turn_events()
            if not self.session.working and self.store.state.trajectory is None:
                return
            if time.monotonic() > end:
                frame = self.store.state.frame + 1
                raise MovieProblem(f"frame {frame} is not ready after {PATIENCE:.0f} s")
        self._turn_events()
