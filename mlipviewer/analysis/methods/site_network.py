"""How sites hang together: the anions that two of them share, and how far apart they are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mlipviewer.analysis.methods.possible_sites import Site
from mlipviewer.analysis.methods.windings import Shift, Windings
from mlipviewer.core.plot import Array

FACE, EDGE, CORNER = "face", "edge", "corner"
SHARING = (FACE, EDGE, CORNER)


@dataclass(frozen=True, eq=False)
class Links:
    """Every pair of sites with common anions once: `first`, `second` (m,), the cell (m, 3) of the
    second, `shared` (m,) anions, `vectors` (m, 3) and `distance` (m,) in A."""

    first: Array
    second: Array
    images: Array
    shared: Array
    vectors: Array

    @property
    def n(self) -> int:
        return len(self.first)

    @property
    def distance(self) -> Array:
        return np.asarray(np.linalg.norm(self.vectors, axis=1))

    @property
    def sharing(self) -> list[str]:
        """`corner`: one common anion, `edge`: two, `face`: three or more."""
        return [SHARING[max(3 - int(n), 0)] for n in self.shared]

    def some(self, chosen: Array) -> Links:
        """Those where `chosen` (m,) is true."""
        held = (self.first, self.second, self.images, self.shared, self.vectors)
        return Links(*(one[chosen] for one in held))


def links_of(sites: Sequence[Site], cell: Array) -> Links:
    """All pairs of sites that share anions; periodic images are told apart."""
    places = np.array([site.place for site in sites]).reshape(-1, 3)
    found = sorted(_shared(sites).items())
    first = np.array([i for (i, _, _), _ in found], int)
    second = np.array([j for (_, j, _), _ in found], int)
    images = np.array([shift for (_, _, shift), _ in found], int).reshape(-1, 3)
    shared = np.array([n for _, n in found], int)
    vectors = places[second] + images @ cell - places[first]
    return Links(first, second, images, shared, vectors)


def _shared(sites: Sequence[Site]) -> Counter[tuple[int, int, Shift]]:
    """How many anions a site in the cell shares with one in another cell."""
    at: defaultdict[int, list[tuple[int, Shift]]] = defaultdict(list)
    for i, site in enumerate(sites):
        for atom, (a, b, c) in zip(site.anions.tolist(), site.images.tolist(), strict=True):
            at[atom].append((i, (a, b, c)))
    counts: Counter[tuple[int, int, Shift]] = Counter()
    for held in at.values():
        for i, (a, b, c) in held:
            for j, (d, e, f) in held:
                shift = (a - d, b - e, c - f)
                if i < j or (i == j and shift > (0, 0, 0)):
                    counts[i, j, shift] += 1
    return counts


def around_each(links: Links, n: int) -> list[Counter[tuple[str, int, float]]]:
    """For each of n sites how often it has a neighbour: (sharing, common anions, distance in A)."""
    found: list[Counter[tuple[str, int, float]]] = [Counter() for _ in range(n)]
    rows = zip(links.first, links.second, links.sharing, links.shared, links.distance, strict=True)
    for i, j, sharing, shared, apart in rows:
        key = (sharing, int(shared), round(float(apart), 3))
        found[int(i)][key] += 1
        found[int(j)][key] += 1
    return found


def connected(links: Links, n: int) -> Windings:
    """The network of n sites that these links make."""
    network = Windings(n)
    for i, j, (a, b, c) in zip(
        links.first.tolist(), links.second.tolist(), links.images.tolist(), strict=True
    ):
        network.join(i, j, (a, b, c))
    return network
