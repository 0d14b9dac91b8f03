"""What lies under a pixel, in a rectangle or in a lasso. Pure: a camera, spheres, pixels."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlipviewer.core.rows import Mask
from mlipviewer.gui.scene.camera import Camera, Size
from mlipviewer.gui.scene.spheres import Spheres
from mlipviewer.native.pick import inside_outline, nearest_sphere, seen_spheres

REACH = 3.0
"""Pixels around a centre that count as hit however small the sphere is drawn."""


def view_numbers(camera: Camera, spheres: Spheres, size: Size) -> NDArray[np.float64]:
    """(14,) the camera as pick.c wants it, for positions counted from the spheres' offset."""
    centre = camera.centre - spheres.offset
    return np.concatenate(
        [camera.rotation.ravel(), centre, [1 / camera.distance, REACH / camera.scale(size)]]
    )


def _lengths(camera: Camera, size: Size, pixels: ArrayLike) -> NDArray[Any]:
    """Pixels of a pane (..., 2) in A at the depth of the centre, from the middle, y up."""
    offset = np.asarray(pixels, float) - np.asarray(size) / 2
    result: NDArray[Any] = offset * [1, -1] / camera.scale(size)
    return result


def pick(camera: Camera, spheres: Spheres, size: Size, pixel: tuple[float, float]) -> int | None:
    """The row of the atom that is seen at a pixel, None for the background."""
    x, y = _lengths(camera, size, pixel)
    view = view_numbers(camera, spheres, size)
    found = nearest_sphere(
        spheres.positions, spheres.codes, spheres.radii, view, (float(x), float(y))
    )
    return spheres.atom(found)


def in_lasso(
    camera: Camera, spheres: Spheres, size: Size, outline: ArrayLike, seen_only: bool = False
) -> Mask:
    """(n,) the drawn atoms whose centres lie inside an outline (k, 2) of pixels, also behind
    others, unless only those are meant that are seen at one pixel or more; an atom with several
    images where one of them does."""
    lengths = _lengths(camera, size, np.reshape(outline, (-1, 2)))
    corners = np.ascontiguousarray(lengths, np.float32)
    view = view_numbers(camera, spheres, size)
    inside = inside_outline(spheres.positions, view, corners)
    if seen_only:
        arrays = (spheres.positions, spheres.codes, spheres.radii)
        pixels = (max(round(size[0]), 1), max(round(size[1]), 1))
        inside &= seen_spheres(*arrays, view, camera.scale(size), pixels)
    return spheres.atoms(inside)
