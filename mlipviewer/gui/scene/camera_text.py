"""A camera as text, to be kept, sent and pasted elsewhere."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from mlipviewer.gui.scene.camera import LARGEST_HEIGHT, SMALLEST_HEIGHT, Camera

KIND = "mlipviewer camera"
LONGEST = 2000


def camera_text(camera: Camera) -> str:
    """One line of JSON: centre in A from the middle of the scene, the rows right, up and back."""
    return json.dumps(
        {
            KIND: 1,
            "centre": _rounded(camera.centre, 6),
            "rotation": _rounded(camera.rotation, 9),
            "height": camera.height,
            "perspective": camera.perspective,
        }
    )


def _rounded(values: np.ndarray, digits: int) -> list[Any]:
    """Without -0, so that the text of a camera that was read is the same."""
    found: list[Any] = (np.round(values, digits) + 0.0).tolist()
    return found


def camera_from(text: str) -> Camera:
    """The camera of such a text. Raises ValueError with what is wrong."""
    if len(text) > LONGEST:
        raise ValueError("the text is no camera: it is too long")
    try:
        found = json.loads(text)
        centre = np.array(found["centre"], float)
        rotation = np.array(found["rotation"], float)
        height, perspective = float(found["height"]), bool(found["perspective"])
    except (ValueError, TypeError, KeyError):
        raise ValueError("the text is no camera: copy one in a 3D view first") from None
    if centre.shape != (3,) or not np.isfinite(centre).all():
        raise ValueError("the camera's centre is not three numbers")
    if rotation.shape != (3, 3) or not np.allclose(rotation @ rotation.T, np.eye(3), atol=1e-5):
        raise ValueError("the camera's rotation is no rotation")
    if np.linalg.det(rotation) < 0 or not SMALLEST_HEIGHT <= height <= LARGEST_HEIGHT:
        raise ValueError("the camera's rotation is mirrored, or its height out of range")
    looking = Camera(height=height, perspective=perspective).centred(centre)
    return looking.looking_from(rotation[2], rotation[1])
