"""One file, one analysis: a module of `models` or `atoms` that holds an `ANALYSIS` is one, and has
its name (`correlation-checks` is in `correlation_checks.py`).

Modules of `frames` hold a `COMPUTATION`: what is found about one frame.
"""

from __future__ import annotations

from collections.abc import Mapping

from mlipviewer.core.analysis import Analysis
from mlipviewer.core.by_file import ByFile
from mlipviewer.core.computation import Computation

ANALYSES: Mapping[str, Analysis] = ByFile(Analysis, f"{__name__}.models", f"{__name__}.atoms")
"""All analyses by name. The modules are cheap: what is heavy they import when they run."""

COMPUTATIONS: Mapping[str, Computation] = ByFile(Computation, f"{__name__}.frames")
"""All computations of one frame, by name."""
