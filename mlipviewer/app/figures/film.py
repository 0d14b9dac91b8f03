"""A movie of the 3D view of a session, made without a window: a process of its own for each."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from mlipviewer.app.figures.stage import Stage, Unready
from mlipviewer.gui.scene.camera_path import CameraPath
from mlipviewer.gui.scene.camera_text import camera_text
from mlipviewer.io.files import write_bytes
from mlipviewer.io.movies import MovieProblem, movie_writer, need_room
from mlipviewer.session import changes
from mlipviewer.session.opening import parse_slice

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
    keys: bool = False  # along the key views of the session


def shoot(session_file: Path, out: Path, how: Shooting, told: Told, trusted: bool = False) -> int:
    """Make a movie of what the session shows; returns its number of pictures.

    Raises MovieProblem, ReadProblem, OSError; then no part of it is left."""
    application = QApplication.instance() or QApplication(["mlipviewer"])
    assert isinstance(application, QApplication)
    from mlipviewer.app.preferences.appearance import dress

    dress(application, "light")
    # a movie is drawn by the processor anywhere: the same on all machines, and no warning
    logging.getLogger("mlipviewer.gui.scene.plain_canvas").setLevel(logging.ERROR)
    try:
        with Studio(session_file, how, trusted) as studio:
            n, pictures = _planned(studio, how)
            need_room(out, how.width * how.height * n, how.quality)
            with movie_writer(out, how.fps, how.quality, _save) as writer:
                for done, picture in enumerate(pictures):
                    told(done, n)
                    writer.add(picture)
            told(n, n)
            return n
    except Unready as problem:
        raise MovieProblem(str(problem)) from None


def _planned(studio: Studio, how: Shooting) -> tuple[int, Iterator[NDArray[np.uint8]]]:
    """How many pictures, and these. Raises MovieProblem."""
    if how.keys:
        path = studio.path()
        return path.n_pictures(how.fps), studio.pictures_along(path)
    frames = studio.frames()
    return len(frames), studio.pictures(frames)


def _save(picture: NDArray[np.uint8], path: Path) -> None:
    from mlipviewer.gui.figure import image_bytes

    height, width = picture.shape[:2]
    image = QImage(picture.tobytes(), width, height, width * 4, QImage.Format.Format_RGBA8888)
    write_bytes(path, image_bytes(image))


class Studio(Stage):
    """A session with its 3D view, of the size of the pictures, that nobody sees."""

    def __init__(self, session_file: Path, how: Shooting, trusted: bool) -> None:
        super().__init__(session_file, trusted)
        self._how = how

    def __enter__(self) -> Studio:
        self.begin(round(LOGICAL * self._how.width / self._how.height), LOGICAL)
        if self.store.state.trajectory is None:
            failed = self.store.state.moment.failed.values()
            reason = next((one.reason for one in failed), "it shows no trajectory")
            raise MovieProblem(f"no movie of this session: {reason}")
        return self

    def __exit__(self, *_about: object) -> None:
        self.end()

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
            self._show(index)
            if place and step:
                self.view.looking.spin(step)
            yield self._picture()

    def _show(self, index: int) -> None:
        self.store.commit(partial(changes.show_frame, index=index), "Frame", step=False)
        self.settle()

    def path(self) -> CameraPath:
        """The way along the key views. Raises MovieProblem."""
        try:
            return CameraPath(self.store.state.document.key_views)
        except ValueError as problem:
            raise MovieProblem(f"no movie along key views: {problem}") from None

    def pictures_along(self, path: CameraPath) -> Iterator[NDArray[np.uint8]]:
        """(height, width, 4) of each moment."""
        trajectory = self.store.state.trajectory
        assert trajectory is not None
        for place in range(path.n_pictures(self._how.fps)):
            camera, frame = path.at(place / self._how.fps)
            self._show(min(frame, trajectory.n_frames - 1))
            self.view.looking.take_text(camera_text(camera))
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
