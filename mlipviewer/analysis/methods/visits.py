"""Visits of atoms to sites, and the persistent hops between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.analysis.methods.site_search import Box, SiteSearch
from mlipviewer.core.progress import Progress

Array = NDArray[Any]

AT_ONCE = 1_000_000
"""Places that are looked at together."""


@dataclass(frozen=True, eq=False)
class Visits:
    """v stays of atoms in the cores of sites, by atom and then by time. `atom` (v,) counts the
    atoms looked at, `site` (v,), `cells` (v, 3) which image of the site, `first` and `last` (v,)
    the frames in which the atom is first and last seen in the core."""

    atom: Array
    site: Array
    cells: Array
    first: Array
    last: Array

    def some(self, mask: Array) -> Visits:
        return Visits(*(one[mask] for one in self._parts))

    @property
    def _parts(self) -> tuple[Array, ...]:
        return self.atom, self.site, self.cells, self.first, self.last

    @classmethod
    def joined(cls, parts: list[Visits]) -> Visits:
        return cls(*(np.concatenate(of) for of in zip(*(one._parts for one in parts), strict=True)))

    def together(self) -> Visits:
        """Stays of one atom in the same image of a site that follow each other are one."""
        if not len(self.atom):
            return self
        new = np.ones(len(self.atom), bool)
        new[1:] = (np.diff(self.atom) != 0) | (np.diff(self.site) != 0)
        new[1:] |= (np.diff(self.cells, axis=0) != 0).any(axis=1)
        begins = np.flatnonzero(new)
        ends = np.append(begins[1:], len(new)) - 1
        last = self.last[ends]
        return Visits(
            self.atom[begins], self.site[begins], self.cells[begins], self.first[begins], last
        )


def core_radii(search: SiteSearch, core: float, share: float) -> Array:
    """(s,) `core` A, or where it is 0 this share of the distance to the next site; cores never
    meet."""
    spacing = search.spacing()
    return np.minimum(core if core > 0 else share * spacing, 0.499 * spacing)


def visits_of(
    scaled: Array, search: SiteSearch, cores: Array, dwell: int, progress: Progress
) -> Visits:
    """The stays of at least `dwell` frames of (m, n, 3) unwrapped fractions of the box.

    A stay lasts from the first to the last frame in the core while no other core is entered;
    shorter ones are left out, and what they parted is one again. Raises Cancelled.
    """
    m, n = scaled.shape[:2]
    batch = max(1, AT_ONCE // max(m, 1))
    parts = []
    for first in range(0, n, batch):
        progress.step(first, n)
        part = np.ascontiguousarray(scaled[:, first : first + batch].transpose(1, 0, 2))
        site, far, cells = search.nearest(part.reshape(-1, 3))
        inside = (site >= 0) & (far <= cores[site])
        atom, frame = np.divmod(np.flatnonzero(inside), m)
        seen = Visits(atom + first, site[inside], cells[inside].astype(np.int32), frame, frame)
        stays = seen.together()
        parts.append(stays.some(stays.last - stays.first + 1 >= dwell).together())
    return Visits.joined(parts)


@dataclass(frozen=True, eq=False)
class Hops:
    """h hops, by atom and then by time: `before` and `after` (h,) are the visits, `begin` the last
    frame in the old core, `end` the first one in the new; `vectors` (h, 3) between the sites in A;
    `back` (h,) whether it takes the last hop of the atom back."""

    before: Array
    after: Array
    begin: Array
    end: Array
    vectors: Array
    back: Array
    follows: Array  # (h,) whether the hop before it in this list is of the same atom

    @property
    def lengths(self) -> Array:
        return np.asarray(np.linalg.norm(self.vectors, axis=1))


def hops_of(visits: Visits, sites: Array, box: Box) -> Hops:
    """The hops between visits that follow each other; `sites` (s, 3) in fractions of the box."""
    after = np.flatnonzero(np.diff(visits.atom) == 0) + 1
    before = after - 1
    places = sites[visits.site] + visits.cells
    atom = visits.atom[after]
    follows = np.zeros(len(after), bool)
    follows[1:] = np.diff(atom) == 0
    back = np.zeros(len(after), bool)
    if len(after) > 1:
        # the visit before the last one was to the same image of the same site
        earlier = np.maximum(before - 1, 0)
        same = visits.site[after] == visits.site[earlier]
        same &= (visits.cells[after] == visits.cells[earlier]).all(axis=1)
        back = follows & same
    return Hops(
        before=before,
        after=after,
        begin=visits.last[before],
        end=visits.first[after],
        vectors=np.asarray((places[after] - places[before]) @ box.cell),
        back=back,
        follows=follows,
    )


@dataclass(frozen=True, eq=False)
class Stays:
    """v stays with their `length` (v,) in frames, between the middles of the hops that begin and
    end them; `whole` (v,) where both are seen."""

    entered: Array
    left: Array
    whole: Array
    ended: Array  # (v,) whether the atom is seen to leave

    @property
    def length(self) -> Array:
        return np.asarray(self.left - self.entered)


def stays_of(visits: Visits, hops: Hops, n_frames: int) -> Stays:
    """The time of a hop is the middle between its two frames; the run begins at frame 0."""
    n = len(visits.atom)
    entered, left = np.zeros(n), np.full(n, float(n_frames - 1))
    began, ended = np.zeros(n, bool), np.zeros(n, bool)
    middle = (hops.begin + hops.end) / 2
    entered[hops.after], began[hops.after] = middle, True
    left[hops.before], ended[hops.before] = middle, True
    return Stays(entered, left, began & ended, ended)


def survival(length: Array, ended: Array) -> tuple[Array, Array, Array]:
    """(times, share of stays that last longer, number that were seen to last so long): the estimate
    of Kaplan and Meier, which counts stays whose end is not seen for as long as they are."""
    order = np.argsort(length, kind="stable")
    times, first = np.unique(length[order], return_index=True)
    at_risk = len(length) - first
    deaths = np.add.reduceat(ended[order].astype(float), first) if len(first) else np.empty(0)
    return times, np.cumprod(1 - deaths / np.maximum(at_risk, 1)), at_risk
