"""Where a mobile ion could be: Voronoi nodes far enough from cations, of the right bond valence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mlipviewer.analysis.methods.coordination_shells import Shell, Surroundings
from mlipviewer.analysis.methods.framework import Framework
from mlipviewer.analysis.methods.voids import Voids
from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.periodic import nearest_images
from mlipviewer.core.plot import Array
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Frame

AROUND = 12.0
"""A; images of the framework are listed up to here around the cell."""

AS_ROOMY = 0.1
"""A; nodes that are merged count where their room is less than the largest by at most this."""

MOST_SITES = 4000


@dataclass(frozen=True)
class Rules:
    """The numbers of the pipeline, in A; see `site_rules.RULES` for where they come from."""

    cation_distance: float
    valence_low: float
    valence_high: float
    merge: float
    link_length: float
    least_coordination: int
    least_radius: float


@dataclass(frozen=True, eq=False)
class Site:
    """One place of a mobile ion: Cartesian (3,) in A, the anions around it, its bond valence, and
    the row of the atom that is there, -1 for none. `anions`: rows of the frame, `images` (k, 3)."""

    place: Array
    shell: Shell
    anions: Array
    images: Array
    valence: float
    ion: str
    row: int = -1


def surroundings_of(framework: Framework) -> tuple[Surroundings, Array, Array]:
    """The framework with its images, the atom (m,) of the framework that each point is, and its
    image (m, 3)."""
    points, of = framework.spheres.images(AROUND)
    moved = (points - framework.spheres.places[of]) @ np.linalg.inv(framework.cell)
    around = Surroundings(
        points, framework.anion[of], framework.spheres.radii[of], framework.symbols[of]
    )
    return around, of, np.rint(moved).astype(int)


def given_sites(framework: Framework, frame: Frame, progress: Progress) -> list[Site]:
    """The places of the mobile ions themselves."""
    from mlipviewer.core.elements import element

    cell = framework.cell
    places = np.array(frame.positions, float)[framework.given] - frame.origin
    parts = places @ np.linalg.inv(cell)
    places = (parts - np.floor(parts + 1e-9)) @ cell
    names = [element(int(z)).symbol for z in frame.numbers[framework.given]]
    ions = [one if one in framework.mobile else framework.mobile[0] for one in names]
    return _described(framework, places, ions, framework.given, progress)


def found_sites(
    framework: Framework, voids: Voids, rules: Rules, progress: Progress
) -> tuple[list[Site], dict[str, int]]:
    """The places that pass the rules, merged, and how many nodes were left after each step."""
    around, _, _ = surroundings_of(framework)
    ion = framework.mobile[0]
    counts = {"nodes": len(voids.places)}
    kept = _far_from_cations(around, voids.places, rules.cation_distance)
    counts["far from cations"] = len(kept)
    valences = np.array([around.valence(voids.places[k], ion) for k in kept.tolist()])
    good = (valences >= rules.valence_low) & (valences <= rules.valence_high)
    kept = kept[good]
    counts["of that bond valence"] = len(kept)
    if len(kept) > MOST_SITES:
        raise AnalysisProblem(f"{len(kept)} possible sites are more than {MOST_SITES}")
    places, room = voids.places[kept], voids.room[kept]
    while True:  # means of merged places may come close to each other in turn
        n = len(places)
        places, room = merged(framework.cell, places, room, rules.merge)
        if len(places) == n:
            break
    counts["merged"] = len(places)
    rows = np.full(len(places), -1)
    sites = _described(framework, places, [ion] * len(places), rows, progress)
    return [site for site in sites if site.shell.n], counts


def _far_from_cations(around: Surroundings, places: Array, distance: float) -> Array:
    from scipy.spatial import cKDTree

    cations = around.points[~around.anion]
    if not len(cations):
        return np.arange(len(places))
    tree = cKDTree(cations)
    apart, _ = tree.query(places)
    return np.flatnonzero(apart >= distance)


def merged(cell: Array, places: Array, room: Array, distance: float) -> tuple[Array, Array]:
    """(k, 3) one place for all nodes nearer than `distance` A to the roomiest of them: the mean of
    those that are nearly as roomy; and the room (k,) there."""
    pbc = (True, True, True)
    box = Frame(0, np.zeros((0, 3)), np.zeros(0, np.int32), cell.copy(), pbc)
    left = np.argsort(-np.round(room, 4), kind="stable")
    found, rooms = [], []
    while len(left):
        apart = nearest_images(places[left] - places[left[0]], box)
        near = np.linalg.norm(apart, axis=1) < distance
        mean = apart[near & (room[left] > room[left[0]] - AS_ROOMY)].mean(axis=0)
        found.append(places[left[0]] + mean)
        rooms.append(room[left[0]])
        left = left[~near]
    parts = np.array(found).reshape(-1, 3) @ np.linalg.inv(cell)
    parts -= np.floor(parts + 1e-6)
    order = np.lexsort(np.round(parts, 4).T)  # by their height, whatever the order of the atoms
    return parts[order] @ cell, np.array(rooms)[order]


def _described(
    framework: Framework, places: Array, ions: list[str], rows: Array, progress: Progress
) -> list[Site]:
    around, of, images = surroundings_of(framework)
    sites = []
    for i, (place, ion) in enumerate(zip(places, ions, strict=True)):
        progress.step(i, len(places))
        shell = around.shell(place, ion, framework.ion_radius)
        atoms = framework.rows[of[shell.which]]
        valence = around.valence(place, ion)
        sites.append(Site(place, shell, atoms, images[shell.which], valence, ion, int(rows[i])))
    return sites
