"""How colours look to eyes that lack one kind of cone: G. Machado, M. Oliveira and L. Fernandes, A
physiologically-based model for simulation of color vision deficiency, IEEE Trans. Vis. Comput.
Graph. 15 (2009) 1291, at full severity."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

Linear = NDArray[np.float64]

VISIONS = MappingProxyType(
    {
        "protan": (
            (0.152286, 1.052583, -0.204868),
            (0.114503, 0.786281, 0.099216),
            (-0.003882, -0.048116, 1.051998),
        ),
        "deutan": (
            (0.367322, 0.860646, -0.227968),
            (0.280085, 0.672501, 0.047413),
            (-0.011820, 0.042940, 0.968881),
        ),
        "tritan": (
            (1.255528, -0.076749, -0.178779),
            (-0.078411, 0.930809, 0.147602),
            (0.004733, 0.691367, 0.303900),
        ),
    }
)
"""Matrices on linear light, by the kind of vision."""


def linear(colours: NDArray[Any]) -> Linear:
    """Linear light 0..1 of sRGB 0..255 (..., 3)."""
    share = np.asarray(colours, float) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def as_seen(colours: NDArray[Any], vision: str) -> NDArray[np.uint8]:
    """sRGB (..., 3) uint8 as it looks with `protan`, `deutan` or `tritan` vision; as it is for any
    other name."""
    if vision not in VISIONS:
        return np.asarray(colours, np.uint8)
    light = np.clip(linear(colours) @ np.array(VISIONS[vision]).T, 0, 1)
    share = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    seen: NDArray[np.uint8] = np.round(share * 255).astype(np.uint8)
    return seen


def luminance(colours: NDArray[Any]) -> Linear:
    """Relative luminance 0..1 (WCAG 2) of sRGB 0..255 (..., 3)."""
    result: Linear = linear(colours) @ np.array((0.2126, 0.7152, 0.0722))
    return result


def contrast(one: str, other: str) -> float:
    """The ratio 1..21 (WCAG 2) of two colours `#rrggbb`."""
    lights = sorted(float(luminance(np.array(list(bytes.fromhex(c[1:]))))) for c in (one, other))
    return (lights[1] + 0.05) / (lights[0] + 0.05)
