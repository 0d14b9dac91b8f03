"""Energies of atoms as functions of invariant features, and what a fit of them needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from mlipviewer.campaign.potentials.moments import Array, Invariants, Moments
from mlipviewer.campaign.potentials.pairs import Pairs, pairs_of


class Head(Protocol):
    """The energy of an atom by its features."""

    def energies(self, features: Array) -> tuple[Array, Array]:
        """(n,) energies in eV of features (n, k), and their slopes (n, k)."""
        ...


@dataclass(frozen=True, eq=False)
class Descriptor:
    """Features of neighbourhoods."""

    moments: Moments
    invariants: Invariants

    @property
    def cutoff(self) -> float:
        return self.moments.radial.cutoff

    @property
    def count(self) -> int:
        return self.invariants.n_features

    def of(self, atoms: Any) -> Array:
        """(n, count) features of the atoms of an ase.Atoms."""
        around = self.moments.at(pairs_of(atoms, self.cutoff))
        return self.invariants.values(around.values)


@dataclass(frozen=True, eq=False)
class FeatureEnergy:
    """A LocalEnergy: a head over a descriptor."""

    descriptor: Descriptor
    head: Head

    @property
    def cutoff(self) -> float:
        return self.descriptor.cutoff

    def energies(self, pairs: Pairs) -> tuple[Array, Array]:
        """See LocalEnergy."""
        around = self.descriptor.moments.at(pairs)
        moments = around.values
        energies, slopes = self.head.energies(self.descriptor.invariants.values(moments))
        return energies, around.pull(self.descriptor.invariants.pull(moments, slopes))


Basis = Callable[[Array], tuple[Array, Array | None]]
"""Functions of features (n, k) that a fit is linear in: (n, s) values, and (n, s, k) their slopes;
None: the features themselves."""


def rows_of(descriptor: Descriptor, atoms: Any, basis: Basis) -> tuple[Array, Array]:
    """What a linear fit sees of a frame: (s,) sums of the functions over its atoms, whose weighted
    sum is the energy, and (3 n, s) minus their derivatives by the positions: the forces."""
    pairs = pairs_of(atoms, descriptor.cutoff)
    around = descriptor.moments.at(pairs)
    moments = around.values
    values, slopes = basis(descriptor.invariants.values(moments))
    found = np.zeros((pairs.n, 3, values.shape[1]))
    changes = descriptor.invariants.jacobian(moments)
    for i in range(pairs.n):
        start, stop = pairs.starts[i], pairs.starts[i + 1]
        if start == stop:
            continue
        by_moment = changes[i] if slopes is None else slopes[i] @ changes[i]
        each = (by_moment @ around.jacobian(start, stop)).reshape(-1, stop - start, 3)
        found[i] += each.sum(axis=1).T
        np.subtract.at(found, pairs.second[start:stop], each.transpose(1, 2, 0))
    return values.sum(axis=0), found.reshape(3 * pairs.n, -1)


def pair_slopes(descriptor: Descriptor, atoms: Any) -> tuple[Pairs, Array, Array]:
    """The pairs of a frame, its features (n, k), and (p, k, 3) the change of the features of the
    first atom with the vector of each pair."""
    pairs = pairs_of(atoms, descriptor.cutoff)
    around = descriptor.moments.at(pairs)
    moments = around.values
    changes = descriptor.invariants.jacobian(moments)
    found = np.zeros((len(pairs.first), descriptor.count, 3), np.float32)
    for i, (start, stop) in enumerate(_spans(pairs)):
        each = changes[i] @ around.jacobian(start, stop)
        found[start:stop] = each.reshape(-1, stop - start, 3).transpose(1, 0, 2)
    return pairs, descriptor.invariants.values(moments), found


def _spans(pairs: Pairs) -> Iterator[tuple[int, int]]:
    return zip(pairs.starts[:-1].tolist(), pairs.starts[1:].tolist(), strict=True)
