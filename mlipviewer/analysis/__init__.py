"""One file, one analysis: a module of `models` or `atoms` that holds an `ANALYSIS` is one, and has
its name (`correlation-checks` is in `correlation_checks.py`).

Modules of `frames` hold a `COMPUTATION`: what is found about one frame.
"""

from __future__ import annotations

from collections.abc import Mapping

from mlipviewer.core.analysis import Analysis
from mlipviewer.core.by_file import ByFile
from mlipviewer.core.computation import Computation
from mlipviewer.core.guarded import guarded_analysis, guarded_computation
from mlipviewer.core.plugins import Kind

ANALYSES: Mapping[str, Analysis] = ByFile(
    Analysis,
    f"{__name__}.models",
    f"{__name__}.atoms",
    plugged=Kind.ANALYSIS,
    guard=guarded_analysis,
)
"""All analyses by name, those of plug-ins last. The modules are cheap: what is heavy they
import when they run."""

COMPUTATIONS: Mapping[str, Computation] = ByFile(
    Computation, f"{__name__}.frames", plugged=Kind.COMPUTATION, guard=guarded_computation
)
"""All computations of one frame, by name."""
