"""Metrics that follow from one another by algebra, known by their names."""

from __future__ import annotations

import re
from collections.abc import Sequence

_MODULUS = re.compile(r"(.*?)(?:bulk_?modulus|k_?vrh|k)$", re.IGNORECASE)
_CONSTANT = re.compile(r"(.*?)c_?1([12])$", re.IGNORECASE)


def relatives(metrics: Sequence[str]) -> dict[int, tuple[int, ...]]:
    """By position: a bulk modulus is no predictor of C11 and C12 of the same cell, nor they of it.

    K = (C11 + 2 C12) / 3 in a cubic cell. `vac_bulkmodulus` goes with `vac_c11` and `vac_c12`.
    """
    constants: dict[str, list[int]] = {}
    for i, name in enumerate(metrics):
        if found := _CONSTANT.fullmatch(name):
            constants.setdefault(found[1].lower(), []).append(i)
    related: dict[int, tuple[int, ...]] = {}
    for i, name in enumerate(metrics):
        if found := _MODULUS.fullmatch(name):
            related[i] = tuple(constants.get(found[1].lower(), ()))
            for constant in related[i]:
                related[constant] = (*related.get(constant, ()), i)
    return {i: others for i, others in related.items() if others}
