"""Counts as pictures: mixed colours where groups meet, so that none hides another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

Array = NDArray[Any]

BRIGHTEST = 0.995  # share of the filled pixels whose count is at most that of full opacity


def density_image(counts: Sequence[tuple[Array, QColor]], faintest: float) -> QImage:
    """The image of counts (h, w) of each group in its colour. The opacity grows with the logarithm
    of the total from `faintest` (of a count of 1)."""
    total = counts[0][0] if len(counts) == 1 else np.add.reduce([one for one, _ in counts])
    alpha = _opacity(total, faintest)
    if len(counts) == 1:
        return _image(_packed(counts[0][1], alpha)[np.minimum(total, len(alpha) - 1)])
    rgb = np.array([(c.red(), c.green(), c.blue()) for _, c in counts], np.float32)
    each = np.stack([one.ravel() for one, _ in counts]).astype(np.float32)
    pixels = np.empty((*total.shape, 4), np.uint8)
    mixed = rgb.T @ each / np.maximum(total.ravel(), 1)
    pixels[..., :3] = mixed.T.reshape(*total.shape, 3)
    pixels[..., 3] = alpha[np.minimum(total, len(alpha) - 1)]
    return _image(pixels)


def _opacity(total: Array, faintest: float) -> NDArray[np.uint8]:
    """0..255 by count, the last entry being for all above."""
    n_with = np.bincount(total.ravel())
    n_with[0] = 0
    upto = np.cumsum(n_with)
    many = max(int(np.searchsorted(upto, BRIGHTEST * upto[-1])), 2)
    count = np.arange(1, many + 1)
    share = np.log(count) / np.log(many)
    return np.concatenate(([0], np.rint(255 * (faintest + (1 - faintest) * share)))).astype(
        np.uint8
    )


def _packed(colour: QColor, alpha: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Pixels of one colour by opacity, as the bytes red, green, blue, alpha."""
    rgba = np.empty((len(alpha), 4), np.uint8)
    rgba[:, :3] = (colour.red(), colour.green(), colour.blue())
    rgba[:, 3] = alpha
    return rgba.view(np.uint32)[:, 0]


def _image(pixels: Array) -> QImage:
    height, width = pixels.shape[:2]
    data = np.ascontiguousarray(pixels).tobytes()
    return QImage(data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()
