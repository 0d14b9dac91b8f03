"""Places for things with known mutual distances: stable, and spread so that labels can be read.

Pure functions of the distances: what is drawn between the things never moves them.
"""

from __future__ import annotations

import numpy as np

from mlipviewer.core.table import Floats

ITERATIONS = 200
LABEL_WIDTH, LABEL_HEIGHT = 0.26, 0.075  # room for a label where the picture is 2 x 2
PUSHES = 200


def places(distance: Floats) -> Floats:
    """(m, 2) positions within -1..1 for an (m, m) symmetric distance matrix.

    Classical scaling, improved by stress majorization (SMACOF: de Leeuw 1977), then pushed apart.
    """
    m = len(distance)
    if m < 2:
        return np.zeros((m, 2))
    stretched = 0.15 + distance / max(float(distance.max()), 1e-12)
    np.fill_diagonal(stretched, 0.0)
    return _pushed_apart(fitted(majorized(classical_places(stretched), stretched)))


def classical_places(distance: Floats) -> Floats:
    """Classical multidimensional scaling (Torgerson 1952); signs fixed by the largest entry."""
    m = len(distance)
    centre = np.eye(m) - 1.0 / m
    values, vectors = np.linalg.eigh(-0.5 * centre @ distance**2 @ centre)
    chosen = np.argsort(values)[::-1][:2]
    found = vectors[:, chosen] * np.sqrt(np.maximum(values[chosen], 1e-12))
    signs = np.sign(found[np.abs(found).argmax(axis=0), np.arange(found.shape[1])])
    found = found * np.where(signs == 0, 1.0, signs)
    return np.column_stack((found, np.zeros((m, 2 - found.shape[1]))))


def majorized(start: Floats, distance: Floats) -> Floats:
    """Guttman transforms: each lowers the sum of (distance in the plane - distance)^2."""
    m = len(start)
    places = start + 1e-6 * np.column_stack((np.cos(np.arange(m)), np.sin(np.arange(m))))
    for _ in range(ITERATIONS):
        apart = np.sqrt(((places[:, None] - places[None]) ** 2).sum(axis=2))
        ratio = -distance / np.where(apart > 1e-9, apart, np.inf)
        np.fill_diagonal(ratio, 0.0)
        np.fill_diagonal(ratio, -ratio.sum(axis=1))
        new = ratio @ places / m
        moved = np.abs(new - places).max()
        places = new
        if moved < 1e-5:
            break
    return places


def fitted(places: Floats) -> Floats:
    """Centred, each direction stretched to -1..1."""
    low, high = places.min(axis=0), places.max(axis=0)
    span = np.where(high - low > 1e-9, high - low, 1.0)
    return np.asarray(2.0 * (places - (low + high) / 2.0) / span)


def _pushed_apart(places: Floats) -> Floats:
    """Labels beside the places as boxes: overlapping ones pushed apart, the way that is shorter."""
    box = np.array((LABEL_WIDTH, LABEL_HEIGHT))
    box = box * min(1.0, np.sqrt(1.6 / (len(places) * box.prod())))  # many share the room there is
    sign = np.where(np.arange(len(places))[:, None] < np.arange(len(places))[None], -1.0, 1.0)
    for _ in range(PUSHES):
        apart = places[:, None] - places[None]
        overlap = 1.0 - np.abs(apart) / box
        touching = (overlap > 0.05).all(axis=2)
        np.fill_diagonal(touching, False)
        if not touching.any():
            break
        vertical = overlap[..., 1] * box[1] <= overlap[..., 0] * box[0]
        direction = np.where(apart == 0, sign[..., None], np.sign(apart))
        push = 0.4 * overlap * box * direction * touching[..., None]
        push[..., 0] *= ~vertical
        push[..., 1] *= vertical
        places = np.clip(places + np.clip(push.sum(axis=1), -box, box), -1.0, 1.0)
    return places
