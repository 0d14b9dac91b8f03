"""One file, one analysis: every module of this package that holds an `ANALYSIS` is one.

Modules of `frames` hold a `COMPUTATION`: what is found about one frame.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pkgutil import walk_packages
from types import MappingProxyType

from mlipviewer.core.analysis import Analysis
from mlipviewer.core.computation import Computation


def _found() -> tuple[dict[str, Analysis], dict[str, Computation]]:
    modules = [import_module(one.name) for one in walk_packages(__path__, f"{__name__}.")]
    analyses = (getattr(module, "ANALYSIS", None) for module in modules)
    computations = (getattr(module, "COMPUTATION", None) for module in modules)
    return (
        {one.name: one for one in analyses if isinstance(one, Analysis)},
        {one.name: one for one in computations if isinstance(one, Computation)},
    )


_analyses, _computations = _found()

ANALYSES: Mapping[str, Analysis] = MappingProxyType(dict(sorted(_analyses.items())))
"""All analyses by name. The modules are cheap: what is heavy they import when they run."""

COMPUTATIONS: Mapping[str, Computation] = MappingProxyType(dict(sorted(_computations.items())))
"""All computations of one frame, by name."""
