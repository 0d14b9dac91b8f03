"""Sites made equal by the space group of a framework."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.analysis.methods.site_search import Box, SiteSearch, merged
from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.progress import Progress

Array = NDArray[Any]

MOST_OPERATIONS = 20_000


def operations_of(
    scaled: Array, numbers: Array, box: Box, tolerance: float
) -> tuple[Array, Array, str]:
    """((k, 3, 3) rotations, (k, 3) translations in fractions of the box, the name of the group) of
    the atoms (n, 3) to within `tolerance` A. Raises AnalysisProblem."""
    import spglib
    import spglib.error

    spglib.error.OLD_ERROR_HANDLING = False  # it raises, and tells why
    if not box.repeats.all():
        raise AnalysisProblem("a space group is of a cell that is periodic in all directions")
    structure: Any = (box.cell, scaled % 1.0, numbers)
    try:
        found = spglib.get_symmetry_dataset(structure, symprec=tolerance)
    except spglib.SpglibError as problem:
        raise AnalysisProblem(f"no symmetry of the framework: {problem}") from None
    if found is None:
        raise AnalysisProblem(f"no symmetry of the framework within {tolerance:g} Å")
    return np.asarray(found.rotations), np.asarray(found.translations), str(found.international)


def with_equivalent(
    sites: Array,
    operations: tuple[Array, Array],
    box: Box,
    apart: float,
    progress: Progress,
) -> Array:
    """(s, 3) the sites with all that the operations make of them, the first ones leading: an image
    nearer than `apart` A to one that is there is it. Raises AnalysisProblem, Cancelled."""
    rotations, translations = operations
    if len(rotations) > MOST_OPERATIONS:
        raise AnalysisProblem(f"the framework has {len(rotations):,} operations of symmetry")
    kept = np.empty((0, 3))
    for done, site in enumerate(sites):
        progress.step(done, len(sites))
        if len(kept) and SiteSearch(kept, box).nearest(site[None])[1][0] < apart:
            continue
        kept = np.concatenate([kept, _orbit(site, rotations, translations, box, apart)])
    return kept[merged(kept, np.ones(len(kept)), box, apart)]


def _orbit(site: Array, rotations: Array, translations: Array, box: Box, apart: float) -> Array:
    """(m, 3) the images of a site; those near each other are one, at their mean: a site beside a
    special place lies upon it."""
    images = rotations @ site + translations
    first = images[merged(images, np.ones(len(images)), box, apart)]
    search = SiteSearch(first, box)
    own, _, cells = search.nearest(images)
    moved = images - cells - search.sites[own]
    counts = np.bincount(own, minlength=len(first))
    means = np.stack([np.bincount(own, moved[:, i], len(first)) for i in range(3)], axis=1)
    inside, _ = box.wrapped(search.sites + means / counts[:, None])
    return inside
