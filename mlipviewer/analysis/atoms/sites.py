"""Sites of mobile ions in a framework, the network that they make, and whether ions can pass."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.analysis.atoms.sites_plots import (
    draw_distances,
    draw_graph,
    draw_sites,
    scenery,
)
from mlipviewer.analysis.methods.coordination_shells import shape_of, volume_of
from mlipviewer.analysis.methods.framework import Framework, framework_of
from mlipviewer.analysis.methods.possible_sites import Rules, Site, found_sites, given_sites
from mlipviewer.analysis.methods.site_network import (
    FACE,
    Links,
    around_each,
    connected,
    links_of,
)
from mlipviewer.analysis.methods.site_rules import (
    OLDER,
    STUDY,
    Verdict,
    face_dimension,
    rules_for,
    verdicts,
)
from mlipviewer.analysis.methods.voids import Voids, voids_of
from mlipviewer.core.analysis import (
    Analysis,
    AnalysisProblem,
    Inputs,
    Needs,
    Params,
    Result,
    Scalar,
    param,
)
from mlipviewer.core.plot import Array
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Frame

VORONOI, GIVEN = "voronoi", "given"
MOST_ATOMS = 20_000
TILT = (0.23, 0.13)
"""How far right and up what lies 1 A nearer is drawn in the graph, in A."""
EMPTY = 4.0
"""A; ways wider than this are no ways between ions."""
VACUUM = "the widest way goes through empty space beside the atoms"
USUAL = "0: as usual for the ion and the anions"
LINKS = ("faces", "faces and edges", "all")


@dataclass(frozen=True)
class SitesParams(Params):
    mobile: str = param("", "the mobile ions, as Na or Li,Na; else Na, Li, K or Ag, which is there")
    sites: str = param(
        VORONOI,
        "nodes of the Voronoi partition that pass the rules, or where the mobile ions are",
        choices=(VORONOI, GIVEN),
    )
    cation_distance: float = param(
        0.0,
        f"how far a site is from cations at least; {USUAL}",
        unit="Å",
        low=0.0,
        formula="Na: 2.6 (oxides, sulfides), 2.8 (chlorides); Li: 2.3 (oxides), 2.5 (others)",
        reference=f"Na: {STUDY}; Li: {OLDER}",
    )
    valence_low: float = param(
        0.0,
        f"the least bond-valence sum; {USUAL}",
        low=0.0,
        formula="Na: 0.3; Li: 0.5 (oxides), 0.4 (others); sum of exp((R - d) / 0.31 Å)",
        reference="O'Keeffe and Brese, J. Am. Chem. Soc. 113, 3226 (1991)",
    )
    valence_high: float = param(
        0.0,
        f"the largest bond-valence sum; {USUAL}",
        low=0.0,
        formula="Na: 1.5; Li: 1.2 (oxides), 1.1 (others)",
    )
    merge: float = param(0.0, "nodes nearer than this are one site; 0: 1.6", unit="Å", low=0.0)
    link_length: float = param(
        0.0,
        f"how far apart sites of the network are at most; {USUAL}",
        unit="Å",
        low=0.0,
        formula="3.1 (oxides), 3.5 (sulfides, chlorides)",
        reference=STUDY,
    )
    least_coordination: int = param(
        0,
        f"how many anions a site of the network has at least; {USUAL}",
        low=0,
        formula="Na: 5; Li: 4",
        reference=STUDY,
    )
    least_radius: float = param(
        0.0,
        f"how wide the ways of the framework are at least; {USUAL}",
        unit="Å",
        low=0.0,
        formula="Na: 0.90 (oxides), 0.85 (sulfides, chlorides); Li: 0.50",
        reference=STUDY,
    )
    frame: int = param(0, "the frame, counted from 0", low=0, names="shown")
    drawn: str = param(LINKS[1], "which links the graph and the 3D view show", choices=LINKS)


def run(inputs: Inputs, params: SitesParams, progress: Progress) -> Result:
    """Sites of the mobile ions in one structure, without these ions.

    Summary: n_sites, percolation_radius (A, of the free sphere), passes, reason, ion, anions (the
    class whose rules count), n_high (sites of high coordination), dimension (of their face-sharing
    network), mean_coordination, mean_volume, shortest_face. Tables: `sites`: site (from 1), kind,
    ion, coordination, bond_valence, distance (mean, to its anions), volume, x, y, z, faces, edges,
    corners (neighbours by sharing), dimension (of its face-sharing network), atom (id, or -1),
    anions (ids). `links`: first, second, a, b, c (cell of the second), sharing, shared, distance.
    `sharing`: kind, coordination, sharing, shared, distance, count (a site's neighbours), n_sites.
    `rules`: rule, asked, found, passes, reason. `search`: step, left. `ways`: along, radius.
    Raises AnalysisProblem, ReadProblem, Cancelled.
    """
    trajectory = inputs.the_trajectory()
    if not 0 <= params.frame < trajectory.n_frames:
        raise AnalysisProblem(f"there are {trajectory.n_frames} frames, no {params.frame + 1}")
    progress.step(0, 1)
    frame = trajectory.frame(params.frame)
    if frame.n_atoms > MOST_ATOMS:
        raise AnalysisProblem(f"sites are looked for among up to {MOST_ATOMS:,} atoms")
    framework = framework_of(frame, params.mobile)
    rules = rules_for(framework.ion, framework.kind, vars(params))
    voids = voids_of(framework.spheres)
    ways = voids.free_spheres()
    if params.sites == GIVEN:
        sites, steps = given_sites(framework, frame, progress), {"mobile ions": 0}
        steps["mobile ions"] = len(sites)
    else:
        sites, steps = found_sites(framework, _centres(framework, voids.margin), rules, progress)
    links = links_of(sites, framework.cell)
    return _result(frame, framework, rules, sites, links, ways, steps)


def _centres(framework: Framework, margin: float) -> Voids:
    """The nodes of the partition with the ions as centres, whatever their radii."""
    points = replace(framework.spheres, radii=np.zeros(len(framework.rows)))
    return voids_of(points, margin)


def _result(
    frame: Frame,
    framework: Framework,
    rules: Rules,
    sites: list[Site],
    links: Links,
    ways: Array,
    steps: dict[str, int],
) -> Result:
    coordination = np.array([site.shell.n for site in sites], int)
    radius = float(ways.max())
    told = verdicts(rules, coordination, links, radius)
    kinds = [shape_of(site.shell.vectors) for site in sites]
    volumes = np.array([volume_of(site.shell.vectors) for site in sites])
    summary: dict[str, Scalar] = {
        "n_sites": len(sites),
        "percolation_radius": round(radius, 4),
        "passes": all(one.passes for one in told),
        "reason": "; ".join(one.reason for one in told if not one.passes) or told[0].reason,
        "ion": ",".join(framework.mobile),
        "anions": framework.kind,
        "n_high": int((coordination >= rules.least_coordination).sum()),
        "dimension": face_dimension(rules, coordination, links),
        "mean_coordination": _mean(coordination),
        "mean_volume": _mean(volumes),
        "shortest_face": _shortest(links),
    }
    arrays = _arrays(frame, framework, sites, links, volumes, kinds)
    return Result(
        summary=summary,
        tables={
            "sites": _site_table(frame, sites, links, kinds, volumes),
            "links": _link_table(links),
            "sharing": _sharing_table(sites, kinds, links),
            "rules": _rule_table(rules, told),
            "search": {"step": list(steps), "left": list(steps.values())},
            "ways": {"along": ["a", "b", "c"], "radius": np.round(ways, 4).tolist()},
        },
        units={
            "percolation_radius": "Å",
            "mean_volume": "Å³",
            "volume": "Å³",
            **dict.fromkeys(("distance", "radius", "shortest_face", "x", "y", "z"), "Å"),
        },
        notes=(*framework.notes, *((VACUUM,) if radius > EMPTY else ())),
        arrays=arrays,
        names=tuple(dict.fromkeys(kinds)),
    )


def _mean(values: Array) -> float | None:
    return round(float(values.mean()), 4) if len(values) else None


def _shortest(links: Links) -> float | None:
    faces = np.array([one == FACE for one in links.sharing], bool)
    return round(float(links.distance[faces].min()), 4) if faces.any() else None


def _site_table(
    frame: Frame,
    sites: list[Site],
    links: Links,
    kinds: list[str],
    volumes: Array,
) -> dict[str, list[Any]]:
    counts = [Counter[str]() for _ in sites]
    for found, own in zip(around_each(links, len(sites)), counts, strict=True):
        for (sharing, _, _), n in found.items():
            own[sharing] += n
    faces = connected(links.some(np.array([s == FACE for s in links.sharing], bool)), len(sites))
    ids = frame.atom_ids
    places = np.array([site.place for site in sites]).reshape(-1, 3) + frame.origin
    return {
        "site": list(range(1, len(sites) + 1)),
        "kind": kinds,
        "ion": [site.ion for site in sites],
        "coordination": [site.shell.n for site in sites],
        "bond_valence": [round(site.valence, 4) for site in sites],
        "distance": [round(site.shell.distance, 4) for site in sites],
        "volume": np.round(volumes, 4).tolist(),
        **{name: np.round(places[:, i], 5).tolist() for i, name in enumerate("xyz")},
        **{f"{name}s": [own[name] for own in counts] for name in ("face", "edge", "corner")},
        "dimension": [faces.dimension(i) for i in range(len(sites))],
        "atom": [int(ids[site.row]) if site.row >= 0 else -1 for site in sites],
        "anions": [" ".join(map(str, ids[site.anions].tolist())) for site in sites],
    }


def _link_table(links: Links) -> dict[str, list[Any]]:
    return {
        "first": (links.first + 1).tolist(),
        "second": (links.second + 1).tolist(),
        **{name: links.images[:, i].tolist() for i, name in enumerate("abc")},
        "sharing": links.sharing,
        "shared": links.shared.tolist(),
        "distance": np.round(links.distance, 4).tolist(),
    }


def _sharing_table(sites: list[Site], kinds: list[str], links: Links) -> dict[str, list[Any]]:
    """What neighbours the sites of each kind have; sites with the same ones are counted."""
    lines: Counter[tuple[Any, ...]] = Counter()
    for site, kind, found in zip(sites, kinds, around_each(links, len(sites)), strict=True):
        for (sharing, shared, apart), n in found.items():
            lines[kind, site.shell.n, sharing, shared, apart, n] += 1
    order = sorted(lines.items(), key=lambda one: (one[0][0], one[0][1], -one[0][3], one[0][4:]))
    names = ("kind", "coordination", "sharing", "shared", "distance", "count")
    table: dict[str, list[Any]] = {n: [key[i] for key, _ in order] for i, n in enumerate(names)}
    return {**table, "n_sites": [n for _, n in order]}


def _rule_table(rules: Rules, told: list[Verdict]) -> dict[str, list[Any]]:
    """The verdicts, and below them the numbers that were used."""
    used = vars(rules)
    blank = [None] * len(used)
    return {
        "rule": [*(one.rule for one in told), *used],
        "asked": [*(one.asked for one in told), *used.values()],
        "found": [*(round(one.found, 4) for one in told), *blank],
        "passes": [*(one.passes for one in told), *blank],
        "reason": [*(one.reason for one in told), *([""] * len(used))],
    }


def _arrays(
    frame: Frame,
    framework: Framework,
    sites: list[Site],
    links: Links,
    volumes: Array,
    kinds: list[str],
) -> dict[str, Array]:
    """What the plots and the 3D view are made of."""
    names = list(dict.fromkeys(kinds))
    sizes = np.array([site.shell.n for site in sites], int)
    vectors = [site.shell.vectors for site in sites]
    held = [frame.atom_ids[site.anions] for site in sites]
    return {
        "frame": np.array([frame.index]),
        "place": np.array([site.place for site in sites]).reshape(-1, 3) + frame.origin,
        "kind": np.array([names.index(kind) for kind in kinds], int),
        "coordination": sizes,
        "valence": np.array([site.valence for site in sites]),
        "volume": volumes,
        "corner": np.concatenate([*vectors, np.empty((0, 3))]),
        "anion": np.concatenate([*held, np.empty(0, int)]).astype(int),
        "first": links.first,
        "second": links.second,
        "vector": links.vectors.reshape(-1, 3),
        "shared": links.shared,
        "leaves": np.asarray(links.images.any(axis=1)),  # the cell
        "axes": _axes(framework.cell),
    }


def _axes(cell: Array) -> Array:
    """(3, 2) the directions to the right and up of a plane in which the network is drawn: seen
    nearly along the shortest vector of the cell, so that few sites hide others."""
    lengths = np.linalg.norm(cell, axis=1)
    seen, up, right = np.argsort(lengths, kind="stable").tolist()
    x = cell[right] / lengths[right]
    y = np.cross(np.cross(x, cell[up]), x)
    y /= np.linalg.norm(y)
    z = np.cross(x, y)
    z *= np.sign(z @ cell[seen])
    return np.column_stack((x + TILT[0] * z, y + TILT[1] * z))


ANALYSIS = Analysis(
    name="sites",
    title="Sites of mobile ions",
    about="Where mobile ions can be in a framework, which share faces, and whether ions pass.",
    needs=(Needs.TRAJECTORY,),
    params=SitesParams,
    run=run,
    plots=MappingProxyType(
        {
            "Site network": draw_graph,
            "Site volumes": draw_sites,
            "Site distances": draw_distances,
        }
    ),
    picture=("drawn",),
    scenery=scenery,
    files=MappingProxyType(
        {
            "percolation_radius": {"direction": "higher", "category": "ways", "unit": "Å"},
            "dimension": {"direction": "higher", "category": "ways"},
            "passes": {"direction": "higher", "category": "ways"},
            "n_sites": {"direction": "higher", "category": "sites"},
            "n_high": {"direction": "higher", "category": "sites"},
            "mean_coordination": {"direction": "higher", "category": "sites"},
            "mean_volume": {"direction": "higher", "category": "sites", "unit": "Å³"},
            "shortest_face": {"direction": "lower", "category": "sites", "unit": "Å"},
        }
    ),
)
