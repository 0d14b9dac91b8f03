"""One file, one analysis: every module of this package that holds an `ANALYSIS` is one."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pkgutil import walk_packages
from types import MappingProxyType

from mlipviewer.core.analysis import Analysis


def _found() -> Mapping[str, Analysis]:
    modules = (import_module(one.name) for one in walk_packages(__path__, f"{__name__}."))
    found = (getattr(module, "ANALYSIS", None) for module in modules)
    analyses = {one.name: one for one in found if isinstance(one, Analysis)}
    return MappingProxyType(dict(sorted(analyses.items())))


ANALYSES: Mapping[str, Analysis] = _found()
"""All analyses by name. The modules are cheap: what is heavy they import when they run."""
