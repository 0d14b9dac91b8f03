"""The plug-ins with what became of them: for `mlipviewer list --plugins` and the preferences."""

from __future__ import annotations

from collections.abc import Mapping

from mlipviewer.analysis import ANALYSES, COMPUTATIONS
from mlipviewer.campaign import FAMILIES, PROPERTIES
from mlipviewer.campaign.family import Family
from mlipviewer.campaign.property import Property
from mlipviewer.core.analysis import Analysis
from mlipviewer.core.computation import Computation
from mlipviewer.core.extension import ColourMap, Export, Reader
from mlipviewer.core.plugins import Kind, Plugin, is_off, listed

WANTED: Mapping[Kind, type] = {
    Kind.ANALYSIS: Analysis,
    Kind.COMPUTATION: Computation,
    Kind.READER: Reader,
    Kind.PROPERTY: Property,
    Kind.FAMILY: Family,
    Kind.COLOUR_MAP: ColourMap,
    Kind.EXPORT: Export,
}


def all_plugins() -> tuple[Plugin, ...]:
    """Every plug-in, loaded or with the reason why it is not; takes as long as their imports do,
    and so is no work for the window's thread."""
    for known in (ANALYSES, COMPUTATIONS, FAMILIES, PROPERTIES):
        len(known)  # a name that is taken is told of when the names are compared
    return listed(WANTED)


def said_of(one: Plugin) -> str:
    """Whether it is in use, in words."""
    if one.problem:
        return f"failed: {one.problem}"
    return "in use" if one.loaded else "not loaded yet"


def none_said() -> str:
    """Why the list is empty."""
    return "plug-ins are switched off" if is_off() else "no package offers plug-ins"
