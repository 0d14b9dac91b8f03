"""The way of the camera from one key view to the next."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mlipviewer.gui.scene.camera import Camera
from mlipviewer.gui.scene.camera_text import camera_from
from mlipviewer.session.key_views import KeyView


class CameraPath:
    """Cameras and frames between key views, which are in the order of time. Raises ValueError for
    fewer than two, or where the text of one is no camera."""

    def __init__(self, keys: Sequence[KeyView]) -> None:
        if len(keys) < 2:
            raise ValueError("a way of the camera has at least two key views")
        self._keys = tuple(keys)
        self._cameras = tuple(camera_from(one.camera) for one in keys)
        self._times = np.array([one.seconds for one in keys])

    @property
    def seconds(self) -> float:
        return float(self._times[-1] - self._times[0])

    def n_pictures(self, fps: float) -> int:
        return round(self.seconds * fps) + 1

    def at(self, seconds: float) -> tuple[Camera, int]:
        """The camera, and the frame that shows, so many seconds after the first key view."""
        i, share = self._place(seconds)
        one, other = self._keys[i], self._keys[i + 1]
        frame = round(one.frame + share * (other.frame - one.frame))
        return between(self._cameras[i], self._cameras[i + 1], eased(one, other, share)), frame

    def _place(self, seconds: float) -> tuple[int, float]:
        """The number of the key view before a moment, and how far the next is on the way, 0..1."""
        now = self._times[0] + seconds
        i = int(np.clip(np.searchsorted(self._times, now, "right") - 1, 0, len(self._times) - 2))
        span = self._times[i + 1] - self._times[i]
        return i, float(np.clip((now - self._times[i]) / span, 0.0, 1.0)) if span > 0 else 1.0


def eased(one: KeyView, other: KeyView, share: float) -> float:
    """The share of the way at a share of the time: slow where a key view eases."""
    if one.eases and other.eases:
        return share * share * (3 - 2 * share)
    if one.eases:
        return share * share
    return 1 - (1 - share) ** 2 if other.eases else share


def between(one: Camera, other: Camera, share: float) -> Camera:
    """A camera on the way: turned by the shortest turn, heights in proportion."""
    from scipy.spatial.transform import Rotation

    turn = Rotation.from_matrix(other.rotation @ one.rotation.T).as_rotvec()
    rotation = Rotation.from_rotvec(share * turn).as_matrix() @ one.rotation
    height = float(one.height ** (1 - share) * other.height**share)
    perspective = other.perspective if share > 0.5 else one.perspective
    looking = Camera(height=height, perspective=perspective)
    looking = looking.centred((1 - share) * one.centre + share * other.centre)
    return looking.looking_from(rotation[2], rotation[1])
