"""Which chemical species the atoms of a frame are, and how species are grouped into families."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.elements import elements
from mlipviewer.core.trajectory import Frame

Array = NDArray[Any]

FAMILIES = (
    "two groups of elements that count as one each, as Pt Pd Au | Fe Co Ni Cu Sn; empty: by the"
    " sublattice that an element prefers"
)
SAME_KIND = (
    "groups of elements that count as one each, as Pt Pd Au | Fe Co Ni Cu Sn; empty: each element"
    " by itself"
)


def species_of(frame: Frame) -> tuple[tuple[str, ...], Array]:
    """The species in alphabetical order, and the number (n,) of each atom's among them: elements,
    and what the file calls those that are none."""
    known = elements()
    numbers = np.where((frame.numbers > 0) & (frame.numbers < len(known)), frame.numbers, 0)
    called = np.array([one.symbol for one in known])[numbers]
    unknown = numbers == 0
    if frame.species is not None and unknown.any():
        called = np.where(unknown, np.asarray(frame.species).astype(str), called)
    names, codes = np.unique(called, return_inverse=True)
    return tuple(names.tolist()), codes.astype(np.int32)


def read_families(text: str) -> tuple[tuple[str, ...], ...]:
    """`A B | C D` as groups of names; () for an empty text. Raises AnalysisProblem."""
    if not text.strip():
        return ()
    groups = tuple(tuple(part.replace(",", " ").split()) for part in text.split("|"))
    named = [name for group in groups for name in group]
    if len(groups) < 2 or not all(groups) or len(set(named)) < len(named):
        raise AnalysisProblem(
            f"families {text!r}: write groups of elements with | between, each element once"
        )
    return groups


def family_codes(names: Sequence[str], groups: Sequence[Sequence[str]]) -> Array:
    """(k,) the group of each species; those in no group have one of their own."""
    codes, extra = np.empty(len(names), np.int32), len(groups)
    for place, name in enumerate(names):
        own = next((g for g, group in enumerate(groups) if name in group), None)
        codes[place] = extra if own is None else own
        extra += own is None
    return codes
