"""Counts as pictures: mixed colours where groups meet, so that none hides another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from mlipviewer.native.counts import mix_counts

Array = NDArray[Any]

BRIGHTEST = 0.995  # share of the filled pixels whose count is at most that of full opacity


def density_image(counts: Array, colours: Sequence[QColor], faintest: float) -> QImage:
    """The image of counts (h, w, groups), each group in its colour. The opacity grows with the
    logarithm of the total from `faintest` (of a count of 1)."""
    rgb = np.array([(c.red(), c.green(), c.blue()) for c in colours], np.uint8)
    total = counts[..., 0] if counts.shape[2] == 1 else counts.sum(axis=2, dtype=np.int32)
    pixels = mix_counts(counts, rgb, _opacity(total, faintest))
    height, width = total.shape
    return QImage(pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()


def _opacity(total: Array, faintest: float) -> NDArray[np.uint8]:
    """0..255 by count, the last entry being for all above."""
    n_with = np.bincount(total.ravel())
    n_with[0] = 0
    upto = np.cumsum(n_with)
    many = max(int(np.searchsorted(upto, BRIGHTEST * upto[-1])), 2)
    count = np.arange(1, many + 1)
    share = np.log(count) / np.log(many)
    shown = np.rint(255 * (faintest + (1 - faintest) * share))
    return np.concatenate(([0], shown)).astype(np.uint8)
