"""Campaigns: an ensemble of potentials is sampled, trained and judged, and becomes a table.

One file of `families`, one family (a constant FAMILY); one file of `properties`, one property (a
constant PROPERTY). Nothing here knows a window; packages that are heavy or under the GPL are
imported by processes of their own only.
"""

from __future__ import annotations

from collections.abc import Mapping

from mlipviewer.campaign.family import Family
from mlipviewer.campaign.property import Property
from mlipviewer.core.by_file import ByFile
from mlipviewer.core.plugins import Kind

FAMILIES: Mapping[str, Family] = ByFile(Family, f"{__name__}.families", plugged=Kind.FAMILY)
"""All families by name."""

PROPERTIES: Mapping[str, Property] = ByFile(
    Property, f"{__name__}.properties", plugged=Kind.PROPERTY
)
"""All properties by name."""
