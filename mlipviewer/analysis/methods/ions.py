"""Ions: their charges in a compound, their crystal radii and bond valences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np

from mlipviewer.core.plot import Array
from mlipviewer.core.resources import resource_json

SOFTNESS = 0.31
"""A; how a bond valence falls with the distance: b of exp((R - d) / b), as pymatgen has it for the
parameters of O'Keeffe and Brese (1991), which the tables are from."""

MOST_CHOICES = 200_000

SLACK = 0.01
"""Charge per atom up to which a compound counts as neutral."""

STRONG = 2.56
"""The electronegativity from which on an element is an anion beside others: S, Cl, N, O, F ..."""


@dataclass(frozen=True)
class Ion:
    """What is tabulated of an element: electronegativity, charges with the commonest first, crystal
    radii in A by charge, and size and strength of its bonds."""

    symbol: str
    electronegativity: float
    charges: tuple[int, ...]
    radii: Mapping[int, float]
    bond: tuple[float, float] | None

    def radius(self, charge: int) -> float | None:
        """The crystal radius in A; that of the nearest tabulated charge of the same sign."""
        known = [one for one in self.radii if one * charge > 0]
        return self.radii[min(known, key=lambda one: abs(one - charge))] if known else None


@cache
def ions() -> Mapping[str, Ion]:
    """The tabulated ions by element."""
    found = resource_json("ions.json")["ions"]
    return {
        symbol: Ion(
            symbol,
            x or 1.5,
            tuple(charges),
            {int(charge): max(radius, 0.0) for charge, radius in radii.items()},
            None if bond is None else (bond[0], bond[1]),
        )
        for symbol, (x, charges, radii, bond) in found.items()
    }


@dataclass(frozen=True)
class Charges:
    """The charge of each element; whether they balance."""

    of: Mapping[str, int]
    balanced: bool


def charges_of(amounts: Mapping[str, float]) -> Charges:
    """One charge for each element, so that a compound of these amounts is neutral and what is
    negative is the more electronegative. Of several ways the one with the commonest charges; where
    there is none, the one that is nearest to neutral. Elements that are not tabulated have none.
    """
    known = [ions()[symbol] for symbol in amounts if symbol in ions()]
    total = sum(amounts.values())
    best: tuple[tuple[float, ...], tuple[int, ...]] | None = None
    if np.prod([len(one.charges) for one in known], initial=1.0) > MOST_CHOICES:
        known = [Ion(o.symbol, o.electronegativity, o.charges[:2], o.radii, o.bond) for o in known]
    for charges in product(*(one.charges for one in known)):
        net = sum(q * amounts[one.symbol] for q, one in zip(charges, known, strict=True))
        unlikely = sum(one.charges.index(q) for q, one in zip(charges, known, strict=True))
        far = abs(net) / max(total, 1e-9)
        off = round(far, 3) if far > SLACK else 0.0
        key = (float(off > 0), _disorder(known, charges), off, float(unlikely))
        if best is None or key < best[0]:
            best = (key, charges)
    if best is None:
        return Charges({}, False)
    of = {one.symbol: q for one, q in zip(known, best[1], strict=True)}
    return Charges(of, best[0][0] == 0)


def _disorder(known: Sequence[Ion], charges: Sequence[int]) -> float:
    """How much more electronegative a cation is than an anion, 1 more for each anion that is not
    one beside stronger ones (P beside O); 10 where only one sign is there."""
    plus = [one.electronegativity for one, q in zip(known, charges, strict=True) if q > 0]
    minus = [one.electronegativity for one, q in zip(known, charges, strict=True) if q < 0]
    if not plus or not minus:
        return 10.0
    weak = sum(x < STRONG for x in minus) if max(minus) >= STRONG else 0
    return max(max(plus) - min(minus), 0.0) + weak


def bond_length(one: str, other: str) -> float | None:
    """The length in A of a bond of valence 1 between two elements; None where not tabulated."""
    first, second = (ions()[name].bond if name in ions() else None for name in (one, other))
    if first is None or second is None:
        return None
    (r, c), (s, d) = first, second
    return float(r + s - r * s * (np.sqrt(c) - np.sqrt(d)) ** 2 / (c * r + d * s))


def bond_valences(distances: Array, length: float) -> Array:
    """exp((R - d) / b) of distances in A."""
    return np.asarray(np.exp((length - distances) / SOFTNESS))
