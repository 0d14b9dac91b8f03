"""The numbers of the search for sites, by mobile ion and class of anions, and whether a framework
passes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from mlipviewer.analysis.methods.possible_sites import Rules
from mlipviewer.analysis.methods.site_network import FACE, Links, connected
from mlipviewer.core.plot import Array

STUDY = "Wang et al., Nat. Commun. 14 (2023), 10.1038/s41467-023-43436-3"
OLDER = "the authors' repository Topological_Analysis"

RULES: Mapping[tuple[str, str], Rules] = {
    ("Na", "oxide"): Rules(2.6, 0.3, 1.5, 1.6, 3.1, 5, 0.90),
    ("Na", "sulfide"): Rules(2.6, 0.3, 1.5, 1.6, 3.5, 5, 0.85),
    ("Na", "chloride"): Rules(2.8, 0.3, 1.5, 1.6, 3.5, 5, 0.85),
    # cation distances and valences of the authors' older code for Li; 4 anions and 0.5 A are a
    # choice made here: ways of Li conductors are 0.52 to 0.72 A wide (the study), and their sites
    # are tetrahedra too
    ("Li", "oxide"): Rules(2.3, 0.5, 1.2, 1.6, 3.1, 4, 0.50),
    ("Li", "sulfide"): Rules(2.5, 0.4, 1.1, 1.6, 3.5, 4, 0.50),
    ("Li", "chloride"): Rules(2.5, 0.4, 1.1, 1.6, 3.5, 4, 0.50),
}


def rules_for(ion: str, kind: str, own: Mapping[str, Any]) -> Rules:
    """The rules of a mobile ion among a class of anions, with the user's own numbers (not 0)."""
    usual = RULES[ion, kind]
    names = {field.name for field in fields(Rules)}
    changed: dict[str, Any] = {
        name: value for name, value in own.items() if name in names and value
    }
    return replace(usual, **changed)


@dataclass(frozen=True)
class Verdict:
    """One rule: what is asked, what was found, whether that is enough."""

    rule: str
    asked: float
    found: float
    passes: bool
    reason: str


def verdicts(rules: Rules, coordination: Array, links: Links, radius: float) -> list[Verdict]:
    """Both rules: a network of face-sharing sites of high coordination that goes on without end,
    and ways that are wide enough."""
    dimension = face_dimension(rules, coordination, links)
    n = int((coordination >= rules.least_coordination).sum())
    least = rules.least_coordination
    if dimension:
        said = f"face-sharing sites of {least} anions or more connect in {dimension} dimensions"
    elif n:
        said = f"the {n} sites of {least} anions or more do not connect through shared faces"
    else:
        said = f"no site has {least} anions or more"
    wide = radius > rules.least_radius
    more = "above" if wide else "not above"
    width = f"the percolation radius {radius:.2f} Å is {more} {rules.least_radius:.2f} Å"
    return [
        Verdict("face-sharing network", 1.0, float(dimension), dimension > 0, said),
        Verdict("percolation radius", rules.least_radius, radius, wide, width),
    ]


def face_dimension(rules: Rules, coordination: Array, links: Links) -> int:
    """In how many directions sites of high coordination connect by shared faces, over links that
    are not too long."""
    kept = face_links(rules, coordination, links)
    network = connected(kept, len(coordination))
    return max((network.dimension(int(i)) for i in np.unique(kept.first)), default=0)


def face_links(rules: Rules, coordination: Array, links: Links) -> Links:
    """The links that count for the network."""
    high = coordination >= rules.least_coordination
    faces = np.array([sharing == FACE for sharing in links.sharing], bool)
    short = links.distance <= rules.link_length + 1e-6
    return links.some(faces & short & high[links.first] & high[links.second])
