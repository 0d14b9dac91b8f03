"""Sites and persistent hops of a trajectory, as everything that counts hops finds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.analysis.methods.neighbourhood import taking_part
from mlipviewer.analysis.methods.paths_of_atoms import (
    DRIFTS,
    FRAMEWORK,
    Paths,
    mobile_atoms,
    read_paths,
)
from mlipviewer.analysis.methods.reference_sites import LATTICES, density_sites, lattice_sites
from mlipviewer.analysis.methods.site_search import Box, SiteSearch, merged
from mlipviewer.analysis.methods.symmetric_sites import operations_of, with_equivalent
from mlipviewer.analysis.methods.visits import (
    Hops,
    Stays,
    Visits,
    core_radii,
    hops_of,
    stays_of,
    visits_of,
)
from mlipviewer.analysis.methods.voronoi_nodes import voronoi_nodes
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Params, param
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Frame

Array = NDArray[Any]

CORE_SHARE = 0.4
DENSITY, SYMMETRY, FRAME, VORONOI, LATTICE, LATTICE_HOLES = (
    "density", "symmetry", "frame", "voronoi", "lattice", "lattice and holes",
)  # fmt: skip
KINDS = (DENSITY, SYMMETRY, FRAME, VORONOI, LATTICE, LATTICE_HOLES)
RULE = (
    "a hop is a change of site with `dwell` frames on both sides; from the last frame within the"
    " core of the old site to the first within that of the new one its atom is one of a rare event"
)
PAPER = "Liu, He and Mo, npj Comput. Mater. 9, 174 (2023)"


@dataclass(frozen=True)
class HoppingParams(Params):
    mobile: str = param(
        "",
        "a condition on the first frame for the atoms that hop, e.g. element == 'Li'; empty: Li,"
        " Na, K, Ag, Mg, Cu or H where other elements are there besides, else all atoms",
    )
    sites: str = param(
        DENSITY,
        "where sites come from: maxima of the density of positions, these and all that the space"
        " group of the framework makes of them, the atoms of a frame (or of a reference), corners"
        " of the Voronoi cells of the framework, an ideal lattice",
        choices=KINDS,
    )
    dwell: int = param(
        5, "frames that an atom stays, before and after a hop", low=1, high=1_000_000,
        formula=RULE, reference=PAPER,
    )  # fmt: skip
    core: float = param(
        0.0,
        f"radius of a site's core; 0: {CORE_SHARE} of the distance to the next site",
        unit="Å",
        low=0.0,
        high=20.0,
    )
    frame: int = param(0, "the frame whose atoms are the sites, from 0", low=0, high=100_000_000)
    site_atoms: str = param(
        "", "which atoms of that frame, a condition; empty: those that hop, of a reference all"
    )
    lattice: str = param("diamond", "the ideal lattice", choices=tuple(LATTICES))
    apart: float = param(1.0, "sites nearer than this are one", unit="Å", low=0.1, high=10.0)
    least: float = param(
        0.01, "sites of the density are taken in at least this share of the frames", low=0.0,
        high=1.0,
    )  # fmt: skip
    hollow: float = param(
        1.2, "Voronoi corners are at least so far from the framework", unit="Å", low=0.0, high=10.0
    )
    tolerance: float = param(
        0.3, "the framework is symmetric to within this", unit="Å", low=1e-4, high=2.0
    )
    spacing: float = param(0.3, "grid of the density", unit="Å", low=0.05, high=2.0)
    drift: str = param(FRAMEWORK, "what the paths are relative to", choices=DRIFTS)
    every: int = param(1, "look at every so many frames", low=1, high=1_000_000)


@dataclass(frozen=True, eq=False)
class Hopping:
    """What hops are made of. `sites` (s, 3) and `scaled` (m, n, 3) are fractions of the `box`, of
    the n atoms `ids` that may hop; frames of visits and hops count those that were read."""

    paths: Paths
    box: Box
    sites: Array
    cores: Array
    ids: Array
    visits: Visits
    hops: Hops
    stays: Stays
    notes: tuple[str, ...]

    @property
    def n_frames(self) -> int:
        return len(self.paths.places)


def find_hops(inputs: Inputs, params: HoppingParams, progress: Progress) -> Hopping:
    """Raises AnalysisProblem, ReadProblem, Cancelled."""
    trajectory = inputs.the_trajectory()
    chosen = inputs.atoms if inputs.atoms is not None and len(inputs.atoms) else None
    paths = read_paths(trajectory, params.mobile, params.drift, params.every, progress, chosen)
    box = Box.of(paths.cell, paths.pbc)
    scaled = box.scaled(paths.of(paths.mobile))
    if not np.isfinite(scaled).all():
        raise AnalysisProblem(f"{trajectory.name}: some positions are not numbers")
    sites = _sites(inputs, params, paths, box, scaled, progress)
    search = SiteSearch(sites, box)
    cores = core_radii(search, params.core, CORE_SHARE)
    visits = visits_of(scaled, search, cores, params.dwell, progress)
    hops = hops_of(visits, search.sites, box)
    return Hopping(
        paths=paths,
        box=box,
        sites=search.sites,
        cores=cores,
        ids=paths.ids[paths.mobile],
        visits=visits,
        hops=hops,
        stays=stays_of(visits, hops, len(scaled)),
        notes=paths.notes,
    )


def _sites(
    inputs: Inputs,
    params: HoppingParams,
    paths: Paths,
    box: Box,
    scaled: Array,
    progress: Progress,
) -> Array:
    """(s, 3) fractions of the box."""
    if inputs.reference is not None:
        given = _of_structure(inputs.reference.frame(0), params.site_atoms, box)
        return given[merged(given, np.ones(len(given)), box, params.apart)]
    if params.sites == FRAME:
        given = _of_frame(inputs, params, paths, box)
        return given[merged(given, np.ones(len(given)), box, params.apart)]
    if params.sites == VORONOI:
        return _of_framework(params, paths, box, progress)
    if params.sites in (LATTICE, LATTICE_HOLES):
        middle = _means(scaled, progress)
        return lattice_sites(params.lattice, params.sites == LATTICE_HOLES, middle, box)
    found = density_sites(scaled, box, params.spacing, params.apart, params.least, progress)
    if params.sites == DENSITY:
        return found
    return _symmetric(found, params, paths, box, progress)


def _means(scaled: Array, progress: Progress) -> Array:
    """(n, 3) the middle places of atoms: the median, which an atom that leaves hardly moves."""
    step = max(1, len(scaled) // 200)
    progress.step(0, 1)
    return np.asarray(np.median(scaled[::step], axis=0))


def _of_structure(frame: Frame, among: str, box: Box) -> Array:
    """The atoms of another structure, in fractions of its own cell."""
    rows = taking_part(frame, among)
    if not len(rows):
        raise AnalysisProblem(f"no atom of the reference structure fulfils {among}")
    if frame.cell is None or not box.repeats.any():
        return np.asarray(box.scaled(frame.positions[rows] - frame.origin))
    sides = np.linalg.norm(frame.cell, axis=1) / np.linalg.norm(box.cell, axis=1)
    if np.abs(sides - 1).max() > 0.15:
        raise AnalysisProblem(
            "the cell of the reference structure is not that of the run: its vectors are"
            f" {sides[0]:.3g}, {sides[1]:.3g}, {sides[2]:.3g} times as long"
        )
    return np.asarray((frame.positions[rows] - frame.origin) @ np.linalg.inv(frame.cell))


def _of_frame(inputs: Inputs, params: HoppingParams, paths: Paths, box: Box) -> Array:
    """The places of atoms in one frame of the run itself, without the drift."""
    k = min(params.frame // params.every, len(paths.places) - 1)
    if not params.site_atoms.strip():
        return box.scaled(paths.places[k][paths.mobile])
    frame = inputs.the_trajectory().frame(k * params.every)
    mask = mobile_atoms(frame, params.site_atoms)[np.argsort(frame.atom_ids, kind="stable")]
    return box.scaled(paths.places[k][mask])


def _of_framework(params: HoppingParams, paths: Paths, box: Box, progress: Progress) -> Array:
    if paths.mobile.all():
        raise AnalysisProblem("all atoms hop: there is no framework with Voronoi cells")
    middle = _means(box.scaled(paths.of(~paths.mobile)), progress)
    return voronoi_nodes(middle, box, params.apart, params.hollow)[0]


def _symmetric(
    sites: Array, params: HoppingParams, paths: Paths, box: Box, progress: Progress
) -> Array:
    """The sites and their equivalents by the space group of the framework."""
    if paths.mobile.all():
        raise AnalysisProblem("all atoms hop: there is no framework with a symmetry")
    middle = _means(box.scaled(paths.of(~paths.mobile)), progress)
    kinds = np.unique(paths.symbols[~paths.mobile].astype(str), return_inverse=True)[1]
    rotations, translations, _ = operations_of(middle, kinds + 1, box, params.tolerance)
    return with_equivalent(sites, (rotations, translations), box, params.apart, progress)


def rare_atoms(found: Hopping, every: int) -> tuple[Array, Array]:
    """((k,) frames, (k,) ids) of all atoms in the middle of a hop: from the last frame in the old
    core to the first in the new, both with it."""
    hops = found.hops
    begin, end = hops.begin * every, hops.end * every
    long = end - begin + 1
    starts = np.repeat(begin - np.append(0, np.cumsum(long)[:-1]), long) if len(long) else begin
    frames = starts + np.arange(int(long.sum()))
    ids = np.repeat(found.ids[found.visits.atom[hops.after]], long)
    return frames.astype(np.int64), np.asarray(ids, np.int64)
